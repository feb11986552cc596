using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What an effect means: numbers needed to treat, success rates, shares of people, each with what must hold for it. When not to use it: to make an effect look large or small by the choice of a number; say the
/// effect itself first, and one statement whose assumption fits the outcome.
/// </summary>
/// <example><code>
/// EffectMeaning meaning = EffectMeaning.OfCorrelation(0.28, new(0.23, 0.33, 0.95), new() { BaseRate = 0.3 });
/// foreach (var statement in meaning.Statements) Console.WriteLine($"{statement}, if {statement.Assumption}");
/// </code></example>
public sealed class EffectMeaning
{
    internal EffectMeaning(EffectMeasure measure, double estimate, ConfidenceInterval? interval, double? difference, EffectMeaningOptions options, ImmutableArray<MeaningStatement> statements, ImmutableArray<string> warnings,
        DataOrigin? origin = null) =>
        (Measure, Estimate, Interval, StandardizedDifference, Options, Statements, Warnings, Origin) = (measure, estimate, interval, difference, options, statements, warnings, origin ?? DataOrigin.Own);

    /// <summary>What the effect measures.</summary>
    public EffectMeasure Measure { get; }

    /// <summary>The effect, on the scale a reader knows.</summary>
    public double Estimate { get; }

    /// <summary>Its interval on that scale; null where none was given.</summary>
    public ConfidenceInterval? Interval { get; }

    /// <summary>The distance d of two normal curves that show it; null where rates say it without.</summary>
    public double? StandardizedDifference { get; }

    /// <summary>What was chosen.</summary>
    public EffectMeaningOptions Options { get; }

    /// <summary>The statements, each with its assumption.</summary>
    public ImmutableArray<MeaningStatement> Statements { get; }

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>Where the data come from.</summary>
    public DataOrigin Origin { get; }

    /// <summary>The first statement of that kind, at the base rate where one was given; null where there is none.</summary>
    /// <param name="kind">What it says.</param>
    public MeaningStatement? this[MeaningKind kind] => Statements.FirstOrDefault(s => s.Kind == kind && s.BaseRate is not null) ?? Statements.FirstOrDefault(s => s.Kind == kind);

    /// <summary>
    /// A standardized mean difference. U3 = Φ(d) and overlap 2Φ(-|d|/2) (Cohen 1988, Statistical Power Analysis, ch. 2); common language Φ(d/√2) (McGraw &amp; Wong 1992); without a base rate the difference of
    /// success rates 2Φ(d/√2) - 1 and the number needed one over it (Kraemer &amp; Kupfer 2006, Biological Psychiatry 59, 990-996), which is for success as "better than someone of the other group"; with one
    /// Φ(d + Φ⁻¹(base)) against base (Furukawa 1999, Lancet 353, 1680; Furukawa &amp; Leucht 2011, PLoS ONE 6, e19070, who found it nearer to counted responders).
    /// </summary>
    /// <remarks>
    /// $$U_3 = \Phi(d), \qquad \text{overlap} = 2\Phi(-|d|/2), \qquad \text{common language} = \Phi(d/\sqrt{2})$$
    /// $$\mathrm{NNT} = \frac{1}{2\Phi(d/\sqrt{2}) - 1} \qquad\text{or, at a base rate,}\qquad \frac{1}{\Phi(d + \Phi^{-1}(\text{base})) - \text{base}}$$
    /// </remarks>
    /// <param name="d">The difference, positive where the first group does better.</param>
    /// <param name="interval">Its interval, if known.</param>
    /// <param name="options">The base rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">d or a limit is not finite.</exception>
    public static EffectMeaning OfDifference(double d, ConfidenceInterval? interval = null, EffectMeaningOptions? options = null)
    {
        Check.Finite(d, nameof(d));
        var said = new MeaningBuilder(d, Finite(interval), options);
        said.Groups("", x => x);
        return said.Build(EffectMeasure.StandardizedMeanDifference, d);
    }

