using System.Collections.Immutable;
using System.Globalization;
using EmpathyNotebooks.Data;

namespace EmpathyNotebooks.Reporting;

/// <summary>Entries of a BibTeX file in the order of APA style, with the names and letters that tell them apart.</summary>
internal sealed class ReferenceList
{
    private readonly Dictionary<string, BibliographyEntry> _byKey;

    public ReferenceList(string text, string file)
    {
        List<BibliographyEntry> entries = [];
        var raw = Raw(text);
        var scanner = new BibTeXScanner(text, file);
        while (scanner.NextEntry() is { } entry)
        {
            entries.Add(new BibliographyEntry(entry.Key, entry.Type, entry.Fields, raw.GetValueOrDefault(entry.Key) ?? throw new InvalidOperationException($"{file}: the entry {entry.Key} does not begin a line.")));
        }
        _byKey = entries.ToDictionary(e => e.Key, StringComparer.Ordinal);
        // By names, one author before several of whom he is the first, then years, then titles. By letters alone: 'O'Neil' stands with 'Oneil'.
        entries = [.. entries.OrderBy(e => e.SortName, StringComparer.Ordinal).ThenBy(e => e.Year).ThenBy(e => PersonName.SortText(e.Title), StringComparer.Ordinal)];
        for (var i = 0; i < entries.Count; i++) entries[i].Order = i;
        foreach (var year in entries.GroupBy(e => e.Year))
        {
            foreach (var entry in year) entry.NamesNeeded = NamesNeeded(entry, year);
            foreach (var same in year.GroupBy(e => e.Label(CitationForm.Parenthetical)).Where(g => g.Count() > 1))
            {
                var letter = 'a';
                foreach (var entry in same) entry.Suffix = (letter++).ToString();
            }
        }
        Entries = [.. entries];
    }

    public ImmutableArray<BibliographyEntry> Entries { get; }

    public BibliographyEntry? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>As many names before "et al." as tell the authors from others of the year (APA 8.18).</summary>
    private static int NamesNeeded(BibliographyEntry entry, IEnumerable<BibliographyEntry> year)
    {
        if (entry.Authors.Length < 3) return entry.Authors.Length;
        var others = year.Where(e => e.Authors.Length >= 3 && !e.Authors.SequenceEqual(entry.Authors)).ToList();
        var names = 1;
        while (names < entry.Authors.Length && others.Any(o => o.Authors.Take(names).Select(a => a.Family).SequenceEqual(entry.Authors.Take(names).Select(a => a.Family)))) names++;
        return names >= entry.Authors.Length - 1 && names > 1 ? entry.Authors.Length : names;
    }

    /// <summary>Each entry as it stands, from its sign to the brace that begins a line.</summary>
    private static Dictionary<string, string> Raw(string text)
    {
        Dictionary<string, string> entries = new(StringComparer.Ordinal);
        var at = 0;
        while ((at = text.IndexOf("@", at, StringComparison.Ordinal)) >= 0)
        {
            var end = text.IndexOf("\n}", at, StringComparison.Ordinal);
            if (end < 0) break;
            var entry = text[at..(end + 2)];
            var open = entry.IndexOf('{', StringComparison.Ordinal);
            entries.Add(entry[(open + 1)..entry.IndexOf(',', StringComparison.Ordinal)].Trim(), entry);
            at = end + 2;
        }
        return entries;
    }
}

/// <summary>A person or an institution that wrote something.</summary>
/// <param name="Family">The family name with its particle, or the name of the institution.</param>
/// <param name="Given">Given names; empty for institutions.</param>
public readonly record struct PersonName(string Family, string Given)
{
    /// <summary>Given names as initials: J.-P., M. L.; empty where there are none.</summary>
    public string Initials => string.Join(' ', Given.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => string.Join('-', name.Split('-').Select(part => char.ToUpper(part[0], CultureInfo.InvariantCulture) + "."))));

    /// <summary>As a list of references has it: Viechtbauer, W.</summary>
    internal string Inverted => Given.Length == 0 ? Family : $"{Family}, {Initials}";

    /// <summary>As it stands after "In": W. Viechtbauer.</summary>
    internal string Direct => Given.Length == 0 ? Family : $"{Initials} {Family}";

    internal static ImmutableArray<PersonName> ListOf(string names) => [.. names.Split(" and ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(name =>
        name.Split(',', 2, StringSplitOptions.TrimEntries) is [var family, var given] ? new PersonName(family, given) : new PersonName(name, ""))];

    /// <summary>Letters and digits without accents and case.</summary>
    internal static string SortText(string text) => new([.. text.Select(Plain).Where(c => char.IsLetterOrDigit(c) || c == ' ')]);

    // Decomposition hangs on data of cultures that a program may run without; these are the letters of the list.
    private static char Plain(char c) => char.ToLowerInvariant(c) switch
    {
        'ä' or 'á' or 'à' or 'â' or 'å' or 'ã' => 'a', 'ö' or 'ó' or 'ò' or 'ô' or 'ø' or 'õ' => 'o', 'ü' or 'ú' or 'ù' or 'û' => 'u', 'é' or 'è' or 'ê' or 'ë' => 'e', 'í' or 'ì' or 'î' or 'ï' => 'i',
        'š' or 'ś' or 'ş' => 's', 'č' or 'ç' or 'ć' => 'c', 'ž' or 'ź' or 'ż' => 'z', 'ñ' or 'ń' => 'n', 'ł' => 'l', 'ý' => 'y', var other => other,
    };
}
