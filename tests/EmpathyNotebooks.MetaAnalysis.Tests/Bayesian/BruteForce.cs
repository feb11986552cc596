namespace EmpathyNotebooks.MetaAnalysis.Tests.Bayesian;

/// <summary>The posterior with a flat or normal prior of μ by a midpoint rule over log τ, with nothing of the engine in it.</summary>
internal sealed class BruteForce
{
    private readonly List<(double Tau, double Weight, double Mean, double Variance)> _parts = [];
    private readonly double[] _y;
    private readonly double[] _v;

    public BruteForce(double[] y, double[] v, EffectPrior mu, HeterogeneityPrior tau, int points = 8_000)
    {
        (_y, _v) = (y, v);
        var size = Math.Max(y.Max(Math.Abs), Math.Max(Math.Sqrt(v.Max()), mu.IsProper ? Math.Abs(mu.Location) : 0));
        var (low, high) = (Math.Log(Math.Sqrt(v.Min()) * 1e-9), Math.Log(size * 1e9));
        // Of heavy tails in log τ nothing must be cut off that counts, and a uniform prior ends within.
        if (tau.Family == HeterogeneityPriorFamily.LogStudent) (low, high) = (low - 120, high + 60);
        if (!double.IsInfinity(tau.Largest)) high = Math.Log(tau.Largest);
        // Two passes: the second over where the first found something.
        for (var pass = 0; pass < 2; pass++)
        {
            var step = (high - low) / points;
            var logs = new double[points];
            _parts.Clear();
            for (var i = 0; i < points; i++)
            {
                var x = low + (i + 0.5) * step;
                var t = Math.Exp(x);
                double w = 0, wy = 0, log = 0;
                for (var s = 0; s < y.Length; s++)
                {
                    w += 1 / (v[s] + t * t);
                    wy += (y[s] - y[0]) / (v[s] + t * t);
                    log -= Math.Log(2 * Math.PI * (v[s] + t * t)) / 2;
                }
                var mean = wy / w;
                for (var s = 0; s < y.Length; s++) log -= (y[s] - y[0] - mean) * (y[s] - y[0] - mean) / (v[s] + t * t) / 2;
                var (m, variance) = (mean + y[0], 1 / w);
                if (mu.IsProper)
                {
                    var prior = mu.Scale * mu.Scale;
                    var off = mu.Location - y[0] - mean;
                    log += (Math.Log(2 * Math.PI / w) - Math.Log(2 * Math.PI * (1 / w + prior)) - off * off / (1 / w + prior)) / 2;
                    (m, variance) = (m + off / w / (1 / w + prior), prior / w / (1 / w + prior));
                }
                else
                {
                    log += Math.Log(2 * Math.PI / w) / 2;
                }
                logs[i] = log + tau.LogDensity(t) + x;
                _parts.Add((t, 0, m, variance));
            }
            var best = logs.Max();
            double sum = 0;
            foreach (var log in logs) sum += Math.Exp(log - best);
            LogMarginal = best + Math.Log(sum * step);
            for (var i = 0; i < points; i++) _parts[i] = _parts[i] with { Weight = Math.Exp(logs[i] - best) / sum };
            var (first, last) = (Array.FindIndex(logs, log => log > best - 40), Array.FindLastIndex(logs, log => log > best - 40));
            (low, high) = (low + Math.Max(0, first - 1) * step, low + Math.Min(points, last + 2) * step);
        }
        _parts.RemoveAll(part => part.Weight < 1e-20);
    }

    public double LogMarginal { get; }

    public double Average(Func<(double Tau, double Weight, double Mean, double Variance), double> of) => _parts.Sum(part => part.Weight * of(part));

    public double MeanBelow(double x) => Average(part => Normal((x - part.Mean) / Math.Sqrt(part.Variance)));

    public double NewBelow(double x) => Average(part => Normal((x - part.Mean) / Math.Sqrt(part.Variance + part.Tau * part.Tau)));

    public double StudyBelow(int s, double x) => Average(part =>
    {
        var tau2 = part.Tau * part.Tau;
        var (own, rest) = (tau2 / (tau2 + _v[s]), _v[s] / (tau2 + _v[s]));
        return Normal((x - own * _y[s] - rest * part.Mean) / Math.Sqrt(own * _v[s] + rest * rest * part.Variance));
    });

    /// <summary>The cell in which the value lies counts by its share in log τ.</summary>
    public double TauBelow(double x)
    {
        var half = Math.Log(_parts[1].Tau / _parts[0].Tau) / 2;
        return Average(part => Math.Clamp((Math.Log(x / part.Tau) + half) / (2 * half), 0, 1));
    }

    private static double Normal(double z) => MathNet.Numerics.Distributions.Normal.CDF(0, 1, z);
}
