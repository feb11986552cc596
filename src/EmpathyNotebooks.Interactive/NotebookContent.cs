using System.Text.RegularExpressions;

namespace EmpathyNotebooks;

/// <summary>
/// Text that a notebook shows in its own way: end a cell with it, or give it to <c>display</c>. Our kernel knows the names as they are; .NET Interactive's
/// after <c>using static EmpathyNotebooks.NotebookContent;</c> and <see cref="Notebook.Start"/>.
/// </summary>
public static class NotebookContent
{
    /// <summary>Markdown, shown as headings, lists, tables and formulas.</summary>
    /// <param name="text">The Markdown.</param>
    /// <example><code>
    /// Markdown($"The pooled correlation is **{fit}**.")
    /// </code></example>
    public static MarkdownContent Markdown(string text) => new(text);

    /// <summary>A formula in LaTeX, set on a line of its own.</summary>
    /// <param name="code">The formula, with or without the signs that begin and end it.</param>
    /// <example><code>
    /// LaTeX(@"z = \tfrac{1}{2} \ln \frac{1 + r}{1 - r}")
    /// </code></example>
    public static LatexContent LaTeX(string code) => new(code);

    /// <summary>A drawing.</summary>
    /// <param name="markup">The SVG, beginning with its element.</param>
    /// <example><code>
    /// SVG("&lt;svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'>&lt;circle cx='10' cy='10' r='8'/>&lt;/svg>")
    /// </code></example>
    public static SvgContent SVG(string markup) => new(markup);
}

/// <summary>Markdown to be shown; see <see cref="NotebookContent.Markdown"/>.</summary>
public sealed class MarkdownContent
{
    internal MarkdownContent(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
    }

    /// <summary>The Markdown.</summary>
    public string Text { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A formula to be shown; see <see cref="NotebookContent.LaTeX"/>.</summary>
public sealed partial class LatexContent
{
    internal LatexContent(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        Code = code;
    }

    /// <summary>The formula as it was given.</summary>
    public string Code { get; }

    /// <summary>The formula with the signs that Jupyter and VS Code want around it.</summary>
    internal string Delimited => Delimiters().IsMatch(Code) ? Code : $"$${Code}$$";

    /// <inheritdoc/>
    public override string ToString() => Code;

    [GeneratedRegex(@"\$|\\\(|\\\[|^\s*\\begin\{(equation|align|gather|multline|eqnarray)")]
    private static partial Regex Delimiters();
}

/// <summary>A drawing to be shown; see <see cref="NotebookContent.SVG"/>.</summary>
public sealed partial class SvgContent
{
    internal SvgContent(string markup)
    {
        ArgumentNullException.ThrowIfNull(markup);
        if (!Element().IsMatch(markup))
        {
            throw new ArgumentException("The markup of a drawing holds an svg element, as in <svg xmlns=\"http://www.w3.org/2000/svg\" ...>...</svg>.", nameof(markup));
        }
        Markup = markup;
    }

    /// <summary>The SVG.</summary>
    public string Markup { get; }

    /// <summary>The drawing's title, if it has one.</summary>
    public override string ToString() => Title().Match(Markup) is { Success: true } title ? $"Drawing: {System.Net.WebUtility.HtmlDecode(title.Groups[1].Value.Trim())}" : "Drawing";

    [GeneratedRegex(@"<svg[\s>/]")]
    private static partial Regex Element();

    [GeneratedRegex(@"<title[^>]*>([^<]*)</title>")]
    private static partial Regex Title();
}
