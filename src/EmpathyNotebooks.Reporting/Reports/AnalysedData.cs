using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The effects or counts as they were analysed, as a table for readers and as a file for programs.</summary>
internal static class AnalysedData
{
    private const int MostRows = 500;

    public static Table Table(Inquiry inquiry, DataOrigin origin) => (inquiry.Fit is { } fit ? Effects(fit) : Counts(inquiry.Counts!)).DataLabel(origin);

    private static Table Effects(IModelFit fit)
    {
        var (effects, measure, weights) = (fit.Effects, fit.Measure, fit.Weights);
        var table = new Table("Effects as analysed",
            [("", Align.Left), .. fit.Clusters is { } c ? [(c.Column, Align.Left)] : ((string, Align)[])[], .. effects.HasSampleSizes ? [("n", Align.Right)] : ((string, Align)[])[], (measure.Symbol, Align.Right), ($"{StatisticText.Level(fit.ConfidenceLevel)} CI", Align.Right), ("weight", Align.Right)]).Names(fit.Clusters is null ? [0] : [0, 1]);
        for (var i = 0; i < Math.Min(MostRows, effects.Count); i++)
        {
            var effect = effects.EffectOf(i);
            var own = effect.Variance > 0 ? Numbers.Interval(effect.Interval(fit.ConfidenceLevel).Transform(measure.ToDisplay), measure) : Numbers.None;
            table.Row([effects.Labels[i], .. fit.Clusters is { } clusters ? [clusters.Names[clusters.Groups[i]]] : (string[])[], .. effects.HasSampleSizes ? [StatisticText.Count(effects.SampleSizes[i])] : (string[])[],
                measure.Format(effect.DisplayValue, 3), own, StatisticText.Percent(weights[i])]);
        }
        return table.Note(effects.Count > MostRows ? $"The first {StatisticText.Count(MostRows)} of {StatisticText.Count(effects.Count)}; data.csv has all." : "");
    }

    private static Table Counts(TwoByTwoFit counts)
    {
        var (measure, labels) = (counts.Measure, counts.Labels.ToArray());
        string[] heads = counts.Rates.IsEmpty ? ["events 1", "others 1", "events 2", "others 2"] : ["events 1", "time 1", "events 2", "time 2"];
        var table = new Table("Counts as analysed", [("", Align.Left), .. heads.Select(h => (h, Align.Right)), (measure.Symbol, Align.Right), ("weight", Align.Right)]).Names(0);
        for (var i = 0; i < Math.Min(MostRows, labels.Length); i++)
        {
            table.Row([labels[i], .. CellsOf(counts, i).Select(v => v.ToString(CultureInfo.InvariantCulture)), counts.TableEffects[i] is { } effect ? measure.Format(measure.ToDisplay(effect.Value), 3) : Numbers.None, StatisticText.Percent(counts.Weights[i])]);
        }
        return table.Note(counts.Rates.IsEmpty ? "People with and without the event in the first group and in the second." : "").Note(labels.Length > MostRows ? $"The first {StatisticText.Count(MostRows)} of {StatisticText.Count(labels.Length)}; data.csv has all." : "");
    }

    private static double[] CellsOf(TwoByTwoFit counts, int i) => counts.Rates.IsEmpty
        ? [counts.Tables[i].Table.A, counts.Tables[i].Table.B, counts.Tables[i].Table.C, counts.Tables[i].Table.D]
        : [counts.Rates[i].Events1, counts.Rates[i].Time1, counts.Rates[i].Events2, counts.Rates[i].Time2];

    /// <summary>A table of commas with all digits (RFC 4180). A text that a spreadsheet would take for a formula has an apostrophe before it; numbers stay numbers.</summary>
    public static string Csv(Inquiry inquiry)
    {
        using var csv = new StringWriter();
        if (inquiry.Fit is { } fit)
        {
            var (effects, weights) = (fit.Effects, fit.Weights);
            // Whoever opens the file by itself sees what kind of numbers these are.
            string[] kind = effects.Origin.IsSimulated ? ["simulated"] : [];
            string[] own = ["label", "yi", "vi", .. effects.HasSampleSizes ? ["n"] : (string[])[], "weight", .. kind.Select(_ => "origin")];
            Line(csv, [.. own, .. effects.Columns.Select(c => own.Contains(c.Name) ? c.Name + "_" : c.Name)]);
            for (var i = 0; i < effects.Count; i++)
            {
                var row = i;
                Line(csv, [effects.Labels[i], Digits(effects.Effects[i]), Digits(effects.Variances[i]), .. effects.HasSampleSizes ? [Digits(effects.SampleSizes[i])] : (string[])[], Digits(weights[i]), .. kind, .. effects.Columns.Select(c => c.IsNumeric ? c.Number(row) is { } number ? Digits(number) : "" : c.Text(row) ?? "")]);
            }
            return csv.ToString();
        }
        var counts = inquiry.Counts!;
        Line(csv, ["label", .. counts.Rates.IsEmpty ? ["ai", "bi", "ci", "di"] : (string[])["x1i", "t1i", "x2i", "t2i"], "yi", "vi", "weight"]);
        var labels = counts.Labels.ToArray();
        for (var i = 0; i < labels.Length; i++)
        {
            Line(csv, [labels[i], .. CellsOf(counts, i).Select(Digits), counts.TableEffects[i] is { } y ? Digits(y.Value) : "", counts.TableEffects[i] is { } v ? Digits(v.Variance) : "", Digits(counts.Weights[i])]);
        }
        return csv.ToString();
    }

    private static void Line(StringWriter csv, IEnumerable<string> cells) => CsvForm.Line(csv, cells.Select(Cell));

    private static string Digits(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Control characters that no table has go as they do in every form; line ends stay within quotes.</summary>
    private static string Cell(string text) => CsvForm.Inert(PlainCharacters.Lines(text));
}
