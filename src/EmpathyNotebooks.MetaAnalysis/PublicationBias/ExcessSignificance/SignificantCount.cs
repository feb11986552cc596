namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The number of significant studies, observed and expected, and the tests that compare them.</summary>
internal sealed class SignificantCount
{
    private readonly Alternative _side;
    private readonly double _critical;
    private readonly double[] _errors;
    private readonly double[] _spread;

    public SignificantCount(StudyEffects effects, IReadOnlyList<double> trueVariances, ExcessSignificanceOptions options)
    {
        _side = options.Significance;
        _critical = -Distributions.NormalQuantile(_side == Alternative.TwoSided ? options.Alpha / 2 : options.Alpha);
        _errors = [.. effects.Variances.Select(Math.Sqrt)];
        _spread = [.. effects.Variances.Select((v, i) => Math.Sqrt(1 + trueVariances[i] / v))];
        IsSignificant = [.. _errors.Select((se, i) => effects.Effects[i] / se).Select(z => _side switch
        {
            Alternative.Greater => z >= _critical,
            Alternative.Less => z <= -_critical,
            _ => Math.Abs(z) >= _critical,
        })];
        Observed = IsSignificant.Count(s => s);
    }

    public bool[] IsSignificant { get; }

    public int Observed { get; }

    private int K => _errors.Length;

    /// <summary>P(significant) of each study whose true effect is N(θ, τ²): in closed form, since y/√v is N(θ/√v, 1 + τ²/v).</summary>
    public double[] PowerAt(IReadOnlyList<double> means)
    {
        var power = new double[K];
        for (var i = 0; i < K; i++)
        {
            var z = means[i] / _errors[i];
            if (_side != Alternative.Less) power[i] += Distributions.NormalCumulative((z - _critical) / _spread[i]);
            if (_side != Alternative.Greater) power[i] += Distributions.NormalCumulative((-z - _critical) / _spread[i]);
        }
        return power;
    }

    /// <summary>How many sets of significant studies an exact test counts.</summary>
    public double Combinations(Alternative excess)
    {
        double total = 0, ways = 1;
        for (var j = 0; j <= K; j++)
        {
            if (excess == Alternative.TwoSided || (excess == Alternative.Greater ? j >= Observed : j <= Observed)) total += ways;
            ways *= (K - j) / (j + 1.0);
        }
        return Math.Round(total);
    }

    public (double PValue, double? ChiSquared) PValue(double[] power, ExcessTest test, Alternative excess)
    {
        var expected = power.Sum();
        switch (test)
        {
            case ExcessTest.Exact:
                return (Tail(Convolve(power), excess, (at, observed) => at <= observed + 1.4901161193847656e-8), null);
            case ExcessTest.Binomial:
                return (Tail(BinomialAt(Math.Min(1, expected / K)), excess, (at, observed) => at <= observed * (1 + 1e-7)), null);
            default:
                var difference = Observed - expected;
                var squared = difference == 0 ? 0 : difference * difference / expected + difference * difference / (K - expected);
                var z = Math.CopySign(Math.Sqrt(Math.Abs(squared)), difference);
                return (excess switch
                {
                    Alternative.Greater => Distributions.NormalCumulative(-z),
                    Alternative.Less => Distributions.NormalCumulative(z),
                    _ => Distributions.NormalTwoSided(z),
                }, squared);
        }
    }

    /// <summary>
    /// The mean, on the side of the estimate, at which the one-sided p-value is alpha; null where there is none. Away from 0 power rises, so that an excess fades and a deficit grows.
    /// </summary>
    public double? Limit(double mean, ExcessTest test, Alternative excess, double alpha)
    {
        double Beyond(double theta) => PValue(PowerAt([.. Enumerable.Repeat(theta, K)]), test, excess).PValue - alpha;
        var away = excess == Alternative.Greater ? 1 : -1;
        if (away * Beyond(0) >= 0) return null;
        var reach = Math.Max(Math.Abs(mean), _errors.Min());
        for (var i = 0; i < 60; i++, reach *= 2)
        {
            var far = mean >= 0 ? reach : -reach;
            if (away * Beyond(far) >= 0) return Roots.Find(Beyond, 0, far, "The limit of the test of excess significance");
        }
        return null;
    }

    private double Tail(double[] probabilities, Alternative excess, Func<double, double, bool> asUnlikely)
    {
        double sum = 0;
        for (var j = 0; j <= K; j++)
        {
            if (excess switch
            {
                Alternative.Greater => j >= Observed,
                Alternative.Less => j <= Observed,
                _ => j == Observed || asUnlikely(probabilities[j], probabilities[Observed]),
            })
            {
                sum += probabilities[j];
            }
        }
        return Math.Min(1, sum);
    }

    /// <summary>The distribution of the number of significant studies, one study after the other.</summary>
    private double[] Convolve(double[] power)
    {
        var p = new double[K + 1];
        p[0] = 1;
        for (var i = 0; i < K; i++)
        {
            for (var j = i + 1; j > 0; j--) p[j] = p[j] * (1 - power[i]) + p[j - 1] * power[i];
            p[0] *= 1 - power[i];
        }
        return p;
    }

    private double[] BinomialAt(double probability) => Convolve([.. Enumerable.Repeat(probability, K)]);
}
