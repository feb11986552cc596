using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

public sealed partial class StudyTable
{
    /// <summary>
    /// Effect sizes of any measure, computed from the columns that hold its ingredients: means and standard deviations, two-by-two tables, counts and
    /// so on. <see cref="EffectSizeCalculator.Inputs"/> tells what a measure needs. All other columns are carried along.
    /// </summary>
    /// <param name="measure">What to compute.</param>
    /// <param name="columns">The column for each ingredient, by the ingredient's name: <c>m1i</c>, <c>sd1i</c>, <c>ai</c> and so on.</param>
    /// <param name="label">What names a study; see <see cref="Correlations"/>.</param>
    /// <param name="effect">The column that tells several effects of one study apart; see <see cref="Correlations"/>.</param>
    /// <param name="options">Zero cells, variance formula, bias correction; the defaults if not said.</param>
    /// <exception cref="StudyDataException">A column or a value is missing or out of range, or two rows have one label (and one effect).</exception>
    /// <exception cref="ArgumentException">The measure is not computed from columns.</exception>
    /// <example><code>
    /// var effects = StudyTable.Read("trials.csv").EffectSizes(EffectMeasure.OddsRatio,
    ///     new Dictionary&lt;string, string> { ["ai"] = "events_t", ["bi"] = "none_t", ["ci"] = "events_c", ["di"] = "none_c" });
    /// </code></example>
    public StudyEffects EffectSizes(EffectMeasure measure, IReadOnlyDictionary<string, string> columns, StudyLabel? label = null,
        string? effect = null, EffectSizeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var names = new RowNames(this, label, effect);
        var places = columns.ToDictionary(c => c.Key, c => IndexOf(c.Value));
        var rows = new IReadOnlyDictionary<string, double>[Count];
        var ofAlpha = places.ContainsKey("mi") && places.ContainsKey("ai");
        foreach (var (ingredient, column) in places)
        {
            if (Counts.Contains(ingredient, StringComparer.Ordinal) && !(ofAlpha && ingredient == "ai")) RefuseThousands(column, names);
        }
        foreach (var place in places.Values) RefuseTexts(place, "must be a number", names);
        var faults = new CellFaults();
        for (var i = 0; i < Count && !faults.AreEnough; i++)
        {
            var row = new Dictionary<string, double>(places.Count);
            foreach (var (ingredient, place) in places)
            {
                try
                {
                    row[ingredient] = Needed(place, i, "must be a number", names);
                }
                catch (StudyDataException fault) when (faults.Takes(fault))
                {
                    // All of them are thrown together below.
                }
            }
            rows[i] = row;
        }
        if (faults.Any) RowFaults(i => rows[i] is { } row && row.Count == places.Count);
        faults.ThrowIfAny();
        try
        {
            var effects = EffectSizeCalculator.Compute(measure, rows, names.Labels, options);
            var carried = Columns.Where(c => !columns.Values.Contains(c.Name)).ToList();
            if (effects.Any(e => e.Note is not null)) carried.Add(StudyColumn.OfTexts(NoteName(carried), effects.Select(e => e.Note)));
            var ingredients = places.Keys.Select(name => StudyColumn.OfNumbers(name, rows.Select(r => (double?)r[name]))).ToList();
            return Shared(StudyEffects.Create(effects, names.Labels, null, carried, Origin).WithIngredients(ingredients), names);
        }
        catch (StudyDataException fault) when (fault.Row is { } row && fault.Column is { } input)
        {
            RowFaults(_ => true);
            faults.ThrowIfAny();
            throw Placed(fault, row - 1);
        }

        // The calculator counts rows and knows ingredients; the reader of the message has lines and columns of a file.
        StudyDataException Placed(StudyDataException fault, int row) => fault.At(_lines[row], names.Labels[row], fault.Column is { } input && columns.TryGetValue(input, out var column) ? column : fault.Column, _file);

        void RowFaults(Func<int, bool> isWhole)
        {
            for (var i = 0; i < Count && !faults.AreEnough; i++)
            {
                if (!isWhole(i)) continue;
                try
                {
                    _ = EffectSizeCalculator.Compute(measure, rows[i], options);
                }
                catch (StudyDataException fault) when (faults.Takes(Placed(fault, i)))
                {
                    // As above.
                }
            }
        }
    }

    private static readonly string[] Counts = ["ai", "bi", "ci", "di", "n1i", "n2i", "ni", "xi", "x1i", "x2i"];

    /// <summary>What was added to zero cells or approximated goes along as a column, so that tables and hovers show it.</summary>
    private static string NoteName(List<StudyColumn> columns)
    {
        var name = "note";
        for (var i = 2; columns.Exists(c => c.Name == name); i++) name = string.Create(CultureInfo.InvariantCulture, $"note {i}");
        return name;
    }
}
