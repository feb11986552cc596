using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

/// <summary>At the edges of what can be entered a measure gives a number that can be pooled, or says why there is none.</summary>
public sealed class EdgeInputTests
{
    private static readonly double[] Sizes = [1, 2, 3, 4, 5, 5.5, 6, 19, 21, 22, 1e6];
    private static readonly double[] Counts = [0, 1e-9, 0.5, 1, 2, 25, 1e9];
    private static readonly double[] Correlations = [0, 1e-300, 1e-17, -1e-9, 0.5, 0.999999999, -1, 1];
    private static readonly double[] Spreads = [0, 1e-200, 1, 1e200];
    private static readonly double[] Values = [0, -1, 1, 1e-300, 1e300];

    [Fact]
    public void Every_measure_gives_a_finite_effect_or_says_why_not()
    {
        var random = new Random(20261128);
        var (computed, drawn) = (0, new Dictionary<string, bool>());
        foreach (var measure in EffectSizeCalculator.Measures)
        {
            var formulas = Enum.GetValues<VarianceFormula>().Where(f => Has(measure, f)).ToList();
            foreach (var inputs in EffectSizeCalculator.Inputs(measure))
            {
                for (var i = 0; i < 1500; i++)
                {
                    var row = inputs.Names.ToDictionary(name => name, name => Draw(measure, name, random));
                    var options = new EffectSizeOptions
                    {
                        Variance = formulas[random.Next(formulas.Count)],
                        ZeroCells = random.Next(2) == 0 ? ZeroCells.Keep : ZeroCells.AddWhereZero(),
                        BiasCorrection = (BiasCorrection)random.Next(3),
                    };
                    // Measures of few numbers are drawn alike again and again: each draw counts, and is computed once.
                    var key = $"{measure.Code} {options.Variance} {options.ZeroCells} {options.BiasCorrection} {string.Join(' ', row.Select(c => (c.Key, BitConverter.DoubleToInt64Bits(c.Value))))}";
                    if (!drawn.TryGetValue(key, out var hasEffect)) drawn[key] = hasEffect = Try(measure, row, options);
                    if (hasEffect) computed++;
                }
            }
        }
        Assert.True(computed > 20_000, $"only {computed} rows had an effect");
    }

    [Theory]
    [InlineData(0, 19, 0, 1 / 18.0)]
    [InlineData(0, 5, 0, 1 / 4.0)]
    [InlineData(0, 21.9, 0, 1 / 20.9)]
    [InlineData(0, 22, 0, 1 / 21.0)]
    [InlineData(1e-10, 19, 1.0338697199e-10, 1 / 18.0)]
    public void The_bias_corrected_correlation_of_zero_is_zero(double r, double n, double corrected, double variance)
    {
        var effect = MetaAnalysis.Correlations.BiasCorrected(r, n);
        Assert.Equal(corrected, effect.Value, 1e-13);
        Assert.Equal(variance, effect.Variance, 1e-13);
    }

    [Fact]
    public void The_unbiased_variance_of_a_correlation_of_zero_is_that_of_Gauss()
    {
        // F(1, 1; n/2; 1) = (n/2 - 1)/(n/2 - 2).
        const double n = 19, f = (n / 2 - 1) / (n / 2 - 2);
        Assert.Equal(-1 + (n - 3) / (n - 2) * f, MetaAnalysis.Correlations.BiasCorrected(0, n, CorrelationVariance.Unbiased).Variance, 1e-13);
    }

    private static bool Try(EffectMeasure measure, Dictionary<string, double> row, EffectSizeOptions options)
    {
        EffectSize effect;
        try
        {
            effect = EffectSizeCalculator.Compute(measure, row, options);
        }
        catch (StudyDataException fault)
        {
            if (fault.Message.Contains("(Parameter", StringComparison.Ordinal) || fault.Message.Contains("NaN", StringComparison.Ordinal)) Assert.Fail($"{What()}: {fault.Message}");
            return false;
        }
        if (!(double.IsFinite(effect.Value) && effect.Variance > 0 && double.IsFinite(effect.Variance))) Assert.Fail($"{What()}: {effect.Value:R}, {effect.Variance:R}");
        if (double.IsNaN(effect.DisplayValue)) Assert.Fail($"{What()}: shown as NaN");
        return true;

        // Put into words only where it fails: there are tens of thousands of rows.
        string What() =>
            $"{measure.Code} {options.Variance} {options.ZeroCells} {string.Join(", ", row.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key} = {c.Value:R}")))}";
    }

    private static bool Has(EffectMeasure measure, VarianceFormula formula)
    {
        try
        {
            EffectSizeCalculator.Compute(measure, [], null, new EffectSizeOptions { Variance = formula });
            // The average of other studies is no edge of this one.
            return formula != VarianceFormula.Average;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static double Draw(EffectMeasure measure, string name, Random random)
    {
        var isTable = name is "ai" && !measure.Code.StartsWith('A') || measure.Code is "AS";
        return name switch
        {
            "ri" or "r2i" or "aui" => Pick(Correlations),
            "ni" or "n1i" or "n2i" => Pick(Sizes),
            "mi" when measure.Code is not ("MN" or "MNLN" or "SMN" or "CVLN" or "PR" or "PLN" or "PLO" or "PAS" or "PFT") => random.Next(0, 5),
            "ai" when !isTable => Pick(Correlations),
            "ai" or "bi" or "ci" or "xi" or "x1i" or "x2i" => Pick(Counts),
            "di" when measure.Code is not ("SMD" or "SMCC") => Pick(Counts),
            "mi" when measure.Code.StartsWith('P') => Pick(Counts),
            "pi" => random.Next(3) == 0 ? 1e-300 : random.NextDouble(),
            _ when name.StartsWith("sd", StringComparison.Ordinal) => Pick(Spreads),
            _ when name is "t1i" or "t2i" or "ti" && measure.Code.StartsWith("IR", StringComparison.Ordinal) => Pick([1e-9, 1, 1e9]),
            _ => Pick(Values),
        };
        double Pick(double[] from) => from[random.Next(from.Length)];
    }
}
