using System.Text;
using EmpathyNotebooks.Host.Site.Api;

namespace EmpathyNotebooks.Host.Site;

/// <summary>A file of the site, not yet written.</summary>
/// <param name="Path">Where it lies in the site's folder, with <c>/</c>.</param>
/// <param name="Write">Its content. It is asked for when the paths of all files are known, so that a page can lead to any other.</param>
internal sealed record SiteFile(string Path, Func<SiteMap, ReadOnlyMemory<byte>> Write)
{
    /// <summary>A file of text.</summary>
    public SiteFile(string path, Func<SiteMap, string> write) : this(path, site => (ReadOnlyMemory<byte>)WrittenFile.Utf8.GetBytes(write(site))) { }

    /// <summary>Whether it shows what authors wrote, which can be at fault, and not only what is made of it.</summary>
    public bool IsProse => Path.EndsWith(".html", StringComparison.Ordinal) && !Path.StartsWith(ApiLinks.Folder, StringComparison.Ordinal);
}

/// <summary>A file of the site as it is written.</summary>
/// <param name="Path">Where it lies in the site's folder, with <c>/</c>.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record WrittenFile(string Path, ReadOnlyMemory<byte> Content)
{
    public static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public WrittenFile(string path, string text) : this(path, Utf8.GetBytes(text)) { }

    /// <summary>The content of a file of text.</summary>
    public string Text => Utf8.GetString(Content.Span);
}
