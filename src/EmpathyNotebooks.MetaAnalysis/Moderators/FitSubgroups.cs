using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One group of effects in a subgroup analysis of a fit of any kind.</summary>
/// <param name="Name">The value of the column.</param>
/// <param name="Rows">Its effects, as rows of the fit counted from 0.</param>
/// <param name="Fit">The same model fitted to the group alone; null with common variances, and where the group does not allow it.</param>
/// <param name="Estimate">Its mean effect; null where there is no fit, or where further moderators or outcomes leave no one mean.</param>
/// <param name="TauSquared">The variance of a true effect, over all levels together: the group's own, or the common one; null where there is none.</param>
/// <param name="PredictionInterval">Where a new true effect of this group would lie; null where not defined.</param>
/// <param name="Absence">Why the group has no fit of its own; null where it has one, or shares the common one.</param>
public sealed record FitSubgroup(string Name, ImmutableArray<int> Rows, IModelFit? Fit, Coefficient? Estimate, double? TauSquared, ConfidenceInterval? PredictionInterval, string? Absence)
{
    /// <summary>One line: the mean of the group with its interval, or why there is none.</summary>
    public override string ToString() => (Estimate?.ToString() ?? $"{Name}: {Absence ?? "no one mean"}") + $" (k = {StatisticText.Count(Rows.Length)})";
}

/// <summary>
/// The mean effect in each group of effects by the model of a fit of any kind, and the test whether groups differ. When not to use it: where only one group is significant, to claim that groups
/// differ; that is what the test between groups is for. Groups are not randomized.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"]),
///               StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer", "client", "observer", "client", "observer"])]);
/// IModelFit fit = MultilevelModel.Fit(effects, ["sample"], samplingCorrelation: 0.6);
/// FitSubgroups apart = fit.Subgroups("rater"), together = fit.Subgroups("rater", common: true);
/// foreach (FitSubgroup group in apart.Groups) Console.WriteLine($"{group.Name}: {group.Estimate?.ToString() ?? group.Absence}");
/// Console.WriteLine($"{together.Between}; robust: {together.RobustBetween}");
/// </code></example>
public sealed class FitSubgroups
{
    private const int FewEffects = 10;

    private FitSubgroups(IModelFit fit, string column, ImmutableArray<OmittedStudy> omitted) => (Fit, Column, Omitted) = (fit, column, omitted);

    /// <summary>The fit of all effects, whose model is that of the groups.</summary>
    public IModelFit Fit { get; }

    /// <summary>The column whose values make the groups.</summary>
    public string Column { get; }

    /// <summary>The effects left out because their group is not known.</summary>
    public ImmutableArray<OmittedStudy> Omitted { get; }

    /// <summary>The groups in order of their names, also those too small to be fitted, with the reason.</summary>
    public ImmutableArray<FitSubgroup> Groups { get; private init; } = [];

    /// <summary>The model with the groups among its moderators, whose variances all groups share; null where each has its own.</summary>
    public IModelFit? Common { get; private init; }

    /// <summary>
    /// The test that all groups have the same mean effect. With variances of their own: Q = Σ(μ - mean)²/SE² against chi² (Borenstein et al. 2009, eq. 19.17), between the groups that have a fit and
    /// a variance. With common ones: the Wald or F test of the groups in <see cref="Common"/>. Null where there is none, and <see cref="Warnings"/> says why.
    /// </summary>
    public ModeratorTest? Between { get; private init; }

