using System.Collections.Immutable;
using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

public sealed partial class StudyTable
{
    private const int MostChoices = 6;

    /// <summary>What the names of the columns, and where they leave doubt the values, say about what can be pooled.</summary>
    /// <param name="said">Columns that are known already, by ingredient; every reading has them.</param>
    /// <exception cref="StudyDataException">A column that is said does not exist.</exception>
    public TableRecognition Recognise(IReadOnlyDictionary<string, string>? said = null)
    {
        said ??= ImmutableDictionary<string, string>.Empty;
        foreach (var column in said.Values) _ = IndexOf(column);
        var found = new List<ColumnReading>();
        foreach (var recogniser in Recognisers.All) found.AddRange(Match(recogniser, said));
        // A table of means before and after is no table of correlations, though it has r and n.
        found.RemoveAll(reading => found.Exists(other => other.Seen.IsProperSupersetOf(reading.Seen)));
        // With yi and vi a column named d is no effect.
        found.RemoveAll(reading => reading.IsGiven && ColumnNames.Given(reading.Columns["yi"]) != "yi" && found.Exists(other => other.IsGiven && ColumnNames.Given(other.Columns["yi"]) == "yi" && Names(other).Overlaps(Names(reading))));
        AskWhereSpreadsDisagree(found);
        var kept = new List<ColumnReading>();
        foreach (var reading in found)
        {
            // Of two sure ways to one measure the first will do; a doubtful reading stands for a question.
            if (reading.Doubt.Length > 0 ? kept.Exists(other => other.Measure == reading.Measure && Names(other).SetEquals(Names(reading)))
                : kept.Exists(other => other.Measure == reading.Measure && other.Doubt.Length == 0)) continue;
            kept.Add(reading);
        }
        // Effects in general are what is left where no name says more.
        if (kept.Count > 1) kept.RemoveAll(reading => reading.Measure == EffectMeasure.Generic && reading.Doubt.Length == 0 && kept.Exists(other => other.Measure != EffectMeasure.Generic && other.IsGiven && Names(other).Overlaps(Names(reading)) && other.Columns["yi"] == reading.Columns["yi"]));
        return new TableRecognition { Readings = [.. kept], Lacking = kept.Count == 0 ? Nearest() : "" };

        static HashSet<string> Names(ColumnReading reading) => [.. reading.Columns.Values];
    }

    /// <summary>The effects of what <see cref="Recognise"/> finds without doubt.</summary>
    /// <param name="label">What names a study; see <see cref="Correlations"/>.</param>
    /// <param name="effect">The column that tells several effects of one study apart; see <see cref="Correlations"/>.</param>
    /// <param name="options">Zero cells, variance formula, bias correction; the defaults if not said.</param>
    /// <exception cref="StudyDataException">Nothing is recognised, or more than one reading is possible; the message lists the calls to choose from. Or a value is missing or out of range.</exception>
    /// <example><code>
    /// var effects = StudyTable.Parse("study,or,lower,upper\nA,1.50,0.75,3.00\nB,2.00,1.00,4.00\n").Effects();
    /// </code></example>
    public StudyEffects Effects(StudyLabel? label = null, string? effect = null, EffectSizeOptions? options = null)
    {
        var found = Recognise();
        return found.Reading is { } reading ? Effects(reading, label, effect, options) : throw new StudyDataException(
            found.Question, file: _file, kind: found.Readings.IsEmpty ? StudyDataFault.NotRecognised : StudyDataFault.SeveralReadings)
        {
            Choices = found.Readings.IsEmpty ? [.. Columns.Select(c => c.Name)] : [.. found.Readings.Select(r => r.Call)],
        };
    }

