using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Properties;

/// <summary>
/// Thousands of awkward data sets: few studies, variances up to sixteen decades apart, equal effects, outliers, effects in the millions. No estimator
/// may end without an answer, and no tau squared of a fine grid may be more likely than the one found.
/// </summary>
public sealed class HardDataTests
{
    private const int DataSets = 2000;

    public static TheoryData<TauSquaredEstimator> Estimators => [.. Enum.GetValues<TauSquaredEstimator>()];

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Every_estimator_has_an_answer(TauSquaredEstimator estimator)
    {
        foreach (var data in HardData.Draw(DataSets))
        {
            var fit = Answer(data, () => RandomEffects.Fit(data.Effects, new() { TauSquared = estimator }));
            Check(data, fit.TauSquared, fit.TauSquaredStandardError!.Value, fit.Estimate, fit.StandardError, fit.Heterogeneity.ISquared, fit.FitStatistics.LogLikelihood);
            var smallest = data.Effects.Effects.Min();
            var largest = data.Effects.Effects.Max();
            if (!(fit.Estimate >= smallest - 1e-12 * Math.Abs(smallest) && fit.Estimate <= largest + 1e-12 * Math.Abs(largest))) Assert.Fail($"{data}: {fit.Estimate:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Every_estimator_has_an_answer_with_a_moderator(TauSquaredEstimator estimator)
    {
        foreach (var data in HardData.Draw(DataSets).Where(d => d.Effects.Count > 2))
        {
            var fit = Answer(data, () => MetaRegression.Fit(data.Effects, Moderator.Number("x"), new() { TauSquared = estimator }));
            Check(data, fit.TauSquared, fit.TauSquaredStandardError!.Value, fit.Coefficients[0].Estimate, fit.Coefficients[1].Estimate,
                fit.Coefficients[1].StandardError, fit.Heterogeneity.ISquared, fit.FitStatistics.LogLikelihood, fit.RSquared!.Value);
        }
    }

    [Theory]
    [InlineData(TauSquaredEstimator.MaximumLikelihood)]
    [InlineData(TauSquaredEstimator.RestrictedMaximumLikelihood)]
    public void No_tau_squared_of_a_fine_grid_is_more_likely(TauSquaredEstimator estimator)
    {
        var restricted = estimator == TauSquaredEstimator.RestrictedMaximumLikelihood;
        var beaten = new List<string>();
        foreach (var data in HardData.Draw(DataSets))
        {
            var fit = RandomEffects.Fit(data.Effects, new() { TauSquared = estimator });
            Compare(data, fit.TauSquared, tau2 => Likelihood.Of(data.Effects, null, tau2, restricted), beaten);
            if (data.Effects.Count < 3) continue;
            var regression = MetaRegression.Fit(data.Effects, Moderator.Number("x"), new() { TauSquared = estimator });
            double[] x = [.. Enumerable.Range(0, data.Effects.Count).Select(i => data.Effects.Column("x").Number(i)!.Value)];
            Compare(data, regression.TauSquared, tau2 => Likelihood.Of(data.Effects, x, tau2, restricted), beaten);
        }
        Assert.True(beaten.Count == 0, $"{beaten.Count} fits are beaten:\n" + string.Join("\n", beaten.Take(20)));
    }

    [Theory]
    [InlineData(LikelihoodMethod.Restricted)]
    [InlineData(LikelihoodMethod.Full)]
    public void A_multilevel_model_of_single_effects_finds_the_same_peak(LikelihoodMethod method)
    {
        var estimator = method == LikelihoodMethod.Full ? TauSquaredEstimator.MaximumLikelihood : TauSquaredEstimator.RestrictedMaximumLikelihood;
        var beaten = new List<string>();
        // Blocks are full matrices, whose digits end where variances are sixteen decades apart.
        foreach (var data in HardData.Draw(DataSets).Where(d => d.Variances != "1e16"))
        {
            var plain = RandomEffects.Fit(data.Effects, new() { TauSquared = estimator });
            try
            {
                var fit = MultilevelModel.Fit(data.Effects, [MultilevelModel.EachEffect], options: new() { Method = method });
                var reference = plain.FitStatistics.LogLikelihood;
                if (fit.LogLikelihood < reference - 1e-6 * (1 + Math.Abs(reference))) beaten.Add($"{data}: {fit.LogLikelihood:R} at {fit.TotalVariance:R}, {reference:R} at {plain.TauSquared:R}");
            }
            catch (ConvergenceException fault)
            {
                beaten.Add($"{data}: {fault.Message}");
            }
        }
        Assert.True(beaten.Count == 0, $"{beaten.Count} fits are beaten:\n" + string.Join("\n", beaten.Take(20)));
    }

    [Theory]
    [InlineData(LikelihoodMethod.Restricted)]
    [InlineData(LikelihoodMethod.Full)]
    public void No_pair_of_variances_of_a_grid_is_more_likely(LikelihoodMethod method)
    {
        var beaten = new List<string>();
        foreach (var data in HardData.Draw(400).Where(d => d.Variances != "1e16" && d.Effects.Count > 4))
        {
            var pairs = StudyColumn.OfNumbers("pair", Enumerable.Range(0, data.Effects.Count).Select(i => (double?)(i / 2)));
            var effects = StudyEffects.Create(data.Effects.Effects, data.Effects.Variances, columns: [pairs]);
            var fit = MultilevelModel.Fit(effects, ["pair", MultilevelModel.EachEffect], options: new() { Method = method });
            var search = new VarianceSearch(fit.Model);
            double[] grid = [0, .. Enumerable.Range(-16, 33).Select(step => data.Scale * Math.Pow(10, step / 2.0))];
            foreach (var outer in grid)
            {
                foreach (var inner in grid)
                {
                    var value = search.ValueAt([outer, inner]);
                    if (value <= fit.LogLikelihood + 1e-7 * (1 + Math.Abs(value))) continue;
                    beaten.Add(string.Create(CultureInfo.InvariantCulture, $"{data}: {fit.LogLikelihood:R}, but ({outer:R}, {inner:R}) has {value:R}"));
                    break;
                }
            }
        }
        Assert.True(beaten.Count == 0, $"{beaten.Count} fits are beaten:\n" + string.Join("\n", beaten.Take(20)));
    }

    public static TheoryData<string> Questions => ["Q-profile", "profile likelihood", "generalised Q", "Henmi-Copas", "Higgins", "Nagashima", "influence", "influence with a moderator", "BLUP", "Baujat",
        "leave one out", "cumulative", "share"];

    [Theory]
    [MemberData(nameof(Questions))]
    public void Every_question_has_an_answer(string question)
    {
        var wrong = new List<string>();
        foreach (var data in HardData.Draw(question == "Nagashima" ? 40 : 200).Where(d => d.Effects.Count > 2))
        {
            var fit = RandomEffects.Fit(data.Effects);
            try
            {
                if (!Numbers(question, data, fit).All(double.IsFinite)) wrong.Add($"{data}: {string.Join(" ", Numbers(question, data, fit))}");
            }
            catch (Exception fault) when (fault is not InsufficientStudiesException)
            {
                wrong.Add($"{data}: {fault.Message}");
            }
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of them:\n" + string.Join("\n", wrong.Take(10)));

        static IEnumerable<double> Of(ConfidenceInterval interval) => interval.Lower <= interval.Upper ? [interval.Lower, interval.Upper] : [double.NaN];

        static double[] Numbers(string question, HardData data, PooledFit fit) => question switch
        {
            "Q-profile" => [.. Of(fit.Heterogeneity.TauSquaredInterval!.Value), .. Of(fit.Heterogeneity.ISquaredInterval!.Value)],
            "profile likelihood" => [.. Of(fit.Heterogeneity.ProfileLikelihoodIntervals().TauSquared)],
            "generalised Q" => [.. Of(fit.Heterogeneity.GeneralizedQIntervals().TauSquared)],
            "Henmi-Copas" => [.. Of(HenmiCopas.Fit(data.Effects).ConfidenceInterval)],
            "Higgins" => [.. Of(fit.PredictionIntervalBy(PredictionIntervalMethod.HigginsThompsonSpiegelhalter))],
            "Nagashima" => [.. Of(fit.PredictionIntervalBy(PredictionIntervalMethod.Nagashima, new() { Draws = 1000 }))],
            "influence" => [.. fit.Influence().Rows.SelectMany(r => new[] { r.StudentizedResidual, r.CookDistance, r.Dffits, r.Hat, r.TauSquaredWithout, r.QWithout }.OfType<double>())],
            "influence with a moderator" => data.Effects.Count < 5 ? [] : [.. MetaRegression.Fit(data.Effects, Moderator.Number("x")).Influence().Rows
                .SelectMany(r => new[] { r.StudentizedResidual, r.CookDistance, r.Dffits, r.Hat, r.TauSquaredWithout, r.QWithout }.OfType<double>())],
            "BLUP" => [.. fit.Blups().SelectMany(b => new[] { b.Estimate, b.StandardError })],
            "Baujat" => [.. fit.Baujat().SelectMany(b => new[] { b.HeterogeneityContribution, b.Influence ?? 0 })],
            "leave one out" => [.. fit.LeaveOneOut().SelectMany(r => new[] { r.Fit.Estimate, r.Fit.TauSquared })],
            "cumulative" => [.. fit.Cumulative().SelectMany(r => new[] { r.Fit.Estimate, r.Fit.TauSquared })],
            _ => [fit.ProbabilityAbove(0).Share, fit.ProbabilityAbove(0).PredictiveProbability],
        };
    }

    private static void Compare(HardData data, double found, Func<double, double> logLikelihood, List<string> beaten)
    {
        var at = logLikelihood(found);
        var (best, tau2) = (logLikelihood(0), 0.0);
        for (var step = -60; step <= 60; step++)
        {
            // Ten points a decade around all scales of the data.
            foreach (var candidate in Enumerable.Range(0, 5).Select(s => data.Scale * Math.Pow(10, (step + s / 5.0) / 3)))
            {
                var value = logLikelihood(candidate);
                if (value > best) (best, tau2) = (value, candidate);
            }
        }
        if (best > at + 1e-9 * (1 + Math.Abs(best)))
        {
            beaten.Add(string.Create(CultureInfo.InvariantCulture, $"{data}: found {found:R} with {at:R}, but {tau2:R} has {best:R}"));
        }
    }

    private static T Answer<T>(HardData data, Func<T> fit)
    {
        try
        {
            return fit();
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"{data}: {fault.Message}", fault);
        }
    }

    private static void Check(HardData data, double tau2, params ReadOnlySpan<double> others)
    {
        // Put into words only where it fails: a set of data is long, and there are thousands of them.
        if (!(tau2 >= 0 && double.IsFinite(tau2))) Assert.Fail($"{data}: tau² = {tau2:R}");
        foreach (var number in others)
        {
            if (!double.IsFinite(number)) Assert.Fail($"{data}: {string.Join(" ", others.ToArray())}");
        }
    }
}

/// <summary>One awkward data set with a name that leads back to it.</summary>
internal sealed record HardData(int Seed, string Variances, string Pattern, StudyEffects Effects)
{
    private static readonly int[] Counts = [2, 3, 3, 4, 5, 6, 8, 12, 30];
    private static readonly string[] VarianceKinds = ["equal", "1e1", "1e2", "1e4", "1e8", "1e16", "two scales"];
    private static readonly string[] Patterns = ["no tau", "tau as v", "huge tau", "equal", "millions", "outlier", "two groups", "precise apart"];

    public double Scale => Math.Exp(Effects.Variances.Average(Math.Log));

    public static IEnumerable<HardData> Draw(int count) => Enumerable.Range(1, count).Select(One);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"#{Seed} ({Variances}, {Pattern}) y = c({string.Join(", ", Effects.Effects.Select(y => y.ToString("R", CultureInfo.InvariantCulture)))}), v = c({string.Join(", ", Effects.Variances.Select(v => v.ToString("R", CultureInfo.InvariantCulture)))})");

    private static HardData One(int seed)
    {
        var random = new Random(seed);
        T Any<T>(T[] from) => from[random.Next(from.Length)];
        double Normal() => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
        var k = Any(Counts);
        var (variances, pattern) = (Any(VarianceKinds), Any(Patterns));
        var v = new double[k];
        for (var i = 0; i < k; i++)
        {
            v[i] = variances switch
            {
                "equal" => 0.05,
                "two scales" => i % 2 == 0 ? 1e-4 : 1,
                _ => Math.Exp((random.NextDouble() - 0.5) * Math.Log(double.Parse(variances, CultureInfo.InvariantCulture))),
            };
        }
        var typical = Math.Exp(v.Average(Math.Log));
        var y = new double[k];
        for (var i = 0; i < k; i++)
        {
            var noise = Math.Sqrt(v[i]) * Normal();
            y[i] = pattern switch
            {
                "no tau" => 0.3 + noise,
                "tau as v" => 0.3 + noise + Math.Sqrt(typical) * Normal(),
                "huge tau" => 1e3 * Math.Sqrt(typical) * Normal(),
                "equal" => 0.3,
                "millions" => 1e6 * Normal(),
                "outlier" => 0.3 + noise + (i == 0 ? 50 * Math.Sqrt(typical) : 0),
                "two groups" => noise + (i % 2 == 0 ? 3 : -3) * Math.Sqrt(typical),
                _ => i < 2 ? (i == 0 ? 1 : -1) * 6 * Math.Sqrt(v[i]) : noise,
            };
        }
        var x = StudyColumn.OfNumbers("x", Enumerable.Range(0, k).Select(i => (double?)(2000 + i * 7 % 11 + (i > 10 ? 0.5 : 0))));
        return new HardData(seed, variances, pattern, StudyEffects.Create(y, v, columns: [x]));
    }
}

/// <summary>The log-likelihood of tau squared up to a constant, with nothing borrowed from the library.</summary>
internal static class Likelihood
{
    public static double Of(StudyEffects effects, double[]? x, double tau2, bool restricted)
    {
        var k = effects.Count;
        double logs = 0, sw = 0, swy = 0, swx = 0;
        for (var i = 0; i < k; i++)
        {
            var w = 1 / (effects.Variances[i] + tau2);
            logs -= Math.Log(w);
            sw += w;
            swy += w * effects.Effects[i];
            swx += w * (x?[i] ?? 0);
        }
        double my = swy / sw, mx = swx / sw, sxx = 0, sxy = 0;
        for (var i = 0; i < k && x is not null; i++)
        {
            var w = 1 / (effects.Variances[i] + tau2);
            sxx += w * (x[i] - mx) * (x[i] - mx);
            sxy += w * (x[i] - mx) * (effects.Effects[i] - my);
        }
        double slope = x is null ? 0 : sxy / sxx, q = 0;
        for (var i = 0; i < k; i++)
        {
            var e = effects.Effects[i] - my - slope * ((x?[i] ?? 0) - mx);
            q += e * e / (effects.Variances[i] + tau2);
        }
        return -0.5 * (logs + q + (restricted ? Math.Log(sw) + (x is null ? 0 : Math.Log(sxx)) : 0));
    }
}
