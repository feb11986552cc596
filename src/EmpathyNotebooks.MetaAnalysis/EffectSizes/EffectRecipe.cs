namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The columns of one study, with the options, as a recipe reads them.</summary>
internal readonly struct EffectRow(IReadOnlyDictionary<string, double> values, EffectSizeOptions options)
{
    public double this[string column] => values[column];

    public ZeroCells ZeroCells => options.ZeroCells;

    public BiasCorrection Correction => options.BiasCorrection;

    public StandardizedVariance Standardized => options.Variance switch
    {
        VarianceFormula.Corrected => StandardizedVariance.Corrected,
        VarianceFormula.Unbiased => StandardizedVariance.Unbiased,
        _ => StandardizedVariance.LargeSample,
    };

    public GroupVariances Groups => options.Variance == VarianceFormula.EqualVariances
        ? GroupVariances.Equal
        : GroupVariances.Unequal;

    public CorrelationVariance Correlation =>
        options.Variance == VarianceFormula.Unbiased ? CorrelationVariance.Unbiased : CorrelationVariance.LargeSample;

    public BinomialVariance Binomial => options.Variance == VarianceFormula.Unbiased
        ? BinomialVariance.Unbiased
        : BinomialVariance.LargeSample;

    public VarianceFormula Explained => options.Variance == VarianceFormula.Corrected ? VarianceFormula.Corrected : VarianceFormula.LargeSample;

    public AreaVariance Area => options.Variance == VarianceFormula.Corrected ? AreaVariance.HanleyMcNeil : AreaVariance.Newcombe;

    public SamplingDesign Design(SamplingDesign usual) => options.Variance switch
    {
        VarianceFormula.Stratified => SamplingDesign.Stratified,
        VarianceFormula.CrossSectional => SamplingDesign.CrossSectional,
        _ => usual,
    };

    public TwoByTwo Cells => new(this["ai"], this["bi"], this["ci"], this["di"]);

    public TwoByTwo Events => TwoByTwo.FromEvents(this["ai"], this["n1i"], this["ci"], this["n2i"]);

    /// <summary>A whole number, such as of items or predictors.</summary>
    public int Whole(string column, string parameter)
    {
        var value = this[column];
        return value == Math.Floor(value) && Math.Abs(value) < 1e9
            ? (int)value
            : throw ArgumentFault.OutOfRange(parameter, value, "It must be a whole number.");
    }
}

/// <summary>One set of columns and what to do with them.</summary>
internal sealed record EffectRoute(InputSet Inputs, Func<EffectRow, EffectSize> Compute)
{
    /// <summary>The column behind a parameter of the method that found fault.</summary>
    public string ColumnOf(string? parameter)
    {
        var name = parameter switch
        {
            "predictors" or "items" or "m" => "mi",
            "alpha" or "events1" or "area" or "both" => "ai",
            "firstOnly" => "bi",
            "secondOnly" => "ci",
            "neither" => "di",
            "events2" => "ci",
            "rSquared" => "r2i",
            "pr" or "sr" => "ri",
            "p" => "pi",
            "sd" => "sdi",
            _ => parameter + "i",
        };
        return Inputs.Names.Contains(name) ? name : Inputs.ToString();
    }
}

/// <summary>How a measure is computed from named columns.</summary>
internal sealed record EffectRecipe(EffectMeasure Measure, IReadOnlyList<EffectRoute> Routes)
{
    private static readonly Lazy<Dictionary<EffectMeasure, EffectRecipe>> Known =
        new(() => EffectRecipes.All().ToDictionary(r => r.Measure));

    /// <summary>The variance formulas the measure has.</summary>
    public IReadOnlyList<VarianceFormula> Variances { get; init; } = [VarianceFormula.LargeSample];

    /// <summary>The variance with the average effect of all studies, where the measure has it.</summary>
    public Func<EffectRow, double, double>? AverageVariance { get; init; }

    /// <summary>False for effects that are only given as they are.</summary>
    public static bool Has(EffectMeasure measure) => Known.Value.ContainsKey(measure);

    public static EffectRecipe Of(EffectMeasure measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        return Known.Value.TryGetValue(measure, out var recipe)
            ? recipe
            : throw ArgumentFault.Together($"{measure.Code} is not computed from columns: give its effects and variances themselves.", nameof(measure));
    }

    public EffectRoute? RouteFor(IReadOnlyDictionary<string, double> row) =>
        Routes.FirstOrDefault(route => route.Inputs.Names.All(name => row.TryGetValue(name, out var value)
            && !double.IsNaN(value)));

    /// <summary>True when a count the measure is computed from is zero.</summary>
    public bool HasZero(IReadOnlyDictionary<string, double> row)
    {
        double Value(string name) => row.TryGetValue(name, out var value) ? value : double.NaN;
        return RouteFor(row)?.Inputs.ToString() switch
        {
            "ai, bi, ci, di" => Value("ai") == 0 || Value("bi") == 0 || Value("ci") == 0 || Value("di") == 0,
            "ai, ci, n1i, n2i" => Value("ai") == 0 || Value("ci") == 0 || Value("ai") == Value("n1i")
                || Value("ci") == Value("n2i"),
            "x1i, t1i, x2i, t2i" => Value("x1i") == 0 || Value("x2i") == 0,
            "xi, ni" => Value("xi") == 0 || Value("xi") == Value("ni"),
            "xi, mi" => Value("xi") == 0 || Value("mi") == 0,
            "xi, ti" => Value("xi") == 0,
            _ => false,
        };
    }

    public static double SampleSize(IReadOnlyDictionary<string, double> row) =>
        row.TryGetValue("n1i", out var n1) && row.TryGetValue("n2i", out var n2) ? n1 + n2 : row["ni"];
}
