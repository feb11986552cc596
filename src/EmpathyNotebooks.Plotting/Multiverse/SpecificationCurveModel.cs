using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a specification curve.</summary>
public sealed record SpecificationCurveOptions : PlotOptions
{
    /// <summary>The test of the same part, for the band in which curves lie if there is no effect; none if not said.</summary>
    public MultiverseTest? Test { get; init; }

    /// <summary>Up to so many specifications each is drawn; of more every n-th, evenly along the curve, with both ends. 1,000 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 10 or above 5,000.</exception>
    public int MostSpecifications
    {
        get;
        init => field = value is >= 10 and <= 5_000 ? value : throw new ArgumentOutOfRangeException(nameof(MostSpecifications), value, "From 10 to 5,000 specifications are drawn.");
    } = 1_000;

    /// <summary>Up to so many options of a choice have a row each; of more, those beyond share one. 12 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 2 or above 40.</exception>
    public int MostOptions
    {
        get;
        init => field = value is >= 2 and <= 40 ? value : throw new ArgumentOutOfRangeException(nameof(MostOptions), value, "From 2 to 40 options have a row.");
    } = 12;
}

/// <summary>A specification on the curve.</summary>
/// <param name="Place">Its place, from 1 for the smallest estimate.</param>
/// <param name="Estimate">Its estimate, on the scale that specifications are compared by.</param>
/// <param name="Lower">The lower end of its interval; null where it has none.</param>
/// <param name="Upper">The upper end.</param>
/// <param name="PValue">Two-sided; null where the method has none.</param>
/// <param name="Count">How many effects it rests on.</param>
/// <param name="IsSignificant">True where it differs from no effect.</param>
/// <param name="Options">Its options by the names of the choices.</param>
public sealed record CurveSpecification(int Place, double Estimate, double? Lower, double? Upper, double? PValue, int Count, bool IsSignificant, ImmutableArray<KeyValuePair<string, string>> Options);

/// <summary>A row of the dashboard: an option, and the stretches of the curve that have it.</summary>
/// <param name="Choice">The choice.</param>
/// <param name="Option">The option; of the options beyond those with a row of their own, how many there are.</param>
/// <param name="Stretches">From the first to the last place of each stretch.</param>
public sealed record DashboardRow(string Choice, string Option, ImmutableArray<(int From, int To)> Stretches);

/// <summary>A specification curve as plain numbers and texts.</summary>
public sealed record SpecificationCurveModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>True where values stand on the scale shown, false where on the one that is pooled.</summary>
    public required bool IsOnShownScale { get; init; }

    /// <summary>The specifications drawn, from the smallest estimate to the largest.</summary>
    public required ImmutableArray<CurveSpecification> Specifications { get; init; }

    /// <summary>How many there are, drawn or not.</summary>
    public required int Count { get; init; }

    /// <summary>Places along the curve.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Estimates.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The choices below the curve, an option a row.</summary>
    public required ImmutableArray<DashboardRow> Rows { get; init; }

    /// <summary>The median; null for specifications that may not be averaged over.</summary>
    public required double? Median { get; init; }

    /// <summary>The value of no effect; null where the measure has none.</summary>
    public required double? NullValue { get; init; }

    /// <summary>Where 95% of curves lie if there is no effect, at the places drawn; empty where that was not asked.</summary>
    public required ImmutableArray<ConfidenceInterval> Band { get; init; }
}
