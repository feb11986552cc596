using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What each study does to a model without moderators and with the model's own weights: the numbers of <see cref="InfluenceAnalysis"/> from a few sums, a refit a study and nothing more.</summary>
internal readonly struct InterceptInfluence
{
    /// <summary>From so many studies on it pays to share the refits among the processors.</summary>
    private const int WorthSharing = 500;

    private readonly PooledFit _fit;
    private readonly double _variance;
    private readonly double _weights;
    private readonly SmoothSums _all;

    private InterceptInfluence(PooledFit fit)
    {
        _fit = fit;
        _variance = fit.StandardError * fit.StandardError;
        _all = new SmoothSums(fit.Effects.Effects.AsSpan(), fit.Effects.Variances.AsSpan());
        var sums = new InterceptSums(_all.Effects, _all.Variances);
        sums.MoveTo(fit.TauSquared);
        _weights = sums.SumOfWeights;
    }

    /// <summary>Whether a fit has this form.</summary>
    public static bool Suits(PooledFit fit) =>
        fit.Model is { Weights: null, Estimator: not TauSquaredEstimator.GeneralizedQ, Inference: not Inference.KenwardRoger } && fit.Count > (fit.Model.Estimator is null && fit.Model.Inference == Inference.Normal ? 1 : 2);

    /// <summary>One row a study. Each is computed alone, so that they are the same however many share the work.</summary>
    public static ImmutableArray<InfluenceRow> Rows(PooledFit fit, InfluenceAnalysis limits)
    {
        var rows = new InfluenceRow[fit.Count];
        var influence = new InterceptInfluence(fit);
        var parts = fit.Count < WorthSharing ? 1 : Math.Min(Environment.ProcessorCount, 64);
        if (parts == 1) influence.Fill(rows, 0, fit.Count, limits);
        else
        {
            try
            {
                Parallel.For(0, parts, part => influence.Fill(rows, (int)((long)rows.Length * part / parts), (int)((long)rows.Length * (part + 1) / parts), limits));
            }
            catch (AggregateException faults) when (faults.InnerExceptions[0] is ConvergenceException fault)
            {
                throw fault;
            }
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(rows);
    }

    private void Fill(InfluenceRow[] rows, int from, int to, InfluenceAnalysis limits)
    {
        var buffer = new DeletionSums.Buffer();
        for (var i = from; i < to; i++) rows[i] = Row(i, new DeletionSums(_all, i, buffer), limits);
    }

    private InfluenceRow Row(int i, DeletionSums sums, InfluenceAnalysis limits)
    {
        double y = _all.Effects[i], v = _all.Variances[i];
        sums.MoveTo(0);
        var q = sums.Q;
        var tau2 = _fit.Model.Estimator is { } estimator ? TauSquaredEstimate.Of(estimator, ref sums).Value : 0;
        sums.MoveTo(tau2);
        var df = sums.Count - 1;
        var scale = Inferences.Scale(_fit.Model.Inference, df > 0 ? sums.Q / df : 1);
        double mean = sums.Sums.Mean, variance = scale / sums.SumOfWeights;
        if (!double.IsFinite(mean) || !double.IsFinite(variance) || !double.IsFinite(sums.Q) || !double.IsFinite(tau2))
        {
            throw new ConvergenceException("The pooled estimate", "the effects or variances are too large or too small for double precision", 0, NonConvergence.Precision);
        }

        double weight = 1 / (v + _fit.TauSquared) / _weights, moved = _fit.Estimate - mean;
        var student = InfluenceAnalysis.Ratio(y - mean, (v + tau2) * scale + variance);
        var dffits = InfluenceAnalysis.Ratio(moved, scale * weight * (tau2 + v));
        var cook = moved * moved / _variance;
        var dfbetas = InfluenceAnalysis.Ratio(moved, scale / (sums.SumOfWeights + 1 / (v + tau2))) ?? 0;
        var influential = Math.Abs(dffits ?? 0) > limits.DffitsLimit || cook > limits.CookLimit || weight > limits.HatLimit || Math.Abs(dfbetas) > limits.DfBetasLimit;
        return new InfluenceRow(i, _fit.Effects.Labels[i], student, dffits, double.IsFinite(cook) ? cook : null, _variance == 0 ? null : variance / _variance, tau2, q, weight, weight, [dfbetas], [mean], influential);
    }
}
