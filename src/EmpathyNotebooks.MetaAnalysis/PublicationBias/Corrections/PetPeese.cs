using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Corrections of a mean effect by regression across the funnel. For independent effects by weighted least squares with weights 1/v and multiplicative error, tested by t with k - 2 degrees of freedom (Stanley &amp;
/// Doucouliagos 2014, Research Synthesis Methods 5, 60-78). For effects that share samples the fitted multilevel model with the predictor as moderator, with cluster-robust standard errors (CR2) and Satterthwaite's
/// degrees of freedom (Rodgers &amp; Pustejovsky 2021, Psychological Methods 26, 141-160; Chen &amp; Pustejovsky 2025, Psychological Methods).
/// </summary>
public static class PetPeeseCorrection
{
    /// <summary>The precision-effect test: y = a + b·SE. The intercept a is the adjusted mean; it is too low where there is an effect, which is why PEESE takes over then.</summary>
    /// <remarks>$$y_i = a + b\sqrt{v_i} + e_i, \qquad w_i = \frac{1}{v_i}$$</remarks>
    /// <param name="fit">A pooled fit, for its effects and level; its weights and τ² are not used.</param>
    /// <param name="options">Another column for the standard error; the defaults if not said.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than three effects.</exception>
    /// <exception cref="UndeterminedException">Standard errors do not vary, or the effects lie exactly on the line.</exception>
    /// <exception cref="StudyDataException">There is no such column, or it is not of positive numbers.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    public static FunnelRegression Pet(this PooledFit fit, PetPeeseOptions? options = null) => Regress(fit, FunnelPredictor.StandardError, options);

    /// <summary>The precision-effect estimate with standard error: y = a + b·SE². It is less biased than PET where there is an effect, and more where there is none.</summary>
    /// <remarks>$$y_i = a + bv_i + e_i, \qquad w_i = \frac{1}{v_i}$$</remarks>
    /// <inheritdoc cref="Pet(PooledFit, PetPeeseOptions?)"/>
    public static FunnelRegression Peese(this PooledFit fit, PetPeeseOptions? options = null) => Regress(fit, FunnelPredictor.Variance, options);

    /// <summary>The conditional estimator: PEESE where PET's intercept differs from 0 in the direction said, PET otherwise.</summary>
    /// <remarks>Formula: <see cref="PetPeeseEstimate"/>.</remarks>
    /// <inheritdoc cref="Pet(PooledFit, PetPeeseOptions?)"/>
    /// <exception cref="ImpossibleChoiceException">No value of the measure means no effect, so that the rule has nothing to test.</exception>
    public static PetPeeseEstimate PetPeese(this PooledFit fit, PetPeeseOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new PetPeeseOptions();
        NeedNull(fit.Effects.Measure);
        double weight = 0, sum = 0;
        for (var i = 0; i < fit.Count; i++)
        {
            weight += 1 / fit.Effects.Variances[i];
            sum += fit.Effects.Effects[i] / fit.Effects.Variances[i];
        }
        return new PetPeeseEstimate(fit.Pet(options), fit.Peese(options), options.Alternative ?? DirectionOf(sum / weight), options.Alpha);
    }

    /// <summary>PET for effects that share samples: the multilevel model with the standard error as moderator, and cluster-robust inference.</summary>
    /// <remarks>Formula: <see cref="FunnelRegression"/>.</remarks>
    /// <param name="fit">A model with one mean, whose levels and sampling covariance the regression takes over.</param>
    /// <param name="options">Another column for the standard error, or other weights; the defaults if not said.</param>
    /// <exception cref="ImpossibleChoiceException">The model has moderators or several means, or weights of one's own.</exception>
    /// <exception cref="InsufficientStudiesException">There are too few effects or clusters.</exception>
    /// <exception cref="UndeterminedException">Standard errors do not vary.</exception>
    /// <exception cref="StudyDataException">There is no such column, or it is not of positive numbers; or a level is determined by the standard error.</exception>
    /// <exception cref="ConvergenceException">The likelihood has no maximum.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52, 0.35, 0.28], [0.004, 0.003, 0.016, 0.005, 0.002, 0.006, 0.004, 0.017, 0.011, 0.009], EffectMeasure.FisherZ,
    ///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F", "G", "G"])]);
    /// var fit = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6);
    /// Console.WriteLine(fit.Pet());
    /// Console.WriteLine(fit.PetPeese());
    /// </code></example>
    public static FunnelRegression Pet(this DependentFit fit, PetPeeseOptions? options = null) => DependentFunnel.Regress(fit, FunnelPredictor.StandardError, options ?? new PetPeeseOptions());

    /// <summary>PEESE for effects that share samples: the multilevel model with the sampling variance as moderator, and cluster-robust inference.</summary>
    /// <remarks>Formula: <see cref="FunnelRegression"/>.</remarks>
    /// <inheritdoc cref="Pet(DependentFit, PetPeeseOptions?)"/>
    public static FunnelRegression Peese(this DependentFit fit, PetPeeseOptions? options = null) => DependentFunnel.Regress(fit, FunnelPredictor.Variance, options ?? new PetPeeseOptions());

    /// <summary>The conditional estimator for effects that share samples: PEESE where PET's intercept differs from 0 in the direction said, PET otherwise.</summary>
    /// <remarks>Formula: <see cref="PetPeeseEstimate"/>.</remarks>
    /// <inheritdoc cref="Pet(DependentFit, PetPeeseOptions?)"/>
    public static PetPeeseEstimate PetPeese(this DependentFit fit, PetPeeseOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new PetPeeseOptions();
        NeedNull(fit.Effects.Measure);
        return new PetPeeseEstimate(fit.Pet(options), fit.Peese(options), options.Alternative ?? DirectionOf(fit.Coefficients[0].Estimate), options.Alpha);
    }

    /// <summary>PET by robust variance estimation: its weights with the standard error as moderator (Rodgers &amp; Pustejovsky 2021).</summary>
    /// <remarks>Formula: <see cref="FunnelRegression"/>.</remarks>
    /// <inheritdoc cref="Pet(DependentFit, PetPeeseOptions?)"/>
    /// <param name="fit">A fit with one mean, whose working model and correction the regression takes over.</param>
    /// <param name="options">Another column for the standard error; the defaults if not said.</param>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52, 0.35, 0.28], [0.004, 0.003, 0.016, 0.005, 0.002, 0.006, 0.004, 0.017, 0.011, 0.009], EffectMeasure.FisherZ,
    ///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F", "G", "G"])]);
    /// Console.WriteLine(RobustVarianceModel.Fit(effects, "sample").Pet());
    /// </code></example>
    public static FunnelRegression Pet(this RobustVarianceFit fit, PetPeeseOptions? options = null) => DependentFunnel.Regress(fit, FunnelPredictor.StandardError, options ?? new PetPeeseOptions());

    /// <summary>PEESE by robust variance estimation: its weights with the sampling variance as moderator.</summary>
    /// <remarks>Formula: <see cref="FunnelRegression"/>.</remarks>
    /// <inheritdoc cref="Pet(RobustVarianceFit, PetPeeseOptions?)"/>
    public static FunnelRegression Peese(this RobustVarianceFit fit, PetPeeseOptions? options = null) => DependentFunnel.Regress(fit, FunnelPredictor.Variance, options ?? new PetPeeseOptions());

    /// <summary>The conditional estimator by robust variance estimation.</summary>
    /// <remarks>Formula: <see cref="PetPeeseEstimate"/>.</remarks>
    /// <inheritdoc cref="Pet(RobustVarianceFit, PetPeeseOptions?)"/>
    public static PetPeeseEstimate PetPeese(this RobustVarianceFit fit, PetPeeseOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new PetPeeseOptions();
        NeedNull(fit.Effects.Measure);
        return new PetPeeseEstimate(fit.Pet(options), fit.Peese(options), options.Alternative ?? DirectionOf(fit.Coefficients[0].Estimate), options.Alpha);
    }

    /// <summary>The standard errors, or the column that stands for them, squared for PEESE.</summary>
    internal static double[] Predictors(StudyEffects effects, FunnelPredictor predictor, string? column)
    {
        var values = new double[effects.Count];
        var given = column is null ? null : effects.Column(column);
        if (given is { IsNumeric: false }) throw new StudyDataException("is a column of texts where standard errors in numbers are needed", column, column: column);
        for (var i = 0; i < values.Length; i++)
        {
            var se = given is null ? Math.Sqrt(effects.Variances[i]) : given.Number(i) ?? throw new StudyDataException("must have a value to stand for the standard error", "", i + 1, effects.Labels[i], column);
            if (!(se > 0)) throw new StudyDataException("must be positive to stand for the standard error", given!.Text(i), i + 1, effects.Labels[i], column);
            values[i] = predictor == FunnelPredictor.StandardError ? se : given is null ? effects.Variances[i] : se * se;
        }
        return values;
    }

    /// <summary>What speaks against the correction whatever the model.</summary>
    internal static IEnumerable<string> Warnings(StudyEffects effects, PetPeeseOptions options, int independent, string unit, double? iSquared)
    {
        if (independent < 20)
        {
            yield return $"PET and PEESE are unreliable with fewer than 20 {unit} (there are {StatisticText.Count(independent)}): slope and intercept are hardly known (Stanley 2017).";
        }
        if (iSquared > 0.8)
        {
            yield return $"PET and PEESE are unreliable where I² exceeds 80% (it is {StatisticText.Percent(iSquared.Value, 0)}): heterogeneity may make the funnel lopsided without any bias (Stanley 2017).";
        }
        if (options.StandardErrorColumn is null && StandardErrorDependence.Warning(effects.Measure) is { } warning) yield return warning;
    }

    internal const string Instead = "a selection model needs no variation of standard errors";

    internal static string Constant(string? column) => column is null ? "standard errors do not vary" : $"the column {column} does not vary";

    private static FunnelRegression Regress(PooledFit fit, FunnelPredictor predictor, PetPeeseOptions? options)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new PetPeeseOptions();
        var method = FunnelRegression.MethodOf(predictor);
        var k = fit.Count;
        if (k < 3) throw new InsufficientStudiesException(method, 3, k);
        var y = fit.Effects.Effects.AsSpan();
        double[] w = [.. fit.Effects.Variances.Select(v => 1 / v)];
        var line = WeightedLine.Fit(method, y, w, Predictors(fit.Effects, predictor, options.StandardErrorColumn), Constant(options.StandardErrorColumn), Instead);
        if (WeightedLine.IsExact(line.ResidualSum, y, w))
        {
            throw new UndeterminedException(method, "all effects lie exactly on the line, so that its standard errors would be 0, which says nothing about how uncertain it is", "an equal-effects or random-effects model with the normal distribution has a standard error from sampling variances");
        }
        var df = k - 2;
        var phi = line.ResidualSum / df;
        var heterogeneity = fit.Heterogeneity.ISquared;
        return new FunnelRegression(predictor, k, At, Estimated(FunnelRegression.SlopeOf(predictor), line.Slope, Math.Sqrt(phi / line.Spread)))
        {
            Origin = fit.Effects.Origin,
            ResidualVariance = phi,
            Column = options.StandardErrorColumn,
            Warnings = [.. Warnings(fit.Effects, options, k, "studies", heterogeneity), .. fit.Effects.SharingWarning is { } sharing ? (ImmutableArray<string>)[sharing] : []],
        };

        Coefficient At(double standardError)
        {
            var (height, variance) = line.At(predictor == FunnelPredictor.StandardError ? standardError : standardError * standardError);
            return Estimated("Mean", height, Math.Sqrt(phi * variance));
        }

        Coefficient Estimated(string name, double estimate, double se) =>
            new(name, estimate, se, estimate / se, df, Distributions.StudentTwoSided(estimate / se, df), Distributions.Interval(estimate, se, df, fit.ConfidenceLevel)) { Origin = fit.Effects.Origin };
    }

    private static Alternative DirectionOf(double mean) => mean < 0 ? Alternative.Less : Alternative.Greater;

    private static void NeedNull(EffectMeasure measure)
    {
        if (!measure.HasNullValue) throw new ImpossibleChoiceException($"No value of {measure.Name} means no effect, so that no test can choose between PET and PEESE: take one of them", ChoiceFault.UndefinedEstimate);
    }
}
