using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A regression test of funnel asymmetry: do small studies find other effects than large ones? The slope of the effects on the predictor is tested against 0, two-sided.
/// </summary>
/// <remarks>
/// $$y_i = a + bx_i + e_i, \qquad t = \frac{\hat b}{\mathrm{SE}(\hat b)}$$
/// with $x_i = \sqrt{v_i}$ unless another predictor is chosen, weights $1/v_i$ and $k - 2$ degrees of freedom by weighted least squares, weights $1/(v_i + \hat\tau^2)$ by meta-regression.
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020], EffectMeasure.FisherZ);
/// EggerTest egger = RandomEffects.Fit(effects).EggerTest();
/// Console.WriteLine($"{egger}; an endlessly large study would find {egger.Limit?.Estimate}");
/// foreach (var warning in egger.Warnings) Console.WriteLine(warning);
/// </code></example>
public sealed class EggerTest
{
    private readonly Coefficient? _intercept;

    internal EggerTest(SmallStudyPredictor predictor, EggerModel model, IModelFit regression, RobustFit? robust, Coefficient slope, Coefficient? intercept, ImmutableArray<string> warnings)
    {
        (Predictor, Model, Regression, Robust, Slope, _intercept, Warnings) = (predictor, model, regression, robust, slope, intercept, warnings);
    }

    /// <summary>What stands for the size of a study.</summary>
    public SmallStudyPredictor Predictor { get; }

    /// <summary>How the line was fitted.</summary>
    public EggerModel Model { get; }

    /// <summary>The fit with the predictor as its last moderator; <see cref="EggerModel.WeightedLeastSquares"/> is the equal-effects regression whose variances Hartung and Knapp's factor scales.</summary>
    public IModelFit Regression { get; }

    /// <summary>Cluster-robust inference, from which test and interval come where effects share samples; null for independent effects.</summary>
    public RobustFit? Robust { get; }

    /// <summary>The slope of the effect on the predictor with its test. Positive for a standard error: small studies find larger effects.</summary>
    public Coefficient Slope { get; }

    /// <summary>z or t of the slope.</summary>
    public double Statistic => Slope.Statistic;

    /// <summary>The degrees of freedom of t (Satterthwaite's with cluster-robust inference); null for z.</summary>
    public double? DegreesOfFreedom => Slope.DegreesOfFreedom;

    /// <summary>The two-sided p-value.</summary>
    public double PValue => Slope.PValue;

    /// <summary>
    /// The limit estimate: the mean effect that the line leads to where the predictor is 0, a study without sampling error. Null for n and √n, which have no such place, and with moderators.
    /// </summary>
    public Coefficient? Limit => SmallStudyPredictors.HasLimit(Predictor) ? _intercept : null;

    /// <summary>How many effects there are, k.</summary>
    public int Count => Regression.Count;

    /// <summary>What a careful reader should know about this test.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The mean effect that the line expects at a value of the predictor, on the scale that is pooled: the line in a funnel plot.</summary>
    /// <param name="value">A value of the predictor, finite.</param>
    /// <returns>Null with moderators, where it depends on them.</returns>
    public double? MeanAt(double value) => _intercept is { } intercept ? intercept.Estimate + Slope.Estimate * value : null;

    /// <summary>One line, for example <c>Egger's test (standard error, REML): t(14) = 1.35, p = .199</c>.</summary>
    public override string ToString()
    {
        var statistic = DegreesOfFreedom is { } df ? $"t({StatisticText.DegreesOfFreedom(df)})" : "z";
        var how = Model == EggerModel.WeightedLeastSquares ? "weighted least squares" : Regression.MethodCode;
        return $"Egger's test ({SmallStudyPredictors.Name(Predictor)}, {how}{(Robust is null ? "" : ", " + Robust.Correction)}): {statistic} = {StatisticText.Number(Statistic)}, {StatisticText.PValueWithSymbol(PValue)}"
            + (Regression.Effects.Origin.IsSimulated ? " [simulated data]" : "");
    }
}

/// <summary>Tests of whether the funnel of the effects leans to one side.</summary>
public static class FunnelAsymmetry
{
    /// <summary>Below this, tests of asymmetry have little power (Sterne et al. 2011, BMJ 343, d4002).</summary>
    internal const int FewStudies = 10;

