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
        Line(["specification", "part", .. choices.Select(c => Columns.Contains(c.Name) || c.Name is "specification" or "part" ? $"choice: {c.Name}" : c.Name), .. Columns], isText: _ => true);
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
            string[] cells =
            [
                (n + 1).ToString(CultureInfo.InvariantCulture), part, .. result.OptionsOf(n).Select(o => o.Value), .. numbers, outcome.Reason is null ? "specification" : Status(outcome.Kind), outcome.Reason ?? "",
            ];
            var firstNumber = 2 + choices.Length;
            Line(cells, at => at != 0 && (at < firstNumber || at >= firstNumber + 7) && (at < firstNumber + 8 || at > firstNumber + 10));
        }

        void Line(IReadOnlyList<string> cells, Func<int, bool> isText)
        {
            for (var i = 0; i < cells.Count; i++)
            {
                if (i > 0) writer.Write(',');
                writer.Write(isText(i) ? Cell(cells[i]) : cells[i]);
            }
            writer.Write('\n');
        }
    }

    private static string Status(ImpossibilityKind kind) => kind switch
    {
        ImpossibilityKind.Contradiction => "impossible",
        ImpossibilityKind.Data => "not determined",
        _ => "same as another",
    };

    private static string Number(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";

    /// <summary>A text as a cell. A spreadsheet would compute what begins like a formula; an apostrophe makes it a text.</summary>
    private static string Cell(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r') text = "'" + text;
        return text.AsSpan().IndexOfAny(",;\t\"\r\n") >= 0 ? "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : text;
    }
}
