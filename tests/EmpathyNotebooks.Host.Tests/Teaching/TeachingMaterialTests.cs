using System.Text;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Host.Teaching;
using EmpathyNotebooks.Host.Teaching.Slides;
using static EmpathyNotebooks.Host.Tests.Teaching.SampleLesson;

namespace EmpathyNotebooks.Host.Tests.Teaching;

/// <summary>What the site has for lecturers: files that lead to each other, load nothing, and are the same twice.</summary>
public sealed partial class TeachingMaterialTests : IDisposable
{
    private static readonly TeachingGuide[] Guides =
    [
        new("README.md", "# How to teach\n\nSome words.\n\n## What there is\n\n- a list for the repository\n\n## In class\n\nSee [the plan](plan.md) and [the lesson](../07-sums.ipynb#one-section).\n"),
        new("plan.md", "# A plan\n\n| minutes | what |\n|---|---|\n| 0-5 | [Sums](../07-sums.ipynb) |\n"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-teaching-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IReadOnlyList<WrittenFile> Made(IReadOnlyList<SitePage> pages, IReadOnlyList<TeachingGuide> guides)
    {
        var without = SiteBuilder.Render(pages).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return [.. SiteBuilder.Render(pages, new() { Guides = guides }).Where(file => !without.Contains(file.Path))];
    }

    private static string Text(IReadOnlyList<WrittenFile> files, string path) => files.Single(file => file.Path == path).Text;

    [Fact]
    public void The_site_gets_its_files()
    {
        var files = Made([Page()], Guides);
        Assert.Equal(["teaching.html", "plan.html", "slides/07-sums.html", "exercise-key.html", "teaching/exercise-key.md", "teaching/questions.gift", "teaching/questions-qti.zip", "teaching/student-notebooks.zip"], files.Select(file => file.Path));
        var again = Made([Page()], Guides);
        Assert.All(files.Zip(again), pair => Assert.Equal(pair.First.Content.ToArray(), pair.Second.Content.ToArray()));
        var home = Text(files, "teaching.html");
        Assert.DoesNotContain("a list for the repository", home, StringComparison.Ordinal);
        Assert.Contains("href=\"07-sums.html#one-section\"", home, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_lesson_there_is_nothing() =>
        Assert.Empty(Made([new SitePage("01-notes.ipynb", NotebookDocument.Create([(NotebookCellType.Markdown, "# Notes")]))], Guides));

    [Fact]
    public void Every_link_leads_to_a_file_and_nothing_is_loaded_from_outside()
    {
        SitePage[] pages = [Page()];
        var files = Made(pages, Guides);
        var there = files.Select(file => file.Path).Concat(SiteBuilder.Render(pages).Select(file => file.Path)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in files.Where(file => file.Path.EndsWith(".html", StringComparison.Ordinal)))
        {
            var html = file.Text;
            foreach (Match link in Link().Matches(html))
            {
                var address = link.Groups[1].Value.Split('#')[0];
                if (address.Length == 0 || address.StartsWith("https://", StringComparison.Ordinal) || address.StartsWith("data:", StringComparison.Ordinal)) continue;
                var path = file.Path.StartsWith("slides/", StringComparison.Ordinal) ? Path.GetRelativePath(".", Path.Combine("slides", address)).Replace('\\', '/') : address;
                Assert.True(there.Contains(path), $"{file.Path} leads to {address}");
            }
            Assert.DoesNotMatch("<(script|img|link rel=\"stylesheet\")[^>]* (src|href)=\"(?!data:|assets/)", html);
        }
    }

    [Fact]
    public void A_guide_that_leads_nowhere_is_named()
    {
        var error = Assert.Throws<SiteException>(() => Made([Page()], [new("plan.md", "# A plan\n\n[lost](../07-sums.ipynb#nowhere)")]));
        Assert.Contains("teaching/plan.md, line 3: the link to \"../07-sums.ipynb#nowhere\" leads nowhere: 07-sums.ipynb has no heading \"nowhere\".", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan.md", "# A plan\n\n| a | b |\n|---|---|\n| x | ![b](no.png) |", 5, "there is no picture \"no.png\", seen from the folder of teaching/plan.md.")]
    [InlineData("plan.md", "# A plan\n\n- one\n- two\n  and [lost](no.md)", 5, "the link to \"no.md\" leads nowhere: there is no file \"no.md\", seen from the folder of teaching/plan.md.")]
    [InlineData("plan.md", "# A plan\n\n[lost](#there)", 3, "the link to \"#there\" leads nowhere: teaching/plan.md has no heading \"there\". It has: a-plan.")]
    [InlineData("plan.md", "# A plan\n\n[home](README.md#there)", 3, "the link to \"README.md#there\" leads nowhere: teaching/README.md has no heading \"there\". It has: how-to-teach")]
    [InlineData("plan.md", "# A plan\n\n<p>\n<a href=\"javascript:go()\">x</a>\n</p>", 3, "<a href=\"javascript:go()\"> is code in an attribute, which the page does not allow.")]
    [InlineData("plan.md", "# A plan\n\n<details>\n<summary>x</summary>\n\nText", 3, "<details> has no </details> in this text.")]
    [InlineData("README.md", "# How\n\n## What there is\n\n- [a list](no.gift)\n\n## In class\n\nText", 5, "the link to \"no.gift\" leads nowhere")]
    [InlineData("README.md", "# How\n\n## One\n\nText\n\n## What there is\n\n- [a list](there.gift)\n\n## In class\n\n[lost](no.md)", 13, "the link to \"no.md\" leads nowhere")]
    [InlineData("README.md", "# How\n\n## One\n\n[lost](no.md)", 5, "the link to \"no.md\" leads nowhere")]
    [InlineData("README.md", "# How\n\n[lost](no.md)\n\n## One", 3, "the link to \"no.md\" leads nowhere")]
    public void A_fault_of_a_guide_is_named_with_its_line(string name, string markdown, int line, string fault)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "teaching"));
        File.WriteAllText(Path.Combine(_folder, "teaching", "there.gift"), "");
        TeachingGuide[] guides = name == "README.md" ? [new(name, markdown)] : [Guides[0], new(name, markdown)];
        File.WriteAllText(Path.Combine(_folder, "07-sums.ipynb"), "");
        var error = Assert.Throws<SiteException>(() => SiteBuilder.Check([Page()], new() { Guides = guides, Folder = _folder }));
        Assert.StartsWith($"teaching/{name}, line {line}: {fault}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guide_shows_the_pictures_beside_it_and_leads_to_the_first_page()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "teaching"));
        File.WriteAllText(Path.Combine(_folder, "teaching", "a.svg"), "<svg/>");
        var page = Text([.. SiteBuilder.Render([Page()], new() { Guides = [Guides[0], new("plan.md", "# A plan\n\n![a](a.svg) [home](README.md#in-class)")], Folder = _folder })], "plan.html");
        Assert.Contains("<img src=\"data:image/svg+xml;base64,PHN2Zy8+\" alt=\"a\" /> <a href=\"teaching.html#in-class\">home</a>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("07-sums.md")]
    [InlineData("Teaching.md")]
    [InlineData("index.md")]
    public void A_guide_does_not_take_the_place_of_another_page(string name)
    {
        var error = Assert.Throws<SiteException>(() => Made([Page()], [new(name, "# A plan")]));
        Assert.StartsWith($"teaching/{name}: its page, {name[..^3]}.html, would take the place of another", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Slides_stand_in_the_order_of_a_session_with_the_answer_behind_its_question()
    {
        var run = Page().Document.Clone();
        run.Cells[3].SetOutputs([new StreamOutput("stdout", "a\nb\n")]);
        using var tex = new TeX();
        var lesson = Lesson.Read(Page(run))!;
        var slides = new DeckBuilder(lesson, new ProseWriter(lesson.FileName, tex), "../07-sums.html").Build();
        Assert.Equal(["Sums: what they say", "Puzzle", "Puzzle: the answer is B", "Learning goals", "One section", "One section", "Another", "Watch out", "Report it", "Question 1", "Question 1: the answer is B", "Exercise 1", "Exercise 2"],
            slides.Select(slide => slide.Name));
        Assert.Contains(tex.ToMathMl("x. Y", display: false), slides[4].Body, StringComparison.Ordinal);
        Assert.Equal("It begins with a sentence, e.g. this one (see x.Y). Here is another.", Tag().Replace(slides[4].Body, "").Replace("\u00a0", "", StringComparison.Ordinal));
        Assert.Equal("<div class=\"says\"><p>Two lines.</p></div>\n<pre>a\nb</pre>", slides[5].Body);
        Assert.Equal("<p>Words of its own.</p>", slides[6].Body);
        Assert.DoesNotContain("right", slides[1].Body, StringComparison.Ordinal);
        Assert.Contains("<li class=\"right\"><b>B</b>", slides[2].Body, StringComparison.Ordinal);
    }

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex("<a [^>]*href=\"([^\"]*)\"")]
    private static partial Regex Link();
}
