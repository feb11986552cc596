using System.Globalization;

namespace EmpathyNotebooks.Tests;

/// <summary>Cultures that write numbers, dates and capitals in other ways than the invariant one. Output must not depend on them.</summary>
internal static class ForeignCultures
{
    /// <summary>German, Turkish and Arabic, as far as the system knows them, and one that differs in all that can be set.</summary>
    public static IEnumerable<CultureInfo> All => [.. ((string[])["de-DE", "tr-TR", "ar-SA"]).Select(Known).OfType<CultureInfo>(), Worst];

    /// <summary>Decimal commas, points between thousands, another sign of minus, of percent, of infinity and of no number.</summary>
    public static CultureInfo Worst { get; } = MakeWorst();

    /// <summary>Does something in a culture, and all that it starts.</summary>
    public static T In<T>(CultureInfo culture, Func<T> act)
    {
        var (before, beforeUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
        try
        {
            return act();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, beforeUi);
        }
    }

    private static CultureInfo? Known(string name)
    {
        try
        {
            var culture = CultureInfo.GetCultureInfo(name);
            // A system without data of cultures makes one of every name, which is the invariant one.
            return culture.NumberFormat.NumberDecimalSeparator == "." && culture.NumberFormat.NegativeSign == "-" ? null : culture;
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }

    private static CultureInfo MakeWorst()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var numbers = culture.NumberFormat;
        (numbers.NumberDecimalSeparator, numbers.NumberGroupSeparator, numbers.PercentDecimalSeparator, numbers.PercentGroupSeparator, numbers.CurrencyDecimalSeparator, numbers.CurrencyGroupSeparator) = (",", ".", ",", ".", ",", ".");
        (numbers.NegativeSign, numbers.PositiveSign, numbers.PercentSymbol, numbers.NaNSymbol, numbers.PositiveInfinitySymbol, numbers.NegativeInfinitySymbol) = ("\u061C\u2212", "\u061C+", "\u066A", "keine", "unendlich", "\u2212unendlich");
        culture.DateTimeFormat.ShortDatePattern = "dd.MM.yyyy";
        culture.TextInfo.ListSeparator = ";";
        return culture;
    }
}
