using System.Globalization;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>What was asked for on the command line, in the words of metafor; makes the fit.</summary>
internal sealed record AnalysisChoices
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

    public ExtraChoices Extras { get; init; } = new();

    /// <summary>True for tables pooled as counts, without effects and variances of single studies.</summary>
    public bool IsTables => Method is "MH" or "PETO";

    private TauSquaredEstimator? Estimator => Method is "EE" or "FE" ? null : Estimators[Method];

    private Inference Inference => Test is not null ? Tests[Test] : Estimator is null ? Inference.Normal : Inference.HartungKnapp;

    public Analysis Fit(StudyEffects effects)
    {
        var analysis = Dependence switch
        {
            null => FitIndependent(effects),
            { Model: "aggregate" } dependence => FitIndependent(effects.AverageWithin(dependence.Clusters[0], dependence.Rho)) with { HasClusters = true },
            { RobustVariance: { } kind } dependence => FitRobustVariance(effects, dependence, kind),
            { } dependence => FitMultilevel(effects, dependence),
        };
        return Extras.AddTo(analysis, this);
    }

    /// <summary>Pools events and person-times.</summary>
    public Analysis Fit(IReadOnlyList<LabelledRates> rates, EffectMeasure measure)
    {
        if (Method == "PETO") throw new BadInputException($"--method PETO pools odds ratios of tables, not {measure.Code}.");
        var options = OptionsOfCounts();
        return Analysis.Of(measure == EffectMeasure.RateRatio ? MantelHaenszel.RateRatio(rates, options) : MantelHaenszel.RateDifference(rates, options), Method);
    }

    /// <summary>Pools tables as counts.</summary>
    public Analysis Fit(IReadOnlyList<LabelledTable> tables, EffectMeasure measure)
    {
        var options = OptionsOfCounts();
        if (Method == "PETO") return Analysis.Of(PetoMethod.OddsRatio(tables, options), Method);
        return Analysis.Of(
            measure == EffectMeasure.OddsRatio ? MantelHaenszel.OddsRatio(tables, options)
            : measure == EffectMeasure.RiskRatio ? MantelHaenszel.RiskRatio(tables, options)
            : measure == EffectMeasure.RiskDifference ? MantelHaenszel.RiskDifference(tables, options)
            : throw new BadInputException($"--method MH pools the measures OR, RR, RD, IRR and IRD, not {measure.Code}."), Method);
    }

    private TwoByTwoOptions OptionsOfCounts()
    {
        string[] others = [.. new (string Name, bool Given)[]
        {
            ("--test", Test is not (null or "z")), ("--moderator", Moderators is not null), ("--weights", Weights is not null),
            ("--cluster", Dependence is not null), ("--scale", Scale is not null),
        }.Where(o => o.Given).Select(o => o.Name)];
        if (others.Length > 0 || Extras.Any) throw new BadInputException($"--method {Method}: {(others.Length > 0 ? others[0] : "what is asked beside the fit")} is not defined for pooled tables.");
        return new TwoByTwoOptions { ConfidenceLevel = Level };
    }

    /// <summary>Weights that were asked for, one an effect.</summary>
    public double[]? WeightsOf(StudyEffects effects)
    {
        if (Weights is null) return null;
        var column = effects.Column(Weights);
        if (!column.IsNumeric) throw new BadInputException($"--weights {Weights}: the column holds texts; weights are numbers of 0 or more.");
        return [.. Enumerable.Range(0, effects.Count).Select(i => column.Number(i) is { } weight and >= 0 ? weight : throw new StudyDataException(
            "must be a weight, a number of 0 or more", column.Number(i)?.ToString(CultureInfo.InvariantCulture) ?? "", i + 1, effects.Labels[i], Weights))];
    }

    private Analysis FitRobustVariance(StudyEffects effects, DependenceChoices dependence, WorkingModel kind)
    {
        string[] others = [.. new (string Name, bool Given)[] { ("--method " + Method, Method != "REML"), ("--test " + Test, Test is not (null or "t")), ("--weights", Weights is not null), ("--scale", Scale is not null) }
            .Where(o => o.Given).Select(o => o.Name)];
        if (others.Length > 0) throw new BadInputException($"{others[0]} is not defined for --model {dependence.Model}, which has weights, variances and tests of its own.");
        if (dependence.Robust is not { } correction) throw new BadInputException($"--robust none: --model {dependence.Model} has no other inference than the robust one.");
        return Analysis.Of(RobustVarianceModel.Fit(effects, dependence.Clusters[0], kind, Moderators,
            new RobustVarianceOptions { SamplingCorrelation = dependence.Rho, Correction = correction, ConfidenceLevel = Level }));
    }

    private Analysis FitMultilevel(StudyEffects effects, DependenceChoices dependence)
    {
        if (Weights is not null) throw new BadInputException("--weights is not defined for multilevel models.");
        if (Scale is not null) throw new BadInputException("--scale is not defined for multilevel models.");
        var options = new MultilevelOptions
        {
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
        var fit = MultilevelModel.Fit(effects, dependence.Levels(effects), options);
        return Analysis.Of(fit, dependence.Robust is { } correction ? fit.Robust(correction, dependence.Clusters[0]) : null, Extras.Influence);
    }

    private Analysis FitIndependent(StudyEffects effects)
    {
        var weights = WeightsOf(effects);
        if (Scale is not null)
        {
            if (Method is not ("REML" or "ML")) throw new BadInputException($"--method {Method}: a location-scale model (--scale) is fitted by REML or ML.");
            if (weights is not null) throw new BadInputException("--weights is not defined for location-scale models.");
            return Analysis.Of(LocationScale.Fit(effects, Moderators, Scale,
                new LocationScaleOptions { Method = Method == "REML" ? LikelihoodMethod.Restricted : LikelihoodMethod.Full, Inference = Inference, ConfidenceLevel = Level }));
        }
        if (Moderators is not null)
        {
            return Analysis.Of(MetaRegression.Fit(effects, Moderators,
                new MetaRegressionOptions { TauSquared = Estimator, Inference = Inference, ConfidenceLevel = Level, Weights = weights }), Extras.Influence);
        }
        if (Estimator is { } estimator)
        {
            return Analysis.Of(RandomEffects.Fit(effects,
                new RandomEffectsOptions { TauSquared = estimator, Inference = Inference, ConfidenceLevel = Level, Weights = weights }), Extras.Influence);
        }
        var options = new EqualEffectsOptions { Inference = Inference, ConfidenceLevel = Level, Weights = weights };
        return Analysis.Of(Method == "FE" ? FixedEffects.Fit(effects, options) : EqualEffects.Fit(effects, options), Extras.Influence);
    }

    /// <summary>The groups of a column with the method and test that were chosen.</summary>
    public SubgroupAnalysis SubgroupsOf(StudyEffects effects, string column, bool common) => SubgroupAnalysis.Fit(effects, column,
        new SubgroupOptions { CommonTauSquared = common, TauSquared = Estimator, Inference = Inference, ConfidenceLevel = Level });
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

/// <summary>What was asked for beside the fit.</summary>
internal sealed record ExtraChoices
{
    /// <summary>QP, PL, GENQ or WALD; null for the first.</summary>
    public string? TauInterval { get; init; }

    /// <summary>knha, hts or nagashima; null for the one of the fit.</summary>
    public string? Prediction { get; init; }

    /// <summary>The seed of random draws; null for the library's own.</summary>
    public ulong? Seed { get; init; }

    public string? Subgroup { get; init; }

    public bool CommonTau { get; init; }

    public bool HenmiCopas { get; init; }

    /// <summary>A cut-off on the scale a reader knows, for example r.</summary>
    public double? Beyond { get; init; }

    /// <summary>The column to add studies by; empty for the order of the file.</summary>
    public string? Cumulative { get; init; }

    /// <summary>Studies of one value are added together.</summary>
    public bool Collapse { get; init; }

    public bool Blups { get; init; }

    /// <summary>What each study does to the fit, however many there are.</summary>
    public bool Influence { get; init; }

    /// <summary>True when anything is asked for.</summary>
    public bool Any => this != new ExtraChoices();

    /// <summary>Answers what was asked, or says for which fits there is an answer.</summary>
    public Analysis AddTo(Analysis analysis, AnalysisChoices choices)
    {
        if (!Any) return analysis;
        var pooled = analysis.Fit as PooledFit;
        var extras = analysis.Extras;
        if (TauInterval is not null && analysis.Heterogeneity is { Measures: { } measures, TauSquaredInterval: not null })
        {
            var intervals = TauInterval switch
            {
                "PL" => measures.ProfileLikelihoodIntervals(),
                "WALD" => measures.WaldIntervals(),
                "GENQ" => measures.GeneralizedQIntervals(pooled is null ? null : choices.WeightsOf(pooled.Effects)),
                _ => null,
            };
            if (intervals is not null)
            {
                extras = extras with { Intervals = intervals };
                analysis = analysis with
                {
                    Heterogeneity = analysis.Heterogeneity with { TauSquaredInterval = intervals.TauSquared, ISquaredInterval = intervals.ISquared },
                };
            }
        }
        else if (TauInterval is not null)
        {
            throw Undefined("--tau-ci", "models with one tau squared");
        }
        if (Prediction is not null)
        {
            var method = Prediction switch
            {
                "hts" => PredictionIntervalMethod.HigginsThompsonSpiegelhalter,
                "nagashima" => PredictionIntervalMethod.Nagashima,
                _ => PredictionIntervalMethod.HartungKnapp,
            };
            var interval = Random("--prediction").PredictionIntervalBy(method, Seed is { } seed ? new BootstrapOptions { Seed = seed } : null);
            analysis = analysis with { PredictionInterval = interval };
            extras = extras with { PredictionMethod = Prediction };
        }
        if (Subgroup is not null) extras = extras with { Subgroups = choices.SubgroupsOf(Pooled("--subgroup").Effects, Subgroup, CommonTau) };
        if (HenmiCopas) extras = extras with { HenmiCopas = MetaAnalysis.HenmiCopas.Fit(Pooled("--henmi-copas").Effects, choices.Level) };
        if (Beyond is { } cutoff) extras = extras with { Beyond = Random("--beyond").ProbabilityAbove(CutoffOf(cutoff, analysis.Measure)) };
        if (Cumulative is not null) extras = extras with { Cumulative = Cumulative.Length == 0 ? Pooled("--cumulative").Cumulative() : Pooled("--cumulative").CumulativeBy(Cumulative, Collapse) };
        if (Blups)
        {
            extras = extras with
            {
                Blups = analysis.Fit switch
                {
                    PooledFit { IsRandomEffects: true } fit => fit.Blups(),
                    MetaRegressionFit { IsRandomEffects: true } fit => fit.Blups(),
                    _ => throw Undefined("--blups", "random-effects models of independent effects"),
                },
            };
        }
        return analysis with { Extras = extras };

        PooledFit Pooled(string option) => pooled ?? throw Undefined(option, "models without moderators and without --cluster, except after --model aggregate");

        PooledFit Random(string option) => Pooled(option) is { IsRandomEffects: true } fit ? fit : throw Undefined(option, "random-effects models");

        static double CutoffOf(double cutoff, EffectMeasure measure)
        {
            var pooled = measure.FromDisplay(cutoff);
            return double.IsFinite(pooled) ? pooled : throw new BadInputException(FormattableString.Invariant(
                $"--beyond {cutoff}: give a value that {measure.Symbol} can have, between {measure.DisplayMinimum} and {measure.DisplayMaximum}."));
        }

        static BadInputException Undefined(string option, string where) => new($"{option} is defined for {where}.");
    }
}
