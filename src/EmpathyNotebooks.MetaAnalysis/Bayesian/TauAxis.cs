namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The variable in which <see cref="NormalHierarchy"/> integrates over τ, chosen so that the integrand falls off on both sides at least as fast as an exponential, and towards a τ of 0 much faster (the
/// double exponential of Takahasi &amp; Mori 1974, Publications of RIMS 9, 721-741). Priors with a density at 0: τ = s e^(x - e^(-x)). Inverse-gamma and log-normal, which vanish there: τ = s e^x. Log-t,
/// whose tails in log τ are powers: τ = s e^(c sinh x). Uniform: τ = largest/(1 + e^(-2 sinh x)).
/// </summary>
/// <param name="prior">The prior of τ.</param>
/// <param name="unit">s, a τ below which the data tell nothing.</param>
internal readonly struct TauAxis(HeterogeneityPrior prior, double unit)
{
    private const double Stretch = 2;

    public double ToTau(double x) => prior.Family switch
    {
        HeterogeneityPriorFamily.Uniform => prior.Largest / (1 + Math.Exp(-2 * Math.Sinh(x))),
        HeterogeneityPriorFamily.LogStudent => unit * Math.Exp(Stretch * Math.Sinh(x)),
        HeterogeneityPriorFamily.LogNormal or HeterogeneityPriorFamily.InverseGamma => unit * Math.Exp(x),
        _ => unit * Math.Exp(x - Math.Exp(-x)),
    };

    /// <summary>The logarithm of a log-t prior's density of x. With few degrees of freedom much of it lies at a τ that double precision takes for 0, but log τ it holds.</summary>
    public double LogPriorOfLogStudent(double x) => prior.LogDensityOfLog(Math.Log(unit) + Stretch * Math.Sinh(x)) + Math.Log(Stretch * Math.Cosh(x));

    /// <summary>The variable at a τ, positive; infinite at the largest value of a uniform prior and beyond.</summary>
    public double FromTau(double tau)
    {
        switch (prior.Family)
        {
            case HeterogeneityPriorFamily.Uniform:
                return tau >= prior.Largest ? double.PositiveInfinity : Math.Asinh((Math.Log(tau) - Math.Log(prior.Largest - tau)) / 2);
            case HeterogeneityPriorFamily.LogStudent:
                return Math.Asinh(Math.Log(tau / unit) / Stretch);
            case HeterogeneityPriorFamily.LogNormal or HeterogeneityPriorFamily.InverseGamma:
                return Math.Log(tau / unit);
            default:
                var target = Math.Log(tau / unit);
                // x - e^(-x) rises and bends down: from below Newton's steps overshoot once and then fall to the root.
                var x = target > -1 ? target : -Math.Log(-target);
                for (var i = 0; i < 60; i++)
                {
                    var shrink = Math.Exp(-x);
                    var step = (x - shrink - target) / (1 + shrink);
                    x -= step;
                    if (Math.Abs(step) <= 1e-15 * (1 + Math.Abs(x))) break;
                }
                return x;
        }
    }

    /// <summary>dτ/dx.</summary>
    public double Slope(double x)
    {
        var tau = ToTau(x);
        return prior.Family switch
        {
            HeterogeneityPriorFamily.Uniform => tau * (1 / (1 + Math.Exp(2 * Math.Sinh(x)))) * 2 * Math.Cosh(x),
            HeterogeneityPriorFamily.LogStudent => tau * Stretch * Math.Cosh(x),
            HeterogeneityPriorFamily.LogNormal or HeterogeneityPriorFamily.InverseGamma => tau,
            _ => tau * (1 + Math.Exp(-x)),
        };
    }
}
