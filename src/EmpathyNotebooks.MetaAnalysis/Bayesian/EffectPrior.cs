using System.Globalization;
using MathNet.Numerics;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The family of a prior distribution of the mean effect μ.</summary>
public enum EffectPriorFamily
{
    /// <summary>All values alike: improper, so that there is neither a marginal likelihood nor a Bayes factor.</summary>
    Flat,

    /// <summary>Normal (Spiegelhalter, Abrams &amp; Myles 2004, Bayesian Approaches to Clinical Trials, ch. 5).</summary>
    Normal,

    /// <summary>Student's t, with one degree of freedom Cauchy (Gronau, Ly &amp; Wagenmakers 2020, The American Statistician 74, 137-143): heavier tails, which give way where the data disagree.</summary>
    Student,
}

/// <summary>A prior distribution of the mean effect μ on the scale that is pooled.</summary>
/// <example><code>
/// EffectPrior[] priors = [EffectPrior.Flat, EffectPrior.Normal(0, 1), EffectPrior.Student(0, 0.5, 4), EffectPrior.Cauchy(0, 0.707)];
/// foreach (var prior in priors) Console.WriteLine($"{prior}: proper {prior.IsProper}, in Fisher's z {prior.ScaledBy(0.5)}");
/// Console.WriteLine(priors[3].Family == EffectPriorFamily.Student);
/// </code></example>
public sealed record EffectPrior
{
    private readonly double _constant;

    private EffectPrior(EffectPriorFamily family, double location, double scale, double degreesOfFreedom)
    {
        (Family, Location, Scale, DegreesOfFreedom) = (family, location, scale, degreesOfFreedom);
        _constant = family switch
        {
            EffectPriorFamily.Flat => 0,
            EffectPriorFamily.Normal => -Math.Log(2 * Math.PI) / 2 - Math.Log(scale),
            _ => SpecialFunctions.GammaLn((degreesOfFreedom + 1) / 2) - SpecialFunctions.GammaLn(degreesOfFreedom / 2) - Math.Log(degreesOfFreedom * Math.PI) / 2 - Math.Log(scale),
        };
    }

    /// <summary>All values alike.</summary>
    public static EffectPrior Flat { get; } = new(EffectPriorFamily.Flat, 0, double.PositiveInfinity, double.PositiveInfinity);

    /// <summary>The family.</summary>
    public EffectPriorFamily Family { get; }

    /// <summary>The centre; 0 of a flat prior.</summary>
    public double Location { get; }

    /// <summary>The standard deviation of a normal distribution, the scale of t; infinite of a flat prior.</summary>
    public double Scale { get; }

    /// <summary>The degrees of freedom of t; infinite of the others.</summary>
    public double DegreesOfFreedom { get; }

    /// <summary>True where the density integrates to 1: of all but the flat prior.</summary>
    public bool IsProper => Family != EffectPriorFamily.Flat;

    /// <summary>Normal.</summary>
    /// <remarks>$$p(\mu) = \frac{1}{s\sqrt{2\pi}}\exp\!\left(-\frac{(\mu - m)^2}{2s^2}\right)$$</remarks>
    /// <param name="mean">The mean, finite.</param>
    /// <param name="standardDeviation">The standard deviation, positive.</param>
    public static EffectPrior Normal(double mean, double standardDeviation) =>
        new(EffectPriorFamily.Normal, Check.Finite(mean, nameof(mean)), Check.Positive(standardDeviation, nameof(standardDeviation)), double.PositiveInfinity);

    /// <summary>Student's t.</summary>
    /// <remarks>
    /// $$p(\mu) = \frac{\Gamma\bigl((\nu + 1)/2\bigr)}{\Gamma(\nu/2)\sqrt{\nu\pi}\,s}\left(1 + \frac{(\mu - m)^2}{\nu s^2}\right)^{-(\nu + 1)/2}$$
    /// </remarks>
    /// <param name="location">The centre, finite.</param>
    /// <param name="scale">The scale, positive.</param>
    /// <param name="degreesOfFreedom">The degrees of freedom, positive.</param>
    public static EffectPrior Student(double location, double scale, double degreesOfFreedom) =>
        new(EffectPriorFamily.Student, Check.Finite(location, nameof(location)), Check.Positive(scale, nameof(scale)), Check.Positive(degreesOfFreedom, nameof(degreesOfFreedom)));

    /// <summary>Cauchy.</summary>
    /// <remarks>$$p(\mu) = \frac{1}{\pi s}\left(1 + \frac{(\mu - m)^2}{s^2}\right)^{-1}$$</remarks>
    /// <param name="location">The centre, finite.</param>
    /// <param name="scale">The scale, positive.</param>
    public static EffectPrior Cauchy(double location, double scale) => Student(location, scale, 1);

    /// <summary>The logarithm of the density at a value; 0, a density of 1 everywhere, of the flat prior.</summary>
    public double LogDensity(double value)
    {
        var z = (value - Location) / Scale;
        return Family switch
        {
            EffectPriorFamily.Flat => 0,
            EffectPriorFamily.Normal => _constant - z * z / 2,
            _ => _constant - (DegreesOfFreedom + 1) / 2 * Math.Log(1 + z * z / DegreesOfFreedom),
        };
    }

    /// <summary>The distribution of the value times a factor: the same prior for a measure whose unit is another.</summary>
    /// <param name="factor">The factor, positive: 0.5 from d to Fisher's z.</param>
    public EffectPrior ScaledBy(double factor)
    {
        Check.Positive(factor, nameof(factor));
        return IsProper ? new EffectPrior(Family, Location * factor, Scale * factor, DegreesOfFreedom) : this;
    }

    /// <summary>The same distribution around the same centre with another scale; a flat prior stays flat.</summary>
    internal EffectPrior WithScaleTimes(double factor) => IsProper ? new EffectPrior(Family, Location, Scale * factor, DegreesOfFreedom) : this;

    /// <inheritdoc/>
    public override string ToString() => Family switch
    {
        EffectPriorFamily.Flat => "flat",
        EffectPriorFamily.Normal => $"normal({Text(Location)}, {Text(Scale)})",
        _ when DegreesOfFreedom == 1 => $"Cauchy({Text(Location)}, {Text(Scale)})",
        _ => $"t({Text(Location)}, {Text(Scale)}, df = {Text(DegreesOfFreedom)})",
    };

    private static string Text(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
