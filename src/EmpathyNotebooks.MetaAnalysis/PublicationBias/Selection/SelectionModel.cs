using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to choose in a selection model.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.61, 0.45, 0.52, 0.20, 0.38, 0.05, 0.33, 0.72], [0.040, 0.022, 0.055, 0.012, 0.020, 0.018, 0.015, 0.090], EffectMeasure.FisherZ);
/// var options = new SelectionOptions { Alternative = Alternative.TwoSided, TakesEffectsAsEqual = true };
/// Console.WriteLine(SelectionModel.Fit(effects, SelectionFunction.Step(0.05), options));
/// </code></example>
public sealed record SelectionOptions : ModelOptions
{
    /// <summary>The defaults. Inference is by z, as the likelihood has it.</summary>
    public SelectionOptions()
        : base(Inference.Normal)
    {
    }

    /// <summary>How publication depends on p, where that is not given beside the options.</summary>
    public SelectionFunction? Function { get; init; }

    /// <summary>Which results are selected: greater by default, as in the references, whatever the sign of the mean. On the scale that is pooled.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such side.</exception>
    public Alternative Alternative { get; init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Alternative), value, "There is no such side."); } = Alternative.Greater;

    /// <summary>True for a model without tau², which takes true effects as equal; false, the default, for maximum likelihood with tau².</summary>
    public bool TakesEffectsAsEqual { get; init; }

    /// <summary>What the mean of true effects depends on; null for one mean.</summary>
    public Moderator? Moderators { get; init; }

    /// <summary>
    /// The column that says which effects share a sample: standard errors are then cluster-robust (the sandwich of the marginal composite likelihood: Pustejovsky, Citkowicz &amp; Joshi 2025); null for independent effects.
    /// </summary>
    public string? Cluster { get; init; }

    /// <summary>Penalties for small or clustered data; null, the default, for none.</summary>
    public SelectionPenalty? Penalty { get; init; }

    /// <inheritdoc/>
    public override SelectionFit FitTo(StudyEffects effects) => SelectionModel.Fit(effects, this);

    internal override ModelOptions WithModerators(Moderator moderators) => this with { Moderators = moderators };

    private protected override Inference Checked(Inference inference) => inference == Inference.Normal ? inference
        : throw new ImpossibleChoiceException("Selection models have inference by z", ChoiceFault.UndefinedInference, nameof(inference)) { Inferences = [Inference.Normal] };
}

/// <summary>
/// Selection models: true effects are normal around x'β with variance τ², and what was found is published with a probability w(p) that depends on its p-value (Hedges 1984; Vevea &amp; Hedges 1995;
/// metafor's <c>selmodel()</c>). The likelihood of an effect is w(p) N(y; x'β, v + τ²)/E[w]; it is maximised with exact derivatives from several starts. When not to use it: as the one right answer, since
/// the shape of selection is assumed and not known, so that several models belong side by side; with few studies, or few that are not significant, where the weights are hardly determined; where results were
/// changed to become significant (p-hacking), which no selection model describes; and for effects that share samples without naming their clusters.
/// </summary>
/// <remarks>
/// $$f(y_i) = \frac{w(p_i)\,\varphi(y_i;\,x_i^\top\beta,\,v_i + \tau^2)}{\int w(p)\,\varphi(y;\,x_i^\top\beta,\,v_i + \tau^2)\,dy}$$
/// with the weight $w$ of <see cref="SelectionFunction"/>.
/// </remarks>
public static class SelectionModel
{
    /// <summary>Fits a selection model by maximum likelihood. Effects whose moderators are not all known are left out and listed on the result.</summary>
    /// <param name="effects">The effects.</param>
    /// <param name="function">How publication depends on p.</param>
    /// <param name="options">Side of selection, moderators, clusters, penalties and level; the defaults if not said.</param>
    /// <exception cref="StudyDataException">A column does not exist, or a term depends on the others.</exception>
    /// <exception cref="InsufficientStudiesException">There are not more effects than parameters.</exception>
    /// <exception cref="UndeterminedException">The likelihood has no maximum or is flat: an interval of p without effects, for example.</exception>
    /// <exception cref="ImpossibleChoiceException">A truncated distribution of both sides, or a penalty of a model without tau² and of given cut-offs.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.61, 0.45, 0.52, 0.20, 0.38, 0.05, 0.33, 0.72], [0.040, 0.022, 0.055, 0.012, 0.020, 0.018, 0.015, 0.090], EffectMeasure.FisherZ);
    /// SelectionFit fit = SelectionModel.Fit(effects, SelectionFunction.Step(0.025));
    /// Console.WriteLine($"{fit.Mean}; selection {fit.LikelihoodRatio}");
    /// foreach (SelectionParameter weight in fit.Parameters) Console.WriteLine(weight);
    /// SelectionWeight half = fit.WeightAt(0.5);
    /// Console.WriteLine($"published with p = .5: {half.Weight:F2} {half.ConfidenceInterval}");
    /// </code></example>
    public static SelectionFit Fit(StudyEffects effects, SelectionFunction function, SelectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        options ??= new SelectionOptions();
        return Fit(effects, options with { Function = Once.Of(options.Function, function, "selection functions") });
    }

