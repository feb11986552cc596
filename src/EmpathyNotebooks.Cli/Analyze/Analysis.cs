using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>A fit with or without moderators, as one thing to print.</summary>
internal sealed record Analysis
{
    public required object Fit { get; init; }

    public required StudyEffects Effects { get; init; }

    public required string Method { get; init; }

    public required Inference Inference { get; init; }

    public required double Level { get; init; }

    public required IReadOnlyList<Coefficient> Coefficients { get; init; }

    /// <summary>Null with moderators, where it depends on their values, and without tau².</summary>
    public ConfidenceInterval? PredictionInterval { get; init; }

    public required HeterogeneityMeasures Heterogeneity { get; init; }

    public double? TauSquaredStandardError { get; init; }

    /// <summary>False for equal-effects and fixed-effects models.</summary>
    public bool HasTauSquared => TauSquaredStandardError is not null;

    public double? RSquared { get; init; }

    /// <summary>Null without moderators.</summary>
    public ModeratorTest? ModeratorTest { get; init; }

    public required FitStatistics FitStatistics { get; init; }

    /// <summary>Each study's share of the weights, as a fraction.</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>What each study does to the fit; empty where too few would be left without it.</summary>
    public required IReadOnlyList<InfluenceRow> Influence { get; init; }

    public IReadOnlyList<OmittedStudy> Omitted { get; init; } = [];

    public static Analysis Of(PooledFit fit) => new()
    {
        Fit = fit,
        Effects = fit.Effects,
        Method = fit.MethodCode,
        Inference = fit.Inference,
        Level = fit.ConfidenceLevel,
        Coefficients = [new Coefficient("Intercept", fit.Estimate, fit.StandardError, fit.Statistic, fit.DegreesOfFreedom, fit.PValue, fit.ConfidenceInterval)],
        PredictionInterval = fit.PredictionInterval,
        Heterogeneity = fit.Heterogeneity,
        TauSquaredStandardError = fit.TauSquaredStandardError,
        FitStatistics = fit.FitStatistics,
        Weights = fit.Weights,
        Influence = InfluenceOf(fit.Influence),
    };

    public static Analysis Of(MetaRegressionFit fit) => new()
    {
        Fit = fit,
        Effects = fit.Effects,
        Method = fit.MethodCode,
        Inference = fit.Inference,
        Level = fit.ConfidenceLevel,
        Coefficients = fit.Coefficients,
        Heterogeneity = fit.Heterogeneity,
        TauSquaredStandardError = fit.TauSquaredStandardError,
        RSquared = fit.RSquared,
        ModeratorTest = fit.ModeratorTest,
        FitStatistics = fit.FitStatistics,
        Weights = fit.Weights,
        Influence = InfluenceOf(fit.Influence),
        Omitted = fit.Omitted,
    };

    private static IReadOnlyList<InfluenceRow> InfluenceOf(Func<InfluenceAnalysis> influence)
    {
        try
        {
            return influence().Rows;
        }
        catch (InsufficientStudiesException)
        {
            // The fit stands; only the questions about leaving a study out have no answer.
            return [];
        }
    }
}
