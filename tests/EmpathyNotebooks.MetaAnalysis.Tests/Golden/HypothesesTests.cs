using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>hypotheses.json: linear hypotheses with a right-hand side, collapsed cumulative fits, iterated estimators (metafor 5.0).</summary>
public sealed class HypothesesTests
{
    private static readonly JsonElement Root = Reference.Root("hypotheses.json");

    [Fact]
    public void Hypotheses_with_a_right_hand_side_agree()
    {
        var cases = Root.GetProperty("hypotheses").EnumerateArray().ToList();
        Assert.Equal(40, cases.Count);
        foreach (var c in cases)
        {
            var effects = StudyEffects.Create(Numbers(c, "yi"), Numbers(c, "vi"), columns: [Column(c, "x1"), Column(c, "x2")]);
            var isT = c.GetProperty("test").GetString() == "t";
            var fit = MetaRegression.Fit(effects, Moderator.Number("x1") + Moderator.Number("x2"), new()
            {
                TauSquared = TauSquaredEstimator.DerSimonianLaird, Inference = isT ? Inference.StudentT : Inference.Normal,
            });
            double[] a = Numbers(c, "a"), b = Numbers(c, "b"), rhs = Numbers(c, "rhs");
            double[][] rows = [a, b];
            double[] z = Numbers(c, "zval"), p = Numbers(c, "pval");
            for (var i = 0; i < 2; i++)
            {
                var one = fit.LinearHypothesis("h", rows[i], rhs[i]);
                Reference.Agree(one.Statistic, z[i], 1e-7, "statistic");
                Reference.Agree(one.PValue, p[i], 1e-7, "p");
            }
            var together = fit.TestHypotheses(rows, rhs);
            Reference.Agree(together.Statistic, c.GetProperty("QM"), 1e-7, "QM");
            Reference.Agree(together.PValue, c.GetProperty("QMp"), 1e-7, "QMp");
            Assert.Equal(fit.TestTogether(a, b), fit.TestHypotheses(rows, [0, 0]));
        }
        Assert.Throws<ArgumentException>(() => AnyFit().TestHypotheses([[1, 0]], [1, 2]));
        Assert.Throws<ArgumentException>(() => AnyFit().LinearHypothesis("h", [1, 0], double.NaN));
    }

    [Fact]
    public void Studies_of_one_value_are_added_together()
    {
        foreach (var c in Root.GetProperty("cumulative").EnumerateArray())
        {
            var effects = StudyEffects.Create(Numbers(c, "yi"), Numbers(c, "vi"), columns: [Column(c, "year")]);
            var rows = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.DerSimonianLaird, Inference = Inference.Normal }).CumulativeBy("year", collapse: true);
            double[] estimates = Numbers(c, "estimate"), errors = Numbers(c, "se"), tau2 = Numbers(c, "tau2");
            Assert.Equal(estimates.Length, rows.Length);
            for (var i = 0; i < rows.Length; i++)
            {
                Reference.Agree(rows[i].Fit.Estimate, estimates[i], 1e-8, "estimate");
                Reference.Agree(rows[i].Fit.StandardError, errors[i], 1e-8, "standard error");
                Reference.Agree(rows[i].Fit.TauSquared, tau2[i], 1e-7, "tau squared");
            }
            Assert.Equal(effects.Column("year").Text(rows[^1].Index), rows[^1].Label);
        }
    }

    [Fact]
    public void Iterated_estimators_solve_the_equation_of_Paule_and_Mandel()
    {
        var compared = 0;
        foreach (var c in Root.GetProperty("iterated").EnumerateArray())
        {
            var effects = StudyEffects.Create(Numbers(c, "yi"), Numbers(c, "vi"));
            foreach (var (name, estimator) in new[] { ("DLIT", TauSquaredEstimator.IteratedDerSimonianLaird), ("SJIT", TauSquaredEstimator.IteratedSidikJonkman) })
            {
                if (c.GetProperty(name).ValueKind != JsonValueKind.Object) continue;
                var fit = RandomEffects.Fit(effects, new() { TauSquared = estimator, Inference = Inference.Normal });
                var tau2 = c.GetProperty(name).GetProperty("tau2").GetDouble();
                // Where the estimate is 0 the Sidik-Jonkman iteration stops on its way there.
                if (fit.TauSquared == 0)
                {
                    Assert.True(tau2 < 1e-2, $"{name}: {tau2}");
                    continue;
                }
                Reference.Agree(fit.TauSquared, tau2, 1e-6, name);
                Reference.Agree(fit.TauSquaredStandardError!.Value, c.GetProperty(name).GetProperty("se"), 1e-6, $"SE {name}");
                Assert.Equal(name, fit.MethodCode);
                compared++;
            }
        }
        Assert.True(compared > 60, $"only {compared}");
    }

    [Fact]
    public void A_Wald_interval_of_tau_squared_is_the_estimate_with_its_standard_error()
    {
        var fit = RandomEffects.Fit(Reference.Load("bcg"));
        var interval = fit.Heterogeneity.WaldIntervals().TauSquared;
        Assert.Equal(fit.TauSquared + 1.959963984540054 * fit.TauSquaredStandardError!.Value, interval.Upper, 1e-12);
        Assert.Equal(Math.Max(0, fit.TauSquared - 1.959963984540054 * fit.TauSquaredStandardError!.Value), interval.Lower, 1e-12);
        Assert.Throws<ImpossibleChoiceException>(() => EqualEffects.Fit(Reference.Load("bcg")).Heterogeneity.WaldIntervals());
    }

    private static MetaRegressionFit AnyFit() => MetaRegression.Fit(StudyEffects.Create([0.1, 0.4, 0.2, 0.6], [0.01, 0.02, 0.01, 0.03],
        columns: [StudyColumn.OfNumbers("x", [1, 2, 3, 5])]), Moderator.Number("x"));

    private static double[] Numbers(JsonElement c, string name) => c.GetProperty(name) is { ValueKind: JsonValueKind.Array } all
        ? [.. all.EnumerateArray().Select(v => v.GetDouble())] : [c.GetProperty(name).GetDouble()];

    private static StudyColumn Column(JsonElement c, string name) => StudyColumn.OfNumbers(name, Numbers(c, name).Select(v => (double?)v));
}
