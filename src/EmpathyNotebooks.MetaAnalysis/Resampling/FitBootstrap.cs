using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One number of a fit with its bootstrap.</summary>
public sealed class BootstrappedStatistic
{
    private readonly double[] _replicates;

    internal BootstrappedStatistic(string name, double estimate, double[] replicates) => (Name, Estimate, _replicates) = (name, estimate, replicates);

    /// <summary>What it is.</summary>
    public string Name { get; }

    /// <summary>In the fit.</summary>
    public double Estimate { get; }

    /// <summary>The mean of the replicates less the estimate.</summary>
    public double Bias => _replicates.Sum(t => t - Estimate) / _replicates.Length;

    /// <summary>The standard deviation of the replicates, with R - 1.</summary>
    public double StandardError
    {
        get
        {
            double mean = Bias, squares = 0;
            foreach (var t in _replicates) squares += (t - Estimate - mean) * (t - Estimate - mean);
            return _replicates.Length > 1 ? Math.Sqrt(squares / (_replicates.Length - 1)) : 0;
        }
    }

    /// <summary>The replicates that were determined, from the smallest to the largest.</summary>
    public ImmutableArray<double> Replicates => ImmutableCollectionsMarshal.AsImmutableArray(_replicates);

    /// <summary>The interval asked for; the percentile one where that is not defined, which the warnings say.</summary>
    public ConfidenceInterval Interval => IntervalKind switch
    {
        BootstrapIntervalKind.BiasCorrectedAccelerated => BiasCorrectedAccelerated!.Value,
        BootstrapIntervalKind.Basic => Basic,
        BootstrapIntervalKind.Studentised => Studentised!.Value,
        _ => Percentile,
    };

    /// <summary>Which it is.</summary>
    public required BootstrapIntervalKind IntervalKind { get; init; }

    /// <summary>The percentile interval.</summary>
    public required ConfidenceInterval Percentile { get; init; }

    /// <summary>The basic interval.</summary>
    public required ConfidenceInterval Basic { get; init; }

    /// <summary>The BCa interval; null where it is not defined: no replicate lies below the estimate, or none above, or leaving out a study leaves the model undetermined.</summary>
    public required ConfidenceInterval? BiasCorrectedAccelerated { get; init; }

    /// <summary>The studentised interval; null where the statistic has no standard error, or fewer than nine in ten replicates have one.</summary>
    public required ConfidenceInterval? Studentised { get; init; }

    /// <summary>z₀ of the BCa interval; null where it is infinite.</summary>
    public required double? BiasCorrection { get; init; }

    /// <summary>Its acceleration a, from the jackknife; null where that is not determined.</summary>
    public required double? Acceleration { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {StatisticText.Significant(Estimate)} {Interval}";
}

/// <summary>A bootstrap of a fit.</summary>
public sealed class FitBootstrap
{
    internal FitBootstrap(IModelFit fit) => Fit = fit;

    /// <summary>The fit to the data.</summary>
    public IModelFit Fit { get; }

    /// <summary>How replicates were made.</summary>
    public required BootstrapKind Kind { get; init; }

    /// <summary>The interval asked for.</summary>
    public required BootstrapIntervalKind IntervalKind { get; init; }

    /// <summary>What was drawn: "studies", "clusters of sample", "effects from the fitted model", "standardised residuals".</summary>
    public required string Drawn { get; init; }

    /// <summary>How many replicates were made, those that failed among them.</summary>
    public required int Replicates { get; init; }

    /// <summary>How many of them do not determine the model, and were left out.</summary>
    public required int Failed { get; init; }

    /// <summary>The numbers, in the order in which they were asked for.</summary>
    public required ImmutableArray<BootstrappedStatistic> Statistics { get; init; }

    /// <summary>What speaks against relying on the intervals.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>The number of that name.</summary>
    /// <param name="name">For example <c>Intercept</c>, <c>τ²</c> or <c>I²</c>.</param>
    /// <exception cref="StudyDataException">There is no such number; the message suggests the nearest.</exception>
    public BootstrappedStatistic this[string name] => Statistics.FirstOrDefault(s => s.Name == name)
        ?? throw new StudyDataException("is none of the statistics: " + NearestName.Hint(name, Statistics.Select(s => s.Name)), name, kind: StudyDataFault.NoSuchName) { Choices = [.. Statistics.Select(s => s.Name)] };

    /// <inheritdoc/>
    public override string ToString() => $"{string.Join("; ", Statistics)} ({NameOf(IntervalKind)} of {StatisticText.Count(Replicates - Failed)} replicates of {Drawn})";

    /// <summary>An interval as papers name it: BCa, percentile, basic, studentised.</summary>
    /// <param name="kind">The interval.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such interval.</exception>
    public static string NameOf(BootstrapIntervalKind kind) => kind switch
    {
        BootstrapIntervalKind.BiasCorrectedAccelerated => "BCa",
        BootstrapIntervalKind.Percentile => "percentile",
        BootstrapIntervalKind.Basic => "basic",
        BootstrapIntervalKind.Studentised => "studentised",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such bootstrap interval."),
    };
}
