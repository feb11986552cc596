using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Results as a notebook shows them on their own: every row is one of the result, with its numbers.</summary>
public sealed class ResultTableTests
{
    private static Table Say(object result) => Assert.IsType<Table>(Answers.Say(result));

    private static string Text(Table table) => PlainTextWriter.Write(new Document([table]));

    [Fact]
    public void Influence_on_any_fit_has_a_row_for_each_study_or_cluster_and_names_the_limits()
    {
        var fit = MultilevelModel.Fit(Fits.Effects, ["sample", MultilevelModel.EachEffect], 0.6);
        var influence = fit.InfluenceOf("sample");
        var table = Say(influence);
        Assert.Equal("Influence of sample", table.Title);
        Assert.Equal(influence.Rows.Select(r => r.Name), table.Rows.Select(r => r[0]));
        Assert.Equal(influence.Rows.Select(r => r.Rows.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)), table.Rows.Select(r => r[1]));
        Assert.Equal(influence.Rows.Where(r => r.IsInfluential).Select(r => r.Name), table.Rows.Where(r => r[^1] == "influential").Select(r => r[0]));
        Assert.Contains("Limits: Cook's D ", Text(table), StringComparison.Ordinal);
        Assert.Contains("it need not be wrong", Text(table), StringComparison.Ordinal);

