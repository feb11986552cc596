using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>The summary result of a published review, exactly as it was printed. What the source does not say is
/// null.</summary>
public sealed record PublishedFinding
{
    /// <summary>The review in short: <c>Elliott et al. (2018)</c>.</summary>
    public required string Review { get; init; }

    /// <summary>The year of publication.</summary>
    public required int Year { get; init; }

    /// <summary>What was related to the outcome of psychotherapy: therapist empathy, alliance, treatment differences.</summary>
    public required string Predictor { get; init; }

    /// <summary>The statistic: <c>r</c>, or <c>mean |d|</c>.</summary>
    public required string Statistic { get; init; }

    /// <summary>Its value.</summary>
    public required double Estimate { get; init; }

    /// <summary>The lower limit of its 95% confidence interval.</summary>
    public double? Lower { get; init; }

    /// <summary>The upper limit of its 95% confidence interval.</summary>
    public double? Upper { get; init; }

    /// <summary>The standardized mean difference d that the review itself gives as equivalent.</summary>
    public double? CohensD { get; init; }

    /// <summary>How many samples, studies or meta-analyses were pooled; <see cref="Unit"/> says which.</summary>
    public int? Samples { get; init; }

    /// <summary>What <see cref="Samples"/> counts, in the review's words: <c>independent samples</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>How many people there were in all.</summary>
    public int? Participants { get; init; }

    /// <summary>The full reference.</summary>
    public required string Citation { get; init; }

    /// <summary>The DOI, without address.</summary>
    public string? Doi { get; init; }

    /// <summary>What the number is, in a few words.</summary>
    public string? Note { get; init; }

    /// <summary>The 95% confidence interval, where the review gives one.</summary>
    public ConfidenceInterval? Interval => Lower is { } lower && Upper is { } upper ? new ConfidenceInterval(lower, upper, 0.95) : null;

    /// <summary>The 95% confidence interval of a review that is known to give one.</summary>
    /// <exception cref="InvalidOperationException">The review gives none; see <see cref="Interval"/>.</exception>
    public ConfidenceInterval ReportedInterval => Interval ?? throw new InvalidOperationException($"{Review} gives no confidence interval of {Statistic}.");

    /// <summary>The DOI as a web address.</summary>
    public string? Link => Doi is null ? null : "https://doi.org/" + Doi;

    /// <summary>The provenance of anything made from this number.</summary>
    public DataOrigin Origin => new(DataKind.Published, Review, Link is null ? Citation : $"{Citation} {Link}");

    /// <summary>What this line gives away of the differences between its samples.</summary>
    /// <exception cref="InvalidOperationException">The review gives no correlation, or not its interval, samples and people.</exception>
    public PublishedLine Reconstruct() => Statistic == "r" && Interval is { } interval && Samples is { } samples && Participants is { } people
        ? PublishedLine.Read(Estimate, interval.Lower, interval.Upper, samples, people, decimals: Decimals)
        : throw new InvalidOperationException($"{Review} does not give a correlation with its interval, the number of samples and the number of people, which a reconstruction needs.");

    /// <summary>One line, for example <c>Elliott et al. (2018), therapist empathy: r = .28, 95% CI [.23, .33], 82 independent
    /// samples, N = 6,138</c>.</summary>
    public override string ToString()
    {
        // Published numbers keep the digits they were printed with: .278 is not .28.
        var text = $"{Review}, {Predictor}: {Statistic} = {Print(Estimate)}";
        if (Interval is { } interval) text += $", 95% CI [{Print(interval.Lower)}, {Print(interval.Upper)}]";
        if (Samples is { } samples) text += $", {StatisticText.Count(samples)} {Unit}";
        return Participants is { } people ? text + $", N = {StatisticText.Count(people)}" : text;
    }

    /// <summary>Prints the estimate of this review or a limit of its interval with as many decimals as the review gives: .28, .278 for a correlation, 0.20 for what can exceed 1.</summary>
    /// <param name="value">The estimate or a limit of its interval.</param>
    public string Print(double value) => StatisticText.Number(value, Decimals, leadingZero: Statistic != "r");

    /// <summary>Prints a standardized mean difference of this review with as many decimals as its estimate: 0.58, 0.579.</summary>
    /// <param name="d">The difference, in standard deviations.</param>
    public string PrintDifference(double d) => StatisticText.Number(d, Decimals);

    private int Decimals => new[] { Estimate, Lower ?? 0, Upper ?? 0 }.Any(x => Math.Abs(x * 100 - Math.Round(x * 100)) > 1e-9) ? 3 : 2;
}
