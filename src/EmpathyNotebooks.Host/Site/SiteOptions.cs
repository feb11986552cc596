using EmpathyNotebooks.Host.Teaching;

namespace EmpathyNotebooks.Host.Site;

/// <summary>What a site is made of beside its notebooks.</summary>
public sealed record SiteOptions
{
    /// <summary>Whether pages share files.</summary>
    public SiteForm Form { get; init; } = SiteForm.Shared;

    /// <summary>
    /// The folder of the notebooks, in which the glossary lies and the guides in <c>teaching</c>: pictures that these show are taken from there, and links to files that are not there are faults, those of notebooks unless a cell may write the file. Null where there is no such folder; then links to files are not
    /// followed, and there are no pictures.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>The Markdown of the course's glossary, whose words are then explained where they stand; null for none.</summary>
    public string? Glossary { get; init; }

    /// <summary>The Markdown files for lecturers, by which the site has pages, slides and files for teaching; null for a site without.</summary>
    public IReadOnlyList<TeachingGuide>? Guides { get; init; }

    /// <summary>Whether the site has a page of each public type of the library, and names in lessons lead there. Not where each page is one file.</summary>
    public bool HasApi { get; init; }
}