    /// <summary>The cluster-robust test HTZ of the same (CR2; see <see cref="RobustFit.Test"/>), with common variances in models of dependent effects; null for others. In robust variance estimation
    /// <see cref="Between"/> is that test.</summary>
    public ModeratorTest? RobustBetween { get; private init; }

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; private init; } = [];

    /// <summary>One line, for example <c>rater: F(2, 8) = 3.20, p = .095 (3 groups, k = 12)</c>.</summary>
    public override string ToString() => $"{Column}: {(Between is { } test ? test.ToString() : "no test between groups")} "
        + $"({StatisticText.Count(Groups.Length, "group")}, k = {StatisticText.Count(Groups.Sum(g => g.Rows.Length))})" + (Fit.Effects.Origin.IsSimulated ? " [simulated data]" : "");

    internal static FitSubgroups Of(IModelFit fit, string column, bool common)
    {
        var design = ModeratorDesign.Create(fit.Effects, Moderator.Category(column));
        var texts = fit.Effects.Column(column);
        List<(ModeratorValue Value, string Name, int[] Rows)> groups = [.. design.TypicalValues(column).Select(value =>
        {
            var key = value.Text ?? value.ToString();
            return (value, value.ToString(), Enumerable.Range(0, fit.Count).Where(i => texts.Text(i) == key).ToArray());
        })];
        var empty = new FitSubgroups(fit, column, design.Omitted);
        return common ? Together(empty, groups) : Apart(empty, groups);
    }

    private static FitSubgroups Apart(FitSubgroups empty, List<(ModeratorValue Value, string Name, int[] Rows)> groups)
    {
        var (fit, column) = (empty.Fit, empty.Column);
        if (fit is PooledFit pooled && !HasWeights(pooled.Options))
        {
            var analysis = SubgroupAnalysis.Fit(fit.Effects, column, new() { TauSquared = pooled.Estimator, Inference = pooled.Inference, ConfidenceLevel = pooled.ConfidenceLevel });
            return new FitSubgroups(fit, column, empty.Omitted)
            {
                Groups = [.. analysis.Groups.Select((g, n) => new FitSubgroup(g.Name, [.. groups[n].Rows], g.Fit, g.Estimate, pooled.IsRandomEffects ? g.TauSquared : null, g.PredictionInterval, null))],
                Between = analysis.Between,
                Warnings = analysis.Warnings,
            };
        }
        ImmutableArray<FitSubgroup> found = [.. groups.AsParallel().AsOrdered().Select(g => Alone(fit, g.Name, g.Rows))];
        List<FitSubgroup> tested = [.. found.Where(g => g.Estimate is { HasStandardError: true } mean && mean.StandardError > 0)];
        List<string> warnings = [];
        if (found.Where(g => g.Absence is not null).ToList() is { Count: > 0 } absent)
        {
            warnings.Add("Not fitted by themselves: " + string.Join("; ", absent.Select(g => $"\"{g.Name}\" ({g.Absence!.TrimEnd('.')})")) + ".");
        }
        if (fit.Moderators is not null || fit.Coefficients.Length > 1)
        {
            warnings.Add("The mean effect depends on moderators or outcomes, so that a group of its own has no one mean and there is no test between groups: take common variances, which test "
                + $"{column} beside them.");
        }
        else if (tested.Count < 2) warnings.Add("There is no test between groups: it needs two groups that can be fitted, or variances that all groups share.");
        else
        {
            if (Shared(fit, tested) is { Count: > 0 } shared)
            {
                warnings.Add($"{StatisticText.Count(shared.Count, "value")} of {fit.Clusters!.Column} {(shared.Count == 1 ? "has" : "have")} effects in several groups ({string.Join(", ", shared.Take(3))}{(shared.Count > 3 ? ", ..." : "")}). "
                    + "The test between groups takes them as independent: common variances allow for it.");
            }
            if (fit.Inference != Inference.Normal && tested.Any(g => g.Rows.Length < FewEffects))
            {
                warnings.Add($"The test between groups takes their standard errors as known. With fewer than {FewEffects} effects in a group these are rough, and the test finds differences too easily: "
                    + "common variances allow for that.");
            }
        }
        return new FitSubgroups(fit, column, empty.Omitted) { Groups = found, Between = tested.Count < 2 ? null : SubgroupAnalysis.Test(tested.Select(g => g.Estimate!.Value)), Warnings = [.. warnings] };
    }

    private static FitSubgroup Alone(IModelFit fit, string name, int[] rows)
    {
        var (alone, absence) = FitSensitivity.Attempt(() => fit.Refit(rows));
        var mean = alone?.Coefficients.Length == 1 ? alone.Mean : null;
        return new FitSubgroup(name, [.. rows], alone, mean is { } one ? one with { Name = name } : null, alone?.TauSquared, mean is null ? null : alone!.PredictNew()?.PredictionInterval, absence);
    }

    private static FitSubgroups Together(FitSubgroups empty, List<(ModeratorValue Value, string Name, int[] Rows)> groups)
    {
        var (fit, column) = (empty.Fit, empty.Column);
        var term = Moderator.Category(column);
        var common = fit.Options.WithModerators(fit.Moderators is { } others ? others + term : term).FitTo(fit.Effects);
        // Names of the coefficients of the groups alone, as the model with them and no others has them.
        HashSet<string> names = [.. groups.Select(g => $"{column}: {g.Name}")];
        string[] tested = [.. common.Coefficients.Select(c => c.Name).Where(names.Contains)];
        List<string> warnings = [];
        ModeratorTest? robust = null;
        if (common is DependentFit dependent)
        {
            try
            {
                robust = dependent.Robust().Test(tested);
                if (RobustFit.FewWarning(robust.Value) is { } few) warnings.Add(few);
            }
            catch (Exception fault) when (fault is StudyDataException or InsufficientStudiesException or InvalidOperationException or ConvergenceException)
            {
                warnings.Add("There is no robust test between groups: " + fault.Message);
            }
        }
        return new FitSubgroups(fit, column, empty.Omitted)
        {
            Common = common,
            Groups = [.. groups.Select(g => Shared(fit, common, column, g.Value, g.Rows))],
            Between = common is RobustVarianceFit weighted ? weighted.Robust.Test(tested)
                : fit.Moderators is null ? common.ModeratorTest : common.TermTests.First(t => t.Term == term.Description).Test,
            RobustBetween = robust,
            Warnings = [.. common.Warnings, .. warnings],
        };
    }

    private static FitSubgroup Shared(IModelFit fit, IModelFit common, string column, ModeratorValue value, int[] rows)
    {
        var name = value.ToString();
        if (fit.Moderators is not null) return new FitSubgroup(name, [.. rows], null, null, common.TauSquared, null, null);
        ModeratorValues values = new() { [column] = value };
        var mean = ((IFitPredictions)common).MeanAt(values);
        // Where the variance depends on more than the group, the group alone does not say where a new effect would lie.
        var interval = common.TauSquared is null || mean is not { HasStandardError: true } ? null : common.PredictNew(values: values)?.PredictionInterval;
        return new FitSubgroup(name, [.. rows], null, mean is { } one ? one with { Name = name } : null, common.TauSquared, interval, null);
    }

    /// <summary>Clusters with effects in several groups.</summary>
    private static List<string> Shared(IModelFit fit, List<FitSubgroup> groups) => fit.Clusters is not { } clusters ? []
        : [.. groups.SelectMany(g => g.Rows.Select(i => clusters.Groups[i]).Distinct()).GroupBy(c => c).Where(c => c.Count() > 1).Select(c => clusters.Names[c.Key])];

    private static bool HasWeights(ModelOptions options) => options is RandomEffectsOptions { Weights: not null } or EqualEffectsOptions { Weights: not null };
}

/// <summary>Subgroups of fits of any kind.</summary>
public static class SubgroupsOfFits
{
    /// <summary>
    /// The groups that a column makes, each fitted by the same model: with variances of its own, or all together by the model with the groups as moderators and common variances, which is
    /// better where groups are small or share clusters. Of a pooled fit the numbers are those of <see cref="SubgroupAnalysis"/>.
    /// </summary>
    /// <param name="fit">A fit of any kind.</param>
    /// <param name="column">The column whose values make the groups, usually of texts.</param>
    /// <param name="common">False, the default, for variances of each group's own; true for common ones.</param>
    /// <exception cref="StudyDataException">There is no such column or it has one value only; or with common variances a term depends on the others.</exception>
    /// <exception cref="InsufficientStudiesException">With common variances: there are no more effects than coefficients.</exception>
    /// <exception cref="ConvergenceException">With common variances: the likelihood has no maximum.</exception>
    public static FitSubgroups Subgroups(this IModelFit fit, string column, bool common = false)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return FitSubgroups.Of(fit, column, common);
    }
}
