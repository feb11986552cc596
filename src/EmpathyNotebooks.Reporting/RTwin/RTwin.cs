using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>A number that a script of R makes again.</summary>
/// <param name="Name">What it is, for example <c>Intercept: standard error</c>.</param>
/// <param name="Expression">The expression of R that gives it.</param>
/// <param name="Value">What it is here.</param>
public readonly record struct TwinNumber(string Name, string Expression, double Value);

/// <summary>
/// The R twin of a fit: a script that makes the same numbers with metafor, clubSandwich or robumeta, for a reviewer who wants to check them. It holds the data, so nothing else is needed. What R's packages do
/// not have is refused with the reason.
/// </summary>
/// <remarks>
/// The script is plain ASCII; labels and categories stand in it as quoted texts, whatever is in them. Numbers have all their digits. Sources: Viechtbauer 2010, Journal of Statistical Software
/// 36(3), 1-48 (metafor); Pustejovsky &amp; Tipton 2018, Journal of Business &amp; Economic Statistics 36, 672-683 (clubSandwich); Fisher &amp; Tipton 2015, arXiv:1503.02220 (robumeta).
/// Where metafor looks for the most likely variances by an optimiser, it stops a little before the end: digits after the sixth or so of models with several variances may differ.
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ);
/// RTwin twin = RTwin.Of(RandomEffects.Fit(effects));
/// Console.WriteLine(twin.Script);
/// foreach (TwinNumber number in twin.Numbers) Console.WriteLine($"{number.Name}: {number.Expression} should be {number.Value}");
/// </code></example>
public sealed class RTwin
{
    internal RTwin(string script, ImmutableArray<TwinNumber> numbers) => (Script, Numbers) = (script, numbers);

    /// <summary>The whole script.</summary>
    public string Script { get; }

    /// <summary>What it prints, in order, with the numbers that should come.</summary>
    public ImmutableArray<TwinNumber> Numbers { get; }

    /// <summary>Writes the script of a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="robust">Cluster-robust inference for it, to be checked as well; null, the default, for none. Robust variance estimation has its own.</param>
    /// <exception cref="ImpossibleChoiceException">R's packages have no such method, or R no such text; the message says which.</exception>
    public static RTwin Of(IModelFit fit, RobustFit? robust = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (robust is not null && (robust.Coefficients.Length != fit.Coefficients.Length || !robust.Coefficients.Zip(fit.Coefficients, IsSame).All(same => same)))
        {
            throw new ArgumentException("The robust inference is of another fit: its coefficients differ.", nameof(robust));
        }
        return fit switch
        {
            PooledFit or MetaRegressionFit => IndependentTwin.Of(fit, robust),
            LocationScaleFit scale when robust is null => LocationScaleTwin.Of(scale),
            DependentFit dependent => DependentTwin.Of(dependent, robust),
            RobustVarianceFit variance => RobustVarianceTwin.Of(variance),
            LocationScaleFit => throw NoTwin("cluster-robust inference for a location-scale model", "clubSandwich does not have it"),
            _ => throw NoTwin("this kind of model", "it is written for pooled effects, regressions, location-scale, multilevel and multivariate models and robust variance estimation"),
        };
    }

    /// <summary>Writes the script of counts pooled as tables or rates. Q and I² are not compared: they come from the effects of single tables.</summary>
    /// <param name="counts">The pooled tables or rates.</param>
    /// <exception cref="ImpossibleChoiceException">R has no such text or level; the message says which.</exception>
    public static RTwin Of(TwoByTwoFit counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return CountsTwin.Of(counts);
    }

    // The two come to an estimate by other ways, so its last digits may differ.
    private static bool IsSame(Coefficient one, Coefficient other) => one.Name == other.Name && Math.Abs(one.Estimate - other.Estimate) <= 1e-7 * (Math.Abs(other.Estimate) + (other.HasStandardError ? other.StandardError : 0));

    /// <summary>What has no twin.</summary>
    internal static ImpossibleChoiceException NoTwin(string what, string why) => new($"There is no R code for {what}: {why}", ChoiceFault.UndefinedForFit);

    /// <summary>The level in percent, as metafor takes it.</summary>
    internal static string Level(double level) => level * 100 >= 1 ? RText.Number(Math.Round(level * 100, 10))
        : throw NoTwin("intervals of a level below 1%", "metafor reads such a level as another one");
}

/// <summary>The R code of fits.</summary>
public static class FitToR
{
    /// <summary>A script of R that makes the same numbers: <see cref="RTwin"/>.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="robust">Cluster-robust inference for it, to be checked as well.</param>
    /// <exception cref="ImpossibleChoiceException">R's packages have no such method; the message says which.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ);
    /// Console.WriteLine(RandomEffects.Fit(effects).ToR());
    /// </code></example>
    public static string ToR(this IModelFit fit, RobustFit? robust = null) => RTwin.Of(fit, robust).Script;

    /// <summary>A script of R that pools the same counts: <see cref="RTwin"/>.</summary>
    /// <param name="counts">The pooled tables or rates.</param>
    public static string ToR(this TwoByTwoFit counts) => RTwin.Of(counts).Script;
}
