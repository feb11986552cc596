using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The family of a prior distribution of τ, the standard deviation of true effects.</summary>
public enum HeterogeneityPriorFamily
{
    /// <summary>The positive half of a normal distribution around 0 (Spiegelhalter, Abrams &amp; Myles 2004, Bayesian Approaches to Clinical Trials, ch. 5).</summary>
    HalfNormal,

    /// <summary>The positive half of Student's t around 0; with one degree of freedom half-Cauchy (Gelman 2006, Bayesian Analysis 1, 515-534).</summary>
    HalfStudent,

    /// <summary>All values up to a largest one alike.</summary>
    Uniform,

    /// <summary>Exponential.</summary>
    Exponential,

    /// <summary>Inverse-gamma on τ itself, not on τ² (Gronau et al. 2017, Comprehensive Results in Social Psychology 2, 123-138).</summary>
    InverseGamma,

    /// <summary>τ² log-normal (Turner, Jackson, Wei, Thompson &amp; Higgins 2015, Statistics in Medicine 34, 984-998).</summary>
    LogNormal,

    /// <summary>log τ² distributed as Student's t (Rhodes, Turner &amp; Higgins 2015, Journal of Clinical Epidemiology 68, 52-60).</summary>
    LogStudent,
}

/// <summary>
/// A proper prior distribution of τ, the standard deviation of true effects, on the scale that is pooled. It matters where studies are few: with k below 10 the posterior of τ leans on it.
/// </summary>
/// <example><code>
/// HeterogeneityPrior psychology = HeterogeneityPrior.InverseGamma(1, 0.15);
/// Console.WriteLine($"{psychology}: {psychology.LogDensity(0.2)}; in Fisher's z {psychology.ScaledBy(0.5)}");
/// Console.WriteLine(HeterogeneityPrior.HalfCauchy(0.5).Family == HeterogeneityPriorFamily.HalfStudent);
/// </code></example>
public sealed record HeterogeneityPrior
{
    private readonly double _first;
    private readonly double _second;
    private readonly double _degreesOfFreedom;
    private readonly double _constant;

    private HeterogeneityPrior(HeterogeneityPriorFamily family, double first, double second, double degreesOfFreedom)
    {
        (Family, _first, _second, _degreesOfFreedom) = (family, first, second, degreesOfFreedom);
        _constant = family switch
        {
            HeterogeneityPriorFamily.HalfNormal => Math.Log(2 / Math.PI) / 2 - Math.Log(first),
            HeterogeneityPriorFamily.HalfStudent => Math.Log(2) + StudentConstant(degreesOfFreedom) - Math.Log(first),
            HeterogeneityPriorFamily.Uniform => -Math.Log(first),
            HeterogeneityPriorFamily.Exponential => -Math.Log(first),
            HeterogeneityPriorFamily.InverseGamma => first * Math.Log(second) - MathNet.Numerics.SpecialFunctions.GammaLn(first),
            // In both, the density of log τ², times 2/τ.
            HeterogeneityPriorFamily.LogNormal => Math.Log(2) - Math.Log(2 * Math.PI) / 2 - Math.Log(second),
            _ => Math.Log(2) + StudentConstant(degreesOfFreedom) - Math.Log(second),
        };
    }

    /// <summary>The family.</summary>
    public HeterogeneityPriorFamily Family { get; }

    /// <summary>The largest possible value: infinite for all but <see cref="HeterogeneityPriorFamily.Uniform"/>.</summary>
    public double Largest => Family == HeterogeneityPriorFamily.Uniform ? _first : double.PositiveInfinity;

    /// <summary>The scale: of half-normal and half-t, the largest value of uniform, the mean of exponential, b of inverse-gamma; of log-normal and log-t that of log τ².</summary>
    public double Scale => Family is HeterogeneityPriorFamily.InverseGamma or HeterogeneityPriorFamily.LogNormal or HeterogeneityPriorFamily.LogStudent ? _second : _first;

