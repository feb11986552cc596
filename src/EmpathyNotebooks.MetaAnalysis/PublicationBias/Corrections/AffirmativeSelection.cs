namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Mathur and VanderWeele's sensitivity analysis of a fitted model.</summary>
public static class AffirmativeSelection
{
    /// <summary>The sensitivity of the mean to selection of affirmative results. A random-effects fit gives τ² of the weights and has robust inference; an equal-effects fit has the weights 1/v and the standard errors of them.</summary>
    /// <remarks>Formula: <see cref="MetaAnalysis.MathurVanderWeele"/>.</remarks>
    /// <param name="fit">A fit with its own weights.</param>
    /// <param name="options">What is affirmative, the target, and clusters; the defaults if not said.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than two studies or clusters.</exception>
    /// <exception cref="UndeterminedException">No result is affirmative, or all are.</exception>
    /// <exception cref="ImpossibleChoiceException">No value of the measure means no effect, the fit has weights of one's own, or clusters are given with equal effects.</exception>
    /// <exception cref="StudyDataException">There is no such column of clusters, or a row has none.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    public static MathurVanderWeele MathurVanderWeele(this PooledFit fit, MathurVanderWeeleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new MathurVanderWeeleOptions();
        Check(fit.Effects, fit.PoolingWeights is not null);
        if (options.Cluster is not null && !fit.IsRandomEffects) throw new ImpossibleChoiceException("An equal-effects model takes effects as independent, so that clusters change nothing: fit random effects", ChoiceFault.NeedsRandomEffects);
        int[] clusters = options.Cluster is { } column ? LevelReader.Code(LevelReader.Keys(fit.Effects, column)).Groups : [.. Enumerable.Range(0, fit.Count)];
        return Of(fit.Effects, clusters, fit.IsRandomEffects ? fit.TauSquared : null, options, fit.ConfidenceLevel, options.Cluster is null ? fit.Effects.SharingWarning : null);
    }

    /// <summary>The sensitivity of the mean of dependent effects to selection of affirmative results. As in the paper weights come from a random-effects model (REML) that takes effects as independent; robust inference by the
    /// fit's outermost clusters makes good for it.</summary>
    /// <remarks>Formula: <see cref="MetaAnalysis.MathurVanderWeele"/>.</remarks>
    /// <param name="fit">A model with one mean, for its effects, clusters and level.</param>
    /// <param name="options">What is affirmative, and the target; the defaults if not said.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than two clusters.</exception>
    /// <exception cref="UndeterminedException">No result is affirmative, or all are.</exception>
    /// <exception cref="ImpossibleChoiceException">The model has moderators or several means, or weights of one's own; no value of the measure means no effect; or clusters are given beside those of the model.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52, 0.35, 0.28], [0.004, 0.013, 0.016, 0.005, 0.012, 0.006, 0.004, 0.017, 0.011, 0.029], EffectMeasure.FisherZ,
    ///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F", "G", "G"])]);
    /// Console.WriteLine(MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6).MathurVanderWeele());
    /// </code></example>
    public static MathurVanderWeele MathurVanderWeele(this DependentFit fit, MathurVanderWeeleOptions? options = null) => OfClusters(fit, options);

    /// <inheritdoc cref="MathurVanderWeele(DependentFit, MathurVanderWeeleOptions?)"/>
    /// <param name="fit">A fit by robust variance estimation with one mean, for its effects, clusters and level.</param>
    /// <param name="options">What is affirmative, and the target; the defaults if not said.</param>
    public static MathurVanderWeele MathurVanderWeele(this RobustVarianceFit fit, MathurVanderWeeleOptions? options = null) => OfClusters(fit, options);

    private static MathurVanderWeele OfClusters(IModelFit fit, MathurVanderWeeleOptions? options)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new MathurVanderWeeleOptions();
        DependentFunnel.Check(fit, "The sensitivity analysis of Mathur and VanderWeele");
        Check(fit.Effects, false);
        if (options.Cluster is not null) throw new ImpossibleChoiceException("A model for dependent effects has clusters of its own", ChoiceFault.GivenTwice, nameof(options));
        var naive = RandomEffects.Fit(fit.Effects.AsIndependent(), new() { ConfidenceLevel = fit.ConfidenceLevel });
        return Of(fit.Effects, [.. fit.Clusters!.Groups], naive.TauSquared, options, fit.ConfidenceLevel, null);
    }

    private static MathurVanderWeele Of(StudyEffects effects, int[] clusters, double? tau2, MathurVanderWeeleOptions options, double level, string? sharing)
    {
        var weights = new SelectionWeights(effects, clusters, tau2, options, level);
        return new MathurVanderWeele(effects, weights, options, [.. Warn(weights, options, sharing)]);
    }

    private static IEnumerable<string> Warn(SelectionWeights weights, MathurVanderWeeleOptions options, string? sharing)
    {
        var mean = weights.Corrected(1).Estimate;
        if (options.Alternative is Alternative.Greater && mean < 0 || options.Alternative is Alternative.Less && mean > 0)
        {
            yield return $"The mean lies {(mean < 0 ? "below" : "above")} 0, on the other side than the results that are taken to be selected: if results {(mean < 0 ? "below" : "above")} 0 were favoured, say so (Alternative).";
        }
        var worst = weights.WorstCase();
        var others = weights.IsAffirmative.Count(affirmative => !affirmative);
        if (!worst.HasStandardError) yield return worst.WhyNoStandardError!;
        else if (others < 10) yield return $"The worst case rests on {StatisticText.Count(others)} nonaffirmative effect{(others == 1 ? "" : "s")}, fewer than 10.";
        else if (worst.DegreesOfFreedom < 4) yield return $"The worst case has {StatisticText.DegreesOfFreedom(worst.DegreesOfFreedom.Value)} degrees of freedom, fewer than 4: its interval is not to be trusted (Tipton 2015).";
        if (sharing is not null) yield return sharing;
    }

    private static void Check(StudyEffects effects, bool hasWeights)
    {
        if (!effects.Measure.HasNullValue) throw new ImpossibleChoiceException($"No value of {effects.Measure.Name} means no effect, so that no result is affirmative", ChoiceFault.UndefinedEstimate);
        if (hasWeights) throw new ImpossibleChoiceException("The sensitivity analysis of Mathur and VanderWeele has weights of its own", ChoiceFault.NeedsOwnWeights);
        if (effects.Count < 2) throw new InsufficientStudiesException("The sensitivity analysis of Mathur and VanderWeele", 2, effects.Count);
    }
}
