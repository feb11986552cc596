namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Psychometric meta-analysis (Hunter &amp; Schmidt): correlations, or standardized mean differences, are weighted by sample size, and corrected for what makes them smaller and more different than the relations of the
/// constructs: sampling error, unreliable measures, a restricted range. Source: Schmidt &amp; Hunter (2015), Methods of Meta-Analysis, 3rd ed., ch. 3, 4 and 7; Hunter, Schmidt &amp; Le (2006), Journal of Applied
/// Psychology 91, 594-612, for indirect restriction. When not to use it: for the question what the measures as used would show; where reliabilities are guesses; where effects share samples.
/// </summary>
/// <remarks>
/// $$\bar r = \frac{\sum_in_ir_i}{\sum_in_i}, \qquad s_r^2 = \frac{\sum_in_i(r_i - \bar r)^2}{\sum_in_i}, \qquad s_e^2 = \frac{\sum_in_i\,\frac{(1 - \bar r^2)^2}{n_i - 1}}{\sum_in_i}$$
/// $$\mathrm{SD}_\rho = \sqrt{\max(0, s_r^2 - s_e^2)}, \qquad \mathrm{SE} = \frac{s_r}{\sqrt{k}}$$
/// and with the artifacts of each study $r_i/A_i$ in place of $r_i$, weights $n_iA_i^2$ and error variances divided by $A_i^2$.
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.009, 0.021, 0.011, 0.009, 0.016], EffectMeasure.Correlation, sampleSizes: [90, 48, 70, 110, 52],
///     columns: [StudyColumn.OfNumbers("rxx", [0.80, null, 0.90, 0.85, 0.78]), StudyColumn.OfNumbers("ux", [0.70, 0.80, null, 0.75, 0.85])]);
/// Console.WriteLine(Psychometric.Fit(effects));                                    // bare bones
/// Console.WriteLine(Psychometric.Fit(effects, new() { PredictorReliability = "rxx", RangeRatio = "ux", RangeRestriction = RangeRestrictionKind.Indirect }));
/// </code></example>
public static class Psychometric
{
    /// <summary>Pools effects by the rules of Hunter and Schmidt. Fisher z are taken back to r first.</summary>
    /// <remarks>Formulas: <see cref="Psychometric"/>.</remarks>
    /// <param name="effects">Two or more independent correlations (COR, UCOR, ZCOR, RPB, PHI) or standardized mean differences (SMD, SMDH, SMD1, SMD1H) with sample sizes of at least 4.</param>
    /// <param name="options">Artifacts, method, target and levels; bare bones if not said.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than two effects.</exception>
    /// <exception cref="StudyDataException">A sample size, reliability or range ratio is not known where it must be, or out of its range; or they contradict each other.</exception>
    /// <exception cref="ImpossibleChoiceException">The effects are neither correlations nor standardized mean differences, or the options do not go together.</exception>
    /// <exception cref="UndeterminedException">Range ratios above 1 and reliabilities leave the correction by distributions undefined.</exception>
    /// <exception cref="ConvergenceException">The weights of a random-effects model were asked for, and its tau² did not converge.</exception>
    public static PsychometricFit Fit(StudyEffects effects, PsychometricOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        options ??= new PsychometricOptions();
        Check(options);
        var data = Artifacts.Of(effects, options);
        var method = options.Method ?? (!options.HasArtifacts ? ArtifactMethod.BareBones : data.AreComplete ? ArtifactMethod.Individual : ArtifactMethod.TaylorSeries);
        if (method == ArtifactMethod.BareBones != !options.HasArtifacts)
        {
            throw new ImpossibleChoiceException(options.HasArtifacts ? "Artifacts are given, but the method is bare bones" : "The method corrects for artifacts, but none are given", ChoiceFault.Incomplete, nameof(options))
            {
                Choices = [nameof(options.PredictorReliability), nameof(options.OutcomeReliability), nameof(options.RangeRatio)],
            };
        }
        var bare = BareBones.Of(data);
        return Fit(bare, method, method is ArtifactMethod.TaylorSeries or ArtifactMethod.Interactive ? ArtifactMoments.Of(data) : null);
    }

    /// <summary>With the moments of artifacts, so that those of others can be held against.</summary>
    internal static PsychometricFit Fit(BareBones bare, ArtifactMethod method, ArtifactMoments? artifacts)
    {
        var data = bare.Data;
        var observed = bare.Estimate(data.Options);
        var corrected = method switch
        {
            ArtifactMethod.BareBones => new Corrected(observed, data.Observed, bare.Errors, bare.Weights, bare.Variance > 0 ? 100 * bare.Error / bare.Variance : null, bare.Error > bare.Variance),
            ArtifactMethod.Individual => IndividualCorrection.Of(bare),
            _ => DistributionCorrection.Of(bare, artifacts!, method == ArtifactMethod.Interactive),
        };
        return new PsychometricFit(data, method, observed, corrected, bare.Errors, corrected.PercentExplained);
    }

    private static void Check(PsychometricOptions options)
    {
        Known(options.RangeRestriction, nameof(options.RangeRestriction));
        Known(options.Target, nameof(options.Target));
        Known(options.SamplingError, nameof(options.SamplingError));
        if (options.Method is { } method) Known(method, nameof(options.Method));
        if (options.Weights is { } weights) Known(weights, nameof(options.Weights));

        static void Known<T>(T value, string name)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(value)) throw MetaAnalysis.Check.Unknown(value, name);
        }
    }
}
