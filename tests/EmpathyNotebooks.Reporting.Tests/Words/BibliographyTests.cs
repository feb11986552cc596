using System.Text.RegularExpressions;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>The list of references: complete, without a DOI twice, and written as APA style has it.</summary>
public sealed partial class BibliographyTests
{
    private static readonly Dictionary<string, string[]> Needed = new()
    {
        ["article"] = ["author", "title", "journal", "year", "volume"],
        ["book"] = ["author", "title", "publisher", "year"],
        ["incollection"] = ["author", "title", "booktitle", "editor", "publisher", "pages", "year"],
        ["misc"] = ["author", "title", "publisher", "year", "doi"],
    };

    /// <summary>Written by hand from the Publication Manual of the APA, 7th edition, chapters 9 and 10; italics between stars.</summary>
    public static TheoryData<string, string> Examples => new()
    {
        { "viechtbauer2005", "Viechtbauer, W. (2005). Bias and efficiency of meta-analytic variance estimators in the random-effects model. *Journal of Educational and Behavioral Statistics*, *30*(3), 261–293. https://doi.org/10.3102/10769986030003261" },
        { "dersimonian1986", "DerSimonian, R., & Laird, N. (1986). Meta-analysis in clinical trials. *Controlled Clinical Trials*, *7*(3), 177–188. https://doi.org/10.1016/0197-2456(86)90046-2" },
        { "riley2011", "Riley, R. D., Higgins, J. P. T., & Deeks, J. J. (2011). Interpretation of random effects meta-analyses. *BMJ*, *342*, Article d549. https://doi.org/10.1136/bmj.d549" },
        { "hedges1985", "Hedges, L. V., & Olkin, I. (1985). *Statistical methods for meta-analysis*. Academic Press." },
        { "schmidt2015", "Schmidt, F. L., & Hunter, J. E. (2015). *Methods of meta-analysis: Correcting error and bias in research findings* (3rd ed.). Sage." },
        { "gleser2009", "Gleser, L. J., & Olkin, I. (2009). Stochastically dependent effect sizes. In H. Cooper, L. V. Hedges, & J. C. Valentine (Eds.), *The handbook of research synthesis and meta-analysis* (2nd ed., pp. 357–376). Russell Sage Foundation." },
        { "bohart2002", "Bohart, A. C., Elliott, R., Greenberg, L. S., & Watson, J. C. (2002). Empathy. In J. C. Norcross (Ed.), *Psychotherapy relationships that work: Therapist contributions and responsiveness to patients* (pp. 89–108). Oxford University Press." },
        { "thompson2002", "Thompson, S. G., & Higgins, J. P. T. (2002). How should meta-regression analyses be undertaken and interpreted? *Statistics in Medicine*, *21*(11), 1559–1573. https://doi.org/10.1002/sim.1187" },
        { "vandennoortgate2013", "Van den Noortgate, W., López-López, J. A., Marín-Martínez, F., & Sánchez-Meca, J. (2013). Three-level meta-analysis of dependent effect sizes. *Behavior Research Methods*, *45*(2), 576–594. https://doi.org/10.3758/s13428-012-0261-6" },
        { "vanaert2018", "van Aert, R. C. M., & van Assen, M. A. L. M. (2018). *Correcting for publication bias in a meta-analysis with the p-uniform\\* method*. MetaArXiv. https://doi.org/10.31222/osf.io/zqjr9" },
        { "fisher1921", "Fisher, R. A. (1921). On the “probable error” of a coefficient of correlation deduced from a small sample. *Metron*, *1*, 3–32." },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_entry_is_written_as_APA_style_has_it(string key, string expected) =>
        Assert.Equal(expected, string.Concat(Bibliography.Entry(key).Apa.Select(run => run.IsItalic ? $"*{run.Text.Replace("*", "\\*", StringComparison.Ordinal)}*" : run.Text)));

    [Fact]
    public void More_than_twenty_authors_are_the_first_nineteen_and_the_last()
    {
        var text = string.Concat(Bibliography.Entry("page2021").Apa.Select(run => run.Text));

        Assert.StartsWith("Page, M. J., McKenzie, J. E., Bossuyt, P. M.,", text, StringComparison.Ordinal);
        Assert.Contains("Mayo-Wilson, E., McDonald, S., . . . Moher, D. (2021).", text, StringComparison.Ordinal);
        Assert.Equal(19, text[..text.IndexOf(" . . . ", StringComparison.Ordinal)].Count(c => c == ',') / 2);
    }

    [Theory]
    [InlineData("viechtbauer2005", "Viechtbauer, 2005", "Viechtbauer (2005)")]
    [InlineData("dersimonian1986", "DerSimonian & Laird, 1986", "DerSimonian and Laird (1986)")]
    [InlineData("riley2011", "Riley et al., 2011", "Riley et al. (2011)")]
    [InlineData("vandennoortgate2013", "Van den Noortgate et al., 2013", "Van den Noortgate et al. (2013)")]
    [InlineData("simonsohn2014", "Simonsohn et al., 2014a", "Simonsohn et al. (2014a)")]
    [InlineData("simonsohn2014b", "Simonsohn et al., 2014b", "Simonsohn et al. (2014b)")]
    public void A_source_is_named_in_text(string key, string parenthetical, string narrative)
    {
        Assert.Equal(parenthetical, Bibliography.Entry(key).InText());
        Assert.Equal(narrative, Bibliography.Entry(key).InText(CitationForm.Narrative));
    }

    [Fact]
    public void Sources_in_parentheses_stand_in_the_order_of_the_list_and_share_names() =>
        Assert.Equal("Egger et al., 1997; Simonsohn et al., 2014a, 2014b; van Aert & van Assen, 2018; Viechtbauer, 2005",
            Bibliography.InText("viechtbauer2005", "simonsohn2014b", "vanaert2018", "egger1997", "simonsohn2014"));

    [Fact]
    public void Letters_and_names_tell_sources_apart()
    {
        var list = new ReferenceList("""
            @article{b,
              author = {Ash, Ann and Birch, Bo and Cedar, Cy}, title = {Second}, journal = {J}, year = {2001}, volume = {1},
            }
            @article{a,
              author = {Ash, Ann and Birch, Bo and Cedar, Cy}, title = {First}, journal = {J}, year = {2001}, volume = {1},
            }
            @article{c,
              author = {Ash, Ann and Elm, Ed and Fir, Flo}, title = {Other}, journal = {J}, year = {2001}, volume = {1},
            }
            @article{d,
              author = {Ash, Ann}, title = {Alone}, journal = {J}, year = {2001}, volume = {1},
            }
            """.ReplaceLineEndings("\n"), "test.bib");

        Assert.Equal(["d", "a", "b", "c"], list.Entries.Select(e => e.Key));
        Assert.Equal("Ash, Birch, & Cedar, 2001a", list.Find("a")!.InText());
        Assert.Equal("Ash, Birch, and Cedar (2001b)", list.Find("b")!.InText(CitationForm.Narrative));
        Assert.Equal("Ash, Elm, & Fir, 2001", list.Find("c")!.InText());
        Assert.Equal("Ash, 2001", list.Find("d")!.InText());
    }

    [Fact]
    public void Every_entry_is_complete_for_its_type()
    {
        Assert.True(Bibliography.All.Length > 100);
        Assert.All(Bibliography.All, entry =>
        {
            Assert.All(Needed[entry.Type], field => Assert.False(string.IsNullOrWhiteSpace(entry.Field(field)), $"{entry.Key} lacks {field}."));
            Assert.Matches("^[12][0-9]{3}$", entry.Year);
            Assert.All(entry.Authors, a => Assert.True(a is { Family.Length: > 1, Given.Length: > 0 }, $"{entry.Key}: {a}"));
            Assert.DoesNotMatch(@"[{}\\]|--|``|''", string.Concat(entry.Apa.Select(run => run.Text)));
        });
    }

    [Fact]
    public void Keys_are_the_first_family_name_and_the_year() => Assert.All(Bibliography.All, entry =>
    {
        var name = new string([.. PersonName.SortText(entry.Authors[0].Family).Where(char.IsAsciiLetter)]);
        Assert.Matches($"^{name}{entry.Year}[b-z]?$", entry.Key);
        Assert.Same(entry, Bibliography.Entry(entry.Key));
    });

    [Fact]
    public void A_DOI_has_the_right_form_and_belongs_to_one_source()
    {
        var all = Bibliography.All.Select(e => e.Doi).OfType<string>().ToList();

        Assert.All(all, doi => Assert.Matches(@"^10\.\d{4,9}/[^\s{}]+$", doi));
        Assert.All(all, doi => Assert.False(doi.EndsWith('.')));
        Assert.Distinct(all, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Where notebooks and the sources of data name a work that the list has, they give its DOI.</summary>
    [Fact]
    public void Notebooks_and_sources_of_data_give_the_same_DOI()
    {
        var agreed = 0;
        foreach (var file in Directory.EnumerateFiles(Repository.PathTo("notebooks"), "*.ipynb").Concat(Directory.EnumerateFiles(Repository.PathTo("data"), "*.md")).Concat(Directory.EnumerateFiles(Repository.PathTo("data"), "published*.csv")))
        {
            var text = Regex.Replace(File.ReadAllText(file), @"[\s*""]+|\\n", " ");
            foreach (Match doi in Doi().Matches(text))
            {
                var before = text[Math.Max(0, doi.Index - 400)..doi.Index];
                // The last work named before the DOI.
                var work = Bibliography.All.Select(e => (Entry: e, At: Place(before, e))).Where(w => w.At >= 0).OrderBy(w => w.At).LastOrDefault();
                if (work.Entry is not { } entry || Doi().IsMatch(before[work.At..])) continue;
                var given = doi.Value.TrimEnd('.', ')', ',', ';');
                Assert.True(entry.Doi is null || entry.Doi.Equals(given, StringComparison.OrdinalIgnoreCase), $"{Path.GetFileName(file)}: {entry.Key} has {entry.Doi}, here {given}.");
                agreed++;
            }
        }
        Assert.True(agreed >= 4, $"{agreed}");

        // By its title, which stands nowhere else.
        static int Place(string text, BibliographyEntry entry) => entry.Title.Length < 12 ? -1 : text.LastIndexOf(entry.Title, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_part_of_the_list_is_BibTeX_again_and_the_same_bytes_in_any_order()
    {
        var text = Bibliography.BibTeX(["viechtbauer2005", "fluckiger2018", "vandennoortgate2013"]);

        Assert.Equal(text, Bibliography.BibTeX(["vandennoortgate2013", "viechtbauer2005", "fluckiger2018", "viechtbauer2005"]));
        Assert.Equal(["fluckiger2018", "vandennoortgate2013", "viechtbauer2005"], new ReferenceList(text, "part").Entries.Select(e => e.Key).Order());
        Assert.All(new ReferenceList(text, "part").Entries, entry => Assert.Equal(Bibliography.Entry(entry.Key).Apa, entry.Apa));
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@manual{r2026,\n author = {{R Core Team}},\n title = {R: A language},\n version = {4.5},\n organization = {R Foundation},\n year = {2026},\n}", "R Core Team. (2026). *R: A language* (Version 4.5) [Computer software]. R Foundation.")]
    [InlineData("@manual{r2026,\n author = {{R Core Team}},\n title = {R: A language},\n year = {2026},\n}", "R Core Team. (2026). *R: A language* [Computer software].")]
    [InlineData("@techreport{t2020,\n author = {Doe, Jane},\n title = {Power of tests},\n number = {RR-20-1},\n institution = {An Institute},\n year = {2020},\n}", "Doe, J. (2020). *Power of tests* (RR-20-1). An Institute.")]
    public void Software_and_reports_are_said_as_the_manual_has_them(string bibTeX, string expected) =>
        Assert.Equal(expected, string.Concat(Assert.Single(new ReferenceList(bibTeX, "part").Entries).Apa.Select(run => run.IsItalic ? $"*{run.Text}*" : run.Text)));

    [Fact]
    public void A_key_that_is_not_there_is_named() => Assert.Contains("nobody1900", Assert.Throws<ArgumentException>(() => Bibliography.References(["viechtbauer2005", "nobody1900"])).Message, StringComparison.Ordinal);

    [GeneratedRegex(@"10\.\d{4,9}/[^\s<>"",\]]+")]
    private static partial Regex Doi();
}
