using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>What was asked for on the command line, in the words of metafor; makes the fit.</summary>
internal sealed record ModelChoices
{
    private static readonly Dictionary<string, TauSquaredEstimator> Estimators = new(StringComparer.Ordinal)
    {
        ["REML"] = TauSquaredEstimator.RestrictedMaximumLikelihood,
        ["ML"] = TauSquaredEstimator.MaximumLikelihood,
        ["DL"] = TauSquaredEstimator.DerSimonianLaird,
        ["DL2"] = TauSquaredEstimator.TwoStepDerSimonianLaird,
        ["PM"] = TauSquaredEstimator.PauleMandel,
        ["PMM"] = TauSquaredEstimator.PauleMandelMedian,
        ["HE"] = TauSquaredEstimator.Hedges,
        ["HS"] = TauSquaredEstimator.HunterSchmidt,
        ["HSk"] = TauSquaredEstimator.HunterSchmidtSmallSample,
        ["SJ"] = TauSquaredEstimator.SidikJonkman,
        ["EB"] = TauSquaredEstimator.EmpiricalBayes,
        ["DLIT"] = TauSquaredEstimator.IteratedDerSimonianLaird,
        ["SJIT"] = TauSquaredEstimator.IteratedSidikJonkman,
        ["GENQ"] = TauSquaredEstimator.GeneralizedQ,
    };

    private static readonly Dictionary<string, Inference> Tests = new(StringComparer.Ordinal)
    {
        ["z"] = Inference.Normal,
        ["t"] = Inference.StudentT,
        ["knha"] = Inference.HartungKnapp,
        ["adhoc"] = Inference.HartungKnappAdHoc,
        ["kr"] = Inference.KenwardRoger,
    };

    /// <summary>The models: equal and fixed effects, every estimator of tau², and tables pooled as counts.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["EE", "FE", .. Estimators.Keys, "MH", "PETO"];

    /// <summary>The tests.</summary>
    public static IReadOnlyList<string> TestNames { get; } = [.. Tests.Keys];

    /// <summary>metafor's name of a kind of inference.</summary>
    public static string NameOf(Inference inference) => Tests.First(t => t.Value == inference).Key;

    public required string Method { get; init; }

    public string? Test { get; init; }

    public required double Level { get; init; }

    /// <summary>What may explain differences, or null.</summary>
    public Moderator? Moderators { get; init; }

    public string? Weights { get; init; }

    public DependenceChoices? Dependence { get; init; }

    /// <summary>What may explain how much effects differ, or null.</summary>
    public Moderator? Scale { get; init; }

    /// <summary>The columns that the moderators name.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>True for tables pooled as counts, without effects and variances of single studies.</summary>
    public bool IsTables => Method is "MH" or "PETO";

    private TauSquaredEstimator? Estimator => Method is "EE" or "FE" ? null : Estimators[Method];

    private Inference Inference => Test is not null ? Tests[Test] : Estimator is null ? Inference.Normal : Inference.HartungKnapp;

    /// <summary>Fits the model that was asked for.</summary>
    public Inquiry Fit(StudyEffects effects) => Dependence switch
    {
        null => Inquiry.Of(IndependentModel(effects).FitTo(effects)),
        { Model: "aggregate" } dependence => Averaged(effects.AverageWithin(dependence.Clusters[0], dependence.Rho)),
        { RobustVariance: { } kind } dependence => Inquiry.Of(RobustVariance(dependence, kind).FitTo(effects)),
        { } dependence => Inquiry.Of(Multilevel(effects, dependence).FitTo(effects)) with { Correction = dependence.Robust },
    };

    /// <summary>Pools events and person-times.</summary>
    public Inquiry Fit(IReadOnlyList<LabelledRates> rates, EffectMeasure measure, OptionValues said)
    {
        if (Method == "PETO") throw new BadInputException($"--method PETO pools odds ratios of tables, not {measure.Code}.");
        var options = OptionsOfCounts(said);
        return Inquiry.Of(measure == EffectMeasure.RateRatio ? MantelHaenszel.RateRatio(rates, options) : MantelHaenszel.RateDifference(rates, options));
    }

    /// <summary>Pools tables as counts.</summary>
    public Inquiry Fit(IReadOnlyList<LabelledTable> tables, EffectMeasure measure, OptionValues said)
    {
        var options = OptionsOfCounts(said);
        if (Method == "PETO") return Inquiry.Of(PetoMethod.OddsRatio(tables, options));
        return Inquiry.Of(
            measure == EffectMeasure.OddsRatio ? MantelHaenszel.OddsRatio(tables, options)
            : measure == EffectMeasure.RiskRatio ? MantelHaenszel.RiskRatio(tables, options)
            : measure == EffectMeasure.RiskDifference ? MantelHaenszel.RiskDifference(tables, options)
            : throw new BadInputException($"--method MH pools the measures OR, RR, RD, IRR and IRD, not {measure.Code}."));
    }

    private TwoByTwoOptions OptionsOfCounts(OptionValues said)
    {
        var other = FirstOf(("--test", Test is not (null or "z")), ("--moderator", Moderators is not null), ("--weights", Weights is not null), ("--cluster", Dependence is not null), ("--scale", Scale is not null))
            ?? Questions.All.SelectMany(q => q.Options).Select(o => o.Name).FirstOrDefault(said.Has);
        if (other is not null) throw new BadInputException($"--method {Method}: {other} is not defined for pooled tables.");
        return new TwoByTwoOptions { ConfidenceLevel = Level };
    }

