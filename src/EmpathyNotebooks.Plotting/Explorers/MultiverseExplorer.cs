using System.Collections.Immutable;
using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a multiverse explorer.</summary>
public sealed record MultiverseExplorerOptions : ExplorerOptions
{
    /// <summary>Decimals of effects; 3 by default, since specifications often differ by little.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not in 0 to 6.</exception>
    public int Digits
    {
        get;
        init => field = value is >= 0 and <= 6 ? value : throw new ArgumentOutOfRangeException(nameof(Digits), value, "Numbers have 0 to 6 decimals.");
    } = 3;
}

/// <summary>What a multiverse explorer starts from.</summary>
public sealed record MultiverseExplorerModel : ExplorerModel
{
    /// <summary>A page with more would be slow.</summary>
    internal const int MostCombinations = 50_000;

    /// <summary>The multiverse.</summary>
    public required MultiverseResult Result { get; init; }

    /// <summary>Decimals of effects.</summary>
    public required int Digits { get; init; }

    /// <summary>The vertical axis of the curve, on the scale of <see cref="MultiverseResult.ValueOf"/>; it stays while options come and go.</summary>
    public required PlotAxis Axis { get; init; }

    /// <summary>Which options are allowed at the start, a row a choice: all, and of a choice whose options are not equivalent that of the main part.</summary>
    public required ImmutableArray<ImmutableArray<bool>> Allowed { get; init; }

    /// <inheritdoc/>
    internal override object Payload()
    {
        var (result, measure) = (Result, Result.Measure!);
        var (specifications, choices) = (result.Specifications, result.Multiverse.Choices);
        double? Value(Specification one, double? limit) => limit is { } value && double.IsFinite(value) ? Rounded(result.IsOnShownScale ? result.MeasureOf(one).ToDisplay(value) : value) : null;
        return new
        {
            title = Title,
            measure = result.IsOnShownScale
                ? new { display = "identity", symbol = measure.Symbol, leadingZero = measure.HasLeadingZero, isRatio = false, size = (double?)null, digits = Digits }
                : DisplayScale.Describe(measure, Digits),
            nullValue = NullValue(result),
            axis = new { minimum = Axis.Minimum, maximum = Axis.Maximum, ticks = MetaAnalysisExplorerModel.Ticks(Axis, result.IsOnShownScale ? null : measure) },
            levelText = StatisticText.Level(result.Multiverse.Options.ConfidenceLevel),
            alphaText = StatisticText.Percent(1 - result.Multiverse.Options.ConfidenceLevel, 0),
            direction = result.Multiverse.Options.Direction switch { Alternative.Greater => 1, Alternative.Less => -1, _ => 0 },
            choices = choices.Select((choice, c) => new
            {
                name = PlotText.Clean(choice.Name), reason = PlotText.Clean(choice.Reason), isApart = choice.Equivalence == Equivalence.NonEquivalent, isUncertain = choice.Equivalence == Equivalence.Uncertain,
                options = choice.Options.Select(option => PlotText.Clean(option.Name)), allowed = Allowed[c],
            }),
            places = Enumerable.Range(0, result.Combinations).Select(n => result.PlaceOf(n) ?? -1),
            values = specifications.Select(one => Rounded(result.ValueOf(one))),
            lower = specifications.Select(one => Value(one, one.Value.Interval?.Lower)),
            upper = specifications.Select(one => Value(one, one.Value.Interval?.Upper)),
            significant = string.Concat(specifications.Select(one => SpecificationCurveBuilder.IsSignificant(result, one) ? '1' : '0')),
            counts = specifications.Select(one => one.Value.Count),
            unused = specifications.Select(one => result.OptionsOf(one).Select((option, c) => choices[c].Options.Any(o => o.Name == option.Value) ? 0L : 1L << c).Sum()),
        };
    }

