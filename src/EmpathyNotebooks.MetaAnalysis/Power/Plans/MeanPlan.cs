namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The power of the test that the mean effect is 0. With Hartung and Knapp's inference and studies alike it is that of Student's t test with k - 1 degrees of freedom and λ = μ/√((v + τ²)/k), exactly. In closed form with known τ²:
/// Hedges &amp; Pigott (2001), Psychological Methods 6, 203-217; Valentine, Pigott &amp; Rothstein (2010), JEBS 35, 215-247. With an estimated τ²: Jackson &amp; Turner (2017), Research Synthesis Methods 8, 290-302, here averaged
/// over the exact distribution of the estimate of Paule and Mandel. It assumes normal effects and known sampling variances. When not to use it: for the effect that was found (see <see cref="PowerPlan"/>), or for several effects of one
/// study (<see cref="DependentPlan"/>).
/// </summary>
/// <remarks>
/// $$\lambda = \frac{\mu}{\sqrt{(v + \tau^2)/k}}, \qquad \text{power} = P\bigl(|t_{k - 1}(\lambda)| &gt; t_{1 - \alpha/2;\,k - 1}\bigr)$$
/// for studies alike with the inference of Hartung and Knapp.
/// </remarks>
/// <example><code>
/// var plan = new MeanPlan(PlannedStudies.Alike(10, VarianceBySize.FisherZ.At(40)), effect: Math.Atanh(0.28)) { TauSquared = 0.02 };
/// Console.WriteLine(plan.Power());
/// Console.WriteLine((plan with { TauSquared = 0.08 }).Power());
/// Console.WriteLine(plan.StudiesNeeded(power: 0.9));
/// </code></example>
public sealed record MeanPlan : PowerPlan
{
    /// <summary>A plan.</summary>
    /// <param name="studies">The studies.</param>
    /// <param name="effect">The mean effect to be found, less the value that means no effect, on the scale that is pooled; finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The effect is not finite.</exception>
    public MeanPlan(PlannedStudies studies, double effect)
    {
        ArgumentNullException.ThrowIfNull(studies);
        (Studies, Effect) = (studies, effect);
    }

    /// <summary>The studies; how many effects each has does not matter here.</summary>
    public PlannedStudies Studies { get; init; }

    /// <summary>The mean effect to be found, μ less the null value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public double Effect
    {
        get;
        init => field = Finite(value, nameof(Effect));
    }

    /// <summary>The variance of true effects τ², 0 or more; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double TauSquared
    {
        get;
        init => field = NotNegative(value, nameof(TauSquared));
    }

    /// <summary>What the analysis knows of τ²; estimated by default.</summary>
    public PowerModel Model
    {
        get;
        init => field = Defined(value);
    }

    /// <summary>How the mean is tested; Hartung-Knapp by default. Not Kenward-Roger.</summary>
    public Inference Inference
    {
        get;
        init => field = Defined(value);
    } = Inference.HartungKnapp;

    /// <summary>On which side; two-sided by default.</summary>
    public Alternative Alternative
    {
        get;
        init => field = Defined(value);
    } = Alternative.TwoSided;

    /// <inheritdoc/>
    public override int Count => Studies.Count;

    /// <inheritdoc/>
    public override int FewestStudies => Inference == Inference.Normal && Model != PowerModel.Estimated ? 1 : 2;

    /// <inheritdoc/>
    public override double EffectOfInterest => Effect;

    /// <inheritdoc/>
    public override MeanPlan WithCount(int studies)
    {
        NeedStudies(studies);
        return this with { Studies = Studies.WithCount(studies) };
    }

    /// <inheritdoc/>
    public override MeanPlan WithEffect(double effect) => this with { Effect = effect };

    /// <summary>Power by τ².</summary>
    /// <param name="values">The values of τ², 0 or more.</param>
    public PowerCurve OverTauSquared(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new PowerCurve("τ²", [.. values.Select(tau2 => (tau2, (this with { TauSquared = tau2 }).Power().Power))]) { Origin = Origin };
    }

    /// <inheritdoc/>
    public override MeanPlan WithTauSquared(double tauSquared) => this with { TauSquared = tauSquared };

    /// <inheritdoc/>
    public override PowerResult Power()
    {
        var (power, critical) = Prepare();
        var error = power.BestStandardError([1]);
        return new PowerResult($"the mean ({Words(Model)}, {Inferences.Name(Inference)})", power.Contrast([1], Effect, critical, Alternative), Count, Alpha, Effect, TauSquared)
        {
            Origin = Origin,
            StandardError = error,
            Noncentrality = Effect / error,
            DegreesOfFreedom = power.DenominatorDegreesOfFreedom,
            CriticalValue = critical,
            IsExact = power.IsExact(),
            Warnings = power.Warnings(Count),
        };
    }

    private protected override PowerPlan? Quick => Model == PowerModel.Estimated && !Studies.AreAlike ? this with { Model = PowerModel.Known, Inference = Inference.StudentT } : null;

    internal override Func<double, double> ByEffect()
    {
        var (power, critical) = Prepare();
        return effect => power.Contrast([1], effect, critical, Alternative);
    }

    internal override double ScaleOfEffect() => (Alternative == Alternative.Less ? -1 : 1) * Prepare().Power.BestStandardError([1]);

    internal static string Words(PowerModel model) => model switch
    {
        PowerModel.EqualEffects => "equal effects",
        PowerModel.Known => "random effects, τ² known",
        _ => "random effects, τ² estimated",
    };

    private (RegressionPower Power, double Critical) Prepare()
    {
        NeedStudies(Count);
        var ones = new double[Count];
        Array.Fill(ones, 1);
        var power = new RegressionPower(Studies.Variances, TauSquared, [ones], Model, Inference);
        return (power, RejectionRate.Critical(Alpha, Alternative, power.DenominatorDegreesOfFreedom));
    }
}
