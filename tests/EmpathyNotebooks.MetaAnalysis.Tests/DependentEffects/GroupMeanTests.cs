using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.DependentEffects;

/// <summary>Means of groups: what forest plots of samples show must add up to the model's mean.</summary>
public sealed class GroupMeanTests
{
    public static TheoryData<string[], double> Fits => new()
    {
        { ["studyid"], 0 }, { ["studyid", MultilevelModel.EachEffect], 0 }, { ["studyid", MultilevelModel.EachEffect], 0.6 },
    };

    [Theory]
    [MemberData(nameof(Fits))]
    public void They_average_to_the_mean_effect(string[] levels, double rho)
    {
        var effects = Reference.Load("tannersmith2016");
        var fit = MultilevelModel.Fit(effects, levels, rho, new() { Inference = Inference.Normal });
        var means = fit.GroupMeans();
        Assert.Equal(effects.Column("studyid").Distinct(), means.Length);
        Assert.Equal(fit.Estimate!.Value, means.Sum(m => m.Weight * m.Estimate), 12);
        Assert.Equal(1, means.Sum(m => m.Weight), 12);
        // The variance of the mean effect is what their inverse variances sum to.
        var outermost = fit.VarianceComponents[0].SigmaSquared;
        Assert.Equal(fit.Coefficients[0].StandardError, Math.Sqrt(1 / means.Sum(m => 1 / (outermost + m.Variance))), 12);
        Assert.All(means, m =>
        {
            Assert.Equal(m.Weight, m.EffectWeights.Sum(), 12);
            Assert.Equal(m.Estimate, m.Rows.Zip(m.EffectWeights, (row, w) => effects.Effects[row] * w).Sum() / m.Weight, 10);
            Assert.Single(m.Rows.Select(row => effects.Column("studyid").Text(row)).Distinct());
            Assert.Equal(m.Group, effects.Column("studyid").Text(m.Rows[0]));
        });
        Assert.Equal(Enumerable.Range(0, effects.Count), means.SelectMany(m => m.Rows).Order());
    }

    [Fact]
    public void Without_deeper_levels_a_mean_weighs_by_inverse_variances_alone()
    {
        var effects = Reference.Load("tannersmith2016");
        var first = MultilevelModel.Fit(effects, ["studyid"]).GroupMeans()[0];
        double[] w = [.. first.Rows.Select(row => 1 / effects.Variances[row])];
        Assert.Equal(first.Rows.Zip(w, (row, weight) => weight * effects.Effects[row]).Sum() / w.Sum(), first.Estimate, 12);
        Assert.Equal(1 / w.Sum(), first.Variance, 12);
    }

    [Fact]
    public void What_has_no_means_of_its_own_is_said()
    {
        var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52], [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], columns:
        [
            StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"]), StudyColumn.OfTexts("scale", ["x", "y", "x", "z", "y", "z", "w", "w"]),
            StudyColumn.OfNumbers("year", [1, 2, 3, 4, 5, 6, 7, 8]),
        ]);
        Assert.Contains("moderators", Assert.Throws<ArgumentException>(() => MultilevelModel.Fit(effects, ["sample"], Moderator.Number("year")).GroupMeans()).Message,
            StringComparison.Ordinal);
        Assert.Contains("crossed factor scale", Assert.Throws<ArgumentException>(
            () => MultilevelModel.Fit(effects, ["sample"], options: new() { CrossedFactors = ["scale"] }).GroupMeans()).Message, StringComparison.Ordinal);
        Assert.Contains("sampling covariance", Assert.Throws<ArgumentException>(
            () => MultilevelModel.Fit(effects, ["sample"], options: new() { SamplingCovariance = SamplingCovariance.Within("scale", 0.5) }).GroupMeans()).Message,
            StringComparison.Ordinal);
    }
}

internal static class ColumnExtensions
{
    /// <summary>How many values a column has.</summary>
    public static int Distinct(this StudyColumn column) => Enumerable.Range(0, column.Count).Select(i => column.Text(i)).Distinct().Count();
}