    /// <summary>
    /// A regression test of funnel asymmetry: y = a + bx with x the predictor, and the moderators of the fit beside it where it has some; b = 0 is tested. With the standard error as predictor and weighted least
    /// squares it is Egger's (Egger et al. 1997, BMJ 315, 629-634). Asymmetry is not bias: small studies can truly have larger effects, or heterogeneity and chance make it. When not to use it: with fewer
    /// than ten studies, for lack of power; as a reason to leave the mean as it is, since a test that finds nothing shows nothing; with the standard error of a measure that is made of the effect
    /// (<see cref="EggerTest.Warnings"/> says so).
    /// </summary>
    /// <remarks>
    /// $$y_i = a + bx_i + e_i, \qquad t = \frac{\hat b}{\mathrm{SE}(\hat b)}$$
    /// Where effects share samples, the model of the fit is kept (multilevel, correlated and hierarchical effects, robust variance estimation) and the slope tested with CR2 and Satterthwaite's degrees of freedom:
    /// the multilevel Egger test of Rodgers &amp; Pustejovsky (2021, Psychological Methods 26, 141-160). With <see cref="EggerModel.WeightedLeastSquares"/> it is their Egger sandwich: weights 1/v, errors robust.
    /// </remarks>
    /// <param name="fit">A fit of any kind with one slope for all effects.</param>
    /// <param name="predictor">What stands for the size of a study.</param>
    /// <param name="model">How the line is fitted.</param>
    /// <exception cref="InsufficientStudiesException">There are not two more effects than coefficients without the slope.</exception>
    /// <exception cref="UndeterminedException">The predictor is the same for all effects or follows from the moderators, or the effects lie exactly on the line.</exception>
    /// <exception cref="StudyDataException">Sample sizes are needed and not known.</exception>
    /// <exception cref="ImpossibleChoiceException">The coefficients of a model of dependent effects have weights of your own.</exception>
    public static EggerTest EggerTest(this IModelFit fit, SmallStudyPredictor predictor = SmallStudyPredictor.StandardError, EggerModel model = EggerModel.MetaRegression)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (model is not (EggerModel.MetaRegression or EggerModel.WeightedLeastSquares)) throw new ArgumentOutOfRangeException(nameof(model), model, "There is no such model of a regression test.");
        var effects = fit.Effects;
        var values = SmallStudyPredictors.Values(predictor, effects);
        var others = fit.Coefficients.Length;
        if (effects.Count < others + 2) throw new InsufficientStudiesException("Egger's test", others + 2, effects.Count, fit.Clusters is null ? StudyCount.Studies : StudyCount.Effects);
        CheckVaries(fit, predictor, values);

