using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace EmpathyNotebooks.Host.Site;

/// <summary>A notebook whose Markdown cells have been read: all the other pages need to know of it.</summary>
internal sealed partial class ReadPage
{
    private readonly Dictionary<int, ProseCell> _prose = [];

    /// <exception cref="SiteException">A Markdown cell cannot be shown, or there is no heading to name the page.</exception>
    public ReadPage(SitePage page, int position, TeX tex, bool standsAlone = false, ProseSource? source = null)
    {
        FileName = page.FileName;
        Name = source?.Name ?? FileName;
        Document = page.Document;
        Program = page.Program is null ? null : HtmlText.UnixLines(page.Program);
        IsAboutCode = ReadIsAboutCode();
        HtmlName = Path.GetFileNameWithoutExtension(FileName) + ".html";
        var digits = string.Concat(FileName.TakeWhile(char.IsAsciiDigit));
        Number = digits.Length > 0 ? int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) : position;
        Reader = new MarkdownReader(Name, tex, source);
        foreach (var cell in Document.Cells.Where(cell => cell.Type == NotebookCellType.Markdown))
            _prose.Add(cell.Number, Reader.Read(cell.Number, cell.Source, cell.Attachments));
        Facts = _prose.Values.SelectMany(cell => cell.Document).OfType<ParagraphBlock>().Select(LessonFacts.Read).FirstOrDefault(facts => facts is not null);
        MarkTurn();
        Title = Reader.Headings.FirstOrDefault(heading => heading.Level == 1 && !string.IsNullOrWhiteSpace(heading.Text))
            ?? (standsAlone ? new Heading(1, "", Path.GetFileNameWithoutExtension(FileName), "") : null)
            ?? throw new SiteException(Name, null,
                source is not null ? "it has no heading of the first level (# Title), which names the page." : "no Markdown cell has a heading of the first level (# Title), which names the page.");
    }

    /// <summary>The notebook's file name.</summary>
    public string FileName { get; }

    /// <summary>Its name in messages: of a Markdown file, with its folder.</summary>
    public string Name { get; }

    /// <summary>Whether a link to a path leads to it.</summary>
    public bool IsNamed(string path) => path.Split('/')[^1] is var name && (FileName == name || (Name != FileName && name == Name.Split('/')[^1] && path.TrimStart('.', '/') == name && !path.StartsWith("..", StringComparison.Ordinal)));

    /// <summary>The page's file name.</summary>
    public string HtmlName { get; }

    /// <summary>The number its name begins with, or its position in the site.</summary>
    public int Number { get; }

    /// <summary>What the line under the title says; null when there is none.</summary>
    public LessonFacts? Facts { get; }

    public NotebookDocument Document { get; }

    /// <summary>The notebook as a program of C#; null where there is none.</summary>
    public string? Program { get; }

    /// <summary>Whether code is what the notebook teaches, so that a page never folds it: by its metadata <c>"empathy": { "code": "shown" }</c>.</summary>
    public bool IsAboutCode { get; }

    public MarkdownReader Reader { get; }

    public Heading Title { get; }

    /// <summary>The Markdown cell of this number.</summary>
    public ProseCell Prose(int cell) => _prose[cell];

    /// <summary>The first paragraph after the title, with its cell; null when there is none.</summary>
    public (int Cell, ParagraphBlock Block)? Summary()
    {
        foreach (var cell in _prose.Values)
            foreach (var block in cell.Document)
                if (block is ParagraphBlock paragraph && LessonFacts.Read(paragraph) is null) return (cell.Number, paragraph);
        return null;
    }

    private bool ReadIsAboutCode() => Document.Metadata["empathy"]?["code"]?.ToJsonString() switch
    {
        null => false,
        "\"shown\"" => true,
        var other => throw new SiteException(FileName, null, $"its metadata empathy.code is {other}; it can be \"shown\", or be left out."),
    };

    /// <summary>How many words a text has.</summary>
    public static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>How many words there are to be read up to the exercises, without what is folded away.</summary>
    public int WordsOfText() => Document.Cells.Where(cell => cell.Type == NotebookCellType.Markdown)
        .TakeWhile(cell => !_prose[cell.Number].Document.OfType<HeadingBlock>().Any(heading => heading.Inline is { } title && MarkdownReader.Plain(title) == "Exercises"))
        .Sum(cell => Words(Fold().Replace(cell.Source, "")));

    // "Previous: ... Next: ..." at the end is for those who read the notebook itself; a page of a site has its own way to turn.
    private void MarkTurn()
    {
        if (_prose.Values.LastOrDefault()?.Document.LastChild is ParagraphBlock { Inline: { } last } paragraph
            && MarkdownReader.Plain(last) is var text && (text.StartsWith("Previous: ", StringComparison.Ordinal) || text.StartsWith("Next: ", StringComparison.Ordinal)))
            paragraph.GetAttributes().AddClass("turn-words");
    }

    /// <summary>The box of learning goals, with its cell; null when there is none.</summary>
    public (int Cell, QuoteBlock Block)? Goals()
    {
        foreach (var cell in _prose.Values)
            foreach (var quote in cell.Document.OfType<QuoteBlock>())
                if (Box.Of(quote) is (_, "goals")) return (cell.Number, quote);
        return null;
    }

    [GeneratedRegex("<details>.*?</details>", RegexOptions.Singleline)]
    private static partial Regex Fold();
}
