using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Where an effect, or a cluster, lies in Baujat's plot of a fit of any kind.</summary>
/// <param name="Name">The label of the effect, or the cluster.</param>
/// <param name="Rows">Its effects, as rows of the fit counted from 0.</param>
/// <param name="HeterogeneityContribution">e'M⁻¹e of its residuals e with their marginal covariance M, sampling errors and true effects together: e²/(v + τ²) of an independent effect, of a cluster
/// the sum of the squares of its residuals made independent of one another, whatever their order. Null for robust variance estimation, whose weights are working ones.</param>
/// <param name="Influence">The squared change of the mean of its fitted values when it is left out, over the variance of that mean without it; null where there is no fit without it.</param>
/// <param name="Absence">Why there is no influence; null where there is.</param>
public sealed record FitBaujatPoint(string Name, ImmutableArray<int> Rows, double? HeterogeneityContribution, double? Influence, string? Absence) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <summary>One line, for example <c>Sample 01: contribution 2.31, influence 0.1200</c>; what is not defined is left out.</summary>
    public override string ToString()
    {
        List<string> parts = [];
        if (HeterogeneityContribution is { } q) parts.Add($"contribution {StatisticText.Significant(q)}");
        if (Influence is { } moved) parts.Add($"influence {StatisticText.Significant(moved)}");
        if (Absence is not null) parts.Add(Absence);
        return $"{Name}: {string.Join(", ", parts)}";
    }
}

/// <content>Baujat's plot.</content>
public static partial class FitSensitivity
{
    /// <summary>
    /// The points of Baujat's plot for a fit of any kind: what makes the heterogeneity, and what the result. Of independent effects it is that of Baujat et al. 2002 (Statistics in Medicine 21,
    /// 2641-2652; metafor's <c>baujat()</c>); for effects that go together and for clusters this is our extension, which gives the same where effects are independent and each cluster has one.
    /// When not to use it: to compare clusters of very different size by their height alone, since more effects make a larger sum; under the model it is about as large as their number.
    /// </summary>
    /// <remarks>Formula: <see cref="BaujatPoint"/>.</remarks>
    /// <param name="fit">The fit.</param>
    /// <param name="cluster">Null, the default, for a point an effect; <see cref="EffectClusters.OfFit"/> for one of each of the fit's own clusters; or a column of clusters.</param>
    /// <exception cref="StudyDataException">There is no such column, or a row has no value in it.</exception>
    /// <exception cref="ArgumentException">The fit's own clusters are asked for, and it has none.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
    ///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
    ///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
    /// IModelFit fit = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6);
    /// foreach (FitBaujatPoint sample in fit.Baujat(EffectClusters.OfFit))
    ///     Console.WriteLine($"{sample.Name}: heterogeneity {sample.HeterogeneityContribution:F2} of {sample.Rows.Length} effects, influence {sample.Influence:F2}");
    /// </code></example>
    public static ImmutableArray<FitBaujatPoint> Baujat(this IModelFit fit, string? cluster = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if ((cluster is null or MultilevelModel.EachEffect) && OfStudies(fit) is { } studies) return studies;
        var rows = new InfluenceRows(fit);
        return [.. fit.LeaveOneOut(cluster).Select(deletion =>
        {
            int[] members = [.. deletion.Rows];
            var influence = deletion.Fit is { } without ? rows.MeanShift(members, without) : null;
            return new FitBaujatPoint(deletion.Name, deletion.Rows, rows.PearsonSum(members), influence,
                deletion.Absence ?? (influence is null ? "Without it the mean has no standard error to compare with." : null)) { Origin = fit.Effects.Origin };
        })];
    }

    private static ImmutableArray<FitBaujatPoint>? OfStudies(IModelFit fit)
    {
        try
        {
            var points = fit switch
            {
                PooledFit pooled => pooled.Baujat(),
                MetaRegressionFit regression => regression.Baujat(),
                _ => default,
            };
            return points.IsDefault || points.Any(p => p.Influence is null) ? null
                : [.. points.Select(p => new FitBaujatPoint(p.Label, [p.Index], p.HeterogeneityContribution, p.Influence, null) { Origin = p.Origin })];
        }
        catch (Exception fault) when (fault is InsufficientStudiesException or ConvergenceException)
        {
            // Study by study, so that each can say why.
            return null;
        }
    }
}