        var name = SmallStudyPredictors.Name(predictor);
        while (effects.Columns.Any(c => c.Name == name)) name += "*";
        var with = effects.WithColumn(StudyColumn.OfNumbers(name, values.Select(v => (double?)v)));
        var term = Moderator.Number(name);
        IModelFit regression;
        RobustFit? robust;
        try
        {
            (regression, robust) = Fit(fit, with, fit.Moderators is { } moderators ? moderators + term : term, model);
        }
        catch (StudyDataException fault) when (fault.Kind == StudyDataFault.Undetermined)
        {
            throw new UndeterminedException("Egger's test", $"the model with the {SmallStudyPredictors.Name(predictor)} is not determined by these effects ({fault.Message.TrimEnd('.')})");
        }
        var coefficients = robust?.Coefficients ?? regression.Coefficients;
        var slope = coefficients.Single(c => c.Name == name);
        if (!slope.HasStandardError) throw new UndeterminedException("Egger's test", char.ToLowerInvariant(slope.WhyNoStandardError![0]) + slope.WhyNoStandardError[1..].TrimEnd('.'));
        if (slope.StandardError == 0) throw new UndeterminedException("Egger's test", "the effects lie exactly on a line, so that no residual shows how uncertain its slope is", "the normal distribution judges the slope by the sampling variances");
        Coefficient? intercept = coefficients is [{ Name: "Intercept" } first, _] ? first : null;
        return new EggerTest(predictor, model, regression, robust, slope, intercept, Warn(fit, predictor, model, slope));
    }

    /// <summary>The test with each predictor that the data have, by meta-regression and by weighted least squares; predictors that do not vary are left out.</summary>
    /// <remarks>Formula: <see cref="EggerTest"/>.</remarks>
    /// <param name="fit">A fit, as for <see cref="EggerTest(IModelFit, SmallStudyPredictor, EggerModel)"/>.</param>
    /// <exception cref="InsufficientStudiesException">There are not two more effects than coefficients without the slope.</exception>
    /// <exception cref="UndeterminedException">No predictor varies.</exception>
    public static ImmutableArray<EggerTest> EggerTests(this IModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var tests = ImmutableArray.CreateBuilder<EggerTest>();
        UndeterminedException? none = null;
        var hasSizes = GroupCounts.SampleSizes(fit.Effects) is not null;
        foreach (var predictor in Enum.GetValues<SmallStudyPredictor>().Where(p => hasSizes || !SmallStudyPredictors.NeedsSampleSizes(p)))
        {
            foreach (var model in Enum.GetValues<EggerModel>())
            {
                try
                {
                    tests.Add(fit.EggerTest(predictor, model));
                }
                catch (UndeterminedException fault)
                {
                    none ??= fault;
                }
            }
        }
        return tests.Count > 0 ? tests.ToImmutable() : throw none!;
    }

    private static (IModelFit Regression, RobustFit? Robust) Fit(IModelFit fit, StudyEffects effects, Moderator moderators, EggerModel model)
    {
        var clusters = fit.Clusters;
        if (model == EggerModel.WeightedLeastSquares)
        {
            var line = MetaRegression.Fit(effects, moderators, new()
            {
                TauSquared = null, Inference = clusters is null ? Inference.HartungKnapp : Inference.Normal, ConfidenceLevel = fit.ConfidenceLevel,
            });
            return (line, clusters is null ? null : line.Robust(clusters.Column));
        }
        var regression = fit.Options.WithModerators(moderators).FitTo(effects);
        return (regression, regression switch
        {
            RobustVarianceFit given => given.Robust,
            DependentFit { Common.Weights: not null } => throw new ImpossibleChoiceException("Cluster-robust inference is defined for the model's own weights", ChoiceFault.NeedsOwnWeights),
            DependentFit dependent => dependent.Robust(),
            _ => null,
        });
    }

    private static void CheckVaries(IModelFit fit, SmallStudyPredictor predictor, double[] values)
    {
        var what = predictor switch
        {
            SmallStudyPredictor.StandardError => "all standard errors",
            SmallStudyPredictor.Variance => "all sampling variances",
            _ => "all sample sizes",
        };
        List<double[]> basis = [];
        _ = DesignMatrix.TryExtend(basis, Enumerable.Repeat(1.0, values.Length).ToArray());
        if (!DesignMatrix.TryExtend(basis, values)) throw new UndeterminedException("Egger's test", what + " are alike", "selection models need no variation of standard errors");
        if (fit is not IFitGeometry { Matrix: { } design }) return;
        basis = [.. Enumerable.Range(0, design.Parameters).Select(j => design.Orthonormal[(j * design.Count)..((j + 1) * design.Count)])];
        if (!DesignMatrix.TryExtend(basis, values)) throw new UndeterminedException("Egger's test", $"the {SmallStudyPredictors.Name(predictor)} follows from the moderators", "a model without them may answer");
    }

    private static ImmutableArray<string> Warn(IModelFit fit, SmallStudyPredictor predictor, EggerModel model, Coefficient slope)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        var studies = fit.Clusters?.Count ?? fit.Count;
        if (studies < FewStudies) warnings.Add(FewWarning(studies));
        if (!SmallStudyPredictors.NeedsSampleSizes(predictor) && StandardErrorDependence.Warning(fit.Measure) is { } dependence) warnings.Add(dependence);
        if (fit.Clusters is not null && slope.DegreesOfFreedom is < 4) warnings.Add("Satterthwaite's degrees of freedom are below 4, where t is no good approximation: the p-value is not to be relied on (Tipton 2015).");
        if (fit.Clusters is null && fit.Effects.SharingWarning is { } sharing) warnings.Add(sharing);
        if (model == EggerModel.WeightedLeastSquares && fit is { IsRandomEffects: true, Clusters: null })
        {
            warnings.Add("Weighted least squares multiplies sampling variances where this fit adds τ² to them: large studies count for more, and with much heterogeneity a few decide.");
        }
        return warnings.ToImmutable();
    }

    /// <summary>What is said of a test of asymmetry with few studies.</summary>
    internal static string FewWarning(int studies) =>
        $"{StatisticText.Count(studies)} studies are few for a test of funnel asymmetry: below ten it has little power, so that a p-value above .05 says nothing (Sterne et al. 2011).";
}
