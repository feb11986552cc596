using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A fitted location-scale model. The scale's coefficients are those of ln tau²: exp of one is the factor by which tau² grows.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.02, 0.58, 0.14, 0.40, 0.85, -0.35, 0.62, 0.05, -0.10],
///     [0.010, 0.022, 0.015, 0.012, 0.020, 0.011, 0.016, 0.013, 0.018, 0.014], columns: [StudyColumn.OfTexts("rater",
///     ["client", "client", "client", "client", "client", "observer", "observer", "observer", "observer", "observer"])]);
/// LocationScaleFit fit = LocationScale.Fit(effects, location: null, scale: Moderator.Category("rater"));
/// Console.WriteLine(fit.TauSquaredAt(new() { ["rater"] = "observer" }));
/// </code></example>
public sealed partial class LocationScaleFit : IModelFit
{
    private readonly ModeratorDesign? _x;
    private readonly ModeratorDesign? _z;
    private readonly LinearInference _location;
    private readonly LinearInference _scale;
    private readonly ScaleSearch _search;
    private readonly DesignMatrix _matrix;
    private readonly double _factor;

    internal LocationScaleFit(StudyEffects effects, ImmutableArray<OmittedStudy> omitted, ModeratorDesign? x, ModeratorDesign? z,
        DesignMatrix xMatrix, DesignMatrix zMatrix, LocationScaleOptions options, ScaleSearch search)
    {
        Effects = effects;
        Omitted = omitted;
        Options = options;
        (_x, _z, _matrix, _search) = (x, z, xMatrix, search);
        int k = effects.Count, p = xMatrix.Parameters, q = zMatrix.Parameters;
        var factor = _factor = Inferences.Scale(options.Inference, search.ResidualSum / (k - p));
        var isNormal = options.Inference == Inference.Normal;
        _location = new LinearInference(xMatrix, search.Gamma, [.. search.Covariance.Select(c => factor * c)], isNormal ? null : k - p, options.ConfidenceLevel) { Origin = effects.Origin };
        _scale = new LinearInference(zMatrix, search.Alpha, search.AlphaCovariance, isNormal ? null : k - q, options.ConfidenceLevel) { Origin = effects.Origin };
        LocationCoefficients = _location.Coefficients(x?.Columns ?? Intercept);
        ScaleCoefficients = _scale.Coefficients(z?.Columns ?? Intercept);
        TauSquared = [.. search.TauSquared];
    }

    private bool IsRestricted => Options.Method == LikelihoodMethod.Restricted;

    private static ImmutableArray<DesignColumn> Intercept => [new DesignColumn("Intercept", -1)];

    /// <summary>The effects used.</summary>
    public StudyEffects Effects { get; }

    /// <summary>The studies left out because a moderator is not known for them.</summary>
    public ImmutableArray<OmittedStudy> Omitted { get; }

    /// <summary>What the mean depends on, or null.</summary>
    public Moderator? Location => Options.Moderators;

    /// <summary>What the variance depends on, or null.</summary>
    public Moderator? Scale => Options.ScaleModerators;

    /// <summary>What was chosen.</summary>
    public LocationScaleOptions Options { get; }

    /// <summary>How many effects were used, k.</summary>
    public int Count => Effects.Count;

    /// <summary>The coefficients β of the mean.</summary>
    public ImmutableArray<Coefficient> LocationCoefficients { get; }

    /// <summary>The coefficients α of ln tau².</summary>
    public ImmutableArray<Coefficient> ScaleCoefficients { get; }

    /// <summary>The test that no moderator matters for the mean; null without any.</summary>
    public ModeratorTest? LocationTest => TestOf(_location, _x);

    /// <summary>The Wald test that no moderator matters for the variance; null without any. With few studies prefer <see cref="ScaleLikelihoodRatio"/>.</summary>
    public ModeratorTest? ScaleTest => TestOf(_scale, _z);

    /// <summary>
    /// The likelihood-ratio test against one tau² for all studies, the same moderators of the mean; null where the scale does not hold that model:
    /// without moderators, or without a constant.
    /// </summary>
    public ModeratorTest? ScaleLikelihoodRatio
    {
        get
        {
            if (_z is null || !_z.Matrix.SpansConstant()) return null;
            var statistic = Math.Max(0, 2 * (_search.LogLikelihood - _search.LogLikelihoodWithoutScale));
            var df = ScaleCoefficients.Length - 1;
            return df == 0 ? null : new ModeratorTest(statistic, df, null, Distributions.ChiSquaredUpper(statistic, df)) { Origin = Effects.Origin };
        }
    }

