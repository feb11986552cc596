using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>An effect as so many of 100, in a picture that can be told without statistics; null for measures that have none.</summary>
/// <param name="Picture">What is counted, with a place for the number: "of 100 pairs of people ... {0}".</param>
/// <param name="Chance">The number that means no effect.</param>
/// <param name="Of">The number of a value on the scale that a reader knows.</param>
internal sealed record Per100(Func<string, string> Picture, double Chance, Func<double, double> Of)
{
    /// <summary>Half of the people are taken to have the event without treatment, where nothing better is said.</summary>
    private const double Half = 0.5;

    public static Per100? For(EffectMeasure measure, double? baseRate)
    {
        var rate = baseRate ?? Half;
        var before = $"if {Whole(100 * rate)} of 100 people in the comparison group {(baseRate is null ? "had" : "have")} the outcome that was counted, about ";
        return measure.Code switch
        {
            "ZCOR" or "COR" or "UCOR" or "RPB" or "RBIS" or "RTET" or "PHI" => new(n => $"of 100 pairs of people, the one who is higher on the first of the two things measured would be higher on the second as well in about {n} pairs", 50,
                r => 50 + 100 * Math.Asin(Math.Clamp(r, -1, 1)) / Math.PI),
            "SMD" or "SMDH" or "SMD1" or "SMD1H" or "OR2DN" or "OR2DL" or "PBIT" => new(n => $"of 100 pairs made of one person of each group, the one of the first group would have the higher value in about {n} pairs", 50,
                d => 100 * EffectMeaning.OfDifference(d)[MeaningKind.CommonLanguage]!.Value),
            "OR" or "PETO" or "D2ORN" or "D2ORL" => new(n => $"{before}{n} of 100 in the other group would have it", 100 * rate, odds => 100 * odds * rate / (1 - rate + odds * rate)),
            "RR" when baseRate is not null => new(n => $"{before}{n} of 100 in the other group would have it", 100 * rate, ratio => Math.Min(100, 100 * ratio * rate)),
            "PR" or "PLN" or "PLO" or "PAS" or "PFT" => new(n => $"about {n} of 100 had the outcome that was counted", double.NaN, p => 100 * p),
            _ => null,
        };
    }

    /// <summary>A whole number, or with one digit where whole numbers would hide that it is not chance.</summary>
    public string Text(double shown)
    {
        var value = Of(shown);
        return Math.Abs(value - Chance) is > 0.05 and < 0.5 || value is > 0 and < 1 or > 99 and < 100 ? StatisticText.Number(value, 1) : Whole(value);
    }

    public static string Whole(double value) => StatisticText.Number(value, 0);
}
