namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Penalties that keep a selection model with few effects from running away: added to the log-likelihood, in (β, ln τ², ln λ). The defaults are those of Pustejovsky, Citkowicz &amp; Joshi (2025) in their
/// package metaselection: -β⁴/16 for each coefficient, ½ ln τ² - 5τ for the heterogeneity (a gamma density of τ with its mode at .2), and -(ln λ - ln .5)⁴/54 for each selection weight. They are made for effects of
/// the size of standardised mean differences: on other scales choose others, or none. The coefficients penalised are those of the moderators as they are written, the effects turned to the side of selection.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.61, 0.45, 0.52, 0.20, 0.38, 0.05, 0.33, 0.72], [0.040, 0.022, 0.055, 0.012, 0.020, 0.018, 0.015, 0.090], EffectMeasure.FisherZ);
/// var options = new SelectionOptions { Penalty = new SelectionPenalty { HeterogeneityMode = 0.1 } };
/// Console.WriteLine(SelectionModel.Fit(effects, SelectionFunction.Step(0.025), options));
/// </code></example>
public sealed record SelectionPenalty
{
    /// <summary>What the fourth power of each coefficient is multiplied with, not negative; 1/16 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double Mean { get; init => field = Check(value, nameof(Mean)); } = 1.0 / 16;

    /// <summary>The mode of τ, positive; .2 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive and finite.</exception>
    public double HeterogeneityMode { get; init => field = value > 0 ? Check(value, nameof(HeterogeneityMode)) : throw new ArgumentOutOfRangeException(nameof(HeterogeneityMode), value, "The mode of tau is positive."); } = 0.2;

    /// <summary>The weight of the penalty of τ; 1 by default, 0 for none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double Heterogeneity { get; init => field = Check(value, nameof(Heterogeneity)); } = 1;

    /// <summary>The weight to which selection weights are drawn, positive; .5 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive and finite.</exception>
    public double SelectionMode { get; init => field = value > 0 ? Check(value, nameof(SelectionMode)) : throw new ArgumentOutOfRangeException(nameof(SelectionMode), value, "The mode of a selection weight is positive."); } = 0.5;

    /// <summary>What the fourth power of ln λ - ln mode is multiplied with; 1/54 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double Selection { get; init => field = Check(value, nameof(Selection)); } = 1.0 / 54;

    /// <summary>Value, slope and curvature of the penalty of a coefficient.</summary>
    internal (double, double, double) OfMean(double beta) => (-Mean * beta * beta * beta * beta, -4 * Mean * beta * beta * beta, -12 * Mean * beta * beta);

    /// <summary>The same of τ², in τ².</summary>
    internal (double, double, double) OfTauSquared(double tau2)
    {
        if (Heterogeneity == 0) return (0, 0, 0);
        if (tau2 <= 0) return (double.NegativeInfinity, 0, 0);
        double tau = Math.Sqrt(tau2), rate = Heterogeneity / HeterogeneityMode;
        return (0.5 * Heterogeneity * Math.Log(tau2) - rate * tau, 0.5 * Heterogeneity / tau2 - 0.5 * rate / tau, -0.5 * Heterogeneity / (tau2 * tau2) + 0.25 * rate / (tau2 * tau));
    }

    /// <summary>The same of ln λ, in ln λ.</summary>
    internal (double, double, double) OfLogWeight(double zeta)
    {
        var x = zeta - Math.Log(SelectionMode);
        return (-Selection * x * x * x * x, -4 * Selection * x * x * x, -12 * Selection * x * x);
    }

    private static double Check(double value, string name) => value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "A penalty is not negative and finite.");
}
