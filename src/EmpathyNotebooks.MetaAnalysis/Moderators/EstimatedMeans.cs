using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Estimated marginal means of every kind of model with moderators.</summary>
public static class EstimatedMeans
{
    /// <summary>
    /// The mean effect for each value of a category, the other categories counted as equally frequent and numbers at their mean, as
    /// <see cref="MetaRegressionFit.MarginalMeans"/>; with the inference of the fit, of robust variance estimation the robust one.
    /// </summary>
    /// <param name="fit">A fit with moderators.</param>
    /// <param name="column">A category of the model.</param>
    /// <exception cref="ArgumentException">The fit has no moderators.</exception>
    /// <exception cref="StudyDataException">The column is not a category of the model, or some combination has no study.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
    ///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
    ///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"]),
    ///               StudyColumn.OfTexts("rater", ["client", "observer", "client", "client", "client", "observer", "observer", "client"])]);
    /// var fit = MultilevelModel.Fit(effects, ["sample"], new() { Moderators = Moderator.Category("rater") });
    /// foreach (Coefficient mean in fit.MarginalMeans("rater")) Console.WriteLine(mean);
    /// </code></example>
    public static ImmutableArray<Coefficient> MarginalMeans(this IModelFit fit, string column)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return fit switch
        {
            MetaRegressionFit regression => regression.MarginalMeans(column),
            DependentFit { Data.Design: { } design } dependent => Means(design, dependent.Combination),
            SelectionFit { Design: { } design } selection => Means(design, selection.Combination),
            LocationScaleFit { Design: { } design } scale => Means(design, scale.Combination),
            RobustVarianceFit { Design: { } design } robust => Means(design, (name, row) => robust.Robust.LinearCombination(name, row)),
            _ => throw new ArgumentException("A fit without moderators has one mean effect, and no means of categories.", nameof(fit)),
        };

        ImmutableArray<Coefficient> Means(ModeratorDesign design, Func<string, double[], Coefficient> combination) =>
            [.. design.MarginalRows(column).Select(r => combination(r.Name, r.Row))];
    }
}
