using System.Globalization;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;
using Jint;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

/// <summary>The regression that the moderator explorer computes in the browser, against the library, and what it starts from.</summary>
public sealed class ModeratorExplorerTests
{
    private static StudyEffects Expectancy { get; } = StudyTable.Read(Repository.PathTo("tests", "golden", "metafor", "data", "raudenbush1985.csv"))
        .Effects(yi: "yi", vi: "vi", label: "{study} {author} ({year})", measure: EffectMeasure.StandardizedMeanDifference);

    public static TheoryData<string, TauSquaredEstimator, Inference> Fits =>
    [
        .. from moderator in (string[])["weeks", "centred", "tester", "types"]
           from choice in (IEnumerable<(TauSquaredEstimator, Inference)>)[(TauSquaredEstimator.RestrictedMaximumLikelihood, Inference.HartungKnapp), (TauSquaredEstimator.DerSimonianLaird, Inference.Normal), (TauSquaredEstimator.PauleMandel, Inference.StudentT)]
           select (moderator, choice.Item1, choice.Item2),
    ];

    [Theory]
    [MemberData(nameof(Fits))]
    public void The_browser_computes_what_the_library_computes(string moderator, TauSquaredEstimator estimator, Inference inference)
    {
        var (effects, term) = moderator switch
        {
            "weeks" => (Expectancy, (Moderator)Moderator.Number("weeks")),
            "centred" => (Expectancy, Moderator.Number("weeks").Centered().ScaledBy(10)),
            "tester" => (Expectancy, Moderator.Category("tester", reference: "blind")),
            _ => (Datasets.McDaniel1994().Correlations(), Moderator.Category("type")),
        };
        var fit = MetaRegression.Fit(effects, term, new() { TauSquared = estimator, Inference = inference, ConfidenceLevel = 0.9 });
        Compare(ModeratorExplorer.Create(fit));
    }

    /// <summary>Few studies, ties, variances far apart, studies at one end: numbers and categories.</summary>
    [Fact]
    public void Small_and_ugly_designs_agree_too()
    {
        var random = new Philox(17);
        var compared = 0;
        for (ulong trial = 0; trial < 80; trial++)
        {
            random.MoveTo(trial);
            var k = 4 + random.NextBelow(9);
            double[] y = new double[k], v = new double[k], x = new double[k];
            for (var i = 0; i < k; i++)
            {
                v[i] = Math.Pow(10, -4 * random.NextDouble());
                y[i] = trial % 3 == 0 ? Math.Round(random.NextDouble(), 1) : 0.5 + (random.NextDouble() - 0.5) * (trial % 3 == 1 ? 4 : 0.2);
                x[i] = trial % 4 < 2 ? random.NextBelow(4) : trial % 4 == 2 ? 2000 + 20 * random.NextDouble() : i == 0 ? 50 : random.NextDouble();
            }
            if (x.Distinct().Count() < 2) continue;
            var isCategory = trial % 4 == 0;
            var column = isCategory ? StudyColumn.OfTexts("x", [.. x.Select(value => "group " + value.ToString(CultureInfo.InvariantCulture))]) : StudyColumn.OfNumbers("x", [.. x.Select(value => (double?)value)]);
            var effects = StudyEffects.Create(y, v, columns: [column]);
            if (isCategory && x.Distinct().Count() >= k) continue;
            var fit = MetaRegression.Fit(effects, isCategory ? Moderator.Category("x") : Moderator.Number("x"));
            // Where the line goes through every study, all standard errors of Hartung and Knapp are rounding.
            if (fit.Residuals.All(e => Math.Abs(e) < 1e-12)) continue;
            Compare(ModeratorExplorer.Create(fit));
            compared++;
        }
        Assert.True(compared > 60, $"{compared} designs");
    }

