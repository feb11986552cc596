using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Trim and fill.</summary>
public static class TrimAndFillMethod
{
    /// <summary>Trimming that has not come to rest after so many rounds does not come to rest.</summary>
    internal const int MostIterations = 100;

    /// <summary>
    /// Trim and fill (Duval &amp; Tweedie 2000a, Journal of the American Statistical Association 95, 89-98; 2000b, Biometrics 56, 455-463): extreme effects of one side are trimmed until the rest is symmetric, their
    /// number is k₀, and their mirror images are put in before the model is fitted again, with its own method, inference and weights. When not to use it: as the one correction, since it takes too little away where
    /// significant results are selected, and with heterogeneity can fill where nothing is missing (Terrin et al. 2003; Carter et al. 2019); with fewer than about ten studies. A study put in is no study: the
    /// interval is too narrow.
    /// </summary>
    /// <remarks>Formulas: <see cref="TrimAndFillEstimator"/>.</remarks>
    /// <param name="fit">A pooled fit, with or without τ².</param>
    /// <param name="estimator">How the number is estimated; L0 if not said.</param>
    /// <param name="side">Where studies are missing; if null, the side that Egger's regression in the model of the fit points to.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than three studies.</exception>
    /// <exception cref="UndeterminedException">The standard errors do not vary and no side is given; or the effects trimmed are all alike.</exception>
    /// <exception cref="ConvergenceException">The number of missing studies does not come to rest.</exception>
    public static TrimAndFillResult TrimAndFill(this PooledFit fit, TrimAndFillEstimator estimator = TrimAndFillEstimator.L0, FunnelSide? side = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Run(fit, estimator, side, null, null);
    }

