namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What stands for the size of a study in a regression test of funnel asymmetry.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020], EffectMeasure.FisherZ, sampleSizes: [103, 48, 70, 86, 53]);
/// foreach (SmallStudyPredictor predictor in Enum.GetValues&lt;SmallStudyPredictor&gt;()) Console.WriteLine(RandomEffects.Fit(effects).EggerTest(predictor));
/// </code></example>
public enum SmallStudyPredictor
{
    /// <summary>The standard error √v, as in Egger's test (Egger et al. 1997, BMJ 315, 629-634). metafor: sei.</summary>
    StandardError,

    /// <summary>The sampling variance v, on which PEESE rests (Stanley &amp; Doucouliagos 2014). metafor: vi.</summary>
    Variance,

    /// <summary>The sample size n (Macaskill et al. 2001, Statistics in Medicine 20, 641-654). It leads to no limit estimate. metafor: ni.</summary>
    SampleSize,

    /// <summary>1/n (Peters et al. 2006, JAMA 295, 676-680). metafor: ninv.</summary>
    InverseSampleSize,

    /// <summary>√n. It leads to no limit estimate. metafor: sqrtni.</summary>
    SquareRootSampleSize,

    /// <summary>1/√n: as the standard error, but not made of the effect (Pustejovsky &amp; Rodgers 2019, Research Synthesis Methods 10, 57-71). metafor: sqrtninv.</summary>
    InverseSquareRootSampleSize,
}

/// <summary>How the line of a regression test is fitted.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020], EffectMeasure.FisherZ));
/// foreach (EggerModel model in Enum.GetValues&lt;EggerModel&gt;()) Console.WriteLine(fit.EggerTest(model: model));
/// </code></example>
public enum EggerModel
{
    /// <summary>Meta-regression with the method and inference of the fit: heterogeneity adds τ² to the sampling variances (Sterne &amp; Egger 2005). metafor: rma.</summary>
    MetaRegression,

    /// <summary>Least squares weighted by 1/v: heterogeneity multiplies the sampling variances, t with k - p degrees of freedom. Egger's own test. metafor: lm.</summary>
    WeightedLeastSquares,
}

/// <summary>The names and values of predictors of funnel asymmetry.</summary>
/// <example><code>
/// foreach (var predictor in Enum.GetValues&lt;SmallStudyPredictor&gt;()) Console.WriteLine($"{SmallStudyPredictors.Code(predictor)}: {SmallStudyPredictors.Name(predictor)}");
/// </code></example>
public static class SmallStudyPredictors
{
    /// <summary>metafor's name, for example <c>sqrtninv</c>.</summary>
    /// <param name="predictor">The predictor.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such predictor.</exception>
    public static string Code(SmallStudyPredictor predictor) => predictor switch
    {
        SmallStudyPredictor.StandardError => "sei",
        SmallStudyPredictor.Variance => "vi",
        SmallStudyPredictor.SampleSize => "ni",
        SmallStudyPredictor.InverseSampleSize => "ninv",
        SmallStudyPredictor.SquareRootSampleSize => "sqrtni",
        SmallStudyPredictor.InverseSquareRootSampleSize => "sqrtninv",
        _ => throw Unknown(predictor),
    };

    /// <summary>The words for a reader, for example <c>1/√n</c>.</summary>
    /// <param name="predictor">The predictor.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such predictor.</exception>
    public static string Name(SmallStudyPredictor predictor) => predictor switch
    {
        SmallStudyPredictor.StandardError => "standard error",
        SmallStudyPredictor.Variance => "sampling variance",
        SmallStudyPredictor.SampleSize => "n",
        SmallStudyPredictor.InverseSampleSize => "1/n",
        SmallStudyPredictor.SquareRootSampleSize => "√n",
        SmallStudyPredictor.InverseSquareRootSampleSize => "1/√n",
        _ => throw Unknown(predictor),
    };

    /// <summary>True for those made of sample sizes.</summary>
    internal static bool NeedsSampleSizes(SmallStudyPredictor predictor) => predictor is not (SmallStudyPredictor.StandardError or SmallStudyPredictor.Variance);

    /// <summary>True for those that go to 0 as studies grow, so that the intercept is what an endlessly large study would find.</summary>
    internal static bool HasLimit(SmallStudyPredictor predictor) => predictor is not (SmallStudyPredictor.SampleSize or SmallStudyPredictor.SquareRootSampleSize);

    /// <summary>The value of each effect.</summary>
    /// <exception cref="StudyDataException">Sample sizes are needed and not known.</exception>
    internal static double[] Values(SmallStudyPredictor predictor, StudyEffects effects)
    {
        var sizes = NeedsSampleSizes(predictor) ? GroupCounts.SampleSizes(effects) : [];
        if (sizes is null)
        {
            throw new StudyDataException($"are needed for {Name(predictor)} as predictor and are not known; the standard error needs none", column: "sample sizes", kind: StudyDataFault.NoSuchColumn);
        }
        return [.. Enumerable.Range(0, effects.Count).Select(i => predictor switch
        {
            SmallStudyPredictor.StandardError => Math.Sqrt(effects.Variances[i]),
            SmallStudyPredictor.Variance => effects.Variances[i],
            SmallStudyPredictor.SampleSize => sizes[i],
            SmallStudyPredictor.InverseSampleSize => 1 / sizes[i],
            SmallStudyPredictor.SquareRootSampleSize => Math.Sqrt(sizes[i]),
            SmallStudyPredictor.InverseSquareRootSampleSize => 1 / Math.Sqrt(sizes[i]),
            _ => throw Unknown(predictor),
        })];
    }

    private static ArgumentOutOfRangeException Unknown(SmallStudyPredictor predictor) => new(nameof(predictor), predictor, "There is no such predictor of funnel asymmetry.");
}
