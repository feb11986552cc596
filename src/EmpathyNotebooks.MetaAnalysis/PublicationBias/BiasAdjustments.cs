using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to choose where a mean is adjusted in every way there is.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.52], [0.010, 0.022, 0.015, 0.012, 0.020, 0.031], EffectMeasure.FisherZ);
/// BiasAdjustments quick = RandomEffects.Fit(effects).AdjustForBias(new BiasAdjustmentOptions { Alternative = Alternative.Greater, AveragesModels = false });
/// foreach (AdjustedEstimate row in quick.Estimates) Console.WriteLine($"{row.Method}: {row.Estimate}");
/// </code></example>
public sealed record BiasAdjustmentOptions
{
    /// <summary>Which results are thought to be published more readily.</summary>
    public Alternative Alternative
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Alternative), value, "There is no such side.");
    }

    /// <summary>True, the default, averages over models of bias as RoBMA does, which takes seconds with many studies.</summary>
    public bool AveragesModels { get; init; } = true;
}

/// <summary>A method that has no estimate for these data.</summary>
/// <param name="Method">The method, as papers name it.</param>
/// <param name="Reason">Why, and what answers instead: a full sentence.</param>
public sealed record MethodWithoutEstimate(string Method, string Reason);

/// <summary>
/// The mean as it would be under each story of publication bias, side by side: a triangulation (Carter, Schönbrodt, Gervais &amp; Hilgard 2019, Advances in Methods and Practices in Psychological Science 2, 115-144;
/// Kvarven, Strømland &amp; Johannesson 2020, Nature Human Behaviour 4, 423-434). No method is right under all stories, so that no row is "the" adjusted mean: what they agree on is what can be said. Where rows
/// part, <see cref="AdjustedEstimate.Assumption"/> says which story each one needs.
/// </summary>
public sealed class BiasAdjustments
{
    private readonly Lazy<CopasSelection> _copas;
    private readonly Lazy<ModelAveragedBiasAdjustment> _averaged;
    private readonly Lazy<(ImmutableArray<AdjustedEstimate> Estimates, ImmutableArray<MethodWithoutEstimate> Without)> _rows;

    internal BiasAdjustments(IModelFit fit, BiasAdjustmentOptions options)
    {
        (Fit, Options) = (fit, options);
        if (fit is LocationScaleFit) throw new ImpossibleChoiceException("Adjusting for publication bias is defined for models with one variance of true effects, without moderators of scale", ChoiceFault.UndefinedForFit);
        Unadjusted = fit.Mean ?? throw new ImpossibleChoiceException("Adjusting for publication bias is defined for models with one mean, without moderators", ChoiceFault.UndefinedForFit);
        _copas = new(() => CopasSelection.Fit(fit.Effects, new() { ConfidenceLevel = fit.ConfidenceLevel }));
        _averaged = new(() => Pooled(fit).ModelAveragedAdjustment(new() { Direction = options.Alternative, CredibleLevel = fit.ConfidenceLevel }));
        _rows = new(Compute);
    }

    /// <summary>The fit, whose mean is not adjusted.</summary>
    public IModelFit Fit { get; }

    /// <summary>What was chosen.</summary>
    public BiasAdjustmentOptions Options { get; }

    /// <summary>The mean as it stands.</summary>
    public Coefficient Unadjusted { get; }

    /// <summary>The adjusted means, in the order of their stories: small-study effects, precision, selection by p, selection by standard error, the worst case, and the average over models.</summary>
    public ImmutableArray<AdjustedEstimate> Estimates => _rows.Value.Estimates;

    /// <summary>The methods that have no estimate here, with the reason.</summary>
    public ImmutableArray<MethodWithoutEstimate> WithoutEstimate => _rows.Value.Without;

    /// <summary>The Copas selection model of independent effects, fitted once.</summary>
    /// <exception cref="InsufficientStudiesException">There are too few studies.</exception>
    /// <exception cref="UndeterminedException">The data do not determine it.</exception>
    public CopasSelection Copas => _copas.Value;

    /// <summary>The average over models of independent effects, computed once.</summary>
    /// <exception cref="InsufficientStudiesException">There are too few studies.</exception>
    /// <exception cref="ImpossibleChoiceException">The fit is of another kind.</exception>
    public ModelAveragedBiasAdjustment ModelAveraged => _averaged.Value;

    /// <inheritdoc/>
    public override string ToString()
    {
        string Shown(double value) => $"{Fit.Measure.Symbol} = {Fit.Measure.Format(Fit.Measure.ToDisplay(value), 2)}";
        if (Estimates.IsEmpty) return $"The mean is {Shown(Unadjusted.Estimate)}; no method of adjusting for publication bias has an estimate here.";
        var low = Estimates.MinBy(e => e.Estimate)!;
        var high = Estimates.MaxBy(e => e.Estimate)!;
        var withZero = Estimates.Count(e => e.ConfidenceInterval is { } interval && interval.Contains(0));
        var withInterval = Estimates.Count(e => e.ConfidenceInterval is not null);
        return $"As it stands the mean is {Shown(Unadjusted.Estimate)}; adjusted for publication bias in {StatisticText.Count(Estimates.Length, "way")} it lies between {Shown(low.Estimate)} ({low.Method}) and "
            + $"{Shown(high.Estimate)} ({high.Method})" + (Fit.Measure.HasNullValue ? $", and {StatisticText.Count(withZero)} of {StatisticText.Count(withInterval, "interval")} {(withZero == 1 ? "includes" : "include")} no effect." : ".");
    }