    private static void Compare(ModeratorExplorer explorer)
    {
        var fit = explorer.Model.Fit;
        var payload = MetaAnalysisExplorerTests.Payload(explorer);
        var text = payload.ToString();
        var theirs = ExplorerScript.Call($$"""
            text => {
              const model = JSON.parse(text), row = x => model.categories.length ? [1, ...model.categories.slice(1).map((_, i) => x === i + 1 ? 1 : 0)] : [1, (x - model.centre) / model.unit];
              const fit = regression.fit(model.studies.map(s => s.y), model.studies.map(s => s.v), model.studies.map(s => row(s.x)), model.settings);
              const at = fit.at(row(model.studies[0].x));
              return [...({{RegressionAgreement.Numbers}})(fit), at.estimate, ...at.ci, ...at.pi];
            }
            """, text).AsArray().Select(value => value.AsNumber()).ToArray();
        Assert.Equal(fit.CoefficientCount, RegressionAgreement.LeveragesIn(theirs[..^5], fit.Count).Sum(), 1e-8);
        RegressionAgreement.Compare(fit, theirs[..^5], $"{fit.Moderators}, {fit.MethodCode}, k = {fit.Count}");
        var prediction = fit.Predictions()[0];
        double[] line = [prediction.Estimate, prediction.ConfidenceInterval.Lower, prediction.ConfidenceInterval.Upper, prediction.PredictionInterval!.Value.Lower, prediction.PredictionInterval.Value.Upper];
        for (var i = 0; i < 5; i++) Assert.Equal(line[i], theirs[^(5 - i)], RegressionAgreement.Tolerance * Math.Max(1, Math.Abs(line[i])));
    }

    [Fact]
    public void Where_a_study_cannot_be_told_apart_the_browser_says_so_and_computes_nothing() =>
        Assert.True(ExplorerScript.Evaluate("regression.fit([1, 2, 3, 4], [1, 1, 1, 1], [[1, 5], [1, 5], [1, 5], [1, 5]], { method: 'REML', test: 'hk', level: 0.95 })").IsNull());

    [Fact]
    public void It_starts_from_the_fit_and_says_what_it_found()
    {
        var explorer = ModeratorExplorer.Create(MetaRegression.Fit(Expectancy, Moderator.Number("weeks")), new() { Name = "weeks of contact" });
        var model = explorer.Model;
        // metafor's rma(yi, vi, mods = ~ weeks, test = "knha") of these data.
        Assert.StartsWith("Meta-regression of 19 studies on weeks of contact to try out. weeks: b = −0.0157 [−0.0293, −0.00221]; F(1, 17) = 6.03", explorer.Finding, StringComparison.Ordinal);
        Assert.Contains("R² = 40.6%", explorer.Finding, StringComparison.Ordinal);
        Assert.True(model.Categories.IsEmpty);
        Assert.Equal(24, model.Values.Max());
        // No study can be dragged to weeks below 0.
        Assert.Equal(0, model.XAxis.Minimum);
        Assert.True(model.XAxis.Maximum > 24 && model.YAxis.Minimum < Expectancy.Effects.Min() && model.YAxis.Maximum > Expectancy.Effects.Max());
        Assert.Contains("no data any more", model.Notes[^1], StringComparison.Ordinal);

        var category = ModeratorExplorer.Create(MetaRegression.Fit(Expectancy, Moderator.Category("tester", reference: "blind"))).Model;
        Assert.Equal(["blind", "aware"], category.Categories);
        Assert.Equal(Enumerable.Range(0, 19).Select(i => Expectancy.Column("tester").Text(i) == "aware" ? 1.0 : 0), category.Values);
    }

    [Fact]
    public void What_cannot_be_moved_is_refused_with_what_can()
    {
        static void Refused(MetaRegressionFit fit, string why)
        {
            var error = Assert.Throws<ImpossibleChoiceException>(() => ModeratorExplorer.Create(fit));
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }

        Refused(MetaRegression.Fit(Expectancy, Moderator.Number("weeks") + Moderator.Category("tester")), "along one number or between the categories of one column");
        Refused(MetaRegression.Fit(Expectancy, Moderator.Category("tester").WithoutIntercept()), "in a model with a constant");
        Refused(MetaRegression.Fit(Expectancy, Moderator.Number("weeks").Polynomial(2)), "along one number");
        Refused(MetaRegression.Fit(Expectancy, Moderator.Number("weeks"), new() { TauSquared = TauSquaredEstimator.MaximumLikelihood }), "DerSimonian-Laird, Paule-Mandel or REML");
        Refused(MetaRegression.Fit(Expectancy, Moderator.Number("weeks"), new() { TauSquared = null }), "this fit has others");
        Refused(MetaRegression.Fit(Expectancy, Moderator.Number("weeks"), new() { Inference = Inference.KenwardRoger }), "normal, t or Hartung-Knapp");
    }
}
