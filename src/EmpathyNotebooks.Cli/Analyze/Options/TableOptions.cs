using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>Which table, and how it is read.</summary>
internal sealed class TableOptions
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "The table, a header and one study or effect a row: CSV with comma, semicolon or tab, Excel, Parquet, Arrow, JSON, RevMan 5 (.rm5).",
    };

    private readonly Option<string[]> _texts = OptionOf.Texts("--text-column", "A column that holds texts even where they look like numbers (2009, 2009a).");
    private readonly Option<string[]> _missing = OptionOf.Texts("--missing", "A text that means that a value is not known, beside an empty cell and NA.", "TEXT");
    private readonly Option<string?> _delimiter = OptionOf.Choice("--delimiter", "What separates cells: comma, semicolon, tab. Found from the file if not said.", ["comma", "semicolon", "tab"], null);
    private readonly Option<string?> _mark = OptionOf.Choice("--decimal", "The decimal mark: point, comma. Found from the file if not said.", ["point", "comma"], null);
    private readonly Option<string?> _sheet = OptionOf.Text("--sheet", "The sheet of a workbook. The first that is visible and not empty if not said.", "NAME");
    private readonly Option<string[]> _where = OptionOf.Texts("--where", "Take only the rows in which a column has a value, for example --where outcome=depression. Given again, both must hold.", "COLUMN=VALUE");
    private readonly Option<string[]> _levels = OptionOf.Texts("--levels", "The order of the categories of a column, the reference first, for example --levels severity=mild,moderate,severe.", "COLUMN=A,B,...");

    private readonly Option<Encoding?> _encoding = new("--encoding")
    {
        Description = "The encoding of a text file, such as windows-1252, iso-8859-2, shift_jis. Found from the file if not said.",
        HelpName = "NAME",
        CustomParser = result =>
        {
            if (EncodingOf(result.Tokens[0].Value) is { } found) return found;
            result.AddError($"--encoding {result.Tokens[0].Value}: there is no such encoding. Usual ones are utf-8, utf-16, windows-1252, iso-8859-1, iso-8859-2, macintosh, shift_jis, gb18030.");
            return null;
        },
    };

    public Argument<string> File => _file;

    public IEnumerable<Option> All => [_where, _levels, _sheet, _texts, _missing, _delimiter, _mark, _encoding];

    public string Path(ParseResult parsed) => parsed.GetValue(_file)!;

    public string FileName(ParseResult parsed) => System.IO.Path.GetFileName(parsed.GetValue(_file)!);

    public StudyTable Read(ParseResult parsed)
    {
        var file = parsed.GetValue(_file)!;
        Paths.RequireFile(file);
        var table = StudyTable.Read(file, new StudyTableOptions
        {
            TextColumns = parsed.GetValue(_texts) ?? [],
            MissingTexts = ["NA", .. parsed.GetValue(_missing) ?? []],
            Delimiter = Enum.Parse<CsvDelimiter>(parsed.GetValue(_delimiter) ?? nameof(CsvDelimiter.Detect), ignoreCase: true),
            DecimalMark = Enum.Parse<DecimalMark>(parsed.GetValue(_mark) ?? nameof(DecimalMark.Detect), ignoreCase: true),
            Encoding = parsed.GetValue(_encoding),
            Sheet = parsed.GetValue(_sheet),
        });
        foreach (var said in parsed.GetValue(_where) ?? [])
        {
            var (column, value) = Pair(_where.Name, said, table);
            table = table.Where(column, value);
        }
        foreach (var said in parsed.GetValue(_levels) ?? [])
        {
            var (column, levels) = Pair(_levels.Name, said, table);
            table = table.InOrder(column, [.. levels.Split(',', StringSplitOptions.TrimEntries)]);
        }
        return table;
    }

    /// <summary>A column and what is said of it. Names of columns may hold an equals sign: the longest name that is a column counts.</summary>
    public static (string Column, string Value) Pair(string option, string said, StudyTable table)
    {
        var column = table.Columns.Select(c => c.Name).Where(name => said.StartsWith(name + "=", StringComparison.Ordinal)).MaxBy(name => name.Length);
        if (column is not null) return (column, said[(column.Length + 1)..].Trim());
        var sign = said.IndexOf('=', StringComparison.Ordinal);
        if (sign <= 0) throw new BadInputException($"{option} {said}: give a column and what is meant of it, for example {option} {table.Columns[0].Name}=...");
        return (table.Column(said[..sign].Trim()).Name, said[(sign + 1)..].Trim());
    }

    private static Encoding? EncodingOf(string name)
    {
        if (CodePagesEncodingProvider.Instance.GetEncoding(name) is { } page) return page;
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            // No such name: what to say is the caller's.
            return null;
        }
    }
}
