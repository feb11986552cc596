using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The power of the test of one moderator: the slope β of a meta-regression y = α + βx. Hedges &amp; Pigott (2004), Psychological Methods 9, 426-445, with known τ²; with an estimated one, and for Hartung and Knapp's inference, as
/// in <see cref="MeanPlan"/>. It assumes that the values x are known before the studies are. When not to use it: for several effects of a study, see <see cref="DependentPlan.Values"/>.
/// </summary>
/// <remarks>
/// $$\lambda = \beta\sqrt{\sum_iw_i(x_i - \bar x_w)^2}, \qquad w_i = \frac{1}{v_i + \tau^2}$$
/// with known $\tau^2$.
/// </remarks>
/// <example><code>
/// var plan = new ModeratorPlan(PlannedStudies.Alike(12, 0.02), values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], slope: 0.03) { TauSquared = 0.01 };
/// Console.WriteLine($"{plan.Power()}; {plan.StudiesNeeded()}");
/// </code></example>
public sealed record ModeratorPlan : PowerPlan
{
    /// <summary>A plan.</summary>
    /// <param name="studies">The studies.</param>
    /// <param name="values">The value x of each study, finite, not all the same.</param>
    /// <param name="slope">The slope β to be found: how much the effect changes where x changes by 1; finite.</param>
    /// <exception cref="ArgumentException">There is not one value a study.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite.</exception>
    public ModeratorPlan(PlannedStudies studies, IReadOnlyList<double> values, double slope)
    {
        ArgumentNullException.ThrowIfNull(studies);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != studies.Count) throw new ArgumentException($"There are {studies.Count} studies and {values.Count} values of the moderator; each study has one.", nameof(values));
        foreach (var x in values) Finite(x, nameof(values));
        (Studies, Values, Slope) = (studies, [.. values], slope);
    }

    /// <summary>The studies.</summary>
    public PlannedStudies Studies { get; }

    /// <summary>The value of the moderator in each study.</summary>
    public ImmutableArray<double> Values { get; }

    /// <summary>The slope to be found.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public double Slope
    {
        get;
        init => field = Finite(value, nameof(Slope));
    }

    /// <summary>The variance of true effects around the line, τ², 0 or more; 0 by default.</summary>
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

    /// <summary>How the slope is tested; Hartung-Knapp by default, with k - 2 degrees of freedom.</summary>
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
    public override int FewestStudies => Inference == Inference.Normal && Model != PowerModel.Estimated ? 2 : 3;

    /// <inheritdoc/>
    public override double EffectOfInterest => Slope;

    /// <summary>The same plan with another number of studies: every so manieth in the order of the moderator, so that its distribution stays.</summary>
    /// <param name="studies">How many.</param>
    public override ModeratorPlan WithCount(int studies)
    {
        NeedStudies(studies);
        if (studies == Count) return this;
        var rows = PlannedStudies.Picks([.. Enumerable.Range(0, Count).OrderBy(i => Values[i]).ThenBy(i => Studies.Variances[i])], studies);
        return new ModeratorPlan(Studies.Select(rows), [.. rows.Select(i => Values[i])], Slope) { Alpha = Alpha, TauSquared = TauSquared, Model = Model, Inference = Inference, Alternative = Alternative };
    }

    /// <inheritdoc/>
    public override ModeratorPlan WithEffect(double effect) => this with { Slope = effect };

    /// <inheritdoc/>
    public override ModeratorPlan WithTauSquared(double tauSquared) => this with { TauSquared = tauSquared };

    /// <inheritdoc/>
    public override PowerResult Power()
    {
        var (power, critical) = Prepare();
        var error = power.BestStandardError([0, 1]);
        return new PowerResult($"a moderator ({MeanPlan.Words(Model)}, {Inferences.Name(Inference)})", power.Contrast([0, 1], Slope, critical, Alternative), Count, Alpha, Slope, TauSquared)
        {
            Origin = Origin,
            StandardError = error,
            Noncentrality = Slope / error,
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
        return slope => power.Contrast([0, 1], slope, critical, Alternative);
    }

    internal override double ScaleOfEffect() => (Alternative == Alternative.Less ? -1 : 1) * Prepare().Power.BestStandardError([0, 1]);

    private (RegressionPower Power, double Critical) Prepare()
    {
        NeedStudies(Count);
        var ones = new double[Count];
        Array.Fill(ones, 1);
        // The slope is that of x less its mean, whose sums keep their digits.
        var mean = Values.Average();
        var power = new RegressionPower(Studies.Variances, TauSquared, [ones, [.. Values.Select(x => x - mean)]], Model, Inference);
        return (power, RejectionRate.Critical(Alpha, Alternative, power.DenominatorDegreesOfFreedom));
    }
}
