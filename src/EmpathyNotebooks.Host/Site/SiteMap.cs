using EmpathyNotebooks.Host.Site.Api;

namespace EmpathyNotebooks.Host.Site;

/// <summary>What a page knows of the site around it.</summary>
/// <param name="lessons">The notebooks in their order, read.</param>
/// <param name="form">How the files hang together.</param>
/// <param name="paths">The paths of the site's files, without assets; none where a page stands alone.</param>
internal sealed class SiteMap(IReadOnlyList<ReadPage> lessons, SiteForm form, IReadOnlyCollection<string> paths)
{
    private readonly Dictionary<string, SiteAsset> _assets = new(StringComparer.Ordinal);

    /// <summary>The page that every bar leads home to.</summary>
    public const string Home = "index.html";

    /// <summary>The notebooks in their order.</summary>
    public IReadOnlyList<ReadPage> Lessons => lessons;

    /// <summary>How the files hang together.</summary>
    public SiteForm Form => form;

    /// <summary>Where the links of the notebooks lead.</summary>
    public SiteLinks Links { get; } = new(lessons);

    /// <summary>The words that are explained where they stand; null for none.</summary>
    public Glossary? Glossary { get; init; }

    /// <summary>Where names of the library lead, seen from the site's folder; null where the site has no pages of the API.</summary>
    public ApiLinks? Api { get; init; }

    /// <summary>The index of the search; null where there is none.</summary>
    public SiteAsset? Search { get; init; }

    /// <summary>Whether the site has a file at this path: a page links only to what is there.</summary>
    public bool Has(string path) => paths.Contains(path);

    /// <summary>The lessons before and after one; none for what is no lesson of the site.</summary>
    public (ReadPage? Previous, ReadPage? Next) Around(ReadPage? lesson)
    {
        for (var i = 0; i < lessons.Count; i++)
            if (lessons[i] == lesson) return (lessons.ElementAtOrDefault(i - 1), lessons.ElementAtOrDefault(i + 1));
        return (null, null);
    }

    /// <summary>What the pages written so far share, in the order of their paths.</summary>
    public IEnumerable<SiteAsset> Assets => _assets.Values.OrderBy(asset => asset.Path, StringComparer.Ordinal);

    /// <summary>Has the asset written with the site.</summary>
    public void Use(SiteAsset asset) => _assets.TryAdd(asset.Path, asset);
}
