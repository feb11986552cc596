using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Host.Teaching;
using EmpathyNotebooks.Host.Teaching.Slides;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>What lecturers get is what the lessons say: the committed question bank, slides, student notebooks, syllabi.</summary>
public sealed partial class TeachingTests
{
    private const string Anew = "Write it anew: dotnet run --project src/EmpathyNotebooks.Cli -- run --student && cp artifacts/teaching/questions* notebooks/teaching/";

    private static readonly string Folder = Path.Combine(Course.Folder, "teaching");
    private static readonly SitePage[] Pages = [.. Course.Written.Select(name => new SitePage(name + ".ipynb", Course.Load(name)))];
    private static readonly IReadOnlyList<Lesson> All = TeachingMaterial.Lessons(Pages);

    public static TheoryData<string> Lessons => Course.Lessons;

    [Fact]
    public void The_committed_questions_are_those_of_the_lessons()
    {
        Assert.True(File.ReadAllText(Path.Combine(Folder, "questions.gift")) == QuestionBank.ToGift(All), $"notebooks/teaching/questions.gift is not what the lessons give. {Anew}");
        // The system that packed them stands in the archive; its files count.
        Assert.True(Unpacked(File.ReadAllBytes(Path.Combine(Folder, "questions-qti.zip"))).SequenceEqual(Unpacked(QuestionBank.ToQti(All))), $"notebooks/teaching/questions-qti.zip is not what the lessons give. {Anew}");
    }

