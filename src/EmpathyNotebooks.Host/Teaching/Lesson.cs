using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Site;

namespace EmpathyNotebooks.Host.Teaching;

/// <summary>An option of a question.</summary>
/// <param name="Letter">A to F.</param>
/// <param name="Text">Its words, as Markdown.</param>
/// <param name="Why">Why it is right or wrong, as Markdown.</param>
/// <param name="IsRight">Whether it is the answer.</param>
public sealed record LessonOption(char Letter, string Text, string Why, bool IsRight);

/// <summary>A question of a lesson: its puzzle, or one of its test.</summary>
/// <param name="Title"><c>Puzzle</c>, or <c>Test your knowledge 2</c>.</param>
/// <param name="Stem">What is asked, as Markdown.</param>
/// <param name="Options">The options in their order; exactly one is right.</param>
/// <param name="Cell">The number of the cell it stands in.</param>
public sealed record LessonQuestion(string Title, string Stem, IReadOnlyList<LessonOption> Options, int Cell)
{
    /// <summary>The right option.</summary>
    public LessonOption Right => Options.Single(option => option.IsRight);
}

/// <summary>An exercise of a lesson with its solution.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">What is asked, as Markdown.</param>
/// <param name="Solution">Code and words, as Markdown.</param>
/// <param name="Cell">The number of the cell it stands in.</param>
public sealed record LessonExercise(int Number, string Text, string Solution, int Cell)
{
    /// <summary>Whether the solution has code; an open exercise has words alone.</summary>
    public bool HasCode => Solution.Contains("```csharp", StringComparison.Ordinal);
}

/// <summary>A lesson taken apart into what a lecturer uses: puzzle, goals, questions, exercises. <c>notebooks/README.md</c> describes the form.</summary>
public sealed partial class Lesson
{
    private Lesson(SitePage page)
    {
        FileName = page.FileName;
        Document = page.Document;
        Blocks = LessonBlocks.Of(page.Document, page.FileName);
        Title = Blocks.OfType<LessonBlock.Heading>().FirstOrDefault(heading => heading.Level == 1)?.Text
            ?? throw new SiteException(FileName, null, "no Markdown cell has a heading of the first level (# Title), which names the lesson.");
        Puzzle = Questions("Puzzle").FirstOrDefault();
        Test = Questions("Test your knowledge");
        Exercises = ReadExercises();
    }

    /// <summary>The name of the notebook's file.</summary>
    public string FileName { get; }

    /// <summary>The name of the file without ending; names what is made of the lesson.</summary>
    public string Name => Path.GetFileNameWithoutExtension(FileName);

    /// <summary>The number the name begins with, as it stands there; empty when there is none.</summary>
    public string Number => string.Concat(Name.TakeWhile(char.IsAsciiDigit));

    /// <summary>The heading of the lesson, as Markdown.</summary>
    public string Title { get; }

    /// <summary>The notebook, with outputs where it ran.</summary>
    public NotebookDocument Document { get; }

    /// <summary>The question at its beginning; null where there is none.</summary>
    public LessonQuestion? Puzzle { get; }

    /// <summary>The questions of "Test your knowledge", in their order.</summary>
    public IReadOnlyList<LessonQuestion> Test { get; }

    /// <summary>The exercises, in their order.</summary>
    public IReadOnlyList<LessonExercise> Exercises { get; }

    /// <summary>All of it, in its order.</summary>
    internal IReadOnlyList<LessonBlock> Blocks { get; }

    /// <summary>Takes a notebook apart.</summary>
    /// <param name="page">The notebook; executed, where slides are to show its outputs.</param>
    /// <returns>The lesson; null where the notebook has neither a test nor exercises, and so is none.</returns>
    /// <exception cref="SiteException">It begins like a lesson, and a question or exercise is not complete.</exception>
    public static Lesson? Read(SitePage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        var isLesson = page.Document.Cells.Any(cell => cell.Type == NotebookCellType.Markdown && Marks().IsMatch(cell.Source));
        return isLesson ? new Lesson(page) : null;
    }

