using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>What a lesson has to have, as <c>notebooks/README.md</c> says; each fault names lesson, cell and sentence.</summary>
internal sealed partial class LessonForm
{
    private const int Lines = 10;

    private static readonly CSharpParseOptions Script = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    private readonly string _lesson;
    private readonly IReadOnlyList<NotebookCell> _cells;
    private readonly List<string> _faults = [];

    private LessonForm(string lesson) => (_lesson, _cells) = (lesson, Course.Load(lesson).Cells);

    /// <summary>All faults of a lesson.</summary>
    public static IReadOnlyList<string> Faults(string lesson)
    {
        var form = new LessonForm(lesson);
        form.CheckBeginning();
        form.CheckCode();
        form.CheckBoxes();
        form.CheckQuestions();
        form.CheckExercises();
        form.CheckEnd();
        return form._faults;
    }

    private string All => string.Join("\n\n", _cells.Where(cell => cell.Type == NotebookCellType.Markdown).Select(cell => cell.Source));

    private void Require(bool holds, NotebookCell? cell, string fault)
    {
        if (!holds) _faults.Add($"{_lesson}{(cell is null ? "" : $", {cell.Id}")}: {fault}");
    }

    private void CheckBeginning()
    {
        var first = _cells[0];
        var lines = first.Source.Split('\n');
        Require(lines[0].StartsWith("# ", StringComparison.Ordinal), first, "the first line has to be the title: # Title.");
        var facts = Facts().Match(lines.ElementAtOrDefault(2) ?? "");
        Require(facts.Success, first, "the third line has to say minutes, level and what is needed before: *30 minutes · core · before this: [Effect sizes](02-effect-sizes.ipynb)*, with first steps, core or advanced; or *... · nothing needed before*.");
        if (facts.Success) Require(int.Parse(facts.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) is >= 10 and <= 45, first, $"{facts.Groups[1].Value} minutes: a lesson takes 10 to 45.");
        var goals = All.IndexOf("> **Learning goals**", StringComparison.Ordinal);
        Require(goals >= 0 && GoalItem().Count(All[goals..].Split("\n\n")[0]) >= 3, first, "> **Learning goals** with at least three items is missing.");
        if (_lesson == Course.Names[^1]) return;
        var puzzle = All.IndexOf("> **Puzzle**", StringComparison.Ordinal);
        Require(puzzle >= 0 && puzzle < goals, first, "> **Puzzle** has to come before the learning goals.");
        Require(_cells.TakeWhile(cell => cell.Type == NotebookCellType.Markdown).Any(cell => cell.Source.Contains("> **Puzzle**", StringComparison.Ordinal)), first, "the puzzle has to come before any code.");
    }

    private void CheckCode()
    {
        for (var i = 0; i < _cells.Count; i++)
        {
            var cell = _cells[i];
            if (cell.Type == NotebookCellType.Markdown)
            {
                foreach (var solution in cell.Source.Split("```csharp\n").Skip(1).Select(part => part.Split("\n```")[0])) CheckCode(cell, solution, "the solution");
                continue;
            }
            CheckCode(cell, cell.Source, "the cell");
            if (cell.Source.StartsWith("#r ", StringComparison.Ordinal)) continue;
            Require(_cells.ElementAtOrDefault(i + 1)?.Type == NotebookCellType.Markdown, cell, $"no words follow the output of \"{cell.Source.Split('\n')[^1]}\"; say what it shows.");
            Require(_cells[i - 1].Type == NotebookCellType.Markdown, cell, $"no words come before \"{cell.Source.Split('\n')[0]}\".");
        }
    }

