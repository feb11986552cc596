using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

public sealed partial class StudyTable
{
    private const double LargestSample = int.MaxValue;

    /// <summary>
    /// Effect sizes from a column of correlations r and a column of sample sizes n. All other columns are carried along, so
    /// that they can be clusters, subgroups and moderators.
    /// </summary>
    /// <param name="r">The column of correlations, each in (-1, 1). May be left out where the table knows it, as the bundled
    /// data sets do.</param>
    /// <param name="n">The column of sample sizes: whole numbers of people, at least 4 (5 for the bias-corrected correlation).
    /// As with <paramref name="r"/>, a table may know it.</param>
    /// <param name="label">What names a study: a column, or a pattern such as <c>"{authors} ({year})"</c>. If not said, what
    /// the table knows, or else what <see cref="StudyLabel.Guess"/> finds without doubt.</param>
    /// <param name="effect">The column that tells several effects of one study apart. With it a label is followed by the
    /// effect: <c>Sample 01, effect 2</c>.</param>
    /// <param name="measure"><see cref="EffectMeasure.FisherZ"/> (if not said), <see cref="EffectMeasure.Correlation"/> or
    /// <see cref="EffectMeasure.BiasCorrectedCorrelation"/>.</param>
    /// <exception cref="StudyDataException">A column is missing, a value is missing or out of range, or two rows have one label
    /// (and one effect).</exception>
    /// <exception cref="ArgumentException">The measure is not one of correlations.</exception>
    /// <example><code>
    /// var effects = StudyTable.Read("studies.csv").Correlations(r: "ri", n: "ni", label: "{authors} ({year})");
    /// </code></example>
    public StudyEffects Correlations(string? r = null, string? n = null, StudyLabel? label = null, string? effect = null,
        EffectMeasure? measure = null)
    {
        measure ??= EffectMeasure.FisherZ;
        Func<double, double, EffectSize> compute =
            measure == EffectMeasure.FisherZ ? MetaAnalysis.Correlations.FisherZ
            : measure == EffectMeasure.Correlation ? MetaAnalysis.Correlations.Raw
            : measure == EffectMeasure.BiasCorrectedCorrelation ? (r1, n1) => MetaAnalysis.Correlations.BiasCorrected(r1, n1)
            : throw new ArgumentException($"{measure.Code} is not a measure of correlations; take FisherZ, Correlation or BiasCorrectedCorrelation.",
                nameof(measure));
        var known = CorrelationColumns;
        r ??= known?.R ?? throw NotSaid("correlations");
        n ??= known?.N ?? throw NotSaid("sample sizes");
        var names = new RowNames(this, label ?? known?.Label, effect ?? known?.Effect);

        var (ri, ni) = (IndexOf(r), IndexOf(n));
        var sizes = new int[Count];
        var effects = new EffectSize[Count];
        var (least, because) =
            measure == EffectMeasure.FisherZ ? (4, "Fisher's z has the variance 1 / (n - 3)")
            : measure == EffectMeasure.Correlation ? (4, "fewer people give no usable correlation")
            : (5, "the bias correction needs more than four people");
        RefuseTexts(ri, "must be a correlation between -1 and 1, both excluded", names);
        RefuseTexts(ni, "must be a sample size, a whole number of people", names);
        var faults = new CellFaults();
        for (var i = 0; i < Count && !faults.AreEnough; i++)
        {
            double correlation = 0;
            try
            {
                correlation = Needed(ri, i, "must be a correlation between -1 and 1, both excluded", names);
                if (correlation is not (> -1 and < 1)) throw Fault(ri, i, "must be a correlation between -1 and 1, both excluded", names);
            }
            catch (StudyDataException fault) when (faults.Takes(fault))
            {
                // All of them are thrown together below.
            }
            try
            {
                sizes[i] = SampleSize(ni, i, least, because, names);
            }
            catch (StudyDataException fault) when (faults.Takes(fault))
            {
                // As above.
            }
            if (!faults.Any) effects[i] = compute(correlation, sizes[i]);
        }
        faults.ThrowIfAny();
        return Shared(StudyEffects.Create(effects, names.Labels, sizes, [.. Columns.Where(c => c.Name != r && c.Name != n)], Origin), names);
    }

