namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

/// <summary>What error, a shared method and third variables do to a correlation: against factor models with these parts, whose covariances are sums of products of loadings.</summary>
public sealed class MeasurementArtifactsTests
{
    [Theory]
    [InlineData(0.35, 0.8, 0.8, 0)]
    [InlineData(-0.4, 0.5, 0.9, 0.25)]
    [InlineData(0, 0.6, 0.7, 0.28)]
    [InlineData(1, 1, 1, 0.5)]
    public void Agrees_with_the_covariance_of_two_ratings_made_of_trait_error_and_method(double rho, double rxx, double ryy, double share)
    {
        // Loadings on the first trait, what the second has beside it, two errors, one method; traits correlate rho.
        double[] x = [Math.Sqrt((1 - share) * rxx), 0, Math.Sqrt((1 - share) * (1 - rxx)), 0, Math.Sqrt(share)];
        var y = Math.Sqrt((1 - share) * ryy);
        double[] other = [y * rho, y * Math.Sqrt(1 - rho * rho), 0, Math.Sqrt((1 - share) * (1 - ryy)), Math.Sqrt(share)];
        Assert.Equal(1, x.Sum(l => l * l), 1e-14);
        Assert.Equal(1, other.Sum(l => l * l), 1e-14);

        var seen = MeasurementArtifacts.WithSharedMethod(MeasurementArtifacts.Attenuated(rho, rxx, ryy), share);
        Assert.Equal(x.Zip(other, (a, b) => a * b).Sum(), seen, 1e-14);
        Assert.Equal(rho, MeasurementArtifacts.Disattenuated(MeasurementArtifacts.WithoutSharedMethod(seen, share), rxx, ryy), 1e-12);
    }

    [Fact]
    public void A_third_variable_alone_makes_the_product_and_nothing_is_left_with_it_held_constant()
    {
        var needed = MeasurementArtifacts.ThirdVariableNeeded(-0.28);
        Assert.Equal(0.28, needed * needed, 1e-14);
        Assert.Equal(0, MeasurementArtifacts.Partial(0.28, needed, needed), 1e-14);
        // The correlation of the residuals of two regressions on the third, by hand.
        Assert.Equal((0.5 - 0.3 * 0.4) / (Math.Sqrt(1 - 0.09) * Math.Sqrt(1 - 0.16)), MeasurementArtifacts.Partial(0.5, 0.3, 0.4), 1e-14);
        Assert.Equal(1, MeasurementArtifacts.Partial(1, 0.3, 0.3), 1e-14);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    public void Chance_alone_gives_mean_absolute_differences_above_zero(int perGroup)
    {
        // Brute force: the integral of |d| over the normal distribution of a difference without any effect.
        var se = Math.Sqrt(2.0 / perGroup);
        const int Steps = 200_000;
        var width = 16 * se / Steps;
        var mean = Enumerable.Range(0, Steps).Select(i => -8 * se + (i + 0.5) * width).Sum(d => Math.Abs(d) * Math.Exp(-d * d / (2 * se * se)) / (se * Math.Sqrt(2 * Math.PI)) * width);
        Assert.Equal(mean, MeasurementArtifacts.MeanAbsoluteDifferenceOfChance(perGroup), 1e-8);
    }

    [Fact]
    public void What_cannot_be_is_refused_with_what_could()
    {
        static void Refused(string words, Func<double> ask) => Assert.Contains(words, Assert.Throws<ArgumentOutOfRangeException>(() => ask()).Message, StringComparison.Ordinal);
        Refused("correlate .40 at most", () => MeasurementArtifacts.Disattenuated(0.5, 0.4, 0.4));
        Refused("no correlation is lower than -.80", () => MeasurementArtifacts.WithoutSharedMethod(-0.9, 0.1));
        Refused("do not correlate -.90", () => MeasurementArtifacts.Partial(-0.9, 0.8, 0.8));
        Refused("A reliability lies above 0", () => MeasurementArtifacts.Attenuated(0.5, 0, 1));
        Refused("A share of the variance", () => MeasurementArtifacts.WithSharedMethod(0.5, 1));
        Refused("A correlation lies between -1 and 1", () => MeasurementArtifacts.ThirdVariableNeeded(double.NaN));
        Refused("at least 2", () => MeasurementArtifacts.MeanAbsoluteDifferenceOfChance(1));
    }
}
