namespace EmpathyNotebooks.MetaAnalysis.Tests.Models;

/// <summary>Effects that lie on the fitted values leave no scatter: a standard error of 0 that says nothing, and that is said.</summary>
public sealed class ExactFitTests
{
    public static TheoryData<double, double, double> Lines => new() { { 0, 0.1, 0 }, { 0.2, 0.03, 2000 }, { -1e6, 0.7, 0 }, { 0.1, 1e-9, 1900 }, { 0.25, 0, 0 } };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Points_on_a_line_have_a_standard_error_of_0_that_says_nothing(double intercept, double slope, double first)
    {
        double[] x = [first + 1, first + 2, first + 3, first + 4, first + 7], v = [.01, .02, .01, .02, .003];
        var effects = StudyEffects.Create([.. x.Select(at => intercept + slope * (at - first))], v, columns: [StudyColumn.OfNumbers("x", x.Select(at => (double?)at))]);
        var fit = MetaRegression.Fit(effects, Moderator.Number("x"));
        Assert.All(fit.Coefficients, c => Assert.Equal(0, c.StandardError));
        Assert.All(fit.Coefficients, c => Assert.True(double.IsInfinity(c.Statistic) || c.Statistic == 0));
        Assert.All(fit.Coefficients, c => Assert.Equal(c.ConfidenceInterval.Lower, c.ConfidenceInterval.Upper));
        if (slope == 0) Assert.Equal((0.0, 1.0), (fit["x"].Statistic, fit["x"].PValue));
        Assert.Contains(Inferences.ExactWarning, fit.Warnings);
        Assert.DoesNotContain(Inferences.NarrowedWarning, fit.Warnings);
        Assert.True(double.IsInfinity(fit.ModeratorTest.Statistic) || fit.ModeratorTest.Statistic == 0);

        // Other inference has a standard error, and inflation does not depend on scatter.
        Assert.All(MetaRegression.Fit(effects, Moderator.Number("x"), new() { Inference = Inference.StudentT }).Coefficients, c => Assert.True(c.StandardError > 0));
        Assert.Equal(1, Assert.Single(fit.VarianceInflationFactors()).Factor, 12);
        Assert.All(fit.Influence().Rows, r => Assert.True(r.CookDistance is null or >= 0));
    }

    [Fact]
    public void Inflation_does_not_depend_on_scatter()
    {
        double?[] x = [1, 2, 3, 4, 5, 7], z = [2, 1, 4, 3, 7, 5];
        double[] v = [.01, .02, .01, .02, .003, .01];
        StudyColumn[] columns = [StudyColumn.OfNumbers("x", x), StudyColumn.OfNumbers("z", z)];
        var exact = MetaRegression.Fit(StudyEffects.Create([.. x.Zip(z, (a, b) => 0.1 * a!.Value + 0.05 * b!.Value)], v, columns: columns), Moderator.Number("x") + Moderator.Number("z"));
        var other = MetaRegression.Fit(StudyEffects.Create([.31, .32, .33, .31, .34, .32], v, columns: columns), Moderator.Number("x") + Moderator.Number("z"));
        Assert.Equal(0, exact["x"].StandardError);
        Assert.Equal(0, other.TauSquared);
        Assert.Equal(other.VarianceInflationFactors().Select(f => f.Factor), exact.VarianceInflationFactors().Select(f => f.Factor), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(other.TermInflationFactors()[0].Factor, exact.TermInflationFactors()[0].Factor, 9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_scatter_that_is_small_but_no_rounding_keeps_its_standard_error(int sign)
    {
        double[] x = [1, 2, 3, 4, 7];
        var effects = StudyEffects.Create([.. x.Select((at, i) => sign * (0.1 * at + 1e-9 * (i % 2)))], [.01, .02, .01, .02, .003], columns: [StudyColumn.OfNumbers("x", x.Select(at => (double?)at))]);
        var fit = MetaRegression.Fit(effects, Moderator.Number("x"));
        Assert.InRange(fit["x"].StandardError, 1e-11, 1e-9);
        Assert.DoesNotContain(Inferences.ExactWarning, fit.Warnings);
    }

    [Fact]
    public void No_probability_leaves_0_to_1()
    {
        var random = new Random(7);
        for (var i = 0; i < 200_000; i++)
        {
            double df = Math.Pow(10, -6 + 10 * random.NextDouble()), other = random.Next(1, 8), t = Math.Pow(10, -12 + 14 * random.NextDouble());
            Assert.InRange(Distributions.StudentTwoSided(t, df), 0, 1);
            Assert.InRange(Distributions.FUpper(t, other, df), 0, 1);
            Assert.InRange(Distributions.ChiSquaredUpper(t, df), 0, 1);
            Assert.InRange(Distributions.NormalTwoSided(t), 0, 1);
            Assert.InRange(Distributions.NormalCumulative(-t), 0, 1);
        }
        Assert.Equal(0, Distributions.ChiSquaredUpper(double.PositiveInfinity, 3));
        Assert.Throws<ConvergenceException>(() => Distributions.StudentTwoSided(1, -0.5));
        Assert.Throws<ConvergenceException>(() => Distributions.FUpper(double.NaN, 1, 3));
    }

    [Fact]
    public void An_outcome_of_one_cluster_is_named_as_the_reason()
    {
        var effects = StudyEffects.Create([.1, .3, .2, .4, .25, .5], [.01, .02, .01, .03, .02, .02], columns:
            [StudyColumn.OfTexts("trial", ["A", "B", "C", "C", "C", "D"]), StudyColumn.OfTexts("outcome", ["m", "m", "m", "w", "w", "m"])]);
        var fault = Assert.Throws<StudyDataException>(() => MultivariateModel.Fit(effects, "trial", "outcome"));
        Assert.Equal(("w", "outcome"), (fault.Value, fault.Column));
        Assert.Contains("in one trial only", fault.Message, StringComparison.Ordinal);
    }
}
