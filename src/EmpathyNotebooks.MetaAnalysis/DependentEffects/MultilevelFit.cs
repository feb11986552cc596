using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A fitted multilevel model.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.29], [0.010, 0.022, 0.015, 0.012, 0.020, 0.020], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "C", "D"])]);
/// MultilevelFit fit = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect]);
/// Console.WriteLine($"{fit.Estimate} {fit.PredictionInterval} {fit.ISquared}");
/// Console.WriteLine(fit.CompareWith(MultilevelModel.Fit(effects, ["sample"])));
/// foreach (var sample in fit.GroupEffects("sample")) Console.WriteLine(sample);
/// </code></example>
public sealed partial class MultilevelFit : DependentFit
{
    private ImmutableArray<VarianceComponent> _components;

    internal MultilevelFit(DependentData data, MixedModel model, MultilevelOptions options, SamplingCovariance? covariance)
        : base(data, model, options, covariance)
    {
        Options = options;
        Warnings = [.. Warn()];
    }

    /// <summary>What was chosen, for the effects used.</summary>
    public MultilevelOptions Options { get; }

    /// <summary>The nested levels, the outermost first.</summary>
    public ImmutableArray<string> Levels => [.. Options.Levels];

    /// <summary>The mean effect; null with moderators, where it depends on them.</summary>
    public double? Estimate => Moderators is null ? Coefficients[0].Estimate : null;

    /// <summary>Its confidence interval; null with moderators.</summary>
    public ConfidenceInterval? ConfidenceInterval => Moderators is null ? Coefficients[0].ConfidenceInterval : null;

    /// <summary>Where the true effect of a new study would lie: μ ± t·√(SE² + Σσ²); null with moderators, for which see <see cref="DependentFit.Predict"/>, and
    /// without levels, where all true effects are one.</summary>
    public ConfidenceInterval? PredictionInterval => PooledPrediction?.PredictionInterval;

    /// <summary>Mean effect and intervals on the scale a reader knows, for example r; null with moderators.</summary>
    public BackTransformedEstimate? BackTransformed => PooledPrediction?.BackTransform(Effects.Measure);

    /// <summary>σ² of each level, the nested ones first, then the crossed factors.</summary>
    public ImmutableArray<VarianceComponent> VarianceComponents => _components.IsDefault ? _components = ComponentsFrom(0, TotalVariance) : _components;

    /// <summary>The variance component of a level.</summary>
    /// <param name="level">The level's name.</param>
    /// <exception cref="StudyDataException">There is no such level; the message suggests the nearest.</exception>
    public VarianceComponent Component(string level) => VarianceComponents.FirstOrDefault(c => c.Level == level)
        ?? throw new StudyDataException("is not a level of this model: " + NearestName.Hint(level, VarianceComponents.Select(c => c.Level)), level, kind: StudyDataFault.NoSuchName) { Choices = [.. VarianceComponents.Select(c => c.Level)] };

    /// <summary>Σσ² over all levels: the variance of a true effect.</summary>
    public double TotalVariance => Elements.Sum();

    /// <summary>The share of the total variance that is heterogeneity at any level, as a fraction.</summary>
    public double ISquared => TotalVariance / (TotalVariance + TypicalVariance);

    /// <summary>One line, for example <c>r = .28, 95% CI [.23, .33], p &lt; .001 (REML, 2 levels, k = 263)</c>.</summary>
    public override string ToString()
    {
        var levels = $"({(VarianceComponents.IsEmpty ? "generalised least squares" : MethodCode)}, "
            + string.Concat(VarianceComponents.Select(c => $"{c.Level}: σ² = {StatisticText.Significant(c.SigmaSquared)}, "))
            + $"k = {StatisticText.Count(Count)})";
        return BackTransformed is { } shown
            ? $"{shown.Sentence(Effects.Measure, ConfidenceLevel, Coefficients[0].PValue)} {levels}{Simulated}"
            : $"{Header}{levels}{Simulated}";
    }

    /// <inheritdoc cref="IModelFit.Refit(StudyEffects)"/>
    public new MultilevelFit Refit(StudyEffects effects) => Options.FitTo(effects);

    /// <inheritdoc cref="IModelFit.Refit(IReadOnlyList{int})"/>
    public new MultilevelFit Refit(IReadOnlyList<int> rows)
    {
        var (data, model, covariance) = Subset(rows);
        return new MultilevelFit(data, model, Options with { Weights = data.Weights, SamplingCovariance = Options.SamplingCovariance is null ? null : covariance }, covariance);
    }

    private protected override DependentFit RefitTo(IReadOnlyList<int> rows) => Refit(rows);

    private protected override DependentFit Again(DependentData data, MixedModel model) => new MultilevelFit(data, model, Options with { Weights = data.Weights }, SamplingCovariance);

    private protected override ImmutableArray<VarianceComponent> LevelComponents => VarianceComponents;

    private protected override double? TotalISquared => ISquared;

    private protected override double? TrueEffectVariance(ModeratorValues? values) => Model.Terms.Count == 0 ? null : TotalVariance;

    private protected override double? StudyMeanVariance => Options.Levels.Count == 0 ? null : Elements[0];

    private protected override double? VarianceStandardError(NewTrueEffect of) => SumStandardError(of == NewTrueEffect.Effect ? Model.Terms.Count : Math.Min(1, Model.Terms.Count));

    private IEnumerable<string> Warn()
    {
        foreach (var (term, t) in Model.Terms.Select((term, t) => (term, t)))
        {
            if (term.ParameterCount > 0 && term.LevelCount < 5)
            {
                yield return $"The level \"{term.Name}\" has {StatisticText.Count(term.LevelCount, "group")}: too few to know its variance.";
            }
            if (term.ParameterCount > 0 && Elements[t] == 0) yield return $"The variance of the level \"{term.Name}\" is estimated as 0.";
        }
        if (Model.VarianceParameters > 0 && TotalVariance == 0) yield return NewTrueEffects.ZeroWarning;
        foreach (var note in IdentificationNotes().Concat(WeightNotes())) yield return note;
        if (!Omitted.IsEmpty)
        {
            yield return $"{StatisticText.Count(Omitted.Length)} of {StatisticText.Count(Omitted.Length + Count, "effect")} {(Omitted.Length == 1 ? "is" : "are")} left out because a moderator is not known for them: "
                + string.Join(", ", Omitted.Take(5).Select(o => o.Label)) + (Omitted.Length > 5 ? $" and {StatisticText.Count(Omitted.Length - 5)} more" : "") + ".";
        }
    }
}
