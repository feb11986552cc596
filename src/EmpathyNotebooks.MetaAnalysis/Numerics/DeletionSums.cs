using System.Diagnostics.CodeAnalysis;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The model without moderators without one row: <see cref="SmoothSums"/> of all rows less what the row adds, so that a fit takes no pass over the data. Where the row is most of a sum, what is left of the
/// difference would lose digits, and the other rows are summed as they are; so are they where there are few, whose fits are then those of the others to the last digit.
/// </summary>
internal ref struct DeletionSums : IInterceptSums
{
    /// <summary>Up to so many rows their sums take hardly longer than a polynomial.</summary>
    public const int Few = 200;

    private readonly SmoothSums _all;
    private readonly int _row;
    private readonly Buffer _buffer;
    private InterceptSums _direct;
    private bool _hasDirect;
    private double _tau2 = double.NaN;

    /// <param name="all">The sums of all rows.</param>
    /// <param name="row">The row left out.</param>
    /// <param name="buffer">Room for the other rows; one at a time may use it.</param>
    public DeletionSums(SmoothSums all, int row, Buffer buffer) => (_all, _row, _buffer) = (all, row, buffer);

    public WeightedSums Sums { get; private set; }

    public (double Q, double TraceP)? AtZero { get; private set; }

    public readonly int Count => _all.Variances.Length - 1;

    public readonly int Parameters => 1;

    public double SmallestVariance => IsSummed ? Direct().SmallestVariance : _all.Variances[_all.Pivot];

    public readonly double LargestVariance => _all.LargestWithout(_row);

    public readonly double SumOfWeights => Sums.W1;

    public readonly double SumOfSquaredWeights => Sums.W2;

    public readonly double Q => Sums.We2;

    public readonly double YPPY => Sums.W2e2;

    public readonly double YPPPY => Sums.YPPPY;

    public readonly double TraceP => Sums.TraceP;

    public readonly double TracePP => Sums.TracePP;

    public readonly double LogInformation => Math.Log(Sums.W1) - Math.Log(Count);

    /// <summary>Without the row that is kept apart, the sums of the others are another's.</summary>
    private readonly bool IsSummed => _row == _all.Pivot || _all.Variances.Length <= Few;

    public void MoveTo(double tau2)
    {
        if (tau2 == _tau2) return;
        _tau2 = tau2;
        if (IsSummed || !double.IsFinite(tau2) || !Subtract(tau2))
        {
            ref var direct = ref Direct();
            direct.MoveTo(tau2);
            Sums = direct.Sums;
        }
        if (tau2 == 0) AtZero = (Q, TraceP);
    }

    public double LogVariances()
    {
        if (!IsSummed) return _all.LogVariancesAt(_tau2) + Math.Log(_all.Variances[_all.Pivot] + _tau2) - Math.Log(_all.Variances[_row] + _tau2);
        ref var direct = ref Direct();
        direct.MoveTo(_tau2);
        return direct.LogVariances();
    }

    public Moments MomentsWith(in MomentWeights weights) => Direct().MomentsWith(weights);

    public (double OfEffects, double OfSampling) MeanVariances() => Direct().MeanVariances();

    private bool Subtract(double tau2)
    {
        var (others, origin) = _all.At(tau2);
        double y = _all.Effects[_row], v = _all.Variances[_row];
        if (!others.TrySubtract(1 / (v + tau2), y - origin)) return false;
        Sums = WeightedSums.Of(1 / (_all.Variances[_all.Pivot] + tau2), _all.Effects[_all.Pivot] - origin, origin, others);
        return !Sums.IsFar;
    }

    [UnscopedRef]
    private ref InterceptSums Direct()
    {
        if (!_hasDirect)
        {
            _buffer.Fill(_row, _all);
            _direct = new InterceptSums(_buffer.Effects, _buffer.Variances);
            _hasDirect = true;
        }
        return ref _direct;
    }

    /// <summary>All rows but one, copied when they are needed.</summary>
    internal sealed class Buffer
    {
        private double[] _yi = [];
        private double[] _vi = [];
        private int _row = -1;

        public ReadOnlySpan<double> Effects => _yi;

        public ReadOnlySpan<double> Variances => _vi;

        public void Fill(int row, SmoothSums all)
        {
            if (_row == row) return;
            _row = row;
            Copy(all.Effects, ref _yi);
            Copy(all.Variances, ref _vi);

            void Copy(ReadOnlySpan<double> from, ref double[] to)
            {
                if (to.Length != from.Length - 1) to = new double[from.Length - 1];
                from[..row].CopyTo(to);
                from[(row + 1)..].CopyTo(to.AsSpan(row));
            }
        }
    }
}
