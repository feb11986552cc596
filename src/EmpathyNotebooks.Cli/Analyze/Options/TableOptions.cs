using System.CommandLine;
using EmpathyNotebooks.Data;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>Which table, and how it is read.</summary>
internal sealed class TableOptions
{
    private readonly Argument<string> _file = new("FILE") { Description = "The table: CSV with comma, semicolon or tab, a header, one study or effect a row." };
    private readonly Option<string[]> _texts = OptionOf.Texts("--text-column", "A column that holds texts even where they look like numbers (2009, 2009a).");
    private readonly Option<string[]> _missing = OptionOf.Texts("--missing", "A text that means that a value is not known, beside an empty cell and NA.", "TEXT");
    private readonly Option<string?> _delimiter = OptionOf.Choice("--delimiter", "What separates cells: comma, semicolon, tab. Found from the file if not said.", ["comma", "semicolon", "tab"], null);
    private readonly Option<string?> _mark = OptionOf.Choice("--decimal", "The decimal mark: point, comma. Found from the file if not said.", ["point", "comma"], null);

    public Argument<string> File => _file;

    public IEnumerable<Option> All => [_texts, _missing, _delimiter, _mark];

    public string FileName(ParseResult parsed) => Path.GetFileName(parsed.GetValue(_file)!);

    public StudyTable Read(ParseResult parsed)
    {
        var file = parsed.GetValue(_file)!;
        if (!System.IO.File.Exists(file)) throw new BadInputException(Directory.Exists(file) ? $"{file}: is a folder; name a file." : $"{file}: there is no such file.");
        return StudyTable.Read(file, new StudyTableOptions
        {
            TextColumns = parsed.GetValue(_texts) ?? [],
            MissingTexts = ["NA", .. parsed.GetValue(_missing) ?? []],
            Delimiter = Enum.Parse<CsvDelimiter>(parsed.GetValue(_delimiter) ?? nameof(CsvDelimiter.Detect), ignoreCase: true),
            DecimalMark = Enum.Parse<DecimalMark>(parsed.GetValue(_mark) ?? nameof(DecimalMark.Detect), ignoreCase: true),
        });
    }
}
