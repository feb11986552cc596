using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What a fit expects of one category, with its rows.</summary>
/// <param name="Name">The category.</param>
/// <param name="Rows">Its rows among the effects of the fit.</param>
/// <param name="Estimate">The mean effect.</param>
/// <param name="Interval">Its interval; null where the data say nothing of its uncertainty.</param>
/// <param name="Values">The values of the moderators it comes from; null without.</param>
internal sealed record FittedCategory(string Name, ImmutableArray<int> Rows, double Estimate, ConfidenceInterval? Interval, ModeratorValues? Values)
{
    /// <summary>All effects around the one mean of a fit without moderators.</summary>
    public static FittedCategory OfMean(IModelFit fit, Coefficient mean) =>
        new("", [.. Enumerable.Range(0, fit.Count)], mean.Estimate, mean.HasStandardError ? mean.ConfidenceInterval : null, null);

    /// <summary>The categories of a column in order of name, numbers by their size.</summary>
    /// <exception cref="StudyDataException">The column is no category of the model, or another column has no value.</exception>
    public static ImmutableArray<FittedCategory> Of(IModelFit fit, string column, ModeratorValues? others)
    {
        if (!IsCategory(fit, column)) throw new StudyDataException(fit.Moderators is null ? $"is no moderator of this model, which has none: Moderators = Moderator.Category(\"{column}\") in its options makes it one"
            : $"is no category of the model, whose moderators are {fit.Moderators}", column: column);
        var values = fit.Effects.Column(column);
        var groups = Enumerable.Range(0, fit.Count).GroupBy(i => values.Text(i)!).ToDictionary(g => g.Key, StringComparer.Ordinal);
        return [.. values.Sorted(groups.Keys).Select(name => groups[name]).Select(group =>
        {
            var at = new ModeratorValues();
            foreach (var (name, other) in others ?? []) at[name] = other;
            at[column] = values.IsNumeric ? values.Number(group.First())!.Value : group.Key;
            var prediction = fit.Predict(at)!.Value;
            return new FittedCategory(group.Key, [.. group], prediction.Estimate, prediction.ConfidenceInterval, at);
        })];
    }

    /// <summary>True when a model takes a column as a category, of the mean or, in a location-scale model, of the variance.</summary>
    public static bool IsCategory(IModelFit fit, string column) =>
        new[] { fit.Moderators, (fit as LocationScaleFit)?.Scale }.Any(m => m is not null && m.Variables.Any(v => v is CategoryModerator && v.Column == column));
}
