using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What one published line gives away: a pooled correlation with its confidence interval, the number of samples and that of people. On the scale of Fisher's z the interval says the standard error,
/// SE = (z_upper - z_lower)/(2·z_crit). Did all samples have one true correlation, it would be 1/√(N - 3k). What is left belongs to differences between true correlations: the variance of a random-effects mean of
/// k equally large samples is (v + τ²)/k with v = k/(N - 3k), so τ² = k·SE² - v, and not below 0. The prediction interval is z ± z_crit·√(SE² + τ²), back in r.
/// </summary>
/// <remarks>
/// $$\mathrm{SE} = \frac{z_U - z_L}{2z_{1 - \alpha/2}}, \qquad v = \frac{k}{N - 3k}, \qquad \hat\tau^2 = \max(0, k\,\mathrm{SE}^2 - v)$$
/// $$\tanh\!\left(\bar z \pm z_{1 - \alpha/2}\sqrt{\mathrm{SE}^2 + \hat\tau^2}\right)$$
/// the last the prediction interval.
/// Assumed: the interval is one of the normal distribution, made on the scale of z; one effect a sample; samples of equal size. Unequal ones, an interval of Hartung-Knapp or from a multilevel model, and limits
/// rounded to two decimals (<see cref="TauRange"/>) all move τ. So the results are an order of magnitude, to check a publication or to plan by, and no substitute for what a review reports. Source of the two
/// variances: Borenstein, Hedges, Higgins &amp; Rothstein (2009), Introduction to Meta-Analysis, chapters 6, 11 and 12; the rest is algebra.
/// </remarks>
/// <example><code>
/// PublishedLine line = PublishedLine.Read(0.28, lower: 0.23, upper: 0.33, samples: 82, people: 6138);
/// Console.WriteLine(line);
/// Console.WriteLine($"tau = {line.Tau:F2}, from {line.TauRange.Lower:F2} to {line.TauRange.Upper:F2} by rounding alone");
/// </code></example>
public sealed record PublishedLine
{
    private PublishedLine()
    {
    }

    /// <summary>The pooled correlation as published.</summary>
    public required double Correlation { get; init; }

    /// <summary>Its interval as published, in r.</summary>
    public required ConfidenceInterval Interval { get; init; }

    /// <summary>The number of samples, k.</summary>
    public required int Samples { get; init; }

    /// <summary>The number of people in all, N.</summary>
    public required int People { get; init; }

    /// <summary>The standard error of the pooled value that the interval implies, on the scale of Fisher's z.</summary>
    public required double StandardError { get; init; }

    /// <summary>The interval, in r, that there would be if all samples had one true correlation.</summary>
    public required ConfidenceInterval EqualEffectsInterval { get; init; }

    /// <summary>How many times as wide the published interval is, on the scale of Fisher's z.</summary>
    public required double WidthRatio { get; init; }

    /// <summary>The sampling variance of one sample of average size, v = k/(N - 3k), on the scale of Fisher's z.</summary>
    public required double SamplingVariance { get; init; }

    /// <summary>The variance of the true correlations that the interval implies, τ², on the scale of Fisher's z; 0 where the interval is no wider than sampling error makes it.</summary>
    public required double TauSquared { get; init; }

    /// <summary>Their standard deviation τ, on the scale of Fisher's z.</summary>
    public double Tau => Math.Sqrt(TauSquared);

    /// <summary>The values of τ that would round to the published limits; its level is that of the interval and says nothing here.</summary>
    public required ConfidenceInterval TauRange { get; init; }

    /// <summary>The share I² = τ²/(τ² + v) of the variance between the samples' correlations that is not sampling error, as a fraction.</summary>
    public double ISquared => TauSquared / (TauSquared + SamplingVariance);

    /// <summary>Where the true correlation of one more sample would lie, in r.</summary>
    public required ConfidenceInterval PredictionInterval { get; init; }

