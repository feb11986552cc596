using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

public sealed partial class StudyTable
{
    /// <summary>How far from the middle, as a share of half the interval, an estimate may lie beyond rounding before it is a fault.</summary>
    private const double ToleratedAsymmetry = 0.1;

    /// <summary>
    /// Effects that are reported with confidence intervals: se = (upper - lower) / (2z) on the scale that is pooled, for ratios that of the logarithm. Each estimate must lie in the middle of its
    /// interval there, within what the digits given allow: one that does not is on another scale, has another level or a slip of the pen. Where it lies aside by no more than a tenth of half the
    /// interval, as exact and bootstrap intervals do, it is taken and said in the column <c>note</c>. Source: Cochrane Handbook 6.4, sections 6.3.1 and 6.3.2. When not to use it: where standard
    /// errors are reported, which have more digits.
    /// </summary>
    /// <param name="estimate">The column of estimates.</param>
    /// <param name="lower">The column of lower limits.</param>
    /// <param name="upper">The column of upper limits.</param>
    /// <param name="measure">What the estimates measure; <see cref="EffectMeasure.Generic"/> if not said.</param>
    /// <param name="label">What names a study; see <see cref="Correlations"/>.</param>
    /// <param name="effect">The column that tells several effects of one study apart; see <see cref="Correlations"/>.</param>
    /// <param name="level">The confidence level of the intervals, in (0, 1).</param>
    /// <param name="asShown">True where estimates and limits are on the scale that is shown (an odds ratio), false where they are on the pooled one (its logarithm).</param>
    /// <param name="n">The column of sample sizes, whole numbers of at least 1, if there is one.</param>
    /// <exception cref="StudyDataException">A column or a value is missing, a ratio is not positive, limits are in the wrong order, or an estimate does not lie in the middle.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level lies outside (0, 1).</exception>
    /// <example><code>
    /// var table = StudyTable.Parse("study,hr,low,high\nA,1.50,0.75,3.00\nB,2.00,1.00,4.00\n");
    /// var fit = RandomEffects.Fit(table.EffectsFromIntervals("hr", "low", "high", EffectMeasure.HazardRatio));
    /// </code></example>
    public StudyEffects EffectsFromIntervals(string estimate, string lower, string upper, EffectMeasure? measure = null, StudyLabel? label = null, string? effect = null, double level = 0.95,
        bool asShown = true, string? n = null)
    {
        measure ??= EffectMeasure.Generic;
        if (level is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "The level of an interval lies between 0 and 1.");
        // The half-width of a standard normal interval, taken from the one place that knows quantiles.
        var z = new EffectSize(0, 1, EffectMeasure.Generic).Interval(level).Upper;
        Func<double, double> scale = asShown ? measure.FromDisplay : static x => x;
        var names = new RowNames(this, label, effect);
        var (e, l, u) = (IndexOf(estimate), IndexOf(lower), IndexOf(upper));
        var size = n is null ? -1 : IndexOf(n);
        var (yi, vi, notes) = (new double[Count], new double[Count], new string?[Count]);
        var sizes = n is null ? null : new int[Count];
        foreach (var (column, what) in new[] { (e, "an estimate"), (l, "the lower limit of an interval"), (u, "the upper limit of an interval") }) RefuseTexts(column, $"must be {what}, a finite number", names);
        if (size >= 0) RefuseTexts(size, "must be a sample size, a whole number of people", names);
        var faults = new CellFaults();
        var areNumbers = Columns[e].IsNumeric && Columns[l].IsNumeric && Columns[u].IsNumeric;
        for (var i = 0; i < Count && !faults.AreEnough; i++)
        {
            var (y, lowest, highest) = (Try(e, i, "an estimate"), Try(l, i, "the lower limit of an interval"), Try(u, i, "the upper limit of an interval"));
            try
            {
                if (sizes is not null) sizes[i] = SampleSize(size, i, 1, "an effect comes from somebody", names);
                if (areNumbers && y is { } estimated && lowest is { } low && highest is { } high) Agree(i, estimated, low, high);
            }
            catch (StudyDataException fault) when (faults.Takes(fault))
            {
                // All of them are thrown together below.
            }
        }
        faults.ThrowIfAny();
        string?[] taken = [estimate, lower, upper, n];
        List<StudyColumn> carried = [.. Columns.Where(c => !taken.Contains(c.Name))];
        if (notes.Any(note => note is not null)) carried.Add(StudyColumn.OfTexts(NoteName(carried), notes));
        return Shared(StudyEffects.Create(yi, vi, measure, names.Labels, sizes, carried, Origin), names);

        double? Try(int column, int row, string what)
        {
            try
            {
                return OnScale(column, row, what);
            }
            catch (StudyDataException fault) when (faults.Takes(fault))
            {
                return null;
            }
        }

        // The estimate lies in the middle of its interval.
        void Agree(int i, double estimated, double low, double high)
        {
            yi[i] = estimated;
            if (!(low < high)) throw Fault(u, i, $"must be above the lower limit {_cells[l][i]}", names);
            vi[i] = (high - low) / (2 * z) * ((high - low) / (2 * z));
            if (!(vi[i] > 0) || !double.IsFinite(vi[i])) throw Fault(u, i, "must be the limit of an interval with a positive, finite width", names);
            var away = Math.Abs(yi[i] - (low + high) / 2) - Slack(e, i, scale) - (Slack(l, i, scale) + Slack(u, i, scale)) / 2;
            if (away > 1e-9 * (high - low))
            {
                var middle = asShown ? measure.ToDisplay((low + high) / 2) : (low + high) / 2;
                var place = $"the middle of its interval [{_cells[l][i]}, {_cells[u][i]}]{(asShown && measure.IsTransformed ? $" on the scale of {measure.AnalysisSymbol}" : "")}, "
                    + middle.ToString("G4", CultureInfo.InvariantCulture);
                if (away > ToleratedAsymmetry * (high - low) / 2)
                {
                    throw new StudyDataException($"must lie at {place}: another scale, another level, or a slip of the pen", _cells[e][i], _lines[i], names.Labels[i], estimate, _file,
                        StudyDataFault.Disagreement);
                }
                notes[i] = $"The estimate {_cells[e][i]} lies aside of {place}.";
            }
        }

        double OnScale(int column, int row, string what)
        {
            var value = Needed(column, row, $"must be {what}, a finite number", names);
            var pooled = scale(value);
            return double.IsFinite(pooled) ? pooled
                : throw Fault(column, row, $"must be {what} that {measure.Symbol} can have, " + (double.IsFinite(measure.DisplayMaximum)
                    ? string.Create(CultureInfo.InvariantCulture, $"between {measure.DisplayMinimum} and {measure.DisplayMaximum}, both excluded")
                    : string.Create(CultureInfo.InvariantCulture, $"above {measure.DisplayMinimum}")), names);
        }
    }