    /// <summary>Fits the model with the selection function that the options name.</summary>
    /// <inheritdoc cref="Fit(StudyEffects, SelectionFunction, SelectionOptions?)"/>
    /// <param name="effects">The effects.</param>
    /// <param name="options">Selection function, side, moderators, clusters, penalties and level.</param>
    public static SelectionFit Fit(StudyEffects effects, SelectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Function is null) throw new ImpossibleChoiceException("A selection model needs a selection function", ChoiceFault.Incomplete, nameof(options)) { Choices = ["Function"] };
        var design = options.Moderators is { } moderators ? ModeratorDesign.Create(effects, moderators) : null;
        return Fit(design?.Effects ?? effects, design, design?.Matrix ?? DesignMatrix.Constant(effects.Count), options);
    }

    /// <summary>
    /// The selection model of the effects of a fit, with its moderators, without tau² for a fit without, and with its clusters where it has some. A fit of dependent effects becomes a model of their marginal distributions.
    /// </summary>
    /// <param name="fit">A fit of any kind.</param>
    /// <param name="function">How publication depends on p.</param>
    /// <param name="options">Side of selection, penalties; level, moderators and clusters are those of the fit.</param>
    /// <inheritdoc cref="Fit(StudyEffects, SelectionFunction, SelectionOptions?)" path="/exception"/>
    public static SelectionFit WithSelection(this IModelFit fit, SelectionFunction function, SelectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(function);
        return Fit(fit.Effects, function, (options ?? new SelectionOptions()) with
        {
            Moderators = fit.Moderators,
            TakesEffectsAsEqual = !fit.IsRandomEffects,
            Cluster = fit.Clusters?.Column ?? options?.Cluster,
            ConfidenceLevel = fit.ConfidenceLevel,
        });
    }

    internal static SelectionFit Fit(StudyEffects effects, ModeratorDesign? design, DesignMatrix matrix, SelectionOptions options)
    {
        var function = options.Function!;
        if (options.Alternative == Alternative.TwoSided && (function.Shape is SelectionShape.Truncated or SelectionShape.TruncatedAtEstimate))
        {
            throw new ImpossibleChoiceException("A truncated distribution is cut on one side", ChoiceFault.UndefinedEstimate);
        }
        if (options.Penalty is not null && function.Shape is not (SelectionShape.Step or SelectionShape.Beta) || options.Penalty is not null && (function.IsMonotone || function.GivenWeights is not null))
        {
            throw new ImpossibleChoiceException("Penalties are defined for step functions with estimated weights and for the beta function", ChoiceFault.UndefinedEstimate);
        }
        var random = !options.TakesEffectsAsEqual;
        var free = matrix.Parameters + (random ? 1 : 0) + (function.Shape switch
        {
            SelectionShape.Step => function.GivenWeights?.Count(w => w is null) ?? function.Steps.Count,
            SelectionShape.Beta or SelectionShape.TruncatedAtEstimate => 2,
            _ => 1,
        });
        if (effects.Count < free + 1) throw new InsufficientStudiesException($"A selection model with {StatisticText.Count(free)} parameters", free + 1, effects.Count, options.Cluster is null ? StudyCount.Studies : StudyCount.Effects);
        EffectClusters? clusters = null;
        if (options.Cluster is { } column)
        {
            var (groups, names) = LevelReader.Code(LevelReader.Keys(effects, column));
            clusters = new EffectClusters(column, groups, names);
            if (clusters.Count < 2) throw new InsufficientStudiesException("Cluster-robust inference", 2, clusters.Count, StudyCount.Clusters);
        }
        var engine = new SelectionEngine(effects, matrix, function, options.Alternative, random, options.Penalty);
        var (search, point) = engine.Maximize();
        return new SelectionFit(effects, design, matrix, options, clusters, engine, search, point);
    }
}