    /// <summary>
    /// A correlation of two normal variables: ½ + arcsin(r)/π of the upper half of one are in the upper half of the other (Sheppard 1899); at a base rate the rates of both halves by the bivariate normal distribution; for
    /// comparison the binomial effect size display ½ ± r/2 of Rosenthal &amp; Rubin (1982), which holds only where both variables have two values and half of the people each; and d = 2r/√(1 - r²) with what it means, as if
    /// the predictor were two groups of equal size.
    /// </summary>
    /// <remarks>$$\frac{1}{2} + \frac{\arcsin r}{\pi}, \qquad \frac{1}{2} \pm \frac{r}{2}, \qquad d = \frac{2r}{\sqrt{1 - r^2}}$$</remarks>
    /// <param name="r">A correlation in (-1, 1).</param>
    /// <param name="interval">Its interval, if known.</param>
    /// <param name="options">The base rate: the success rate of all people.</param>
    /// <exception cref="ArgumentOutOfRangeException">r or a limit lies outside (-1, 1).</exception>
    public static EffectMeaning OfCorrelation(double r, ConfidenceInterval? interval = null, EffectMeaningOptions? options = null)
    {
        Check.Correlation(r);
        if (interval is { } limits)
        {
            Check.Correlation(limits.Lower, nameof(interval));
            Check.Correlation(limits.Upper, nameof(interval));
        }
        var said = new MeaningBuilder(r, interval, options);
        said.Halves();
        said.BinaryDisplay();
        said.Groups("the predictor is taken as two groups of equal size", EffectSizeConversion.RToD);
        return said.Build(EffectMeasure.Correlation, EffectSizeConversion.RToD(r));
    }

    /// <summary>
    /// An odds ratio, which alone says nothing of rates: at a base rate OR·base/(1 - base + OR·base); and by d = ln(OR)·√3/π (Hasselblad &amp; Hedges 1995, Psychological Bulletin 117, 167-178) what a difference means.
    /// </summary>
    /// <remarks>
    /// $$\text{rate} = \frac{\mathrm{OR}\cdot\text{base}}{1 - \text{base} + \mathrm{OR}\cdot\text{base}}, \qquad d = \frac{\sqrt{3}}{\pi}\ln\mathrm{OR}$$
    /// </remarks>
    /// <param name="oddsRatio">Positive.</param>
    /// <param name="interval">Its interval, if known.</param>
    /// <param name="options">The base rate: the rate of the comparison group.</param>
    /// <exception cref="ArgumentOutOfRangeException">The ratio or a limit is not positive and finite.</exception>
    public static EffectMeaning OfOddsRatio(double oddsRatio, ConfidenceInterval? interval = null, EffectMeaningOptions? options = null)
    {
        var said = new MeaningBuilder(Check.Positive(oddsRatio, nameof(oddsRatio)), Positive(interval), options);
        said.Rates("the odds ratio", (x, p) => x * p / (1 - p + x * p));
        said.Groups("success is taken as a normal outcome above a cut-off", OddsToDifference);
        return said.Build(EffectMeasure.OddsRatio, OddsToDifference(oddsRatio));
    }

    /// <summary>A risk ratio at a base rate: the first rate is the ratio times the base rate.</summary>
    /// <remarks>$$\text{rate} = \mathrm{RR}\cdot\text{base}$$</remarks>
    /// <param name="riskRatio">Positive.</param>
    /// <param name="interval">Its interval, if known.</param>
    /// <param name="options">The base rate, which it needs: the rate of the comparison group.</param>
    /// <exception cref="ArgumentOutOfRangeException">The ratio or a limit is not positive and finite, or times the base rate above 1.</exception>
    /// <exception cref="ImpossibleChoiceException">There is no base rate.</exception>
    public static EffectMeaning OfRiskRatio(double riskRatio, ConfidenceInterval? interval = null, EffectMeaningOptions? options = null)
    {
        if (options?.BaseRate is not { } rate) throw new ImpossibleChoiceException("A risk ratio says nothing of rates without a base rate", ChoiceFault.Incomplete, nameof(options)) { Choices = [nameof(EffectMeaningOptions.BaseRate)] };
        if (Check.Positive(riskRatio, nameof(riskRatio)) * rate > 1) throw ArgumentFault.OutOfRange(nameof(options), rate, "The base rate times the risk ratio lies above 1: no rate is as large.");
        var said = new MeaningBuilder(riskRatio, Positive(interval), options);
        said.Rates("the risk ratio", (x, p) => Math.Min(1, x * p));
        return said.Build(EffectMeasure.RiskRatio, null);
    }

