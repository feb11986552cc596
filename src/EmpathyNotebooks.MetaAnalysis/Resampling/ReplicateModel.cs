using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A fit whose numbers are followed over replicates of its data.</summary>
internal abstract class ReplicateModel(IModelFit fit, int count)
{
    public IModelFit Fit { get; } = fit;

    /// <summary>How many numbers are followed.</summary>
    public int Count { get; } = count;

    public static ReplicateModel Of(IModelFit fit, ImmutableArray<BootstrapStatistic> statistics, bool isUsual) =>
        isUsual && fit is PooledFit { PoolingWeights: null, Inference: not Inference.KenwardRoger } pooled ? new PooledReplicates(pooled, statistics.Length) : new FittedReplicates(fit, statistics);

    /// <summary>Something that fits replicates, with room of its own: one a thread.</summary>
    public abstract ReplicateWorker NewWorker();
}

/// <summary>Fits replicates; what one does not determine becomes not a number.</summary>
internal abstract class ReplicateWorker
{
    /// <summary>The numbers in the fit to the data, with their standard errors where they have one.</summary>
    public abstract void AsIs(Span<double> values, Span<double> errors);

    /// <summary>Some of the rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="draws">Where they are drawn with replacement, with which draw each came; else empty.</param>
    /// <param name="values">Takes the numbers.</param>
    /// <param name="errors">Takes their standard errors.</param>
    public abstract void Rows(ReadOnlySpan<int> rows, ReadOnlySpan<int> draws, Span<double> values, Span<double> errors);

    /// <summary>Other effects of the same studies.</summary>
    public abstract void Effects(ReadOnlySpan<double> effects, Span<double> values, Span<double> errors);
}

/// <summary>The mean of independent effects with τ² and I², by the sums alone: nothing is allocated for a replicate.</summary>
internal sealed class PooledReplicates(PooledFit fit, int count) : ReplicateModel(fit, count)
{
    public override ReplicateWorker NewWorker() => new Worker(fit);

    private sealed class Worker(PooledFit fit) : ReplicateWorker
    {
        private double[] _y = new double[fit.Count], _v = new double[fit.Count];

        public override void AsIs(Span<double> values, Span<double> errors) => Effects(fit.Effects.Effects.AsSpan(), values, errors);

        public override void Rows(ReadOnlySpan<int> rows, ReadOnlySpan<int> draws, Span<double> values, Span<double> errors)
        {
            if (rows.Length > _y.Length) (_y, _v) = (new double[2 * rows.Length], new double[2 * rows.Length]);
            var (effects, variances) = (fit.Effects.Effects, fit.Effects.Variances);
            for (var i = 0; i < rows.Length; i++) (_y[i], _v[i]) = (effects[rows[i]], variances[rows[i]]);
            Fit(_y.AsSpan(0, rows.Length), _v.AsSpan(0, rows.Length), values, errors);
        }

        public override void Effects(ReadOnlySpan<double> effects, Span<double> values, Span<double> errors) => Fit(effects, fit.Effects.Variances.AsSpan(), values, errors);

        private void Fit(ReadOnlySpan<double> y, ReadOnlySpan<double> v, Span<double> values, Span<double> errors)
        {
            values.Fill(double.NaN);
            errors.Fill(double.NaN);
            var n = y.Length;
            if (n < (fit.Estimator is null && fit.Inference == Inference.Normal ? 1 : 2)) return;
            try
            {
                var sums = new InterceptSums(y, v);
                sums.MoveTo(0);
                double q = sums.Q, tau2 = 0, i2;
                if (fit.Estimator is { } estimator)
                {
                    var typical = (n - 1) / sums.TraceP;
                    tau2 = TauSquaredEstimate.Of(estimator, ref sums).Value;
                    i2 = tau2 / (tau2 + typical);
                    sums.MoveTo(tau2);
                    values[1] = tau2;
                }
                else i2 = n > 1 && q > n - 1 ? (q - (n - 1)) / q : 0;
                values[0] = sums.Sums.Mean;
                values[^1] = i2;
                errors[0] = Math.Sqrt(Inferences.Scale(fit.Inference, n > 1 ? sums.Q / (n - 1) : 1) / sums.SumOfWeights);
            }
            catch (ConvergenceException)
            {
                // Counted among the replicates that failed.
                values.Fill(double.NaN);
            }
        }
    }
}

/// <summary>Numbers of a fit of any kind, which is fitted again as a whole.</summary>
internal sealed class FittedReplicates(IModelFit fit, ImmutableArray<BootstrapStatistic> statistics) : ReplicateModel(fit, statistics.Length)
{
    public override ReplicateWorker NewWorker() => new Worker(Fit, statistics);

    private sealed class Worker(IModelFit fit, ImmutableArray<BootstrapStatistic> statistics) : ReplicateWorker
    {
        public override void AsIs(Span<double> values, Span<double> errors) => Say(fit, values, errors);

        public override void Rows(ReadOnlySpan<int> rows, ReadOnlySpan<int> draws, Span<double> values, Span<double> errors)
        {
            int[] used = [.. rows], drawn = [.. draws];
            Try(() => drawn.Length == 0 ? fit.Refit(used) : fit switch
            {
                DependentFit dependent => dependent.Drawn(used, drawn),
                RobustVarianceFit robust => robust.Drawn(used, drawn),
                SelectionFit selection => selection.Drawn(used, drawn),
                _ => fit.Refit(used),
            }, values, errors);
        }

        public override void Effects(ReadOnlySpan<double> effects, Span<double> values, Span<double> errors)
        {
            double[] y = [.. effects];
            Try(() => fit switch
            {
                PooledFit pooled => pooled.Refit(pooled.Effects.WithEffects(y)),
                MetaRegressionFit regression => regression.With(y),
                LocationScaleFit scale => scale.With(y),
                DependentFit dependent => dependent.With(y),
                _ => throw new ImpossibleChoiceException("New effects are drawn from models that say how effects are distributed", ChoiceFault.UndefinedForFit),
            }, values, errors);
        }

        private void Try(Func<IModelFit> refit, Span<double> values, Span<double> errors)
        {
            try
            {
                Say(refit(), values, errors);
            }
            catch (Exception fault) when (fault is InsufficientStudiesException or StudyDataException or ConvergenceException or UndeterminedException)
            {
                // Counted, and said as the number of replicates that failed.
                values.Fill(double.NaN);
                errors.Fill(double.NaN);
            }
        }

        private void Say(IModelFit of, Span<double> values, Span<double> errors)
        {
            for (var s = 0; s < statistics.Length; s++)
            {
                values[s] = statistics[s].Value(of);
                errors[s] = statistics[s].StandardError is { } error ? error(of) : double.NaN;
            }
        }
    }
}
