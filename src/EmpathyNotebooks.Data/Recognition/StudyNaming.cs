using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>Rows that share a study: effects of the same people, as a rule, which do not tell independently of each other.</summary>
/// <param name="By">What names the studies: a column, or author and year together.</param>
/// <param name="Studies">How many studies there are.</param>
/// <param name="Repeated">How many of them have more than one row.</param>
/// <example><code>
/// var table = StudyTable.Parse("study_id,outcome,yi,vi\n1,a,.1,.02\n1,b,.2,.02\n2,a,.3,.02\n");
/// Console.WriteLine(table.Naming().Sharing[0].By); // study_id
/// </code></example>
public sealed record SharedStudies(StudyLabel By, int Studies, int Repeated);

/// <summary>What names the rows of a table and the studies they come from, as far as the header shows it.</summary>
/// <example><code>
/// var naming = StudyTable.Parse("author,year,r,n\nSmith,2001,.1,20\nLee,NA,.2,30\n").Naming();
/// Console.WriteLine(naming.Label); // {author} ({year})
/// </code></example>
public sealed record StudyNaming
{
    /// <summary>What names each row alone, or null where nothing does.</summary>
    public StudyLabel? Label { get; init; }

    /// <summary>What names studies and repeats, the outermost first; empty where every row is a study of its own.</summary>
    public ImmutableArray<SharedStudies> Sharing { get; init; } = [];

    /// <summary>True where each entry of <see cref="Sharing"/> lies within the one before it, so that the first contains all dependence.</summary>
    public bool IsNested { get; init; } = true;

    /// <summary>Author and year that repeat where a column says that each row is a study of its own; null where there is no such thing.</summary>
    public SharedStudies? SameReport { get; init; }

    /// <summary>What names samples that are numbered anew within each study: study and number together; null where there is no such number.</summary>
    internal StudyLabel? Samples { get; init; }
}

public sealed partial class StudyTable
{
    private static readonly string[] OwnNames = ["label", "slab", "study", "studyname", "studylabel", "studytitle", "studyyear", "trial", "trialname", "acronym", "studyacronym", "trialacronym", "shorttitle"];
    private static readonly string[] SampleNames = ["sample", "sampleid", "samplename", "studysample", "cohort", "cohortid", "dataset", "datasetid", "experiment", "experimentid"];
    private static readonly string[] Identifiers = ["studyid", "idstudy", "studyno", "studynr", "studynum", "studynumber", "studykey", "trialid", "paper", "paperid", "article", "articleid", "publication",
        "publicationid", "pubid", "reference", "referenceid", "ref", "refid", "citation", "report", "reportid", "paperno", "papernumber", "pmid", "doi", "nct", "nctid", "nctnumber", "citekey", "bibkey",
        "record", "recordid", "id"];
    private static readonly string[] RowNamed = ["rowname", "rownames"];
    private static readonly string[] Authors = ["authors", "author", "firstauthor", "leadauthor", "authoryear", "authorsyear"];

    private StudyNaming? _naming;

    /// <summary>What names the rows and the studies.</summary>
    // Read by several threads at worst it is found twice, and the same.
    public StudyNaming Naming() => _naming ??= FindNaming();

    private StudyNaming FindNaming()
    {
        var named = Columns.Where(c => Is(c, OwnNames) || Is(c, SampleNames) || Is(c, Identifiers)).ToList();
        var authors = Columns.Where(c => Is(c, Authors)).ToList();
        StudyLabel? report = authors.Count != 1 ? null
            : Columns.Where(c => ColumnNames.Plain(c.Name) is "year" or "pubyear" or "publicationyear").ToList() is [var year]
                ? StudyLabel.FromPattern($"{{{authors[0].Name}}} ({{{year.Name}}})", optional: true) : StudyLabel.FromColumn(authors[0].Name);

        // A text says more than a number, and a study's own name more than an identifier.
        List<StudyLabel> labels = [.. named.Where(c => !c.IsNumeric && !Is(c, Identifiers)).OrderBy(c => Is(c, OwnNames) ? Array.IndexOf(OwnNames, ColumnNames.Plain(c.Name)) : 99).Select(c => StudyLabel.FromColumn(c.Name))];
        if (report is not null) labels.Add(report);
        labels.AddRange(named.Where(c => c.IsNumeric || Is(c, Identifiers)).OrderBy(c => Is(c, OwnNames) ? 0 : 1).Select(c => StudyLabel.FromColumn(c.Name)));
        labels.AddRange(Columns.Where(c => !c.IsNumeric && Is(c, RowNamed)).Select(c => StudyLabel.FromColumn(c.Name)));
        // A first column of texts that all differ names the rows in any language.
        if (labels.Count == 0 && Columns[0] is { IsNumeric: false } texts && !_faults.ContainsKey(texts.Name)) labels.AddRange(IsUnique(StudyLabel.FromColumn(texts.Name)) ? [StudyLabel.FromColumn(texts.Name)] : (StudyLabel[])[]);

        var groups = new List<(SharedStudies Sharing, int[] Rows)>();
        foreach (var by in named.Select(c => StudyLabel.FromColumn(c.Name)))
        {
            if (Groups(by) is { } found && !groups.Exists(g => Same(g.Rows, found.Rows))) groups.Add(found);
        }
        var samples = NumberedWithin(groups);
        SharedStudies? same = null;
        if (report is not null && Groups(report) is { } reports && !groups.Exists(g => Same(g.Rows, reports.Rows)))
        {
            if (groups.Count == 0 && named.Exists(c => !Is(c, Identifiers) && IsUnique(StudyLabel.FromColumn(c.Name)))) same = reports.Sharing;
            else groups.Add(reports);
        }
        groups.Sort((a, b) => a.Sharing.Studies.CompareTo(b.Sharing.Studies));
        return new StudyNaming
        {
            Label = labels.Find(IsUnique) ?? labels.FirstOrDefault(label => label.Columns.All(c => Enumerable.Range(0, Count).All(i => !IsMissing(IndexOf(c), i))))?.NumberingRepeats(),
            Sharing = [.. groups.Select(g => g.Sharing)],
            IsNested = groups.Zip(groups.Skip(1)).All(pair => Within(pair.Second.Rows, pair.First.Rows)),
            SameReport = same,
            Samples = samples,
        };

        static bool Is(StudyColumn column, string[] names) => names.Contains(ColumnNames.Plain(column.Name), StringComparer.Ordinal);
    }

