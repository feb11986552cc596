using EmpathyNotebooks.MetaAnalysis;
using Jint;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

/// <summary>The explorers print numbers and go back to the scale shown as the library does.</summary>
public class TextsTests
{
    private static readonly double[] Values =
        [0, 1, -1, 0.28, -0.28, 0.005, -0.004, 0.125, -0.125, 2.675, 1.005, 0.000811, 0.0286, 12.3456, 999.995, 6138, 1.5e-7, 3.21e-11, -4.5e12, 1e12, 0.1 + 0.2, 0.375, 0.625, 2.5, 3.5, 0.5, 1.5, 0.285];

    [Fact]
    public void Numbers_read_alike()
    {
        foreach (var value in Values)
        {
            for (var digits = 0; digits <= 4; digits++)
            {
                Same(FormattableString.Invariant($"texts.number({value:R}, {digits})"), StatisticText.Number(value, digits));
                Same(FormattableString.Invariant($"texts.number({value:R}, {digits}, false)"), StatisticText.Number(value, digits, leadingZero: false));
            }
            Same(FormattableString.Invariant($"texts.significant({value:R}, 3)"), StatisticText.Significant(value, 3));
            Same(FormattableString.Invariant($"texts.significant({value:R})"), StatisticText.Significant(value));
            Same(FormattableString.Invariant($"texts.percent({value:R})"), StatisticText.Percent(value));
        }
        foreach (var (value, power) in new[] { (-1.5e-6, -7), (2e-7, -7), (1.00001e7, 2), (3e7, 7), (1e-20, -20), (120_000_000.0, 6) })
        {
            Same(FormattableString.Invariant($"texts.inPowers({value:R}, {power})"), PlotAxis.InPowers(value, power));
        }
        Same("texts.number(-Infinity)", "−∞");
        Same("texts.count(1234567)", StatisticText.Count(1_234_567));
        Same("texts.count(160)", "160");
        Same("texts.probability(0.0321)", StatisticText.PValueWithSymbol(0.0321));
        Same("texts.probability(0.0009)", StatisticText.PValueWithSymbol(0.0009));
        Same("texts.signed(0.031)", "+0.03");
        Same("texts.signed(-0.001)", "0.00");

        static void Same(string call, string expected) => Assert.Equal(expected, ExplorerScript.Evaluate(call).AsString());
    }

    public static TheoryData<string> Measures => [.. EffectMeasure.All.Select(m => m.Code)];

    [Theory]
    [MemberData(nameof(Measures))]
    public void Every_measure_goes_back_to_the_scale_shown(string code)
    {
        var measure = EffectMeasure.FromCode(code);
        var name = DisplayScale.NameOf(measure);
        foreach (var value in (double[])[-3, -0.7, -0.01, 0, 0.02, 0.4, 1.1, 1.7, 4])
        {
            var shown = ExplorerScript.Evaluate(FormattableString.Invariant($"texts.displays.{name}({value:R})")).AsNumber();
            Assert.Equal(measure.ToDisplay(value), shown, 1e-14);
        }
    }
}
