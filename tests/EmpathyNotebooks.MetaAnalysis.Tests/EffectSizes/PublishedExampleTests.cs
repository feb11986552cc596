namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

/// <summary>
/// Worked examples of Borenstein, Hedges, Higgins and Rothstein (2009), Introduction to Meta-Analysis, chapters 4 to 7, to the digits
/// printed there, and of the Cochrane Handbook.
/// </summary>
public sealed class PublishedExampleTests
{
    [Fact]
    public void Two_groups_of_scores()
    {
        // Chapter 4: means 103 and 100, SD 5.5 and 4.5, 50 people each.
        var pooled = MeanDifferences.Raw(103, 5.5, 50, 100, 4.5, 50, GroupVariances.Equal);
        Printed(3.0, 1.0100, pooled);
        var d = MeanDifferences.Standardized(103, 5.5, 50, 100, 4.5, 50, StandardizedVariance.Corrected, BiasCorrection.None);
        Printed(0.5970, 0.0418, d);
        var g = MeanDifferences.Standardized(103, 5.5, 50, 100, 4.5, 50, StandardizedVariance.Corrected,
            BiasCorrection.Approximate);
        Printed(0.5924, 0.0411, g);
    }

    [Fact]
    public void One_group_twice()
    {
        // Chapter 4: mean change 3, SD of the change 5.5, 50 people, correlation .7.
        var t = 3 / (5.5 / Math.Sqrt(50));
        Printed(0.4225, 0.0131, MeanDifferenceFrom.PairedT(t, 50, 0.7, BiasCorrection.None));
        Printed(0.4160, 0.0127, MeanDifferenceFrom.PairedT(t, 50, 0.7, BiasCorrection.Approximate));
    }

    [Fact]
    public void Tables()
    {
        // Chapter 5: 5 of 100 against 10 of 100.
        var table = new TwoByTwo(5, 95, 10, 90);
        Printed(-0.6931, 0.2800, TwoByTwoTables.LogRiskRatio(table));
        Printed(-0.7472, 0.3216, TwoByTwoTables.LogOddsRatio(table));
        Printed(-0.0500, 0.0014, TwoByTwoTables.RiskDifference(table));
    }

    [Fact]
    public void A_correlation()
    {
        // Chapter 6: r = .50 of 100 people.
        Printed(0.5000, 0.0057, Correlations.Raw(0.5, 100));
        Printed(0.5493, 0.0103, Correlations.FisherZ(0.5, 100));
    }

    [Fact]
    public void From_one_to_the_other()
    {
        // Chapter 7.
        var d = new EffectSize(0.9069, 0.0676, EffectMeasure.OddsRatio).ConvertTo(EffectMeasure.StandardizedMeanDifference);
        Printed(0.5000, 0.0205, d);
        Printed(0.9069, 0.0676, d.ConvertTo(EffectMeasure.OddsRatio), 6e-5);
        var fromR = new EffectSize(0.5, 0.0058, EffectMeasure.Correlation).ConvertTo(EffectMeasure.StandardizedMeanDifference);
        Printed(1.1547, 0.0550, fromR);
        Printed(0.5000, 0.0058,
            new EffectSize(1.1547, 0.0550, EffectMeasure.StandardizedMeanDifference).ConvertTo(EffectMeasure.Correlation, 100,
            100));
    }

    [Fact]
    public void Standard_deviations_from_what_is_reported()
    {
        // Cochrane Handbook 6.5.2.2: interval 30.0 to 34.2 of 25 people (t = 2.064), SD 5.09.
        Assert.Equal(5.09, MeanAndSdFrom.Interval(30.0, 34.2, 25).StandardDeviation, 0.005);
        // 6.5.2.3: difference 3.8, p = .008, 25 and 22 people: t = 2.78, SE 1.37 (rounded there), SD 4.69.
        Assert.Equal(4.69, SdFromDifference.PValue(3.8, 0.008, 25, 22), 0.01);
        Assert.Equal(SdFromDifference.StandardError(3.8 / 2.78, 25, 22), SdFromDifference.T(3.8, 2.78, 25, 22), 1e-12);
        var sd = SdFromDifference.StandardError(1.37, 25, 22);
        Assert.Equal(4.69, sd, 0.005);
        // Of normal scores, SD²/(2·45).
        Assert.Equal(0.244, sd.Variance, 0.001);
        Assert.Equal(Math.Sqrt(sd.Variance), sd.StandardError, 1e-15);
        Assert.Contains("standard error of the difference", sd.Note);
        Assert.Contains("two-sided p", SdFromDifference.PValue(3.8, 0.008, 25, 22).Note);
        // 16.4.6.4 of version 5.1: 7.0 (2.38) and 6.5 (2.21) of 10 people crossed over, correlation .68: SE of the difference 0.583.
        Assert.Equal(0.583, PairedMeans.Change(7.0, 2.38, 6.5, 2.21, 10, 0.68).StandardError, 0.0005);
    }

    private static void Printed(double value, double variance, EffectSize effect, double tolerance = 5.1e-5)
    {
        Assert.Equal(value, effect.Value, tolerance);
        Assert.Equal(variance, effect.Variance, tolerance);
    }
}
