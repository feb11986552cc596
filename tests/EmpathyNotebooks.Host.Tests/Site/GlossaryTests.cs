using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Host.Site.Search;

namespace EmpathyNotebooks.Host.Tests.Site;

public class GlossaryTests
{
    private const string Words = """
        # Glossary

        All the words.

        ### Bayes factor

        *Also: evidence ratio. Symbol: $BF_{10}$.* How many *times* better.

        Lesson: [One](01-one.ipynb)

        ### CHE

        A model.

        ### *I*-squared

        *Also: $I^2$.* A share, $0 \le I^2 < 1$.

        ### interval

        A range.

        ### prediction interval

        The range of a new study.

        """;

    [Fact]
    public void An_entry_has_names_formulas_meaning_and_lesson()
    {
        using var tex = new TeX();
        var glossary = Glossary.Read(Words, tex);
        Assert.Equal(["Bayes factor", "CHE", "I-squared", "interval", "prediction interval"], glossary.Terms.Select(term => term.Title));
        Assert.Equal(["Bayes factor", "evidence ratio"], glossary.Terms[0].Forms);
        Assert.Empty(glossary.Terms[0].Formulas);
        Assert.Contains("Symbol: <math", glossary.Terms[0].AlsoHtml, StringComparison.Ordinal);
        Assert.NotNull(glossary.Terms[0].Lesson);
        Assert.Equal(["I^2"], glossary.Terms[2].Formulas);
        Assert.Null(glossary.Terms[2].Lesson);

        var page = Pages("text")["glossary.html"];
        Assert.Contains("<dt id=\"bayes-factor\">Bayes factor</dt>", page, StringComparison.Ordinal);
        Assert.Contains("How many <em>times</em> better.", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"01-one.html\">One</a>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# Glossary\n\nNothing.", "there is no entry")]
    [InlineData("###\n\ntext", "has no word behind it")]
    [InlineData("### a\n\n### b\n\ntext", "the entry \"a\" has no paragraph")]
    [InlineData("### a\n\nLesson: [One](01-one.ipynb)", "the entry \"a\" has no paragraph")]
    [InlineData("### ab\n\ntext\n\nmore", "the entry \"ab\" has more than one paragraph")]
    [InlineData("### ab\n\ntext\n\n### bc\n\n*Also: AB.* text", "\"AB\" stands for \"ab\" and for \"bc\"")]
    [InlineData("### ab\n\n*Also: $x$, $x$.* text", "the entry \"ab\" has the name \"$x$\" twice")]
    [InlineData("### CHE\n\n*Also: che.* text", "the entry \"CHE\" has the name \"che\" twice, in whatever case: write it once")]
    [InlineData("### CHE\n\ntext\n\n### Che\n\nmore", "there are two entries \"Che\": put what they mean into one")]
    [InlineData("### ab\n\ntext\n\n## Part\n\n### bc\n\ntext", "line 5: a heading of level 2 is not shown behind the first entry; entries begin with ###.")]
    [InlineData("### ab\n\ntext\n\nLesson: [One](01-one.ipynb)\n\nlost", "line 7: the entry \"ab\" has more than one paragraph")]
    [InlineData("### ab\n\ntext[^1]\n\n[^1]: lost", "line 5: a footnote has no place in a glossary")]
    public void What_is_no_glossary_is_refused(string markdown, string fault)
    {
        using var tex = new TeX();
        var error = Assert.Throws<SiteException>(() => Glossary.Read(markdown, tex));
        Assert.Contains("glossary.md", error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_formula_that_cannot_be_read_is_named() =>
        Assert.Contains("glossary.md, line 3: the formula $\\frac{1$ cannot be read", Assert.Throws<SiteException>(() => Pages("text", "### ab\n\nA $\\frac{1$ text.")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("A prediction interval and an interval.", "prediction interval|interval")]
    [InlineData("Intervals, an interval; **interval**.", "Intervals")]
    [InlineData("Bayes factors, bayes factor.", "Bayes factors")]
    [InlineData("che, CHE, cheap, CHEAP, xCHE, CHE-like.", "CHE")]
    [InlineData("Evidence ratio of *intervals* < 3.", "Evidence ratio|intervals")]
    [InlineData("[interval](https://example.org) and `interval`", "")]
    [InlineData("The share $I^2$ is not $I^2 + 1$.", "<math>")]
    [InlineData("interval\n\n## More on an interval\n\ninterval", "interval|interval")]
    [InlineData("interval\n\n### Part\n\ninterval", "interval")]
    [InlineData("## Further reading\n\n- interval", "")]
    [InlineData("> **Puzzle**\n>\n> interval\n>\n> - [ ] A. CHE\n> - [ ] B. I-squared", "interval")]
    public void The_first_use_in_a_section_is_marked(string markdown, string marked)
    {
        var page = Pages(markdown)["01-one.html"];
        var found = page.Split("<a class=\"term\"")[1..].Select(part => part[(part.IndexOf('>') + 1)..].Split("</a>")[0]).Select(text => text.StartsWith("<math", StringComparison.Ordinal) ? "<math>" : text);
        Assert.Equal(marked, string.Join('|', found));
        // What is marked is explained on the page, and nothing else is.
        var named = page.Split("href=\"#word-")[1..].Select(part => part.Split('"')[0]).Distinct().Order(StringComparer.Ordinal);
        var explained = page.Split("<dd id=\"word-")[1..].Select(part => part.Split('"')[0]).Order(StringComparer.Ordinal);
        Assert.Equal(named, explained);
        Assert.Equal(marked.Length > 0, page.Contains("The words of this page", StringComparison.Ordinal));
    }

    [Fact]
    public void Single_letters_and_signs_that_fold_to_letters_mark_nothing()
    {
        Assert.DoesNotContain("class=\"term\"", Pages("A p and an r.", "### r\n\nMeans r.")["01-one.html"], StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"term\"", Pages("One \u212Aelvin.", "### kelvin\n\nA unit.")["01-one.html"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[bad](javascript:alert)", "the link to \"javascript:alert\" is code, which a page does not allow.")]
    [InlineData("[bad]()", "a link has no address.")]
    [InlineData("[bad](#nothing)", "the link to \"#nothing\" leads nowhere: glossary.md has no heading \"nothing\". It has: glossary, che.")]
    [InlineData("[bad](01-one.ipynb#nothing)", "the link to \"01-one.ipynb#nothing\" leads nowhere: 01-one.ipynb has no heading \"nothing\". It has: one.")]
    [InlineData("[bad](nothing.md)", "the link to \"nothing.md\" leads nowhere: there is no file \"nothing.md\", seen from the folder of glossary.md.")]
    [InlineData("![bad](nothing.png)", "there is no picture \"nothing.png\", seen from the folder of glossary.md.")]
    [InlineData("![bad](https://example.org/a.png)", "the picture \"https://example.org/a.png\" would be loaded from elsewhere, and a page has to stand alone. Put it beside the file.")]
    [InlineData("![bad](there.txt)", "\"there.txt\" is no picture that a page shows; it shows png, jpg, jpeg, gif, svg, webp.")]
    [InlineData("<b onclick=\"go()\">bad</b>", "<b onclick=...> would not run: a page allows no code in attributes. Use addEventListener in a <script>.")]
    [InlineData("<img src=\"there.png\">", "<img src=\"there.png\"> would load another file. Use a data: address.")]
    [InlineData("$\\frac{1$", "the formula $\\frac{1$ cannot be read")]
    public void What_a_meaning_leads_to_or_shows_is_there_or_is_named_with_its_line(string markdown, string fault)
    {
        var folder = Directory.CreateTempSubdirectory("empathy-glossary-").FullName;
        try
        {
            foreach (var file in (string[])["there.txt", "there.png"]) File.WriteAllText(Path.Combine(folder, file), "x");
            var error = Assert.Throws<SiteException>(() => SiteBuilder.Check([Lesson("Nothing.")], new() { Folder = folder, Glossary = $"# Glossary\n\n### CHE\n\nTwo\nlines and {markdown} here." }));
            Assert.StartsWith($"glossary.md, line 6: {fault}", error.Message, StringComparison.Ordinal);
            Assert.Equal(6, error.Line);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_picture_beside_the_glossary_is_shown_and_an_entry_leads_to_another()
    {
        var folder = Directory.CreateTempSubdirectory("empathy-glossary-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "a b.png"), [1, 2, 3]);
            var files = SiteBuilder.Render([Lesson("CHE")], new() { Folder = folder, Glossary = "### CHE\n\nSee ![a](a%20b.png) and [an entry](#other), [a file](a%20b.png).\n\n### other\n\nText." }).ToDictionary(file => file.Path, file => file.Text);
            Assert.Contains("<img src=\"data:image/png;base64,AQID\" alt=\"a\" />", files["glossary.html"], StringComparison.Ordinal);
            Assert.Contains("<a href=\"#other\">an entry</a>, a file (<code>a b.png</code>).", files["glossary.html"], StringComparison.Ordinal);
            Assert.Contains("<img src=\"data:image/png;base64,AQID\" alt=\"a\" />", files["01-one.html"], StringComparison.Ordinal);
            Assert.Contains("<a href=\"glossary.html#other\">an entry</a>", files["01-one.html"], StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Addresses_may_stand_at_its_end() =>
        Assert.Contains("<a href=\"https://example.org/\">out</a>", Pages("CHE", "### CHE\n\nSee [out].\n\n[out]: https://example.org/")["glossary.html"], StringComparison.Ordinal);

    [Fact]
    public void Links_of_a_meaning_lead_on()
    {
        var page = Pages("CHE", "### CHE\n\nSee [one](01-one.ipynb) and [out](https://example.org/).")["01-one.html"];
        Assert.Contains("<a href=\"01-one.html\">one</a>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://example.org/\">out</a>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_one_has_a_row_of_letters_and_a_box_to_find_words()
    {
        string Of(IEnumerable<string> words) => string.Concat(words.Select(word => $"### {word}\n\nIts meaning.\n\n"));
        string[] words = ["2 by 2", "alpha", "*A* b", "Beta", .. Enumerable.Range(0, 18).Select(i => $"gamma {i}"), "\u00c4hnlich", "\u00f6dp"];
        var page = Pages("text", Of(words))["glossary.html"];
        Assert.Equal(["#2-by-2 0\u20139", "#alpha A", "#beta B", "#gamma-0 G", "#\u00e4hnlich \u00c4", "#\u00f6dp \u00d6"],
            page.Split("class=\"letters\"")[1].Split("</nav>")[0].Split("<a href=\"")[1..].Select(link => $"{Uri.UnescapeDataString(link.Split('"')[0])} {link.Split('>')[1].Split('<')[0]}"));
        Assert.Contains("<label for=\"filter\">Find a word</label>", page, StringComparison.Ordinal);
        Assert.Matches("<script src=\"assets/filter-[0-9a-f]{12}\\.js\" defer>", page);

        // Where the letters go to and fro there is nothing to lead to, and a short one needs neither.
        Assert.DoesNotContain("class=\"letters\"", Pages("text", Of(words.Prepend("gamma")))["glossary.html"], StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"filter\"", Pages("text")["glossary.html"], StringComparison.Ordinal);
        // The box has a name of its own.
        Assert.Contains("<dt id=\"filter-1\">", Pages("text", Of(words.Append("filter")))["glossary.html"], StringComparison.Ordinal);
    }

    [Fact]
    public void Its_words_can_be_searched_for()
    {
        using var tex = new TeX();
        var entries = SearchIndex.Of(Glossary.Read(Words, tex)).ToList();
        Assert.Equal(("Bayes factor", "glossary.html#bayes-factor", "How many times better. (evidence ratio)"), (entries[0].Title, entries[0].Address, entries[0].Text));
        Assert.Contains("\"glossary.html#prediction-interval\"", Pages("text").Single(file => file.Key.StartsWith("assets/search-index", StringComparison.Ordinal)).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_markup_stays_text() =>
        Assert.Contains("&lt;b&gt;&amp; <a class=\"term\" href=\"#word-che\" aria-describedby=\"word-che\">CHE</a> &lt;i&gt;", Pages("\\<b>\\& CHE \\<i>")["01-one.html"], StringComparison.Ordinal);

    [Fact]
    public void A_word_of_several_formulas_is_never_in_a_link_twice() =>
        Assert.DoesNotContain("</a></a>", Pages("An interval, a prediction interval, $I^2$ (CHE).")["01-one.html"], StringComparison.Ordinal);

    private static Dictionary<string, string> Pages(string markdown, string glossary = Words) =>
        SiteBuilder.Render([Lesson(markdown)], new() { Glossary = glossary }).ToDictionary(file => file.Path, file => file.Text);

    private static SitePage Lesson(string markdown)
    {
        var document = NotebookDocument.Parse($$"""
            { "cells": [{ "cell_type": "markdown", "id": "a", "metadata": {}, "source": {{System.Text.Json.JsonSerializer.Serialize("# One\n\n" + markdown)}} }], "metadata": {}, "nbformat": 4, "nbformat_minor": 5 }
            """, "01-one.ipynb");
        return new SitePage("01-one.ipynb", document);
    }
}
