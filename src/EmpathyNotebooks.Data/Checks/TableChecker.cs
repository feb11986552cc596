using System.Collections.Immutable;
using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>Goes through the checks: first what reading found, then whether each row has an effect, then what the effects and their ingredients look like together.</summary>
internal sealed class TableChecker(StudyTable table, TableCheckOptions options)
{
    /// <summary>Of one kind of finding no more are listed than these; the rest is counted.</summary>
    internal const int MostOfKind = 200;

    private readonly List<TableFinding> _findings = [];

    public TableCheck Check()
    {
        foreach (var column in options.WholeNumbers) _ = table.Column(column);
        foreach (var note in table.Notes.Where(n => n.Kind != TableNoteKind.MixedColumn))
        {
            var isDoubtful = note.Kind is TableNoteKind.Categories or TableNoteKind.RepeatedRow or TableNoteKind.LostLetters or TableNoteKind.MergedCells or TableNoteKind.HiddenRows or TableNoteKind.Dates;
            _findings.Add(new TableFinding(CheckKind.Reading, isDoubtful ? CheckSeverity.Warning : CheckSeverity.Note, note.Text, "", note.Row, null, note.Column));
        }
        var reading = options.Reading ?? Recognised();
        var label = Label();
        var used = reading is null ? [] : reading.Columns.Values.ToHashSet(StringComparer.Ordinal);
        foreach (var column in table.Columns)
        {
            _findings.AddRange(table.FaultsOf(column.Name).Select(fault => Of(fault, used.Contains(column.Name) ? CheckSeverity.Error : CheckSeverity.Warning, CheckKind.Value)));
        }
        var summary = Summaries(label);
        var rows = Enumerable.Range(0, table.Count).Where(i => !summary.Contains(i)).ToArray();
        RepeatedLabels(label, rows);
        if (reading is not null) Percentages(reading, rows);
        var (good, effects) = reading is null ? ([], null) : Effects(reading, rows, used, label);
        if (effects is not null && reading is not null)
        {
            var checks = new EffectChecks(table, reading, effects, good, row => label?.At(row, name => table.CellOf(name, row)));
            _findings.AddRange(checks.All());
        }
        if (reading is not null)
        {
            // What keeps a row from being pooled was said already.
            var said = Places();
            _findings.AddRange(new IngredientChecks(table, reading, rows, row => label?.At(row, name => table.CellOf(name, row))).All().Where(f => f.Row is null || !said.Contains((f.Row, f.Column))));
        }
        _findings.AddRange(new WholeNumberChecks(table, options, reading, row => label?.At(row, name => table.CellOf(name, row))).All());
        _findings.AddRange(DigitChecks.LastDigits(table, reading));
        _findings.AddRange(DigitChecks.Years(table, options.LatestYear));
        return new TableCheck(table, reading, effects, Shortened());
    }

    private ImmutableArray<TableFinding> Shortened() =>
    [
        .. _findings.GroupBy(f => (f.Kind, f.Severity, f.Column)).SelectMany(g => g.Count() <= MostOfKind ? g
            : g.Take(MostOfKind).Append(new TableFinding(g.Key.Kind, g.Key.Severity, $"{StatisticText.Count(g.Count() - MostOfKind)} more of this kind {(g.Count() - MostOfKind == 1 ? "is" : "are")} not listed", "", null, null, g.Key.Column))),
    ];

    private ColumnReading? Recognised()
    {
        var found = table.Recognise();
        if (found.Reading is { } reading) return reading;
        _findings.Add(new TableFinding(CheckKind.Recognition, CheckSeverity.Error, found.Question, found.Readings.IsEmpty
            ? $"Name the columns of the effects and their variances, or of what they are computed from; there are: {string.Join(", ", table.Columns.Select(c => c.Name))}"
            : "Say which is meant"));
        // Effects that are the same in every reading can be looked at all the same, as where variances and standard errors disagree.
        return found.Readings.Length > 0 && found.Readings.All(r => r.IsGiven && r.Measure == found.Readings[0].Measure && r.Columns["yi"] == found.Readings[0].Columns["yi"]) ? found.Readings[0] : null;
    }

    private StudyLabel? Label() => options.Label ?? table.Naming().Label ?? StudyLabel.Guess(table.Columns.Select(c => c.Name));

    private HashSet<int> Summaries(StudyLabel? label)
    {
        HashSet<int> rows = [];
        if (label is null || label.Columns.Count == 0 || table.Count < 3) return rows;
        for (var i = 0; i < table.Count; i++)
        {
            var row = i;
            var name = label.At(i, column => table.CellOf(column, row));
            if (!StudyTable.IsSummaryLabel(name)) continue;
            rows.Add(i);
            _findings.Add(new TableFinding(CheckKind.SummaryRow, CheckSeverity.Error, "seems to sum up other rows and would count them twice", "Delete the row, or give the study its name", table.LineOf(i), name));
        }
        return rows;
    }

