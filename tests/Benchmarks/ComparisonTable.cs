using System.Globalization;
using System.Runtime.Intrinsics;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Benchmarks;

/// <summary>
/// What is fast, what would be the limit, and what others take, in one table. Processor time of this process, the least of many short runs, the limit measured in turns with what it limits.
/// </summary>
internal static class ComparisonTable
{
    private static double _sink;

    /// <summary>One line: what it is, of how many effects, the passes of divisions it cannot do without, and of which variances (none where there is no such limit), and the name of the same in the rivals' output.</summary>
    private sealed record Row(string What, int K, Action Work, string Rival = "", int Passes = 0, double[]? Variances = null);

    public static int Print(string[] args)
    {
        if (args.Length > 0)
        {
            Console.Error.WriteLine($"--table takes no \"{args[0]}\".");
            return 2;
        }
        var drawn = DependentInputs.Draw(113, 6);
        var rivals = new Rivals(drawn);
        var metafor = rivals.Metafor();
        var module = rivals.Module();
        Console.WriteLine($"| what | k | ours | limit | ours/limit | limit, 512 bits | metafor | ratio |{(module.Count > 0 ? " JavaScript | ratio |" : "")}");
        Console.WriteLine($"|---|--:|--:|--:|--:|--:|--:|--:|{(module.Count > 0 ? "--:|--:|" : "")}");
        foreach (var row in Rows(drawn))
        {
            var (ours, limit, wide) = Measure(row);
            Console.WriteLine($"| {row.What} | {row.K.ToString("N0", CultureInfo.InvariantCulture)} | {Time(ours)} | "
                + (double.IsFinite(limit) ? $"{Time(limit)} | {(ours / limit).ToString("F1", CultureInfo.InvariantCulture)}" : " | ")
                + $" | {(double.IsFinite(wide) ? Time(wide) : "")} | {Against(metafor, row, ours)} |" + (module.Count > 0 ? $" {Against(module, row, ours)} |" : ""));
        }
        Console.WriteLine();
        Console.WriteLine("Limit: passes of 256 bits that divide once an effect and do nothing else, two for DerSimonian-Laird, six for REML; the same with 512 bits where the processor has them.");
        foreach (var note in rivals.Notes) Console.WriteLine(note);
        return 0;
    }

    private static IEnumerable<Row> Rows(StudyEffects drawn)
    {
        foreach (var k in (int[])[160, 1_000, 100_000, 1_000_000])
        {
            var effects = Inputs.Repeat(k);
            foreach (var (name, estimator, passes) in new[] { ("DL", TauSquaredEstimator.DerSimonianLaird, 2), ("REML", TauSquaredEstimator.RestrictedMaximumLikelihood, 6) })
            {
                var options = new RandomEffectsOptions { TauSquared = estimator, Inference = Inference.Normal };
                yield return new($"{name}: estimate, SE, tau²", k, () => _sink += RandomEffects.Fit(effects, options).Estimate, $"{name} {k}", passes, [.. effects.Variances]);
                if (k != 160) continue;
                yield return new($"{name} with interval, p and I²", k, () =>
                {
                    var fit = RandomEffects.Fit(effects, options);
                    _sink += fit.ConfidenceInterval.Upper + fit.PValue + fit.Heterogeneity.ISquared;
                }, $"{name} {k}", passes, [.. effects.Variances]);
            }
        }
        var studies = RandomEffects.Fit(Inputs.Repeat(160));
        yield return new("leave-one-out, REML", 160, () => _sink += studies.LeaveOneOut()[^1].Fit.Estimate, "leave-one-out 160");
        yield return new("influence, REML", 160, () => _sink += studies.Influence().Rows[^1].CookDistance ?? 0, "influence 160");
        const int sets = 100_000, each = 20;
        var many = Inputs.Repeat(sets * each);
        var results = new ManyFit[sets];
        yield return new("100,000 REML fits of 20", each, () => RandomEffects.FitMany(many.Effects.AsSpan(), many.Variances.AsSpan(), each, results), "100,000 fits of 20", 6, [.. many.Variances]);
        var schools = Datasets.Konstantopoulos2011().Effects("yi", "vi", label: "District {district}", effect: "school", measure: EffectMeasure.StandardizedMeanDifference);
        yield return new("schools in districts, REML", schools.Count, () => _sink += MultilevelModel.Fit(schools, ["district", "school"]).LogLikelihood, "three levels 56");
        var robust = MultilevelModel.Fit(schools, ["district", "school"]).Robust();
        yield return new("the same, wild bootstrap of 1,999", schools.Count, () => _sink += robust.WildBootstrap().PValue);
        yield return new("effects in samples in studies, REML", drawn.Count, () => _sink += MultilevelModel.Fit(drawn, ["study", "sample", "effect"]).LogLikelihood, "three levels drawn");
    }

    private static (double Ours, double Limit, double Wide) Measure(Row row)
    {
        Action[] works = row.Variances is not { } v ? [row.Work]
            : Vector512.IsHardwareAccelerated ? [row.Work, () => _sink += Divisions.By256(v, 0.03), () => _sink += Divisions.By512(v, 0.03)]
            : [row.Work, () => _sink += Divisions.By256(v, 0.03)];
        int[] counts = [.. works.Select(Calibrate)];
        double[] least = [double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity];
        var began = Processor();
        for (var run = 0; run < 5 || (run < 1_000 && Processor() - began < 700); run++)
        {
            for (var w = 0; w < works.Length; w++) least[w] = Math.Min(least[w], Run(works[w], counts[w]));
        }
        return (least[0], row.Passes * least[1], row.Passes * least[2]);
    }

    /// <summary>Runs until the compiler has done its best, and says how many make a run of half a millisecond.</summary>
    private static int Calibrate(Action work)
    {
        var began = Processor();
        var count = 0;
        while (count < 2 || Processor() - began < 400)
        {
            work();
            count++;
        }
        return (int)Math.Clamp(0.5 / Run(work, Math.Clamp(count / 100, 1, 1_000)), 1, 100_000);
    }

    /// <summary>Milliseconds of processor time each.</summary>
    private static double Run(Action work, int count)
    {
        var before = Processor();
        for (var i = 0; i < count; i++) work();
        return Math.Max(1e-9, (Processor() - before) / count);
    }

    private static double Processor() => Environment.CpuUsage.TotalTime.TotalMilliseconds;

    private static string Against(Dictionary<string, double> rival, Row row, double ours) =>
        rival.TryGetValue(row.Rival, out var theirs) ? $"{Time(theirs)} | {Significant(theirs / ours)}" : " | ";

    private static string Time(double milliseconds) => milliseconds switch
    {
        < 0.001 => $"{Significant(1e6 * milliseconds)} ns",
        < 1 => $"{Significant(1_000 * milliseconds)} µs",
        < 10_000 => $"{Significant(milliseconds)} ms",
        _ => $"{Significant(milliseconds / 1_000)} s",
    };

    /// <summary>Two digits of what is below 100, else whole ones with two that count.</summary>
    private static string Significant(double value)
    {
        if (value < 10) return value.ToString("F1", CultureInfo.InvariantCulture);
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return (Math.Round(value / unit) * unit).ToString("N0", CultureInfo.InvariantCulture);
    }
}
