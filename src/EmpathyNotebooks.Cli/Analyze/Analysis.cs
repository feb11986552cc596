using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>A fit of any kind, as one thing to print. What a kind of fit does not define is null or empty.</summary>
internal sealed record Analysis
{
    /// <summary>Leaving each study out takes as many fits as there are studies, each as long as all of them: a few seconds up to here.</summary>
    public const int InfluenceLimit = 5000;

    /// <summary>The same for models with dependent effects, whose fits take longer.</summary>
    public const int DependentInfluenceLimit = 100;

    public required object Fit { get; init; }

    public required EffectMeasure Measure { get; init; }

    public required string Method { get; init; }

    public required string Test { get; init; }

    public required double Level { get; init; }

    public required IReadOnlyList<Coefficient> Coefficients { get; init; }

    /// <summary>Null with moderators, where it depends on their values, and without tau².</summary>
    public ConfidenceInterval? PredictionInterval { get; init; }

    public required HeterogeneityNumbers Heterogeneity { get; init; }

    /// <summary>Null without moderators.</summary>
    public ModeratorTest? ModeratorTest { get; init; }

    /// <summary>The test of each term with the others in the model; null without moderators.</summary>
    public IReadOnlyList<TermTest>? TermTests { get; init; }

    /// <summary>How much each coefficient's variance is inflated by the others; null where that is not asked.</summary>
    public IReadOnlyList<VarianceInflation>? Inflation { get; init; }

    public FitStatistics? FitStatistics { get; init; }

    /// <summary>Computed when asked for, since leaving each study out takes as many fits as there are studies.</summary>
    public required Lazy<IReadOnlyList<StudyNumbers>> Studies { get; init; }

    /// <summary>True where there are too many studies to leave each out unasked.</summary>
    public bool LeavesOutInfluence { get; init; }

    /// <summary>How many studies are too many.</summary>
    public int LimitOfInfluence { get; init; } = InfluenceLimit;

    /// <summary>The variance at each level of a multilevel model; null for others.</summary>
    public IReadOnlyList<VarianceComponent>? VarianceComponents { get; init; }

    /// <summary>True when effects share clusters, and so robust inference is a question.</summary>
    public bool HasClusters { get; init; }

    /// <summary>Cluster-robust inference; null where there are no clusters or it was not wanted.</summary>
    public RobustFit? Robust { get; init; }

    public IReadOnlyList<OmittedStudy> Omitted { get; init; } = [];

    /// <summary>What was taken from the table without being said, and what a reader should know of it.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What a careful reader should know about a model of dependent effects, in sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What was asked for beside the fit.</summary>
    public AnalysisExtras Extras { get; init; } = new();

    public static Analysis Of(PooledFit fit, bool influence) => new()
    {
        Fit = fit,
        Measure = fit.Effects.Measure,
        Method = fit.MethodCode,
        Test = AnalysisChoices.NameOf(fit.Inference),
        Level = fit.ConfidenceLevel,
        Coefficients = [new Coefficient("Intercept", fit.Estimate, fit.StandardError, fit.Statistic, fit.DegreesOfFreedom, fit.PValue, fit.ConfidenceInterval)],
        PredictionInterval = fit.PredictionInterval,
        Heterogeneity = HeterogeneityNumbers.Of(fit.Heterogeneity, fit.TauSquaredStandardError, null),
        FitStatistics = fit.FitStatistics,
        Studies = new(() => StudyNumbers.Of(fit.Effects, fit.Weights, influence || fit.Count <= InfluenceLimit ? fit.Influence : null, fit.IsRandomEffects)),
        LeavesOutInfluence = !influence && fit.Count > InfluenceLimit,
    };

    public static Analysis Of(MetaRegressionFit fit, bool influence) => new()
    {
        Fit = fit,
        Measure = fit.Effects.Measure,
        Method = fit.MethodCode,
        Test = AnalysisChoices.NameOf(fit.Inference),
        Level = fit.ConfidenceLevel,
        Coefficients = fit.Coefficients,
        Heterogeneity = HeterogeneityNumbers.Of(fit.Heterogeneity, fit.TauSquaredStandardError, fit.RSquared),
        ModeratorTest = fit.ModeratorTest,
        TermTests = fit.TermTests,
        Inflation = fit.VarianceInflationFactors(),
        FitStatistics = fit.FitStatistics,
        Studies = new(() => StudyNumbers.Of(fit.Effects, fit.Weights, influence || fit.Count <= InfluenceLimit ? fit.Influence : null, fit.IsRandomEffects)),
        LeavesOutInfluence = !influence && fit.Count > InfluenceLimit,
        Omitted = fit.Omitted,
    };

