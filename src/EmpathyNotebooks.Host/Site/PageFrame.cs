namespace EmpathyNotebooks.Host.Site;

/// <summary>What the shell needs to know of a page.</summary>
/// <param name="Path">Where the page lies in the site's folder, such as <c>api/index.html</c>.</param>
/// <param name="Title">The window's title, plain text.</param>
internal sealed record PageFrame(string Path, string Title)
{
    /// <summary>The classes of the element around the content.</summary>
    public string Class { get; init; } = "page";

    /// <summary>Scripts and styles of this page beside those of every page. Scripts run when the page has been read, in this order; in a single file they stand in the head and have to wait for that themselves.</summary>
    public IReadOnlyList<SiteAsset> Assets { get; init; } = [];

    /// <summary>Whether there is code that the bar's switch shows and hides.</summary>
    public bool HasCode { get; init; }

    /// <summary>The lesson this page is; null for any other page.</summary>
    public ReadPage? Lesson { get; init; }

    /// <summary>What leads from the page to the site's folder: nothing, or <c>../</c> for every folder it lies in.</summary>
    public string Root => string.Concat(Enumerable.Repeat("../", Path.Count(character => character == '/')));
}