        // One study that outweighs all is marked, and the data are called what they are.
        var simulated = StudyEffects.Create([0.1, 0.15, 0.12, 0.08, 0.11, 3], [0.02, 0.02, 0.02, 0.02, 0.02, 0.02], labels: ["a", "b", "c", "d", "e", "outlier"], origin: new DataOrigin(DataKind.Simulated, "six studies"));
        var marked = Say(RandomEffects.Fit(simulated).InfluenceOf());
        Assert.Equal("Simulated data: six studies", marked.Label);
        Assert.Equal("outlier", Assert.Single(marked.Rows, r => r[^1] == "influential")[0]);
    }

    [Fact]
    public void Posteriors_and_powers_are_called_what_their_data_are()
    {
        var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ, columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012])],
            origin: new DataOrigin(DataKind.Simulated, "four studies"));
        var fit = RandomEffects.Fit(effects);
        var bayes = BayesianModel.Fit(effects);
        object[] results =
        [
            bayes, bayes.Average(), BayesianModel.Fit(effects, Moderator.Number("year").Centered()), fit.StudyPower(), fit.NextStudyOfVariance(0.01), Firepower.Of([("own", RandomEffects.Fit(Fits.Effects)), ("drawn", fit)], [0.1]),
            CopasSelection.Fit(effects), ModelAveragedBiasAdjustment.Fit(effects),
        ];
        Assert.All(results, result => Assert.Equal("Simulated data: four studies", Say(result).Label));
        Assert.EndsWith("[simulated data]", fit.NextStudyOfVariance(0.01).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("random effects")]
    [InlineData("regression")]
    [InlineData("multilevel")]
    public void Every_table_of_every_answer_is_called_what_the_data_are(string kind)
    {
        var simulated = StudyEffects.Create(Fits.Effects.Effects, Fits.Effects.Variances, Fits.Effects.Measure, columns: [.. Fits.Effects.Columns], origin: new DataOrigin(DataKind.Simulated, "twelve effects"));
        var inquiry = Fits.Ask(kind, ("--bias", true), ("--sensitivity", true), ("--bayes", true), ("--meaning", true), ("--tau-ci", "PL"));
        inquiry = Inquiry.Of(inquiry.Fit!.Refit(simulated)) with { Said = inquiry.Said, Correction = inquiry.Correction };
        Block[] blocks = [.. Questions.All.Select(q => Asked(q, inquiry)).OfType<Answer>().Where(a => a.Unanswered is null).SelectMany(a => a.Blocks)];
        Assert.InRange(blocks.OfType<Table>().Count(), 8, 100);
        Assert.All(blocks.OfType<Table>(), table => Assert.Equal("Simulated data: twelve effects", table.Label));
        Assert.All(blocks.OfType<Paragraph>(), paragraph => Assert.Contains("[simulated data]", paragraph.Text, StringComparison.Ordinal));
        // Own data are named at the head and not above every table.
        Assert.Contains(Questions.Ask(Fits.Ask(kind, ("--bias", true))).SelectMany(a => a.Blocks).OfType<Table>(), table => table.Label.Length == 0);
    }

    private static Answer? Asked(Question question, Inquiry inquiry)
    {
        try
        {
            return question.Ask(inquiry);
        }
        catch (QuestionException)
        {
            // Not every model has an answer to all that is asked here.
            return null;
        }
    }

    [Fact]
    public void Deletions_and_Baujat_points_of_clusters_are_rows_of_their_names()
    {
        var fit = MultilevelModel.Fit(Fits.Effects, ["sample", MultilevelModel.EachEffect], 0.6);
        var deletions = fit.LeaveOneOut("sample");
        var table = Say(deletions);
        Assert.Equal(deletions.Select(d => d.Name), table.Rows.Select(r => r[0]));
        Assert.Equal(deletions.Select(d => d.Fit!.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)), table.Rows.Select(r => r[1]));

        var points = fit.Baujat("sample");
        var baujat = Say(points);
        Assert.Equal("Baujat", baujat.Title);
        Assert.Equal(points.Select(p => p.Name), baujat.Rows.Select(r => r[0]));
        Assert.Equal(points.Select(p => StatisticText.Number(p.HeterogeneityContribution!.Value)), baujat.Rows.Select(r => r[2]));
    }

    [Fact]
    public void Power_of_single_studies_and_by_true_effect_says_each_study_and_never_one_or_nought()
    {
        var fit = RandomEffects.Fit(Fits.Effects);
        var powers = fit.StudyPower(new() { TrueEffect = 0.3 });
        var table = Say(powers);
        Assert.Equal(powers.Labels, table.Rows.Select(r => r[0]));
        Assert.Equal(powers.IsSignificant.Select(s => s ? "yes" : "no"), table.Rows.Select(r => r[2]));
        Assert.Contains($"{powers.AdequateCount} of 12 with 80% or more", Text(table), StringComparison.Ordinal);
        Assert.All(Say(fit.StudyPower(new() { TrueEffect = 3 })).Rows, r => Assert.Equal("> .999", r[1]));
    }

    [Fact]
    public void Correlated_outcomes_without_one_common_correlation_are_said_pair_by_pair()
    {
        var effects = StudyEffects.Create([0.42, 0.35, 0.10, 0.61, 0.48, 0.55, 0.05, 0.30, 0.22, 0.31, 0.12, -0.10, 0.02, 0.44, 0.36, 0.52, 0.41, 0.20], [.. Enumerable.Repeat(0.01, 18)],
            columns: [StudyColumn.OfTexts("sample", Enumerable.Range(0, 18).Select(i => $"s{i / 3}")), StudyColumn.OfTexts("outcome", Enumerable.Range(0, 18).Select(i => "xyz"[i % 3].ToString()))]);
        MultivariateFit Fit(CovarianceStructure structure) => MultivariateModel.Fit(effects, "sample", "outcome", new() { Structure = structure, SamplingCorrelation = 0.4 });
        var fit = Fit(CovarianceStructure.Unstructured);
        var text = Text(Say(fit));
        foreach (var (first, second) in new[] { ("x", "y"), ("x", "z"), ("y", "z") })
        {
            Assert.Contains($"Correlation of true effects, {first} and {second}: {StatisticText.Number(fit.Covariances[0].Correlation(first, second)!.Value, 2, leadingZero: false)}", text, StringComparison.Ordinal);
        }
        Assert.Contains("within sample are assumed to correlate .40", text, StringComparison.Ordinal);
        // Independent outcomes have none, a common correlation is said once.
        Assert.DoesNotContain("Correlation of true effects", Text(Say(Fit(CovarianceStructure.Diagonal))), StringComparison.Ordinal);
        Assert.DoesNotContain("Correlation of true effects, x", Text(Say(Fit(CovarianceStructure.CompoundSymmetry))), StringComparison.Ordinal);
    }
}