    /// <summary>A multilevel fit. Its variances stand at their levels; shares and Q are those of all levels together.</summary>
    public static Analysis Of(MultilevelFit fit, RobustFit? robust, bool influence) => new()
    {
        Fit = fit,
        Measure = fit.Effects.Measure,
        Method = fit.MethodCode,
        Test = AnalysisChoices.NameOf(fit.Inference),
        Level = fit.ConfidenceLevel,
        Coefficients = fit.Coefficients,
        PredictionInterval = fit.PredictionInterval,
        Heterogeneity = new HeterogeneityNumbers { ISquared = fit.ISquared, Q = fit.Q },
        ModeratorTest = fit.Moderators is null ? null : fit.ModeratorTest,
        TermTests = fit.Moderators is null ? null : fit.TermTests,
        FitStatistics = fit.FitStatistics,
        Studies = new(() => StudyNumbers.Of(fit, influence || fit.Count <= DependentInfluenceLimit)),
        LeavesOutInfluence = !influence && fit.Count > DependentInfluenceLimit,
        LimitOfInfluence = DependentInfluenceLimit,
        Omitted = fit.Omitted,
        VarianceComponents = fit.VarianceComponents,
        HasClusters = true,
        Robust = robust,
        Warnings = fit.Warnings,
    };

    /// <summary>Robust variance estimation. Its coefficients are the robust ones already.</summary>
    public static Analysis Of(RobustVarianceFit fit) => new()
    {
        Fit = fit,
        Measure = fit.Effects.Measure,
        Method = fit.ModelCode,
        Test = "t",
        Level = fit.Options.ConfidenceLevel,
        Coefficients = fit.Coefficients,
        PredictionInterval = fit.Moderators is null && fit.Coefficients[0].HasStandardError ? fit.Robust.Predict().PredictionInterval : null,
        Heterogeneity = new HeterogeneityNumbers { TauSquared = fit.TauSquared, OmegaSquared = fit.OmegaSquared, ISquared = fit.ISquared },
        ModeratorTest = fit.Moderators is null ? null : fit.Robust.ModeratorTest,
        Studies = new(() => [.. StudyNumbers.Of(fit.Effects).Select((study, i) => study with { Weight = fit.Weights[i] })]),
        Omitted = fit.Omitted,
        HasClusters = true,
        Robust = fit.Robust,
    };

    public static Analysis Of(LocationScaleFit fit) => new()
    {
        Fit = fit,
        Measure = fit.Effects.Measure,
        Method = fit.MethodCode,
        Test = AnalysisChoices.NameOf(fit.Options.Inference),
        Level = fit.Options.ConfidenceLevel,
        Coefficients = fit.LocationCoefficients,
        Heterogeneity = new HeterogeneityNumbers(),
        ModeratorTest = fit.LocationTest,
        FitStatistics = fit.FitStatistics,
        Studies = new(() => StudyNumbers.Of(fit.Effects)),
        Omitted = fit.Omitted,
        Extras = new AnalysisExtras { Scale = fit },
    };

    /// <summary>Pooled two-by-two tables or rates; a study's effect is null where its table alone has none.</summary>
    public static Analysis Of(TwoByTwoFit fit, string method) => new()
    {
        Fit = fit,
        Measure = fit.Measure,
        Method = method,
        Test = "z",
        Level = fit.Options.ConfidenceLevel,
        Coefficients = [new Coefficient("Intercept", fit.Estimate, fit.StandardError, fit.Statistic, null, fit.PValue, fit.ConfidenceInterval)],
        Heterogeneity = new HeterogeneityNumbers { ISquared = fit.ISquared, HSquared = fit.HSquared, Q = fit.Q },
        Studies = new(() => [.. fit.Labels.Select((label, i) => new StudyNumbers(label, fit.TableEffects[i]?.Value, fit.TableEffects[i]?.Variance) { Weight = fit.Weights[i] })]),
    };
}

/// <summary>One study in numbers.</summary>
internal sealed record StudyNumbers(string Label, double? Effect, double? Variance)
{
    /// <summary>Its share of the weights, as a fraction.</summary>
    public double? Weight { get; init; }

