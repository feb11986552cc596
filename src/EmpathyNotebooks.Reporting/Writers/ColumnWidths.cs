namespace EmpathyNotebooks.Reporting;

/// <summary>How wide a column is.</summary>
/// <param name="Share">Its share of the width of the text, with the space that parts it from the next.</param>
/// <param name="Breaks">True where there is no room for its longest cell on one line, so that it breaks at its spaces; an interval between its limits.</param>
internal readonly record struct ColumnWidth(double Share, bool Breaks)
{
    /// <summary>A cell of numbers: all on one line, or an interval that may break between its limits.</summary>
    public string Number(string cell)
    {
        var whole = cell.Replace(' ', '\u00a0');
        return Breaks ? whole.Replace(",\u00a0", ", ", StringComparison.Ordinal) : whole;
    }
}

/// <summary>How wide the columns of a table are, in shares of the width of the text. All add up to 1 where the table needs all of it, and to less where it does not.</summary>
internal static class ColumnWidths
{
    /// <summary>How many letters a line of a table has, if a form does not say otherwise.</summary>
    private const double UsualLetters = 82;

    /// <summary>The space between two columns, in letters.</summary>
    private const double Gap = 2.5;

    /// <summary>Capitals, minus and percent in letters, so that OR has room for its two.</summary>
    private const double Wide = 1.5;

    private const int Widest = 60;

    /// <summary>A longer word is broken. A long name of a moderator at the head of its coefficients would else take the room of the names of the studies.</summary>
    private const int LongestKept = 16;

    /// <summary>The same for heads of numbers where room is scarce, which have lines enough.</summary>
    private const int LongestKeptInHead = 14;

    /// <summary>A head that is longer takes two lines though there is room.</summary>
    private const int LongestHead = 24;

    public static ColumnWidth[] Of(Table table, double letters = UsualLetters)
    {
        double[] cells = [.. table.Columns.Select((_, i) => Gap + table.Rows.Select(row => Math.Min(Longest(row[i], (_, _) => false), Widest)).DefaultIfEmpty().Max())];
        double[] widths = [.. table.Columns.Select((column, i) => Math.Max(cells[i], Gap + Math.Min(Kept(column), LongestWord(column.Name))))];
        var least = Least(table);
        // Texts give way first: they can be broken into lines. Then intervals do.
        Narrow(widths, least, letters, i => table.Columns[i].Align == Align.Left);
        Narrow(widths, least, letters, _ => true);
        Widen(widths, letters, [.. table.Columns.Select(column => Gap + Math.Min(LongestHead, column.Name.Length))]);
        var total = Math.Max(letters, widths.Sum());
        return [.. widths.Select((width, i) => new ColumnWidth(width / total, width < cells[i] - 1e-9))];
    }

    /// <summary>True where the least that the columns need is more than the line has: letters and spaces between columns are narrower then.</summary>
    public static bool IsCrowded(Table table, double letters) => Least(table).Sum() > letters;

    private static double[] Least(Table table) => [.. table.Columns.Select((column, i) =>
    {
        var isNumbers = column.Align == Align.Right;
        var cell = table.Rows.Select(row => isNumbers ? LongestPart(row[i]) : Math.Min(LongestKept, LongestWord(row[i]))).DefaultIfEmpty().Max();
        return Gap + Math.Max(cell, Math.Min(Kept(column), LongestWord(column.Name)));
    })];

    private static int Kept(TableColumn column) => column.Align == Align.Right ? LongestKeptInHead : LongestKept;

    private static void Narrow(double[] widths, double[] least, double letters, Func<int, bool> gives)
    {
        var excess = widths.Sum() - letters;
        var spare = widths.Select((width, i) => gives(i) ? Math.Max(width - least[i], 0) : 0).Sum();
        if (!(excess > 0 && spare > 0)) return;
        var share = Math.Min(1, excess / spare);
        for (var i = 0; i < widths.Length; i++)
        {
            if (gives(i)) widths[i] -= share * Math.Max(widths[i] - least[i], 0);
        }
    }

    /// <summary>Room that is left lets heads stand on one line.</summary>
    private static void Widen(double[] widths, double letters, double[] wanted)
    {
        for (var i = 0; i < widths.Length; i++)
        {
            if (wanted[i] > widths[i] && widths.Sum() + wanted[i] - widths[i] <= letters) widths[i] = wanted[i];
        }
    }

    private static double LongestWord(string text) => Longest(text, (_, c) => c == ' ');

    /// <summary>The longest part of a cell of numbers that may break: behind a comma before a space.</summary>
    private static double LongestPart(string text) => Longest(text, (before, c) => before == ',' && c == ' ');

    private static double Longest(string text, Func<char, char, bool> parts)
    {
        var (longest, current, before) = (0.0, 0.0, '\0');
        foreach (var c in text)
        {
            current = parts(before, c) ? 0 : current + (char.IsUpper(c) || c is '%' or '−' ? Wide : 1);
            longest = Math.Max(longest, current);
            before = c;
        }
        return longest;
    }
}
