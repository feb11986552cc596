using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>Each lesson has the form that <c>notebooks/README.md</c> describes, and uses no word of the trade before it is explained.</summary>
public sealed partial class FormTests
{
    private static readonly (string Home, Regex Term, string Name)[] Jargon = [.. File.ReadAllLines(Repository.PathTo("tests", "Notebooks.Tests", "Jargon.txt"))
        .Where(line => line.Length > 0 && !line.StartsWith('#')).Select(line => (line[..2], new Regex($@"(?<![\w-])({line[3..].Trim()})(?![\w-])", RegexOptions.IgnoreCase), line[3..].Trim()))];

    public static TheoryData<string> Lessons => Course.Lessons;

    [Theory]
    [MemberData(nameof(Lessons))]
    public void Has_the_form_of_a_lesson(string lesson) => Faults.None(LessonForm.Faults(lesson));

    /// <summary>A term belongs to the lesson that explains it: in that lesson, and in any before it, it stands in bold where it is used first.</summary>
    [Theory]
    [MemberData(nameof(Lessons))]
    public void Explains_the_words_of_the_trade_before_it_uses_them(string lesson)
    {
        var text = new LessonText(Course.Load(lesson));
        var faults = new List<string>();
        foreach (var (home, term, name) in Jargon.Where(one => string.CompareOrdinal(lesson[..2], one.Home) <= 0))
        {
            var first = term.Matches(text.Text).FirstOrDefault(match => text.At(match.Index) == Part.Prose);
            if (first is null)
            {
                if (home == lesson[..2]) faults.Add($"{lesson}: explains \"{name}\" nowhere, which Jargon.txt expects here.");
            }
            else if (!Bold().Matches(text.Text).Any(bold => bold.Index <= first.Index && first.Index < bold.Index + bold.Length))
            {
                faults.Add($"{lesson}, {text.CellAt(first.Index)}: uses \"{first.Value}\" before explaining it, in \"{text.SentenceAt(first.Index)}\". Say in words what it is and set it in bold there, where lesson {home} does not come first.");
            }
        }
        Faults.None(faults);
    }

    [Theory]
    [MemberData(nameof(Lessons))]
    public async Task No_cell_reads_the_value_of_what_may_be_missing(string lesson)
    {
        var run = await LessonRun.Of(lesson);
        var faults = new List<string>();
        foreach (var cell in run.Document.Cells.Where(cell => cell.Type == NotebookCellType.Code && !cell.Source.StartsWith("#r ", StringComparison.Ordinal)))
            faults.AddRange(run.NullableValues(cell.Source).Select(place => $"{lesson}, {cell.Id}: {place}"));
        faults.AddRange(LessonRun.Solutions(run.Document).SelectMany(run.NullableValues).Select(place => $"{lesson}, a solution: {place}"));
        Faults.None(faults);
    }

    /// <summary>Two functions or variables of one name would change what the claims are compared with.</summary>
    [Theory]
    [MemberData(nameof(Lessons))]
    public void Solutions_take_no_name_of_the_lesson(string lesson)
    {
        var document = Course.Load(lesson);
        var names = document.Cells.Where(cell => cell.Type == NotebookCellType.Code).SelectMany(cell => Declared().Matches(cell.Source)).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        Faults.None(LessonRun.Solutions(document).SelectMany(code => Declared().Matches(code)).Select(match => match.Groups[1].Value).Where(names.Contains)
            .Select(name => $"{lesson}: a solution declares {name}, which the lesson has; take another name."));
    }

    [GeneratedRegex(@"\*\*[^*]+\*\*")]
    private static partial Regex Bold();

    [GeneratedRegex(@"(?m)^(?:var|double|int|string|bool) (\w+) =")]
    private static partial Regex Declared();
}
