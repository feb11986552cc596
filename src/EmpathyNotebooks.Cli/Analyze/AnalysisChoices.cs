using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>What was asked for on the command line, in the words of metafor; makes the fit.</summary>
internal sealed record AnalysisChoices(string Method, string? Test, double Level, IReadOnlyList<string> Moderators, string? Weights)
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

    public Analysis Fit(StudyEffects effects)
    {
        var weights = Weights is null ? null : Numbers(effects, Weights);
        if (Moderators.Count > 0)
        {
            var moderators = Moderators.Select(name => Term(effects, name)).Aggregate((a, b) => a + b);
            return Analysis.Of(MetaRegression.Fit(effects, moderators,
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
