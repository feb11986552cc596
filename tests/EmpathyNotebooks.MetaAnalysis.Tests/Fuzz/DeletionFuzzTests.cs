using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

/// <summary>Fits without a study, found from the sums of all studies, are the fits of the others, summed one by one.</summary>
public sealed class DeletionFuzzTests
{
    private static readonly TauSquaredEstimator[] Estimators = Enum.GetValues<TauSquaredEstimator>();

    [Fact]
    public void Of_few_studies_to_the_last_digit() => FuzzRun.Of(200, 2, (seed, findings) => Compare(FuzzData.Draw(seed, fewest: 2, most: 30), 30, isExact: true, findings));

    [Fact]
    public void Of_many_studies_to_rounding() => FuzzRun.Of(60, 10, (seed, findings) => Compare(FuzzData.Draw(seed, fewest: DeletionSums.Few + 1, most: 400), 10, isExact: false, findings));

    private static void Compare(FuzzData data, int most, bool isExact, Findings findings)
    {
        var random = new Philox(data.Seed, 4);
        var options = new RandomEffectsOptions { TauSquared = Estimators[random.Next(Estimators.Length)], Inference = random.Next(2) == 0 ? Inference.Normal : Inference.HartungKnapp };
        var effects = data.Effects;
        LeaveOneOutRow[] rows;
        try
        {
            rows = [.. RandomEffects.Fit(effects, options).LeaveOneOut()];
        }
        catch (Exception fault) when (FuzzRun.IsDocumented(fault))
        {
            findings.Asked("leave one out", fault);
            return;
        }
        findings.Asked("leave one out", null);
        // Always among them: the first, which may outweigh all, and the most precise.
        var heaviest = Array.IndexOf(data.Vi, data.Vi.Min());
        for (var draw = 0; draw < Math.Min(most, data.Count); draw++)
        {
            var left = most >= data.Count ? draw : draw switch { 0 => 0, 1 => heaviest, _ => random.Next(data.Count) };
            var fit = rows[left].Fit;
            var direct = RandomEffects.Fit(effects.Select([.. Enumerable.Range(0, data.Count).Where(i => i != left)]), options);
            // What rounding of effects far from their mean leaves.
            var digits = isExact ? 0 : 1e-9 + 64 * Math.ScaleB(1, -52) * data.Count * data.Yi.Max(Math.Abs) / Math.Sqrt(data.Vi.Min() + direct.TauSquared);
            Near("τ²", fit.TauSquared, direct.TauSquared, data.Vi.Min() + direct.TauSquared);
            Near("estimate", fit.Estimate, direct.Estimate, direct.StandardError);
            Near("standard error", fit.StandardError, direct.StandardError, direct.StandardError);

            void Near(string what, double found, double expected, double unit)
            {
                if (!(Math.Abs(found - expected) <= digits * unit)) findings.Wrong($"{what} ({options.TauSquared})", string.Create(CultureInfo.InvariantCulture, $"{data} without {left + 1}: {found:R}, summed {expected:R}, unit {unit:G3}"));
            }
        }
    }