    /// <summary>The shape a of inverse-gamma; null for the others.</summary>
    public double? Shape => Family == HeterogeneityPriorFamily.InverseGamma ? _first : null;

    /// <summary>The location of log τ² of log-normal and log-t; null for the others.</summary>
    public double? Location => Family is HeterogeneityPriorFamily.LogNormal or HeterogeneityPriorFamily.LogStudent ? _first : null;

    /// <summary>The degrees of freedom of half-t and log-t; null for the others.</summary>
    public double? DegreesOfFreedom => Family is HeterogeneityPriorFamily.HalfStudent or HeterogeneityPriorFamily.LogStudent ? _degreesOfFreedom : null;

    /// <summary>Half-normal.</summary>
    /// <remarks>$$p(\tau) = \frac{2}{s\sqrt{2\pi}}\,e^{-\tau^2/(2s^2)}$$</remarks>
    /// <param name="scale">The standard deviation of the whole normal distribution, positive.</param>
    public static HeterogeneityPrior HalfNormal(double scale) => new(HeterogeneityPriorFamily.HalfNormal, Check.Positive(scale, nameof(scale)), 0, 0);

    /// <summary>Half-Cauchy.</summary>
    /// <remarks>$$p(\tau) = \frac{2}{\pi s}\left(1 + \frac{\tau^2}{s^2}\right)^{-1}$$</remarks>
    /// <param name="scale">The scale, its median, positive.</param>
    public static HeterogeneityPrior HalfCauchy(double scale) => HalfStudent(scale, 1);

    /// <summary>Half-t.</summary>
    /// <remarks>
    /// $$p(\tau) = \frac{2\,\Gamma\bigl((\nu + 1)/2\bigr)}{\Gamma(\nu/2)\sqrt{\nu\pi}\,s}\left(1 + \frac{\tau^2}{\nu s^2}\right)^{-(\nu + 1)/2}$$
    /// </remarks>
    /// <param name="scale">The scale, positive.</param>
    /// <param name="degreesOfFreedom">The degrees of freedom, positive.</param>
    public static HeterogeneityPrior HalfStudent(double scale, double degreesOfFreedom) =>
        new(HeterogeneityPriorFamily.HalfStudent, Check.Positive(scale, nameof(scale)), 0, Check.Positive(degreesOfFreedom, nameof(degreesOfFreedom)));

    /// <summary>Uniform from 0.</summary>
    /// <remarks>$$p(\tau) = \frac{1}{c} \text{ for } 0 \le \tau \le c$$</remarks>
    /// <param name="largest">The largest possible value, positive.</param>
    public static HeterogeneityPrior Uniform(double largest) => new(HeterogeneityPriorFamily.Uniform, Check.Positive(largest, nameof(largest)), 0, 0);

    /// <summary>Exponential.</summary>
    /// <remarks>$$p(\tau) = \frac{1}{m}\,e^{-\tau/m}$$</remarks>
    /// <param name="mean">The mean, positive.</param>
    public static HeterogeneityPrior Exponential(double mean) => new(HeterogeneityPriorFamily.Exponential, Check.Positive(mean, nameof(mean)), 0, 0);

    /// <summary>
    /// Inverse-gamma on τ, with the density b^a/Γ(a) τ^(-a-1) e^(-b/τ). With a = 1 and b = 0.15 on the scale of d it describes the heterogeneity of meta-analyses in psychology (Gronau et al. 2017, from
    /// van Erp, Verhagen, Grasman &amp; Wagenmakers 2017, Journal of Open Psychology Data 5, 4).
    /// </summary>
    /// <remarks>$$p(\tau) = \frac{b^a}{\Gamma(a)}\,\tau^{-a - 1}e^{-b/\tau}$$</remarks>
    /// <param name="shape">The shape a, positive.</param>
    /// <param name="scale">The scale b, positive.</param>
    public static HeterogeneityPrior InverseGamma(double shape, double scale) =>
        new(HeterogeneityPriorFamily.InverseGamma, Check.Positive(shape, nameof(shape)), Check.Positive(scale, nameof(scale)), 0);

