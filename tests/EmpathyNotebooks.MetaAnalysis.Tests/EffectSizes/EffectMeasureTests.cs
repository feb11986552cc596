using System.Reflection;
using FsCheck.Xunit;

namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

public sealed class EffectMeasureTests
{
    public static TheoryData<string> Codes() => [.. EffectMeasure.All.Select(m => m.Code)];

    [Fact]
    public void The_list_has_every_measure_once()
    {
        var declared = typeof(EffectMeasure).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(p => p.PropertyType == typeof(EffectMeasure)).Select(p => (EffectMeasure)p.GetValue(null)!).ToList();
        Assert.Equal(declared.Select(m => m.Code).Order(), EffectMeasure.All.Select(m => m.Code).Order());
        var names = EffectMeasure.All.SelectMany(m => m.Aliases.Append(m.Code)).ToList();
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(EffectMeasure.All.Count, EffectMeasure.All.Select(m => m.Name).Distinct().Count());
    }

    [Fact]
    public void A_code_finds_its_measure()
    {
        foreach (var measure in EffectMeasure.All) Assert.Same(measure, EffectMeasure.FromCode(measure.Code.ToLowerInvariant()));
        Assert.Same(EffectMeasure.StandardizedFromOddsLogistic, EffectMeasure.FromCode("OR2D"));
        Assert.Same(EffectMeasure.OddsRatioFromLogistic, EffectMeasure.FromCode("D2OR"));
        var message = Assert.Throws<ImpossibleChoiceException>(() => EffectMeasure.FromCode("SMDD")).Message;
        Assert.Contains("\"SMDD\" is not a measure: did you mean \"SMD\"?", message, StringComparison.Ordinal);
        Assert.Contains("ZPCOR", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void The_scales_fit_together(string code)
    {
        var measure = EffectMeasure.FromCode(code);
        Assert.Equal(0, measure.NullValue);
        Assert.InRange(measure.DisplayNullValue, measure.DisplayMinimum, measure.DisplayMaximum);
        Assert.Equal(measure.AxisSpacing == AxisSpacing.Logarithmic, measure.ToDisplay(0) == 1 && measure.DisplayMaximum > 1);
        Assert.Equal(measure.IsTransformed, measure.ToDisplay(0.7) != 0.7);
        double previous = double.NegativeInfinity;
        for (var y = -4.0; y <= 4; y += 0.01)
        {
            var shown = measure.ToDisplay(y);
            Assert.True(shown >= previous, $"{code} falls at {y}");
            // Measures that are shown as they are pooled can be asked for values outside their range.
            if (measure.IsTransformed) Assert.InRange(shown, measure.DisplayMinimum, measure.DisplayMaximum);
            previous = shown;
        }
    }

    [Property(MaxTest = 200)]
    public void There_and_back_is_the_same(int seed)
    {
        foreach (var measure in EffectMeasure.All)
        {
            double low = Math.Max(measure.DisplayMinimum, -3) + 0.001, high = Math.Min(measure.DisplayMaximum, 5) - 0.001;
            var shown = low + (high - low) * (Math.Sin(seed) + 1) / 2;
            Assert.Equal(shown, measure.ToDisplay(measure.FromDisplay(shown)), 1e-11);
        }
    }

    [Fact]
    public void Ratios_print_as_ratios()
    {
        var effect = TwoByTwoTables.LogOddsRatio(new TwoByTwo(12, 88, 25, 75));
        Assert.Equal("OR = 0.41, 95% CI [0.19, 0.87]", effect.ToString());
        Assert.Equal(1, effect.Measure.DisplayNullValue);
        Assert.Equal("p = .20, 95% CI [.12, .32]", Proportions.Logit(12, 60).ToString());
        Assert.False(EffectMeasure.ProportionLogit.HasNullValue);
        var proportions = StudyEffects.Create([-1.2, -0.8, -1.0, -1.5], [0.05, 0.04, 0.06, 0.05], EffectMeasure.ProportionLogit);
        Assert.StartsWith("p = .25, 95% CI [.17, .35] (REML, Hartung-Knapp, k = 4)", RandomEffects.Fit(proportions).ToString());
        Assert.Equal("g = 0.54, 95% CI [−0.01, 1.09]", MeanDifferences.Standardized(10.2, 2.1, 25, 8.9, 2.6, 28).ToString());
    }

    [Fact]
    public void Beyond_the_end_of_a_scale_is_its_end()
    {
        Assert.Equal(0, EffectMeasure.ProportionArcsine.ToDisplay(-0.2));
        Assert.Equal(1, EffectMeasure.ProportionArcsine.ToDisplay(1.7));
        Assert.Equal(0, EffectMeasure.RateSquareRoot.ToDisplay(-1));
        Assert.Equal(1, EffectMeasure.ProportionLog.ToDisplay(0.1));
    }
}
