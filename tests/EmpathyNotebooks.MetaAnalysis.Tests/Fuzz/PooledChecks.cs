using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

/// <summary>What must hold for a pooled fit, whatever the data.</summary>
internal sealed class PooledChecks(FuzzData data, PooledFit fit, Findings findings)
{
    /// <summary>
    /// How many digits the effects themselves leave: a difference between two of them is known to a rounding of the larger, which counts in units of the smallest standard error.
    /// </summary>
    private readonly double _digits = DigitsAt(data, fit.TauSquared);

    private static double DigitsAt(FuzzData data, double tau2) => 1e-9 + 16 * Math.ScaleB(1, -52) * Math.Max(1, data.Count) * data.Yi.Max(Math.Abs) / Math.Sqrt(data.Vi.Min() + tau2);

    public void Numbers()
    {
        Demand(fit.TauSquared >= 0 && double.IsFinite(fit.TauSquared), "tau²", fit.TauSquared);
        Demand(fit.TauSquaredStandardError is not { } se || se >= 0 && double.IsFinite(se), "its standard error", fit.TauSquaredStandardError ?? 0);
        var (least, most, room) = (data.Yi.Min(), data.Yi.Max(), 1e-12 * data.Yi.Max(Math.Abs));
        Demand(fit.Estimate >= least - room && fit.Estimate <= most + room, "the estimate", fit.Estimate, least, most);
        Demand(fit.StandardError >= 0 && double.IsFinite(fit.StandardError), "the standard error", fit.StandardError);
        Demand(fit.PValue is >= 0 and <= 1, "p", fit.PValue);
        Ordered("the confidence interval", fit.ConfidenceInterval, fit.Estimate);
        if (fit.PredictionInterval is { } prediction)
        {
            Ordered("the prediction interval", prediction, fit.Estimate);
            Demand(prediction.Lower <= fit.ConfidenceInterval.Lower && fit.ConfidenceInterval.Upper <= prediction.Upper, "a prediction interval inside the confidence interval", prediction.Lower, prediction.Upper, fit.ConfidenceInterval.Lower, fit.ConfidenceInterval.Upper);
        }
        double sum = 0;
        foreach (var weight in fit.Weights)
        {
            sum += weight;
            if (!(weight >= 0 && weight <= 1)) Demand(false, "a weight", weight);
        }
        Demand(Math.Abs(sum - 1) < 1e-12 * Math.Max(1, data.Count), "the sum of the weights", sum);
        Demand(double.IsFinite(fit.FitStatistics.LogLikelihood), "the log-likelihood", fit.FitStatistics.LogLikelihood);
    }

    /// <summary>Inference changes neither tau² nor the mean.</summary>
    public void Same(PooledFit other) => Demand(fit.TauSquared == other.TauSquared && fit.Estimate == other.Estimate, "inference moves the estimate", fit.TauSquared, other.TauSquared);

    public void Heterogeneity()
    {
        var h = fit.Heterogeneity;
        Demand(h.Q.Statistic >= 0 && double.IsFinite(h.Q.Statistic) && h.Q.PValue is >= 0 and <= 1, "Q", h.Q.Statistic, h.Q.PValue);
        Demand(h.ISquared is >= 0 and <= 1, "I²", h.ISquared);
        Demand(h.HSquared >= 1 && double.IsFinite(h.HSquared), "H²", h.HSquared);
        if (h.TauSquaredInterval is not { } interval) return;
        Demand(interval.Lower >= 0 && interval.Lower <= interval.Upper && double.IsFinite(interval.Upper), "the Q-profile interval", interval.Lower, interval.Upper);
        Demand(h.ISquaredInterval is { Lower: >= 0, Upper: <= 1 } i && i.Lower <= i.Upper, "the interval of I²", h.ISquaredInterval!.Value.Lower, h.ISquaredInterval.Value.Upper);
        // Paule and Mandel's Q is k - 1, which the quantiles of chi² enclose, but for one degree of freedom at neither end.
        if (fit.Estimator == TauSquaredEstimator.PauleMandelMedian) Demand(interval.Lower <= fit.TauSquared * (1 + 1e-9) && fit.TauSquared <= interval.Upper * (1 + 1e-9), "the Q-profile interval without the median estimate", interval.Lower, fit.TauSquared, interval.Upper);
    }