    /// <summary>A column of the texts of a label, named as the label is written; missing where its first part is.</summary>
    /// <param name="label">For example <c>{author} ({year})</c>.</param>
    /// <exception cref="StudyDataException">A column of the label does not exist.</exception>
    public StudyColumn LabelColumn(StudyLabel label)
    {
        ArgumentNullException.ThrowIfNull(label);
        var places = label.Columns.ToDictionary(name => name, IndexOf);
        return StudyColumn.OfTexts(label.ToString(), Enumerable.Range(0, Count).Select(i => label.Columns is [var first, ..] && IsMissing(places[first], i) ? null
            : label.At(i, name => IsMissing(places[name], i) ? "" : _cells[places[name]][i])));
    }

    /// <summary>The study of each row by a label: the same number for the same study; a row without a name is a study of its own.</summary>
    internal (SharedStudies Sharing, int[] Rows)? Groups(StudyLabel by)
    {
        int[] places = [.. by.Columns.Select(IndexOf)];
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var (rows, sizes) = (new int[Count], new List<int>());
        for (var i = 0; i < Count; i++)
        {
            // A name that was typed with another capital or a blank more is the same study.
            var key = IsMissing(places[0], i) ? null : string.Join('\u001f', places.Select(j => IsMissing(j, i) ? "" : _cells[j][i].Trim().ToUpperInvariant()));
            if (key is null || !numbers.TryGetValue(key, out var number))
            {
                number = sizes.Count;
                if (key is not null) numbers[key] = number;
                sizes.Add(0);
            }
            sizes[number]++;
            rows[i] = number;
        }
        var repeated = sizes.Count(size => size > 1);
        return repeated == 0 ? null : (new SharedStudies(by, sizes.Count, repeated), rows);
    }

    /// <summary>
    /// Samples that are numbered anew within each study (study 1: sample 1, 2; study 2: sample 1) say nothing without it: sample 1 of every study would be taken for one. The number leaves <paramref name="groups"/>,
    /// and study and number together take its place.
    /// </summary>
    private StudyLabel? NumberedWithin(List<(SharedStudies Sharing, int[] Rows)> groups)
    {
        StudyLabel? samples = null;
        foreach (var inner in groups.ToArray())
        {
            if (inner.Sharing.By.Columns is not [var name] || !SampleNames.Contains(ColumnNames.Plain(name), StringComparer.Ordinal)) continue;
            int[] numbers = [.. CellsOf(name).Select(OrdinalOf)];
            if (Array.Exists(numbers, n => n == 0)) continue;
            // Nearly every study begins at 1 and leaves out none; of some only a later one had what was looked for.
            var outer = groups.Find(g => !ReferenceEquals(g.Rows, inner.Rows) && !Within(inner.Rows, g.Rows) && !Within(g.Rows, inner.Rows)
                && numbers.Zip(g.Rows).GroupBy(c => c.Second, c => c.First).Count(study => study.Max() == study.Distinct().Count()) >= 0.8 * g.Sharing.Studies);
            if (outer.Sharing is null) continue;
            groups.Remove(inner);
            var both = StudyLabel.FromPattern($"{{{string.Join("} {", outer.Sharing.By.Columns)}}}, {{{name}}}");
            samples = both;
            if (Groups(both) is { } found && !groups.Exists(g => Same(g.Rows, found.Rows))) groups.Add(found);
        }
        return samples;

        // 2, 2a and B are the second; 0 is none of these.
        static int OrdinalOf(string cell)
        {
            var digits = cell.AsSpan(0, cell.AsSpan().IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : cell.Length);
            return digits.Length is > 0 and < 5 ? int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture)
                : cell.Length == 1 && char.IsAsciiLetter(cell[0]) ? char.ToUpperInvariant(cell[0]) - 'A' + 1 : 0;
        }
    }

    private bool IsUnique(StudyLabel label)
    {
        int[] places = [.. label.Columns.Select(IndexOf)];
        return Enumerable.Range(0, Count).All(i => !IsMissing(places[0], i) && (label.IsOptional || places.All(j => !IsMissing(j, i)))) && Groups(label) is null;
    }

    private static bool Same(int[] a, int[] b) => Within(a, b) && Within(b, a);

    /// <summary>True where rows that share an inner study share the outer one.</summary>
    private static bool Within(int[] inner, int[] outer)
    {
        var of = new Dictionary<int, int>();
        for (var i = 0; i < inner.Length; i++)
        {
            if (!of.TryAdd(inner[i], outer[i]) && of[inner[i]] != outer[i]) return false;
        }
        return true;
    }
}
