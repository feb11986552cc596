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

    public required HeterogeneityNumbers Heterogeneity { get; init; }

    /// <summary>False for equal-effects and fixed-effects models.</summary>
    public bool HasTauSquared => Heterogeneity.TauSquaredStandardError is not null;

    /// <summary>Null without moderators.</summary>
    public ModeratorTest? ModeratorTest { get; init; }

    public required FitStatistics FitStatistics { get; init; }

    /// <summary>Each study's share of the weights, as a fraction.</summary>
    public IReadOnlyList<double> Weights { get; init; } = [];

    /// <summary>What each study does to the fit; empty where too few would be left without it.</summary>
    public IReadOnlyList<InfluenceRow> Influence { get; init; } = [];

    /// <summary>The variance at each level of a multilevel model; empty for others.</summary>
    public IReadOnlyList<VarianceComponent> VarianceComponents { get; init; } = [];

    /// <summary>Cluster-robust inference; null where there are no clusters or it was not wanted.</summary>
    public RobustFit? Robust { get; init; }

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
        Heterogeneity = HeterogeneityNumbers.Of(fit.Heterogeneity, fit.TauSquaredStandardError, null),
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
        Heterogeneity = HeterogeneityNumbers.Of(fit.Heterogeneity, fit.TauSquaredStandardError, fit.RSquared),
        ModeratorTest = fit.ModeratorTest,
        FitStatistics = fit.FitStatistics,
        Weights = fit.Weights,
        Influence = InfluenceOf(fit.Influence),
        Omitted = fit.Omitted,
    };

    /// <summary>A multilevel fit. Its variances stand at their levels; shares and Q are those of all levels together.</summary>
    public static Analysis Of(MultilevelFit fit, RobustFit? robust) => new()
    {
        Fit = fit,
        Effects = fit.Effects,
        Method = fit.MethodCode,
        Inference = fit.Inference,
        Level = fit.ConfidenceLevel,
        Coefficients = fit.Coefficients,
        PredictionInterval = fit.PredictionInterval,
        Heterogeneity = new HeterogeneityNumbers { ISquared = fit.ISquared, Q = fit.Q },
        ModeratorTest = fit.Moderators is null ? null : fit.ModeratorTest,
        FitStatistics = fit.FitStatistics,
        Omitted = fit.Omitted,
        VarianceComponents = fit.VarianceComponents,
        Robust = robust,
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

/// <summary>How much effects differ, in numbers; null where a model does not define one.</summary>
internal sealed record HeterogeneityNumbers
{
    /// <summary>The measures the numbers came from, to be shown as a table; null for multilevel models.</summary>
    public HeterogeneityMeasures? Measures { get; init; }

    public double? TauSquared { get; init; }

    public double? TauSquaredStandardError { get; init; }

    public double? ISquared { get; init; }

    public double? HSquared { get; init; }

    public required QTest Q { get; init; }

    public double? RSquared { get; init; }

    public ConfidenceInterval? TauSquaredInterval { get; init; }

    public ConfidenceInterval? ISquaredInterval { get; init; }

    public static HeterogeneityNumbers Of(HeterogeneityMeasures measures, double? tauSquaredStandardError, double? rSquared) => new()
    {
        Measures = measures,
        TauSquared = measures.TauSquared,
        TauSquaredStandardError = tauSquaredStandardError,
        ISquared = measures.ISquared,
        HSquared = measures.HSquared,
        Q = measures.Q,
        RSquared = rSquared,
        TauSquaredInterval = measures.TauSquaredInterval,
        ISquaredInterval = measures.ISquaredInterval,
    };
}
