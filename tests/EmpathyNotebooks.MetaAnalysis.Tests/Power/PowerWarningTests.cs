namespace EmpathyNotebooks.MetaAnalysis.Tests.Power;

/// <summary>When a power is exact, and what is said where it is not or where part of it is false alarm.</summary>
public sealed class PowerWarningTests
{
    private static readonly PlannedStudies Unlike = PlannedStudies.Of([0.01, 0.02, 0.05, 0.1]), Alike = PlannedStudies.Alike(4, 0.02);

    /// <summary>Weights 1/v in truth: the mean is N(θ, Σw²(v + τ²)/W²), its standard error 1/√W.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.03)]
    public void Equal_effects_with_z_have_the_power_of_a_normal_mean(double tau2)
    {
        double[] v = [0.01, 0.02, 0.05, 0.1];
        double w = v.Sum(x => 1 / x), sd = Math.Sqrt(v.Sum(x => (x + tau2) / (x * x))) / w, limit = 1.959963984540054 / Math.Sqrt(w);
        var power = new MeanPlan(Unlike, 0.2) { Model = PowerModel.EqualEffects, TauSquared = tau2, Inference = Inference.Normal }.Power();
        Assert.Equal(Distributions.NormalCumulative((0.2 - limit) / sd) + Distributions.NormalCumulative((-0.2 - limit) / sd), power.Power, 1e-10);
        Assert.True(power.IsExact);
        Assert.Equal(tau2 > 0 ? 1 : 0, power.Warnings.Count(w => w.Contains("takes them as equal", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(PowerModel.Estimated, Inference.Normal, 0.03, false)]
    [InlineData(PowerModel.Estimated, Inference.StudentT, 0, false)]
    [InlineData(PowerModel.Estimated, Inference.HartungKnapp, 0, false)]
    [InlineData(PowerModel.Known, Inference.HartungKnapp, 0.03, true)]
    [InlineData(PowerModel.Known, Inference.Normal, 0.03, true)]
    [InlineData(PowerModel.EqualEffects, Inference.HartungKnapp, 0, true)]
    [InlineData(PowerModel.EqualEffects, Inference.HartungKnapp, 0.03, false)]
    [InlineData(PowerModel.EqualEffects, Inference.HartungKnappAdHoc, 0.03, false)]
    [InlineData(PowerModel.EqualEffects, Inference.StudentT, 0.03, true)]
    public void A_power_is_exact_where_nothing_is_estimated_that_unlike_studies_disturb(PowerModel model, Inference inference, double tau2, bool isExact)
    {
        var plan = new MeanPlan(Unlike, 0.2) { Model = model, Inference = inference, TauSquared = tau2 };
        var power = plan.Power();
        Assert.Equal(isExact, power.IsExact);
        Assert.Equal(!isExact, power.Warnings.Contains(RegressionPower.UnevenWarning));
        var alike = (plan with { Studies = Alike }).Power();
        Assert.True(alike.IsExact);
        Assert.DoesNotContain(RegressionPower.UnevenWarning, alike.Warnings);
        foreach (var result in new[] { power, alike })
        {
            Assert.Equal(model == PowerModel.EqualEffects && tau2 > 0, result.Warnings.Any(w => w.Contains("takes them as equal", StringComparison.Ordinal)));
            Assert.Equal(model == PowerModel.Estimated && inference == Inference.Normal, result.Warnings.Any(w => w.Contains("rejects too often", StringComparison.Ordinal)));
        }
    }

    /// <summary>Two groups differ by one contrast, three by two, whose test is no longer exact with weights that are not the true ones.</summary>
    [Fact]
    public void Groups_are_exact_as_long_as_they_are_one_contrast()
    {
        var plan = SubgroupPlan.Alike(Unlike, [0.1, 0.3]) with { Model = PowerModel.EqualEffects, TauSquared = 0.03, Inference = Inference.StudentT };
        var three = SubgroupPlan.Alike(Unlike, [0.1, 0.2, 0.3]) with { Model = PowerModel.EqualEffects, TauSquared = 0.03, Inference = Inference.StudentT };
        Assert.True(plan.Power().IsExact);
        Assert.False(three.Power().IsExact);
        Assert.Contains(RegressionPower.UnevenWarning, three.Power().Warnings);
        Assert.True((three with { TauSquared = 0 }).Power().IsExact);
    }

    [Theory]
    [InlineData(19, true)]
    [InlineData(20, false)]
    public void Normal_inference_is_warned_of_with_fewer_than_twenty_studies(int k, bool warns)
    {
        var plan = new MeanPlan(PlannedStudies.Alike(k, 0.02), 0.1) { TauSquared = 0.02, Inference = Inference.Normal };
        Assert.Equal(warns, plan.Power().Warnings.Any(w => w.Contains("rejects too often", StringComparison.Ordinal)));
        Assert.DoesNotContain((plan with { Inference = Inference.HartungKnapp }).Power().Warnings, w => w.Contains("rejects too often", StringComparison.Ordinal));
    }

    /// <summary>A standard error that is the larger of two rejects less often than with either.</summary>
    [Theory]
    [InlineData(PowerModel.Known)]
    [InlineData(PowerModel.EqualEffects)]
    [InlineData(PowerModel.Estimated)]
    public void The_ad_hoc_correction_rejects_less_than_what_it_is_made_of(PowerModel model)
    {
        var plan = new MeanPlan(Unlike, 0.25) { Model = model, TauSquared = 0.01 };
        double At(Inference inference) => (plan with { Inference = inference }).Power().Power;
        // Paule and Mandel's τ² makes the scale 1, or is 0 and leaves it below 1: the larger is that of t.
        if (model == PowerModel.Estimated) Assert.Equal(At(Inference.StudentT), At(Inference.HartungKnappAdHoc), 1e-12);
        else Assert.True(At(Inference.HartungKnappAdHoc) < At(Inference.StudentT) - 1e-3);
        Assert.True(At(Inference.HartungKnappAdHoc) < At(Inference.HartungKnapp) - 1e-3);
    }

    /// <summary>R 4.2.2: pt(qt(.975, df), df, ncp, lower.tail = FALSE) + pt(-qt(.975, df), df, ncp), and the upper tail alone at .05.</summary>
    [Theory]
    [InlineData(1.5, 3, 0.1871043502, 0.318089871415)]
    [InlineData(0.2, 1, 0.0509925455638, 0.063459834334)]
    [InlineData(3, 40, 0.833301951468, 0.903848237695)]
    [InlineData(12, 2, 0.999150865782, 0.999998969391)]
    [InlineData(-2.5, 7.5, 0.585219585179, 3.92120279076e-05)]
    public void Student_with_a_noncentrality_is_that_of_R(double noncentrality, double df, double twoSided, double greater)
    {
        Assert.Equal(twoSided, RejectionRate.Student(noncentrality, df, RejectionRate.Critical(0.05, Alternative.TwoSided, df), Alternative.TwoSided), 1e-9);
        Assert.Equal(greater, RejectionRate.Student(noncentrality, df, RejectionRate.Critical(0.05, Alternative.Greater, df), Alternative.Greater), 1e-9);
    }
}
