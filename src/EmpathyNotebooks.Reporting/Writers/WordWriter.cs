using System.Globalization;
using DocumentFormat.OpenXml;
using EmpathyNotebooks.Plotting;
using W = DocumentFormat.OpenXml.Wordprocessing;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// Writes a document for Word and LibreOffice (Office Open XML, ISO/IEC 29500): headings and captions as styles, tables with the three rules of APA style whose heads are repeated on each page and whose rows are
/// not torn, figures as pictures at 300 pixels an inch with their finding as alternative text. No date, name or machine stands in it: the same document gives the same bytes.
/// </summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ));
/// byte[] docx = WordWriter.Write(new Document([new Heading(1, "Results"), Answers.Say(fit), new FigureBlock(ForestPlot.Create(fit))]) { Title = "Three studies" });
/// </code></example>
public static class WordWriter
{
    /// <summary>The width of the text, in twentieths of a point: A4 less an inch on each side.</summary>
    private const int TextWidth = 9026;

    /// <summary>The whole file.</summary>
    /// <param name="document">The document.</param>
    public static byte[] Write(Document document)
    {
        var numbered = new NumberedDocument(document);
        var package = new WordPackage(PlainCharacters.Line(numbered.Title));
        var body = new W.Body();
        if (numbered.Title.Length > 0) body.Append(Styled("Title", Runs(numbered.Title)));
        foreach (var part in numbered.Parts) body.Append(Part(part, package));
        body.Append(new W.SectionProperties(
            new W.FooterReference { Type = W.HeaderFooterValues.Default, Id = WordPackage.FooterId },
            new W.PageSize { Width = 11906, Height = 16838 },
            new W.PageMargin { Top = 1440, Right = 1440, Bottom = 1440, Left = 1440, Header = 708, Footer = 708, Gutter = 0 }));
        return package.Close(body);
    }

    private static IEnumerable<OpenXmlElement> Part(NumberedPart part, WordPackage package) => part.Block switch
    {
        Heading heading => [Styled($"Heading{heading.Level}", Runs(heading.Text))],
        Paragraph paragraph => [Styled("BodyText", Statistical(paragraph.Text))],
        Note note => [Styled("Remark", [Run("Note. ", true), .. Statistical(note.Text)])],
        Formula formula => [Styled("Code", Runs(formula.Code))],
        Table table => Of(table, part),
        FigureBlock figure => Of(figure, part, package),
        Listing listing => Lines(listing.Code),
        SourceList sources => sources.Entries.Select(entry => Styled("Bibliography", entry.Apa.Select(run => Run(PlainCharacters.Line(run.Text), run.IsItalic)))),
        var block => throw new ArgumentOutOfRangeException(nameof(part), block, "There is no such block."),
    };

    private static IEnumerable<OpenXmlElement> Lines(string code) => PlainCharacters.Lines(code).TrimEnd('\n').Split('\n').Select(line => Styled("Code", [Run(line.Replace("\t", "    ", StringComparison.Ordinal))]));