    internal static double? NullValue(MultiverseResult result) => result.Measure is { HasNullValue: true } measure ? result.IsOnShownScale ? measure.DisplayNullValue : measure.NullValue : null;

    /// <summary>Eleven digits, which no reader misses and a page is half as long with.</summary>
    private static double Rounded(double value) => double.Parse(value.ToString("G11", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

/// <summary>
/// A multiverse to try out: the specification curve, every analysis from the smallest estimate to the largest, and under it each option of each choice with the specifications that take it. The reader ticks which options are
/// defensible, and the curve, its median and range, the share above no effect and the share significant follow; pointing at a specification, or moving to it by keys, says its choices.
/// </summary>
/// <remarks>
/// It teaches which choices a conclusion hangs on, and how many defensible analyses agree. The median and quantiles describe specifications, all of the same studies: they are no confidence interval (Simonsohn, Simmons &amp;
/// Nelson 2020, Nature Human Behaviour 4, 1208-1214). Choices whose options are not equivalent have one option at a time, since results are never averaged over them (Del Giudice &amp; Gangestad 2021, Advances in Methods and
/// Practices in Psychological Science 4(1)). When it misleads: options that nobody would defend make a wide curve of nothing, and options ticked after looking at the curve are chosen by their results.
/// </remarks>
public sealed class MultiverseExplorer : Explorer<MultiverseExplorerModel>
{
    private MultiverseExplorer(MultiverseExplorerModel model)
        : base("multiverse", model)
    {
    }

    /// <summary>Sets up the explorer.</summary>
    /// <param name="result">The multiverse, whose specifications are shown on one scale; at most 50,000 combinations of options and 30 choices.</param>
    /// <param name="options">Title and decimals; the defaults if not said.</param>
    /// <exception cref="ImpossibleChoiceException">Specifications are shown on different scales, or there are too many.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ);
    /// var explorer = MultiverseExplorer.Create(Multiverse.Of(effects)
    ///     .ChooseEstimator("No estimator is best everywhere.", Equivalence.Equivalent, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.DerSimonianLaird, null)
    ///     .ChooseTest("Both are in use.", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal).Run());
    /// </code></example>
    public static MultiverseExplorer Create(MultiverseResult result, MultiverseExplorerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        options ??= new MultiverseExplorerOptions();
        if (result.Measure is null) throw new ImpossibleChoiceException("Specifications of measures that are shown on different scales have no common curve: run a multiverse for each", ChoiceFault.UndefinedForFit, nameof(result));
        if (result.Combinations > MultiverseExplorerModel.MostCombinations || result.Multiverse.Choices.Length > 30)
        {
            throw new ImpossibleChoiceException($"A page shows at most {StatisticText.Count(MultiverseExplorerModel.MostCombinations)} combinations of options of 30 choices, not {StatisticText.Count(result.Combinations)} of "
                + $"{StatisticText.Count(result.Multiverse.Choices.Length)}: leave a choice out, or print the curve (SpecificationCurvePlot)", ChoiceFault.UndefinedForFit, nameof(result));
        }
        var origin = result.Multiverse.Effects.Origin;
        var finding = $"A multiverse to try out, {StatisticText.Count(result.Specifications.Length, "specification")} of {StatisticText.Count(result.Multiverse.Choices.Length, "choice")}. At first {result.Main}.";
        return new MultiverseExplorer(new MultiverseExplorerModel
        {
            Title = options.Title,
            Finding = origin.IsSimulated ? $"{origin.Label}. {finding}" : finding,
            Origin = origin,
            Notes = result.Warnings,
            Result = result,
            Digits = options.Digits,
            Axis = new SpecificationCurveBuilder(result, null, new SpecificationCurveOptions()).Build().YAxis,
            Allowed = [.. result.Multiverse.Choices.Select(choice => choice.Options.Select(option => !result.Main.Choices.TryGetValue(choice.Name, out var only) || only == option.Name).ToImmutableArray())],
        });
    }
}
