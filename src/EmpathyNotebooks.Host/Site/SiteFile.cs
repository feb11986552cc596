namespace EmpathyNotebooks.Host.Site;

/// <summary>A file of the site, not yet written.</summary>
/// <param name="Path">Where it lies in the site's folder, with <c>/</c>.</param>
/// <param name="Write">Its text. It is asked for when the paths of all files are known, so that a page can lead to any other.</param>
internal sealed record SiteFile(string Path, Func<SiteMap, string> Write);
