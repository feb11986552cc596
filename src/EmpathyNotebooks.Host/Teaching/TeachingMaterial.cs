using System.Text;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Host.Teaching.Slides;
using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Host.Teaching;

/// <summary>A file for lecturers or students.</summary>
/// <param name="Path">Its path within the folder it is written to, with /.</param>
/// <param name="Content">Its bytes.</param>
public sealed record TeachingFile(string Path, ReadOnlyMemory<byte> Content)
{
    internal TeachingFile(string path, string text) : this(path, (ReadOnlyMemory<byte>)new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text)) { }
}

/// <summary>A Markdown file of the folder <c>notebooks/teaching</c>.</summary>
/// <param name="FileName">Its name, such as <c>syllabus-semester.md</c>; <c>README.md</c> becomes the page <c>teaching.html</c>.</param>
/// <param name="Markdown">Its text.</param>
public sealed record TeachingGuide(string FileName, string Markdown);

/// <summary>What a lecturer gets out of the lessons: slides, student notebooks, the key, the question bank, and the page that leads to them.</summary>
/// <remarks>All of it is made from the same notebooks as the site, so that no number stands in two places. Notebooks that are no lessons, without test and exercises, are left out. The same notebooks give the same bytes.</remarks>
public static class TeachingMaterial
{
    private const string Readme = "README.md";
    private const string Decks = "slides";
    private const string Folder = "teaching";
    private const string Listed = "What there is\n";

    /// <summary>The lessons among notebooks.</summary>
    /// <param name="pages">The notebooks in their order.</param>
    /// <exception cref="SiteException">A question or exercise is not complete.</exception>
    public static IReadOnlyList<Lesson> Lessons(IReadOnlyList<SitePage> pages)
    {
        ArgumentNullException.ThrowIfNull(pages);
        return [.. pages.Select(Lesson.Read).OfType<Lesson>()];
    }

    /// <summary>The files of the site: <c>teaching.html</c>, the guides as pages, <c>slides/</c> and <c>teaching/</c>; none where no notebook is a lesson.</summary>
    /// <param name="pages">The executed notebooks of the site in its order.</param>
    /// <param name="read">The same, read.</param>
    /// <param name="guides">Syllabi and how to teach; may be empty.</param>
    /// <param name="folder">The folder of the notebooks; null where there is none.</param>
    /// <param name="tex">Sets formulas.</param>
    /// <exception cref="SiteException">A lesson or guide holds what cannot be shown; the message says where and what would be right.</exception>
    internal static IReadOnlyList<SiteFile> Files(IReadOnlyList<SitePage> pages, IReadOnlyList<ReadPage> read, IReadOnlyList<TeachingGuide> guides, string? folder, TeX tex)
    {
        var lessons = Lessons(pages);
        if (lessons.Count == 0) return [];
        CheckNames(guides, pages);
        ReadPage[] texts = [.. guides.Where(guide => guide.FileName != Readme).OrderBy(guide => guide.FileName, StringComparer.Ordinal).Select(guide => GuidePage.Read(guide.FileName, tex, Source(guide.FileName, 1), guide.Markdown))];
        var (first, listed, rest) = HomeParts(guides.FirstOrDefault(guide => guide.FileName == Readme)?.Markdown ?? "# Teaching with the lessons\n");
        (string Text, int Line)[] parts = rest is { } more ? [first, more] : [first];
        var home = GuidePage.Read("teaching.md", tex, Source(Readme, [.. parts.Select(part => part.Line)]), [.. parts.Select(part => part.Text)]);
        ReadPage[] around = [.. read, .. texts, home];
        if (listed is { } list) GuidePage.Check(GuidePage.Read("teaching.md", tex, Source(Readme, 1, list.Line), $"# {Listed}", list.Text), around);
        var decks = lessons.Select(lesson => (Lesson: lesson, Path: $"{Decks}/{lesson.Name}.html", Slides: Deck(lesson, tex, pages))).ToList();
        var sections = TeachingPage.Sections(decks, texts, [.. read.Where(page => lessons.Any(lesson => lesson.FileName == page.FileName))]);
        var key = ExerciseKey.Read(lessons, tex);
        return [
            new(home.HtmlName, site => GuidePage.Render(home, around, site, sections)),
            .. texts.Select(text => new SiteFile(text.HtmlName, site => GuidePage.Render(text, around, site))),
            .. decks.Select(deck => new SiteFile(deck.Path, _ => DeckPage.Render(TitleOf(read, deck.Lesson), deck.Slides, $"../{deck.Lesson.Name}.html"))),
            new(key.HtmlName, site => GuidePage.Render(key, [], site)),
            .. Handouts(pages, lessons).Select(file => new SiteFile($"teaching/{file.Path}", _ => file.Content)),
        ];

        ProseSource Source(string name, params int[] lines) => new($"{Folder}/{name}", folder is null ? null : Path.Combine(folder, Folder), lines);
    }