    /// <summary>Effects that have been computed already, with their sampling variances or standard errors.</summary>
    /// <param name="yi">The column of effects y, on the scale that is pooled.</param>
    /// <param name="vi">The column of sampling variances v, positive. Either this or <paramref name="sei"/>.</param>
    /// <param name="sei">The column of standard errors, positive; v is their square. Either this or
    /// <paramref name="vi"/>.</param>
    /// <param name="label">What names a study; see <see cref="Correlations"/>.</param>
    /// <param name="effect">The column that tells several effects of one study apart; see <see cref="Correlations"/>.</param>
    /// <param name="n">The column of sample sizes, whole numbers of at least 1, if there is one.</param>
    /// <param name="measure">What the effects measure; <see cref="EffectMeasure.Generic"/> if not said.</param>
    /// <exception cref="StudyDataException">A column is missing, a value is missing or out of range, or two rows have one label
    /// (and one effect).</exception>
    /// <exception cref="ArgumentException">Not exactly one of <paramref name="vi"/> and <paramref name="sei"/> is
    /// given.</exception>
    /// <example><code>
    /// var effects = StudyTable.Read("trials.csv").Effects(yi: "d", sei: "se", label: "trial");
    /// </code></example>
    public StudyEffects Effects(string yi, string? vi = null, string? sei = null, StudyLabel? label = null, string? effect = null,
        string? n = null, EffectMeasure? measure = null)
    {
        ArgumentNullException.ThrowIfNull(yi);
        if (vi is null == sei is null)
        {
            throw new ArgumentException("Give either vi, the column of variances, or sei, the column of standard errors.");
        }
        var names = new RowNames(this, label, effect);
        var (y, v) = (IndexOf(yi), IndexOf(vi ?? sei!));
        var size = n is null ? -1 : IndexOf(n);
        var effects = new double[Count];
        var variances = new double[Count];
        var sizes = n is null ? null : new int[Count];
        var expected = vi is null ? "must be a positive, finite standard error" : "must be a positive, finite variance";
        RefuseTexts(y, "must be an effect, a finite number", names);
        RefuseTexts(v, expected, names);
        if (size >= 0) RefuseTexts(size, "must be a sample size, a whole number of people", names);
        var faults = new CellFaults();
        for (var i = 0; i < Count && !faults.AreEnough; i++)
        {
            try
            {
                effects[i] = Needed(y, i, "must be an effect, a finite number", names);
            }
            catch (StudyDataException fault) when (faults.Takes(fault))
            {
                // All of them are thrown together below.
            }
            try
            {
                var spread = Needed(v, i, expected, names);
                variances[i] = vi is null ? spread * spread : spread;
                if (!(spread > 0) || !(variances[i] > 0) || !double.IsFinite(variances[i])) throw Fault(v, i, expected, names);
            }
            catch (StudyDataException fault) when (faults.Takes(fault))
            {
                // As above.
            }
            try
            {
                if (sizes is not null) sizes[i] = SampleSize(size, i, 1, "an effect comes from somebody", names);
            }
            catch (StudyDataException fault) when (faults.Takes(fault))
            {
                // As above.
            }
        }
        faults.ThrowIfAny();
        string?[] taken = [yi, vi, sei, n];
        return Shared(StudyEffects.Create(effects, variances, measure, names.Labels, sizes, [.. Columns.Where(c => !taken.Contains(c.Name))], Origin), names);
    }

    private int SampleSize(int column, int row, int least, string because, RowNames names)
    {
        RefuseThousands(column, names);
        var size = Needed(column, row, "must be a sample size, a whole number of people", names);
        if (size > LargestSample) throw Fault(column, row, "must be a sample size of at most 2147483647 people", names);
        if (size != Math.Floor(size)) throw Fault(column, row, "must be a sample size, a whole number of people", names);
        return size >= least
            ? (int)size
            : throw Fault(column, row, string.Create(CultureInfo.InvariantCulture, $"must be a sample size of at least {least}: {because}"), names);
    }

    /// <summary>Refuses a column of texts, or without any value: none of its cells is wrong by itself, and the first stands for all.</summary>
    private void RefuseTexts(int column, string expected, RowNames names)
    {
        if (Columns[column].IsNumeric) return;
        if (_faults.TryGetValue(Columns[column].Name, out var fault))
        {
            if (IsOfCells(fault)) return;
            throw fault.At(fault.Row, fault.Study, fault.Column, fault.File);
        }
        for (var i = 0; i < Count; i++)
        {
            if (!IsMissing(column, i)) throw Fault(column, i, expected, names);
        }
        _ = Needed(column, 0, expected, names);
    }