    private static PooledFit Pooled(IModelFit fit) => fit as PooledFit ?? throw new ImpossibleChoiceException("This method is defined for a mean of independent effects", ChoiceFault.UndefinedForFit);

    private (ImmutableArray<AdjustedEstimate> Estimates, ImmutableArray<MethodWithoutEstimate> Without) Compute()
    {
        var estimates = ImmutableArray.CreateBuilder<AdjustedEstimate>();
        var without = ImmutableArray.CreateBuilder<MethodWithoutEstimate>();
        foreach (var (method, adjust) in Fit.Clusters is null ? Independent() : Clustered())
        {
            try
            {
                if (adjust() is { } row) estimates.Add(row);
                else without.Add(new(method, "No strength of selection leaves a funnel without small-study effects."));
            }
            catch (Exception fault) when (fault is InsufficientStudiesException or ImpossibleChoiceException or UndeterminedException or ConvergenceException)
            {
                without.Add(new(method, fault.Message));
            }
        }
        return (estimates.ToImmutable(), without.ToImmutable());
    }

    private IEnumerable<(string Method, Func<AdjustedEstimate?> Adjust)> Independent()
    {
        var side = Options.Alternative;
        yield return ("trim and fill (L0)", () => Pooled(Fit).TrimAndFill(TrimAndFillEstimator.L0).Adjusted);
        yield return ("trim and fill (R0)", () => Pooled(Fit).TrimAndFill(TrimAndFillEstimator.R0).Adjusted);
        yield return ("PET-PEESE", () => Pooled(Fit).PetPeese(new() { Alternative = side }).Adjusted);
        yield return ("limit meta-analysis", () => Pooled(Fit).LimitMetaAnalysis().Adjusted);
        yield return ("UWLS", () => Pooled(Fit).Uwls().Adjusted);
        yield return ("WAAP", () => Pooled(Fit).Waap().Adjusted);
        foreach (var row in Selection()) yield return row;
        yield return ("p-uniform", () => PUniform.Fit(Fit.Effects, new() { Alternative = side, ConfidenceLevel = Fit.ConfidenceLevel }).Adjusted);
        yield return ("p-uniform*", () => PUniformStar.Fit(Fit.Effects, new() { Alternative = side, ConfidenceLevel = Fit.ConfidenceLevel }).Adjusted);
        yield return ("Copas selection model", () => Copas.Adjusted);
        yield return ("worst case of selection (Mathur-VanderWeele)", () => Pooled(Fit).MathurVanderWeele(new() { Alternative = side }).Adjusted);
        if (Options.AveragesModels) yield return ("RoBMA-PSMA", () => ModelAveraged.Adjusted);
    }

    private IEnumerable<(string Method, Func<AdjustedEstimate?> Adjust)> Clustered()
    {
        var side = Options.Alternative;
        yield return ("trim and fill of cluster means (L0)", () => Fit.TrimAndFill(TrimAndFillEstimator.L0).Adjusted);
        yield return ("PET-PEESE", () => Fit is RobustVarianceFit robust ? robust.PetPeese(new() { Alternative = side }).Adjusted : Dependent().PetPeese(new() { Alternative = side }).Adjusted);
        yield return ("CHE-ISCW", () => Dependent().InverseSamplingCovarianceMean().Adjusted);
        foreach (var row in Selection()) yield return row;
        yield return ("worst case of selection (Mathur-VanderWeele)", () => Fit is RobustVarianceFit robust ? robust.MathurVanderWeele(new() { Alternative = side }).Adjusted : Dependent().MathurVanderWeele(new() { Alternative = side }).Adjusted);
    }

    private IEnumerable<(string Method, Func<AdjustedEstimate?> Adjust)> Selection()
    {
        foreach (var function in (SelectionFunction[])[SelectionFunction.Step(0.025), SelectionFunction.Step(0.025, 0.5), SelectionFunction.Beta()])
        {
            yield return ($"Selection model, {function}", () => Fit.WithSelection(function, new() { Alternative = Options.Alternative }).Adjusted);
        }
    }

    private DependentFit Dependent() => Fit as DependentFit ?? throw new ImpossibleChoiceException("This method is defined for multilevel and multivariate models", ChoiceFault.UndefinedForFit);
}

/// <summary>Adjusts a mean for publication bias in every way there is.</summary>
public static class BiasAdjustment
{
    /// <summary>
    /// The mean adjusted for publication bias by each method that has an estimate for these data. Where effects share samples the methods are those that take account of it.
    /// </summary>
    /// <param name="fit">A fit with one mean.</param>
    /// <param name="options">The side of selection; the defaults if not said.</param>
    /// <exception cref="ImpossibleChoiceException">The fit has moderators, or the measure no value that means no effect.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.52], [0.010, 0.022, 0.015, 0.012, 0.020, 0.031], EffectMeasure.FisherZ);
    /// var adjusted = RandomEffects.Fit(effects).AdjustForBias(new() { AveragesModels = false });
    /// foreach (MethodWithoutEstimate method in adjusted.WithoutEstimate) Console.WriteLine($"{method.Method}: {method.Reason}");
    /// Console.WriteLine(adjusted);
    /// </code></example>
    public static BiasAdjustments AdjustForBias(this IModelFit fit, BiasAdjustmentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (!fit.Measure.HasNullValue) throw new ImpossibleChoiceException($"No value of {fit.Measure.Name} means no effect, so that there is nothing that results could be selected by", ChoiceFault.UndefinedForFit);
        return new BiasAdjustments(fit, options ?? new BiasAdjustmentOptions());
    }
}
