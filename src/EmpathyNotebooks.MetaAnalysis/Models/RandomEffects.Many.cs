using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One of many small meta-analyses; what <see cref="RandomEffects.FitMany"/> puts out.</summary>
/// <param name="Estimate">The pooled effect.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="TauSquared">The variance of true effects; 0 for equal effects.</param>
/// <param name="Q">Cochran's Q with weights 1/v, of k - 1 degrees of freedom.</param>
/// <param name="DegreesOfFreedom">Of t; null with the normal distribution.</param>
/// <param name="Lower">The lower end of the interval.</param>
/// <param name="Upper">The upper end.</param>
public readonly record struct ManyFit(double Estimate, double StandardError, double TauSquared, double Q, double? DegreesOfFreedom, double Lower, double Upper)
{
    /// <summary>z or t of the hypothesis that the pooled effect is 0.</summary>
    public double Statistic => Estimate == 0 ? 0 : Estimate / StandardError;

    /// <summary>Its two-sided p-value, computed when it is asked for.</summary>
    public double PValue => Distributions.TwoSided(Statistic, DegreesOfFreedom);
}

public static partial class RandomEffects
{
    /// <summary>
    /// Fits the same model to many sets of effects, each of as many studies: one a gene, an item of a questionnaire, a voxel, a simulated set of studies. Numbers in, numbers out: nothing is
    /// allocated for one of them. To use every core call it on slices of the same arrays, each with its own slice of the results.
    /// </summary>
    /// <param name="effects">The effects, those of one set after another.</param>
    /// <param name="variances">Their sampling variances, above 0, in the same order.</param>
    /// <param name="studies">k, the number of effects in a set, at least 2.</param>
    /// <param name="results">Takes one result a set, in their order.</param>
    /// <param name="options">Estimator, inference and level; the defaults of <see cref="RandomEffectsOptions"/> if not said. Weights of one's own and Kenward-Roger inference are not for many sets.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together, or an option is not for many sets.</exception>
    /// <exception cref="StudyDataException">An effect is not finite or a variance not above 0; set and study are named, counted from 1.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    /// <example><code>
    /// double[] effects = [0.31, 0.12, 0.45, -0.02, 0.20, 0.11], variances = [0.010, 0.022, 0.015, 0.012, 0.020, 0.018];
    /// var results = new ManyFit[2];
    /// RandomEffects.FitMany(effects, variances, studies: 3, results);
    /// Console.WriteLine(results[1].PValue);
    /// </code></example>
    public static void FitMany(ReadOnlySpan<double> effects, ReadOnlySpan<double> variances, int studies, Span<ManyFit> results, RandomEffectsOptions? options = null)
    {
        options ??= new RandomEffectsOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(studies, 2);
        if (effects.Length != variances.Length) throw new ArgumentException($"There are {effects.Length} effects and {variances.Length} variances; each effect has one.", nameof(variances));
        if (effects.Length != (long)results.Length * studies)
        {
            throw new ArgumentException($"{results.Length} results of {studies} studies each need {(long)results.Length * studies} effects; there are {effects.Length}.", nameof(results));
        }
        if (options.Weights is not null || options.TauSquared == TauSquaredEstimator.GeneralizedQ) throw new ImpossibleChoiceException("Many sets are pooled by the model's own weights", ChoiceFault.NeedsOwnWeights);
        Inferences.Check(options.Inference, options.TauSquared, hasWeights: false);
        if (options.Inference == Inference.KenwardRoger)
        {
            throw new ImpossibleChoiceException("Kenward-Roger inference is for one set at a time", ChoiceFault.UndefinedInference)
            {
                Inferences = [Inference.HartungKnapp, Inference.HartungKnappAdHoc, Inference.StudentT, Inference.Normal],
            };
        }
        Check(effects, variances, studies);

        var df = studies - 1;
        double? degreesOfFreedom = options.Inference == Inference.Normal ? null : df;
        var quantile = Distributions.Quantile(Level.UpperTail(options.ConfidenceLevel), degreesOfFreedom);
        for (var set = 0; set < results.Length; set++)
        {
            var sums = new InterceptSums(effects.Slice(set * studies, studies), variances.Slice(set * studies, studies));
            sums.MoveTo(0);
            var q = sums.Q;
            var tau2 = TauSquaredEstimate.Of(options.TauSquared, ref sums).Value;
            sums.MoveTo(tau2);
            var estimate = sums.Sums.Mean;
            var error = Math.Sqrt(1 / sums.SumOfWeights * Inferences.Scale(options.Inference, sums.Q / df));
            if (!double.IsFinite(estimate) || !double.IsFinite(error))
            {
                throw new ConvergenceException($"The pooled estimate of set {set + 1}", "the effects or variances are too large or too small for double precision", 0, NonConvergence.Precision);
            }
            results[set] = new ManyFit(estimate, error, tau2, q, degreesOfFreedom, estimate - quantile * error, estimate + quantile * error);
        }
    }

    private static void Check(ReadOnlySpan<double> effects, ReadOnlySpan<double> variances, int studies)
    {
        for (var i = 0; i < effects.Length; i++)
        {
            if (double.IsFinite(effects[i]) && variances[i] > 0 && double.IsFinite(variances[i])) continue;
            var isEffect = !double.IsFinite(effects[i]);
            throw new StudyDataException(isEffect ? "must be a finite number" : "must be a finite number above 0", (isEffect ? effects : variances)[i].ToString(CultureInfo.InvariantCulture), i + 1,
                FormattableString.Invariant($"study {i % studies + 1} of set {i / studies + 1}"), isEffect ? nameof(effects) : nameof(variances));
        }
    }
}
