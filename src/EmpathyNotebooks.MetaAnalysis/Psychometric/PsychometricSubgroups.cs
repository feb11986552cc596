using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One group of studies in a psychometric meta-analysis.</summary>
/// <param name="Name">The value of the column.</param>
/// <param name="Fit">Its meta-analysis.</param>
/// <example><code>
/// var fit = Psychometric.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.01, 0.02, 0.01, 0.01], EffectMeasure.Correlation, sampleSizes: [90, 48, 70, 110],
///     columns: [StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer"])]));
/// foreach (PsychometricGroup group in fit.Subgroups("rater").Groups) Console.WriteLine($"{group.Name}: {group.Fit.Corrected.Mean:F2}");
/// </code></example>
public sealed record PsychometricGroup(string Name, PsychometricFit Fit);

/// <summary>
/// A moderator as Hunter and Schmidt look for one: groups of studies whose means differ, and within which true effects differ less than over all. When not to use it: with few studies a group, where both
/// happen by chance; and to search through many columns.
/// </summary>
/// <example><code>
/// var fit = Psychometric.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.01, 0.02, 0.01, 0.01], EffectMeasure.Correlation, sampleSizes: [90, 48, 70, 110],
///     columns: [StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer"])]));
/// PsychometricSubgroups groups = fit.Subgroups("rater");
/// Console.WriteLine(groups);
/// </code></example>
public sealed class PsychometricSubgroups
{
    private PsychometricSubgroups(PsychometricFit all, string column, ImmutableArray<PsychometricGroup> groups, QTest? between, ImmutableArray<string> warnings) =>
        (All, Column, Groups, Between, Warnings) = (all, column, groups, between, warnings);

    /// <summary>The meta-analysis of all studies.</summary>
    public PsychometricFit All { get; }

    /// <summary>The column.</summary>
    public string Column { get; }

    /// <summary>The groups with two studies or more, in the order in which their values first appear.</summary>
    public ImmutableArray<PsychometricGroup> Groups { get; }

    /// <summary>The test that the corrected means are equal, Σw(m - m̄)² with w = 1/SE² and chi² on groups less one; null where effects of a group do not vary, so that its standard error is 0.</summary>
    public QTest? Between { get; }

    /// <summary>The standard deviation of true effects within groups, pooled by the number of studies; where it is well below that of all studies, the groups explain some of it.</summary>
    public double WithinStandardDeviation => Math.Sqrt(Groups.Sum(g => g.Fit.Count * g.Fit.Corrected.Variance.Residual) / Groups.Sum(g => g.Fit.Count));

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; }

    internal static PsychometricSubgroups Of(PsychometricFit fit, string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var rows = fit.Effects.RowsBy(column);
        var large = rows.Where(g => g.Value.Count >= 2).ToArray();
        if (large.Length < 2) throw new InsufficientStudiesException($"A comparison by {column} of groups with two studies or more", 2, large.Length, StudyCount.Groups);
        ImmutableArray<PsychometricGroup> groups = [.. large.Select(g => new PsychometricGroup(g.Key, fit.Refit(g.Value)))];
        var warnings = ImmutableArray.CreateBuilder<string>();
        string[] single = [.. rows.Where(g => g.Value.Count < 2).Select(g => g.Key)];
        if (single.Length > 0) warnings.Add($"Left out, with one study: {string.Join(", ", single)}.");
        string[] few = [.. groups.Where(g => g.Fit.Count < 5).Select(g => g.Name)];
        if (few.Length > 0) warnings.Add($"Fewer than five studies in {string.Join(", ", few)}: standard errors and standard deviations there are hardly known.");
        return new PsychometricSubgroups(fit, column, groups, Test(groups), warnings.ToImmutable());
    }

    private static QTest? Test(ImmutableArray<PsychometricGroup> groups)
    {
        if (groups.Any(g => !(g.Fit.Corrected.StandardError > 0))) return null;
        double[] means = [.. groups.Select(g => g.Fit.Corrected.Mean)], weights = [.. groups.Select(g => 1 / (g.Fit.Corrected.StandardError * g.Fit.Corrected.StandardError))];
        var mean = ArtifactDistribution.WeightedMean(means, weights);
        var q = means.Select((m, i) => weights[i] * (m - mean) * (m - mean)).Sum();
        return new QTest(q, groups.Length - 1, Distributions.ChiSquaredUpper(q, groups.Length - 1));
    }

    /// <summary>One line.</summary>
    public override string ToString() => $"By {Column}: " + string.Join("; ", Groups.Select(g => $"{g.Name} {g.Fit.Measure.Format(g.Fit.Corrected.Mean)} (k = {StatisticText.Count(g.Fit.Count)})"))
        + (Between is { } test ? $"; between groups {test}" : "")
        + $"; SD of true effects {All.Measure.Format(WithinStandardDeviation)} within groups, {All.Measure.Format(All.Corrected.StandardDeviation)} over all";
}