    private void RepeatedLabels(StudyLabel? label, int[] rows)
    {
        if (label is null || label.NumbersRepeats || label.Columns.Count == 0 || table.Naming().Sharing.Length > 0) return;
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var i in rows)
        {
            var name = label.At(i, column => table.CellOf(column, i));
            if (first.TryAdd(name, i)) continue;
            _findings.Add(new TableFinding(CheckKind.RepeatedLabel, CheckSeverity.Warning, $"has the name of row {StatisticText.Count(table.LineOf(first[name]))}",
                "If both are effects of the same people, they depend on each other: name the study as cluster. If they are two studies, give them two names", table.LineOf(i), name));
        }
    }

    /// <summary>Correlations of 31 and 45 are meant as .31 and .45.</summary>
    private void Percentages(ColumnReading reading, int[] rows)
    {
        if (!reading.Columns.TryGetValue("ri", out var column) || !table.Column(column).IsNumeric) return;
        double[] values = [.. rows.Select(i => table.Column(column).Number(i)).OfType<double>().Select(Math.Abs)];
        if (values.Length == 0 || values.Count(r => r is > 1 and <= 100) <= values.Length / 2) return;
        _findings.Add(new TableFinding(CheckKind.Percent, CheckSeverity.Error, "holds correlations most of which lie between 1 and 100, as if in percent", "Divide them by 100: .31 for 31", null, null, column));
    }

    /// <summary>The rows that have an effect, with every fault of the others: a table at fault is halved until each fault stands alone.</summary>
    private (int[] Rows, StudyEffects? Effects) Effects(ColumnReading reading, int[] rows, HashSet<string> used, StudyLabel? label)
    {
        if (used.Where(column => table.FaultsOf(column).Count > 0).ToList() is { Count: > 0 } mixed)
        {
            // The cells that are no numbers are listed already, and the others of all rows are looked at beside; where nobody can settle what a column holds there is nothing to look at.
            if (mixed.TrueForAll(table.HasWrongCells)) _findings.AddRange(Beside(reading, rows, label));
            return ([], null);
        }
        // Nearly every table is without a fault, and then one look is enough.
        try
        {
            return (rows, table.RowsOf(rows).Effects(reading, StudyLabel.Numbered));
        }
        catch (StudyDataException)
        {
            // Which faults they are is found below.
        }
        List<int> good = [];
        var faults = 0;
        var others = 0;
        Try(rows);
        if (others > 0) _findings.Add(new TableFinding(CheckKind.Value, CheckSeverity.Error, $"more rows are at fault than are listed: {StatisticText.Count(others)} were not looked at one by one", "Mend these first and check again"));
        good.Sort();
        if (good.Count == 0) return ([], null);
        try
        {
            return ([.. good], table.RowsOf([.. good]).Effects(reading, StudyLabel.Numbered));
        }
        catch (StudyDataException fault)
        {
            // What only all rows together show, such as a count with a separator of thousands.
            _findings.Add(Of(fault, CheckSeverity.Error, CheckKind.Value));
            return ([], null);
        }

        void Try(ReadOnlySpan<int> some)
        {
            if (some.IsEmpty) return;
            try
            {
                _ = table.RowsOf(some.ToArray()).Effects(reading, StudyLabel.Numbered);
                foreach (var row in some) good.Add(row);
            }
            catch (StudyDataException fault)
            {
                if (some.Length > 1 && faults <= MostOfKind)
                {
                    Try(some[..(some.Length / 2)]);
                    Try(some[(some.Length / 2)..]);
                    return;
                }
                faults++;
                if (some.Length > 1)
                {
                    others += some.Length;
                    return;
                }
                var row = some[0];
                _findings.AddRange(fault.Faults.Select(f => Of(f, CheckSeverity.Error, CheckKind.Value) with { Study = NameOf(row, label) }));
            }
        }
    }

    /// <summary>What else is wrong in a table of which wrong cells are listed already.</summary>
    private List<TableFinding> Beside(ColumnReading reading, int[] rows, StudyLabel? label)
    {
        var listed = Places();
        var atFault = rows.ToLookup(row => reading.Columns.Values.Any(column => listed.Contains((table.LineOf(row), column))));
        var found = new List<TableFinding>();
        Try([.. atFault[false]]);
        // Of rows at fault no more are listed than these, and each takes a look of its own.
        Try([.. atFault[true].Take(MostOfKind)]);
        return found;

        void Try(ReadOnlySpan<int> some)
        {
            if (some.IsEmpty || found.Count > MostOfKind * reading.Columns.Count) return;
            try
            {
                _ = table.RowsOf(some.ToArray()).Effects(reading, StudyLabel.Numbered);
            }
            catch (StudyDataException fault)
            {
                if (fault.FaultCount > fault.Faults.Length)
                {
                    Try(some[..(some.Length / 2)]);
                    Try(some[(some.Length / 2)..]);
                    return;
                }
                foreach (var f in fault.Faults.Where(f => CellFaults.IsOfCell(f) && !listed.Contains((f.Row, f.Column))))
                {
                    var row = Array.Find(rows, i => table.LineOf(i) == f.Row);
                    found.Add(Of(f, CheckSeverity.Error, CheckKind.Value) with { Study = NameOf(row, label) });
                }
            }
        }
    }

    private HashSet<(int? Row, string? Column)> Places() => [.. _findings.Select(f => (f.Row, f.Column))];

    private string? NameOf(int row, StudyLabel? label) => label is null || label.Columns.Count == 0 ? null : label.At(row, name => table.CellOf(name, row));

    private static TableFinding Of(StudyDataException fault, CheckSeverity severity, CheckKind kind) =>
        new(kind, severity, fault.Expected, fault.Kind == StudyDataFault.ZeroCount ? "When pooling, choose a rule for zero cells, or a method that needs none" : "", fault.Row, fault.Study, fault.Column, fault.Value);
}