    /// <summary>The number in a cell that an analysis cannot do without.</summary>
    private double Needed(int column, int row, string expected, RowNames names)
    {
        if (IsMissing(column, row)) throw Fault(column, row, expected + "; it is missing, and the analysis needs it", names);
        if (Columns[column].IsNumeric) return Columns[column].Number(row)!.Value;
        if (!_faults.TryGetValue(Columns[column].Name, out var fault)) throw Fault(column, row, expected, names);
        // Of a column with a wrong cell each cell is looked at by itself; what nobody can settle is a fault of all.
        if (FaultAt(column, row) is { } wrong) throw wrong.At(_lines[row], names.Labels[row], Columns[column].Name, _file);
        return NumberText.Read(_cells[column][row], _mark) is { Look: NumberLook.Number } read ? read.Value : throw fault.At(fault.Row, fault.Study, fault.Column, fault.File);
    }

    /// <summary>What is wrong with one cell of a column that would else be numbers; null where it is a number or not known, and where the column's fault is no cell's.</summary>
    private StudyDataException? FaultAt(int column, int row)
    {
        if (IsMissing(column, row) || !_faults.TryGetValue(Columns[column].Name, out var fault) || !IsOfCells(fault)) return null;
        return NumberText.Read(_cells[column][row], _mark).Look == NumberLook.Number ? null : StudyTableReader.NoNumber(_cells[column][row], _mark);
    }

    /// <summary>False where all cells could be numbers, and nobody can settle which: 1.000 may be 1 or a thousand.</summary>
    private bool IsOfCells(StudyDataException fault) => CellFaults.IsOfCell(fault) && NumberText.Read(fault.Value ?? "", _mark).Look != NumberLook.Number;

    /// <summary>True where some cells of a column that would else be numbers are wrong, and the others are read.</summary>
    internal bool HasWrongCells(string column) => _faults.TryGetValue(column, out var fault) && IsOfCells(fault);

    /// <summary>Every fault of a column that would else be numbers; none where there is none.</summary>
    internal IReadOnlyList<StudyDataException> FaultsOf(string column)
    {
        if (!_faults.TryGetValue(column, out var first)) return [];
        var place = IndexOf(column);
        var label = StudyLabel.Guess(Columns.Select(c => c.Name));
        var faults = new List<StudyDataException>();
        for (var i = 0; i < Count; i++)
        {
            var row = i;
            if (FaultAt(place, i) is { } fault) faults.Add(fault.At(_lines[i], label is null || label.Columns.Any(name => IsMissing(IndexOf(name), row)) ? null : label.At(i, name => _cells[IndexOf(name)][row]), column, _file));
        }
        return faults.Count == 0 ? [first.At(first.Row, first.Study, first.Column, first.File)] : faults;
    }

    private StudyDataException Fault(int column, int row, string expected, RowNames? names, StudyDataFault kind = StudyDataFault.Value) => new(expected, _cells[column][row],
        _lines[row], names?.Labels[row], Columns[column].Name, _file, kind);

    private StudyDataException NotSaid(string what, string method = nameof(Correlations)) =>
        new($"needs to be told which column holds the {what}", file: _file, kind: StudyDataFault.NotRecognised) { Option = method, Choices = [.. Columns.Select(c => c.Name)] };