    private List<LessonQuestion> Questions(string kind)
    {
        var found = new List<LessonQuestion>();
        for (var i = 0; i < Blocks.Count; i++)
        {
            if (Blocks[i] is LessonBlock.Box box && (box.Title == kind || box.Title.StartsWith(kind + " ", StringComparison.Ordinal)) && OptionStart().IsMatch(box.Text))
                found.Add(Question(box, Blocks.ElementAtOrDefault(i + 1) as LessonBlock.Fold));
        }
        return found;
    }

    private LessonQuestion Question(LessonBlock.Box box, LessonBlock.Fold? fold)
    {
        SiteException Fault(string fault) => new(FileName, box.Cell, $"{box.Title}: {fault}");
        if (fold is null) throw Fault("the fold with the answer has to follow the box.");
        var starts = OptionStart().Matches(box.Text);
        var texts = starts.Select((start, i) => (Letter: start.Groups[1].Value[0],
            Text: OneLine(box.Text[(start.Index + start.Length)..(i + 1 < starts.Count ? starts[i + 1].Index : box.Text.Length)]))).ToList();
        var right = RightLetter().Match(fold.Text);
        if (!right.Success) throw Fault("the answer has to begin with the letter of the right option in bold and a full stop: **B.**");
        var whys = Why().Matches(fold.Text);
        var end = whys.Count > 0 ? whys[0].Index : fold.Text.Length;
        var last = whys.Count > 0 ? whys[^1].Index + whys[^1].Length : fold.Text.Length;
        var explanation = $"{fold.Text[right.Length..end].Trim()}\n\n{fold.Text[last..].Trim()}".Trim();
        var options = texts.Select(option => new LessonOption(option.Letter, option.Text,
            option.Letter == right.Groups[1].Value[0] ? explanation
                : whys.FirstOrDefault(why => why.Groups[1].Value[0] == option.Letter) is { } why ? OneLine(why.Groups[2].Value)
                : throw Fault($"say why {option.Letter} is wrong, in a line - *{option.Letter}*: words."),
            option.Letter == right.Groups[1].Value[0])).ToList();
        if (options.Count < 2) throw Fault("give at least two options to choose from.");
        if (options.Count(option => option.IsRight) != 1) throw Fault($"the answer {right.Groups[1].Value} is no option.");
        return new LessonQuestion(box.Title, box.Text[..starts[0].Index].Trim(), options, box.Cell);
    }

    private List<LessonExercise> ReadExercises()
    {
        var found = new List<LessonExercise>();
        for (var i = 0; i < Blocks.Count; i++)
        {
            if (Blocks[i] is not LessonBlock.Box box || ExerciseTitle().Match(box.Title) is not { Success: true } title) continue;
            if (Blocks.ElementAtOrDefault(i + 1) is not LessonBlock.Fold { Summary: "Solution" } fold)
                throw new SiteException(FileName, box.Cell, $"{box.Title}: a fold with <summary>Solution</summary> has to follow the box.");
            found.Add(new LessonExercise(int.Parse(title.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), box.Text, fold.Text, box.Cell));
        }
        return found;
    }

    private static string OneLine(string text) => Break().Replace(text.Trim(), " ");

    [GeneratedRegex(@"(?m)^> \*\*(Exercise|Test your knowledge) \d+\*\*")]
    private static partial Regex Marks();

    [GeneratedRegex(@"(?m)^- \[ \] ([A-F])\. ")]
    private static partial Regex OptionStart();

    [GeneratedRegex(@"\A\*\*([A-F])\.\*\*\s*")]
    private static partial Regex RightLetter();

    // A line of the list, and what is indented under it.
    [GeneratedRegex(@"(?m)^- \*([A-F])\*: (.*(?:\n+ +\S.*)*)")]
    private static partial Regex Why();

    [GeneratedRegex(@"\AExercise (\d+)\z")]
    private static partial Regex ExerciseTitle();

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex Break();
}
