using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// The specification curve: every specification from the smallest estimate to the largest, with its interval, above a dashboard that shows which option of each choice it has (Simonsohn, Simmons &amp; Nelson 2020, Nature
/// Human Behaviour 4, 1208-1214; Voracek, Kossmeier &amp; Tran 2019, Zeitschrift für Psychologie 227, 64-82). Where the bars of an option crowd at one end, the estimate hangs on that choice. When not to use it: as a vote;
/// specifications rest on the same studies, and their number is that of options somebody thought of.
/// </summary>
public sealed class SpecificationCurvePlot : Plot<SpecificationCurveModel>
{
    private SpecificationCurvePlot(SpecificationCurveModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the curve of one part of a multiverse.</summary>
    /// <param name="part">The part: <c>result.Main</c>, or one of <c>result.Parts</c>.</param>
    /// <param name="options">Test, number of specifications and title; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The test is of another part.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ);
    /// var result = Multiverse.Of(effects)
    ///     .ChooseEstimator("No estimator is best everywhere.", Equivalence.Equivalent, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.DerSimonianLaird, null)
    ///     .ChooseTest("Both are in use.", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal).Run();
    /// var plot = SpecificationCurvePlot.Create(result.Main, new() { Test = result.Main.Test() });
    /// </code></example>
    public static SpecificationCurvePlot Create(MultiversePart part, SpecificationCurveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(part);
        return new(new SpecificationCurveBuilder(part.Result, part, options ?? new SpecificationCurveOptions()).Build());
    }

    /// <summary>Lays out all specifications of a multiverse side by side, with the choices that split it in the dashboard and without a median.</summary>
    /// <param name="result">The multiverse; one of a single part is drawn as that part.</param>
    /// <param name="options">Number of specifications and title; the defaults if not said.</param>
    /// <exception cref="ArgumentException">Estimates stand on different scales: draw the parts one by one.</exception>
    public static SpecificationCurvePlot Create(MultiverseResult result, SpecificationCurveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Measure is null) throw new ArgumentException("Estimates stand on different scales: draw the parts one by one.", nameof(result));
        return new(new SpecificationCurveBuilder(result, result.Parts.Length == 1 ? result.Main : null, options ?? new SpecificationCurveOptions()).Build());
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure() => SpecificationCurveFigure.Create(this);
}
