using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The conditional PET-PEESE estimate: PET's where its intercept does not differ from 0, PEESE's where it does. Source: Stanley &amp; Doucouliagos 2014, Research Synthesis Methods 5, 60-78.
/// </summary>
/// <remarks>
/// $$\hat\mu = \begin{cases}\hat a_{\mathrm{PEESE}} &amp; \text{if } p(\hat a_{\mathrm{PET}}) &lt; \alpha \text{, one-sided} \\ \hat a_{\mathrm{PET}} &amp; \text{otherwise}\end{cases}$$
/// It assumes what PET and PEESE assume, and the choice between them costs the interval its level near the threshold. Where it misleads: see <see cref="FunnelRegression"/>.
/// </remarks>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.51, 0.12, 0.45, 0.20, 0.38, 0.15], [0.040, 0.004, 0.025, 0.012, 0.020, 0.006], EffectMeasure.FisherZ));
/// PetPeeseEstimate adjusted = fit.PetPeese();
/// Console.WriteLine($"{adjusted.Chosen.Method}: {adjusted.Estimate}, PET's {StatisticText.PValueWithSymbol(adjusted.PValue)}");
/// AdjustedEstimate row = adjusted.Adjusted;
/// Console.WriteLine($"{row.Method}: {row.Estimate:F3}. {row.Assumption}");
/// </code></example>
public sealed class PetPeeseEstimate : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin => Pet.Origin;

    internal PetPeeseEstimate(FunnelRegression pet, FunnelRegression peese, Alternative alternative, double alpha)
    {
        Pet = pet;
        Peese = peese;
        Alternative = alternative;
        Alpha = alpha;
        if (!pet.Intercept.HasStandardError) throw new UndeterminedException("PET-PEESE", $"PET's intercept has no standard error, so that no test chooses ({pet.Intercept.WhyNoStandardError!.TrimEnd('.')})", "PET and PEESE alone show the estimates");
        var (t, both) = (pet.Intercept.Statistic, pet.Intercept.PValue);
        PValue = alternative switch
        {
            Alternative.TwoSided => both,
            Alternative.Greater => t > 0 ? both / 2 : 1 - both / 2,
            Alternative.Less => t < 0 ? both / 2 : 1 - both / 2,
            _ => throw new ArgumentOutOfRangeException(nameof(alternative), alternative, "There is no such direction."),
        };
    }

    /// <summary>The regression on standard errors.</summary>
    public FunnelRegression Pet { get; }

    /// <summary>The regression on variances.</summary>
    public FunnelRegression Peese { get; }

    /// <summary>In which direction PET's intercept was tested.</summary>
    public Alternative Alternative { get; }

    /// <summary>The level of that test.</summary>
    public double Alpha { get; }

    /// <summary>The p-value of PET's intercept in that direction.</summary>
    public double PValue { get; }

    /// <summary>The one of the two that the rule takes.</summary>
    public FunnelRegression Chosen => PValue < Alpha ? Peese : Pet;

    /// <summary>The adjusted mean: the intercept of the one chosen.</summary>
    public Coefficient Estimate => Chosen.Intercept;

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings =>
    [
        .. Alternative != Alternative.TwoSided && PValue > 1 - Alpha
            ? (ImmutableArray<string>)[$"PET's intercept lies on the other side of 0 than the rule tests ({Side}), so that PET was taken: if effects of that side are expected, say so (Alternative)."] : [],
        .. Chosen.Warnings,
    ];

    /// <summary>The adjusted mean as a row beside other methods.</summary>
    public AdjustedEstimate Adjusted => Chosen.Adjusted with
    {
        Method = $"PET-PEESE ({Chosen.Method})",
        Warnings = Warnings,
    };

    /// <inheritdoc/>
    public override string ToString() => $"PET-PEESE takes {Chosen.Method} (PET's intercept {Side} 0: {StatisticText.PValueWithSymbol(PValue)}): {Estimate}";

    private string Side => Alternative switch
    {
        Alternative.Greater => "above",
        Alternative.Less => "below",
        _ => "other than",
    };
}
