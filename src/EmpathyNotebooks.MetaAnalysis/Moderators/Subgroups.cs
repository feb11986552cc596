using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to choose in a subgroup analysis.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.35, 0.18, 0.22, 0.41, 0.09, 0.27, 0.30, 0.15],
///     [0.010, 0.022, 0.015, 0.012, 0.020, 0.018, 0.009, 0.025], EffectMeasure.FisherZ, columns: [
///     StudyColumn.OfTexts("rater", ["client", "observer", "therapist", "client", "observer", "therapist", "client", "observer"])]);
/// var options = new SubgroupOptions { CommonTauSquared = true, Inference = Inference.Normal };
/// Console.WriteLine(SubgroupAnalysis.Fit(effects, "rater", options).Between);
/// </code></example>
public sealed record SubgroupOptions
{
    /// <summary>
    /// True for one tau² in all groups, which is better estimated when groups are small; false, the default, for one in each, which does not
    /// assume that groups differ only in their mean (Borenstein et al. 2009, ch. 19; five studies a group are little for a tau² of its own).
    /// </summary>
    public bool CommonTauSquared { get; init; }

    /// <summary>The estimator of tau²; REML by default, null for equal effects within each group.</summary>
    public TauSquaredEstimator? TauSquared { get; init; } = TauSquaredEstimator.RestrictedMaximumLikelihood;

    /// <summary>Standard errors, tests and intervals; Hartung-Knapp by default.</summary>
    public Inference Inference { get; init; } = Inference.HartungKnapp;

    /// <summary>The level of all intervals as a fraction in (0, 1); 0.95 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public double ConfidenceLevel
    {
        get;
        init => field = Level.Check(value, nameof(ConfidenceLevel));
    } = 0.95;
}

/// <summary>One group of studies.</summary>
/// <param name="Name">The value of the column.</param>
/// <param name="Count">How many studies it has.</param>
/// <param name="Estimate">Its pooled effect; the test asks whether it is 0.</param>
/// <param name="TauSquared">The variance of true effects within it; the same for all groups with a common tau²; null for a single study with a tau² each, which
/// tells nothing of it.</param>
/// <param name="PredictionInterval">Where the true effect of a new study of this group would lie; null for equal effects and for a single study with a tau² each.</param>
/// <param name="Fit">The group's own fit, or null with a common tau².</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.35, 0.18, 0.22, 0.41, 0.09, 0.27, 0.30, 0.15],
///     [0.010, 0.022, 0.015, 0.012, 0.020, 0.018, 0.009, 0.025], EffectMeasure.FisherZ, columns: [
///     StudyColumn.OfTexts("rater", ["client", "observer", "therapist", "client", "observer", "therapist", "client", "observer"])]);
/// foreach (Subgroup group in SubgroupAnalysis.Fit(effects, "rater", new() { CommonTauSquared = true }).Groups)
///     Console.WriteLine($"{group.Name} (k = {group.Count}): {group.Estimate.Estimate:F2} {group.Estimate.ConfidenceInterval}");
/// </code></example>
public sealed record Subgroup(string Name, int Count, Coefficient Estimate, double? TauSquared, ConfidenceInterval? PredictionInterval, PooledFit? Fit);

/// <summary>
/// The pooled effect in each group of studies, and the test whether groups differ. When not to use it: where only one group is significant, to
/// claim that groups differ; that is what the test between groups is for. Groups are not randomized.
/// </summary>
/// <remarks>
/// $$Q_B = \sum_g\frac{(\hat\mu_g - \bar\mu)^2}{\mathrm{SE}_g^2}, \qquad \bar\mu = \frac{\sum_g\hat\mu_g/\mathrm{SE}_g^2}{\sum_g1/\mathrm{SE}_g^2}, \qquad Q_B \sim \chi^2_{G - 1}$$
/// with a $\tau^2$ for each group; with one $\tau^2$ for all the test of the groups as moderators in <see cref="MetaRegression"/>.
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020],
///     columns: [StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer", "client"])]);
/// var groups = SubgroupAnalysis.Fit(effects, "rater", new() { CommonTauSquared = true });
/// foreach (var group in groups.Groups) Console.WriteLine($"{group.Name}: {group.Estimate.Estimate}");
/// Console.WriteLine(groups.Between);
/// </code></example>
public sealed class SubgroupAnalysis
{
    private SubgroupAnalysis(StudyEffects effects, string column, SubgroupOptions options, ImmutableArray<OmittedStudy> omitted,
        ImmutableArray<Subgroup> groups, ModeratorTest? between, MetaRegressionFit? regression, ImmutableArray<string> warnings)
    {
        Effects = effects;
        Column = column;
        Options = options;
        Omitted = omitted;
        Groups = groups;
        Between = between;
        Regression = regression;
        Warnings = warnings;
    }