    /// <summary>The effects of one reading of the columns.</summary>
    /// <param name="reading">The reading, one of <see cref="Recognise"/> or with another of its measures.</param>
    /// <param name="label">What names a study; see <see cref="Correlations"/>.</param>
    /// <param name="effect">The column that tells several effects of one study apart; see <see cref="Correlations"/>.</param>
    /// <param name="options">Zero cells, variance formula, bias correction; the defaults if not said.</param>
    /// <param name="n">The column of sample sizes of effects that are given as they are, if there is one.</param>
    /// <param name="intervalLevel">The confidence level of intervals, if that is what the effects come with.</param>
    /// <exception cref="StudyDataException">A column or a value is missing or out of range, or two rows have one label (and one effect).</exception>
    public StudyEffects Effects(ColumnReading reading, StudyLabel? label = null, string? effect = null, EffectSizeOptions? options = null, string? n = null, double intervalLevel = 0.95)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var columns = reading.Columns;
        if (reading.IsInterval) return EffectsFromIntervals(columns["yi"], columns["lower"], columns["upper"], reading.Measure, label, effect, intervalLevel, reading.IsAsShown, n);
        if (reading.IsGiven) return Effects(columns["yi"], columns.GetValueOrDefault("vi"), columns.GetValueOrDefault("sei"), label, effect, n, reading.Measure);
        var keepsSizes = reading.Measure == EffectMeasure.FisherZ || reading.Measure == EffectMeasure.Correlation || reading.Measure == EffectMeasure.BiasCorrectedCorrelation;
        return keepsSizes && columns.Count == 2 && columns.ContainsKey("ri") && (options is null || options == new EffectSizeOptions())
            ? Correlations(columns["ri"], columns["ni"], label, effect, reading.Measure)
            : EffectSizes(reading.Measure, columns, label, effect, options);
    }

    /// <summary>The columns that may hold an ingredient, by the names that any kind of table has for it; the ingredient's own name first.</summary>
    /// <param name="ingredient">For example <c>n1i</c>.</param>
    public IReadOnlyList<string> ColumnsFor(string ingredient)
    {
        ArgumentNullException.ThrowIfNull(ingredient);
        string[] names = [ingredient, ingredient.TrimEnd('i'), .. Recognisers.All.SelectMany(r => r.Slots).Where(s => s.Key == ingredient).SelectMany(s => s.Names)];
        var found = Columns.Select(c => c.Name).Where(name => names.Contains(ColumnNames.Plain(name), StringComparer.Ordinal)).ToList();
        if (found.Count == 0 && ingredient == "ni") found = [.. Columns.Where(AreCountsOfPeople).Select(c => c.Name)];
        return found.Contains(ingredient) ? [ingredient] : found;
    }

    internal bool NoneAbove(string column, string limit)
    {
        var (values, limits) = (Columns[IndexOf(column)], Columns[IndexOf(limit)]);
        if (!values.IsNumeric || !limits.IsNumeric) return true;
        // A slip in one row or in a few makes no other kind of table: it is the row that has to be named.
        return Enumerable.Range(0, Count).Count(i => values.Number(i) > limits.Number(i)) <= (Count < 3 ? 0 : Math.Max(1, Count / 10));
    }

    /// <summary>The kind of table of which one column lacks: "correlations with sample sizes: no column for ni".</summary>
    private string Nearest()
    {
        var best = Recognisers.All.Select(r => (Kind: r, Lacking: r.Slots.Where(s => Candidates(s).Count == 0).ToList()))
            .Where(r => r.Lacking.Count == 1 && r.Lacking[0] != r.Kind.Slots[0]).OrderByDescending(r => r.Kind.Slots.Count).FirstOrDefault();
        return best.Kind is null ? "" : $"{best.Kind.Meaning}: no column for {best.Lacking[0].Key}";
    }

    private IEnumerable<ColumnReading> Match(Recogniser recogniser, IReadOnlyDictionary<string, string> said)
    {
        List<ImmutableDictionary<string, string>> matches = [ImmutableDictionary.Create<string, string>(StringComparer.Ordinal)];
        foreach (var slot in recogniser.Slots)
        {
            IReadOnlyList<string> columns = said.TryGetValue(slot.Key, out var known) ? [known] : Candidates(slot);
            matches = [.. matches.SelectMany(match => columns.Where(c => !match.ContainsValue(c)).Select(c => match.Add(slot.Key, c)))];
            if (matches.Count is 0 or > MostChoices) return [];
        }
        matches.RemoveAll(match => !recogniser.Holds(this, match));
        // A name that two columns could have is a doubt.
        var open = matches.Count > 1 ? recogniser.Slots.First(s => matches.Select(m => m[s.Key]).Distinct().Count() > 1) : null;
        var doubt = open is null ? recogniser.Doubt
            : OneOf([.. matches.Select(m => m[open.Key]).Distinct()], open.Key) + (recogniser.Doubt.Length > 0 ? $"; {recogniser.Doubt}" : "");
        return matches.SelectMany(match => (doubt.Length > 0 ? recogniser.Ways : recogniser.Ways.Take(1)).Select(way => new ColumnReading
        {
            Meaning = recogniser.Meaning,
            Measure = EffectMeasure.FromCode(way.Measure),
            Columns = way.Ingredients.Select(i => i.Split('=')).ToImmutableSortedDictionary(i => i[0], i => match[i[^1]], StringComparer.Ordinal),
            Seen = [.. match.Values],
            IsAsShown = recogniser.AsShown,
            OtherMeasures = doubt.Length > 0 ? [] : [.. recogniser.Ways.Skip(1).Select(w => EffectMeasure.FromCode(w.Measure))],
            Doubt = doubt,
        }).ToList());
    }

    /// <summary>That several columns could be one ingredient; those of one name in the file are told apart by their places.</summary>
    private string OneOf(string[] columns, string ingredient) => columns.Select(c => ColumnNames.InFile(c, IndexOf(c))).Distinct().ToArray() is [var name] && columns.Length > 1 && columns[0] != name
        ? $"{string.Join(" and ", columns.Select(c => $"\"{c}\""))}, {(columns.Length == 2 ? "both" : "all")} named \"{name}\" in the file, could each be {ingredient}"
        : $"{string.Join(" and ", columns)} could each be {ingredient}";

    /// <summary>The columns of a name: those of the very name of the ingredient before others, and those with a number appended (LOR1) where there is no other.</summary>
    private List<string> Candidates(Slot slot)
    {
        var meant = Columns.Where(c => (c.IsNumeric || _faults.ContainsKey(c.Name)) && Suits(c, slot.Values) && HasValue(c)).Select(c => c.Name).ToList();
        var found = meant.Where(name => (ColumnNames.Given(name) is var given && given == slot.Key && given is not ("yi" or "vi" or "sei")) || slot.Names.Contains(ColumnNames.Plain(name), StringComparer.Ordinal)).ToList();
        if (found.Count == 0 && slot.Key is "yi" or "vi" or "sei")
        {
            found = [.. meant.Where(name => ColumnNames.Plain(name).TrimEnd(['1']) is { Length: > 1 } stem && slot.Names.Contains(stem, StringComparer.Ordinal))];
        }
        if (found.Count == 0 && slot.Key == "ni") found = [.. meant.Where(name => AreCountsOfPeople(Columns[IndexOf(name)]))];
        return found.Contains(slot.Key) ? [slot.Key] : found;
    }

    /// <summary>Numbers of people by their name and their values: 1 and 0 say whether there are students.</summary>
    private static bool AreCountsOfPeople(StudyColumn column)
    {
        if (!column.IsNumeric || !ColumnNames.People.Contains(ColumnNames.Plain(column.Name), StringComparer.Ordinal) || !Suits(column, SlotValues.Counts)) return false;
        double[] known = [.. Enumerable.Range(0, column.Count).Select(column.Number).OfType<double>()];
        return 2 * known.Count(x => x >= 4) > known.Length;
    }

    /// <summary>A column that is empty in all rows, as after a choice of rows, holds nothing of what its name says.</summary>
    private static bool HasValue(StudyColumn column) => Enumerable.Range(0, column.Count).Any(i => column.Text(i) is not null);

    /// <summary>Most values decide: a slip of the pen in one row is a fault of that row, and does not make a column of counts something else.</summary>
    private static bool Suits(StudyColumn column, SlotValues values)
    {
        if (values == SlotValues.Numbers || !column.IsNumeric) return true;
        var (suiting, known) = (0, 0);
        for (var i = 0; i < column.Count; i++)
        {
            if (column.Number(i) is not { } x) continue;
            known++;
            if (values == SlotValues.Counts ? x >= 0 && (x == Math.Floor(x) || x > 1) : x < 1) suiting++;
        }
        return 2 * suiting > known || (2 * suiting == known && known == 2);
    }

    /// <summary>Variances that are not the squares of the standard errors beside them: one of the two columns is not what its name says.</summary>
    private void AskWhereSpreadsDisagree(List<ColumnReading> found)
    {
        for (var a = 0; a < found.Count; a++)
        {
            if (!found[a].Columns.TryGetValue("vi", out var vi)) continue;
            var b = found.FindIndex(other => other.Measure == found[a].Measure && other.Columns.ContainsKey("sei") && other.Columns["yi"] == found[a].Columns["yi"]);
            if (b < 0) continue;
            var sei = found[b].Columns["sei"];
            var (v, s) = (IndexOf(vi), IndexOf(sei));
            if (!Columns[v].IsNumeric || !Columns[s].IsNumeric) continue;
            var row = Enumerable.Range(0, Count).FirstOrDefault(i => Columns[v].Number(i) is { } x && Columns[s].Number(i) is { } y && !IsSquare(x, y, v, s, i), -1);
            if (row < 0) continue;
            var same = Enumerable.Range(0, Count).All(i => Columns[v].Number(i) == Columns[s].Number(i));
            var doubt = string.Create(CultureInfo.InvariantCulture, $"in row {_lines[row]} the variance {vi} = {_cells[v][row]} is not the square of the standard error {sei} = {_cells[s][row]}")
                + (same ? ": both columns are the same, and one has the wrong name" : "");
            (found[a], found[b]) = (found[a] with { Doubt = doubt }, found[b] with { Doubt = doubt });
        }
    }

    /// <summary>Within what rounding of the digits given allows.</summary>
    private bool IsSquare(double v, double s, int vColumn, int sColumn, int row)
    {
        var (hv, hs) = (HalfUnit(vColumn, row), HalfUnit(sColumn, row));
        return v + hv >= Math.Max(0, s - hs) * Math.Max(0, s - hs) * (1 - 1e-6) && v - hv <= (s + hs) * (s + hs) * (1 + 1e-6);
    }

    /// <summary>Half a unit of the last digit of a cell.</summary>
    private double HalfUnit(int column, int row)
    {
        var cell = _cells[column][row].AsSpan();
        var power = cell.IndexOfAny('e', 'E');
        var exponent = power < 0 ? 0 : int.Parse(cell[(power + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (power >= 0) cell = cell[..power];
        var mark = cell.IndexOf(_mark);
        return 0.5 * Math.Pow(10, exponent - (mark < 0 ? 0 : cell.Length - mark - 1));
    }
}
