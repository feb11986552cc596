namespace EmpathyNotebooks.MetaAnalysis.Tests.DependentEffects;

/// <summary>Covariance matrices of sampling errors that are given: what they mean, and every fault that one of them can have.</summary>
public sealed class GivenCovarianceTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52], [0.004, 0.008, 0.006, 0.005, 0.006, 0.010, 0.004, 0.007], EffectMeasure.FisherZ,
        columns: [StudyColumn.OfTexts("sample", ["A", "A", "A", "B", "C", "C", "D", "E"]), StudyColumn.OfTexts("when", ["before", "during", "after", "after", "before", "after", "after", "after"]),
            StudyColumn.OfTexts("first", ["x", "x", "y", "x", "x", "x", "x", "x"]), StudyColumn.OfTexts("second", ["y", "z", "z", "y", "y", "z", "y", "y"])]);

    private static MultilevelFit Fit(SamplingCovariance errors) => MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], options: new() { SamplingCovariance = errors });

    private static double[,] Matrix(double correlation, params double[] variances)
    {
        var m = variances.Length;
        var matrix = new double[m, m];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++) matrix[i, j] = (i == j ? 1 : correlation) * Math.Sqrt(variances[i] * variances[j]);
        }
        return matrix;
    }

    private static Dictionary<string, double[,]> Matrices(double correlation) =>
        new() { ["A"] = Matrix(correlation, 0.004, 0.008, 0.006), ["B"] = Matrix(correlation, 0.005), ["C"] = Matrix(correlation, 0.006, 0.010), ["D"] = Matrix(correlation, 0.004), ["E"] = Matrix(correlation, 0.007) };

    private static StudyDataException Fault(Dictionary<string, double[,]> matrices) => Assert.Throws<StudyDataException>(() => Fit(SamplingCovariance.Given("sample", matrices)));

    [Fact]
    public void A_matrix_that_says_one_correlation_gives_what_that_correlation_gives()
    {
        var given = Fit(SamplingCovariance.Given("sample", Matrices(0.6)));
        var assumed = Fit(SamplingCovariance.Within("sample", 0.6));
        Assert.Equal(assumed.LogLikelihood, given.LogLikelihood, 1e-10);
        Assert.Equal(assumed.Estimate!.Value, given.Estimate!.Value, 1e-8);
        Assert.NotEqual(Fit(SamplingCovariance.Within("sample", 0)).Estimate!.Value, given.Estimate!.Value, 1e-4);

        // Without one cluster, and without one effect of another, the rest of each matrix stays where it belongs.
        Assert.Equal(assumed.Influence().Select(i => i.CookDistance), given.Influence().Select(i => i.CookDistance), (a, b) => Math.Abs(a!.Value - b!.Value) < 1e-6);
        var part = Effects.Select([0, 2, 3, 5, 6, 7]);
        Assert.Equal(assumed.Refit(part).LogLikelihood, MultilevelModel.Fit(part, ["sample", MultilevelModel.EachEffect],
            options: new() { SamplingCovariance = SamplingCovariance.Given("sample", new Dictionary<string, double[,]>(Matrices(0.6)) { ["A"] = Matrix(0.6, 0.004, 0.006), ["C"] = Matrix(0.6, 0.010) }) }).LogLikelihood, 1e-10);
    }

    [Fact]
    public void A_cluster_without_a_matrix_or_with_one_of_another_size_is_named()
    {
        var matrices = Matrices(0.6);
        matrices.Remove("C");
        var missing = Fault(matrices);
        Assert.Equal(("C", "sample"), (missing.Value, missing.Column));
        Assert.Contains("has 2 effects but no covariance matrix is given for it", missing.Message, StringComparison.Ordinal);

        var narrow = Fault(new(Matrices(0.6)) { ["A"] = Matrix(0.6, 0.004, 0.008) });
        Assert.Contains("has 3 effects where its covariance matrix is 2 x 2", narrow.Message, StringComparison.Ordinal);
        Assert.Contains("is 3 x 2", Fault(new(Matrices(0.6)) { ["A"] = new double[3, 2] }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variance_that_is_not_that_of_the_effect_is_named_with_its_row()
    {
        var fault = Fault(new(Matrices(0.6)) { ["C"] = Matrix(0.6, 0.006, 0.011) });
        Assert.Equal((6, "vi", "0.011"), (fault.Row, fault.Column, fault.Value));
        Assert.Contains("the covariance matrix of C where the effect has 0.01", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_matrix_that_no_errors_can_have_is_refused()
    {
        var lopsided = Matrix(0.6, 0.004, 0.008, 0.006);
        lopsided[2, 0] *= 2;
        Assert.Contains("not symmetric and finite in row 1, column 3", Fault(new(Matrices(0.6)) { ["A"] = lopsided }).Message, StringComparison.Ordinal);
        lopsided[2, 0] = lopsided[0, 2] = double.PositiveInfinity;
        Assert.Contains("not symmetric and finite", Fault(new(Matrices(0.6)) { ["A"] = lopsided }).Message, StringComparison.Ordinal);

        // Three errors cannot all be opposed to each other.
        var impossible = Fault(new(Matrices(0.6)) { ["A"] = Matrix(-0.9, 0.004, 0.008, 0.006) });
        Assert.Equal("A", impossible.Value);
        Assert.Contains("no positive definite covariance matrix (as given)", impossible.Message, StringComparison.Ordinal);
        Assert.Contains("(correlation -0.9)", Assert.Throws<StudyDataException>(() => Fit(SamplingCovariance.Within("sample", -0.9))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Correlations_over_time_need_times_in_numbers_and_a_correlation_below_one()
    {
        var within = SamplingCovariance.Within("sample", 0.5);
        foreach (var wrong in new[] { 1.0, -0.1, double.NaN }) Assert.Throws<ArgumentOutOfRangeException>("autocorrelation", () => within.OverTime("when", wrong));
        var fault = Assert.Throws<StudyDataException>(() => Fit(within.OverTime("when", 0.8)));
        Assert.Equal((1, "when", "before"), (fault.Row, fault.Column, fault.Value));
        Assert.Contains("time in numbers", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Correlations_between_variables_are_of_correlations_lie_below_one_and_are_given_once()
    {
        static KnownCorrelation Known(string a, string b, double r) => new("A", a, b, r);
        static CorrelationsOfSample Of(params KnownCorrelation[] known) => SamplingCovariance.FromCorrelations("sample", "first", "second", known);
        Assert.Throws<ArgumentOutOfRangeException>("otherwise", () => SamplingCovariance.FromCorrelations("sample", "first", "second", [], 1));
        Assert.Contains("is no correlation of \"x\" and \"y\" in A", Assert.Throws<StudyDataException>(() => Of(Known("x", "y", 1))).Message, StringComparison.Ordinal);
        Assert.Contains("two correlations of \"y\" and \"x\"", Assert.Throws<StudyDataException>(() => Of(Known("x", "y", 0.3), Known("y", "x", 0.4))).Message, StringComparison.Ordinal);
        Assert.Contains("correlated with itself", Assert.Throws<StudyDataException>(() => Of(Known("x", "x", 0.3))).Message, StringComparison.Ordinal);
        var differences = StudyEffects.Create(Effects.Effects, Effects.Variances, EffectMeasure.StandardizedMeanDifference, columns: Effects.Columns);
        var fault = Assert.Throws<StudyDataException>(() => MultilevelModel.Fit(differences, ["sample"], options: new() { SamplingCovariance = Of() }));
        Assert.Contains("are not correlations (ZCOR or COR)", fault.Message, StringComparison.Ordinal);
    }
}
