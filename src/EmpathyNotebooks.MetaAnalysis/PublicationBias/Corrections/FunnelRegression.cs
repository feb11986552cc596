using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What effects are regressed on across a funnel.</summary>
public enum FunnelPredictor
{
    /// <summary>The standard error: the precision-effect test (PET).</summary>
    StandardError,

    /// <summary>The sampling variance: the precision-effect estimate with standard error (PEESE).</summary>
    Variance,
}

/// <summary>
/// Effects regressed on their standard errors (PET) or variances (PEESE): the intercept is the mean effect of a study without sampling error, the slope says how far small studies stray from it. All numbers are on the
/// scale that is pooled.
/// </summary>
/// <remarks>
/// $$\text{PET: } y_i = a + b\sqrt{v_i} + e_i, \qquad \text{PEESE: } y_i = a + bv_i + e_i, \qquad w_i = \frac{1}{v_i}$$
/// $$\mathrm{SE}^2(\hat a) = \hat\varphi\,\bigl[(X^\top WX)^{-1}\bigr]_{11}, \qquad \hat\varphi = \frac{1}{k - 2}\sum_iw_i\hat e_i^2$$
/// for independent effects; where effects share samples see <see cref="SmallSampleCorrection.CR2"/>.
/// It assumes that whatever makes small studies differ from large ones is bias. It misleads where small studies have larger effects for good reasons (stronger treatments, other people), where standard errors depend on
/// the effects, with much heterogeneity, and with few studies (Stanley 2017, Social Psychological and Personality Science 8, 581-591).
/// </remarks>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.51, 0.12, 0.45, 0.20, 0.38, 0.15], [0.040, 0.004, 0.025, 0.012, 0.020, 0.006], EffectMeasure.FisherZ));
/// FunnelRegression pet = fit.Pet();
/// Console.WriteLine($"{pet}; at a standard error of 0.1: {pet.At(0.1)}");
/// Console.WriteLine(pet.Predictor == FunnelPredictor.StandardError);
/// </code></example>
public sealed class FunnelRegression : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    private readonly Func<double, Coefficient> _at;

    internal FunnelRegression(FunnelPredictor predictor, int count, Func<double, Coefficient> at, Coefficient slope)
    {
        Predictor = predictor;
        Count = count;
        _at = at;
        Intercept = at(0) with { Name = "Intercept" };
        Slope = slope;
    }

    /// <summary>What effects are regressed on.</summary>
    public FunnelPredictor Predictor { get; }

    /// <summary>PET or PEESE.</summary>
    public string Method => MethodOf(Predictor);

    /// <summary>The mean effect of a study without sampling error, adjusted for what goes with the size of studies.</summary>
    public Coefficient Intercept { get; }

    /// <summary>What an effect gains with a standard error (PET) or variance (PEESE) larger by 1.</summary>
    public Coefficient Slope { get; }

    /// <summary>The column that stands for standard errors; null for √v, whose curve belongs into the funnel.</summary>
    public string? Column { get; internal init; }

    /// <summary>φ, by which sampling variances are multiplied to hold the residuals; below 1 where effects scatter less than sampling errors. Null for dependent effects, whose model has variances of its own.</summary>
    public double? ResidualVariance { get; internal init; }

    /// <summary>How many effects the regression rests on.</summary>
    public int Count { get; }

    /// <summary>How many clusters of effects, for dependent effects; null for independent ones.</summary>
    public int? ClusterCount { get; internal init; }

    /// <summary>The regression whose curve this is, for dependent effects; null for independent ones.</summary>
    public IModelFit? WorkingModel { get; internal init; }

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; internal init; } = [];

    /// <summary>The height of the curve in the funnel, with its interval: the effect expected of a study with that standard error. 0 gives the adjusted mean.</summary>
    /// <param name="standardError">The standard error, not negative; where another column was regressed on, a value of that column.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public Coefficient At(double standardError)
    {
        if (!(standardError >= 0) || !double.IsFinite(standardError)) throw new ArgumentOutOfRangeException(nameof(standardError), standardError, "A standard error is finite and not negative.");
        return _at(standardError);
    }

    /// <summary>The adjusted mean as a row beside other methods.</summary>
    public AdjustedEstimate Adjusted => new(Method, Intercept.Estimate, Intercept.HasStandardError ? Intercept.ConfidenceInterval : null, Count, Predictor == FunnelPredictor.StandardError
        ? "Only bias makes small studies differ, in proportion to SE."
        : "Only bias makes small studies differ, in proportion to SE².", Warnings);

    /// <inheritdoc/>
    public override string ToString() => $"{Method}: {Intercept}; {Slope} ({(ClusterCount is { } clusters ? $"{StatisticText.Count(Count)} effects, {StatisticText.Count(clusters)} clusters" : $"k = {StatisticText.Count(Count)}")})";

    internal static string MethodOf(FunnelPredictor predictor) => predictor == FunnelPredictor.StandardError ? "PET" : "PEESE";

    internal static string SlopeOf(FunnelPredictor predictor) => predictor == FunnelPredictor.StandardError ? "Standard error" : "Variance";
}
