using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One combined test of p-curve.</summary>
/// <param name="Z">Stouffer's z; below 0 speaks against the hypothesis tested.</param>
/// <param name="PValue">Its one-sided p-value, Φ(z).</param>
public readonly record struct PCurveTest(double Z, double PValue);

/// <summary>One of the five steps of a p-curve.</summary>
/// <param name="UpTo">The p-values from .01 below up to here: .01, .02, .03, .04, .05.</param>
/// <param name="Observed">The share of the significant results there.</param>
/// <param name="UnderNull">The share expected without an effect, .2.</param>
/// <param name="AtThirdPower">The share expected if each test had 33% power.</param>
public readonly record struct PCurveStep(double UpTo, double Observed, double UnderNull, double AtThirdPower);

/// <summary>
/// p-curve: how the significant p-values are distributed (Simonsohn, Nelson &amp; Simmons 2014, Journal of Experimental Psychology: General 143, 534-547; half p-curve: Simonsohn, Simmons &amp; Nelson 2015, ibid. 144, 1146-1152).
/// Without an effect p-values below .05 are uniform; with one they pile up near 0. Right skew of the curve, full (p below .05) and half (p below .025), is tested by Stouffer's z; flatness against what
/// 33% power would give; and power is estimated as the one at which the p-values look as they should, with a 90% interval, within [.05, .99] as in the app. p-values below 2.2e-16 count as 2.2e-16, as there.
/// It assumes that the tests are independent, that each is of the hypothesis of interest, and that publication depends on p &lt; .05 alone.
/// When it misleads: right skew says that not all effects are 0, not that any single study is sound; a p-curve of confounded or fraudulent results is skewed too. Where power differs between studies the estimate
/// of power and the effect behind it come out too high (van Aert, Wicherts &amp; van Assen 2016, Perspectives on Psychological Science 11, 713-729; McShane, Böckenholt &amp; Hansen 2016, ibid. 730-749); a few results just below .05
/// or .025 move the tests (Erdfelder &amp; Heck 2019, Zeitschrift für Psychologie 227, 249-260), and the tests are not even monotone in the evidence (Morey &amp; Davis-Stober 2025, Journal of the American Statistical Association).
/// Its authors hold against it that a p-curve asks for the evidential value of the set, and that the estimate of power is meant for the average (Simonsohn, Nelson &amp; Simmons 2014, Perspectives on Psychological Science 9, 666-681).
/// </summary>
/// <remarks>
/// $$Z = \frac{1}{\sqrt{k}}\sum_i\Phi^{-1}\!\left(\frac{p_i}{.05}\right)$$
/// for the test of right skew; that of the half curve takes the results with $p &lt; .025$ and .025 for .05.
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020], EffectMeasure.FisherZ);
/// PCurve curve = PCurve.Fit(effects);
/// PCurveTest skew = curve.FullRightSkew;
/// Console.WriteLine($"{curve}: z = {skew.Z}, power {curve.Power} {curve.PowerInterval}");
/// foreach (PCurveStep step in curve.Steps) Console.WriteLine($"p up to {step.UpTo}: {step.Observed}, at 33% power {step.AtThirdPower}");
/// Console.WriteLine(PCurve.Fit([TestStatistic.T(2.31, 45), TestStatistic.F(9.4, 1, 88)]).HasEvidentialValue);
/// </code></example>
public sealed class PCurve : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    private const double Third = 1.0 / 3;

    private PCurve(int given, PCurveKernel kernel, ImmutableArray<string> warnings)
    {
        GivenCount = given;
        Count = kernel.Count;
        HalfCount = kernel.CountBelow(0.025);
        FullRightSkew = Test(kernel.RightSkew(0.05)!.Value);
        HalfRightSkew = kernel.RightSkew(0.025) is { } half ? Test(half) : null;
        FullFlatness = Test(kernel.At(Third, 0.05)!.Value);
        HalfFlatness = kernel.At(Third, 0.025) is { } flat ? Test(flat) : null;
        BinomialRightSkew = kernel.AsManyBelowHalf(HalfCount);
        BinomialFlatness = kernel.AsFewBelowHalf(HalfCount, Third);
        ShareBelowHalf = (double)HalfCount / Count;
        ExpectedShareBelowHalf = kernel.ShareBetween(0, 0.025, Third);
        Power = kernel.PowerAt(0);
        var z = Distributions.NormalQuantile(0.95);
        PowerInterval = new ConfidenceInterval(kernel.PowerAt(z), kernel.PowerAt(-z), 0.90);
        var steps = ImmutableArray.CreateBuilder<PCurveStep>(5);
        for (var i = 1; i <= 5; i++)
        {
            double low = (i - 1) / 100.0, high = i / 100.0;
            steps.Add(new PCurveStep(high, (double)(kernel.CountBelow(high) - kernel.CountBelow(low)) / Count, 0.2, kernel.ShareBetween(low, high, Third)));
        }
        Steps = steps.MoveToImmutable();
        Warnings = Count < 5 ? warnings.Add($"The p-curve rests on {Count} significant result{(Count == 1 ? "" : "s")}: it says little.") : warnings;

        static PCurveTest Test(double z) => new(z, Distributions.NormalCumulative(z));
    }

    /// <summary>How many results were given.</summary>
    public int GivenCount { get; }

    /// <summary>How many of them are significant, p &lt; .05 two-sided: the k of the curve.</summary>
    public int Count { get; }

    /// <summary>How many have p &lt; .025: the k of the half curve.</summary>
    public int HalfCount { get; }

    /// <summary>The test of right skew: small where not all effects can be 0.</summary>
    public PCurveTest FullRightSkew { get; }

    /// <summary>The same of the half curve, which results pushed just below .05 do not touch; null where no p is below .025.</summary>
    public PCurveTest? HalfRightSkew { get; }

    /// <summary>The test of a curve flatter than 33% power gives: small where the effects are too weak, or absent, to have been studied with these samples.</summary>
    public PCurveTest FullFlatness { get; }

    /// <summary>The same of the half curve; null where no p is below .025.</summary>
    public PCurveTest? HalfFlatness { get; }

    /// <summary>p of as many results below .025, or more, where half of the significant ones are expected there.</summary>
    public double BinomialRightSkew { get; }

    /// <summary>p of as few results below .025, or fewer, where each test has 33% power.</summary>
    public double BinomialFlatness { get; }

    /// <summary>The share of the significant results with p &lt; .025.</summary>
    public double ShareBelowHalf { get; }

    /// <summary>That share at 33% power.</summary>
    public double ExpectedShareBelowHalf { get; }

    /// <summary>The power of the tests, corrected for selection, in [.05, .99]: the one at which Stouffer's z is 0.</summary>
    public double Power { get; }

    /// <summary>Its 90% interval, within [.05, .99].</summary>
    public ConfidenceInterval PowerInterval { get; }

    /// <summary>The curve: shares of p-values up to .01, .02, .03, .04 and .05.</summary>
    public ImmutableArray<PCurveStep> Steps { get; }

    /// <summary>What speaks against relying on it with these data.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The authors' rule for evidential value: the half curve is right-skewed with p &lt; .05, or both curves with p &lt; .1 (Simonsohn, Simmons &amp; Nelson 2015).</summary>
    public bool HasEvidentialValue => HalfRightSkew is { } half && (half.PValue < 0.05 || half.PValue < 0.1 && FullRightSkew.PValue < 0.1);

    /// <summary>The authors' rule for lack of it: the full curve is flatter than 33% power gives with p &lt; .05, or both the half curve and the binomial test with p &lt; .1.</summary>
    public bool LacksEvidentialValue => FullFlatness.PValue < 0.05 || HalfFlatness is { PValue: < 0.1 } && BinomialFlatness < 0.1;

    /// <summary>The p-curve of effects: of z = y/√v, two-sided.</summary>
    /// <param name="effects">Independent effects of a measure for which 0 means no effect.</param>
    /// <param name="alternative">Which significant results count: those on either side, as in the app, or those above or below 0 only.</param>
    /// <exception cref="UndeterminedException">No result is significant.</exception>
    /// <exception cref="ImpossibleChoiceException">The measure has no value that means no effect.</exception>
    public static PCurve Fit(StudyEffects effects, Alternative alternative = Alternative.TwoSided)
    {
        ArgumentNullException.ThrowIfNull(effects);
        PValueChecks.NeedNullValue(effects, "a p-curve");
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (effects.SharingWarning is { } sharing) warnings.Add(sharing);
        var taken = new List<TestStatistic>();
        int above = 0, below = 0;
        for (var i = 0; i < effects.Count; i++)
        {
            var z = effects.Effects[i] / Math.Sqrt(effects.Variances[i]);
            var test = TestStatistic.Z(z);
            if (test.PValue >= 0.05) continue;
            if (z > 0 ? alternative == Alternative.Less : alternative == Alternative.Greater) continue;
            taken.Add(test);
            if (z > 0) above++;
            else below++;
        }
        if (above > 0 && below > 0)
        {
            warnings.Add($"{StatisticText.Count(Math.Min(above, below))} of {StatisticText.Count(taken.Count)} significant results point the other way: a p-curve takes them as of one hypothesis.");
        }
        return Of(effects.Count, taken, warnings.ToImmutable(), effects.Origin);
    }

    /// <summary>The p-curve of tests as the studies report them.</summary>
    /// <param name="tests">One test a study, of the hypothesis of interest.</param>
    /// <exception cref="UndeterminedException">No test is significant.</exception>
    public static PCurve Fit(IReadOnlyList<TestStatistic> tests)
    {
        ArgumentNullException.ThrowIfNull(tests);
        return Of(tests.Count, [.. tests.Where(test => test.PValue < 0.05)], [], DataOrigin.Own);
    }

    /// <summary>One line, for example <c>p-curve of 9 significant results: right skew z = −3.90, p &lt; .001; power 68%, 90% CI [33%, 89%]</c>.</summary>
    public override string ToString() => $"p-curve of {StatisticText.Count(Count)} significant result{(Count == 1 ? "" : "s")}: right skew z = {StatisticText.Number(FullRightSkew.Z)}, "
        + $"{StatisticText.PValueWithSymbol(FullRightSkew.PValue)}; power {StatisticText.Percent(Power, 0)}, 90% CI [{StatisticText.Percent(PowerInterval.Lower, 0)}, {StatisticText.Percent(PowerInterval.Upper, 0)}]{(Origin.IsSimulated ? " [simulated data]" : "")}";

    private static PCurve Of(int given, List<TestStatistic> significant, ImmutableArray<string> warnings, DataOrigin origin) => significant.Count == 0
        ? throw new UndeterminedException("p-curve", "no result is significant, and it looks at significant results alone", "a selection model uses all results")
        : new PCurve(given, new PCurveKernel(significant), warnings) { Origin = origin };
}
