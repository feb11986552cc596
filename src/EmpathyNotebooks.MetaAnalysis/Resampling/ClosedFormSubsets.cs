using System.Collections.Immutable;
using System.Numerics;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A mean by equal effects or DerSimonian and Laird. The sums of a subset are those of its part among the first studies and of its part among the others, both from tables; parts are put together by their
/// means and squares, which loses no digits (Chan, Golub &amp; LeVeque 1983, American Statistician 37, 242-247). Several subsets at a time.
/// </summary>
internal sealed class ClosedFormSubsets(PooledFit fit) : SubsetModel
{
    private const int MostLow = 12;

    private readonly PooledSubsets _any = new(fit);
    private PartSums? _low, _high;

    public override int Units => fit.Count;

    public override ImmutableArray<string> Labels => fit.Effects.Labels;

    public override int? UsualExhaustive => 25;

    public override SubsetWorker NewWorker()
    {
        if (fit.Count > UsualExhaustive) return _any.NewWorker();
        var low = Math.Min(MostLow, fit.Count);
        _low ??= new PartSums(fit.Effects, 0, low);
        _high ??= new PartSums(fit.Effects, low, fit.Count - low);
        return new Worker(fit, _any.NewWorker(), _low, _high);
    }

    /// <summary>Sums of all subsets of some consecutive studies, by the number of the subset.</summary>
    private sealed class PartSums
    {
        public PartSums(StudyEffects effects, int first, int count)
        {
            (Count, Y, V) = (count, new double[count], new double[count]);
            var size = 1 << count;
            (Members, Weight, Squares, Mean, Q) = (new double[size], new double[size], new double[size], new double[size], new double[size]);
            for (var i = 0; i < count; i++)
            {
                (Y[i], V[i]) = (effects.Effects[first + i], effects.Variances[first + i]);
                var w = 1 / V[i];
                for (var rest = 0; rest < 1 << i; rest++)
                {
                    var with = rest | 1 << i;
                    var d = Y[i] - Mean[rest];
                    Members[with] = Members[rest] + 1;
                    Weight[with] = Weight[rest] + w;
                    Squares[with] = Squares[rest] + w * w;
                    Mean[with] = rest == 0 ? Y[i] : Mean[rest] + d * w / Weight[with];
                    Q[with] = rest == 0 ? 0 : Q[rest] + d * d * Weight[rest] * w / Weight[with];
                }
            }
        }

        public int Count { get; }

        public double[] Y { get; }

        public double[] V { get; }

        public double[] Members { get; }

        public double[] Weight { get; }

        public double[] Squares { get; }

        public double[] Mean { get; }

        public double[] Q { get; }
    }

    private sealed class Worker(PooledFit fit, SubsetWorker any, PartSums low, PartSums high) : SubsetWorker
    {
        private static readonly int Lanes = Vector<double>.Count;

        public override void Fit(ReadOnlySpan<bool> members, int place, SubsetValues values) => any.Fit(members, place, values);

        public override void Numbered(long first, int count, SubsetValues values)
        {
            var (size, place) = (1L << low.Count, 0);
            while (place < count)
            {
                var (a, b) = ((int)((first + place) & (size - 1)), (int)(first + place >> low.Count));
                var run = (int)Math.Min(count - place, size - a);
                var end = place + run;
                for (; place + Lanes <= end; place += Lanes, a += Lanes) FitLanes(a, b, place, values);
                if (place < end)
                {
                    NumberedAlone(first + place, end - place, place, values);
                    place = end;
                }
            }
        }

        private void FitLanes(int a, int b, int place, SubsetValues values)
        {
            Vector<double> wa = new(low.Weight, a), wb = new(high.Weight[b]), w = wa + wb, share = wb / w;
            var difference = new Vector<double>(high.Mean[b]) - new Vector<double>(low.Mean, a);
            var mean = new Vector<double>(low.Mean, a) + difference * share;
            var q = new Vector<double>(low.Q, a) + new Vector<double>(high.Q[b]) + difference * difference * wa * share;
            var df = new Vector<double>(low.Members, a) + new Vector<double>(high.Members[b] - 1);
            var excess = q - df;
            var differs = Vector.GreaterThan(excess, Vector<double>.Zero) & Vector.GreaterThan(df, Vector<double>.Zero);
            Vector.ConditionalSelect(differs, excess / q, Vector<double>.Zero).CopyTo(values.ISquared, place);
            q.CopyTo(values.Q, place);
            var tau2 = Vector<double>.Zero;
            if (fit.Estimator is not null)
            {
                var squares = new Vector<double>(low.Squares, a) + new Vector<double>(high.Squares[b]);
                tau2 = Vector.ConditionalSelect(differs, excess / (w - squares / w), Vector<double>.Zero);
                mean = Pool(tau2, mean, a, b);
            }
            tau2.CopyTo(values.TauSquared, place);
            mean.CopyTo(values.Estimates, place);
        }

        /// <summary>c + Σ(y - c)/(v + tau²)/Σ1/(v + tau²) over the members of each lane's subset.</summary>
        private Vector<double> Pool(Vector<double> tau2, Vector<double> centre, int a, int b)
        {
            Vector<double> sum = default, weights = default;
            var numbers = new Vector<long>(a) + Vector<long>.Indices;
            for (var i = 0; i < low.Count; i++)
            {
                var bit = new Vector<long>(1L << i);
                var w = Vector.AsVectorDouble(Vector.AsVectorInt64(Vector<double>.One / (new Vector<double>(low.V[i]) + tau2)) & Vector.Equals(numbers & bit, bit));
                weights += w;
                sum += w * (new Vector<double>(low.Y[i]) - centre);
            }
            for (var rest = b; rest != 0; rest &= rest - 1)
            {
                var i = int.TrailingZeroCount(rest);
                var w = Vector<double>.One / (new Vector<double>(high.V[i]) + tau2);
                weights += w;
                sum += w * (new Vector<double>(high.Y[i]) - centre);
            }
            return centre + sum / weights;
        }
    }
}
