namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Draws replicates of one cell and lets every method answer. One thread uses it; replicate r of cell c draws from the stream (c, r) and from nothing else.</summary>
internal sealed class SimulatedReplicates
{
    /// <summary>2^40 replicates and 2^24 cells make the 64 bits of a stream.</summary>
    private const int ReplicateBits = 40;

    private const int ReplicatesBetweenLooks = 64;

    private const string ClusterName = "study";

    private readonly SimulationDesign _design;
    private readonly SimulationCell _cell;
    private readonly StudyDraws _draws;
    private readonly Philox _random;
    private readonly double[] _y, _v;
    private readonly TauSquaredEstimator[] _estimators;
    private readonly Pooled[] _pooled;
    private readonly int[] _estimatorOf;
    private readonly int _count;
    private readonly StudyColumn? _clusters;
    private readonly double _scale, _level, _normal, _student, _studentLess, _chiHigh, _chiLow, _zero;

    public SimulatedReplicates(SimulationDesign design, int cell)
    {
        (_design, _cell) = (design, design.Cell(cell));
        // All effects: to methods that know no dependence each is a study.
        var k = _count = _cell.EffectCount;
        if (design.Methods.Any(m => m.Model is not null)) _clusters = ClustersOf(_cell);
        _draws = new StudyDraws(design.Measure, _cell);
        _random = new Philox(design.Seed);
        (_y, _v) = (new double[k], new double[k]);
        _estimators = [.. design.Methods.Select(m => m.Estimator).OfType<TauSquaredEstimator>().Distinct()];
        _pooled = new Pooled[_estimators.Length];
        _estimatorOf = [.. design.Methods.Select(m => m.Estimator is { } e ? Array.IndexOf(_estimators, e) : -1)];
        _scale = ScaleOf(design, _cell);
        _level = design.ConfidenceLevel;
        _zero = SimulatedMeasures.Of(design.Measure).NullValue;
        var upper = Level.UpperTail(_level);
        _normal = Distributions.NormalQuantile(upper);
        _student = Distributions.StudentQuantile(upper, k - 1);
        _studentLess = k > 2 ? Distributions.StudentQuantile(upper, k - 2) : double.NaN;
        (_chiHigh, _chiLow) = (Distributions.ChiSquaredQuantile(upper, k - 1), Distributions.ChiSquaredQuantile(1 - upper, k - 1));
    }

    /// <summary>The power of two that errors of means are measured in; those of tau² in its square. Division by it is exact, and makes them numbers near 1 whatever the effects are measured in.</summary>
    public static double ScaleOf(SimulationDesign design, SimulationCell cell)
    {
        var n = cell.Sizes.Smallest;
        var variance = design.Measure switch
        {
            SimulatedMeasure.FisherZ => 1 / (n - 3),
            SimulatedMeasure.Correlation => 1 / (n - 1),
            SimulatedMeasure.StandardizedMeanDifference => 4 / n,
            _ => cell.Sizes.Largest,
        };
        return Math.ScaleB(1, Math.ILogB(Math.Sqrt(cell.TauSquared + variance)) + 1);
    }

    /// <summary>Draws the replicates from one to before another and adds them up.</summary>
    public void Run(int from, int to, SimulationTally tally, CancellationToken cancellation)
    {
        for (var r = from; r < to; r++)
        {
            if ((r - from) % ReplicatesBetweenLooks == 0) cancellation.ThrowIfCancellationRequested();
            _random.MoveTo(((ulong)_cell.Index << ReplicateBits) + (ulong)r);
            _draws.Draw(_random, _y, _v);
            Answer(tally);
        }
        tally.Replicates += to - from;
    }

