namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How often a test rejects: normal statistics with a limit, and Student's t with a noncentrality.</summary>
internal static class RejectionRate
{
    /// <summary>How many standard errors away the estimate must lie to be significant; of t with degrees of freedom, else of z.</summary>
    public static double Critical(double alpha, Alternative alternative, double? degreesOfFreedom) =>
        -Distributions.Quantile(alternative == Alternative.TwoSided ? alpha / 2 : alpha, degreesOfFreedom);

    /// <summary>Pr that an estimate of N(mean, sd²) lies beyond the limit, on the side or sides asked.</summary>
    public static double Normal(double mean, double sd, double limit, Alternative alternative) => alternative switch
    {
        Alternative.Greater => Distributions.NormalCumulative((mean - limit) / sd),
        Alternative.Less => Distributions.NormalCumulative((-mean - limit) / sd),
        _ => Math.Min(1, Distributions.NormalCumulative((mean - limit) / sd) + Distributions.NormalCumulative((-mean - limit) / sd)),
    };

    /// <summary>
    /// Pr that (Z + λ)/s lies beyond the critical value, s² = χ²/df: the normal rate averaged over u = ln s by the trapezoidal rule, which converges geometrically for this density. The density is divided
    /// by its own sum, so that no gamma function takes digits away. Holds for degrees of freedom that are no whole number, and keeps the digits of small rates.
    /// </summary>
    public static double Student(double noncentrality, double degreesOfFreedom, double critical, Alternative alternative)
    {
        if (double.IsInfinity(critical)) return 0;
        var df = degreesOfFreedom;
        double LogDensity(double u) => df * (u - (Math.Exp(2 * u) - 1) / 2);
        var step = Math.Min(Math.Min(0.12, 0.35 / Math.Sqrt(df)), 0.5 / (1 + Math.Min(Math.Abs(noncentrality), 60)));
        double rate = 0, all = 0;
        for (var side = -1; side <= 1; side += 2)
        {
            for (var i = side < 0 ? 1 : 0; ; i++)
            {
                var u = side * i * step;
                var log = LogDensity(u);
                if (log < -42) break;
                var density = Math.Exp(log);
                all += density;
                rate += density * Normal(noncentrality, 1, critical * Math.Exp(u), alternative);
            }
        }
        return rate / all;
    }
}
