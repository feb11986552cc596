using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;

namespace EmpathyNotebooks.Data;

/// <summary>
/// Cells of an .xlsx sheet that have something in them and no value: errors (<c>#DIV/0!</c>), and formulas that the program which wrote the file did not compute. The library that reads workbooks gives nothing for either, as for an empty cell.
/// </summary>
internal static class WorkbookSilences
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>The cells, counted from 0, with what a message should show: the error, or the formula with its equals sign. Empty where the file is no .xlsx.</summary>
    public static IReadOnlyList<(int Row, int Column, string Text)> Of(byte[] bytes, string sheet)
    {
        if (!bytes.AsSpan().StartsWith("PK"u8)) return [];
        using var archive = new ZipArchive(new MemoryStream(bytes));
        if (Part(archive, sheet) is not { } part) return [];
        List<(int, int, string)> found = [];
        using var stream = part.Open();
        using var reader = XmlReader.Create(stream, Settings);
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element || reader.LocalName != "c" || reader.IsEmptyElement) continue;
            var (kind, place) = (reader.GetAttribute("t"), reader.GetAttribute("r"));
            string? formula = null, value = null;
            var depth = reader.Depth;
            while (reader.Read() && reader.Depth > depth)
            {
                if (reader.NodeType != XmlNodeType.Element) continue;
                // The text of a formula or value stands alone within it; an empty text (t="str") is a value.
                if (reader.LocalName == "f") formula = TextOf(reader);
                else if (reader.LocalName == "v") value = TextOf(reader);
            }
            if (place is null || At(place) is not { } at) continue;
            if (kind == "e" && !string.IsNullOrEmpty(value)) found.Add((at.Row, at.Column, value));
            else if (formula is not null && string.IsNullOrEmpty(value) && kind != "str") found.Add((at.Row, at.Column, "=" + formula));
        }
        return found;
    }

    private static string TextOf(XmlReader reader)
    {
        if (reader.IsEmptyElement) return "";
        var depth = reader.Depth;
        var text = "";
        while (reader.Read() && reader.Depth > depth) text += reader.Value;
        return text;
    }

    private static ZipArchiveEntry? Part(ZipArchive archive, string sheet)
    {
        var id = Load(archive, "xl/workbook.xml")?.Descendants().FirstOrDefault(e => e.Name.LocalName == "sheet" && (string?)e.Attribute("name") == sheet)?.Attributes().FirstOrDefault(a => a.Name.LocalName == "id" && a.Name.NamespaceName.Length > 0)?.Value;
        var target = id is null ? null : (string?)Load(archive, "xl/_rels/workbook.xml.rels")?.Descendants().FirstOrDefault(e => (string?)e.Attribute("Id") == id)?.Attribute("Target");
        return target is null ? null : archive.GetEntry(target.StartsWith('/') ? target[1..] : "xl/" + target);
    }

    private static XDocument? Load(ZipArchive archive, string name)
    {
        if (archive.GetEntry(name) is not { } entry) return null;
        using var stream = entry.Open();
        using var reader = XmlReader.Create(stream, Settings);
        return XDocument.Load(reader);
    }

    /// <summary>B3 is row 2 and column 1, counted from 0.</summary>
    private static (int Row, int Column)? At(string place)
    {
        var letters = place.AsSpan().IndexOfAnyInRange('0', '9');
        if (letters is < 1 or > 3 || !int.TryParse(place.AsSpan(letters), System.Globalization.CultureInfo.InvariantCulture, out var row)) return null;
        var column = 0;
        foreach (var letter in place.AsSpan(0, letters)) column = (26 * column) + (char.ToUpperInvariant(letter) - 'A' + 1);
        return (row - 1, column - 1);
    }
}