    /// <summary>
    /// Trim and fill of the averages of clusters, where effects share samples: the effects of a cluster are averaged by inverse variance, and the averages pooled by random effects (REML, Hartung-Knapp inference).
    /// There is no accepted trim and fill of the effects themselves; what differs within clusters is not seen (Rodgers &amp; Pustejovsky 2021, Psychological Methods 26, 141-160).
    /// </summary>
    /// <remarks>Formulas: <see cref="TrimAndFillEstimator"/>.</remarks>
    /// <inheritdoc cref="TrimAndFill(PooledFit, TrimAndFillEstimator, FunnelSide?)"/>
    /// <param name="fit">A fit of dependent effects without moderators.</param>
    /// <param name="estimator">How the number is estimated.</param>
    /// <param name="side">Where studies are missing; estimated if null.</param>
    /// <param name="correlation">The assumed correlation ρ of sampling errors within a cluster, in [0, 1); that of the fit if null, 0.6 if it has none.</param>
    /// <exception cref="ImpossibleChoiceException">The fit has moderators.</exception>
    public static TrimAndFillResult TrimAndFill(this IModelFit fit, TrimAndFillEstimator estimator = TrimAndFillEstimator.L0, FunnelSide? side = null, double? correlation = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit is PooledFit pooled) return Run(pooled, estimator, side, null, null);
        if (fit.Moderators is not null) throw new ImpossibleChoiceException("Trim and fill is defined for models without moderators: it has one mean to mirror effects around", ChoiceFault.UndefinedEstimate, nameof(fit));
        if (fit.Clusters is null) throw new ImpossibleChoiceException($"Trim and fill is not defined for {fit.GetType().Name}", ChoiceFault.UndefinedEstimate, nameof(fit));
        var (effects, averaged, warning) = ClusterAverage.Of(fit, correlation);
        if (effects.Count < 3) throw new InsufficientStudiesException("Trim and fill", 3, effects.Count, StudyCount.Clusters);
        return Run(RandomEffects.Fit(effects, new() { ConfidenceLevel = fit.ConfidenceLevel }), estimator, side, averaged, warning);
    }

    private static TrimAndFillResult Run(PooledFit fit, TrimAndFillEstimator estimator, FunnelSide? given, string? averaged, string? warning)
    {
        if (!Enum.IsDefined(estimator)) throw new ArgumentOutOfRangeException(nameof(estimator), estimator, "There is no such estimator of the number of missing studies.");
        if (given is { } chosen && !Enum.IsDefined(chosen)) throw new ArgumentOutOfRangeException(nameof(given), given, "A funnel has a left and a right side.");
        var k = fit.Count;
        if (k < 3) throw new InsufficientStudiesException("Trim and fill", 3, k);
        var side = given ?? SideOf(fit);
        var trimming = new Trimming(fit, side == FunnelSide.Left ? 1 : -1);
        var (missing, standardError, centre, iterations) = trimming.UntilAtRest(estimator);
        ImmutableArray<FilledStudy> filled = [.. trimming.Order.Skip(k - missing).Select((row, i) =>
            new FilledStudy(row, $"Filled {StatisticText.Count(i + 1)}", 2 * centre - fit.Effects.Effects[row], fit.Effects.Variances[row]))];
        return new TrimAndFillResult(estimator, side, given is null, fit, missing == 0 ? fit : Refit(fit, filled), filled, standardError, centre, iterations, averaged, Warn(fit, estimator, filled.Length, warning));
    }

    /// <summary>The left where effects rise with the standard error, which says that small effects of small studies are missing.</summary>
    private static FunnelSide SideOf(PooledFit fit)
    {
        var effects = fit.Effects;
        double[] errors = [.. effects.Variances.Select(Math.Sqrt)];
        List<double[]> basis = [];
        _ = DesignMatrix.TryExtend(basis, Enumerable.Repeat(1.0, errors.Length).ToArray());
        if (!DesignMatrix.TryExtend(basis, errors))
        {
            throw new UndeterminedException("The side of trim and fill", "all standard errors are alike, so that none can be estimated", "with the side said, trim and fill needs no variation of standard errors");
        }
        // The slope needs no inference, which could ask for more studies.
        var with = effects.WithColumn(StudyColumn.OfNumbers("\u001fstandard error", errors.Select(e => (double?)e)));
        var line = MetaRegression.Fit(with, Moderator.Number("\u001fstandard error"), new() { TauSquared = fit.Estimator, Inference = Inference.Normal, Weights = fit.Model.Weights });
        return line.Coefficients[1].Estimate < 0 ? FunnelSide.Right : FunnelSide.Left;
    }

    private static PooledFit Refit(PooledFit fit, ImmutableArray<FilledStudy> filled)
    {
        var effects = fit.Effects;
        var all = StudyEffects.Create([.. effects.Effects, .. filled.Select(f => f.Effect)], [.. effects.Variances, .. filled.Select(f => f.Variance)], effects.Measure,
            [.. effects.Labels, .. filled.Select(f => f.Label)], effects.HasSampleSizes ? [.. effects.SampleSizes, .. filled.Select(f => effects.SampleSizes[f.Source])] : null, origin: effects.Origin);
        var model = fit.Model.Weights is { } weights ? fit.Model with { Weights = [.. weights, .. filled.Select(f => weights[f.Source])] } : fit.Model;
        return model.Fit(all, all.Effects.AsSpan(), all.Variances.AsSpan());
    }

    private static ImmutableArray<string> Warn(PooledFit fit, TrimAndFillEstimator estimator, int missing, string? averaged)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (averaged is not null) warnings.Add(averaged);
        if (fit.Count < FunnelAsymmetry.FewStudies) warnings.Add(FunnelAsymmetry.FewWarning(fit.Count));
        if (fit.Heterogeneity.ISquared > 0.5) warnings.Add($"I² is {StatisticText.Percent(fit.Heterogeneity.ISquared)}: where true effects differ much, trim and fill can fill where nothing is missing (Terrin et al. 2003).");
        if (StandardErrorDependence.Warning(fit.Effects.Measure) is { } dependence) warnings.Add(dependence);
        if (averaged is null && fit.Effects.SharingWarning is { } sharing) warnings.Add(sharing);
        if (estimator == TrimAndFillEstimator.R0 && missing > 0 && fit.Count < 25) warnings.Add("R0 rests on the longest run of extreme ranks, which one aberrant study can make or break: compare L0.");
        return warnings.ToImmutable();
    }
}
