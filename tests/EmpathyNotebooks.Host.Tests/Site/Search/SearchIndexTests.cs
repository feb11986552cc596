using System.Text;
using System.Text.Json;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Host.Site.Api;
using EmpathyNotebooks.Host.Site.Search;
using EmpathyNotebooks.Tests;
using static EmpathyNotebooks.Host.Tests.Site.SampleNotebook;

namespace EmpathyNotebooks.Host.Tests.Site.Search;

/// <summary>What the search box finds: sections of lessons without code, types and members.</summary>
public sealed class SearchIndexTests
{
    private static IReadOnlyList<SearchEntry> Sections(params string[] markdown)
    {
        using var tex = new TeX();
        return [.. LessonSections.Of(new ReadPage(new SitePage("05-x.ipynb", Notebook([.. markdown.Select(text => Markdown(text))])), 1, tex))];
    }

    [Fact]
    public void A_section_is_a_heading_with_the_words_up_to_the_next()
    {
        var sections = Sections("# A title\n\nBefore.", "## First, with $\\tau^2$\n\nOne *word* and `code`.\n\n```csharp\nvar hidden = 1;\n```\n\n- an item with $\\hat\\mu$", "> **Report it**\n>\n> In a box.\n\n$$\\frac{1}{2}$$\n\n### Second");
        Assert.Equal(["A title", "First, with τ²", "Second"], sections.Select(section => section.Title));
        Assert.Equal(["05-x.html", "05-x.html#first-with-tau2", "05-x.html#second"], sections.Select(section => section.Address.Replace("%5C", "", StringComparison.Ordinal)));
        Assert.All(sections, section => Assert.Equal("05 A title", section.Page));
        Assert.Equal("Before.", sections[0].Text);
        Assert.Equal("One word and code. an item with μ Report it: In a box.", sections[1].Text);
    }

    [Theory]
    [InlineData("\\hat\\tau^2", "τ²")]
    [InlineData("I^2", "I²")]
    [InlineData("r = .28", "r = .28")]
    [InlineData("\\sigma_{i}", "σi")]
    public void A_formula_is_found_as_it_would_be_typed(string tex, string typed) => Assert.Equal(typed, LessonSections.Plain(tex));

    [Fact]
    public void The_index_is_a_script_that_sets_one_global()
    {
        var script = SearchIndex.Write([
            new("Lessons", "05 A", "A \"title\" <b>", "05-x.html#a", "</script> & text"),
            new("API", "Models", "RandomEffects", "api/RandomEffects.html", "The model.") { Members = ["Fit", "FitMany"] },
        ]);
        const string Assignment = "window.empathySearch=";
        Assert.StartsWith(Assignment, script);
        var index = JsonDocument.Parse(script[Assignment.Length..].TrimEnd().TrimEnd(';')).RootElement;
        Assert.Equal(["Lessons", "API"], index.GetProperty("groups").EnumerateArray().Select(group => group.GetString()));
        var entries = index.GetProperty("entries");
        Assert.Equal("A \"title\" <b>", entries[0][2].GetString());
        Assert.Equal(5, entries[0].GetArrayLength());
        Assert.Equal("Fit FitMany", entries[1][5].GetString());
    }

    [Fact]
    public void Every_type_and_every_named_member_can_be_found_where_it_is()
    {
        var entries = SearchIndex.Of(ApiLibrary.Current).ToList();
        Assert.Equal(ApiLibrary.Current.Types.Count, entries.Count);
        Assert.All(entries, entry => Assert.DoesNotContain("EmpathyNotebooks.MetaAnalysis", entry.Text));
        var pooled = entries.Single(entry => entry.Title == "PooledFit");
        Assert.Equal("api/PooledFit.html", pooled.Address);
        Assert.Contains("PredictionInterval", pooled.Members);
        Assert.DoesNotContain(".ctor", pooled.Members);
    }

    /// <summary>A reader on a slow connection waits for it.</summary>
    [Fact]
    public void The_index_of_the_whole_site_stays_small()
    {
        using var tex = new TeX();
        var lessons = Directory.EnumerateFiles(Repository.PathTo("notebooks"), "*.ipynb").Order(StringComparer.Ordinal)
            .Select((file, i) => new ReadPage(new SitePage(Path.GetFileName(file), NotebookDocument.Load(file)), i + 1, tex)).ToList();
        var index = SearchIndex.Write(lessons.SelectMany(LessonSections.Of).Concat(SearchIndex.Of(ApiLibrary.Current)));
        Assert.InRange(Encoding.UTF8.GetByteCount(index), 200_000, SearchIndex.MostBytes);
        Assert.DoesNotContain("```", index);
        Assert.DoesNotMatch(@"\\\\[a-z]+", index);
    }
}
