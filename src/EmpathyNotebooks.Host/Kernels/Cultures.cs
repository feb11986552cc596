using System.Globalization;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>Whether this process knows any culture but the invariant one, in which cells run.</summary>
internal static class Cultures
{
    /// <summary>By which .NET is told, or tells others, to do without the cultures of the system.</summary>
    public const string Variable = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT";

    /// <summary>What to say of a culture that is not there; null where cultures are, and it is only that one that is not.</summary>
    public static string? WhyNone => AreKnown ? null
        : $"This process runs without the cultures of the system. Install ICU (on Debian and Ubuntu the package libicu) and unset {Variable}; "
            + "for numbers with a decimal comma, StudyTable.Read needs no culture.";

    /// <summary>Whether there is a culture with a decimal comma.</summary>
    public static bool AreKnown { get; } = Find();

    private static bool Find()
    {
        try
        {
            return CultureInfo.GetCultureInfo("de-DE").NumberFormat.NumberDecimalSeparator == ",";
        }
        catch (CultureNotFoundException)
        {
            return false;
        }
    }
}