    [Fact]
    public void Sums_are_smooth_to_rounding() => FuzzRun.Of(300, 1, (seed, findings) =>
    {
        var data = FuzzData.Draw(seed, fewest: 2);
        var smooth = new SmoothSums(data.Yi, data.Vi);
        double[] others = [.. data.Vi.Where((_, i) => i != smooth.Pivot)];
        var random = new Philox(seed, 5);
        for (var draw = 0; draw < 20; draw++)
        {
            var tau2 = draw == 0 ? 0 : data.Vi.Min() * Math.Pow(10, 16 * random.NextDouble() - 3);
            var (found, origin) = smooth.At(tau2);
            var summed = new WeightedSums.Pass();
            for (var i = 0; i < data.Count; i++) if (i != smooth.Pivot) summed.Add(1 / (data.Vi[i] + tau2), data.Yi[i] - origin);
            var pairs = (ReadOnlySpan<(string, double, double, double)>)[("w", found.R1, summed.R1, summed.R1), ("w²", found.R2, summed.R2, summed.R2), ("w³", found.R3, summed.R3, summed.R3),
                ("wd", found.M1, summed.M1, Math.Sqrt(summed.R1 * summed.Q1)), ("w²d", found.M2, summed.M2, Math.Sqrt(summed.R2 * summed.Q2)), ("w³d", found.M3, summed.M3, Math.Sqrt(summed.R3 * summed.Q3)),
                ("wd²", found.Q1, summed.Q1, summed.Q1), ("w²d²", found.Q2, summed.Q2, summed.Q2), ("w³d²", found.Q3, summed.Q3, summed.Q3),
                ("ln", smooth.LogVariancesAt(tau2), others.Sum(v => Math.Log(v + tau2)), 1 + others.Sum(v => Math.Abs(Math.Log(v + tau2))))];
            foreach (var (what, value, expected, unit) in pairs)
            {
                if (!(Math.Abs(value - expected) <= 4e-14 * unit)) findings.Wrong(what, string.Create(CultureInfo.InvariantCulture, $"{data} at {tau2:R}: {value:R}, summed {expected:R}"));
            }
        }
    });

    /// <summary>Each sum of all but one row, also where the row is most of a sum: an outlier, the most precise, and the second most precise beside it.</summary>
    [Fact]
    public void Every_sum_without_a_row_is_that_of_the_others() => FuzzRun.Of(40, 20, (seed, findings) =>
    {
        var data = FuzzData.Draw(seed, fewest: DeletionSums.Few + 1, most: 260);
        var (y, v) = ((double[])data.Yi.Clone(), (double[])data.Vi.Clone());
        (v[3], v[4], y[5]) = (v.Min() / 1e3, v.Min() / 5e2, y[5] + 1e4 * Math.Sqrt(v.Max()));
        var smooth = new SmoothSums(y, v);
        var random = new Philox(seed, 6);
        foreach (var row in (int[])[0, 3, 4, 5, Array.IndexOf(v, v.Max()), random.Next(data.Count)])
        {
            double[] ys = [.. y.Where((_, i) => i != row)], vs = [.. v.Where((_, i) => i != row)];
            var direct = new InterceptSums(ys, vs);
            var sums = new DeletionSums(smooth, row, new DeletionSums.Buffer());
            Same("largest variance", sums.LargestVariance, direct.LargestVariance, 0, 0);
            Same("smallest variance", sums.SmallestVariance, direct.SmallestVariance, 0, 0);
            foreach (var tau2 in (double[])[0, v.Min(), data.Vi.Min() * random.NextDouble(), data.Vi.Average(), 100 * data.Vi.Max(), 0])
            {
                direct.MoveTo(tau2);
                sums.MoveTo(tau2);
                // A sum of squares that nearly cancel leaves what rounding of its parts leaves.
                var mean = direct.Sums.Mean;
                var scatter = ys.Zip(vs, (e, u) => (e - mean) * (e - mean) / (u + tau2)).Sum() + 1e-12 * ys.Zip(vs, (e, u) => e * e / (u + tau2)).Sum();
                Same("Σw", sums.SumOfWeights, direct.SumOfWeights, direct.SumOfWeights, tau2);
                Same("Σw²", sums.SumOfSquaredWeights, direct.SumOfSquaredWeights, direct.SumOfSquaredWeights, tau2);
                Same("mean", sums.Sums.Mean, direct.Sums.Mean, Math.Sqrt(scatter / direct.SumOfWeights), tau2);
                Same("Q", sums.Q, direct.Q, scatter, tau2);
                Same("y'PPy", sums.YPPY, direct.YPPY, scatter / (vs.Min() + tau2), tau2);
                Same("y'PPPy", sums.YPPPY, direct.YPPPY, scatter / (vs.Min() + tau2) / (vs.Min() + tau2), tau2);
                Same("tr(P)", sums.TraceP, direct.TraceP, direct.SumOfWeights, tau2);
                Same("tr(PP)", sums.TracePP, direct.TracePP, direct.SumOfSquaredWeights, tau2);
                Same("ln|X'WX|", sums.LogInformation, direct.LogInformation, 1, tau2);
                Same("Σ ln", sums.LogVariances(), direct.LogVariances(), vs.Sum(u => 1 + Math.Abs(Math.Log(u + tau2))), tau2);
                if (tau2 == 0) Same("Q at 0", sums.AtZero!.Value.Q, direct.AtZero!.Value.Q, scatter, tau2);
            }
            Same("Hedges", sums.MomentsWith(MomentWeights.Equal).Q, direct.MomentsWith(MomentWeights.Equal).Q, 0, 0);
            Same("mean variance", sums.MeanVariances().OfSampling, direct.MeanVariances().OfSampling, 0, 0);

            void Same(string what, double found, double expected, double unit, double tau2)
            {
                if (!(Math.Abs(found - expected) <= 1e-12 * unit)) findings.Wrong(what, string.Create(CultureInfo.InvariantCulture, $"#{data.Seed} ({data.Variances}, {data.Pattern}) without {row + 1} at {tau2:R}: {found:R}, summed {expected:R}, unit {unit:G3}"));
            }
        }
    });

