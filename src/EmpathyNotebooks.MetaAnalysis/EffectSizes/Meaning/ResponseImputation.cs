namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>On which side of a cut-off a score is a response.</summary>
/// <example><code>
/// Console.WriteLine(ResponseImputation.FromMean(12, 6, 50, cutoff: 10, ResponseSide.Below).Rate);
/// </code></example>
public enum ResponseSide
{
    /// <summary>Scores above the cut-off, as of well-being.</summary>
    Above,

    /// <summary>Scores below the cut-off, as of symptoms.</summary>
    Below,
}

/// <summary>The response rate of a group that reports means only.</summary>
/// <param name="Rate">The share of responders, as a fraction.</param>
/// <param name="SampleSize">The people in the group.</param>
/// <example><code>
/// ImputedResponse treated = ResponseImputation.FromMean(mean: 11.2, sd: 7.5, n: 60, cutoff: 12.5, ResponseSide.Below);
/// Console.WriteLine($"{treated.Responders:F0} of {treated.SampleSize}");
/// </code></example>
public readonly record struct ImputedResponse(double Rate, double SampleSize)
{
    /// <summary>The people expected to respond, not rounded.</summary>
    public double Responders => Rate * SampleSize;

    /// <summary>Those expected not to.</summary>
    public double Others => (1 - Rate) * SampleSize;
}

/// <summary>
/// Response rates from means and standard deviations: Φ((mean - cut-off)/SD) of normal scores lie above a cut-off. Source: Furukawa, Cipriani, Barbui, Brambilla &amp; Watanabe (2005), International Clinical
/// Psychopharmacology 20, 49-52. When not to use it: for skewed scores, as those of symptoms that many have lost; for a response by change, with standard deviations of end-point scores and a baseline that
/// differs between people; and beside reported rates, which are better.
/// </summary>
/// <remarks>
/// $$p = \Phi\!\left(\frac{m - c}{s}\right)$$
/// for scores above a cut-off $c$.
/// </remarks>
/// <example><code>
/// var (treated, waiting) = (ResponseImputation.FromMean(11.2, 7.5, 60, 12.5, ResponseSide.Below), ResponseImputation.FromMean(18.4, 8.0, 58, 12.5, ResponseSide.Below));
/// Console.WriteLine(EffectMeaning.OfRiskDifference(treated.Rate - waiting.Rate)[MeaningKind.NumberNeeded]);
/// </code></example>
public static class ResponseImputation
{
    /// <summary>The response rate of a group.</summary>
    /// <param name="mean">The mean at the end.</param>
    /// <param name="sd">The standard deviation at the end, positive.</param>
    /// <param name="n">The people in the group, at least 1.</param>
    /// <param name="cutoff">The score from which on people count as responders; for a fall by half of the baseline mean half of it.</param>
    /// <param name="side">On which side of it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or there is no such side.</exception>
    public static ImputedResponse FromMean(double mean, double sd, double n, double cutoff, ResponseSide side)
    {
        if (!Enum.IsDefined(side)) throw Check.Unknown(side, nameof(side));
        var z = (Check.Finite(mean, nameof(mean)) - Check.Finite(cutoff, nameof(cutoff))) / Check.Positive(sd, nameof(sd));
        return new ImputedResponse(NormalCurve.Probability(side == ResponseSide.Above ? z : -z), Check.Size(n, 1, nameof(n), "a group has people"));
    }
}