    private static IEnumerable<OpenXmlElement> Of(Table table, NumberedPart part)
    {
        yield return Styled("Caption", [Run(part.Label)]);
        if (table.Title.Length > 0) yield return Styled("CaptionTitle", Runs(table.Title));
        var columns = ColumnWidths.Of(table);
        int[] widths = [.. columns.Select(column => Math.Max(1, (int)Math.Round(column.Share * TextWidth)))];
        var rules = new W.TableBorders(
            new W.TopBorder { Val = W.BorderValues.Single, Size = 12, Space = 0, Color = "auto" },
            new W.BottomBorder { Val = W.BorderValues.Single, Size = 12, Space = 0, Color = "auto" });
        var element = new W.Table(new W.TableProperties(
            new W.TableWidth { Width = widths.Sum().ToString(CultureInfo.InvariantCulture), Type = W.TableWidthUnitValues.Dxa },
            rules,
            new W.TableLayout { Type = W.TableLayoutValues.Fixed },
            new W.TableCellMarginDefault(new W.TableCellLeftMargin { Width = 40, Type = W.TableWidthValues.Dxa }, new W.TableCellRightMargin { Width = 80, Type = W.TableWidthValues.Dxa }),
            new W.TableLook { Val = "0420", FirstRow = table.HasHead, LastRow = false, FirstColumn = false, LastColumn = false, NoHorizontalBand = true, NoVerticalBand = true },
            new W.TableCaption { Val = PlainCharacters.Line(table.Title.Length > 0 ? table.Title : part.Label) }));
        element.Append(new W.TableGrid(widths.Select(width => new W.GridColumn { Width = width.ToString(CultureInfo.InvariantCulture) })));
        if (table.HasHead) element.Append(Row(table, [.. table.Columns.Select(c => c.Name)], columns, widths, isHead: true, isLast: false));
        for (var i = 0; i < table.Rows.Count; i++) element.Append(Row(table, table.Rows[i], columns, widths, isHead: false, isLast: i == table.Rows.Count - 1));
        // A table needs a row.
        if (!table.HasHead && table.Rows.Count == 0) element.Append(Row(table, [.. table.Columns.Select(_ => "")], columns, widths, isHead: false, isLast: true));
        yield return element;
        yield return Styled("TableNote", part.Notes.Any() ? [Run("Note. ", true), .. Statistical(string.Join(' ', part.Notes))] : []);
    }

    private static W.TableRow Row(Table table, IReadOnlyList<string> cells, ColumnWidth[] columns, int[] widths, bool isHead, bool isLast)
    {
        var properties = new W.TableRowProperties(new W.CantSplit());
        if (isHead) properties.Append(new W.TableHeader());
        var row = new W.TableRow(properties);
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = new W.TableCellProperties(new W.TableCellWidth { Width = widths[i].ToString(CultureInfo.InvariantCulture), Type = W.TableWidthUnitValues.Dxa });
            if (isHead) cell.Append(new W.TableCellBorders(new W.BottomBorder { Val = W.BorderValues.Single, Size = 6, Space = 0, Color = "auto" }));
            cell.Append(new W.TableCellVerticalAlignment { Val = isHead ? W.TableVerticalAlignmentValues.Bottom : W.TableVerticalAlignmentValues.Top });
            // A number stays on one line, and its interval where there is room.
            var text = table.Columns[i].Align == Align.Right && !isHead ? columns[i].Number(cells[i]) : cells[i];
            var paragraph = Styled("TableText", table.IsName(i) && !isHead ? [Run(PlainCharacters.Line(text))] : Statistical(text));
            // The head stays with the first row, and the last row with the note.
            if (isHead || isLast) paragraph.ParagraphProperties!.Append(new W.KeepNext());
            if (table.Columns[i].Align == Align.Right) paragraph.ParagraphProperties!.Append(new W.Justification { Val = W.JustificationValues.Right });
            row.Append(new W.TableCell(cell, paragraph));
        }
        return row;
    }

    private static IEnumerable<OpenXmlElement> Of(FigureBlock figure, NumberedPart part, WordPackage package)
    {
        yield return Styled("Caption", [Run(part.Label)]);
        yield return Styled("CaptionTitle", Runs(figure.Caption));
        yield return Styled("FigurePicture", [new W.Run(package.Picture(figure.Plot.ToPng(ReportPrint.Options), part.FileName, part.Label, PlainCharacters.Line(figure.Plot.Finding)))]);
        yield return Styled("TableNote", part.Notes.Any() ? [Run("Note. ", true), .. Statistical(string.Join(' ', part.Notes))] : []);
    }

    private static W.Paragraph Styled(string style, IEnumerable<OpenXmlElement> runs) => new([new W.ParagraphProperties(new W.ParagraphStyleId { Val = style }), .. runs]);

    private static IEnumerable<W.Run> Runs(string text) => [Run(PlainCharacters.Line(text))];

    private static IEnumerable<W.Run> Statistical(string text) => SymbolText.Runs(PlainCharacters.Line(text)).Select(run => Run(run.Text, run.IsItalic));

    private static W.Run Run(string text, bool isItalic = false)
    {
        var run = new W.Run();
        if (isItalic) run.Append(new W.RunProperties(new W.Italic()));
        run.Append(new W.Text(text) { Space = SpaceProcessingModeValues.Preserve });
        return run;
    }
}
