using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What the effects of one group say together, and how much the group counts in the mean effect of all.</summary>
/// <param name="Group">The group.</param>
/// <param name="Rows">Its effects, as rows of the data counted from 0.</param>
/// <param name="Estimate">The mean of its effects by generalised least squares, y = (1'M⁻¹y)/(1'M⁻¹1) with M = V + σ² of all levels but the outermost.</param>
/// <param name="Variance">Its variance as an estimate of the group's own mean, 1/(1'M⁻¹1).</param>
/// <param name="Interval">Its interval by the normal distribution.</param>
/// <param name="Weight">The group's share of the mean effect, as a fraction: proportional to 1/(σ² of the outermost level + variance).</param>
/// <param name="EffectWeights">The share of each of its effects; they sum to <paramref name="Weight"/>. Highly correlated errors can make one negative.</param>
public sealed record GroupMean(string Group, ImmutableArray<int> Rows, double Estimate, double Variance, ConfidenceInterval Interval, double Weight,
    ImmutableArray<double> EffectWeights) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <summary>One line, for example <c>Sample 01: 0.3120 [0.2012, 0.4228] (3 effects, weight 1.2%)</c>.</summary>
    public override string ToString() => $"{Group}: {StatisticText.Significant(Estimate)} {Interval} ({StatisticText.Count(Rows.Length, "effect")}, weight {StatisticText.Percent(Weight)})";
}

/// <summary>What groups say in a multilevel model.</summary>
public static class MultilevelGroups
{
    /// <summary>
    /// The mean of each group of the outermost level, in order of first appearance: what a forest plot of samples shows. Weighted by their weights they average to the mean effect of the
    /// model. Unlike <see cref="DependentFit.GroupEffects"/> they are not drawn together.
    /// </summary>
    /// <param name="fit">A fit without moderators and with nested levels only.</param>
    /// <exception cref="ArgumentException">The fit has moderators or crossed factors, or its sampling covariance ties groups together, or it has no levels.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
    ///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
    ///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
    /// foreach (GroupMean sample in MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6).GroupMeans())
    ///     Console.WriteLine($"{sample.Group}: {sample.Estimate:F2} {sample.Interval}, {sample.Weight:P1}");
    /// </code></example>
    public static ImmutableArray<GroupMean> GroupMeans(this MultilevelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (WhyNone(fit) is { } reason) throw new ArgumentException(reason, nameof(fit));
        var (groups, names) = fit.ClustersOf(null);
        var outermost = fit.Elements[0];
        double[] inner = [0, .. fit.Elements[1..]];
        var rows = new List<int>[names.Length];
        for (var j = 0; j < rows.Length; j++) rows[j] = [];
        for (var i = 0; i < groups.Length; i++) rows[groups[i]].Add(i);

        var means = new (double Estimate, double Variance, double[] Shares)[names.Length];
        for (var j = 0; j < names.Length; j++) means[j] = Mean(fit, [.. rows[j]], inner);
        var total = means.Sum(m => 1 / (outermost + m.Variance));
        return [.. means.Select((m, j) =>
        {
            var weight = 1 / (outermost + m.Variance) / total;
            return new GroupMean(names[j], [.. rows[j]], m.Estimate, m.Variance, Distributions.Interval(m.Estimate, Math.Sqrt(m.Variance), null, fit.ConfidenceLevel), weight,
                [.. m.Shares.Select(s => s * weight)]) { Origin = fit.Effects.Origin };
        })];
    }

    /// <summary>True where the groups of the outermost level have means of their own, <see cref="GroupMeans"/>.</summary>
    /// <param name="fit">The fit.</param>
    public static bool HasGroupMeans(this MultilevelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return WhyNone(fit) is null;
    }

    private static string? WhyNone(MultilevelFit fit) => fit switch
    {
        { Moderators: not null } => "With moderators there is no one mean effect that groups could have a share of.",
        { Levels.IsEmpty: true } => "Without levels there are no groups that could have means.",
        { Options.Weights: not null } => "Groups have shares of a mean with the model's own weights, not with given ones.",
        { Options.KnownRelations: [var relation, ..] } => $"The known correlations of {relation.Column} tie groups together, so that none has a mean of its own.",
        { Options.CrossedFactors: [var factor, ..] } => $"The crossed factor {factor} ties all groups together, so that none has a mean of its own.",
        _ when !fit.Model.Partition.IsInside(fit.ClustersOf(null).Groups) => "The sampling covariance ties groups of the outermost level together, so that none has a mean of its own.",
        _ => null,
    };

    private static (double Estimate, double Variance, double[] Shares) Mean(MultilevelFit fit, int[] rows, double[] elements)
    {
        var m = rows.Length;
        var factor = fit.Model.CovarianceOf(rows, elements);
        if (!BlockMatrix.TryCholesky(factor, m)) throw new ConvergenceException("The mean of a group", "its covariance has lost its digits", 0, NonConvergence.Precision);
        var solved = new double[m];
        Array.Fill(solved, 1);
        BlockMatrix.SolveLower(factor, solved, m, 1);
        BlockMatrix.SolveLowerTransposed(factor, solved, m, 1);
        var information = solved.Sum();
        double[] shares = [.. solved.Select(s => s / information)];
        return (shares.Select((s, i) => s * fit.Effects.Effects[rows[i]]).Sum(), 1 / information, shares);
    }
}