    public void Intervals(bool withBootstrap)
    {
        var h = fit.Heterogeneity;
        Tau("Wald", h.WaldIntervals(), true);
        Tau("generalised Q", h.GeneralizedQIntervals(), false);
        if (fit.Estimator is TauSquaredEstimator.MaximumLikelihood or TauSquaredEstimator.RestrictedMaximumLikelihood) Tau("profile likelihood", h.ProfileLikelihoodIntervals(), true);
        else Demand(Throws<ImpossibleChoiceException>(() => h.ProfileLikelihoodIntervals()), "a profile likelihood without a likelihood", 0);
        foreach (var method in Enum.GetValues<PredictionIntervalMethod>())
        {
            if (method == PredictionIntervalMethod.Nagashima && !withBootstrap) continue;
            try
            {
                var interval = fit.PredictionIntervalBy(method, new() { Draws = 1000 });
                Demand(interval.Lower <= interval.Upper && double.IsFinite(interval.Width), $"the prediction interval {method}", interval.Lower, interval.Upper);
                if (method != PredictionIntervalMethod.Nagashima) Ordered($"the prediction interval {method}", interval, fit.Estimate);
            }
            catch (Exception fault) when (fault is ImpossibleChoiceException && fit.Estimator == TauSquaredEstimator.GeneralizedQ || fault is InsufficientStudiesException && data.Count < 3)
            {
            }
        }
    }

    public void Reordered(PooledFit other)
    {
        Close("shuffled: the estimate", fit.Estimate, other.Estimate, fit.StandardError + fit.Tau);
        Close("shuffled: tau²", fit.TauSquared, other.TauSquared, fit.TauSquaredStandardError ?? 0);
        Close("shuffled: the standard error", fit.StandardError, other.StandardError, 0);
        Close("shuffled: Q", fit.Heterogeneity.Q.Statistic, other.Heterogeneity.Q.Statistic, 1);
    }

    public void InAnotherUnit(PooledFit other, double unit)
    {
        Close("in another unit: the estimate", fit.Estimate, other.Estimate / unit, fit.StandardError + fit.Tau);
        Close("in another unit: tau²", fit.TauSquared, other.TauSquared / unit / unit, fit.TauSquaredStandardError ?? 0);
        Close("in another unit: the standard error", fit.StandardError, other.StandardError / unit, 0);
        Close("in another unit: p", fit.PValue, other.PValue, 1);
        Close("in another unit: I²", fit.Heterogeneity.ISquared, other.Heterogeneity.ISquared, 1);
        if (fit.Heterogeneity.TauSquaredInterval is not { } mine || other.Heterogeneity.TauSquaredInterval is not { } theirs) return;
        // The ends do not depend on the estimate, which may be far from them.
        Close("in another unit: the lower end of tau²", mine.Lower, theirs.Lower / unit / unit, mine.Upper, DigitsAt(data, mine.Lower));
        Close("in another unit: the upper end of tau²", mine.Upper, theirs.Upper / unit / unit, 0, DigitsAt(data, mine.Upper));
    }

    private void Tau(string method, HeterogeneityIntervals intervals, bool encloses)
    {
        var interval = intervals.TauSquared;
        Demand(interval.Lower >= 0 && interval.Lower <= interval.Upper && double.IsFinite(interval.Upper), $"the {method} interval of tau²", interval.Lower, interval.Upper);
        Demand(intervals.ISquared is { Lower: >= 0, Upper: <= 1 }, $"the {method} interval of I²", intervals.ISquared.Lower, intervals.ISquared.Upper);
        if (encloses) Demand(interval.Lower <= fit.TauSquared && fit.TauSquared <= interval.Upper, $"the {method} interval without the estimate", interval.Lower, fit.TauSquared, interval.Upper);
    }

    private void Ordered(string what, ConfidenceInterval interval, double estimate)
    {
        // With next to no degrees of freedom, which Kenward and Roger may find, the quantile of t is beyond all numbers.
        var isEndless = fit.DegreesOfFreedom is < 0.01 && double.IsInfinity(interval.Width);
        Demand(interval.Lower <= estimate && estimate <= interval.Upper && (isEndless || double.IsFinite(interval.Width)), what, interval.Lower, estimate, interval.Upper);
    }

    private void Close(string what, double expected, double actual, double room, double? digits = null) =>
        Demand(Math.Abs(expected - actual) <= (digits ?? _digits) * Math.Max(Math.Abs(expected), room), what, expected, actual);

    private void Demand(bool holds, string what, params ReadOnlySpan<double> numbers)
    {
        if (holds) return;
        findings.Wrong($"{fit.MethodCode}: {what}", string.Create(CultureInfo.InvariantCulture, $"{data}, {fit.Inference}: {what}: {string.Join(" ", numbers.ToArray().Select(n => n.ToString("R", CultureInfo.InvariantCulture)))}"));
    }

    private static bool Throws<T>(Action action)
        where T : Exception
    {
        try
        {
            action();
            return false;
        }
        catch (T)
        {
            return true;
        }
    }
}