    /// <summary>A difference of rates: the number needed is one over it, and at a base rate the first rate is the sum.</summary>
    /// <remarks>$$\mathrm{NNT} = \frac{1}{\mathrm{RD}}, \qquad \text{rate} = \text{base} + \mathrm{RD}$$</remarks>
    /// <param name="difference">In [-1, 1].</param>
    /// <param name="interval">Its interval, if known.</param>
    /// <param name="options">The base rate: the rate of the comparison group.</param>
    /// <exception cref="ArgumentOutOfRangeException">The difference lies outside [-1, 1], or with the base rate outside [0, 1].</exception>
    public static EffectMeaning OfRiskDifference(double difference, ConfidenceInterval? interval = null, EffectMeaningOptions? options = null)
    {
        if (difference is not (>= -1 and <= 1)) throw ArgumentFault.OutOfRange(nameof(difference), difference, "A difference of rates lies between -1 and 1.");
        if (options?.BaseRate is { } rate && rate + difference is not (>= 0 and <= 1)) throw ArgumentFault.OutOfRange(nameof(options), rate, "The base rate and the difference together leave the range of 0 to 1.");
        var said = new MeaningBuilder(difference, Finite(interval), options);
        said.RateDifference();
        return said.Build(EffectMeasure.RiskDifference, null);
    }

