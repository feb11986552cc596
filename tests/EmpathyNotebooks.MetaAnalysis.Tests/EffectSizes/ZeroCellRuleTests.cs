namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

/// <summary>A zero in one study changes every study where the rule says so (metafor's <c>to = "if0all"</c>), from whichever columns the measure is computed.</summary>
public sealed class ZeroCellRuleTests
{
    /// <summary>Measure, columns, an ordinary study, and one with a zero: none with the event, or all.</summary>
    public static TheoryData<string, string, double[], double[]> Rows() => new()
    {
        { "OR", "ai bi ci di", [4, 16, 7, 12], [0, 20, 5, 15] },
        { "OR", "ai bi ci di", [4, 16, 7, 12], [20, 0, 5, 15] },
        { "OR", "ai bi ci di", [4, 16, 7, 12], [6, 14, 0, 15] },
        { "OR", "ai bi ci di", [4, 16, 7, 12], [6, 14, 9, 0] },
        { "OR", "ai ci n1i n2i", [4, 7, 20, 19], [0, 5, 20, 20] },
        { "OR", "ai ci n1i n2i", [4, 7, 20, 19], [6, 0, 20, 15] },
        { "OR", "ai ci n1i n2i", [4, 7, 20, 19], [20, 5, 20, 20] },
        { "OR", "ai ci n1i n2i", [4, 7, 20, 19], [6, 15, 20, 15] },
        { "IRR", "x1i t1i x2i t2i", [4, 31, 7, 30], [0, 25, 3, 20] },
        { "IRR", "x1i t1i x2i t2i", [4, 31, 7, 30], [2, 25, 0, 20] },
        { "PLO", "xi ni", [4, 20], [0, 15] },
        { "PLO", "xi ni", [4, 20], [15, 15] },
        { "PLO", "xi mi", [4, 16], [0, 15] },
        { "PLO", "xi mi", [4, 16], [15, 0] },
        { "IRLN", "xi ti", [4, 20.5], [0, 12] },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void One_zero_adds_to_every_study(string code, string columns, double[] plain, double[] zero)
    {
        var measure = EffectMeasure.FromCode(code);
        Dictionary<string, double> Row(double[] values) => columns.Split(' ').Zip(values).ToDictionary(p => p.First, p => p.Second);
        EffectSize[] Of(ZeroCells rule, params double[][] rows) => [.. EffectSizeCalculator.Compute(measure, rows.Select(Row).ToList(), null, new() { ZeroCells = rule })];
        Assert.Throws<StudyDataException>(() => Of(ZeroCells.Keep, plain, zero));

        var any = Of(ZeroCells.AddToAllIfAnyZero(0.25), plain, zero);
        Assert.Equal(Of(ZeroCells.AddToAll(0.25), plain, zero), any);
        Assert.NotEqual(Of(ZeroCells.AddWhereZero(0.25), plain, zero)[0].Value, any[0].Value, 1e-6);
        Assert.Contains("0.25 was added", any[0].Note, StringComparison.Ordinal);
        // Without a zero nothing is added to anything.
        Assert.Equal(Of(ZeroCells.Keep, plain, plain), Of(ZeroCells.AddToAllIfAnyZero(0.25), plain, plain));
    }
}
