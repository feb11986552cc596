using System.Globalization;
using System.Text;
using EmpathyNotebooks.Host.Site;

namespace EmpathyNotebooks.Host.Teaching.Slides;

/// <summary>Writes slides as one page: on a wide screen one at a time, by arrow keys; on a narrow one or without scripts one below the other; on paper one a page.</summary>
internal static class DeckPage
{
    private static readonly string Styles = PageShell.MathematicsStyles() + Asset.Read("Assets/slides.css");
    private static readonly string Script = Asset.Read("Assets/slides.js");

    /// <summary>The whole file.</summary>
    /// <param name="title">Plain text.</param>
    /// <param name="slides">The slides.</param>
    /// <param name="page">The address of the lesson's page.</param>
    public static string Render(string title, IReadOnlyList<Slide> slides, string page)
    {
        var body = new StringBuilder();
        var list = new StringBuilder();
        for (var i = 0; i < slides.Count; i++)
        {
            var slide = slides[i];
            var number = (i + 1).ToString(CultureInfo.InvariantCulture);
            var level = i == 0 ? "h1" : "h2";
            body.Append($"<section class=\"slide {slide.Kind}\" id=\"slide-{number}\" role=\"group\" aria-roledescription=\"slide\" aria-labelledby=\"title-{number}\"><div class=\"sheet\">\n<{level} id=\"title-{number}\">{slide.Title}</{level}>\n")
                .Append($"<div class=\"body\"><div class=\"content\">\n{slide.Body}\n</div></div>\n<p class=\"foot\"><span>{HtmlText.Escape(title)}</span><span>{number} / {slides.Count.ToString(CultureInfo.InvariantCulture)}</span></p>\n</div></section>\n");
            list.Append($"<li><a href=\"#slide-{number}\">{HtmlText.Escape(slide.Name)}</a></li>\n");
        }
        var script = $"<script>{Script}</script>";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{PageShell.Policy(script, SiteForm.SingleFile)}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{HtmlText.Escape(title)} · Slides</title>
            <link rel="icon" href="{PageShell.Icon}">
            <style>
            {Styles}</style>
            {script}
            </head>
            <body>
            <main aria-label="Slides">
            {body}</main>
            <nav class="controls" aria-label="Slides">
            <button type="button" class="back" aria-label="Previous slide" title="Previous (Left arrow)">←</button>
            <span class="place"></span><span class="said" role="status"></span>
            <button type="button" class="on" aria-label="Next slide" title="Next (Right arrow or Space)">→</button>
            <button type="button" class="list" title="All slides (O)">Overview</button>
            <button type="button" class="theme" title="Light or dark (T)">Light or dark</button>
            <a href="{HtmlText.Escape(page)}">Lesson</a>
            <a href="../teaching.html">Teaching</a>
            </nav>
            <dialog class="overview" aria-label="All slides">
            <form method="dialog"><button>Close</button></form>
            <ol>
            {list}</ol>
            </dialog>
            </body>
            </html>

            """;
    }
}