    /// <summary>
    /// What the mean of a fit means, and how many true effects lie beyond a minimal important difference. The mean is that of all studies: where true effects differ much it is nobody's effect, and the share says more.
    /// </summary>
    /// <remarks>Formulas: <see cref="OfCorrelation"/>, <see cref="OfDifference"/>, <see cref="OfOddsRatio"/>.</remarks>
    /// <param name="fit">A fit of one mean: correlations, standardized mean differences, odds ratios, risk ratios (with a base rate) or risk differences.</param>
    /// <param name="options">Base rate and minimal important difference.</param>
    /// <exception cref="ImpossibleChoiceException">The fit has moderators or no standard error of its mean, the measure is none of those, or a base rate is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The minimal important difference is no value of the measure.</exception>
    public static EffectMeaning Of(IModelFit fit, EffectMeaningOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.Mean is not { } mean) throw new ImpossibleChoiceException("What an effect means is asked of one mean: this fit has moderators, or several outcomes", ChoiceFault.UndefinedForFit, nameof(fit));
        var meaning = Of(fit.Measure, mean, options);
        var beyond = options?.MinimalImportantDifference is { } least ? Beyond(fit, least) : null;
        return new EffectMeaning(fit.Measure, meaning.Estimate, meaning.Interval, meaning.StandardizedDifference, meaning.Options, beyond is null ? meaning.Statements : meaning.Statements.Add(beyond),
            [.. meaning.Warnings, .. Warn(fit)], fit.Effects.Origin);
    }

    /// <summary>What one mean of a measure means, with the interval that it has.</summary>
    /// <remarks>Formulas: <see cref="OfCorrelation"/>, <see cref="OfDifference"/>, <see cref="OfOddsRatio"/>.</remarks>
    internal static EffectMeaning Of(EffectMeasure measure, Coefficient mean, EffectMeaningOptions? options)
    {
        var estimate = measure.ToDisplay(mean.Estimate);
        var interval = mean.HasStandardError ? mean.ConfidenceInterval.Transform(measure.ToDisplay) : (ConfidenceInterval?)null;
        var meaning = measure.Code switch
        {
            "ZCOR" or "COR" or "UCOR" or "RPB" or "RBIS" or "PHI" or "RTET" or "ZPCOR" or "PCOR" => OfCorrelation(estimate, Within(interval), options),
            "SMD" or "SMDH" or "SMD1" or "SMD1H" or "OR2DN" or "OR2DL" or "PBIT" => OfDifference(mean.Estimate, mean.HasStandardError ? mean.ConfidenceInterval : null, options),
            "OR" or "PETO" or "D2ORN" or "D2ORL" => OfOddsRatio(estimate, interval, options),
            "RR" => OfRiskRatio(estimate, interval, options),
            "RD" => OfRiskDifference(estimate, interval, options),
            _ => throw new ImpossibleChoiceException($"What an effect means is said of correlations, standardized mean differences, odds ratios, risk ratios and risk differences, not of {measure.Name} ({measure.Code})", ChoiceFault.UndefinedForFit, "fit"),
        };
        return new EffectMeaning(measure, estimate, interval, meaning.StandardizedDifference, meaning.Options, meaning.Statements, meaning.Warnings);
    }

    /// <summary>The main statements in one line.</summary>
    public override string ToString()
    {
        MeaningKind[] kinds = [MeaningKind.CommonLanguage, MeaningKind.FirstRate, MeaningKind.SecondRate, MeaningKind.RateDifference, MeaningKind.NumberNeeded, MeaningKind.ShareBeyond];
        var main = kinds.Select(k => this[k]).OfType<MeaningStatement>().Select(s => s.ToString());
        return $"{Measure.Symbol} = {Measure.Format(Estimate)} means: {string.Join("; ", main)}{(Origin.IsSimulated ? " [simulated data]" : "")}";
    }

    internal static double OddsToDifference(double odds) => Math.Log(odds) * Math.Sqrt(3) / Math.PI;

    private static MeaningStatement? Beyond(IModelFit fit, double least)
    {
        var cutoff = fit.Measure.FromDisplay(least);
        if (!double.IsFinite(cutoff) || least < fit.Measure.DisplayMinimum || least > fit.Measure.DisplayMaximum) throw ArgumentFault.OutOfRange("options", least, $"A minimal important difference must be a value that {fit.Measure.Symbol} can have.");
        var below = cutoff < fit.Measure.NullValue;
        var share = below ? fit.ProbabilityBelow(cutoff) : fit.ProbabilityAbove(cutoff);
        return share is not { } known ? null : new MeaningStatement(MeaningKind.ShareBeyond, MeaningModel.TrueEffects, known.Share, null, null,
            $"true effects {(below ? "below" : "above")} {fit.Measure.Symbol} = {fit.Measure.Format(least)}", "true effects are normal around the mean, with mean and tau² as estimated");
    }

    private static IEnumerable<string> Warn(IModelFit fit)
    {
        if (fit.IsRandomEffects && fit.TauSquared is > 0 and var tau2 && fit.Mean is { } mean && Math.Sqrt(tau2) > Math.Abs(mean.Estimate) / 2)
        {
            yield return "True effects differ so much that the mean says little of any one setting: say the prediction interval, or the share beyond what matters, with it.";
        }
    }

    private static ConfidenceInterval? Within(ConfidenceInterval? interval) => interval is { Lower: > -1, Upper: < 1 } ? interval : null;

    private static ConfidenceInterval? Finite(ConfidenceInterval? interval)
    {
        if (interval is { } limits) Check.Finite(limits.Upper, nameof(interval));
        if (interval is { } others) Check.Finite(others.Lower, nameof(interval));
        return interval;
    }

    private static ConfidenceInterval? Positive(ConfidenceInterval? interval)
    {
        if (interval is { } limits) Check.Positive(limits.Lower, nameof(interval));
        if (interval is { } others) Check.Positive(others.Upper, nameof(interval));
        return interval;
    }
}
