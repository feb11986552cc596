namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A posterior distribution put together from weighted parts: a point of probability, normal distributions, densities on grids.</summary>
internal sealed class PosteriorMixture
{
    /// <summary>Parts below this share do not enter quantiles; what they would move lies below the error of the rest.</summary>
    private const double Negligible = 1e-11;

    private readonly List<(double Weight, double Mean, double Deviation)> _normals = [];
    private readonly List<(double Weight, GridDensity Density)> _grids = [];
    private readonly Func<double, double>? _toGrid;
    private readonly Func<double, double>? _slope;
    private double _total;
    private double _first;
    private double _second;

    /// <param name="point">Where the point of probability lies.</param>
    /// <param name="toGrid">The variable of the grids at a value, increasing; the value itself if not said. Values at or below <paramref name="point"/> are then below all grids.</param>
    /// <param name="slope">The derivative of <paramref name="toGrid"/>.</param>
    public PosteriorMixture(double point = 0, Func<double, double>? toGrid = null, Func<double, double>? slope = null) => (Point, _toGrid, _slope) = (point, toGrid, slope);

    public double Point { get; }

    /// <summary>The probability of the point.</summary>
    public double PointProbability => _pointWeight / _total;

    private double _pointWeight;

    public double Mean => _first / _total;

    public double Variance => Math.Max(0, _second / _total - Mean * Mean);

    public void AddPoint(double weight)
    {
        _pointWeight += weight;
        Count(weight, Point, Point * Point);
    }

    public void AddNormal(double weight, double mean, double deviation)
    {
        if (weight > Negligible) _normals.Add((weight, mean, deviation));
        Count(weight, mean, mean * mean + deviation * deviation);
    }

    /// <param name="weight">The part's weight.</param>
    /// <param name="density">Its density in the variable of the grids.</param>
    /// <param name="mean">The mean of the value.</param>
    /// <param name="square">The mean of its square.</param>
    public void AddGrid(double weight, GridDensity density, double mean, double square)
    {
        if (weight > Negligible) _grids.Add((weight, density));
        Count(weight, mean, square);
    }

    /// <summary>The probability of values up to x, or below it.</summary>
    public double Cumulative(double x, bool included = true)
    {
        double sum = x > Point || included && x == Point ? _pointWeight : 0;
        foreach (var (weight, mean, deviation) in _normals) sum += weight * Distributions.NormalCumulative((x - mean) / deviation);
        if (_toGrid is null || x > Point)
        {
            var at = _toGrid?.Invoke(x) ?? x;
            foreach (var (weight, density) in _grids) sum += weight * density.Cumulative(at);
        }
        return sum / _total;
    }

    /// <summary>The density beside the point.</summary>
    public double Density(double x)
    {
        double sum = 0;
        foreach (var (weight, mean, deviation) in _normals)
        {
            var z = (x - mean) / deviation;
            sum += weight * Math.Exp(-z * z / 2) / (deviation * Math.Sqrt(2 * Math.PI));
        }
        if (_toGrid is null || x > Point)
        {
            var at = _toGrid?.Invoke(x) ?? x;
            var slope = _slope?.Invoke(x) ?? 1;
            foreach (var (weight, density) in _grids) sum += weight * density.Density(at) * slope;
        }
        return sum / _total;
    }

    /// <summary>The smallest value up to which the probability is at least p.</summary>
    public double Quantile(double p)
    {
        if (_pointWeight > 0 && Cumulative(Point, included: false) < p && p <= Cumulative(Point)) return Point;
        var width = Math.Max(Math.Sqrt(Variance), 1e-300);
        double low = _toGrid is null ? Mean - width : Point, high = Mean + width;
        for (var i = 0; _toGrid is null && i < 200 && Cumulative(low) > p; i++) (low, width) = (low - 2 * width, 2 * width);
        for (var i = 0; i < 200 && Cumulative(high) < p; i++) (high, width) = (high + 2 * width, 2 * width);
        while (high - low > 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)) + 1e-300)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) break;
            if (Cumulative(middle) < p) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    private void Count(double weight, double mean, double square)
    {
        _total += weight;
        _first += weight * mean;
        _second += weight * square;
    }
}