    private void Answer(SimulationTally tally)
    {
        var sums = new InterceptSums(_y, _v);
        for (var e = 0; e < _estimators.Length; e++) _pooled[e] = Pooled.Of(_estimators[e], ref sums);
        var corrections = new Corrections(_y, _v, _design);
        for (var m = 0; m < _design.Methods.Length; m++)
        {
            var method = _design.Methods[m];
            ref var row = ref tally[m];
            if (method.Correction is { } correction)
            {
                if (corrections.Of(correction) is { } adjusted) AddMean(ref row, adjusted.Estimate, adjusted.ConfidenceInterval);
                else row.Failed++;
                continue;
            }
            if (method.Model is { } model)
            {
                if (RobustMean(model, method.SmallSample!.Value) is { HasStandardError: true } mean) AddMean(ref row, mean.Estimate, mean.ConfidenceInterval);
                else row.Failed++;
                continue;
            }
            ref readonly var fit = ref _pooled[_estimatorOf[m]];
            if (!fit.IsDetermined)
            {
                row.Failed++;
                continue;
            }
            switch (method.Target)
            {
                case SimulationTarget.Mean:
                    AddMean(ref row, fit.Mean, MeanInterval(method.Inference!.Value, fit));
                    break;
                case SimulationTarget.TauSquared:
                    AddTauSquared(ref row, fit, method, ref sums);
                    break;
                default:
                    AddNewStudy(ref row, fit, method.Prediction!.Value);
                    break;
            }
        }
    }

    private static StudyColumn ClustersOf(SimulationCell cell) =>
        StudyColumn.OfNumbers(ClusterName, [.. Enumerable.Range(0, cell.Studies).SelectMany(i => Enumerable.Repeat((double)i, cell.Effects is { } several ? several.Counts[i % several.Counts.Length] : 1))]);

    /// <summary>The library's own robust fit.</summary>
    private Coefficient? RobustMean(WorkingModel model, SmallSampleCorrection correction)
    {
        try
        {
            var effects = StudyEffects.Create(_y, _v, SimulatedMeasures.Of(_design.Measure), columns: [_clusters!]);
            return RobustVarianceModel.Fit(effects, ClusterName, model, options: new() { Correction = correction, ConfidenceLevel = _level }).Coefficients[0];
        }
        catch (Exception fault) when (fault is UndeterminedException or ConvergenceException or InsufficientStudiesException)
        {
            return null;
        }
    }

    private ConfidenceInterval MeanInterval(Inference inference, in Pooled fit)
    {
        var (variance, quantile) = (1 / fit.Weight, inference == Inference.Normal ? _normal : _student);
        if (inference == Inference.KenwardRoger) (variance, quantile) = (fit.KenwardRogerVariance, Distributions.SearchStudentQuantile(Level.UpperTail(_level), fit.KenwardRogerDegrees));
        var half = quantile * Math.Sqrt(variance * Inferences.Scale(inference, fit.Q / (_count - 1)));
        return new ConfidenceInterval(fit.Mean - half, fit.Mean + half, _level);
    }

    private void AddMean(ref MethodSums row, double estimate, ConfidenceInterval? interval)
    {
        if (!AddError(ref row, (estimate - _cell.Mean) / _scale) || interval is not { } found) return;
        row.Intervals++;
        if (found.Contains(_cell.Mean)) row.Covered++;
        if (!found.Contains(_zero)) row.Rejected++;
        AddWidth(ref row, found.Width / _scale);
    }

    private void AddTauSquared(ref MethodSums row, in Pooled fit, SimulationMethod method, ref InterceptSums sums)
    {
        double lower, upper;
        try
        {
            (lower, upper) = method.TauSquaredInterval switch
            {
                TauSquaredIntervalMethod.QProfile => (GeneralizedQ.Solve(_chiHigh, ref sums).TauSquared, GeneralizedQ.Solve(_chiLow, ref sums).TauSquared),
                TauSquaredIntervalMethod.ProfileLikelihood => new ProfileLikelihood(method.Estimator!.Value, fit.TauSquared, _level).Run(ref sums),
                _ => (Math.Max(0, fit.TauSquared - _normal * fit.TauSquaredError), fit.TauSquared + _normal * fit.TauSquaredError),
            };
        }
        catch (ConvergenceException)
        {
            row.Failed++;
            return;
        }
        if (!AddError(ref row, (fit.TauSquared - _cell.TauSquared) / (_scale * _scale))) return;
        row.Intervals++;
        if (lower <= _cell.TauSquared && _cell.TauSquared <= upper) row.Covered++;
        if (lower > 0) row.Rejected++;
        AddWidth(ref row, (upper - lower) / (_scale * _scale));
    }