    /// <summary>What it does to the fit; null where too few would be left without it.</summary>
    public InfluenceRow? Influence { get; init; }

    /// <summary>False for equal-effects and fixed-effects models.</summary>
    public bool HasTauSquared { get; init; }

    /// <summary>What leaving it out does to a model with dependent effects; null for other models, and where that was not computed.</summary>
    public ClusterInfluence? Deletion { get; init; }

    /// <summary>Its leverage in a model with dependent effects.</summary>
    public double? Hat { get; init; }

    /// <summary>The deleted residual over its standard error.</summary>
    public double? DeletedResidual => Influence?.StudentizedResidual ?? (Deletion is { Residuals: [var residual] } ? residual.Studentized : null);

    /// <summary>The only coefficient without it; with moderators there are several, not one.</summary>
    public double? EstimateWithout => Influence is { EstimatesWithout: [var estimate] } ? estimate : Deletion is { Coefficients: [var coefficient] } ? coefficient : null;

    /// <summary>DFBETAS, one for each coefficient; empty where there are none.</summary>
    public IReadOnlyList<double> DfBetas => Influence is { } row ? row.DfBetas : Deletion is { } deletion ? deletion.DfBetas : [];

    /// <summary>The effects of a multilevel model. Without moderators weights are the shares in the mean effect, which can be negative; with them those of the diagonal of the weight matrix.</summary>
    public static IReadOnlyList<StudyNumbers> Of(MultilevelFit fit, bool influence)
    {
        var (weights, hat) = (fit.RowSumWeights ?? fit.DiagonalWeights, fit.HatValues);
        IReadOnlyList<ClusterInfluence>? deletions = influence ? fit.Influence(MultilevelModel.EachEffect) : null;
        return [.. Of(fit.Effects).Select((study, i) => study with { Weight = weights[i], Hat = hat[i], Deletion = deletions?[i] })];
    }

    public static IReadOnlyList<StudyNumbers> Of(StudyEffects effects) =>
        [.. effects.Labels.Select((label, i) => new StudyNumbers(label, effects.Effects[i], effects.Variances[i]))];

    public static IReadOnlyList<StudyNumbers> Of(StudyEffects effects, IReadOnlyList<double> weights, Func<InfluenceAnalysis>? influence, bool hasTauSquared)
    {
        IReadOnlyList<InfluenceRow>? rows = null;
        try
        {
            rows = influence?.Invoke().Rows;
        }
        catch (InsufficientStudiesException)
        {
            // The fit stands; only the questions about leaving a study out have no answer.
        }
        return [.. Of(effects).Select((study, i) => study with { Weight = weights[i], Influence = rows?[i], HasTauSquared = hasTauSquared })];
    }
}

/// <summary>How much effects differ, in numbers; null where a model does not define one.</summary>
internal sealed record HeterogeneityNumbers
{
    /// <summary>The measures the numbers came from, to be shown as a table; null for models that have none.</summary>
    public HeterogeneityMeasures? Measures { get; init; }

    public double? TauSquared { get; init; }

    public double? TauSquaredStandardError { get; init; }

    /// <summary>The variance within clusters of hierarchical weights; null for other models.</summary>
    public double? OmegaSquared { get; init; }

    public double? ISquared { get; init; }

    public double? HSquared { get; init; }

    public QTest? Q { get; init; }

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
        // A model without tau² has no interval of it either.
        TauSquaredInterval = tauSquaredStandardError is null ? null : measures.TauSquaredInterval,
        ISquaredInterval = tauSquaredStandardError is null ? null : measures.ISquaredInterval,
    };
}

/// <summary>What can be asked for beside the fit; null or empty where it was not.</summary>
internal sealed record AnalysisExtras
{
    public SubgroupAnalysis? Subgroups { get; init; }

    public LocationScaleFit? Scale { get; init; }

    public HeterogeneityIntervals? Intervals { get; init; }

    /// <summary>By which method, where another one than the fit's own was asked for.</summary>
    public string? PredictionMethod { get; init; }

    public HenmiCopas? HenmiCopas { get; init; }

    public TrueEffectProbability? Beyond { get; init; }

    public IReadOnlyList<CumulativeRow>? Cumulative { get; init; }

    public IReadOnlyList<Blup>? Blups { get; init; }
}
