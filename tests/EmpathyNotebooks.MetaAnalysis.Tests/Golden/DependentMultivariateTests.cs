using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>Berkey et al. (1998): probing depth (PD) and attachment level (AL) in five trials, with known sampling covariances.</summary>
public sealed class DependentMultivariateTests
{
    /// <summary>nlminb() leaves variances at some 1e-6 here and reports failure when asked for more.</summary>
    private const double Tolerance = 2e-5;

    public static TheoryData<CovarianceStructure, LikelihoodMethod> Grid() => new(
        from structure in (CovarianceStructure[])[CovarianceStructure.Unstructured, CovarianceStructure.CompoundSymmetry,
            CovarianceStructure.HeteroscedasticCompoundSymmetry, CovarianceStructure.Diagonal]
        from method in Enum.GetValues<LikelihoodMethod>()
        select (structure, method));

    [Fact]
    public void The_grid_of_cases_is_complete() => Assert.Equal(Grid().Count, DependentReference.Cases("multivariate").Count);

    [Theory]
    [MemberData(nameof(Grid))]
    public void Agrees_with_metafor(CovarianceStructure structure, LikelihoodMethod method)
    {
        var fit = Fit(structure, method);
        var expected = Assert.Single(DependentReference.Cases("multivariate"),
            c => c.GetProperty("struct").GetString() == fit.StructureCode && c.GetProperty("method").GetString() == fit.MethodCode);
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.Estimate)], expected.GetProperty("beta"), Tolerance, "beta");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.StandardError)], expected.GetProperty("se"), Tolerance, "se");
        Reference.Agree(fit.Q.Statistic, expected.GetProperty("QE"), 1e-8, "QE");
        var g = fit.RandomCovarianceMatrix();
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 2; j++) Reference.Agree(g[i, j], expected.GetProperty("G")[i][j], 10 * Tolerance, "G");
        }
        Reference.Agree(fit.Correlation("AL", "PD")!.Value, expected.GetProperty("rho"), 10 * Tolerance, "rho");
        // Never below metafor, and above only by what its optimiser left.
        var gain = fit.LogLikelihood - expected.GetProperty("logLik").GetDouble();
        Assert.True(gain is > -1e-12 and < 1e-7, $"{gain:E2}");
        var effects = fit.GroupEffects("trial");
        var known = expected.GetProperty("ranef").EnumerateArray().Select(e => e.GetDouble()).Order().ToList();
        Assert.Equal(known.Count, effects.Length);
        foreach (var (actual, reference) in effects.Select(e => e.Estimate).Order().Zip(known)) Assert.Equal(reference, actual, 2e-5);
        if (structure == CovarianceStructure.Unstructured) DependentReference.AgreeWithRobust(c => fit.Robust(c), expected.GetProperty("robust"), 2e-4);
    }

    [Fact]
    public void Of_two_outcomes_unstructured_and_heteroscedastic_are_the_same_model()
    {
        var un = Fit(CovarianceStructure.Unstructured, LikelihoodMethod.Restricted);
        var hcs = Fit(CovarianceStructure.HeteroscedasticCompoundSymmetry, LikelihoodMethod.Restricted);
        Assert.Equal(un.LogLikelihood, hcs.LogLikelihood, 1e-11);
        for (var a = 0; a < 2; a++) Assert.Equal(un.Outcomes[a].TauSquared, hcs.Outcomes[a].TauSquared, 1e-9);
        Assert.Equal(un.Correlation("AL", "PD")!.Value, hcs.Correlation("PD", "AL")!.Value, 1e-7);
    }

    /// <summary>The sampling covariances as printed: v1i and v2i are the rows of each trial's matrix.</summary>
    internal static MultivariateFit Fit(CovarianceStructure structure, LikelihoodMethod method)
    {
        var data = Reference.Load("berkey1998");
        var matrices = new Dictionary<string, double[,]>();
        for (var i = 0; i < data.Count; i += 2)
        {
            double V(string column, int row) => data.Column(column).Number(row)!.Value;
            matrices[data.Column("trial").Text(i)!] = new[,] { { V("v1i", i), V("v2i", i) }, { V("v1i", i + 1), V("v2i", i + 1) } };
        }
        return MultivariateModel.Fit(data, "trial", "outcome", options: new()
        {
            Structure = structure,
            Method = method,
            Inference = Inference.Normal,
            SamplingCovariance = SamplingCovariance.Given("trial", matrices),
        });
    }
}
