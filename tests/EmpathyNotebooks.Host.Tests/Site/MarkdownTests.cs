using EmpathyNotebooks.Host.Site;

namespace EmpathyNotebooks.Host.Tests.Site;

public sealed class MarkdownTests : IDisposable
{
    private readonly TeX _tex = new();
    private readonly MarkdownReader _reader;

    public MarkdownTests() => _reader = new MarkdownReader("01-question.ipynb", _tex);

    public void Dispose() => _tex.Dispose();

    private string Html(string markdown, int cell = 1) =>
        new MarkdownWriter(_reader, (_, url) => url.EndsWith(".csv") ? new LinkTarget.RepositoryFile(url) : new LinkTarget.Address(url))
            .Write(_reader.Read(cell, markdown));

    [Theory]
    [InlineData("The mean $\\mu$.", 1)]
    [InlineData("From $r$-to-$z$, ($n - 3$).", 3)]
    [InlineData("$$\nz = 1\n$$", 1)]
    [InlineData("so $$z = 1$$ holds", 1)]
    [InlineData("| a | b |\n|---|---|\n| $|d|$ | $r$ |", 2)]
    [InlineData("- $a_1$ and $b_1$", 2)]
    [InlineData("> **Report it**\n> The $r$ was", 1)]
    public void Formulas_become_mathematics(string markdown, int count) =>
        Assert.Equal(count, Html(markdown).Split("<math").Length - 1);

    [Theory]
    [InlineData("It costs $5 and then $10 more.")]
    [InlineData("Between $10–$20 per session")]
    [InlineData("\\$x\\$ is no formula")]
    [InlineData("The sign \\$^2 \\$\\$ in text")]
    [InlineData("`$x$` in code")]
    [InlineData("```\n$x$\n```")]
    [InlineData("    $x$ indented")]
    public void Money_and_code_stay_as_they_are(string markdown)
    {
        var html = Html(markdown);
        Assert.DoesNotContain("<math", html);
        Assert.Contains("$", html);
    }

    [Theory]
    [InlineData("$$a\n= b$$")]
    [InlineData("squared, R$^2$ is")]
    [InlineData("the $\\tau^2 that was")]
    [InlineData("the$\\mu$ here")]
    public void A_formula_that_would_silently_stay_text_is_refused(string markdown)
    {
        var fault = Assert.Throws<SiteException>(() => Html(markdown, cell: 4));
        Assert.Equal(4, fault.Cell);
        Assert.Contains("looks like a formula", fault.Message);
    }

    [Fact]
    public void A_formula_with_an_error_names_notebook_cell_and_formula()
    {
        var fault = Assert.Throws<SiteException>(() => Html("As $\\frac{1}{$ shows", cell: 7));

        Assert.Equal(("01-question.ipynb", 7, "\\frac{1}{"), (fault.Notebook, fault.Cell, fault.Formula));
        Assert.StartsWith("01-question.ipynb, cell 7: the formula $\\frac{1}{$ cannot be read:", fault.Message);
    }

    [Fact]
    public void Heading_ids_are_unique_on_the_page()
    {
        var html = Html("# The question\n\n## Results\n\n## Results") + Html("## Results\n\n## Content\n\n## ***") + Html("<a id=\"why\"></a>\n\n## Why");

        Assert.Equal(["the-question", "results", "results-1", "results-2", "content-1", "section", "why-1"], _reader.Headings.Select(h => h.Id));
        foreach (var heading in _reader.Headings) Assert.Contains($"id=\"{heading.Id}\"", html);
    }

    [Fact]
    public void A_heading_gives_text_for_the_title_and_html_for_the_contents()
    {
        Html("## What is $\\tau^2$ in `fit`, [see](https://example.org) *now* & <b>then</b>");
        var heading = _reader.Headings[0];

        Assert.Equal("What is \\tau^2 in fit, see now & then", heading.Text);
        Assert.Contains("<math", heading.Html);
        Assert.Contains("<code>fit</code>, see <em>now</em> &amp; then", heading.Html);
        Assert.DoesNotContain("<a", heading.Html);
    }

    [Theory]
    [InlineData("> **Learning goals**\n>\n> - one", "goals", "Learning goals")]
    [InlineData("> **Important.** A correlation is bounded.", "important", "Important")]
    [InlineData("> **Watch out**\n>\n> Four fits are no test.", "important", "Watch out")]
    [InlineData("> **Report it:**\n> We found.", "report", "Report it")]
    [InlineData("> **Test your knowledge: the interval**\n> Why?", "test", "Test your knowledge: the interval")]
    [InlineData("> **Exercise 2**\n>\n> Compute.", "exercise", "Exercise 2")]
    [InlineData("> **Simulated data**\n>\n> All.", "simulated", "Simulated data")]
    public void A_quotation_with_a_known_bold_title_is_a_box(string markdown, string boxClass, string title)
    {
        var html = Html(markdown);
        Assert.StartsWith($"<div class=\"box box-{boxClass}\" role=\"note\">\n<p class=\"box-title\">{title}</p>\n", html);
        Assert.DoesNotContain("<strong>", html);
        Assert.DoesNotContain("<p></p>", html);
    }