    /// <summary>What a careful reader should know of these numbers.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>Reads a line.</summary>
    /// <param name="r">The pooled correlation, in (-1, 1).</param>
    /// <param name="lower">The lower limit of its confidence interval.</param>
    /// <param name="upper">The upper limit.</param>
    /// <param name="samples">How many independent samples were pooled, two at least.</param>
    /// <param name="people">How many people they had in all, more than three for each sample.</param>
    /// <param name="level">The level of the interval.</param>
    /// <param name="decimals">With how many decimals the limits were printed, 1 to 6.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    /// <exception cref="ArgumentException">The correlation does not lie between its limits.</exception>
    public static PublishedLine Read(double r, double lower, double upper, int samples, int people, double level = 0.95, int decimals = 2)
    {
        var z = Correlations.ToFisherZ(r);
        var (from, to) = (Correlations.ToFisherZ(lower), Correlations.ToFisherZ(upper));
        if (!(lower < r && r < upper))
            throw ArgumentFault.Together(string.Create(CultureInfo.InvariantCulture, $"The correlation {r} has to lie between its limits, which are {lower} and {upper}."));
        if (samples < 2) throw ArgumentFault.OutOfRange(nameof(samples), samples, "A pooled value comes from at least two samples.");
        if (people <= 3.0 * samples) throw ArgumentFault.OutOfRange(nameof(people), people, "There have to be more than three people for each sample.");
        if (decimals is < 1 or > 6) throw ArgumentFault.OutOfRange(nameof(decimals), decimals, "Limits are printed with 1 to 6 decimals.");

        var critical = Distributions.NormalQuantile(Level.UpperTail(level));
        var v = samples / (people - 3.0 * samples);
        var equal = Math.Sqrt(v / samples);
        var half = 0.5 * Math.Pow(10, -decimals);
        double Tau2(double width) => Math.Max(0, samples * Math.Pow(width / (2 * critical), 2) - v);
        double Narrowest() => Math.Max(0, Math.Atanh(upper - half) - Math.Atanh(lower + half));
        double Widest() => Math.Atanh(Math.Min(upper + half, 1 - 1e-12)) - Math.Atanh(Math.Max(lower - half, -1 + 1e-12));
        var error = (to - from) / (2 * critical);
        var tau2 = Tau2(to - from);
        ConfidenceInterval Around(double standardError) => new ConfidenceInterval(z - critical * standardError, z + critical * standardError, level).Transform(Math.Tanh);

        var warnings = ImmutableArray.CreateBuilder<string>();
        if (tau2 == 0) warnings.Add("The interval is no wider than sampling error alone makes it: it says nothing of differences between true correlations, and a model without them may have been used.");
        if (Math.Abs((from + to) / 2 - z) > 1.5 * half / (1 - r * r) + 0.02 * (to - from))
            warnings.Add("The correlation does not lie in the middle of its limits on the scale of Fisher's z: the interval was made otherwise, or a number is misprinted.");
        return new PublishedLine
        {
            Correlation = r, Interval = new ConfidenceInterval(lower, upper, level), Samples = samples, People = people, StandardError = error, EqualEffectsInterval = Around(equal), WidthRatio = error / equal,
            SamplingVariance = v, TauSquared = tau2, TauRange = new ConfidenceInterval(Math.Sqrt(Tau2(Narrowest())), Math.Sqrt(Tau2(Widest())), level),
            PredictionInterval = Around(Math.Sqrt(error * error + tau2)), Warnings = warnings.ToImmutable(),
        };
    }

    /// <summary>One line for each thing that it gives away.</summary>
    public override string ToString()
    {
        static string R(double value) => EffectMeasure.Correlation.Format(value);
        static string Limits(ConfidenceInterval interval) => $"[{R(interval.Lower)}, {R(interval.Upper)}]";
        var level = StatisticText.Level(Interval.Level);
        string[] lines =
        [
            $"Published: r = {R(Correlation)}, {level} CI {Limits(Interval)}, {StatisticText.Count(Samples)} samples, {StatisticText.Count(People)} people",
            $"Standard error of the mean, in Fisher's z: {StatisticText.Number(StandardError, 4)}",
            $"Interval if all samples had one true correlation: [{StatisticText.Number(EqualEffectsInterval.Lower, 3, leadingZero: false)}, {StatisticText.Number(EqualEffectsInterval.Upper, 3, leadingZero: false)}]; the published one is {StatisticText.Number(WidthRatio, 1)} times as wide",
            $"Standard deviation of the true correlations, in Fisher's z: {StatisticText.Number(Tau)} ({StatisticText.Number(TauRange.Lower)} to {StatisticText.Number(TauRange.Upper)}, since the limits are rounded)",
            $"Share of the variance between the samples' correlations that is not sampling error: {StatisticText.Percent(ISquared, 0)}",
            $"{level} prediction interval, where the true correlation of one more sample would lie: {Limits(PredictionInterval)}",
            "Reconstructed, as if all samples were equally large: an order of magnitude.",
            .. Warnings,
        ];
        return string.Join('\n', lines);
    }
}
