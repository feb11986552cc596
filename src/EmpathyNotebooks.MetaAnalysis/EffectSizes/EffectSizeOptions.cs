namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Which formula gives the sampling variance, across measures; each measure has some of them.</summary>
public enum VarianceFormula
{
    /// <summary>The measure's usual large-sample formula (metafor's LS). The default.</summary>
    LargeSample,

    /// <summary>J² times the large-sample formula with uncorrected d (LS2): SMD, SMD1, SMCC, SMCR; the corrected formula of R2, Hanley and McNeil's of AUC.</summary>
    Corrected,

    /// <summary>Unbiased (UB): UCOR, SMD, SMD1, RD, PR.</summary>
    Unbiased,

    /// <summary>Both groups have one variance of scores (HO): MD, ROM.</summary>
    EqualVariances,

    /// <summary>Group sizes were fixed (ST): PHI, RPB.</summary>
    Stratified,

    /// <summary>One sample was drawn (CS): PHI, RPB.</summary>
    CrossSectional,

    /// <summary>
    /// The large-sample formula with the average effect of all studies, weighted by sample size, in place of each study's own
    /// (AV): COR, UCOR, PCOR, R2, SMD, SMD1. It breaks the tie of effect and variance. Source: Hunter &amp; Schmidt (2004), ch. 3.
    /// </summary>
    Average,
}

/// <summary>What to choose when effect sizes are computed from named columns.</summary>
public sealed record EffectSizeOptions
{
    /// <summary>
    /// What to do with zero cells and counts; <see cref="ZeroCells.Keep"/> by default, so that nothing is added in silence.
    /// Measures that zeros do not harm (AS, PHI, IRSD, PAS, PFT, IRS, IRFT) are not touched by it, as in metafor.
    /// </summary>
    public ZeroCells ZeroCells { get; init; } = ZeroCells.Keep;

    /// <summary>Which formula gives the sampling variance.</summary>
    public VarianceFormula Variance { get; init; } = VarianceFormula.LargeSample;

    /// <summary>How standardized mean differences are corrected for bias.</summary>
    public BiasCorrection BiasCorrection { get; init; } = BiasCorrection.Exact;

    /// <summary>metafor's vtype of a formula.</summary>
    public static string CodeOf(VarianceFormula formula) => formula switch
    {
        VarianceFormula.Corrected => "LS2",
        VarianceFormula.Unbiased => "UB",
        VarianceFormula.EqualVariances => "HO",
        VarianceFormula.Stratified => "ST",
        VarianceFormula.CrossSectional => "CS",
        VarianceFormula.Average => "AV",
        _ => "LS",
    };

    /// <summary>The formula of metafor's vtype: LS, LS2, UB, HO, ST, CS or AV.</summary>
    /// <param name="code">The vtype; upper and lower case are the same.</param>
    /// <exception cref="ArgumentException">There is no such formula.</exception>
    public static VarianceFormula VarianceFromCode(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return code.ToUpperInvariant() switch
        {
            "LS" => VarianceFormula.LargeSample,
            "LS2" => VarianceFormula.Corrected,
            "UB" => VarianceFormula.Unbiased,
            "HO" => VarianceFormula.EqualVariances,
            "ST" => VarianceFormula.Stratified,
            "CS" => VarianceFormula.CrossSectional,
            "AV" => VarianceFormula.Average,
            _ => throw ArgumentFault.Together(
                $"\"{code}\" is not a variance formula: {NearestName.Hint(code, ["LS", "LS2", "UB", "HO", "ST", "CS", "AV"])}.",
                nameof(code)),
        };
    }
}

/// <summary>One column a measure is computed from.</summary>
/// <param name="Name">The column's name in metafor's convention, for example <c>sd1i</c>.</param>
/// <param name="Meaning">What it holds, for this measure.</param>
public readonly record struct EffectInput(string Name, string Meaning)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Meaning})";
}

/// <summary>Columns that together are enough for a measure.</summary>
/// <param name="Columns">The columns.</param>
/// <example><code>
/// foreach (InputSet set in EffectSizeCalculator.Inputs(EffectMeasure.StandardizedMeanDifference))
/// {
///     foreach (EffectInput input in set.Columns) Console.WriteLine(input);
/// }
/// </code></example>
public sealed record InputSet(IReadOnlyList<EffectInput> Columns)
{
    /// <summary>The names of the columns.</summary>
    public IEnumerable<string> Names => Columns.Select(c => c.Name);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Names);
}
