using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Goes through subsets, piece by piece on every core; what is summed is summed by piece and in their order, so that the result is the same on any number of cores.</summary>
internal sealed class GoshRun(IModelFit fit, SubsetModel model, GoshOptions options)
{
    private const int MostPoints = 20_000;

    /// <summary>Up to here all four numbers of each subset are kept at once; beyond, one after the other, so that 33 million subsets need 270 MB.</summary>
    private const long MostAtOnce = 1 << 22;

    private enum Number
    {
        Estimate,
        TauSquared,
        ISquared,
        Q,
    }

    private readonly int _units = model.Units;

    public GoshResult Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        var wanted = options.Subsets ?? model.UsualSubsets;
        var limit = options.ExhaustiveUpTo ?? model.UsualExhaustive ?? (int)Math.Min(25, Math.Log2(wanted + 1.0));
        var exhaustive = _units <= limit;
        var count = exhaustive ? (1L << _units) - 1 : wanted;
        Number[][] passes = count <= MostAtOnce ? [[Number.Estimate, Number.TauSquared, Number.ISquared, Number.Q]] : [[Number.Estimate], [Number.TauSquared], [Number.ISquared], [Number.Q]];
        // Odd, so that no study is in all of the points or in none.
        var step = Math.Max(1, (count + MostPoints - 1) / MostPoints) | 1;
        var points = new SubsetPoint[(count + step - 1) / step];
        var summaries = new SubsetSummary[4];
        Tally? tally = null;
        long determined = 0;
        double[]? buffer = null;
        foreach (var (pass, numbers) in passes.Index())
        {
            var kept = numbers.Select((_, i) => i == 0 && buffer is not null ? buffer : new double[count]).ToArray();
            buffer = kept[0];
            tally = Go(exhaustive, count, (int)step, numbers, kept, points, pass == 0, share => progress?.Report((pass + share) / passes.Length), cancellation) ?? tally;
            determined = tally!.Determined;
            if (determined == 0) throw new UndeterminedException("A cloud of subsets", $"none of {StatisticText.Count(count)} subsets determines {(fit.Mean is null ? model.Coefficient : "the mean")}", "a model with fewer coefficients does");
            foreach (var (place, number) in numbers.Index()) summaries[(int)number] = Summary(kept[place], determined < count);
        }
        int[] drawn = [.. Enumerable.Range(0, points.Length).Where(p => !double.IsNaN(points[p].Estimate))];
        ImmutableArray<bool> MembersOf(int point)
        {
            var members = new bool[_units];
            Members(exhaustive, new Philox(options.Seed), drawn[point] * step, members);
            return [.. members];
        }
        return new GoshResult(fit, model.Coefficient, MembersOf)
        {
            Subsets = determined,
            Undetermined = count - determined,
            IsExhaustive = exhaustive,
            Estimate = summaries[(int)Number.Estimate],
            TauSquared = summaries[(int)Number.TauSquared],
            ISquared = summaries[(int)Number.ISquared],
            Q = summaries[(int)Number.Q],
            Studies = tally!.Memberships(model.Labels),
            Points = [.. drawn.Select(p => points[p])],
        };
    }

    /// <summary>One pass over all subsets: keeps some numbers of each, fills the points, and tallies where asked.</summary>
    private Tally? Go(bool exhaustive, long count, int step, Number[] numbers, double[][] kept, SubsetPoint[] points, bool counts, Action<double> progress, CancellationToken cancellation)
    {
        var piece = (int)Math.Clamp(count / 64, 16, 1 << 13);
        var pieces = (int)((count + piece - 1) / piece);
        var tallies = counts ? new Tally[pieces] : [];
        var done = 0;
        Parallel.For(0, pieces, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => (Worker: model.NewWorker(), Values: new SubsetValues(piece), Members: new bool[_units], Random: new Philox(options.Seed)),
            (index, _, own) =>
            {
                var first = (long)index * piece;
                var size = (int)Math.Min(piece, count - first);
                if (exhaustive) own.Worker.Numbered(first + 1, size, own.Values);
                for (var s = 0; s < size && !exhaustive; s++)
                {
                    Draw(own.Random, first + s, own.Members);
                    own.Worker.Fit(own.Members, s, own.Values);
                }
                foreach (var (place, number) in numbers.Index()) Array.Copy(Of(own.Values, number), 0, kept[place], first, size);
                var tally = counts ? tallies[index] = new Tally(_units, fit) : null;
                for (var s = 0; s < size; s++)
                {
                    var isPoint = (first + s) % step == 0;
                    if (tally is null && !isPoint) continue;
                    Members(exhaustive, own.Random, first + s, own.Members);
                    tally?.Add(own.Members, own.Values.Estimates[s], own.Values.ISquared[s]);
                    if (isPoint && tally is not null) points[(first + s) / step] = new SubsetPoint(own.Values.Estimates[s], own.Values.ISquared[s], own.Values.TauSquared[s], Bits(own.Members));
                }
                progress(Interlocked.Increment(ref done) / (double)pieces);
                return own;
            },
            _ => { });
        return counts ? tallies.Aggregate((all, next) => all.Plus(next)) : null;
    }

    private static double[] Of(SubsetValues values, Number number) => number switch
    {
        Number.Estimate => values.Estimates,
        Number.TauSquared => values.TauSquared,
        Number.ISquared => values.ISquared,
        _ => values.Q,
    };

    private void Members(bool exhaustive, Philox random, long number, bool[] members)
    {
        if (!exhaustive)
        {
            Draw(random, number, members);
            return;
        }
        for (var i = 0; i < members.Length; i++) members[i] = (number + 1 >> i & 1) == 1;
    }

    /// <summary>Each study is in a random subset or not with equal probability; an empty one is drawn again.</summary>
    private static void Draw(Philox random, long number, bool[] members)
    {
        random.MoveTo((ulong)number);
        do
        {
            ulong bits = 0;
            for (var i = 0; i < members.Length; i++)
            {
                bits = i % 64 == 0 ? random.NextBits() : bits >> 1;
                members[i] = (bits & 1) == 1;
            }
        }
        while (Array.IndexOf(members, true) < 0);
    }

    private static ulong Bits(bool[] members)
    {
        ulong bits = 0;
        for (var i = 0; i < Math.Min(64, members.Length); i++) bits |= members[i] ? 1UL << i : 0;
        return bits;
    }

    private static SubsetSummary Summary(double[] values, bool hasGaps)
    {
        // A subset that does not determine the estimate has no other number either; those of its place are left over.
        var used = hasGaps ? [.. values.Where(v => !double.IsNaN(v))] : values;
        double centre = used[0], sum = 0, squares = 0;
        foreach (var value in used)
        {
            sum += value - centre;
            squares += (value - centre) * (value - centre);
        }
        var n = used.Length;
        return new SubsetSummary(centre + sum / n, n > 1 ? Math.Sqrt(Math.Max(0, (squares - sum * sum / n) / (n - 1))) : 0,
            [.. OrderStatistics.Quantiles(used, SubsetSummary.Probabilities.AsSpan())]);
    }

    /// <summary>Sums over subsets with and without each study.</summary>
    private sealed class Tally(int units, IModelFit fit)
    {
        private readonly double _centre = fit.Coefficients[0].Estimate;
        private readonly double[] _with = new double[units], _estimates = new double[units], _heterogeneity = new double[units];
        private double _sum, _squares, _i2, _i2Squares;

        public long Determined { get; private set; }

        public void Add(bool[] members, double estimate, double i2)
        {
            if (double.IsNaN(estimate)) return;
            var e = estimate - _centre;
            Determined++;
            _sum += e;
            _squares += e * e;
            _i2 += i2;
            _i2Squares += i2 * i2;
            for (var i = 0; i < members.Length; i++)
            {
                if (!members[i]) continue;
                _with[i]++;
                _estimates[i] += e;
                _heterogeneity[i] += i2;
            }
        }

        public Tally Plus(Tally other)
        {
            Determined += other.Determined;
            (_sum, _squares, _i2, _i2Squares) = (_sum + other._sum, _squares + other._squares, _i2 + other._i2, _i2Squares + other._i2Squares);
            for (var i = 0; i < _with.Length; i++)
            {
                _with[i] += other._with[i];
                _estimates[i] += other._estimates[i];
                _heterogeneity[i] += other._heterogeneity[i];
            }
            return this;
        }

        public ImmutableArray<SubsetMembership> Memberships(ImmutableArray<string> labels) => [.. labels.Select((label, i) =>
        {
            double n = Determined, without = n - _with[i];
            var (estimate, i2) = (Explained(_estimates[i], _with[i], _sum, _squares), Explained(_heterogeneity[i], _with[i], _i2, _i2Squares));
            return new SubsetMembership(label, _centre + _estimates[i] / _with[i], _centre + (_sum - _estimates[i]) / without, estimate, i2,
                Math.Max(estimate, i2) >= Math.Max(0.25, 3.0 / labels.Length));
        })];

        /// <summary>The share of the squares between the subsets with a study and those without.</summary>
        private double Explained(double sumWith, double with, double sum, double squares)
        {
            double n = Determined, total = squares - sum * sum / n, without = n - with;
            if (!(total > 1e-14 * squares) || with == 0 || without == 0) return 0;
            var difference = sumWith / with - (sum - sumWith) / without;
            return Math.Min(1, with * without / n * difference * difference / total);
        }
    }
}