    /// <summary>log τ² normal. With -2.56 and 1.74 the prior of Turner et al. (2015) for log odds ratios of any kind of outcome.</summary>
    /// <remarks>$$\ln\tau^2 \sim N(m, s^2)$$</remarks>
    /// <param name="mean">The mean of log τ², finite.</param>
    /// <param name="standardDeviation">Its standard deviation, positive.</param>
    public static HeterogeneityPrior LogNormal(double mean, double standardDeviation) =>
        new(HeterogeneityPriorFamily.LogNormal, Check.Finite(mean, nameof(mean)), Check.Positive(standardDeviation, nameof(standardDeviation)), 0);

    /// <summary>log τ² as Student's t. With -3.44, 2.59 and 5 degrees of freedom the prior of Rhodes et al. (2015) for standardized mean differences of any kind of outcome.</summary>
    /// <remarks>$$\frac{\ln\tau^2 - m}{s} \sim t_\nu$$</remarks>
    /// <param name="location">The location of log τ², finite.</param>
    /// <param name="scale">Its scale, positive.</param>
    /// <param name="degreesOfFreedom">The degrees of freedom, positive; 5 in the source.</param>
    public static HeterogeneityPrior LogStudent(double location, double scale, double degreesOfFreedom = 5) =>
        new(HeterogeneityPriorFamily.LogStudent, Check.Finite(location, nameof(location)), Check.Positive(scale, nameof(scale)), Check.Positive(degreesOfFreedom, nameof(degreesOfFreedom)));

    /// <summary>The logarithm of the density at τ, positive; minus infinity beyond <see cref="Largest"/>.</summary>
    public double LogDensity(double tau)
    {
        if (!(tau > 0)) throw new ArgumentOutOfRangeException(nameof(tau), tau, "A standard deviation of true effects is above 0 here.");
        switch (Family)
        {
            case HeterogeneityPriorFamily.HalfNormal:
                return _constant - tau / _first * (tau / _first) / 2;
            case HeterogeneityPriorFamily.HalfStudent:
                return _constant - StudentKernel(tau / _first);
            case HeterogeneityPriorFamily.Uniform:
                return tau <= _first ? _constant : double.NegativeInfinity;
            case HeterogeneityPriorFamily.Exponential:
                return _constant - tau / _first;
            case HeterogeneityPriorFamily.InverseGamma:
                return _constant - (_first + 1) * Math.Log(tau) - _second / tau;
            default:
                var z = (2 * Math.Log(tau) - _first) / _second;
                return _constant - Math.Log(tau) - (Family == HeterogeneityPriorFamily.LogNormal ? z * z / 2 : StudentKernel(z));
        }
    }

    /// <summary>The logarithm of the density of log τ of log-t, where τ itself can be too small for double precision.</summary>
    internal double LogDensityOfLog(double logTau) => _constant - StudentKernel((2 * logTau - _first) / _second);

    /// <summary>The power by which the density falls off for large τ, τ^(-power): infinite where it falls off exponentially or ends; 1, but for a power of the logarithm, of log-t.</summary>
    internal double TailPower => Family switch
    {
        HeterogeneityPriorFamily.HalfStudent => _degreesOfFreedom + 1,
        HeterogeneityPriorFamily.InverseGamma => _first + 1,
        HeterogeneityPriorFamily.LogStudent => 1,
        _ => double.PositiveInfinity,
    };

    /// <summary>The limit of the logarithm of the density as τ falls to 0.</summary>
    internal double LogDensityAtZero => Family switch
    {
        HeterogeneityPriorFamily.InverseGamma or HeterogeneityPriorFamily.LogNormal => double.NegativeInfinity,
        // 1/τ outgrows every power of its logarithm.
        HeterogeneityPriorFamily.LogStudent => double.PositiveInfinity,
        _ => _constant,
    };