    /// <summary>The short way of models without moderators against the way of all models, on the processors too.</summary>
    [Fact]
    public void Influence_is_that_of_the_general_way() => FuzzRun.Of(30, 20, (seed, findings) =>
    {
        var data = FuzzData.Draw(seed, fewest: seed % 5 == 0 ? 501 : 3, most: seed % 5 == 0 ? 501 : 30);
        var random = new Philox(seed, 7);
        var estimator = Estimators[random.Next(Estimators.Length)];
        var inference = random.Next(3) switch { 0 => Inference.Normal, 1 => Inference.StudentT, _ => Inference.HartungKnapp };
        if (estimator == TauSquaredEstimator.GeneralizedQ || data.Pattern is "equal" or "zero" or "1e8" or "huge tau" or "one not zero" || data.Variances is "1e12 times" or "one outweighs all") return;
        InfluenceRow[] found, expected;
        try
        {
            var fit = random.Next(5) == 0 ? EqualEffects.Fit(data.Effects, new() { Inference = inference }) : RandomEffects.Fit(data.Effects, new() { TauSquared = estimator, Inference = inference });
            if (!InterceptInfluence.Suits(fit)) return;
            found = [.. fit.Influence().Rows];
            expected = [.. InfluenceAnalysis.Of(Deletions.Of(fit)).Rows];
        }
        catch (Exception fault) when (FuzzRun.IsDocumented(fault))
        {
            findings.Asked("influence", fault);
            return;
        }
        findings.Asked("influence", null);
        for (var i = 0; i < found.Length; i++)
        {
            var (a, b) = (found[i], expected[i]);
            Same("student", a.StudentizedResidual, b.StudentizedResidual);
            Same("dffits", a.Dffits, b.Dffits);
            Same("Cook", a.CookDistance, b.CookDistance);
            Same("covariance ratio", a.CovarianceRatio, b.CovarianceRatio);
            Same("Q", a.QWithout, b.QWithout);
            Same("hat", a.Hat, b.Hat);
            Same("DFBETAS", a.DfBetas[0], b.DfBetas[0]);
            Same("estimate", a.EstimatesWithout[0], b.EstimatesWithout[0]);

            void Same(string what, double? one, double? other)
            {
                if (one is null != other is null || Math.Abs((one ?? 0) - (other ?? 0)) > 1e-6 * (1e-3 + Math.Abs(other ?? 0)))
                    findings.Wrong($"{what} ({estimator}, {inference})", string.Create(CultureInfo.InvariantCulture, $"#{data.Seed} ({data.Variances}, {data.Pattern}, k = {data.Count}) without {i + 1}: {one:R}, general {other:R}"));
            }
        }
    });
}