    private Inquiry Averaged(StudyEffects averages) => Inquiry.Of(IndependentModel(averages).FitTo(averages)) with { IsAveraged = true };

    /// <summary>Weights that were asked for, one an effect.</summary>
    private double[]? WeightsOf(StudyEffects effects)
    {
        if (Weights is null) return null;
        var column = effects.Column(Weights);
        if (!column.IsNumeric) throw new BadInputException($"--weights {Weights}: the column holds texts; weights are numbers of 0 or more.");
        StudyDataException[] faults = [.. Enumerable.Range(0, effects.Count).Where(i => column.Number(i) is not >= 0).Select(i => new StudyDataException(
            "must be a weight, a number of 0 or more", column.Number(i)?.ToString(CultureInfo.InvariantCulture) ?? "", i + 1, effects.Labels[i], Weights))];
        return faults.Length == 0 ? [.. Enumerable.Range(0, effects.Count).Select(i => column.Number(i)!.Value)] : throw StudyDataException.Together(faults);
    }

    private RobustVarianceOptions RobustVariance(DependenceChoices dependence, WorkingModel kind)
    {
        if (FirstOf(("--method " + Method, Method != "REML"), ("--test " + Test, Test is not (null or "t")), ("--weights", Weights is not null), ("--scale", Scale is not null)) is { } other)
        {
            throw new BadInputException($"{other} is not defined for --model {dependence.Model}, which has weights, variances and tests of its own.");
        }
        return new RobustVarianceOptions
        {
            Cluster = dependence.Clusters[0],
            WorkingModel = kind,
            Moderators = Moderators,
            SamplingCorrelation = dependence.Rho,
            Correction = dependence.Robust ?? throw new BadInputException($"--robust none: --model {dependence.Model} has no other inference than the robust one."),
            ConfidenceLevel = Level,
        };
    }

    private MultilevelOptions Multilevel(StudyEffects effects, DependenceChoices dependence)
    {
        if (FirstOf(("--weights", Weights is not null), ("--scale", Scale is not null)) is { } other) throw new BadInputException($"{other} is not defined for multilevel models.");
        return new MultilevelOptions
        {
            Levels = dependence.Levels(effects),
            Method = Method switch
            {
                "REML" => LikelihoodMethod.Restricted,
                "ML" => LikelihoodMethod.Full,
                _ => throw new BadInputException($"--method {Method}: multilevel models are fitted by REML or ML."),
            },
            Inference = Test switch
            {
                null or "t" => Inference.StudentT,
                "z" => Inference.Normal,
                _ => throw new BadInputException($"--test {Test}: multilevel models have z and t; for few clusters read the robust inference (--robust CR2)."),
            },
            ConfidenceLevel = Level,
            Moderators = Moderators,
            SamplingCorrelation = dependence.Model == "che" ? dependence.Rho : 0,
        };
    }

    private ModelOptions IndependentModel(StudyEffects effects)
    {
        var weights = WeightsOf(effects);
        if (Scale is not null)
        {
            if (Method is not ("REML" or "ML")) throw new BadInputException($"--method {Method}: a location-scale model (--scale) is fitted by REML or ML.");
            if (weights is not null) throw new BadInputException("--weights is not defined for location-scale models.");
            return new LocationScaleOptions
            {
                Moderators = Moderators,
                ScaleModerators = Scale,
                Method = Method == "REML" ? LikelihoodMethod.Restricted : LikelihoodMethod.Full,
                Inference = Inference,
                ConfidenceLevel = Level,
            };
        }
        if (Moderators is not null) return new MetaRegressionOptions { Moderators = Moderators, TauSquared = Estimator, Inference = Inference, ConfidenceLevel = Level, Weights = weights };
        if (Estimator is { } estimator) return new RandomEffectsOptions { TauSquared = estimator, Inference = Inference, ConfidenceLevel = Level, Weights = weights };
        return new EqualEffectsOptions { TakesEffectsAsFixed = Method == "FE", Inference = Inference, ConfidenceLevel = Level, Weights = weights };
    }

    private static string? FirstOf(params ReadOnlySpan<(string Name, bool Given)> options)
    {
        foreach (var (name, given) in options)
        {
            if (given) return name;
        }
        return null;
    }
}

/// <summary>How effects that share a sample are dealt with.</summary>
/// <param name="Clusters">The columns that say which effects belong together, the outermost first; one or two.</param>
/// <param name="Model">aggregate, multilevel, che, corr or hier.</param>
/// <param name="Rho">The assumed correlation of sampling errors within a cluster, for aggregate, che and corr.</param>
/// <param name="Robust">The correction of cluster-robust inference, or null for none.</param>
internal sealed record DependenceChoices(IReadOnlyList<string> Clusters, string Model, double Rho, SmallSampleCorrection? Robust)
{
    /// <summary>The weights of robust variance estimation; null for the other models.</summary>
    public WorkingModel? RobustVariance => Model switch { "corr" => WorkingModel.Correlated, "hier" => WorkingModel.Hierarchical, _ => null };

    /// <summary>The clusters and, unless the innermost column has a value of its own for each effect already, the effects within them.</summary>
    public IReadOnlyList<string> Levels(StudyEffects effects)
    {
        var groups = Enumerable.Range(0, effects.Count).Select(i => string.Join('\n', Clusters.Select(c => effects.Column(c).Text(i)))).Distinct().Count();
        return groups == effects.Count ? Clusters : [.. Clusters, MultilevelModel.EachEffect];
    }
}
