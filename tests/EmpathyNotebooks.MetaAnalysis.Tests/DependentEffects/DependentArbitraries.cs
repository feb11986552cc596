using FsCheck;
using FsCheck.Fluent;

namespace EmpathyNotebooks.MetaAnalysis.Tests.DependentEffects;

/// <summary>Effects in samples, with raters that cross them. Some have much heterogeneity at one level, some none.</summary>
public sealed record Clustered(StudyEffects Effects, double Rho, LikelihoodMethod Method)
{
    public MultilevelOptions Options => new() { Method = Method, Inference = Inference.Normal };

    public MultilevelFit Fit(StudyEffects? effects = null, params string[] levels) =>
        MultilevelModel.Fit(effects ?? Effects, levels.Length > 0 ? levels : ["sample", MultilevelModel.EachEffect], Rho, Options);

    public StudyEffects Map(Func<double, double> effect, double varianceFactor = 1) => StudyEffects.Create([.. Effects.Effects.Select(effect)],
        [.. Effects.Variances.Select(v => v * varianceFactor)], columns: Effects.Columns);
}

public static class DependentArbitraries
{
    public static Arbitrary<Clustered> Clusters() => Arb.From(
        from samples in Gen.Choose(3, 12)
        from sizes in Gen.Choose(1, 5).ListOf(samples)
        from rho in Gen.Elements(0.0, 0.3, 0.7)
        from method in Gen.Elements(LikelihoodMethod.Restricted, LikelihoodMethod.Full)
        from between in Gen.Elements(0.0, 0.1, 0.5)
        from within in Gen.Elements(0.0, 0.1, 0.5)
        from seed in Gen.Choose(0, 1_000_000)
        select Draw([.. sizes], rho, method, between, within, seed));

    private static Clustered Draw(int[] sizes, double rho, LikelihoodMethod method, double between, double within, int seed)
    {
        // Two effects in one sample at least, or the levels would be the same.
        sizes[0] = Math.Max(2, sizes[0]);
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        List<double> y = [], v = [];
        List<string> sample = [], rater = [];
        List<double?> year = [], effect = [];
        for (var s = 0; s < sizes.Length; s++)
        {
            var (u, since) = (between * Normal(), random.Next(1990, 2020));
            for (var e = 0; e < sizes[s]; e++)
            {
                v.Add(0.005 + 0.05 * random.NextDouble());
                y.Add(0.3 + u + within * Normal() + Math.Sqrt(v[^1]) * Normal());
                sample.Add($"Sample {s + 1}");
                // The first five effects see to it that all raters are there, and that two of them met.
                rater.Add(s == 0 && e < 2 ? e == 0 ? "client" : "observer" : s == 1 && e == 0 ? "therapist" : s == 2 && e == 0 ? "client"
                    : new[] { "client", "observer", "therapist" }[random.Next(3)]);
                year.Add(since);
                effect.Add(e + 1);
            }
        }
        return new Clustered(StudyEffects.Create(y, v, columns: [StudyColumn.OfTexts("sample", sample), StudyColumn.OfTexts("rater", rater),
            StudyColumn.OfNumbers("year", year), StudyColumn.OfNumbers("effect", effect)]), rho, method);
    }
}
