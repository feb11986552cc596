using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One story of selection with weights given beforehand, and what the mean would be if it were true.</summary>
/// <param name="Story">For example <c>moderate, one-sided</c>.</param>
/// <param name="Fit">The selection model with these weights.</param>
/// <param name="Change">Its mean less the one without selection.</param>
public sealed record SelectionStory(string Story, SelectionFit Fit, double Change)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Story}: {Fit.Mean}";
}

/// <summary>
/// What the mean would be under selection as strong as one cares to assume (Vevea &amp; Woods 2005, Psychological Methods 10, 428-443): weights of 14 intervals of p are given, not estimated, so that it works with few
/// studies too. When not to use it: as an estimate; the weights are examples, not canonical (their own words), and one asks whether the conclusion would stand.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.61, 0.45, 0.52, 0.20], [0.040, 0.022, 0.055, 0.012], EffectMeasure.FisherZ);
/// SelectionSensitivity table = RandomEffects.Fit(effects).SelectionSensitivity();
/// foreach (SelectionStory story in table.Stories) Console.WriteLine(story);
/// </code></example>
/// <param name="WithoutSelection">The mean without selection, by the same method.</param>
/// <param name="Stories">Moderate and severe selection, one-sided and two-sided.</param>
/// <param name="Warnings">What a careful reader should know.</param>
public sealed record SelectionSensitivity(Coefficient WithoutSelection, ImmutableArray<SelectionStory> Stories, ImmutableArray<string> Warnings)
{
    /// <summary>The upper ends of the intervals of one-sided p, the last being 1.</summary>
    public static ImmutableArray<double> CutPoints { get; } = [0.005, 0.01, 0.05, 0.10, 0.25, 0.35, 0.50, 0.65, 0.75, 0.90, 0.95, 0.99, 0.995];

    /// <inheritdoc/>
    public override string ToString() => $"without selection {StatisticText.Significant(WithoutSelection.Estimate)}; " + string.Join("; ", Stories.Select(s => $"{s.Story} {StatisticText.Significant(s.Fit.Mean!.Value.Estimate)}"));
}

/// <summary>Sensitivity to selection with given weights.</summary>
public static class SelectionSensitivities
{
    private static readonly (string Story, double[] Weights)[] VeveaWoods =
    [
        ("moderate, one-sided", [0.99, 0.95, 0.80, 0.75, 0.65, 0.60, 0.55, 0.50, 0.50, 0.50, 0.50, 0.50, 0.50]),
        ("severe, one-sided", [0.99, 0.90, 0.75, 0.60, 0.50, 0.40, 0.35, 0.30, 0.25, 0.10, 0.10, 0.10, 0.10]),
        ("moderate, two-sided", [0.99, 0.95, 0.90, 0.80, 0.75, 0.60, 0.60, 0.75, 0.80, 0.90, 0.95, 0.99, 1.00]),
        ("severe, two-sided", [0.99, 0.90, 0.75, 0.60, 0.50, 0.25, 0.25, 0.50, 0.60, 0.75, 0.90, 0.99, 1.00]),
    ];

    /// <summary>The table of Vevea and Woods (2005, Table 1) for the effects of a fit: by maximum likelihood, without tau² for a fit without.</summary>
    /// <param name="fit">A fit without moderators.</param>
    /// <param name="alternative">Which results are selected: greater or less. The two-sided stories count p one-sided, too, and favour both ends.</param>
    /// <exception cref="ImpossibleChoiceException">The fit has moderators, or the side is two-sided.</exception>
    /// <inheritdoc cref="SelectionModel.Fit(StudyEffects, SelectionFunction, SelectionOptions?)" path="/exception"/>
    public static SelectionSensitivity SelectionSensitivity(this IModelFit fit, Alternative alternative = Alternative.Greater)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.Moderators is not null) throw new ImpossibleChoiceException("The table of given weights is for one mean: fit without moderators, or give weights to a selection model with them", ChoiceFault.UndefinedEstimate);
        if (alternative == Alternative.TwoSided) throw new ImpossibleChoiceException("The given weights are for one-sided p, and hold a two-sided story of their own", ChoiceFault.UndefinedEstimate);
        var options = new SelectionOptions { Alternative = alternative };
        var cuts = EmpathyNotebooks.MetaAnalysis.SelectionSensitivity.CutPoints.ToArray();
        var without = fit.WithSelection(SelectionFunction.Step(0.5).WithWeights(1), options).Mean!.Value;
        return new SelectionSensitivity(without, [.. VeveaWoods.Select(s =>
        {
            var selected = fit.WithSelection(SelectionFunction.Step(cuts).WithWeights([.. s.Weights.Select(w => (double?)w)]), options);
            return new SelectionStory(s.Story, selected, selected.Mean!.Value.Estimate - without.Estimate);
        })], ["The weights are given, not estimated: they are examples of moderate and severe selection, not canonical (Vevea & Woods 2005)."]);
    }
}
