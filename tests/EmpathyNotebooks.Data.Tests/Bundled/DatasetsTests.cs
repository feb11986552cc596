using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Data.Tests;

public partial class DatasetsTests
{
    [Fact]
    public void Molloy_2014_gives_metafors_result()
    {
        var effects = Datasets.Molloy2014().Correlations();
        Assert.Equal(16, effects.Count);
        Assert.Equal(["Axelsson et al. (2009)", "Axelsson et al. (2011)"], effects.Labels.Take(2));
        var fit = RandomEffects.Fit(effects, new() { Inference = Inference.Normal });
        // metafor 5.1-12, fits.json: molloy2014, REML, z.
        Assert.Equal(0.1499171485175, fit.Estimate, 1e-9);
        Assert.Equal(0.00810956082430392, fit.TauSquared, 1e-8);
        Assert.Equal("Published data: Molloy et al. (2014)", fit.Effects.Origin.Label);
    }

    [Fact]
    public void McDaniel_1994_has_160_studies_with_gaps_in_two_columns()
    {
        var table = Datasets.McDaniel1994();
        var effects = table.Correlations();
        Assert.Equal(160, effects.Count);
        Assert.Equal("Study 160", effects.Labels[^1]);
        Assert.Equal((3, 15), (Missing("type"), Missing("struct")));
        Assert.Equal(DataKind.Published, table.Origin.Kind);

        int Missing(string column) => Enumerable.Range(0, table.Count).Count(i => table.Column(column).Text(i) is null);
    }

    [Fact]
    public void Hackshaw_1997_gives_metafors_result()
    {
        var effects = Datasets.Hackshaw1997().EffectsFromIntervals("or", "or_lb", "or_ub", EffectMeasure.OddsRatio, "{author} ({year})");
        Assert.Equal((37, "Garfinkel (1981)"), (effects.Count, effects.Labels[0]));
        // metafor 3.8, rma(yi, vi) with yi and vi of dat.hackshaw1998 not rounded, threshold 1e-13.
        var fit = RandomEffects.Fit(effects);
        Assert.Equal(0.21888923160931, fit.Estimate, 1e-9);
        Assert.Equal(0.02239453097246, fit.TauSquared, 1e-8);
    }

    [Fact]
    public void Raudenbush_1984_gives_metafors_result()
    {
        var effects = Datasets.Raudenbush1984().Effects("yi", "vi", label: "{author} ({year}, {tester})", measure: EffectMeasure.StandardizedMeanDifference);
        Assert.Equal((19, "Pellegrini & Hicks (1972, aware)"), (effects.Count, effects.Labels[3]));
        // metafor 3.8, rma(yi, vi, data = dat.raudenbush1985), threshold 1e-13.
        var fit = RandomEffects.Fit(effects);
        Assert.Equal(0.08370124188267, fit.Estimate, 1e-9);
        Assert.Equal(0.01881828814030, fit.TauSquared, 1e-8);
    }

    [Fact]
    public void Konstantopoulos_2011_gives_metafors_result()
    {
        var schools = Datasets.Konstantopoulos2011().Effects("yi", "vi", label: "District {district}", effect: "school", measure: EffectMeasure.StandardizedMeanDifference);
        Assert.Equal((56, "District 11, school 1"), (schools.Count, schools.Labels[0]));
        Assert.StartsWith("11 of 11 studies (district) have more than one effect", schools.SharingWarning, StringComparison.Ordinal);
        // metafor 5.1-12, dependent-effects.json: konstantopoulos2011, three levels, REML; clubSandwich 0.5.8, CR2.
        var fit = MultilevelModel.Fit(schools, ["district", "school"]);
        Assert.Equal(0.184713163675436, fit.Coefficients[0].Estimate, 1e-5);
        Assert.Equal(0.0844579954356855, fit.Robust().Coefficients[0].StandardError, 1e-5);
    }

    [Fact]
    public void Tanner_Smith_2016_gives_metafors_result()
    {
        var effects = Datasets.TannerSmith2016().Effects("yi", "vi", label: "Study {study}", effect: "effect", measure: EffectMeasure.FisherZ);
        Assert.Equal((113, "Study 2, effect 1"), (effects.Count, effects.Labels[0]));
        // metafor 5.1-12, dependent-effects.json: tannersmith2016, CHE with rho .8, REML; clubSandwich 0.5.8, CR2.
        var fit = MultilevelModel.Fit(effects, ["study", "effect"], samplingCorrelation: 0.8);
        Assert.Equal(0.102299158212785, fit.Coefficients[0].Estimate, 1e-5);
        Assert.Equal(0.0240848722058936, fit.Robust().Coefficients[0].StandardError, 1e-5);
    }

    [Fact]
    public void The_simulated_effects_say_so_everywhere()
    {
        var table = Datasets.EmpathyEffectsSimulated();
        Assert.StartsWith("263 rows, 11 columns (Simulated data:", table.ToString(), StringComparison.Ordinal);
        Assert.True(table.Correlations().Origin.IsSimulated);
        Assert.Equal("Sample 01, effect 1", table.Correlations().Labels[0]);
    }

    [Fact]
    public void Published_findings_are_the_printed_numbers()
    {
        Assert.Equal(
            [
                "Elliott et al. (2018), therapist empathy: r = .28, 95% CI [.23, .33], 82 independent samples, N = 6,138",
                "Elliott et al. (2011), therapist empathy: r = .31, 95% CI [.28, .34], 59 independent samples, N = 3,599",
                "Flückiger et al. (2018), alliance: r = .278, 95% CI [.256, .299], 295 independent studies",
                "Horvath et al. (2011), alliance: r = .275, 95% CI [.250, .300], 190 independent data sources",
                "Luborsky et al. (2002), treatment differences: mean |d| = 0.20, 17 meta-analyses",
            ],
            Datasets.PublishedFindings().Select(f => f.ToString()));
        Assert.Equal([0.58, null, 0.579, null, null], Datasets.PublishedFindings().Select(f => f.CohensD));
    }

    [Fact]
    public void A_finding_carries_its_source()
    {
        var finding = Datasets.PublishedFinding("Elliott et al. (2018)");
        Assert.Equal("https://doi.org/10.1037/pst0000175", finding.Link);
        Assert.Equal(new ConfidenceInterval(0.23, 0.33, 0.95), finding.Interval);
        Assert.Equal(DataKind.Published, finding.Origin.Kind);
        Assert.EndsWith("Psychotherapy, 55(4), 399-410. https://doi.org/10.1037/pst0000175", finding.Origin.Citation, StringComparison.Ordinal);
        Assert.Null(Datasets.PublishedFinding("Luborsky et al. (2002)").Interval);
        Assert.StartsWith("\"Eliot et al. (2018)\" is not one of the reviews: did you mean \"Elliott et al. (2018)\"?",
            Assert.Throws<StudyDataException>(() => Datasets.PublishedFinding("Eliot et al. (2018)")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_data_set_has_a_page_that_names_its_kind_and_every_column()
    {
        var files = Directory.GetFiles(Repository.PathTo("data"), "*.csv");
        Assert.True(files.Length >= 6);
        foreach (var file in files)
        {
            var page = File.ReadAllText(Path.ChangeExtension(file, ".md"));
            Assert.Matches(@"Kind: \*\*(published|simulated)\*\*", page);
            var documented = Row().Matches(page).SelectMany(m => m.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)).ToHashSet();
            Assert.All(StudyTable.Read(file).Columns, column => Assert.Contains(column.Name, documented));
        }
    }

    [GeneratedRegex(@"^\| ([a-z0-9_, ]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