    /// <summary>True where every estimate lies in the middle of its interval on a scale, within rounding.</summary>
    internal bool IsMiddle(IReadOnlyDictionary<string, string> columns, Func<double, double> scale)
    {
        var (e, l, u) = (IndexOf(columns["yi"]), IndexOf(columns["lower"]), IndexOf(columns["upper"]));
        if (!Columns[e].IsNumeric || !Columns[l].IsNumeric || !Columns[u].IsNumeric) return true;
        for (var i = 0; i < Count; i++)
        {
            if (Columns[e].Number(i) is not { } y || Columns[l].Number(i) is not { } low || Columns[u].Number(i) is not { } high) continue;
            var (a, b, c) = (scale(y), scale(low), scale(high));
            if (!double.IsFinite(a + b + c)) return false;
            if (Math.Abs(a - (b + c) / 2) > Slack(e, i, scale) + (Slack(l, i, scale) + Slack(u, i, scale)) / 2 + ToleratedAsymmetry * Math.Abs(c - b) / 2) return false;
        }
        return true;
    }

    /// <summary>What half a unit of the last digit is on a scale.</summary>
    private double Slack(int column, int row, Func<double, double> scale)
    {
        var (value, half) = (Columns[column].Number(row)!.Value, HalfUnit(column, row));
        var (up, down) = (scale(value + half) - scale(value), scale(value) - scale(value - half));
        return double.IsFinite(up) && double.IsFinite(down) ? Math.Max(Math.Abs(up), Math.Abs(down)) : double.IsFinite(up) ? Math.Abs(up) : double.IsFinite(down) ? Math.Abs(down) : 0;
    }

}
