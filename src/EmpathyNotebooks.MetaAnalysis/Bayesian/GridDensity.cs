namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A density known at the evenly spaced points of a converged trapezoidal rule, between them by the cardinal series f(x) = Σ f_j sinc((x - x_j)/h), which is as exact as the rule (Stenger 1981, SIAM Review
/// 23, 165-224).
/// </summary>
internal sealed class GridDensity
{
    private static readonly Lock TableLock = new();

    // The integral of sinc from 0 to n, for n = 0, 1, 2 ...
    private static double[] Integrals = [0];

    private readonly double _origin;
    private readonly double _step;
    private readonly double[] _signed;
    private readonly double[] _cumulative;

    /// <param name="rule">A rule whose integral has just been taken.</param>
    public GridDensity(LineQuadrature rule)
        : this(rule.Node(0), rule.Step, rule.Weights)
    {
    }

    /// <param name="origin">The first point.</param>
    /// <param name="step">The distance of the points.</param>
    /// <param name="weights">Their shares of the integral, which sum to 1.</param>
    public GridDensity(double origin, double step, ReadOnlySpan<double> weights)
    {
        (_origin, _step) = (origin, step);
        var n = weights.Length;
        _signed = new double[n];
        _cumulative = new double[n];
        var table = Table(n);
        for (var i = 0; i < n; i++)
        {
            _signed[i] = (i & 1) == 0 ? weights[i] : -weights[i];
            double below = 0;
            for (var j = 0; j < n; j++) below += weights[j] * (0.5 + (i >= j ? table[i - j] : -table[j - i]));
            _cumulative[i] = below;
        }
    }

    /// <summary>The first point.</summary>
    public double First => _origin;

    /// <summary>The last point.</summary>
    public double Last => _origin + (_signed.Length - 1) * _step;

    /// <summary>How many points there are.</summary>
    public int Count => _signed.Length;

    /// <summary>A point.</summary>
    public double At(int index) => _origin + index * _step;

    /// <summary>The probability of values up to a point.</summary>
    public double CumulativeAt(int index) => _cumulative[index];

    /// <summary>The density, 0 beyond the points.</summary>
    public double Density(double x) => x < _origin || x > Last ? 0 : Math.Max(0, Cardinal((x - _origin) / _step) / _step);

    /// <summary>The probability of values up to x.</summary>
    public double Cumulative(double x)
    {
        if (x <= _origin) return 0;
        if (x >= Last) return 1;
        var place = (x - _origin) / _step;
        var panel = (int)place;
        var part = place - panel;
        double within = 0;
        for (var i = 0; i < GaussLegendre.Nodes8.Length; i++)
        {
            within += GaussLegendre.Weights8[i] * Cardinal(panel + part * (1 + GaussLegendre.Nodes8[i]) / 2);
        }
        return Math.Clamp(_cumulative[panel] + within * part / 2, 0, 1);
    }

    /// <summary>The series at a place in units of the step, counted from the first point.</summary>
    private double Cardinal(double place)
    {
        var nearest = (int)Math.Round(place);
        var off = place - nearest;
        if (Math.Abs(off) < 1e-9) return Math.Abs(_signed[nearest]);
        double sum = 0;
        for (var j = 0; j < _signed.Length; j++) sum += _signed[j] / (place - j);
        var sine = Math.Sin(Math.PI * off) / Math.PI;
        return (nearest & 1) == 0 ? sine * sum : -sine * sum;
    }

    private static double[] Table(int n)
    {
        lock (TableLock)
        {
            if (Integrals.Length >= n) return Integrals;
            var table = new double[Math.Max(2 * Integrals.Length, n)];
            for (var i = 1; i < table.Length; i++)
            {
                double within = 0;
                for (var j = 0; j < GaussLegendre.Nodes8.Length; j++)
                {
                    var u = i - 1 + (1 + GaussLegendre.Nodes8[j]) / 2;
                    within += GaussLegendre.Weights8[j] * Math.Sin(Math.PI * u) / (Math.PI * u);
                }
                table[i] = table[i - 1] + within / 2;
            }
            return Integrals = table;
        }
    }
}

/// <summary>Gauss and Legendre's rule of eight points on [-1, 1].</summary>
internal static class GaussLegendre
{
    public static readonly double[] Nodes8 =
    [
        -0.9602898564975362, -0.7966664774136267, -0.5255324099163290, -0.1834346424956498, 0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975362,
    ];

    public static readonly double[] Weights8 =
    [
        0.1012285362903763, 0.2223810344533745, 0.3137066458778873, 0.3626837833783620, 0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763,
    ];
}
