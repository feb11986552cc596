using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace EmpathyNotebooks.Host.Site.Api;

/// <summary>A page of the API: its file within the site, its title and its content.</summary>
internal sealed record ApiPage(string Name, string Title, string Content);

/// <summary>All pages of the API.</summary>
internal static class ApiPages
{
    /// <summary>The file of the list of types.</summary>
    public const string Index = ApiLinks.Folder + "index.html";

    private static readonly SiteAsset Styles = new("api", "css", Asset.Read("Api/api.css"));

    // A process that builds several sites writes the pages once: they are the same in all of them.
    private static readonly ConditionalWeakTable<ApiLibrary, Task<Dictionary<string, ApiPage>>> Written = [];

    /// <summary>The files of the pages. Their content is made meanwhile, on other processors than that of the caller.</summary>
    public static IReadOnlyList<SiteFile> Files(ApiLibrary library)
    {
        var pages = Written.GetValue(library, known => Task.Run(() => Render(known).ToDictionary(page => page.Name, StringComparer.Ordinal)));
        return [.. library.Types.Select(type => ApiLinks.Folder + type.FileName).Prepend(Index).Select(path => new SiteFile(path, site =>
        {
            var page = pages.GetAwaiter().GetResult()[path];
            var frame = new PageFrame(path, path == Index ? $"API \u00b7 {PageShell.SiteName}" : $"{page.Title} \u00b7 API \u00b7 {PageShell.SiteName}") { Assets = path == Index ? [Styles, Filter.Script] : [Styles] };
            return PageShell.Wrap(frame, site, page.Content);
        }))];
    }

    /// <summary>The list of types, then a page for each. They are written on all processors: formulas take most of the time.</summary>
    /// <exception cref="SiteException">Documentation holds what a page cannot show.</exception>
    public static IReadOnlyList<ApiPage> Render(ApiLibrary library)
    {
        var links = new ApiLinks(library, folder: "");
        using var writers = new ThreadLocal<Writer>(() => new Writer(library, links), trackAllValues: true);
        try
        {
            ApiPage[] types = [.. library.Types.AsParallel().AsOrdered().Select(type => writers.Value!.Of(type))];
            return [writers.Value!.List(), .. types];
        }
        catch (AggregateException faults) when (faults.InnerExceptions.OfType<SiteException>().MinBy(fault => fault.Message, StringComparer.Ordinal) is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
            throw;
        }
        finally
        {
            foreach (var writer in writers.Values) writer.Dispose();
        }
    }

    // One processor's.
    private sealed class Writer : IDisposable
    {
        private readonly ApiLibrary _library;
        private readonly ApiLinks _links;
        private readonly TeX _tex = new();
        private readonly DocumentationHtml _text;
        private readonly ApiTypePage _types;

        public Writer(ApiLibrary library, ApiLinks links)
        {
            (_library, _links) = (library, links);
            _text = new DocumentationHtml(links, _tex);
            _types = new ApiTypePage(library, links, _text);
        }

        public ApiPage List() => new(Index, "API", ApiIndexPage.Render(_library, _links, _text));

        public ApiPage Of(ApiType type) => new(ApiLinks.Folder + type.FileName, type.Name, _types.Render(type));

        public void Dispose() => _tex.Dispose();
    }
}