    /// <summary>The effects with what the table knows of the studies they share; a row that sums up others is no study.</summary>
    private StudyEffects Shared(StudyEffects effects, RowNames names)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Count < 3 || !SummaryLabels.Contains(ColumnNames.Plain(names.Labels[i]), StringComparer.Ordinal)) continue;
            var sums = effects.HasSampleSizes && effects.SampleSizes[i] * 2L == effects.TotalSampleSize;
            throw new StudyDataException($"seems to sum up other rows{(sums ? $" (its sample size {StatisticText.Count(effects.SampleSizes[i])} is the sum of theirs)" : "")} and would count them twice; "
                + "delete the row, or give the study its name", names.Labels[i], _lines[i], file: _file, kind: StudyDataFault.SummaryRow);
        }
        var by = names.EffectsOf is { } label && Groups(label) is not null ? label : Naming() is { Sharing: [var outermost, ..] } ? outermost.By : null;
        return by is null || Groups(by) is not { } groups ? effects : effects.SharingStudies(by.Columns is [var column] ? column : by.ToString(), groups.Rows);
    }

    private static readonly string[] SummaryLabels = ["total", "totals", "overall", "pooled", "summary", "subtotal", "grandtotal", "sum", "allstudies", "combined", "gesamt", "insgesamt", "overalleffect",
        "pooledeffect", "totaleffect"];

    private readonly HashSet<int> _countsLookedAt = [];

    /// <summary>Refuses 1.000 and 1.200 in a column of counts that are else whole: read as they stand they are 1 and 1.2 people.</summary>
    private void RefuseThousands(int column, RowNames? names)
    {
        lock (_countsLookedAt)
        {
            if (!_countsLookedAt.Add(column)) return;
        }
        var cells = _cells[column];
        var thousands = 0;
        while (thousands < Count && !cells.LooksLikeThousands(thousands, _mark)) thousands++;
        if (thousands == Count || !Columns[column].IsNumeric) return;
        // All with the same three decimals, as some programs write whole numbers, is no question.
        var known = Enumerable.Range(0, Count).Where(i => !IsMissing(column, i)).ToList();
        if (known.TrueForAll(i => cells[i].EndsWith(_mark + "000", StringComparison.Ordinal))) return;
        if (!known.TrueForAll(i => cells.LooksLikeThousands(i, _mark) || Columns[column].Number(i) == Math.Floor(Columns[column].Number(i)!.Value))) return;
        lock (_countsLookedAt) _countsLookedAt.Remove(column);
        var cell = cells[thousands];
        throw Fault(column, thousands, $"is read as {Columns[column].Number(thousands)!.Value.ToString(CultureInfo.InvariantCulture)}, and looks like {cell.Replace(_mark.ToString(), "", StringComparison.Ordinal)} "
            + "with a separator of thousands; write the count without one", names, StudyDataFault.Thousands);
    }

    /// <summary>The labels of all rows, checked to tell the rows apart.</summary>
    private sealed class RowNames
    {
        public RowNames(StudyTable table, StudyLabel? label, string? effect)
        {
            Labels = new string[table.Count];
            label ??= StudyLabel.Guess(table.Columns.Select(c => c.Name)) ?? (effect is null ? table.Naming().Label : null) ?? throw new StudyDataException(
                $"does not show which column names the studies (exactly one of {StudyLabel.GuessedFrom} would)", file: table._file, kind: StudyDataFault.NoLabel)
            {
                Choices = [.. table.Columns.Select(c => c.Name)],
            };
            EffectsOf = effect is null && !label.NumbersRepeats || label.Columns.Count == 0 ? null : label;
            var places = label.Columns.ToDictionary(name => name, table.IndexOf);
            var key = effect is null ? -1 : table.IndexOf(effect);
            var first = new Dictionary<string, int>(StringComparer.Ordinal);
            var faults = new CellFaults();
            for (var i = 0; i < table.Count && !faults.AreEnough; i++)
            {
                var row = i;
                string study;
                try
                {
                    study = label.At(i, name => !table.IsMissing(places[name], row) ? table._cells[places[name]][row]
                        : label.IsOptional && name != label.Columns[0] ? "" : throw table.Fault(places[name], row, "must name the study", null));
                }
                catch (StudyDataException fault) when (faults.Takes(fault))
                {
                    // All of them are thrown together below.
                    continue;
                }
                Labels[i] = key < 0 ? study : Join(study, table, key, i);
                if (label.NumbersRepeats || first.TryAdd(Labels[i], i)) continue;
                var at = string.Create(CultureInfo.InvariantCulture, $"is the name of row {table._lines[first[Labels[i]]]} too");
                throw key < 0
                    ? new StudyDataException(at, Labels[i], table._lines[i], column: label.ToString(), file: table._file, kind: StudyDataFault.RepeatedLabel)
                    : new StudyDataException($"{at}; the pair of {label} and {effect} must be there once", Labels[i], table._lines[i], column: label.ToString(), file: table._file);
            }
            faults.ThrowIfAny();
            if (label.NumbersRepeats && key < 0) Number(Labels);
        }

        /// <summary>What names the studies, where the rows are effects of them.</summary>
        public StudyLabel? EffectsOf { get; }

        private static void Number(string[] labels)
        {
            var counts = labels.GroupBy(l => l, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
            var seen = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < labels.Length; i++)
            {
                if (counts[labels[i]] == 1) continue;
                var number = seen[labels[i]] = seen.GetValueOrDefault(labels[i]) + 1;
                labels[i] = string.Create(CultureInfo.InvariantCulture, $"{labels[i]}, effect {number}");
            }
        }

        public string[] Labels { get; }

        /// <summary>A number says little by itself: "effect 2". A text stands alone: "Smith 2011, symptoms".</summary>
        private static string Join(string study, StudyTable table, int key, int row)
        {
            var value = table._cells[key][row];
            if (table.IsMissing(key, row))
            {
                throw new StudyDataException("must tell the effects of one study apart", value, table._lines[row], study, table.Columns[key].Name,
                    table._file);
            }
            return table.Columns[key].IsNumeric ? $"{study}, {table.Columns[key].Name} {value}" : $"{study}, {value}";
        }
    }
}