    [Fact]
    public void A_strict_reader_finds_every_question_with_one_right_answer_and_a_reason_for_each()
    {
        var read = GiftReader.Read(File.ReadAllText(Path.Combine(Folder, "questions.gift")));
        Assert.Equal(75, read.Count);
        Assert.Equal(read.Count, read.Select(question => question.Title).Distinct().Count());
        foreach (var (question, given) in read.Zip(All.SelectMany(lesson => lesson.Test)))
        {
            Assert.Equal("html", question.Format);
            Assert.Equal(given.Options.Select(option => option.IsRight), question.Answers.Select(answer => answer.IsRight));
            Assert.All(question.Answers, answer => Assert.True(answer.Text.Length > 0 && answer.Feedback.Length > 8, $"{question.Title}: {answer}"));
            // Platforms shuffle options, and show one reason alone.
            Assert.All(question.Answers, answer => Assert.False(Leaning().IsMatch(answer.Feedback) || Letter().IsMatch(answer.Text + answer.Feedback), $"{question.Title}: \"{answer.Feedback}\" leans on another option."));
            // Every formula of the lesson arrives as one.
            Assert.Equal(Formula().Count(given.Stem), question.Stem.Split("\\(").Length - 1);
        }
        Assert.Equal(75, Unpacked(File.ReadAllBytes(Path.Combine(Folder, "questions-qti.zip"))).Count(file => file.Path.StartsWith("items/", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Lessons))]
    public async Task Slides_say_whole_sentences_and_show_what_the_run_drew(string name)
    {
        var run = await LessonRun.Of(name);
        var lesson = Lesson.Read(new SitePage(name + ".ipynb", run.Document))!;
        using var tex = new TeX();
        var slides = new DeckBuilder(lesson, new ProseWriter(lesson.FileName, tex), $"../{name}.html").Build();
        var faults = new List<string>();
        foreach (var slide in slides.Where(slide => slide.Kind is "section" or "picture" or "explorer" or "table" or "lines"))
        {
            var words = slide.Body.Split("<figure")[0].Split("<pre")[0].Split("<div class=\"result\"")[0].Split("<div class=\"scroll\"")[0].Split("<div class=\"simulated\"")[0];
            var text = Tag().Replace(Math().Replace(words, "M"), "").Trim();
            if (slide.Kind == "section" && text.Length < 20) faults.Add($"{name}, cell {slide.Cell}: the slide \"{slide.Name}\" says \"{text}\"; write <!-- slide: words --> behind the heading.");
            if (slide.Kind == "section" && !words.Contains("</li>", StringComparison.Ordinal) && text.Length > 0 && !Ended().IsMatch(text)) faults.Add($"{name}, cell {slide.Cell}: the slide \"{slide.Name}\" ends in \"{text[^Shorter(text)..]}\".");
        }
        Faults.None(faults);
        var charts = run.Document.Cells.SelectMany(cell => cell.Outputs).OfType<DisplayOutput>().Count(output => output.Text("text/html") is { } html && html.Contains("data-empathy-chart", StringComparison.Ordinal));
        Assert.Equal(charts, slides.Count(slide => slide.Kind == "picture"));
        Assert.Equal(5, slides.Count(slide => slide.Kind == "question answer"));
        Assert.Equal(lesson.Exercises.Count, slides.Count(slide => slide.Kind == "exercise"));
        Assert.All(new[] { "goals", "watch", "report" }, kind => Assert.Contains(slides, slide => slide.Kind == kind));
        Assert.All(slides.Where(slide => slide.Kind == "picture" && slide.Body.Contains("imulated", StringComparison.Ordinal)), slide => Assert.Contains("<strong>Simulated data", slide.Body, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Lessons))]
    public void The_student_notebook_is_the_lesson_without_solutions(string name)
    {
        var page = Pages.Single(page => page.FileName == name + ".ipynb");
        var student = StudentNotebook.Of(page);
        Assert.Empty(CanonicalForm.Check(student));
        static IEnumerable<string> Code(NotebookDocument document) => document.Cells.Where(cell => cell.Type == NotebookCellType.Code).Select(cell => cell.Source);
        Assert.Equal(Code(page.Document), Code(student).Where(code => code.Length > 0));
        var lesson = All.Single(lesson => lesson.Name == name);
        Assert.Equal(lesson.Exercises.Count(exercise => exercise.HasCode), Code(student).Count(code => code.Length == 0));
        var text = string.Join("\n", student.Cells.Select(cell => cell.Source));
        Assert.All(lesson.Exercises, exercise => Assert.DoesNotContain(exercise.Solution, text, StringComparison.Ordinal));
        Assert.All(lesson.Exercises, exercise => Assert.Contains(exercise.Text, text.Replace("\n> ", "\n", StringComparison.Ordinal).Replace("\n>\n", "\n\n", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Equal(5, text.Split("<summary>Answer</summary>").Length - 1);
    }

    [Fact]
    public async Task A_student_notebook_runs()
    {
        var run = await new NotebookRunner().RunAsync(StudentNotebook.Of(Pages.Single(page => page.FileName == "04-pooling.ipynb")), Course.Folder, interrupt: TestContext.Current.CancellationToken);
        Assert.Empty(run.Failures);
    }

    /// <summary>Links into lessons are checked when the site is made; here what is named in words.</summary>
    [Fact]
    public void The_guides_name_what_there_is()
    {
        var guides = Directory.EnumerateFiles(Folder, "*.md").Select(file => new TeachingGuide(Path.GetFileName(file), File.ReadAllText(file))).ToList();
        Assert.Contains(SiteBuilder.Render(Pages, new() { Guides = guides }), file => file.Path == "syllabus-semester.html");

        Assert.Contains($"| {All.Sum(lesson => lesson.Test.Count)} questions with answers", guides.Single(guide => guide.FileName == "README.md").Markdown, StringComparison.Ordinal);

        var minutes = Minutes().Matches(guides.Single(guide => guide.FileName == "syllabus-two-hours.md").Markdown).Select(row => (From: int.Parse(row.Groups[1].Value), To: int.Parse(row.Groups[2].Value))).ToList();
        Assert.Equal((0, 120), (minutes[0].From, minutes[^1].To));
        Assert.All(minutes.Zip(minutes.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));

        var faults = new List<string>();
        var weeks = Week().Matches(guides.Single(guide => guide.FileName == "syllabus-semester.md").Markdown);
        Assert.Equal(Enumerable.Range(1, 14).Select(week => $"{week}"), weeks.Select(week => week.Groups[1].Value));
        foreach (Match week in weeks)
        {
            var lessons = LessonLink().Matches(week.Groups[2].Value).Select(link => All.Single(lesson => lesson.Name == link.Groups[1].Value)).ToList();
            var reading = string.Concat(lessons.Select(lesson => string.Concat(lesson.Document.Cells.Select(cell => cell.Source)).Split("## Further reading")[1]));
            var (family, year) = (Source().Match(week.Groups[3].Value).Groups[1].Value, Source().Match(week.Groups[3].Value).Groups[2].Value);
            if (!Regex.IsMatch(reading, $@"(?m)^- {Regex.Escape(family)},.*\({year}\)")) faults.Add($"week {week.Groups[1].Value}: {week.Groups[3].Value.Trim()} is no further reading of {string.Join(", ", lessons.Select(lesson => lesson.Name))}.");
            foreach (Match exercise in Exercise().Matches(week.Groups[5].Value))
            {
                var of = exercise.Groups[1].Success ? lessons.Single(lesson => lesson.Number == exercise.Groups[1].Value) : lessons.Single();
                if (of.Exercises.All(one => one.Number != int.Parse(exercise.Groups[2].Value))) faults.Add($"week {week.Groups[1].Value}: {of.Name} has no exercise {exercise.Groups[2].Value}.");
            }
        }
        Faults.None(faults);
        Assert.Equal(All.Select(lesson => lesson.Name), weeks.SelectMany(week => LessonLink().Matches(week.Groups[2].Value)).Select(link => link.Groups[1].Value));
    }

    private static List<(string Path, string Content)> Unpacked(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return [.. archive.Entries.Select(entry =>
        {
            using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
            return (entry.FullName, reader.ReadToEnd());
        })];
    }

    private static int Shorter(string text) => System.Math.Min(30, text.Length);

    [GeneratedRegex(@"^(so is|so are|the same here|likewise|as before)\b|\b(see|as) above\b", RegexOptions.IgnoreCase)]
    private static partial Regex Leaning();

    [GeneratedRegex(@"\b([Oo]ption|[Aa]nswer)s? [A-F]\b|<em>[A-F]</em>")]
    private static partial Regex Letter();

    [GeneratedRegex(@"\$[^$]+\$")]
    private static partial Regex Formula();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex("<math.*?</math>", RegexOptions.Singleline)]
    private static partial Regex Math();

    [GeneratedRegex(@"[.?!:][""”)]*\z")]
    private static partial Regex Ended();

    [GeneratedRegex(@"(?m)^\| (\d+)-(\d+) \|")]
    private static partial Regex Minutes();

    [GeneratedRegex(@"(?m)^\| (\d+) \|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|$")]
    private static partial Regex Week();

    [GeneratedRegex(@"\(\.\./([\w-]+)\.ipynb\)")]
    private static partial Regex LessonLink();

    [GeneratedRegex(@"(\w+) .*?\((\d{4})\)")]
    private static partial Regex Source();

    [GeneratedRegex(@"(?:(\d\d), )?exercise (\d)")]
    private static partial Regex Exercise();
}
