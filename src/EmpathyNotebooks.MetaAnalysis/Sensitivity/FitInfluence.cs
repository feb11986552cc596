using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What one effect, or one cluster, does to a fit of any kind. Numbers are null, and lists empty, where the kind of fit does not define them or there is no fit without it.
/// </summary>
/// <param name="Name">The label of the effect, or the cluster.</param>
/// <param name="Rows">The effects left out, as rows of the fit counted from 0.</param>
/// <param name="Hat">Its leverage, of a cluster the sum of those of its effects (the trace of its block of the hat matrix: Preisser &amp; Qaqish 1996, Biometrika 83, 551-562).</param>
/// <param name="Weight">Its share of the weights, of a cluster the sum.</param>
public sealed record FitInfluenceRow(string Name, ImmutableArray<int> Rows, double Hat, double Weight)
{
    /// <summary>d/SE of each effect left out, in the order of <see cref="Rows"/>, with the deleted residual d = y - x'β₋ and SE² = M_ii + x'S₋x, M at the variances found without it. Beyond ±2 is
    /// unusual.</summary>
    /// <remarks>$$t_i = \frac{y_i - x_i^\top\hat\beta_{(-i)}}{\sqrt{M_{ii} + x_i^\top S_{(-i)}x_i}}$$</remarks>
    public ImmutableArray<double> StudentizedResiduals { get; init; } = [];

    /// <summary>The studentised deleted residual of a single effect; null for a cluster of several.</summary>
    public double? StudentizedResidual => StudentizedResiduals is [var alone] ? alone : null;

    /// <summary>X² = d'(M + XS₋X')⁻¹d of its deleted residuals together, about a chi² with as many degrees of freedom as it has effects.</summary>
    /// <remarks>$$X^2 = d^\top(M + XS_{(-)}X^\top)^{-1}d$$</remarks>
    public double? ChiSquared { get; init; }

    /// <summary>How many standard errors the fitted value of a single effect moves: x'(β - β₋)/√(x'Sx·M₋/M), with the variances M and M₋ of the effect in the fit with and without it; metafor's for
    /// independent effects. Null for clusters, which have several fitted values.</summary>
    public double? Dffits { get; init; }

    /// <summary>D = (β - β₋)'S⁻¹(β - β₋) with the covariance S of β in the full fit.</summary>
    /// <remarks>$$D = (\hat\beta - \hat\beta_{(-)})^\top S^{-1}(\hat\beta - \hat\beta_{(-)})$$</remarks>
    public double? CookDistance { get; init; }

    /// <summary>|S₋|/|S|; below 1 says that leaving it out makes the coefficients more precise.</summary>
    /// <remarks>$$\frac{|S_{(-)}|}{|S|}$$</remarks>
    public double? CovarianceRatio { get; init; }

    /// <summary>(β - β₋)ⱼ over the standard error that βⱼ of all effects would have at the variances found without it; empty for weights of one's own in models of dependent effects, and for robust
    /// variance estimation.</summary>
    public ImmutableArray<double> DfBetas { get; init; } = [];

    /// <summary>β₋, the coefficients without it.</summary>
    public ImmutableArray<double> EstimatesWithout { get; init; } = [];

    /// <summary>The variance of true effects without it, over all levels together; null where there is none or it is not one number.</summary>
    public double? TauSquaredWithout { get; init; }

    /// <summary>Cochran's (residual) Q without it.</summary>
    public double? QWithout { get; init; }

    /// <summary>True when a limit of <see cref="FitInfluence"/> is passed.</summary>
    public bool IsInfluential { get; init; }

    /// <summary>Why there is no fit without it; null where there is one.</summary>
    public string? Absence { get; init; }

    /// <summary>One line, for example <c>Sample 01: Cook's D 0.12, leverage 0.08, influential</c>, or the reason why there is no fit without it.</summary>
    public override string ToString() => $"{Name}: " + (Absence ?? (CookDistance is { } d ? $"Cook's D {StatisticText.Number(d)}, " : "")
        + $"leverage {StatisticText.Number(Hat)}{(IsInfluential ? ", influential" : "")}");
}