    /// <summary>What share of new studies' true effects the interval holds is known exactly, so that no new study is drawn.</summary>
    private void AddNewStudy(ref MethodSums row, in Pooled fit, PredictionIntervalMethod method)
    {
        var half = method == PredictionIntervalMethod.HartungKnapp
            ? _student * Math.Sqrt(fit.Q / (_count - 1) / fit.Weight + fit.TauSquared)
            : _studentLess * Math.Sqrt(1 / fit.Weight + fit.TauSquared);
        double lower = fit.Mean - half - _cell.Mean, upper = fit.Mean + half - _cell.Mean, tau = Math.Sqrt(_cell.TauSquared);
        var share = tau > 0 ? Distributions.NormalCumulative(upper / tau) - Distributions.NormalCumulative(lower / tau) : lower <= 0 && 0 <= upper ? 1 : 0;
        row.Estimates++;
        row.Intervals++;
        row.Coverage += ExactSum.Of(share);
        row.Coverage2 += ExactSum.Of(share * share);
        AddWidth(ref row, 2 * half / _scale);
    }

    /// <summary>An estimate a thousand standard deviations away is none; with others the squares of squares add up without loss.</summary>
    private static bool AddError(ref MethodSums row, double error)
    {
        if (!(Math.Abs(error) < 1024))
        {
            row.Failed++;
            return false;
        }
        row.Estimates++;
        row.Error += ExactSum.Of(error);
        var square = error * error;
        row.Error2 += ExactSum.Of(square);
        row.Error4 += ExactSum.Of(square * square);
        return true;
    }

    /// <summary>An interval a million standard deviations wide says nothing and is counted as endless, as are infinite ones.</summary>
    private static void AddWidth(ref MethodSums row, double width)
    {
        if (!(width < 1 << 20))
        {
            row.Endless++;
            return;
        }
        row.Width += ExactSum.Of(width);
        row.Width2 += ExactSum.Of(width * width);
    }

    /// <summary>What one estimator of tau² makes of the data; all methods that use it share it.</summary>
    private readonly record struct Pooled(bool IsDetermined, double TauSquared, double TauSquaredError, double Mean, double Weight, double Q, double KenwardRogerVariance, double KenwardRogerDegrees)
    {
        public static Pooled Of(TauSquaredEstimator estimator, ref InterceptSums sums)
        {
            try
            {
                var tau2 = TauSquaredEstimate.Of(estimator, ref sums);
                sums.MoveTo(tau2.Value);
                var (variance, degrees) = estimator == TauSquaredEstimator.RestrictedMaximumLikelihood ? PooledFit.KenwardRoger(sums.Sums) : default;
                return new Pooled(true, tau2.Value, tau2.StandardError, sums.Sums.Mean, sums.SumOfWeights, sums.Q, variance, degrees);
            }
            catch (ConvergenceException)
            {
                return default;
            }
        }
    }

    /// <summary>Corrected means by the library's own methods; the fits they start from are made where they are needed.</summary>
    private struct Corrections(double[] y, double[] v, SimulationDesign design)
    {
        private StudyEffects? _effects;
        private PooledFit? _plain;

        public AdjustedEstimate? Of(MeanCorrection correction)
        {
            try
            {
                _effects ??= StudyEffects.Create(y, v, SimulatedMeasures.Of(design.Measure));
                _plain ??= EqualEffects.Fit(_effects, new() { ConfidenceLevel = design.ConfidenceLevel });
                return correction switch
                {
                    MeanCorrection.PetPeese => _plain.PetPeese(new() { Alternative = Alternative.Greater }).Adjusted,
                    MeanCorrection.TrimAndFill => RandomEffects.Fit(_effects, new() { ConfidenceLevel = design.ConfidenceLevel }).TrimAndFill(TrimAndFillEstimator.L0, FunnelSide.Left).Adjusted,
                    MeanCorrection.Uwls => _plain.Uwls().Adjusted,
                    _ => _plain.Waap().Adjusted,
                };
            }
            catch (Exception fault) when (fault is UndeterminedException or ConvergenceException or InsufficientStudiesException)
            {
                return null;
            }
        }
    }
}
