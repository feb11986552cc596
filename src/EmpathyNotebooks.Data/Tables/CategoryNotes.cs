using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>Categories that a reader takes for one and a program for two: Asia and asia, "New York" with one blank and with two.</summary>
internal static class CategoryNotes
{
    /// <summary>A column with more values than these holds names or notes, not categories.</summary>
    private const int MostCategories = 1000;

    public static IEnumerable<TableNote> Of(ImmutableArray<StudyColumn> columns)
    {
        foreach (var column in columns)
        {
            if (column.IsNumeric) continue;
            var written = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
            var rows = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < column.Count; i++)
            {
                if (rows.Count > MostCategories) break;
                if (column.Text(i) is not { } text) continue;
                if (rows.TryGetValue(text, out var seen))
                {
                    rows[text] = seen + 1;
                    continue;
                }
                rows[text] = 1;
                var plain = Plain(text);
                if (!written.TryGetValue(plain, out var forms)) written[plain] = forms = new SortedSet<string>(StringComparer.Ordinal);
                forms.Add(text);
            }
            if (rows.Count > MostCategories) continue;
            foreach (var forms in written.Values.Where(f => f.Count > 1))
            {
                yield return new TableNote(TableNoteKind.Categories, $"Column {column.Name}: "
                    + $"{string.Join(" and ", forms.Select(f => $"\"{Shown(f)}\" ({StatisticText.Count(rows[f])} {(rows[f] == 1 ? "row" : "rows")})"))} differ only by case, blanks or unseen characters, "
                    + "and count as different.", null, column.Name);
            }
        }
    }

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormKC))
        {
            if (char.GetUnicodeCategory(c) == UnicodeCategory.Format) continue;
            if (!char.IsWhiteSpace(c)) plain.Append(char.ToUpperInvariant(c));
            else if (plain.Length > 0 && plain[^1] != ' ') plain.Append(' ');
        }
        return plain.ToString().TrimEnd();
    }

    private static string Shown(string text) => string.Concat(text.Select(c =>
        c != ' ' && (char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format) ? $"<U+{(int)c:X4}>" : c.ToString()));
}
