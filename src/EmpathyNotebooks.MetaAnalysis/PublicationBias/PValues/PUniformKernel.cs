using MathNet.Numerics;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The conditional p-values of significant effects y (z = y/s above the critical z) at a mean μ, and what is solved from them.</summary>
internal sealed class PUniformKernel(double[] y, double[] s, double critical, PUniformMethod method)
{
    private const string What = "p-uniform";

    public int Count => y.Length;

    /// <summary>The statistic at μ: Σq, Σ-ln q, Σ-ln(1 - q), or the log-likelihood without constants.</summary>
    public double Statistic(double mu)
    {
        double sum = 0;
        for (var i = 0; i < Count; i++)
        {
            double z = (y[i] - mu) / s[i], near = critical - mu / s[i];
            sum += method switch
            {
                PUniformMethod.Sum => Math.Exp(NormalTail.LogRatio(z, near)),
                PUniformMethod.LogSum => -NormalTail.LogRatio(z, near),
                PUniformMethod.LogComplementSum => -LogOfOneMinusExp(NormalTail.LogRatio(z, near)),
                _ => -z * z / 2 - NormalTail.LogUpper(near),
            };
        }
        return sum;
    }

    /// <summary>The estimate: the statistic is what it is on average at the true mean, or the likelihood has its maximum.</summary>
    public double Estimate() => method switch
    {
        PUniformMethod.Sum => Solve(Statistic, Count / 2.0),
        PUniformMethod.LogSum or PUniformMethod.LogComplementSum => Solve(Statistic, Count),
        _ => Solve(Score, 0),
    };

    /// <summary>The limits of an interval of a level; they hold the statistic to the quantiles of its distribution, Irwin-Hall or gamma, or the likelihood ratio to that of χ².</summary>
    public (double Lower, double Upper) Limits(double estimate, double level)
    {
        var tail = (1 - level) / 2;
        if (method == PUniformMethod.MaximumLikelihood)
        {
            var least = Statistic(estimate) - Distributions.ChiSquaredQuantile(level, 1) / 2;
            var step = s.Min();
            return (Cross(-step), Cross(step));

            double Cross(double outwards)
            {
                double inside = estimate, outside = estimate + outwards;
                while (Statistic(outside) > least) (inside, outside) = (outside, outside + (outside - estimate));
                return Roots.Find(mu => Statistic(mu) - least, Math.Min(inside, outside), Math.Max(inside, outside), What);
            }
        }
        if (method == PUniformMethod.Sum) return (Solve(Statistic, IrwinHall.Quantile(tail, Count)), Solve(Statistic, IrwinHall.Quantile(1 - tail, Count)));
        double few = GammaQuantile(tail), many = GammaQuantile(1 - tail);
        return method == PUniformMethod.LogSum ? (Solve(Statistic, many), Solve(Statistic, few)) : (Solve(Statistic, few), Solve(Statistic, many));
    }

    /// <summary>Statistic and one-sided p of the hypothesis that the mean is at least, or at most, μ. Not for maximum likelihood.</summary>
    public (double Statistic, double PValue) TestAt(double mu, bool upper)
    {
        var value = Statistic(mu);
        switch (method)
        {
            case PUniformMethod.Sum:
                var z = (value - Count / 2.0) / Math.Sqrt(Count / 12.0);
                return (z, Distributions.NormalCumulative(upper ? z : -z));
            case PUniformMethod.LogSum:
                return (value, upper ? Distributions.ChiSquaredUpper(2 * value, 2 * Count) : 1 - Distributions.ChiSquaredUpper(2 * value, 2 * Count));
            default:
                return (value, upper ? SpecialFunctions.GammaLowerRegularized(Count, value) : Distributions.ChiSquaredUpper(2 * value, 2 * Count));
        }
    }

    /// <summary>Where a function of μ has a value: all that are asked for rise without a turn from one end of their range to the other, or fall, those of ln q and of the likelihood.</summary>
    private double Solve(Func<double, double> f, double value)
    {
        var rising = method is PUniformMethod.Sum or PUniformMethod.LogComplementSum;
        // Widen from the middle of the effects until the value lies between.
        double centre = y.Average(), step = s.Average();
        double low = centre - step, high = centre + step;
        for (var i = 0; i < 200; i++)
        {
            bool lowIsBeyond = rising ? f(low) <= value : f(low) >= value, highIsBeyond = rising ? f(high) >= value : f(high) <= value;
            if (lowIsBeyond && highIsBeyond) return Roots.Find(mu => f(mu) - value, low, high, What);
            if (!lowIsBeyond) low -= step;
            if (!highIsBeyond) high += step;
            step *= 2;
        }
        throw new ConvergenceException(What, "the significant effects lie so close to the limit of significance that no mean explains them", 200);
    }

    /// <summary>The derivative of the log-likelihood, which falls in μ.</summary>
    private double Score(double mu)
    {
        double sum = 0;
        for (var i = 0; i < Count; i++) sum += ((y[i] - mu) / s[i] - NormalTail.Hazard(critical - mu / s[i])) / s[i];
        return sum;
    }

    private double GammaQuantile(double probability) => Distributions.ChiSquaredQuantile(probability, 2 * Count) / 2;

    /// <summary>ln(1 - e^x) for x ≤ 0.</summary>
    private static double LogOfOneMinusExp(double x) => x > -1e-8 ? Math.Log(-x) : Math.Log(1 - Math.Exp(x));
}
