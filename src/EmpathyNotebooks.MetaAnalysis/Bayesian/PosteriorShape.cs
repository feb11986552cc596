namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A continuous distribution: what <see cref="PosteriorDistribution"/> asks of it. A table of some points, made once, is where every search starts.</summary>
internal abstract class PosteriorShape
{
    private readonly Lazy<ShapeTable> _table;

    protected PosteriorShape() => _table = new(MakeTable);

    /// <summary>The mean; null where there is none.</summary>
    public double? Mean { get; protected init; }

    /// <summary>The standard deviation; null where there is none.</summary>
    public double? Deviation { get; protected init; }

    public virtual double Lowest => double.NegativeInfinity;

    public virtual double Highest => double.PositiveInfinity;

    public ShapeTable Table => _table.Value;

    public abstract double Density(double x);

    public abstract double Below(double x);

    public abstract double Above(double x);

    public abstract double Quantile(double p);

    /// <summary>The derivative of the density, up to a factor, within so much of a point.</summary>
    protected virtual double Slope(double x, double h) => 8 * (Density(x + h) - Density(x - h)) - (Density(x + 2 * h) - Density(x - 2 * h));

    protected abstract ShapeTable MakeTable();

    /// <summary>
    /// The mode: the highest point of the density. Where the density is infinite at the lower end, as that of I², the highest peak beyond it counts, also one at the upper end, since hardly any probability lies under the lower
    /// end; without one, the lower end.
    /// </summary>
    public double Mode()
    {
        var (x, f, below) = (Table.X, Table.Density, Table.Below);
        var last = x.Length - 1;
        // All of it lies where double precision has no two points: the lower end is all that can be said.
        if (last < 0) return Lowest;
        int best = 0, interval = 0;
        double steepest = 0;
        var endless = double.IsFinite(Lowest) && double.IsPositiveInfinity(Density(Lowest));
        // All of it is one number but for the last digits, as I² is where effects lie a million of their standard errors apart: no peak shows there.
        if (last == 0 || endless && x[last] - x[0] < 1e-12) return x[Array.IndexOf(f, f.Max())];
        // What rises again above the valley beyond the lower end is a peak, also one at the upper end.
        var valley = f[0];
        for (var i = 1; i <= last && endless; i++)
        {
            if (f[i] > valley * (1 + 1e-9) && (best == 0 || f[i] > f[best])) best = i;
            valley = Math.Min(valley, f[i]);
        }
        if (endless && best == 0) return Lowest;
        if (endless && double.IsFinite(Highest) && Density(Highest) >= f[best] * (1 - 1e-9)) return Highest;
        for (var i = 1; i <= last && !endless; i++)
        {
            if (f[i] > f[best]) best = i;
            // Of what little lies between two points the last digits are rounding.
            if (below[i] - below[i - 1] > 1e-6 && (below[i] - below[i - 1]) / (x[i] - x[i - 1]) > steepest) (interval, steepest) = (i, (below[i] - below[i - 1]) / (x[i] - x[i - 1]));
        }
        if (best == 0 && double.IsFinite(Lowest) && !endless && Density(Lowest) >= f[0] * (1 - 1e-9)) return Lowest;
        // A peak between two points shows in the probability between them.
        var (low, high) = steepest > 1.02 * f[best] ? (x[interval - 1], x[interval]) : (best == 0 ? Math.Max(Lowest, x[0] - (x[1] - x[0])) : x[best - 1], best == last ? Math.Min(Highest, x[last] + (x[last] - x[last - 1])) : x[best + 1]);
        var width = high - low;
        // The golden section until few digits are left, then the slope: the density itself is flat where it is highest.
        var ratio = (Math.Sqrt(5) - 1) / 2;
        double top = 0;
        // A peak at the end of a uniform prior can be as narrow as the last digits of τ.
        for (var i = 0; i < 12 && high - low > 0.03 * width; i++)
        {
            var (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
            var (atA, atB) = (Density(a), Density(b));
            top = Math.Max(atA, atB);
            if (atA >= atB) high = b;
            else low = a;
        }
        if (low <= Lowest && !endless && Density(Lowest) >= top) return Lowest;
        if (high >= Highest && Density(Highest) >= top) return Highest;
        var h = 0.02 * Math.Min(width, double.IsFinite(Lowest) ? Math.Max(low - Lowest, 0.1 * (high - low)) : width);
        var (atLow, atHigh) = (Slope(low, h), Slope(high, h));
        return atLow > 0 && atHigh < 0 ? Narrow(at => Slope(at, h), low, high, atLow, atHigh, 1e-13 * (width + Math.Abs(low))) : (low + high) / 2;
    }

    /// <summary>The shortest interval with a probability.</summary>
    public (double Lower, double Upper) Shortest(double level)
    {
        const int Scanned = 24;
        var most = 1 - level;
        var table = Table;
        if (table.X.Length == 0) return (Lowest, Quantile(level));
        // Over the probability that lies below the interval: none only where the distribution has a lower end, all only where it has an upper.
        double Lower(double tail) => tail <= 0 ? Lowest : Quantile(tail);
        double Upper(double tail) => tail >= most ? Highest : Quantile(tail + level);
        double Gain(double tail) => Density(Upper(tail)) - Density(Lower(tail));
        var tails = new double[Scanned + 1];
        var best = -1;
        var shortest = double.PositiveInfinity;
        for (var i = 0; i <= Scanned; i++)
        {
            // Closer to both ends, where a skewed distribution has its shortest. The table is enough to see where.
            tails[i] = most * (1 - Math.Cos(Math.PI * i / Scanned)) / 2;
            var width = (i == Scanned ? Highest : table.Guess(tails[i] + level)) - (i == 0 ? Lowest : table.Guess(tails[i]));
            if (width < shortest) (best, shortest) = (i, width);
        }
        // The width falls with the tail while the density at the upper limit is above that at the lower.
        if (best == 0 && !(Density(Upper(0)) > Density(Lowest))) return (Lowest, Upper(0));
        if (best == Scanned && !(Density(Lower(most)) > Density(Highest))) return (Lower(most), Highest);
        // The table may be a point off: both ends move until the width falls at one and grows at the other.
        var (first, last) = (Math.Max(0, best - 1), Math.Min(Scanned, best + 1));
        double Inner(int place) => Math.Clamp(tails[place], most * 1e-9, most * (1 - 1e-9));
        double atLow = Gain(Inner(first)), atHigh = Gain(Inner(last));
        while (!(atLow > 0) && first > 0) atLow = Gain(Inner(--first));
        while (!(atHigh < 0) && last < Scanned) atHigh = Gain(Inner(++last));
        // Else an end of the range is the best there is.
        var tail = atLow > 0 && atHigh < 0 ? Narrow(Gain, Inner(first), Inner(last), atLow, atHigh, 1e-13) : Inner(atLow > 0 ? last : first);
        return (Lower(tail), Upper(tail));
    }

    /// <summary>The root between a positive and a negative value, by Illinois' rule: a false position whose stale end is halved.</summary>
    private static double Narrow(Func<double, double> f, double low, double high, double atLow, double atHigh, double enough)
    {
        var side = 0;
        for (var i = 0; i < 80; i++)
        {
            var next = (low * atHigh - high * atLow) / (atHigh - atLow);
            if (!(next > low && next < high)) next = (low + high) / 2;
            if (high - low <= enough || next - low <= enough / 4 && side == 1 || high - next <= enough / 4 && side == 2) return next;
            var at = f(next);
            if (at == 0) return next;
            if (at > 0)
            {
                (low, atLow) = (next, at);
                if (side == 1) atHigh /= 2;
                side = 1;
            }
            else
            {
                (high, atHigh) = (next, at);
                if (side == 2) atLow /= 2;
                side = 2;
            }
        }
        return (low + high) / 2;
    }
}

/// <summary>A distribution at some points: where searches start.</summary>
/// <param name="X">The points, rising.</param>
/// <param name="Below">The probability of smaller values.</param>
/// <param name="Density">The density.</param>
internal sealed record ShapeTable(double[] X, double[] Below, double[] Density)
{
    /// <summary>The last point below which not more than this probability lies; -1 before the first.</summary>
    public int Before(double p)
    {
        int low = -1, high = X.Length;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Below[middle] <= p) low = middle;
            else high = middle;
        }
        return low;
    }

    /// <summary>About the value below which a probability lies: between two points the cubic in the probability with their slopes.</summary>
    public double Guess(double p)
    {
        var i = Before(p);
        if (i < 0) return X[0];
        if (i >= X.Length - 1) return X[^1];
        var (width, rise) = (Below[i + 1] - Below[i], X[i + 1] - X[i]);
        if (!(width > 0)) return X[i];
        var t = (p - Below[i]) / width;
        var (from, to) = (width / Density[i], width / Density[i + 1]);
        var straight = X[i] + t * rise;
        // Slopes too steep for a rising cubic say nothing here.
        if (!(from <= 3 * rise && to <= 3 * rise)) return straight;
        return X[i] + (t * t * (3 - 2 * t)) * rise + t * (1 - t) * (1 - t) * from - t * t * (1 - t) * to;
    }
}