/// <summary>
/// How much each effect, or each cluster, drives a fit of any kind (Viechtbauer &amp; Cheung 2010, Research Synthesis Methods 1, 112-125). Single independent effects are marked by the four limits of
/// <see cref="InfluenceAnalysis"/>. Clusters, and effects that go together, are marked by the two that ask how far the coefficients move, whatever is left out: Cook's distance above the median of
/// chi² with p degrees of freedom (Cook &amp; Weisberg 1982, Residuals and Influence in Regression, chapter 3, has it for several cases at a time), or a DFBETAS beyond 1; leverage and DFFITS have no
/// established limit there. When not to use it: as a rule for dropping studies.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// IModelFit fit = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6);
/// FitInfluence influence = fit.InfluenceOf(EffectClusters.OfFit);
/// foreach (FitInfluenceRow row in influence.Rows) Console.WriteLine($"{row.Name}: Cook's D {row.CookDistance:F2} of {influence.CookLimit:F2}, variance without it {row.TauSquaredWithout:F4}");
/// </code></example>
public sealed class FitInfluence
{
    private FitInfluence(IModelFit fit, string? cluster, bool isEachEffect)
    {
        (Fit, Cluster) = (fit, isEachEffect ? null : cluster == EffectClusters.OfFit ? fit.Clusters!.Column : cluster);
        int k = fit.Count, p = fit.Coefficients.Length;
        CookLimit = Distributions.ChiSquaredQuantile(0.5, p);
        if (!isEachEffect || fit.Clusters is not null) return;
        DffitsLimit = 3 * Math.Sqrt((double)p / (k - p));
        HatLimit = 3.0 * p / k;
    }

    /// <summary>The fit of all effects.</summary>
    public IModelFit Fit { get; }

    /// <summary>The column of the clusters left out; null where each effect is.</summary>
    public string? Cluster { get; }

    /// <summary>One row an effect in their order, or a cluster in order of first appearance.</summary>
    public ImmutableArray<FitInfluenceRow> Rows { get; private init; } = [];

    /// <summary>The limit of Cook's distance, the median of chi² with p degrees of freedom.</summary>
    public double CookLimit { get; }

    /// <summary>The limit of |DFBETAS|.</summary>
    public double DfBetasLimit => 1;

    /// <summary>The limit of |DFFITS|, 3√(p/(k - p)), for single independent effects; null for others.</summary>
    public double? DffitsLimit { get; }

    /// <summary>The limit of the leverage, 3p/k, for single independent effects; null for others.</summary>
    public double? HatLimit { get; }

    /// <summary>What is marked as influential.</summary>
    public ImmutableArray<FitInfluenceRow> Influential => [.. Rows.Where(r => r.IsInfluential)];

    internal static FitInfluence Of(IModelFit fit, string? cluster)
    {
        var groups = EffectGroups.Of(fit, cluster);
        var limits = new FitInfluence(fit, cluster, groups.IsEachEffect);
        var rows = groups.IsEachEffect && OfStudies(fit) is { } studies ? studies : new InfluenceRows(fit).Of(fit.LeaveOneOut(cluster));
        return new FitInfluence(fit, cluster, groups.IsEachEffect) { Rows = [.. rows.Select(row => row with { IsInfluential = limits.Passes(row) })] };
    }

    private bool Passes(FitInfluenceRow row) => row.CookDistance > CookLimit || row.DfBetas.Any(d => Math.Abs(d) > DfBetasLimit)
        || Math.Abs(row.Dffits ?? 0) > DffitsLimit || row.Hat > HatLimit;

    /// <summary>Pooled fits and regressions have a faster way for single studies; null for others, and where some study cannot be left out.</summary>
    private static IEnumerable<FitInfluenceRow>? OfStudies(IModelFit fit)
    {
        try
        {
            var analysis = fit switch
            {
                PooledFit pooled => pooled.Influence(),
                MetaRegressionFit regression => regression.Influence(),
                _ => null,
            };
            return analysis?.Rows.Select(row => new FitInfluenceRow(row.Label, [row.Index], row.Hat, row.Weight)
            {
                StudentizedResiduals = row.StudentizedResidual is { } residual ? [residual] : [],
                ChiSquared = row.StudentizedResidual * row.StudentizedResidual,
                Dffits = row.Dffits,
                CookDistance = row.CookDistance,
                CovarianceRatio = row.CovarianceRatio,
                DfBetas = row.DfBetas,
                EstimatesWithout = row.EstimatesWithout,
                TauSquaredWithout = fit.IsRandomEffects ? row.TauSquaredWithout : null,
                QWithout = row.QWithout,
                Absence = row.EstimatesWithout.IsEmpty ? "Without it the coefficients are not determined." : null,
            });
        }
        catch (Exception fault) when (fault is InsufficientStudiesException or ConvergenceException)
        {
            // Study by study, so that each can say why.
            return null;
        }
    }
}
