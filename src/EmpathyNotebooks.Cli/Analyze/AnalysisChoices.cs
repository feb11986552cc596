using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>What was asked for on the command line, in the words of metafor; makes the fit.</summary>
internal sealed record AnalysisChoices(string Method, string? Test, double Level, IReadOnlyList<string> Moderators, string? Weights,
    DependenceChoices? Dependence = null)
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

    /// <summary>The models: equal and fixed effects, and every estimator of tau².</summary>
    public static IReadOnlyList<string> Methods { get; } = ["EE", "FE", .. Estimators.Keys];

    /// <summary>The tests.</summary>
    public static IReadOnlyList<string> TestNames { get; } = [.. Tests.Keys];

    /// <summary>metafor's name of a kind of inference.</summary>
    public static string NameOf(Inference inference) => Tests.First(t => t.Value == inference).Key;

    private TauSquaredEstimator? Estimator => Method is "EE" or "FE" ? null : Estimators[Method];

    private Inference Inference => Test is not null ? Tests[Test] : Estimator is null ? Inference.Normal : Inference.HartungKnapp;

    public Analysis Fit(StudyEffects effects) => Dependence switch
    {
        null => FitIndependent(effects),
        { Model: "aggregate" } dependence => FitIndependent(effects.AverageWithin(dependence.Clusters[0], dependence.Rho)),
        { } dependence => FitMultilevel(effects, dependence),
    };

    private Analysis FitMultilevel(StudyEffects effects, DependenceChoices dependence)
    {
        if (Weights is not null) throw new BadInputException("--weights is not defined for multilevel models.");
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
        };
        string[] levels = [.. dependence.Clusters, MultilevelModel.EachEffect];
        var rho = dependence.Model == "che" ? dependence.Rho : 0;
        var fit = Moderators.Count > 0
            ? MultilevelModel.Fit(effects, levels, Terms(effects), rho, options)
            : MultilevelModel.Fit(effects, levels, rho, options);
        return Analysis.Of(fit, dependence.Robust is { } correction ? fit.Robust(correction, dependence.Clusters[0]) : null);
    }

    private Moderator Terms(StudyEffects effects) => Moderators.Select(name => Term(effects, name)).Aggregate((a, b) => a + b);

    private Analysis FitIndependent(StudyEffects effects)
    {
        var weights = Weights is null ? null : Numbers(effects, Weights);
        if (Moderators.Count > 0)
        {
            return Analysis.Of(MetaRegression.Fit(effects, Terms(effects),
                new MetaRegressionOptions { TauSquared = Estimator, Inference = Inference, ConfidenceLevel = Level, Weights = weights }));
        }
        if (Estimator is { } estimator)
        {
            return Analysis.Of(RandomEffects.Fit(effects,
                new RandomEffectsOptions { TauSquared = estimator, Inference = Inference, ConfidenceLevel = Level, Weights = weights }));
        }
        var options = new EqualEffectsOptions { Inference = Inference, ConfidenceLevel = Level, Weights = weights };
        return Analysis.Of(Method == "FE" ? FixedEffects.Fit(effects, options) : EqualEffects.Fit(effects, options));
    }

    private static Moderator Term(StudyEffects effects, string name) =>
        effects.Column(name).IsNumeric ? Moderator.Number(name) : Moderator.Category(name);

    private static double[] Numbers(StudyEffects effects, string name)
    {
        var column = effects.Column(name);
        if (!column.IsNumeric) throw new BadInputException($"--weights {name}: the column holds texts; weights are positive numbers.");
        return [.. Enumerable.Range(0, effects.Count).Select(i => column.Number(i)
            ?? throw new StudyDataException("must be a positive weight; it is missing", "", i + 1, effects.Labels[i], name))];
    }
}

/// <summary>How effects that share a sample are dealt with.</summary>
/// <param name="Clusters">The columns that say which effects belong together, the outermost first; one or two.</param>
/// <param name="Model">aggregate, multilevel or che.</param>
/// <param name="Rho">The assumed correlation of sampling errors within a cluster, for aggregate and che.</param>
/// <param name="Robust">The correction of cluster-robust inference, or null for none.</param>
internal sealed record DependenceChoices(IReadOnlyList<string> Clusters, string Model, double Rho, SmallSampleCorrection? Robust);
