namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The model without moderators without one row: <see cref="SmoothSums"/> of all rows less what the row adds, so that a fit takes no pass over the data. Where the row is most of a sum, what is left of the
/// difference would lose digits, and the other rows are summed as they are.
/// </summary>
internal ref struct DeletionSums : IInterceptSums
{
    private readonly SmoothSums _all;
    private readonly int _row;
    private readonly Buffer _buffer;
    private double _tau2 = double.NaN;

    /// <param name="all">The sums of all rows.</param>
    /// <param name="row">The row left out.</param>
    /// <param name="buffer">Room for the other rows; one at a time may use it.</param>
    public DeletionSums(SmoothSums all, int row, Buffer buffer) => (_all, _row, _buffer) = (all, row, buffer);

    public WeightedSums Sums { get; private set; }

    public readonly int Count => _all.Variances.Length - 1;

    public readonly int Parameters => 1;

    public readonly double SmallestVariance => _row == _all.Pivot ? Direct.SmallestVariance : _all.Variances[_all.Pivot];

    public readonly double LargestVariance => _all.LargestWithout(_row);

    public readonly double SumOfWeights => Sums.W1;

    public readonly double SumOfSquaredWeights => Sums.W2;

    public readonly double Q => Sums.We2;

    public readonly double YPPY => Sums.W2e2;

    public readonly double YPPPY => Sums.YPPPY;

    public readonly double TraceP => Sums.TraceP;

    public readonly double TracePP => Sums.TracePP;

    public readonly double LogInformation => Math.Log(Sums.W1) - Math.Log(Count);

    public void MoveTo(double tau2)
    {
        if (tau2 == _tau2) return;
        _tau2 = tau2;
        if (_row == _all.Pivot || !double.IsFinite(tau2) || !Subtract(tau2)) MoveDirectly(tau2);
    }

    public readonly double LogVariances() => _row == _all.Pivot ? DirectLogVariances()
        : _all.LogVariancesAt(_tau2) + Math.Log(_all.Variances[_all.Pivot] + _tau2) - Math.Log(_all.Variances[_row] + _tau2);

    public readonly Moments MomentsWith(in MomentWeights weights) => Direct.MomentsWith(weights);

    public readonly (double OfEffects, double OfSampling) MeanVariances() => Direct.MeanVariances();

    private readonly double DirectLogVariances()
    {
        _buffer.Fill(_row, _all);
        return WeightedSums.LogDeterminant(_tau2, _buffer.Variances);
    }

    private readonly InterceptSums Direct
    {
        get
        {
            _buffer.Fill(_row, _all);
            return new InterceptSums(_buffer.Effects, _buffer.Variances);
        }
    }

    private bool Subtract(double tau2)
    {
        var (others, origin) = _all.At(tau2);
        double y = _all.Effects[_row], v = _all.Variances[_row];
        if (!others.TrySubtract(1 / (v + tau2), y - origin)) return false;
        Sums = WeightedSums.Of(1 / (_all.Variances[_all.Pivot] + tau2), _all.Effects[_all.Pivot] - origin, origin, others);
        return !Sums.IsFar;
    }

    private void MoveDirectly(double tau2)
    {
        var direct = Direct;
        direct.MoveTo(tau2);
        Sums = direct.Sums;
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
