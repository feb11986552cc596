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
}
