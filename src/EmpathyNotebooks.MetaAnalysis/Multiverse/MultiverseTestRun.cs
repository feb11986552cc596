using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The statistics of all specifications together.</summary>
internal readonly record struct MultiverseStatistics(double Median, double ShareSignificant, double Stouffer)
{
    /// <summary>Beyond this p is 0 in double precision.</summary>
    private const double LargestZ = 38;

    /// <summary>The sign of the median; 1 where it is 0.</summary>
    public static int DirectionOf(double[] estimates)
    {
        Array.Sort(estimates);
        return estimates[(estimates.Length - 1) / 2] + estimates[estimates.Length / 2] < 0 ? -1 : 1;
    }

    /// <param name="estimates">The estimates.</param>
    /// <param name="values">The same on the scale that they are compared by, less the null value; sorted here.</param>
    /// <param name="level">The level of the intervals.</param>
    /// <param name="direction">In which direction an effect was expected.</param>
    public static MultiverseStatistics Of(ReadOnlySpan<SpecificationEstimate> estimates, double[] values, double level, Alternative direction)
    {
        Array.Sort(values);
        var median = (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
        var side = direction switch { Alternative.Greater => 1, Alternative.Less => -1, _ => median < 0 ? -1 : 1 };
        int significant = 0, withP = 0;
        double sum = 0;
        foreach (var one in estimates)
        {
            var sign = Math.Sign(one.Estimate);
            if (sign == side && one.IsSignificant(level)) significant++;
            if (one.PValue is not { } p) continue;
            withP++;
            sum += sign * Math.Min(LargestZ, p >= 1 ? 0 : p <= 0 ? LargestZ : -Distributions.NormalQuantile(p / 2));
        }
        var z = withP == 0 ? 0 : sum / Math.Sqrt(withP);
        return direction == Alternative.TwoSided ? new(Math.Abs(median), significant / (double)estimates.Length, Math.Abs(z)) : new(side * median, significant / (double)estimates.Length, side * z);
    }
}

/// <summary>Computes all specifications of a part with other signs of the effects.</summary>
internal sealed class MultiverseTestRun
{
    // Another order of the same numbers may differ in the last digits.
    private const double Tolerance = 1e-9;

    /// <summary>The band is made of so many numbers at most.</summary>
    private const long MostKept = 20_000_000;

    private readonly MultiversePart _part;
    private readonly MultiverseTestOptions _options;
    private readonly MultiverseGrid _grid;
    private readonly bool[] _include;
    private readonly int[] _numbers;
    private readonly int[] _cells;
    private readonly int[]?[] _units;
    private readonly int _unitCount;
    private readonly string _unitName;
    private readonly int[]?[] _rows;
    private readonly ConcurrentBag<Outcome[]> _rooms = [];

    public MultiverseTestRun(MultiversePart part, MultiverseTestOptions options)
    {
        (_part, _options, _grid) = (part, options, part.Result.Grid);
        if (!part.Measure.HasNullValue) throw new ImpossibleChoiceException($"No value of {part.Measure.Name} means no effect, so that there is nothing to test a multiverse against", ChoiceFault.UndefinedEstimate);
        _numbers = [.. part.Specifications.Select(s => s.Number)];
        _include = new bool[_grid.Count];
        foreach (var number in _numbers) _include[number] = true;
        _cells = [.. Enumerable.Range(0, _grid.Cells).Where(HasIncluded)];
        _rows = new int[]?[_grid.Selections];
        (_units, _unitCount, _unitName) = Units(part.Result);
    }

    public MultiverseTest Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        var isExact = _unitCount < 30 && 1L << _unitCount <= _options.Permutations;
        var patterns = isExact ? 1 << _unitCount : _options.Permutations;
        var results = new MultiverseStatistics[patterns];
        var curves = (long)patterns * _numbers.Length <= MostKept ? new double[]?[patterns] : null;
        long undetermined = 0;
        var done = 0;
        // The first pattern alone, so that what depends on no sign is selected once.
        One(0);
        MultiverseRun.InParallel(patterns - 1, cancellation, pattern => One(pattern + 1));
        var direction = _part.Result.Multiverse.Options.Direction;
        return new MultiverseTest
        {
            Origin = _part.Result.Multiverse.Effects.Origin,
            Median = Compared(r => r.Median),
            ShareSignificant = Compared(r => r.ShareSignificant),
            Stouffer = Compared(r => r.Stouffer),
            Permutations = patterns,
            IsExact = isExact,
            Direction = direction,
            Units = _unitName,
            Undetermined = undetermined,
            Band = undetermined == 0 && curves is not null ? Band(curves!) : [],
            Warnings = [.. Warnings(undetermined, direction)],
        };

        void One(int pattern)
        {
            cancellation.ThrowIfCancellationRequested();
            var (statistics, curve, missing) = Of(pattern, isExact);
            results[pattern] = statistics;
            if (curves is not null) curves[pattern] = curve;
            if (missing > 0) Interlocked.Add(ref undetermined, missing);
            progress?.Report(Interlocked.Increment(ref done) / (double)patterns);
        }

        MultiverseStatistic Compared(Func<MultiverseStatistics, double> of)
        {
            var observed = of(results[0]);
            var p = results.Count(r => of(r) >= observed - Tolerance * Math.Max(1e-3, Math.Abs(observed))) / (double)patterns;
            return new(observed, p, isExact ? 0 : Math.Sqrt(p * (1 - p) / patterns));
        }
    }

    private (MultiverseStatistics Statistics, double[] Curve, int Missing) Of(int pattern, bool isExact)
    {
        // What is wanted is written anew each time, so that a room can be used again.
        if (!_rooms.TryTake(out var outcomes)) outcomes = new Outcome[_grid.Count];
        var engine = new MultiverseEngine(_grid, Flipped(pattern, isExact), _part.Result.Faults, _rows);
        foreach (var cell in _cells) engine.Compute(cell, outcomes, _include);
        var found = new SpecificationEstimate[_numbers.Length];
        var values = new double[_numbers.Length];
        var count = 0;
        foreach (var number in _numbers)
        {
            if (outcomes[number].Reason is not null) continue;
            var one = new Specification(number, _part.Place, outcomes[number].Value);
            found[count] = one.Value;
            values[count++] = _part.Result.ValueOf(one) - (_part.Result.IsOnShownScale ? _part.Result.MeasureOf(one).DisplayNullValue : 0);
        }
        _rooms.Add(outcomes);
        // A pattern of which nothing can be said counts as saying as much as the data do, so that p is not too small.
        if (count == 0) return (new(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity), [], _numbers.Length);
        var sorted = values[..count];
        var options = _part.Result.Multiverse.Options;
        return (MultiverseStatistics.Of(found.AsSpan(0, count), sorted, options.ConfidenceLevel, options.Direction), sorted, _numbers.Length - count);
    }

    private StudyEffects?[] Flipped(int pattern, bool isExact)
    {
        if (pattern == 0) return _part.Result.Sets;
        var random = new Philox(_options.Seed);
        random.MoveTo((ulong)pattern);
        var signs = new bool[_unitCount];
        ulong bits = 0;
        for (var u = 0; u < signs.Length; u++)
        {
            if (!isExact && u % 64 == 0) bits = random.NextBits();
            signs[u] = isExact ? (pattern >> u & 1) == 1 : (bits >> (u % 64) & 1) == 1;
        }
        return [.. _part.Result.Sets.Select((set, s) => set is null ? null : StudyEffects.Create([.. set.Effects.Select((y, i) => signs[_units[s]![i]] ? -y : y)], set.Variances, set.Measure, set.Labels,
            set.HasSampleSizes ? set.SampleSizes : null, set.Columns, set.Origin))];
    }

    private bool HasIncluded(int cell)
    {
        var first = _grid.FirstOf(cell);
        for (var e = 0; e < _grid.Estimators.Count; e++)
        {
            for (var t = 0; t < _grid.Tests.Count; t++)
            {
                for (var a = 0; a < _grid.Adjustments.Count; a++)
                {
                    if (_include[first + e * _grid.Stride(_grid.Estimator) + t * _grid.Stride(_grid.Test) + a * _grid.Stride(_grid.Adjustment)]) return true;
                }
            }
        }
        return false;
    }

    /// <summary>What changes its sign together: the samples that models name, else the studies of one label.</summary>
    private static (int[]?[] Units, int Count, string Name) Units(MultiverseResult result)
    {
        string[] clusters = [.. result.Multiverse.Choices.Where(c => c.Stage == MultiverseStage.Model).SelectMany(c => c.Options).Select(o => o.Model!.Cluster).OfType<string>().Distinct()];
        if (clusters.Length > 1)
        {
            throw new ImpossibleChoiceException($"The models name different samples ({string.Join(", ", clusters)}), so that it is not known which signs go together: test models of one column", ChoiceFault.UndefinedForFit);
        }
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        int[]?[] units = [.. result.Sets.Select(set => set is null ? null : Enumerable.Range(0, set.Count).Select(i =>
        {
            var name = clusters.Length == 1 ? set.Column(clusters[0]).Text(i) ?? set.Labels[i] : set.Labels[i];
            if (!names.TryGetValue(name, out var unit)) names[name] = unit = names.Count;
            return unit;
        }).ToArray())];
        return (units, names.Count, clusters.Length == 1 ? $"samples of {clusters[0]}" : "studies");
    }

    private ImmutableArray<ConfidenceInterval> Band(double[][] curves)
    {
        var band = ImmutableArray.CreateBuilder<ConfidenceInterval>(_numbers.Length);
        var column = new double[curves.Length];
        for (var place = 0; place < _numbers.Length; place++)
        {
            for (var r = 0; r < column.Length; r++) column[r] = curves[r][place];
            var limits = OrderStatistics.Quantiles(column, [0.025, 0.975]);
            band.Add(new(limits[0], limits[1], 0.95));
        }
        return band.MoveToImmutable();
    }

    private IEnumerable<string> Warnings(long undetermined, Alternative direction)
    {
        var smallest = _unitCount < 60 ? (direction == Alternative.TwoSided ? 2 : 1) / (double)(1L << _unitCount) : 0;
        if (smallest > 0.05) yield return $"There are only {StatisticText.Count(1L << _unitCount)} patterns of signs, so that no p below {StatisticText.PValue(smallest)} can come out.";
        if (undetermined > 0) yield return $"Over all patterns of signs {StatisticText.Count(undetermined, "specification")} had no estimate; the statistics are those of the others.";
    }
}
