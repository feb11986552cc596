using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

/// <summary>One set of data drawn from a seed: 1 to 200 studies, variances over twelve decades, ties, outliers, zeros, equal effects, one study that outweighs all, effects from 1e-8 to 1e8.</summary>
internal sealed record FuzzData(ulong Seed, string Variances, string Pattern, double[] Yi, double[] Vi)
{
    private static readonly string[] VarianceKinds = ["equal", "sizes", "10 times", "1e4 times", "1e12 times", "two scales", "tied", "one outweighs all"];
    private static readonly string[] Patterns = ["no tau", "tau as v", "huge tau", "equal", "zero", "tied", "1e8", "1e-8", "outlier", "two groups", "one not zero", "precise apart"];

    public int Count => Yi.Length;

    public StudyEffects Effects => StudyEffects.Create(Yi, Vi);

    /// <summary>As R takes it, so that metafor can be asked.</summary>
    public override string ToString() => $"#{Seed} ({Variances}, {Pattern}) y = c({Text(Yi)}), v = c({Text(Vi)})";

    /// <param name="seed">The seed.</param>
    /// <param name="fewest">How many studies there are at least.</param>
    /// <param name="most">How many there are at most.</param>
    public static FuzzData Draw(ulong seed, int fewest = 1, int most = 200)
    {
        var random = new Philox(seed);
        double Normal() => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
        var k = Math.Clamp(random.Next(20) switch { < 13 => random.Next(1, 8), < 19 => random.Next(5, 30), _ => random.Next(30, 201) }, fewest, most);
        var (variances, pattern) = (VarianceKinds[random.Next(VarianceKinds.Length)], Patterns[random.Next(Patterns.Length)]);
        var typical = Math.Pow(10, random.Next(3) > 0 ? -3 + 3 * random.NextDouble() : -9 + 12 * random.NextDouble());
        double[] v = [.. Enumerable.Range(0, k).Select(i => typical * variances switch
        {
            "equal" => 1,
            "sizes" => 40.0 / random.Next(5, 400),
            "10 times" => Math.Pow(10, random.NextDouble() - 0.5),
            "1e4 times" => Math.Pow(10, 4 * random.NextDouble() - 2),
            "1e12 times" => Math.Pow(10, 12 * random.NextDouble() - 6),
            "two scales" => i % 2 == 0 ? 1e-4 : 1,
            "tied" => (1 + random.Next(3)) / 2.0,
            _ => i == 0 ? Math.Pow(10, -4 - 8 * random.NextDouble()) : Math.Pow(10, random.NextDouble() - 0.5),
        })];
        double unit = Math.Sqrt(typical), mean = random.Next(3) switch { 0 => 0, 1 => 0.3, _ => 5 * unit * Normal() };
        double[] y = [.. Enumerable.Range(0, k).Select(i =>
        {
            var noise = Math.Sqrt(v[i]) * Normal();
            return pattern switch
            {
                "no tau" => mean + noise,
                "tau as v" => mean + noise + unit * Normal(),
                "huge tau" => mean + 1e3 * unit * Normal(),
                "equal" => mean,
                "zero" => 0,
                "tied" => unit * random.Next(-1, 3),
                "1e8" => 1e8 * Normal(),
                "1e-8" => 1e-8 * Normal(),
                "outlier" => mean + noise + (i == 0 ? 50 * unit : 0),
                "two groups" => noise + (i % 2 == 0 ? 3 : -3) * unit,
                "one not zero" => i == k - 1 ? unit * Normal() : 0,
                _ => i < 2 ? (i == 0 ? 1 : -1) * 6 * Math.Sqrt(v[i]) : noise,
            };
        })];
        return new FuzzData(seed, variances, pattern, y, v);
    }

    /// <summary>The same studies in an order drawn from the seed.</summary>
    public (StudyEffects Effects, int[] Order) Shuffled()
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        new Philox(Seed, 1).Shuffle(order);
        return (StudyEffects.Create([.. order.Select(i => Yi[i])], [.. order.Select(i => Vi[i])]), order);
    }

    /// <summary>The same studies in another unit.</summary>
    public StudyEffects Scaled(double by) => StudyEffects.Create([.. Yi.Select(y => y * by)], [.. Vi.Select(v => v * by * by)]);

    /// <summary>The same studies with sizes, groups, samples of up to three effects, and a number, for models that need such columns.</summary>
    public StudyEffects WithColumns()
    {
        var random = new Philox(Seed, 2);
        var together = random.Next(1, 4);
        return StudyEffects.Create(Yi, Vi, sampleSizes: [.. Vi.Select((v, i) => (int)Math.Clamp(4 / v, 4, 1e6) + i % 3)], columns:
        [
            StudyColumn.OfTexts("group", [.. Yi.Select((_, i) => i < 2 ? "pq"[i].ToString() : "pqr"[random.Next(3)].ToString())]),
            StudyColumn.OfTexts("sample", [.. Yi.Select((_, i) => "S" + (i / together).ToString(CultureInfo.InvariantCulture))]),
            StudyColumn.OfNumbers("x", [.. Yi.Select(_ => (double?)Math.Round(2000 + 20 * random.NextDouble(), 1))]),
        ]);
    }

    private static string Text(double[] values) => string.Join(", ", values.Select(y => y.ToString("R", CultureInfo.InvariantCulture)));
}
