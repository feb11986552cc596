namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A number that a simulation found, with how far chance may have moved it.</summary>
/// <param name="Value">The number.</param>
/// <param name="StandardError">Its Monte Carlo standard error.</param>
/// <example><code>
/// var coverage = new MonteCarloEstimate(0.94, 0.0024);
/// Console.WriteLine($"{coverage}"); // 0.94 (0.0024)
/// </code></example>
public readonly record struct MonteCarloEstimate(double Value, double StandardError)
{
    /// <summary>The number with its standard error.</summary>
    public override string ToString() => $"{StatisticText.Significant(Value)} ({StatisticText.Significant(StandardError, 2)})";
}

/// <summary>
/// How a method did in a cell. Formulas and Monte Carlo standard errors are those of Morris, White &amp; Crowther (2019), Statistics in Medicine 38, 2074-2102, table 6; the mean width has that of a mean. What is not defined is null. Shares are of the
/// replicates in which the method had an answer: <see cref="NoEstimate"/> says how many had none.
/// </summary>
public sealed class SimulationPerformance
{
    private readonly long _n, _intervals, _replicates;

    internal SimulationPerformance(SimulationDesign design, SimulationCell cell, int method, SimulationTally tally)
    {
        (Cell, Method) = (cell, design.Methods[method]);
        ref var sums = ref tally[method];
        (_n, _intervals, _replicates) = (sums.Estimates, sums.Intervals, tally.Replicates);
        Replicates = _replicates;
        NoEstimate = Share(sums.Failed, _replicates) ?? default;
        var scale = SimulatedReplicates.ScaleOf(design, cell);
        if (Method.Target == SimulationTarget.TauSquared) scale *= scale;
        if (Method.Target == SimulationTarget.NewStudy)
        {
            Coverage = Mean(ExactSum.Value(sums.Coverage), ExactSum.Value(sums.Coverage2), _intervals, 1);
        }
        else
        {
            Coverage = Share(sums.Covered, _intervals);
            Rejection = Share(sums.Rejected, _intervals);
            double e1 = ExactSum.Value(sums.Error), e2 = ExactSum.Value(sums.Error2), e4 = ExactSum.Value(sums.Error4);
            Bias = Mean(e1, e2, _n, scale);
            MeanSquaredError = Mean(e2, e4, _n, scale * scale);
            if (Bias is { } bias && _n > 1)
            {
                var spread = bias.StandardError * Math.Sqrt(_n);
                EmpiricalStandardError = new(spread, spread / Math.Sqrt(2.0 * (_n - 1)));
            }
        }
        var endless = sums.Endless;
        Width = Mean(ExactSum.Value(sums.Width), ExactSum.Value(sums.Width2), _intervals - endless, scale);
        Endless = Share(endless, _intervals);
    }

    /// <summary>The situation.</summary>
    public SimulationCell Cell { get; }

    /// <summary>The method.</summary>
    public SimulationMethod Method { get; }

    /// <summary>How many replicates were drawn.</summary>
    public long Replicates { get; }

    /// <summary>The share of intervals that hold the truth; of prediction intervals the mean share of new studies' true effects that they hold.</summary>
    public MonteCarloEstimate? Coverage { get; }

    /// <summary>The mean width of intervals that are not endless.</summary>
    public MonteCarloEstimate? Width { get; }

    /// <summary>The mean of estimate less truth. It is about the mean of all studies, published or not.</summary>
    public MonteCarloEstimate? Bias { get; }

    /// <summary>The standard deviation of estimates.</summary>
    public MonteCarloEstimate? EmpiricalStandardError { get; }

    /// <summary>The mean of the squares of estimate less truth.</summary>
    public MonteCarloEstimate? MeanSquaredError { get; }

    /// <summary>The share of intervals that leave out 0 (of tau² those that begin above it): type I error where the truth is 0, power elsewhere.</summary>
    public MonteCarloEstimate? Rejection { get; }

    /// <summary>The share of replicates without an answer: a search that did not converge, data that do not determine the method, or an estimate a thousand standard deviations away.</summary>
    public MonteCarloEstimate NoEstimate { get; }

    /// <summary>The share of intervals without end, or so wide that they say nothing.</summary>
    public MonteCarloEstimate? Endless { get; }

    private static MonteCarloEstimate? Share(long count, long n)
    {
        if (n == 0) return null;
        var p = count / (double)n;
        return new(p, Math.Sqrt(p * (1 - p) / n));
    }

    // The variance of the values is that of their sums; with one value there is none.
    private static MonteCarloEstimate? Mean(double sum, double squares, long n, double scale)
    {
        if (n < 2) return null;
        var mean = sum / n;
        var variance = Math.Max(0, squares - n * mean * mean) / (n - 1);
        return new(mean * scale, Math.Sqrt(variance / n) * scale);
    }
}