    /// <summary>Writes files into a folder, all of them or none. Files of other names are left alone.</summary>
    /// <param name="files">The files.</param>
    /// <param name="folder">The folder; made when missing.</param>
    /// <returns>The paths within the folder.</returns>
    /// <exception cref="IOException">A file cannot be written; nothing has changed then.</exception>
    public static IReadOnlyList<string> Write(IReadOnlyList<TeachingFile> files, string folder)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (files.Count > 0) WholeFolder.Write(folder, [.. files.Select(file => (file.Path, file.Content))], replaces: true, CancellationToken.None);
        return [.. files.Select(file => file.Path)];
    }

    /// <summary>The student notebooks of all lessons.</summary>
    /// <param name="pages">The notebooks in their order; one that is no lesson goes with them as it is.</param>
    /// <param name="keepsAnswers">Whether the answers of "Test your knowledge" stay in.</param>
    /// <exception cref="SiteException">A question or exercise is not complete.</exception>
    public static IReadOnlyList<TeachingFile> ForStudents(IReadOnlyList<SitePage> pages, bool keepsAnswers = true)
    {
        ArgumentNullException.ThrowIfNull(pages);
        return [.. pages.Select(page => new TeachingFile(page.FileName, StudentNotebook.Of(page, keepsAnswers).ToJson()))];
    }

    /// <summary>What the lecturer keeps beside: the key as page and Markdown, the question bank as GIFT and QTI, the student notebooks as one file to hand out.</summary>
    /// <param name="pages">The notebooks in their order.</param>
    /// <param name="keepsAnswers">Whether the answers of "Test your knowledge" stay in the student notebooks.</param>
    /// <exception cref="SiteException">A question or exercise is not complete.</exception>
    public static IReadOnlyList<TeachingFile> ForLecturers(IReadOnlyList<SitePage> pages, bool keepsAnswers = true)
    {
        var lessons = Lessons(pages);
        return lessons.Count == 0 ? [] : [new("exercise-key.html", ExerciseKey.ToHtml(lessons)), .. Handouts(pages, lessons, keepsAnswers)];
    }

    // A page of a guide must not take the place of another page.
    private static void CheckNames(IReadOnlyList<TeachingGuide> guides, IReadOnlyList<SitePage> pages)
    {
        var taken = pages.Select(page => Path.GetFileNameWithoutExtension(page.FileName)).Concat(["index", "glossary", "teaching", "exercise-key"]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var guide in guides.Where(guide => guide.FileName != Readme))
        {
            var name = Path.GetFileNameWithoutExtension(guide.FileName);
            if (!taken.Add(name)) throw new SiteException($"{Folder}/{guide.FileName}", null, $"its page, {name}.html, would take the place of another of that name. Give the file another name.");
        }
    }

    private static IReadOnlyList<TeachingFile> Handouts(IReadOnlyList<SitePage> pages, IReadOnlyList<Lesson> lessons, bool keepsAnswers = true) =>
    [
        new("exercise-key.md", ExerciseKey.ToMarkdown(lessons)),
        new("questions.gift", QuestionBank.ToGift(lessons)),
        new("questions-qti.zip", QuestionBank.ToQti(lessons)),
        new("student-notebooks.zip", DeterministicZip.Pack(ForStudents(pages, keepsAnswers).Select(file => ($"student/{file.Path}", file.Content.ToArray())))),
    ];

    // The page lists what there is itself, with links that lead there; the README does it for those who read the repository. Where that stood, empty lines keep the others' numbers.
    private static ((string Text, int Line) First, (string Text, int Line)? Listed, (string Text, int Line)? Others) HomeParts(string readme)
    {
        var sections = HtmlText.UnixLines(readme).Split("\n## ");
        var (line, rest, listed) = (1 + Lines(sections[0]), "", ((string, int)?)null);
        var second = line + 1;
        foreach (var section in sections[1..])
        {
            line++;
            var isListed = section.StartsWith(Listed, StringComparison.Ordinal);
            if (isListed) listed = (section[Listed.Length..], line + 1);
            rest += isListed ? new string('\n', Lines(section) + 1) : $"## {section}\n";
            line += Lines(section);
        }
        return ((sections[0], 1), listed, rest.Trim('\n').Length > 0 ? (rest.TrimEnd('\n'), second) : null);

        static int Lines(string text) => text.Count(letter => letter == '\n');
    }

    private static IReadOnlyList<Slide> Deck(Lesson lesson, TeX tex, IReadOnlyList<SitePage> pages)
    {
        // Slides lie one folder deeper than the lessons that they lead to.
        LinkTarget Resolve(string url)
        {
            var parts = url.Split('#');
            return pages.Any(page => page.FileName == parts[0])
                ? new LinkTarget.Address($"../{Uri.EscapeDataString(Path.GetFileNameWithoutExtension(parts[0]))}.html{(parts.Length > 1 ? "#" + parts[1] : "")}")
                : new LinkTarget.RepositoryFile(parts[0]);
        }
        return new DeckBuilder(lesson, new ProseWriter(lesson.FileName, tex, Resolve), $"../{lesson.Name}.html").Build();
    }

    private static string TitleOf(IEnumerable<ReadPage> read, Lesson lesson) => read.First(page => page.FileName == lesson.FileName).Title.Text;
}
