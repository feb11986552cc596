namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The likelihood of p-uniform*: normal densities with variance v + τ² around μ, each given on which side of its limit of significance the effect lies. At a given τ² it is concave in μ (a
/// truncated normal distribution is an exponential family), so that the search over μ has one end; over τ² every turn is found on a grid and followed to its last digits.
/// </summary>
internal sealed class PUniformStarKernel
{
    private const int GridPoints = 40;
    private const double Far = 1000;

    private readonly double[] _y;
    private readonly double[] _v;
    private readonly double[] _limit;
    private readonly double[] _grid = new double[GridPoints + 1];
    private readonly double _width;

    public PUniformStarKernel(double[] y, double[] v, double critical)
    {
        _y = y;
        _v = v;
        _limit = new double[y.Length];
        for (var i = 0; i < y.Length; i++)
        {
            _limit[i] = critical * Math.Sqrt(v[i]);
            if (y[i] > _limit[i]) SignificantCount++;
        }
        _width = y.Max() - y.Min() + Math.Sqrt(v.Max());
        // From what would hardly add to the smallest variance to far beyond the spread of the effects.
        double low = 1e-6 * v.Min(), high = 1e4 * _width * _width;
        for (var i = 1; i <= GridPoints; i++) _grid[i] = low * Math.Pow(high / low, (i - 1.0) / (GridPoints - 1));
    }

    public int SignificantCount { get; }

    public double LogLikelihood(double mu, double tau2)
    {
        double sum = 0;
        for (var i = 0; i < _y.Length; i++)
        {
            double sd = Math.Sqrt(_v[i] + tau2), limit = (_limit[i] - mu) / sd;
            sum += NormalTail.LogDensity((_y[i] - mu) / sd) - Math.Log(sd) - (_y[i] > _limit[i] ? NormalTail.LogUpper(limit) : NormalTail.LogLower(limit));
        }
        return sum;
    }

    /// <summary>The maximum over both; τ² is endless where the likelihood rises without end.</summary>
    public (double Mu, double TauSquared, double LogLikelihood) Maximum()
    {
        var tau2 = Turn(t => SlopeInTau2(MuAt(t), t), t => LogLikelihood(MuAt(t), t));
        return double.IsInfinity(tau2) ? (double.NaN, tau2, double.NaN) : (MuAt(tau2), tau2, LogLikelihood(MuAt(tau2), tau2));
    }

    /// <summary>The largest likelihood with μ given.</summary>
    public double ProfileAtMu(double mu)
    {
        var tau2 = Turn(t => SlopeInTau2(mu, t), t => LogLikelihood(mu, t));
        return LogLikelihood(mu, double.IsInfinity(tau2) ? _grid[^1] : tau2);
    }

    /// <summary>The largest likelihood with τ² given.</summary>
    public double ProfileAtTau2(double tau2) => LogLikelihood(MuAt(tau2), tau2);

    /// <summary>The limits of μ at which the profile has fallen to a value; endless where it does not fall so far.</summary>
    public (double Lower, double Upper) LimitsOfMu(double estimate, double least)
    {
        return (Cross(-1), Cross(1));

        double Cross(int side)
        {
            var step = 0.05 * _width;
            double inside = estimate, outside = estimate + side * step;
            for (var i = 0; ProfileAtMu(outside) > least; i++)
            {
                // Far off the mean and τ² grow together and the likelihood tends to a constant; the largest τ² of the grid would cut it off.
                if (i > 30 || Math.Abs(outside - estimate) > Far * _width) return side * double.PositiveInfinity;
                step *= 1.6;
                (inside, outside) = (outside, outside + side * step);
            }
            return Roots.Find(mu => ProfileAtMu(mu) - least, Math.Min(inside, outside), Math.Max(inside, outside), "The interval of p-uniform*");
        }
    }

    /// <summary>The limits of τ² at which the profile has fallen to a value; 0 and endless where it does not fall so far.</summary>
    public (double Lower, double Upper) LimitsOfTau2(double tau2, double least)
    {
        const string what = "The interval of tau squared of p-uniform*";
        var lower = tau2 == 0 || ProfileAtTau2(0) > least ? 0 : Roots.Find(t => ProfileAtTau2(t) - least, 0, tau2, what);
        double inside = tau2, outside = Math.Max(2 * tau2, _v.Min());
        while (ProfileAtTau2(outside) > least)
        {
            if (outside > 100 * _grid[^1]) return (lower, double.PositiveInfinity);
            (inside, outside) = (outside, 2 * outside);
        }
        return (lower, Roots.Find(t => ProfileAtTau2(t) - least, inside, outside, what));
    }

    /// <summary>The best μ at a τ², by Newton's method within a bracket; the slope falls throughout.</summary>
    private double MuAt(double tau2)
    {
        double low = double.NegativeInfinity, high = double.PositiveInfinity, step = _width + Math.Sqrt(tau2);
        double mu = 0;
        foreach (var y in _y) mu += y / _y.Length;
        for (var i = 0; i < 500; i++)
        {
            var slope = SlopeInMu(mu, tau2, out var curvature);
            if (slope == 0) return mu;
            if (slope > 0) low = mu;
            else high = mu;
            var next = mu - slope / curvature;
            if (!(next > low && next < high) || !double.IsFinite(next) || Math.Abs(next - mu) > 4 * step)
            {
                next = double.IsInfinity(low) ? high - step : double.IsInfinity(high) ? low + step : (low + high) / 2;
                step *= 2;
            }
            if (Math.Abs(next - mu) <= 1e-15 * (Math.Abs(mu) + _width)) return next;
            mu = next;
        }
        return mu;
    }

    private double SlopeInMu(double mu, double tau2, out double curvature)
    {
        double slope = 0;
        curvature = 0;
        for (var i = 0; i < _y.Length; i++)
        {
            double variance = _v[i] + tau2, sd = Math.Sqrt(variance), limit = (_limit[i] - mu) / sd;
            slope += (_y[i] - mu) / variance;
            if (_y[i] > _limit[i])
            {
                var hazard = NormalTail.Hazard(limit);
                slope -= hazard / sd;
                curvature -= (1 - hazard * (hazard - limit)) / variance;
            }
            else
            {
                var hazard = NormalTail.Hazard(-limit);
                slope += hazard / sd;
                curvature -= (1 - hazard * (hazard + limit)) / variance;
            }
        }
        return slope;
    }

    private double SlopeInTau2(double mu, double tau2)
    {
        double slope = 0;
        for (var i = 0; i < _y.Length; i++)
        {
            double variance = _v[i] + tau2, sd = Math.Sqrt(variance), e = (_y[i] - mu) / sd, limit = (_limit[i] - mu) / sd;
            var selection = _y[i] > _limit[i] ? -NormalTail.Hazard(limit) : NormalTail.Hazard(-limit);
            slope += (e * e - 1 + selection * limit) / (2 * variance);
        }
        return slope;
    }

    /// <summary>The τ² at the highest turn of a likelihood, 0 where it falls from there, endless where it is highest at the end of the grid.</summary>
    private double Turn(Func<double, double> slope, Func<double, double> likelihood)
    {
        double best = 0, highest = likelihood(0);
        var before = slope(0);
        for (var i = 1; i <= GridPoints; i++)
        {
            var here = slope(_grid[i]);
            if (before > 0 && here <= 0)
            {
                var turn = Roots.Find(slope, _grid[i - 1], _grid[i], "The likelihood of p-uniform*");
                var value = likelihood(turn);
                if (value > highest) (best, highest) = (turn, value);
            }
            before = here;
        }
        return before > 0 && likelihood(_grid[^1]) > highest ? double.PositiveInfinity : best;
    }
}
