using System.Text;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>What a piece of a lesson's prose is.</summary>
internal enum Part
{
    /// <summary>What the lesson says.</summary>
    Prose,

    /// <summary>A heading, the line under the title, or the way to the next lesson.</summary>
    Heading,

    /// <summary>Code, or a name of it.</summary>
    Code,

    /// <summary>A formula on a line of its own.</summary>
    Formula,

    /// <summary>An option of a question.</summary>
    Option,

    /// <summary>The box of learning goals.</summary>
    Goals,

    /// <summary>The list of further reading.</summary>
    Reading,

    /// <summary>An address, a tag.</summary>
    Markup,
}

/// <summary>A number that the prose says.</summary>
/// <param name="Position">Where it begins in the text.</param>
/// <param name="Text">As it stands there.</param>
internal sealed record SpokenNumber(int Position, string Text);

/// <summary>The prose of a lesson in one line: quotation marks of boxes and line ends are gone, so that a sentence is found wherever it is broken.</summary>
internal sealed partial class LessonText
{
    private readonly List<(int Start, string Cell)> _cells = [];
    private readonly List<Part> _parts = [];

    public LessonText(NotebookDocument document)
    {
        var text = new StringBuilder();
        var isReading = false;
        foreach (var cell in document.Cells.Where(cell => cell.Type == NotebookCellType.Markdown))
        {
            _cells.Add((text.Length, cell.Id ?? $"cell {cell.Number}"));
            Read(cell.Source, text, ref isReading);
        }
        Text = text.ToString();
        Mark(InlineCode(), Part.Code);
        Mark(Address(), Part.Markup);
        Mark(Tag(), Part.Markup);
    }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>What stands at a position.</summary>
    public Part At(int position) => _parts[position];

    /// <summary>The id of the cell that a position is in.</summary>
    public string CellAt(int position) => _cells.Last(cell => cell.Start <= position).Cell;

    /// <summary>Every place of a text.</summary>
    public IEnumerable<int> PlacesOf(string sentence)
    {
        for (var at = Text.IndexOf(sentence, StringComparison.Ordinal); at >= 0; at = Text.IndexOf(sentence, at + 1, StringComparison.Ordinal)) yield return at;
    }

    /// <summary>The sentence around a position.</summary>
    public string SentenceAt(int position)
    {
        var start = position == 0 ? 0 : Math.Max(Text.LastIndexOf(". ", position - 1, StringComparison.Ordinal) + 2, Math.Max(0, position - 120));
        var end = Text.IndexOf(". ", position, StringComparison.Ordinal);
        return Text[Math.Min(start, position)..Math.Min(end < 0 ? Text.Length : end + 1, position + 120)].Trim();
    }

    /// <summary>The numbers that the prose says and somebody has to answer for: not those of code, headings, options, displayed formulas, years, exponents, labels such as Exercise 2, nor 0 and 1, nor the level of an interval.</summary>
    public IEnumerable<SpokenNumber> Numbers()
    {
        var blanked = Free().Replace(Text, match => new string(' ', match.Length));
        var formulas = InlineFormula().Matches(Text).Select(match => (match.Index, End: match.Index + match.Length)).ToList();
        foreach (Match match in Number().Matches(blanked))
        {
            if (_parts[match.Index] != Part.Prose || match.Value is "0" or "1") continue;
            // Within a formula in a line 2 and 3 belong to it: n - 3, 2r.
            if (match.Value is "2" or "3" && formulas.Any(formula => match.Index > formula.Index && match.Index < formula.End)) continue;
            yield return new SpokenNumber(match.Index, match.Value);
        }
    }

    private void Read(string source, StringBuilder text, ref bool isReading)
    {
        var (isCode, isFormula, isGoals) = (false, false, false);
        foreach (var raw in source.Split('\n'))
        {
            var line = Quote().Replace(raw, "").Trim();
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isCode = !isCode;
                continue;
            }
            if (line.StartsWith("## ", StringComparison.Ordinal)) isReading = line is "## Further reading" or "## References";
            if (line.StartsWith("**", StringComparison.Ordinal) && raw.StartsWith('>')) isGoals = line.StartsWith("**Learning goals**", StringComparison.Ordinal);
            if (!raw.StartsWith('>')) isGoals = false;
            var opens = line.StartsWith("$$", StringComparison.Ordinal);
            var part = isCode ? Part.Code
                : isFormula || opens ? Part.Formula
                : line.StartsWith('#') || Facts().IsMatch(line) || Turn().IsMatch(line) ? Part.Heading
                : isReading ? Part.Reading
                : isGoals ? Part.Goals
                : line.StartsWith("- [ ] ", StringComparison.Ordinal) ? Part.Option : Part.Prose;
            if (!isCode && line.Length >= 2)
            {
                var closes = line.EndsWith("$$", StringComparison.Ordinal);
                if (isFormula) isFormula = !closes;
                else if (opens) isFormula = line.Length == 2 || !closes;
            }
            Append(line, part, text);
        }
    }

    private void Append(string line, Part part, StringBuilder text)
    {
        foreach (var c in line + ' ')
        {
            var letter = char.IsWhiteSpace(c) ? ' ' : c;
            if (letter == ' ' && (text.Length == 0 || text[^1] == ' ')) continue;
            text.Append(letter);
            _parts.Add(part);
        }
    }

    private void Mark(Regex what, Part part)
    {
        foreach (Match match in what.Matches(Text))
        {
            for (var i = match.Index; i < match.Index + match.Length; i++)
                if (_parts[i] == Part.Prose) _parts[i] = part;
        }
    }

    [GeneratedRegex("^[> ]*")]
    private static partial Regex Quote();

    [GeneratedRegex(@"^\*\d+ minutes · ")]
    private static partial Regex Facts();

    [GeneratedRegex(@"^(Previous|Next): \[")]
    private static partial Regex Turn();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\$\$[^$]+\$\$|\$[^$]+\$")]
    private static partial Regex InlineFormula();

    [GeneratedRegex(@"\]\([^)]*\)|https?://\S+")]
    private static partial Regex Address();

    [GeneratedRegex("</?[A-Za-z][^>]*>")]
    private static partial Regex Tag();

    // The level of an interval, exponents and indices, simple fractions, years, numbered labels, items of a list.
    [GeneratedRegex(@"\b95\\?%(?= (\w+ )?(CI|confidence|prediction|interval))|(?<=interval of )95\\?%|[\^_](\{[^}]*\}|\d)|\\t?frac\d\d|\\t?frac\{\d\}\{\d\}|(?<![\d,.$-])(18|19|20)\d\d(?!\d|,\d|%|\.\d)"
        + @"|\b([Ee]xercises?|[Ll]essons?|[Tt]ables?|[Ff]igures?|[Ee]quations?|[Pp]ages?|[Tt]est your knowledge|knowledge) \d+|(?<= )\d\. (?=[A-Z*])")]
    private static partial Regex Free();

    [GeneratedRegex(@"(?<![\w.])(\d+((,|\{,\})\d{3})*(\.\d+)?|\.\d+)(?![A-Za-z]*\d*[A-Za-z])")]
    private static partial Regex Number();
}
