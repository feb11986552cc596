using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What is tested, and what is permuted.</summary>
internal abstract class PermutedModel
{
    /// <summary>The permutations.</summary>
    public abstract PermutationPatterns Patterns { get; }

    /// <summary>How many things are permuted.</summary>
    public abstract int Units { get; }

    public abstract string Permuted { get; }

    /// <summary>The coefficients tested.</summary>
    public abstract ImmutableArray<string> Names { get; }

    /// <summary>True where the test of all moderators stands behind the coefficients.</summary>
    public virtual bool HasModeratorTest => false;

    /// <summary>Something that computes the statistics of a pattern, with room of its own: one a thread. Statistics have no sign.</summary>
    public abstract Action<ReadOnlySpan<int>, Span<double>> NewWorker(PermutationStatistic statistic);

    /// <summary>|t| or |estimate|; 0 where both are 0.</summary>
    protected static double Of(double estimate, double variance, PermutationStatistic statistic) =>
        statistic == PermutationStatistic.Estimate || estimate == 0 ? Math.Abs(estimate) : Math.Abs(estimate) / Math.Sqrt(variance);
}

/// <summary>The mean of independent effects, whose signs change.</summary>
internal sealed class SignedEffects(PooledFit fit) : PermutedModel
{
    public override PermutationPatterns Patterns { get; } = new SignPatterns(fit.Count);

    public override int Units => fit.Count;

    public override string Permuted => "signs of effects";

    public override ImmutableArray<string> Names => ["Intercept"];

    public override Action<ReadOnlySpan<int>, Span<double>> NewWorker(PermutationStatistic statistic)
    {
        var (k, effects, variances) = (fit.Count, fit.Effects.Effects, fit.Effects.Variances);
        var y = new double[k];
        var isPlain = fit.PoolingWeights is null && fit.Inference != Inference.KenwardRoger;
        return (pattern, results) =>
        {
            for (var i = 0; i < k; i++) y[i] = pattern[i] * effects[i];
            if (isPlain)
            {
                var sums = new InterceptSums(y, variances.AsSpan());
                var tau2 = fit.Estimator is { } estimator ? TauSquaredEstimate.Of(estimator, ref sums).Value : 0;
                sums.MoveTo(tau2);
                results[0] = Of(sums.Sums.Mean, Inferences.Scale(fit.Inference, sums.Q / (k - 1)) / sums.SumOfWeights, statistic);
            }
            else
            {
                var other = fit.Model.Fit(fit.Effects, y, variances.AsSpan());
                results[0] = Of(other.Estimate, other.StandardError * other.StandardError, statistic);
            }
        };
    }
}

/// <summary>The mean of a multilevel model; the signs of all effects of a cluster change together.</summary>
internal sealed class SignedClusters(DependentFit fit) : PermutedModel
{
    private readonly EffectClusters _clusters = ((IModelFit)fit).Clusters!;

    public override PermutationPatterns Patterns => new SignPatterns(Units);

    public override int Units => _clusters.Count;

    public override string Permuted => "signs of clusters";

    public override ImmutableArray<string> Names => ["Intercept"];

    public override Action<ReadOnlySpan<int>, Span<double>> NewWorker(PermutationStatistic statistic)
    {
        var source = new MixedSource(fit);
        var refit = source.NewFitter(reestimate: true);
        var y = new double[fit.Count];
        return (pattern, results) =>
        {
            for (var i = 0; i < y.Length; i++) y[i] = pattern[_clusters.Groups[i]] * fit.Effects.Effects[i];
            var working = refit(y);
            var beta = working.Gamma.ToArray();
            var covariance = working.Bread.ToArray();
            source.Design.ToCoefficients(beta);
            source.Design.ToCovariance(covariance);
            results[0] = Of(beta[0], covariance[0], statistic);
        };
    }
}

/// <summary>The moderators of independent effects, whose rows are dealt to the studies anew.</summary>
internal sealed class DealtModerators : PermutedModel
{
    private readonly MetaRegressionFit _fit;
    private readonly DesignMatrix _design;
    private readonly int[] _tested;

    public DealtModerators(MetaRegressionFit fit)
    {
        (_fit, _design) = (fit, fit.Design.Matrix);
        _tested = [.. Enumerable.Range(fit.HasIntercept ? 1 : 0, fit.CoefficientCount - (fit.HasIntercept ? 1 : 0))];
        if (_tested.Length == 0) throw new ImpossibleChoiceException("There is no moderator whose rows could be dealt anew", ChoiceFault.UndefinedForFit);
        var kinds = new Dictionary<string, int>();
        Patterns = new DealPatterns([.. Enumerable.Range(0, Units).Select(i =>
        {
            // Rows alike to the last bit are alike.
            var row = string.Join(' ', Enumerable.Range(0, _design.Parameters).Select(j => BitConverter.DoubleToInt64Bits(_design.Columns[j * Units + i] + 0.0)));
            return kinds.TryGetValue(row, out var kind) ? kind : kinds[row] = kinds.Count;
        })]);
    }

    public override PermutationPatterns Patterns { get; }

    public override int Units => _fit.Count;

    public override string Permuted => "rows of moderators";

    public override ImmutableArray<string> Names => [.. _tested.Select(j => _fit.Coefficients[j].Name)];

    public override bool HasModeratorTest => true;

    public override Action<ReadOnlySpan<int>, Span<double>> NewWorker(PermutationStatistic statistic)
    {
        var (k, p) = (Units, _design.Parameters);
        var columns = new double[k * p];
        var scratch = new double[DesignSums.ScratchLength(k, p)];
        double? df = _fit.Inference == Inference.Normal ? null : k - p;
        return (pattern, results) =>
        {
            for (var j = 0; j < p; j++)
            {
                for (var i = 0; i < k; i++) columns[j * k + i] = _design.Orthonormal[j * k + pattern[i]];
            }
            var core = RegressionCore.Fit(_fit.Model, _fit.Effects.Effects.AsSpan(), _fit.Effects.Variances.AsSpan(), columns, p, scratch);
            var linear = new LinearInference(_design, core.Gamma, core.Covariance, df, _fit.ConfidenceLevel, core.KenwardRoger);
            var (beta, covariance) = (linear.Estimates, linear.Covariance);
            foreach (var (place, j) in _tested.Index()) results[place] = Of(beta[j], covariance[j * p + j], statistic);
            results[_tested.Length] = linear.Test(_tested).Statistic;
        };
    }
}
