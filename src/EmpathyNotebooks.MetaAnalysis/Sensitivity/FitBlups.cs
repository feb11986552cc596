using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The best linear unbiased prediction of a true effect, or of the mean of a cluster's true effects.</summary>
/// <param name="Name">The label of the effect, or the cluster.</param>
/// <param name="Rows">Its effects, as rows of the fit counted from 0.</param>
/// <param name="Expected">What the model expects, x'β; of a cluster the mean over its effects.</param>
/// <param name="Estimate">The prediction: the expected mean plus the random effects.</param>
/// <param name="StandardError">The standard error of the prediction, the variances taken as known.</param>
/// <param name="Interval">The interval of the true effect: with the degrees of freedom of the fit for independent effects, by the normal distribution for models of dependent effects.</param>
public sealed record FitBlup(string Name, ImmutableArray<int> Rows, double Expected, double Estimate, double StandardError, ConfidenceInterval Interval)
{
    /// <summary>One line, for example <c>Sample 01: 0.3120 [0.1034, 0.5206]</c>, on the scale that is pooled.</summary>
    public override string ToString() => $"{Name}: {StatisticText.Significant(Estimate)} {Interval}";
}

/// <summary>Predicted true effects of a fit of any kind, or why the kind does not define them.</summary>
/// <param name="Rows">One a row of the fit, or a cluster in order of first appearance; empty where not defined.</param>
/// <param name="Absence">Why there are none; null where there are.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// IModelFit fit = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6);
/// foreach (FitBlup effect in fit.Blups().Rows) Console.WriteLine($"{effect.Name}: {effect.Estimate:F2} {effect.Interval}");
/// FitBlups samples = fit.ClusterBlups();
/// foreach (FitBlup sample in samples.Rows) Console.WriteLine($"{sample.Name}: {sample.Estimate:F2}, drawn from {sample.Expected:F2}");
/// Console.WriteLine(((IModelFit)EqualEffects.Fit(effects)).Blups().Absence);
/// </code></example>
public sealed record FitBlups(ImmutableArray<FitBlup> Rows, string? Absence) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <summary>One line an effect or a cluster, or why there are none.</summary>
    public override string ToString() => Absence ?? string.Join("\n", Rows);

    internal static FitBlups None(string absence) => new([], absence);
}

/// <content>Predicted true effects.</content>
public static partial class FitSensitivity
{
    private const string NoVariance = "Without a variance of true effects none differs from what is expected.";
    private const string GivenWeights = "Best linear unbiased predictions are defined for the model's own weights, not for given ones.";
    private const string WorkingWeights = "The weights of robust variance estimation are working ones, and no model of how much the true effects vary: fit a multilevel model.";
    private const string Selected = "A selection model says how true effects are distributed among all studies; what a published effect says of its own true effect hangs on whether selection works on it, too, and is not defined here.";

    /// <summary>
    /// The best linear unbiased prediction of the true effect behind each effect (Robinson 1991, Statistical Science 6, 15-32): of independent effects λy + (1 - λ)x'β with λ = τ²/(τ² + v)
    /// (metafor's <c>blup</c>), each with its own τ² in a location-scale model; of dependent ones y - VPy, drawn together as far as sampling error explains their differences
    /// (<see cref="DependentFit.TrueEffects"/>). When not to use it: as data for another analysis; they are drawn together on purpose.
    /// </summary>
    /// <remarks>Formula: <see cref="Blup"/>.</remarks>
    /// <param name="fit">A fit of any kind.</param>
    public static FitBlups Blups(this IModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit is RobustVarianceFit) return FitBlups.None(WorkingWeights);
        if (!fit.IsRandomEffects) return FitBlups.None(NoVariance);
        if (fit is SelectionFit) return FitBlups.None(Selected);
        if (((IFitGeometry)fit).HasGivenWeights) return FitBlups.None(GivenWeights);
        if (fit is DependentFit dependent)
        {
            var fitted = fit.FittedValues;
            return new([.. dependent.TrueEffects().Select((t, i) => new FitBlup(t.Label, [i], fitted[i], t.Estimate, t.StandardError, t.Interval))], null) { Origin = fit.Effects.Origin };
        }
        var blups = fit switch
        {
            PooledFit pooled => pooled.Blups(),
            MetaRegressionFit regression => regression.Blups(),
            LocationScaleFit locationScale => locationScale.Blups(),
            _ => throw new ArgumentException($"{fit.GetType().Name} is no kind of fit that is known here.", nameof(fit)),
        };
        var expected = fit.FittedValues;
        return new([.. blups.Select((b, i) => new FitBlup(b.Label, [i], expected[i], b.Estimate, b.StandardError, b.Interval))], null) { Origin = fit.Effects.Origin };
    }

    /// <summary>
    /// The prediction of each cluster's own mean in a multilevel model: what the model expects of its effects, on average, plus the random effect of the outermost level
    /// (<see cref="DependentFit.GroupEffects"/>; metafor's <c>ranef</c>), with the standard error of both together. When not to use it: to rank clusters as if they were data.
    /// </summary>
    /// <remarks>$$\tilde\theta_c = \bar x_c^\top\hat\beta + \hat u_c, \qquad \hat u = \hat\sigma^2Z^\top M^{-1}(y - X\hat\beta)$$</remarks>
    /// <param name="fit">A fit of any kind.</param>
    public static FitBlups ClusterBlups(this IModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return fit is MultilevelFit multilevel ? multilevel.ClusterBlups()
            : FitBlups.None(fit is MultivariateFit ? "The true effects of a cluster differ from outcome to outcome, so that it has no one mean: GroupEffects has them."
                : fit is SelectionFit ? Selected : fit is RobustVarianceFit ? WorkingWeights : "This model takes effects as independent: no clusters have means of their own.");
    }
}
