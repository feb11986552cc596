using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The power of Cochran's test of heterogeneity: how often Q exceeds its critical value of χ² where true effects vary by τ². Q is a quadratic form in normal effects; with studies alike it is (v + τ²)/v times χ², else its
/// distribution is integrated exactly. The random-effects power of Hedges &amp; Pigott (2001, Psychological Methods 6, 203-217) approximates the same. For true effects that are fixed and differ by so much in this very set of
/// studies see <see cref="FixedDifferences"/>. It assumes normal effects and known sampling variances. When not to use it: to conclude from a test that was not significant that effects do not differ.
/// </summary>
/// <remarks>
/// $$\text{power} = P\!\left(\chi^2_{k - 1} &gt; \frac{v}{v + \tau^2}\,\chi^2_{k - 1;\,1 - \alpha}\right)$$
/// for studies alike.
/// </remarks>
/// <example><code>
/// var plan = new HeterogeneityPlan(PlannedStudies.Of([0.01, 0.02, 0.02, 0.03, 0.05]), tauSquared: 0.02);
/// Console.WriteLine(plan.Power());
/// Console.WriteLine(plan.StudiesNeeded());
/// Console.WriteLine((plan with { FixedDifferences = true }).Power());
/// </code></example>
public sealed record HeterogeneityPlan : PowerPlan
{
    /// <summary>A plan.</summary>
    /// <param name="studies">The studies.</param>
    /// <param name="tauSquared">The variance of true effects to be found, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public HeterogeneityPlan(PlannedStudies studies, double tauSquared)
    {
        ArgumentNullException.ThrowIfNull(studies);
        (Studies, TauSquared) = (studies, tauSquared);
    }

    /// <summary>The studies.</summary>
    public PlannedStudies Studies { get; init; }

    /// <summary>The variance of true effects to be found, τ².</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double TauSquared
    {
        get;
        init => field = NotNegative(value, nameof(TauSquared));
    }

    /// <summary>
    /// False, the default, where studies are a sample, so that their true effects are drawn anew; true where their true effects are fixed with just this variance around their weighted mean: Q is then noncentral χ² with
    /// λ = τ²(W - Σw²/W), w = 1/v, the power of fixed effects of Hedges &amp; Pigott.
    /// </summary>
    public bool FixedDifferences { get; init; }

    /// <inheritdoc/>
    public override int Count => Studies.Count;

    /// <inheritdoc/>
    public override int FewestStudies => 2;

    /// <inheritdoc/>
    public override double EffectOfInterest => TauSquared;

    /// <inheritdoc/>
    public override HeterogeneityPlan WithCount(int studies)
    {
        NeedStudies(studies);
        return this with { Studies = Studies.WithCount(studies) };
    }

    /// <inheritdoc/>
    public override HeterogeneityPlan WithEffect(double effect) => this with { TauSquared = effect };

    /// <inheritdoc/>
    public override HeterogeneityPlan WithTauSquared(double tauSquared) => this with { TauSquared = tauSquared };

    /// <inheritdoc/>
    public override PowerResult Power()
    {
        var critical = Critical();
        return new PowerResult(FixedDifferences ? "Cochran's Q (fixed true effects)" : "Cochran's Q", ByEffect()(TauSquared), Count, Alpha, TauSquared, TauSquared)
        {
            Origin = Origin,
            Noncentrality = FixedDifferences ? TauSquared * Unit() : null,
            DegreesOfFreedom = Count - 1,
            CriticalValue = critical,
            Warnings = Count < 20 ? ImmutableArray.Create("A test of heterogeneity has little power with few studies: that it is not significant says little.") : [],
        };
    }

    internal override Func<double, double> ByEffect()
    {
        NeedStudies(Count);
        var (critical, df) = (Critical(), Count - 1);
        if (FixedDifferences)
        {
            var test = new NoncentralTest(TestStatistic.ChiSquared(0, df));
            return tau2 => test.Upper(critical, NotNegative(tau2, nameof(tau2)) * Unit());
        }
        if (Studies.AreAlike)
        {
            var v = Studies.Variances[0];
            return tau2 => Distributions.ChiSquaredUpper(critical * v / (v + NotNegative(tau2, nameof(tau2))), df);
        }
        var q = new GeneralizedQDistribution(new ModelData(StudyEffects.Create(new double[Count], Studies.Variances), null), [.. Studies.Variances.Select(v => 1 / v)]);
        return tau2 => 1 - q.LowerTail(critical, NotNegative(tau2, nameof(tau2)));
    }

    internal override double ScaleOfEffect() => Studies.Variances.Average();

    private double Critical() => Distributions.ChiSquaredQuantile(1 - Alpha, Count - 1);

    /// <summary>W - Σw²/W: the noncentrality of a τ² of 1.</summary>
    private double Unit()
    {
        double w1 = Studies.Variances.Sum(v => 1 / v), w2 = Studies.Variances.Sum(v => 1 / (v * v));
        return w1 - w2 / w1;
    }
}
