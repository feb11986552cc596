using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

/// <summary>Freeman-Tukey values are shown by their own inverse: a study's with its own size, a pooled one with the harmonic mean.</summary>
public sealed class FreemanTukeyDisplayTests
{
    private static readonly double[] Cases = [0, 3, 12, 4, 0, 1];
    private static readonly double[] Sizes = [25, 1500, 12, 110, 3, 900];

    [Fact]
    public void A_pooled_proportion_is_shown_with_the_harmonic_mean_of_the_sample_sizes()
    {
        var effects = StudyEffects.Create([.. Cases.Zip(Sizes, Proportions.FreemanTukey)]);
        var fit = RandomEffects.Fit(effects, new() { Inference = Inference.Normal });
        Assert.Equal(6 / Sizes.Sum(n => 1 / n), effects.Measure.Size!.Value, 1e-9);
        // metafor: predict(rma(yi, vi, test = "z"), transf = transf.ipft.hm, targs = list(ni = ni)).
        Assert.Equal(0.0829, fit.BackTransformed.Estimate, 5e-5);
        Assert.Equal((0.0, 0.4805), (fit.BackTransformed.ConfidenceInterval.Lower, Math.Round(fit.BackTransformed.ConfidenceInterval.Upper, 4)));
        Assert.Equal(1, fit.BackTransformed.PredictionInterval!.Value.Upper);
        Assert.Contains("harmonic mean of the sample sizes, 12.833", effects.Measure.DisplayNote, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_study_is_shown_with_its_own_size()
    {
        var effects = StudyEffects.Create([.. Cases.Zip(Sizes, Proportions.FreemanTukey)]);
        for (var i = 0; i < Cases.Length; i++)
        {
            Assert.Equal(Cases[i] / Sizes[i], effects.EffectOf(i).DisplayValue, 1e-12);
            Assert.Equal(Cases[i] / Sizes[i], effects.Select([i]).Measure.ToDisplay(effects.Effects[i]), 1e-12);
            Assert.Equal(Cases[i] / Sizes[i], Proportions.FreemanTukey(Cases[i], Sizes[i]).DisplayValue, 1e-12);
        }
        Assert.Equal(".00", effects.Measure.Format(effects.EffectOf(0).DisplayValue));
    }

    [Fact]
    public void The_way_there_and_back_returns_every_proportion_and_rate()
    {
        var random = new Random(9);
        for (var i = 0; i < 2000; i++)
        {
            var n = Math.Pow(10, 5 * random.NextDouble());
            var p = random.Next(5) switch { 0 => 0.5, 1 => 0.5 + 1e-9, 2 => 0, 3 => 1, _ => random.NextDouble() };
            var measure = EffectMeasure.ProportionFreemanTukey.ForSize(n);
            Assert.Equal(p, measure.ToDisplay(Proportions.FreemanTukey(p * n, n).Value), 1e-12);
            Assert.Equal(p, measure.ToDisplay(measure.FromDisplay(p)), 1e-12);
            var rate = EffectMeasure.RateFreemanTukey.ForSize(n);
            Reference.Agree(rate.ToDisplay(Rates.FreemanTukey(p, n).Value), p / n, 1e-10, $"{p} in {n}");
        }
        Assert.Equal((0.0, 1.0), (EffectMeasure.ProportionFreemanTukey.ForSize(5).ToDisplay(double.NegativeInfinity),
            EffectMeasure.ProportionFreemanTukey.ForSize(5).ToDisplay(double.PositiveInfinity)));
    }

    [Fact]
    public void Sizes_do_not_make_another_measure()
    {
        var own = EffectMeasure.ProportionFreemanTukey.ForSize(25);
        Assert.True(own == EffectMeasure.ProportionFreemanTukey && own.Equals(EffectMeasure.FromCode("PFT")) && own != EffectMeasure.RateFreemanTukey);
        Assert.Throws<ArgumentOutOfRangeException>(() => own.ForSize(0));
        Assert.Throws<InvalidOperationException>(() => EffectMeasure.OddsRatio.ForSize(5));
        // A variance of a half or more belongs to no sample size: the way back is then that for large samples.
        var strange = StudyEffects.Create([0.5, 0.4], [0.6, 0.01], EffectMeasure.ProportionFreemanTukey);
        Assert.Null(strange.Measure.Size);
        Assert.Equal(Math.Pow(Math.Sin(0.5), 2), strange.Measure.ToDisplay(0.5), 1e-15);
        Assert.Contains("not known", strange.Measure.DisplayNote, StringComparison.Ordinal);
    }
}