    /// <summary>A browser may break a line between a formula and the comma after it.</summary>
    [Theory]
    [InlineData("So $r$, then", "So <span class=\"together\"><math>", "</math>,</span> then")]
    [InlineData("(by $r$).", "(by <span class=\"together\"><math>", "</math>).</span>")]
    [InlineData("by ($r$ or $q$)", "by <span class=\"together\">(<math>", "</math></span> or <span class=\"together\"><math>")]
    [InlineData("So $r$ then < &", "So <math>", "</math> then &lt; &amp;")]
    [InlineData("$r$", "<p><math>", "</math></p>")]
    public void No_line_begins_with_the_comma_after_a_formula(string markdown, params string[] expected) =>
        Assert.All(expected, part => Assert.Contains(part, Html(markdown), StringComparison.Ordinal));

    [Theory]
    [InlineData("> To be understood **Important** matters.")]
    [InlineData("> **Rogers** wrote")]
    public void Any_other_quotation_stays_one(string markdown) => Assert.StartsWith("<blockquote>", Html(markdown));

    [Fact]
    public void A_folded_solution_holds_markdown_and_coloured_code()
    {
        var html = Html("<details>\n<summary>Solution</summary>\n\nSquare $r$:\n\n```csharp\nvar x = 0.28;\n```\n\n</details>");
        Assert.Matches("(?s)<details>.*<math.*<span class=\"c-keyword\">var</span>.*</details>", html);
    }

    [Theory]
    [InlineData("<details>\n<summary>Solution</summary>\n\nno end")]
    [InlineData("text\n\n</details>")]
    [InlineData("</details>\n\n<details>")]
    public void A_fold_that_would_swallow_other_cells_is_refused(string markdown) =>
        Assert.Contains("details>", Assert.Throws<SiteException>(() => Html(markdown)).Message);

    [Fact]
    public void Footnotes_are_numbered_through_the_page()
    {
        var html = Html("One[^a] two[^b] again[^a].\n\n[^a]: First.\n[^b]: Second.") + Html("Three[^a].\n\n[^a]: Third.");

        string[] ids = [.. HtmlTags.Read(html).Where(tag => tag.Attributes.ContainsKey("id")).Select(tag => tag.Attributes["id"])];
        string[] targets = [.. HtmlTags.Read(html).Where(tag => tag.Attributes.ContainsKey("href")).Select(tag => tag.Attributes["href"][1..])];
        Assert.Equal(ids.Distinct(), ids);
        Assert.Equal(7, ids.Length);
        Assert.Equal(8, targets.Length);
        Assert.All(targets, target => Assert.Contains(target, ids));
        Assert.Contains("<ol class=\"footnotes\" start=\"3\">", html);
    }

    [Fact]
    public void A_footnote_without_its_note_is_refused() =>
        Assert.Contains("footnote", Assert.Throws<SiteException>(() => Html("One[^a].")).Message);

    [Fact]
    public void Tables_scroll_in_a_box_of_their_own() =>
        Assert.StartsWith("<div class=\"scroll\">\n<table>", Html("| a | b |\n|---|---|\n| 1 | 2 |"));

    [Fact]
    public void A_file_of_the_repository_is_named_not_linked()
    {
        Assert.Equal("<p>See the data (<code>data/molloy2014.csv</code>).</p>\n", Html("See [the data](data/molloy2014.csv)."));
        Assert.Equal("<p>See <code>a.csv</code>.</p>\n", Html("See [`a.csv`](a.csv)."));
    }

    [Fact]
    public void Task_lists_and_bare_addresses_are_understood()
    {
        Assert.Contains("type=\"checkbox\"", Html("- [ ] registered"));
        Assert.Contains("<a href=\"https://doi.org/10.1037/pst0000175\">", Html("https://doi.org/10.1037/pst0000175"));
    }

    [Theory]
    [InlineData("Puzzle", "puzzle")]
    [InlineData("Test your knowledge 3", "test")]
    public void The_options_of_a_question_can_be_chosen(string title, string boxClass)
    {
        var html = Html($"> **{title}**\n>\n> How many?\n>\n> - [ ] A. $r = .28$\n> - [ ] B. *none*");
        Assert.Contains($"<fieldset class=\"box box-{boxClass} choice\" data-question=\"01-question-question-1\">", html);
        Assert.Contains($"<legend class=\"box-title\">{title}</legend>", html);
        Assert.Contains("<label><input type=\"radio\" name=\"01-question-question-1\" value=\"A\"> <span>A. <math", html);
        Assert.Contains("value=\"B\"> <span>B. <em>none</em></span></label>", html);
        Assert.DoesNotContain("checkbox", html);
    }

    [Theory]
    [InlineData("> **Puzzle**\n>\n> Think.")]
    [InlineData("> **Note**\n>\n> - [ ] A. one\n> - [ ] B. two")]
    [InlineData("> **Puzzle**\n>\n> - [ ] one\n> - [ ] two")]
    public void What_is_no_question_with_lettered_options_stays_a_box(string markdown)
    {
        var html = Html(markdown);
        Assert.DoesNotContain("fieldset", html);
        Assert.Contains("class=\"box box-", html);
    }

    [Fact]
    public void Each_question_of_a_page_has_a_name_of_its_own()
    {
        const string Question = "> **Puzzle**\n>\n> Which?\n>\n> - [ ] A. one\n> - [ ] B. two";
        Assert.Contains("name=\"01-question-question-1\"", Html(Question));
        Assert.Contains("name=\"01-question-question-2\"", Html(Question, cell: 2));
    }
}