    /// <summary>The effects used.</summary>
    public StudyEffects Effects { get; }

    /// <summary>The column whose values make the groups.</summary>
    public string Column { get; }

    /// <summary>What was chosen.</summary>
    public SubgroupOptions Options { get; }

    /// <summary>The studies left out because their group is not known.</summary>
    public ImmutableArray<OmittedStudy> Omitted { get; }

    /// <summary>The groups in order of their names.</summary>
    public ImmutableArray<Subgroup> Groups { get; }

    /// <summary>
    /// The test that all groups have the same mean effect. With a tau² each: Q = Σ(μ - mean)²/SE² against chi² (Borenstein et al. 2009, eq. 19.17). With a
    /// common tau²: the omnibus test of the regression on the groups. A group of one study has no tau² of its own and takes no part in the first; where
    /// fewer than two groups are left there is no test, null, and <see cref="Warnings"/> says so.
    /// </summary>
    public ModeratorTest? Between { get; }

    /// <summary>What a careful reader should know: groups of one study, groups whose effects are exactly equal.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The regression on the groups behind a common tau², or null.</summary>
    public MetaRegressionFit? Regression { get; }

    /// <summary>Fits the groups.</summary>
    /// <param name="effects">Independent effects with the column.</param>
    /// <param name="column">The column whose values make the groups, usually of texts.</param>
    /// <param name="options">One tau² or several, estimator, inference and level; the defaults if not said.</param>
    /// <exception cref="StudyDataException">There is no such column or it has one value only.</exception>
    /// <exception cref="InsufficientStudiesException">With a common tau²: there are no more studies than groups.</exception>
    /// <exception cref="ArgumentException">Kenward-Roger inference without REML.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    public static SubgroupAnalysis Fit(StudyEffects effects, string column, SubgroupOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        options ??= new SubgroupOptions();
        Inferences.Check(options.Inference, options.TauSquared, hasWeights: false);
        var design = ModeratorDesign.Create(effects, Moderator.Category(column));
        return options.CommonTauSquared ? Together(effects, column, options) : Apart(design, column, options);
    }

    /// <summary>The measure by which a group is shown: where values go back by sample sizes, by those of the group.</summary>
    /// <param name="group">One of <see cref="Groups"/>.</param>
    public EffectMeasure MeasureOf(Subgroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return (group.Fit?.Effects ?? Effects.Where(Column, group.Name)).Measure;
    }

    /// <summary>One line, for example <c>rater: Q_M(2) = 7.31, p = .026 (3 groups, k = 82)</c>.</summary>
    public override string ToString()
    {
        var text = $"{Column}: {(Between is { } test ? test.ToString() : "no test between groups")} ({StatisticText.Count(Groups.Length, "group")}, k = {StatisticText.Count(Effects.Count)})";
        return Effects.Origin.IsSimulated ? text + " [simulated data]" : text;
    }

    private const int FewStudies = 10;

    private static SubgroupAnalysis Apart(ModeratorDesign design, string column, SubgroupOptions options)
    {
        var groups = ImmutableArray.CreateBuilder<Subgroup>();
        List<string> single = [], equal = [];
        List<Subgroup> tested = [];
        foreach (var value in design.TypicalValues(column))
        {
            var effects = design.Effects.Where(column, value.Text ?? value.ToString());
            var name = value.ToString();
            var fit = Fit(effects, options, options.Inference);
            // One study says nothing of tau², and effects that are exactly equal nothing of the scatter that Hartung and Knapp scale by.
            var isEqual = effects.Count > 1 && fit.StandardError <= 1e-9 * Math.Sqrt(1 / effects.Variances.Sum(v => 1 / v));
            if (isEqual)
            {
                equal.Add(name);
                fit = Fit(effects, options, Inference.Normal);
            }
            var statistic = fit.Estimate == 0 ? 0 : fit.Estimate / fit.StandardError;
            var hasTau = fit.IsRandomEffects || options.TauSquared is null;
            var group = new Subgroup(name, fit.Count, new Coefficient(name, fit.Estimate, fit.StandardError, statistic, fit.DegreesOfFreedom,
                Distributions.TwoSided(statistic, fit.DegreesOfFreedom), fit.ConfidenceInterval) { Origin = effects.Origin }, hasTau ? fit.TauSquared : null, fit.PredictionInterval, fit);
            groups.Add(group);
            if (hasTau) tested.Add(group);
            else single.Add(name);
        }
        List<string> warnings = [];
        if (equal.Count > 0)
        {
            warnings.Add($"All effects of {Names(equal)} are exactly equal, so that their Hartung-Knapp standard error is 0 and says nothing: the normal one is shown and tested with.");
        }
        if (single.Count > 0)
        {
            warnings.Add($"Of one study only: {Names(single)}. Such a group is shown as it is, not pooled, with a normal interval and without a tau squared; "
                + (tested.Count > 1 ? "the test is between the other groups." : "it takes no part in a test between groups."));
        }
        if (tested.Count > 1 && options.Inference != Inference.Normal && tested.Any(g => g.Count < FewStudies))
        {
            warnings.Add($"The test between groups takes their standard errors as known. With fewer than {FewStudies} studies in a group these are rough, and the test finds differences too easily: "
                + $"a meta-regression on {column}, or a tau squared that all groups share, allows for that.");
        }
        if (tested.Count < 2) warnings.Add("There is no test between groups: it needs two groups of at least two studies, or a tau squared that all groups share.");
        return new SubgroupAnalysis(design.Effects, column, options, design.Omitted, groups.ToImmutable(), tested.Count < 2 ? null : Test(tested.Select(g => g.Estimate)), null, [.. warnings]);
    }

    private static PooledFit Fit(StudyEffects effects, SubgroupOptions options, Inference inference) =>
        (effects.Count == 1 ? new PooledModel(null, Inference.Normal, options.ConfidenceLevel) : new PooledModel(options.TauSquared, inference, options.ConfidenceLevel))
            .Fit(effects, effects.Effects.AsSpan(), effects.Variances.AsSpan());

    /// <summary>Q = Σ(μ - mean)²/SE² of independent means.</summary>
    internal static ModeratorTest Test(IEnumerable<Coefficient> means)
    {
        Coefficient[] groups = [.. means];
        var between = EqualEffects.Fit(StudyEffects.Create([.. groups.Select(g => g.Estimate)], [.. groups.Select(g => g.StandardError * g.StandardError)])).Heterogeneity.Q;
        return new ModeratorTest(between.Statistic, between.DegreesOfFreedom, null, between.PValue) { Origin = groups[0].Origin };
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));

    private static SubgroupAnalysis Together(StudyEffects effects, string column, SubgroupOptions options)
    {
        MetaRegressionOptions regression = new()
        {
            TauSquared = options.TauSquared,
            Inference = options.Inference,
            ConfidenceLevel = options.ConfidenceLevel,
        };
        var contrasts = MetaRegression.Fit(effects, Moderator.Category(column), regression);
        var means = contrasts.MarginalMeans(column);
        var groups = means.Select(mean =>
        {
            var prediction = contrasts.Predict(new() { [column] = mean.Name });
            return new Subgroup(mean.Name, contrasts.Effects.Where(column, mean.Name).Count, mean, contrasts.TauSquared, prediction.PredictionInterval, null);
        });
        return new SubgroupAnalysis(contrasts.Effects, column, options, contrasts.Omitted, [.. groups], contrasts.ModeratorTest, contrasts, []);
    }
}