    /// <summary>A value of τ of the size that the prior expects: about its median.</summary>
    internal double Typical => Family switch
    {
        HeterogeneityPriorFamily.InverseGamma => _second / _first,
        HeterogeneityPriorFamily.LogNormal or HeterogeneityPriorFamily.LogStudent => Math.Exp(_first / 2),
        _ => _first,
    };

    /// <summary>The distribution of τ times a factor: the same prior for a measure whose unit is another.</summary>
    /// <param name="factor">The factor, positive: 0.5 from d to Fisher's z.</param>
    public HeterogeneityPrior ScaledBy(double factor)
    {
        Check.Positive(factor, nameof(factor));
        return Family switch
        {
            HeterogeneityPriorFamily.InverseGamma => new(Family, _first, _second * factor, 0),
            HeterogeneityPriorFamily.LogNormal or HeterogeneityPriorFamily.LogStudent => new(Family, _first + 2 * Math.Log(factor), _second, _degreesOfFreedom),
            _ => new(Family, _first * factor, _second, _degreesOfFreedom),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Family switch
    {
        HeterogeneityPriorFamily.HalfNormal => $"half-normal({Text(_first)})",
        HeterogeneityPriorFamily.HalfStudent when _degreesOfFreedom == 1 => $"half-Cauchy({Text(_first)})",
        HeterogeneityPriorFamily.HalfStudent => $"half-t({Text(_first)}, df = {Text(_degreesOfFreedom)})",
        HeterogeneityPriorFamily.Uniform => $"uniform(0, {Text(_first)})",
        HeterogeneityPriorFamily.Exponential => $"exponential(mean {Text(_first)})",
        HeterogeneityPriorFamily.InverseGamma => $"inverse-gamma({Text(_first)}, {Text(_second)})",
        HeterogeneityPriorFamily.LogNormal => $"log-normal({Text(_first)}, {Text(_second)}) on τ²",
        _ => $"log-t({Text(_first)}, {Text(_second)}, df = {Text(_degreesOfFreedom)}) on τ²",
    };

    // The square of the largest numbers is none.
    private double StudentKernel(double t) => (_degreesOfFreedom + 1) / 2 * (Math.Abs(t) < 1e100 ? Math.Log(1 + t * t / _degreesOfFreedom) : 2 * Math.Log(Math.Abs(t)) - Math.Log(_degreesOfFreedom));

    private static double StudentConstant(double df) =>
        MathNet.Numerics.SpecialFunctions.GammaLn((df + 1) / 2) - MathNet.Numerics.SpecialFunctions.GammaLn(df / 2) - Math.Log(df * Math.PI) / 2;

    private static string Text(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}

/// <summary>The variable in which a rule integrates over τ: log τ, or log(τ/(largest - τ)) where the prior ends.</summary>
/// <param name="prior">The prior of τ.</param>
internal readonly struct HeterogeneityAxis(HeterogeneityPrior prior)
{
    public double ToTau(double x) => double.IsInfinity(prior.Largest) ? Math.Exp(x) : prior.Largest / (1 + Math.Exp(-x));

    public double FromTau(double tau) => double.IsInfinity(prior.Largest) ? Math.Log(tau) : tau >= prior.Largest ? double.PositiveInfinity : Math.Log(tau / (prior.Largest - tau));

    /// <summary>dx/dτ.</summary>
    public double Slope(double tau) => 1 / tau + (double.IsInfinity(prior.Largest) || tau >= prior.Largest ? 0 : 1 / (prior.Largest - tau));

    /// <summary>The logarithm of the prior's density of x.</summary>
    public double LogDensity(double x)
    {
        var tau = ToTau(x);
        if (!(tau > 0) || double.IsInfinity(tau)) return double.NegativeInfinity;
        var bounded = double.IsInfinity(prior.Largest) ? 0 : -Math.Log(1 + Math.Exp(x));
        return prior.LogDensity(tau) + Math.Log(tau) + bounded;
    }
}
