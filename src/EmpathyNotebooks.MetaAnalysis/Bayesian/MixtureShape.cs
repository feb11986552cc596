namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A mixture of normal distributions.</summary>
internal sealed class MixtureShape : PosteriorShape
{
    /// <summary>Parts below this share are asked only far out in the tails: together they would move the distribution function by some 1e-11.</summary>
    private const double Minor = 1e-13;

    private readonly Lazy<(double[] Weights, double[] Means, double[] Scales, int Major)> _parts;
    private readonly double _centre;
    private readonly double _width;

    public MixtureShape(double[] weights, double[] means, double[] deviations, bool hasMean, bool hasDeviation)
    {
        double first = 0, second = 0;
        var heaviest = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            first += weights[i] * means[i];
            if (weights[i] > weights[heaviest]) heaviest = i;
        }
        for (var i = 0; i < weights.Length; i++) second += weights[i] * (deviations[i] * deviations[i] + (means[i] - first) * (means[i] - first));
        Mean = hasMean ? first : null;
        Deviation = hasDeviation ? Math.Sqrt(second) : null;
        (_centre, _width) = hasDeviation ? (first, Math.Sqrt(second)) : (means[heaviest], deviations[heaviest]);
        _parts = new(() =>
        {
            // The heavier ones first.
            int[] order = [.. Enumerable.Range(0, weights.Length).Where(i => weights[i] > 0).OrderByDescending(i => weights[i] > Minor)];
            return ([.. order.Select(i => weights[i])], [.. order.Select(i => means[i])], [.. order.Select(i => 1 / deviations[i])], order.Count(i => weights[i] > Minor));
        });
    }

    public override double Density(double x)
    {
        var (weights, means, scales, major) = _parts.Value;
        double sum = 0, top = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (i == major && sum > 1e-6 * top) break;
            var z = (x - means[i]) * scales[i];
            sum += weights[i] * scales[i] * Math.Exp(-z * z / 2);
            top += weights[i] * scales[i];
        }
        return sum / Math.Sqrt(2 * Math.PI);
    }

    public override double Below(double x) => Tail(x, 1);

    public override double Above(double x) => Tail(x, -1);

    public override double Quantile(double p)
    {
        var table = Table;
        var i = table.Before(p);
        return i < 0 ? Search(p, table.X[0], double.NegativeInfinity, table.X[0])
            : i >= table.X.Length - 1 ? Search(p, table.X[^1], table.X[^1], double.PositiveInfinity)
            : Search(p, table.Guess(p), table.X[i], table.X[i + 1]);
    }

    protected override double Slope(double x, double h)
    {
        var (weights, means, scales, _) = _parts.Value;
        double sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            var z = (x - means[i]) * scales[i];
            sum -= weights[i] * scales[i] * scales[i] * z * Math.Exp(-z * z / 2);
        }
        return sum;
    }

    /// <summary>Points around the median, closer together there, in units of half the distance of the 16th and 84th percentile.</summary>
    protected override ShapeTable MakeTable()
    {
        const int Half = 18;
        var middle = Search(0.5, _centre, double.NegativeInfinity, double.PositiveInfinity);
        var below = middle - Search(0.16, middle - _width, double.NegativeInfinity, middle);
        var above = Search(0.84, middle + _width, middle, double.PositiveInfinity) - middle;
        var (x, cumulative, density) = (new double[2 * Half + 1], new double[2 * Half + 1], new double[2 * Half + 1]);
        for (var i = 0; i < x.Length; i++)
        {
            var t = Math.Sinh(0.2 * (i - Half)) * 0.9;
            x[i] = middle + (t < 0 ? below : above) * t;
            (cumulative[i], density[i]) = (Below(x[i]), Density(x[i]));
        }
        return new ShapeTable(x, cumulative, density);
    }

    private double Tail(double x, int sign)
    {
        var (weights, means, scales, major) = _parts.Value;
        double sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (i == major && sum > 1e-6) break;
            sum += weights[i] * Distributions.NormalCumulative(sign * (x - means[i]) * scales[i]);
        }
        return Math.Min(1, sum);
    }

    /// <summary>Newton's steps within a bracket that may be open.</summary>
    private double Search(double p, double x, double low, double high)
    {
        var step = _width;
        for (var i = 0; i < 400; i++)
        {
            // From the side that keeps its digits.
            var off = p <= 0.5 ? Below(x) - p : 1 - p - Above(x);
            if (off == 0) return x;
            if (off < 0) low = Math.Max(low, x);
            else high = Math.Min(high, x);
            var next = x - off / Density(x);
            if (Math.Abs(next - x) <= 1e-14 * Math.Abs(x) + 1e-13 * _width) return next;
            if (!(next > low && next < high))
            {
                if (double.IsInfinity(low) || double.IsInfinity(high)) (next, step) = (off < 0 ? x + step : x - step, 2 * step);
                else next = low + (high - low) / 2;
                if (next == x) return x;
            }
            x = next;
        }
        return x;
    }
}

/// <summary>An increasing function of a positive variable that starts at 0: I² of τ.</summary>
internal sealed class MappedShape : PosteriorShape
{
    private readonly PosteriorShape _of;
    private readonly Func<double, double> _map;
    private readonly Func<double, double> _back;
    private readonly Func<double, double> _slope;

    /// <param name="of">The variable.</param>
    /// <param name="map">The function.</param>
    /// <param name="back">Its inverse.</param>
    /// <param name="slope">The derivative of the inverse.</param>
    /// <param name="mean">The mean of the function.</param>
    /// <param name="deviation">Its standard deviation.</param>
    public MappedShape(PosteriorShape of, Func<double, double> map, Func<double, double> back, Func<double, double> slope, double mean, double deviation)
    {
        (_of, _map, _back, _slope) = (of, map, back, slope);
        (Mean, Deviation) = (mean, deviation);
    }

    public override double Lowest => 0;

    public override double Highest => _map(_of.Highest);

    public override double Density(double x)
    {
        if (x < 0 || x >= 1 || x > Highest) return 0;
        // At the upper end rounding must not lead beyond that of the variable.
        var density = _of.Density(Math.Min(_back(x), _of.Highest));
        return _slope(x) is var slope && double.IsPositiveInfinity(slope) ? density > 0 ? slope : 0 : density * slope;
    }

    public override double Below(double x) => x <= 0 ? 0 : x >= Highest ? 1 : _of.Below(_back(x));

    public override double Above(double x) => 1 - Below(x);

    public override double Quantile(double p) => _map(_of.Quantile(p));

    protected override ShapeTable MakeTable()
    {
        // Where the function has come to its end in double precision, points fall together.
        double[] points = [.. _of.Table.X.Select(_map)];
        int[] kept = [.. Enumerable.Range(0, points.Length).Where(i => i == 0 || points[i] > points[i - 1] && points[i] < 1)];
        return new ShapeTable([.. kept.Select(i => points[i])], [.. kept.Select(i => _of.Table.Below[i])], [.. kept.Select(i => Density(points[i]))]);
    }
}