    /// <summary>tau² of each study.</summary>
    public ImmutableArray<double> TauSquared { get; }

    /// <summary>Log-likelihood and information criteria.</summary>
    public FitStatistics FitStatistics
    {
        get
        {
            var p = LocationCoefficients.Length;
            return new FitStatistics(_search.LogLikelihood, IsRestricted, IsRestricted ? Count - p : Count, p + ScaleCoefficients.Length);
        }
    }

    /// <summary>metafor's abbreviation of the method, REML or ML.</summary>
    public string MethodCode => IsRestricted ? "REML" : "ML";

    /// <summary>How many iterations the search made.</summary>
    public int Iterations => _search.Iterations;

    /// <summary>tau² at some values of the moderators of the variance, with its interval, from ln tau².</summary>
    /// <param name="values">One value for each column of the scale.</param>
    /// <exception cref="StudyDataException">A column has no value, is not in the model, or has a value or combination that no study has.</exception>
    public TauSquaredPrediction TauSquaredAt(ModeratorValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var prediction = _scale.Predict(_z?.Encode(values) ?? [1], 0, false);
        return new TauSquaredPrediction(Math.Exp(prediction.Estimate), prediction.ConfidenceInterval.Transform(Math.Exp));
    }

    /// <summary>The mean effect, and where the true effect of a new study would lie, at some values of all moderators.</summary>
    /// <param name="values">One value for each column of location and scale.</param>
    /// <exception cref="StudyDataException">A column has no value, is not in the model, or has a value or combination that no study has.</exception>
    public Prediction Predict(ModeratorValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var tau2 = TauSquaredAt(Only(values, _z)).TauSquared;
        return _location.Predict(_x?.Encode(Only(values, _x)) ?? [1], tau2, isRandom: true);
    }

    /// <summary>One line, for example <c>scale rater: F(1, 80) = 4.10, p = .046 (REML, k = 82)</c>.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (LocationTest is { } location) parts.Add($"location {Location}: {location}");
        if (ScaleTest is { } scale) parts.Add($"scale {Scale}: {scale}");
        if (parts.Count == 0) parts.Add("one mean, one tau squared");
        var text = $"{string.Join("; ", parts)} ({MethodCode}, k = {StatisticText.Count(Count)})";
        return Effects.Origin.IsSimulated ? text + " [simulated data]" : text;
    }

    /// <summary>The design of the mean; null without moderators of it.</summary>
    internal ModeratorDesign? Design => _x;

    /// <summary>The design of the variance; null without moderators of it.</summary>
    internal ModeratorDesign? DesignOfScale => _z;

    /// <summary>A linear combination of the coefficients of the mean.</summary>
    internal Coefficient Combination(string name, double[] row) => _location.Combination(name, row);

    private ModeratorValues Only(ModeratorValues values, ModeratorDesign? design)
    {
        var known = (_x?.DataColumns ?? []).Concat(_z?.DataColumns ?? []).ToHashSet();
        var only = new ModeratorValues();
        foreach (var (column, value) in values)
        {
            if (!known.Contains(column)) throw new StudyDataException("is not a moderator of this fit: " + NearestName.Hint(column, known), column, kind: StudyDataFault.NoSuchName) { Choices = [.. known] };
            if (design?.DataColumns.Contains(column) == true) only[column] = value;
        }
        return only;
    }

    private static ModeratorTest? TestOf(LinearInference inference, ModeratorDesign? design) => design is null ? null
        : inference.Test([.. Enumerable.Range(0, design.Columns.Length).Where(j => !design.HasIntercept || j > 0)]);
}

/// <summary>tau² at some values of its moderators.</summary>
/// <param name="TauSquared">exp(z'α).</param>
/// <param name="ConfidenceInterval">Its interval, from that of z'α.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.02, 0.58, 0.14, 0.40, 0.85, -0.35, 0.62, 0.05, -0.10],
///     [0.010, 0.022, 0.015, 0.012, 0.020, 0.011, 0.016, 0.013, 0.018, 0.014], columns: [StudyColumn.OfTexts("rater",
///     ["client", "client", "client", "client", "client", "observer", "observer", "observer", "observer", "observer"])]);
/// TauSquaredPrediction at = LocationScale.Fit(effects, null, Moderator.Category("rater")).TauSquaredAt(new() { ["rater"] = "observer" });
/// Console.WriteLine($"tau² = {at.TauSquared:F3} {at.ConfidenceInterval}");
/// </code></example>
public readonly record struct TauSquaredPrediction(double TauSquared, ConfidenceInterval ConfidenceInterval);
