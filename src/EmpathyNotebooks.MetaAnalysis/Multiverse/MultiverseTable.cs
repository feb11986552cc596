using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Writes every combination of options as a line of CSV.</summary>
internal static class MultiverseTable
{
    private static readonly string[] Columns = ["estimate", "standardError", "lower", "upper", "pValue", "tauSquared", "k", "measure", "shownEstimate", "shownLower", "shownUpper", "status", "reason"];

    public static void Write(MultiverseResult result, TextWriter writer)
    {
        var choices = result.Multiverse.Choices;
        // A choice may have the name of a column.
        Line(["specification", "part", .. choices.Select(c => Columns.Contains(c.Name) || c.Name is "specification" or "part" ? $"choice: {c.Name}" : c.Name), .. Columns]);
        var next = 0;
        for (var n = 0; n < result.Combinations; n++)
        {
            var outcome = result.Outcomes[n];
            var (part, measure) = ("", "");
            string[] numbers = ["", "", "", "", "", "", "", "", "", "", ""];
            if (outcome.Reason is null)
            {
                var one = result.Specifications[next++];
                var (value, of) = (one.Value, result.MeasureOf(one));
                part = result.Parts[one.Part].Name;
                measure = of.Code;
                numbers =
                [
                    Number(value.Estimate), Number(value.StandardError), Number(value.Interval?.Lower), Number(value.Interval?.Upper), Number(value.PValue), Number(value.TauSquared), value.Count.ToString(CultureInfo.InvariantCulture),
                    measure, Number(of.ToDisplay(value.Estimate)), Number(value.Interval is { } low ? of.ToDisplay(low.Lower) : null), Number(value.Interval is { } high ? of.ToDisplay(high.Upper) : null),
                ];
            }
            Line(
            [
                (n + 1).ToString(CultureInfo.InvariantCulture), part, .. result.OptionsOf(n).Select(o => o.Value), .. numbers, outcome.Reason is null ? "specification" : Status(outcome.Kind), outcome.Reason ?? "",
            ]);
        }

        void Line(string[] cells) => CsvForm.Line(writer, cells.Select(CsvForm.Inert));
    }

    private static string Status(ImpossibilityKind kind) => kind switch
    {
        ImpossibilityKind.Contradiction => "impossible",
        ImpossibilityKind.Data => "not determined",
        _ => "same as another",
    };

    private static string Number(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";
}
