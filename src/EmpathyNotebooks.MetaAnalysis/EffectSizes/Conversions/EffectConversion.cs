namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Turns one kind of effect into another, with its variance by the delta method: r, Fisher's z, d or g, and the log odds ratio.
/// The road always goes over d: log odds ratio - d - r - z. Source: Borenstein, Hedges, Higgins &amp; Rothstein (2009),
/// Introduction to Meta-Analysis, ch. 7. When not to use it: to mix designs that ask different questions; converted effects
/// should be a minority, and a moderator "converted" should be tried.
/// </summary>
public static class EffectConversion
{
    private enum Family { Correlation, FisherZ, StandardizedDifference, LogOddsRatio }

    /// <summary>The effect as another measure: ZCOR, COR, SMD or OR, from any measure of those four families.</summary>
    /// <remarks>
    /// By way of d, with variances by the delta method:
    /// $$d = \frac{\sqrt{a}\,r}{\sqrt{1 - r^2}}, \qquad v_d = \frac{a\,v_r}{(1 - r^2)^3}, \qquad a = \frac{(n_1 + n_2)^2}{n_1n_2}$$
    /// $$r = \frac{d}{\sqrt{d^2 + a}}, \qquad v_r = \frac{a^2v_d}{(d^2 + a)^3}$$
    /// $$\ln\mathrm{OR} = \frac{\pi}{\sqrt{3}}\,d, \qquad v_{\ln\mathrm{OR}} = \frac{\pi^2}{3}\,v_d$$
    /// $$z = \operatorname{artanh} r, \qquad v_z = \frac{v_r}{(1 - r^2)^2}$$
    /// </remarks>
    /// <param name="effect">The effect to convert.</param>
    /// <param name="target"><see cref="EffectMeasure.FisherZ"/>, <see cref="EffectMeasure.Correlation"/>,
    /// <see cref="EffectMeasure.StandardizedMeanDifference"/> or <see cref="EffectMeasure.OddsRatio"/>.</param>
    /// <param name="n1">The size of the first group, used between r and d; only its ratio to the second matters. Equal groups if
    /// not said.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <param name="scores">The shape of the scores, used between d and the log odds ratio.</param>
    /// <exception cref="ArgumentException">The effect or the target is of none of the four families.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A group has no member, or a correlation is not in (-1, 1).</exception>
    /// <example><code>
    /// var trial = TwoByTwoTables.LogOddsRatio(new TwoByTwo(12, 88, 25, 75));
    /// var z = trial.ConvertTo(EffectMeasure.FisherZ, n1: 100, n2: 100);
    /// </code></example>
    public static EffectSize ConvertTo(this EffectSize effect, EffectMeasure target, double n1 = 1, double n2 = 1,
        ScoreDistribution scores = ScoreDistribution.Logistic)
    {
        ArgumentNullException.ThrowIfNull(target);
        Check.Positive(n1, nameof(n1));
        Check.Positive(n2, nameof(n2));
        if (target != EffectMeasure.FisherZ && target != EffectMeasure.Correlation
            && target != EffectMeasure.StandardizedMeanDifference
            && target != EffectMeasure.OddsRatio)
        {
            throw ArgumentFault.Together($"Effects are converted to ZCOR, COR, SMD or OR, not to {target.Code}.", nameof(target));
        }
        if (effect.Measure == target) return effect;
        Family from = FamilyOf(effect.Measure), to = FamilyOf(target);
        var (y, v) = (effect.Value, effect.Variance);
        var notes = new List<string>();
        if (effect.Note is not null) notes.Add(effect.Note);
        var ratio = (n1 + n2) * (n1 + n2) / (n1 * n2);

        // Down to d, or only to r when the target is another form of correlation.
        var step = from;
        if (step == Family.FisherZ)
        {
            var r = Math.Tanh(y);
            (y, v, step) = (r, v * (1 - r * r) * (1 - r * r), Family.Correlation);
        }
        if (step == Family.Correlation && to is Family.StandardizedDifference or Family.LogOddsRatio)
        {
            if (y is not (> -1 and < 1))
                throw ArgumentFault.OutOfRange(nameof(effect), y, "A correlation lies between -1 and 1, both excluded.");
            var rest = 1 - y * y;
            (y, v, step) = (Math.Sqrt(ratio) * y / Math.Sqrt(rest), ratio * v / (rest * rest * rest),
                Family.StandardizedDifference);
            notes.Add("r turned into d as if the predictor were two groups.");
        }
        if (step == Family.LogOddsRatio)
        {
            var factor = MeanDifferences.OddsFactor(scores);
            (y, v, step) = (y / factor, v / (factor * factor), Family.StandardizedDifference);
            notes.Add($"Log odds ratio turned into d as if the outcome were a {Shape(scores)} score cut in two.");
        }
        // And up again.
        if (step == Family.StandardizedDifference && to == Family.LogOddsRatio)
        {
            var factor = MeanDifferences.OddsFactor(scores);
            (y, v) = (y * factor, v * factor * factor);
            notes.Add($"d turned into a log odds ratio as if a {Shape(scores)} score were cut in two.");
        }
        if (step == Family.StandardizedDifference && to is Family.Correlation or Family.FisherZ)
        {
            var square = y * y + ratio;
            (y, v, step) = (y / Math.Sqrt(square), ratio * ratio * v / (square * square * square), Family.Correlation);
            notes.Add("d turned into the point-biserial r of group membership.");
        }
        if (step == Family.Correlation && to == Family.FisherZ)
        {
            if (y is not (> -1 and < 1))
                throw ArgumentFault.OutOfRange(nameof(effect), y, "A correlation lies between -1 and 1, both excluded.");
            var rest = 1 - y * y;
            (y, v) = (Math.Atanh(y), v / (rest * rest));
        }
        return EffectSize.Of(y, v, target, notes.Count == 0 ? null : string.Join(" ", notes));
    }

    private static string Shape(ScoreDistribution scores) => scores == ScoreDistribution.Logistic ? "logistic" : "normal";

    private static Family FamilyOf(EffectMeasure measure) => measure.Code switch
    {
        "COR" or "UCOR" or "RPB" or "RBIS" or "PHI" or "RTET" => Family.Correlation,
        "ZCOR" => Family.FisherZ,
        "SMD" or "SMDH" or "SMD1" or "SMD1H" or "PBIT" or "OR2DN" or "OR2DL" or "SMCRP" or "SMCRPH" or "SMCR" or "SMCRH" =>
            Family.StandardizedDifference,
        "OR" or "PETO" or "D2ORN" or "D2ORL" => Family.LogOddsRatio,
        _ => throw ArgumentFault.Together(
            $"{measure.Code} cannot be converted: only correlations (COR, UCOR, ZCOR, RPB, RBIS, PHI, RTET), standardized mean differences and log odds ratios can."),
    };
}
