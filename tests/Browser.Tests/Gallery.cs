using System.Net;
using System.Text;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(EmpathyNotebooks.Browser.Tests.Gallery))]

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>
/// The folder of pictures of every plot and explorer, artifacts/gallery, with an index page: to be looked at. Pictures of pages take longer than what is
/// tested of the pages, so that they are taken where <c>EMPATHY_GALLERY</c> is set alone: <c>EMPATHY_GALLERY=true Browser.Tests -trait Makes=pictures</c> makes them all.
/// </summary>
public sealed class Gallery : IDisposable
{
    private static readonly string Folder = Directory.CreateDirectory(Repository.PathTo("artifacts", "gallery")).FullName;

    /// <summary>The file of a printed plot of <paramref name="k"/> studies.</summary>
    public static string PathTo(string name, int k) => PathTo(name, FormattableString.Invariant($"{k}.png"));

    /// <summary>The file of a picture of a page.</summary>
    public static string PathTo(string name, int width, ColorScheme scheme) =>
        PathTo(name, FormattableString.Invariant($"{width}-{(scheme == ColorScheme.Dark ? "dark" : "light")}.png"));

    /// <summary>What tests are marked with that take pictures: <c>-trait Makes=pictures</c> runs them alone.</summary>
    public const string Makes = nameof(Makes), Pictures = "pictures";

    /// <summary>Whether pictures of pages are wanted.</summary>
    public static bool IsWanted { get; } = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("EMPATHY_GALLERY"));

    /// <summary>Takes a picture of the whole page, where pictures are wanted.</summary>
    public static async Task TakeAsync(IPage page, string file)
    {
        if (IsWanted) await page.ScreenshotAsync(new() { Path = file, FullPage = true });
    }

    /// <summary>Takes a picture of a part of the page, where pictures are wanted.</summary>
    public static async Task TakeAsync(ILocator part, string file)
    {
        if (IsWanted) await part.ScreenshotAsync(new() { Path = file });
    }

    /// <summary>Writes the page of a plot, and opens it.</summary>
    public static async Task<OpenPage> OpenAsync(string name, string html, int width, ColorScheme scheme)
    {
        var file = PathTo(name, "page.html");
        await File.WriteAllTextAsync(file, html);
        return await SharedBrowser.OpenAsync(file, width, scheme);
    }

    /// <summary>Writes the index of what is in the folder.</summary>
    public void Dispose()
    {
        var html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Gallery of plots</title><style>");
        html.Append("body{font-family:sans-serif;margin:1rem}figure{display:inline-block;vertical-align:top;margin:0 1rem 1rem 0}img{max-height:320px;max-width:420px;border:1px solid #ccc}</style></head><body>\n<h1>Every plot at 5, 16, 82 and 160 studies, and every explorer</h1>\n");
        var files = Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)!).Where(file => file != "index.html").Order(StringComparer.Ordinal);
        foreach (var plot in files.GroupBy(file => file.Split('.')[0]))
        {
            html.Append($"<h2>{WebUtility.HtmlEncode(plot.Key.Replace('-', ' '))}</h2>\n");
            foreach (var file in plot)
            {
                var address = Uri.EscapeDataString(file);
                html.Append(file.EndsWith(".html", StringComparison.Ordinal)
                    ? $"<p><a href=\"{address}\">interactive</a></p>\n"
                    : $"<figure><a href=\"{address}\"><img src=\"{address}\" alt=\"\" loading=\"lazy\"></a><figcaption>{WebUtility.HtmlEncode(file[(plot.Key.Length + 1)..^4])}</figcaption></figure>\n");
            }
        }
        File.WriteAllText(Path.Combine(Folder, "index.html"), html.Append("</body></html>\n").ToString());
    }

    private static string PathTo(string name, string ending) =>
        Path.Combine(Folder, $"{name.Replace(' ', '-').Replace("'", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal)}.{ending}");
}