    private void CheckCode(NotebookCell cell, string code, string what)
    {
        var lines = code.Split('\n');
        Require(lines.All(line => line.Length <= 110), cell, $"a line of {what} is longer than 110 characters: \"{lines.MaxBy(line => line.Length)}\".");
        var root = CSharpSyntaxTree.ParseText(code, Script).GetRoot();
        // The lines of a table that is typed into the cell are data.
        var data = root.DescendantTokens().Where(token => token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken)).Sum(token => token.Text.Count(c => c == '\n') - 1);
        Require(lines.Length - data <= Lines, cell, $"{what} has {lines.Length - data} lines; at most {Lines}. Take what is ceremony into the library.");
        Require(!root.DescendantNodes().Any(node => node is LocalFunctionStatementSyntax or MethodDeclarationSyntax), cell, $"{what} declares a function. Take it into the library, or write a loop.");
        if (Course.Number(_lesson) < 3) Require(!root.DescendantNodes().Any(node => node is LambdaExpressionSyntax), cell, $"{what} has a lambda (=>), which lesson 03 explains.");
        if (Course.Number(_lesson) < 3) Require(!Chain().IsMatch(code), cell, $"{what} has a chain of LINQ, which lesson 03 explains.");
    }

    private void CheckBoxes()
    {
        foreach (var box in new[] { "Watch out", "Report it" }) Require(All.Contains($"> **{box}**", StringComparison.Ordinal), null, $"> **{box}** is missing.");
    }

    private void CheckQuestions()
    {
        foreach (var cell in _cells.Where(cell => cell.Type == NotebookCellType.Markdown))
        {
            foreach (Match start in Question().Matches(cell.Source))
            {
                var title = start.Groups[1].Value;
                var rest = cell.Source[start.Index..];
                var letters = Option().Matches(rest[..(rest.IndexOf("\n\n", StringComparison.Ordinal) is var end && end < 0 ? rest.Length : end)]).Select(option => option.Groups[1].Value[0]).ToList();
                Require(letters.Count is >= 2 and <= 6 && letters.SequenceEqual("ABCDEF".Take(letters.Count)), cell, $"{title}: offer two to six options, each > - [ ] A. words.");
                var answer = Answer().Match(rest);
                Require(answer.Success, cell, $"{title}: an empty line, then <details>, <summary>{(title == "Puzzle" ? "Reveal" : "Answer")}</summary>, an empty line, and the right option's letter in bold, **B.**, have to follow the box.");
                if (!answer.Success) continue;
                Require(answer.Groups[1].Value == (title == "Puzzle" ? "Reveal" : "Answer"), cell, $"{title}: the fold of a puzzle is called Reveal, that of a question Answer.");
                Require(letters.Contains(answer.Groups[2].Value[0]), cell, $"{title}: the answer {answer.Groups[2].Value} is no option.");
                var fold = rest[answer.Index..rest.IndexOf("</details>", answer.Index, StringComparison.Ordinal)];
                foreach (var wrong in letters.Where(letter => letter != answer.Groups[2].Value[0]))
                    Require(fold.Contains($"\n- *{wrong}*: ", StringComparison.Ordinal), cell, $"{title}: say why {wrong} is wrong, in a line - *{wrong}*: words.");
            }
        }
        var titles = Question().Matches(All).Select(match => match.Groups[1].Value).Where(title => title != "Puzzle").ToList();
        Require(titles.SequenceEqual(Enumerable.Range(1, 5).Select(i => $"Test your knowledge {i}")), null, "there have to be five questions, > **Test your knowledge 1** to 5.");
    }

    private void CheckExercises()
    {
        var exercises = Exercise().Matches(All);
        Require(exercises.Count is >= 3 and <= 5 && exercises.Select(match => match.Groups[1].Value).SequenceEqual(Enumerable.Range(1, exercises.Count).Select(i => $"{i}")), null, "there have to be three to five exercises, > **Exercise 1** and so on.");
        Require(All.Split("<summary>Solution</summary>").Length - 1 == exercises.Count, null, "each exercise has one fold with <summary>Solution</summary>.");
    }

    private void CheckEnd()
    {
        var reading = All.Split("\n## Further reading\n");
        Require(reading.Length == 2, null, "## Further reading is missing.");
        if (reading.Length == 2)
        {
            var items = reading[1].Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal)).ToList();
            Require(items.Count >= 2, null, "## Further reading has to name at least two sources.");
            foreach (var item in items) Require(item.Contains("(https://doi.org/", StringComparison.Ordinal) || item.EndsWith("(no DOI)", StringComparison.Ordinal), null, $"\"{item}\" has no DOI: [doi:10...](https://doi.org/10...), or (no DOI) at its end.");
        }
        var number = Course.Number(_lesson);
        var wanted = string.Join(" · ", new[]
        {
            number > 0 ? ("Previous", Course.Names[number - 1]) : default, number < Course.Names.Length - 1 ? ("Next", Course.Names[number + 1]) : default,
        }.Where(way => way != default).Select(way => $"{way.Item1}: [{TitleOf(way.Item2)}]({way.Item2}.ipynb)"));
        var last = _cells[^1].Source.Split('\n')[^1];
        Require(last == wanted, _cells[^1], $"the last line has to be \"{wanted}\".");
    }

    // The name that others call a lesson by; the title on its page may say more after a colon.
    private static string TitleOf(string lesson) => Course.Titles[Course.Number(lesson)];

    [GeneratedRegex(@"^\*(\d+) minutes · (first steps|core|advanced) · (before this: \[.+|nothing needed before)\*$")]
    private static partial Regex Facts();

    [GeneratedRegex(@"(?m)^> - ")]
    private static partial Regex GoalItem();

    [GeneratedRegex(@"\.(Select|Where|OrderBy|GroupBy|Zip|Aggregate|ToDictionary|SelectMany)\(")]
    private static partial Regex Chain();

    [GeneratedRegex(@"(?m)^> \*\*(Puzzle|Test your knowledge \d+)\*\*$")]
    private static partial Regex Question();

    [GeneratedRegex(@"(?m)^> - \[ \] ([A-F])\. \S")]
    private static partial Regex Option();

    [GeneratedRegex(@"\A(?:>.*\n)+\n<details>\n<summary>(\w+)</summary>\n\n\*\*([A-F])[.*]")]
    private static partial Regex Answer();

    [GeneratedRegex(@"(?m)^> \*\*Exercise (\d+)\*\*")]
    private static partial Regex Exercise();
}
