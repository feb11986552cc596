using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A group of planned studies.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Studies">Its studies.</param>
/// <param name="Effect">Its mean effect, finite.</param>
/// <example><code>
/// var clients = new PlannedGroup("client", PlannedStudies.Alike(6, 0.02), 0.30);
/// var therapists = new PlannedGroup("therapist", PlannedStudies.Alike(6, 0.02), 0.15);
/// Console.WriteLine(new SubgroupPlan([clients, therapists]) { TauSquared = 0.01 }.Power());
/// </code></example>
public sealed record PlannedGroup(string Name, PlannedStudies Studies, double Effect);

/// <summary>
/// The power of the test that groups of studies have the same mean effect (Q between groups): noncentral χ² with G - 1 degrees of freedom and known τ² in Hedges &amp; Pigott (2004), Psychological Methods 9, 426-445; F with Hartung
/// and Knapp's inference; with an estimated τ² averaged over its estimate as in <see cref="MeanPlan"/>. One τ² holds within all groups. When not to use it: for groups that were chosen after results were known, or for several
/// effects of a study.
/// </summary>
/// <remarks>
/// $$\lambda = \sum_gW_g(\mu_g - \bar\mu)^2, \qquad W_g = \sum_{i \in g}\frac{1}{v_i + \tau^2}, \qquad \bar\mu = \frac{\sum_gW_g\mu_g}{\sum_gW_g}$$
/// with known $\tau^2$.
/// </remarks>
/// <example><code>
/// var plan = SubgroupPlan.Alike(PlannedStudies.Alike(5, 0.02), effects: [0.10, 0.25, 0.40]) with { TauSquared = 0.01 };
/// Console.WriteLine(plan.Power());
/// Console.WriteLine(plan.StudiesNeeded());
/// </code></example>
public sealed record SubgroupPlan : PowerPlan
{
    /// <summary>A plan.</summary>
    /// <param name="groups">The groups, at least two.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than two groups.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An effect is not finite.</exception>
    public SubgroupPlan(IReadOnlyList<PlannedGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Count < 2) throw new InsufficientStudiesException("A comparison of groups", 2, groups.Count, StudyCount.Groups);
        foreach (var group in groups) Finite(group.Effect, nameof(groups));
        Groups = [.. groups];
    }

    /// <summary>Groups of the same studies.</summary>
    /// <param name="each">The studies of each group.</param>
    /// <param name="effects">The mean effect of each group, at least two.</param>
    public static SubgroupPlan Alike(PlannedStudies each, IReadOnlyList<double> effects)
    {
        ArgumentNullException.ThrowIfNull(each);
        ArgumentNullException.ThrowIfNull(effects);
        return new SubgroupPlan([.. effects.Select((effect, g) => new PlannedGroup($"group {StatisticText.Count(g + 1)}", each, effect))]);
    }

    /// <summary>The groups.</summary>
    public ImmutableArray<PlannedGroup> Groups { get; }

    /// <summary>The variance of true effects within groups, τ², 0 or more; 0 by default.</summary>
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

    /// <summary>How groups are tested; Hartung-Knapp by default, by F with k - G degrees of freedom.</summary>
    public Inference Inference
    {
        get;
        init => field = Defined(value);
    } = Inference.HartungKnapp;

    /// <inheritdoc/>
    public override int Count => Groups.Sum(g => g.Studies.Count);

    /// <inheritdoc/>
    public override int FewestStudies => Groups.Length + (Inference == Inference.Normal && Model != PowerModel.Estimated ? 0 : 1);

    /// <summary>The largest difference of two groups.</summary>
    public override double EffectOfInterest => Groups.Max(g => g.Effect) - Groups.Min(g => g.Effect);

    /// <summary>The same plan with another number of studies, shared out among the groups in proportion, at least one each.</summary>
    /// <param name="studies">How many in all.</param>
    public override SubgroupPlan WithCount(int studies)
    {
        NeedStudies(studies);
        if (studies == Count) return this;
        var all = Count;
        int[] counts = [.. Groups.Select(g => Math.Max(1, (int)((long)g.Studies.Count * studies / all)))];
        // What is left goes where most is missing; what is too much is taken where most was given.
        while (counts.Sum() is var sum && sum != studies)
        {
            double Missing(int g) => (double)Groups[g].Studies.Count * studies / all - counts[g];
            var order = Enumerable.Range(0, counts.Length).Where(g => sum < studies || counts[g] > 1).OrderByDescending(g => sum < studies ? Missing(g) : -Missing(g));
            counts[order.First()] += sum < studies ? 1 : -1;
        }
        return With([.. Groups.Select((g, i) => g with { Studies = g.Studies.WithCount(counts[i]) })]);
    }

    /// <summary>The same plan with the differences of groups stretched, so that the largest is the one given.</summary>
    /// <param name="effect">The largest difference of two groups.</param>
    public override SubgroupPlan WithEffect(double effect)
    {
        var effects = Stretched(Finite(effect, nameof(effect)));
        return With([.. Groups.Select((g, i) => g with { Effect = effects[i] })]);
    }

    /// <inheritdoc/>
    public override SubgroupPlan WithTauSquared(double tauSquared) => this with { TauSquared = tauSquared };

    /// <inheritdoc/>
    public override PowerResult Power()
    {
        var (power, critical) = Prepare();
        double[] effects = [.. Groups.Select(g => g.Effect)];
        return new PowerResult($"{StatisticText.Count(Groups.Length)} groups ({MeanPlan.Words(Model)}, {Inferences.Name(Inference)})", power.Groups(effects, critical), Count, Alpha, EffectOfInterest, TauSquared)
        {
            Origin = Origin,
            Noncentrality = power.GroupsNoncentrality(effects),
            DegreesOfFreedom = power.DenominatorDegreesOfFreedom ?? Groups.Length - 1,
            CriticalValue = critical,
            IsExact = power.IsExact(Groups.Length - 1),
            Warnings = power.Warnings(Count, Groups.Length - 1),
        };
    }

    private protected override PowerPlan? Quick => Model == PowerModel.Estimated && Groups.Any(g => !g.Studies.AreAlike) ? this with { Model = PowerModel.Known, Inference = Inference.StudentT } : null;

    internal override Func<double, double> ByEffect()
    {
        var (power, critical) = Prepare();
        return effect => power.Groups(Stretched(effect), critical);
    }

    internal override double ScaleOfEffect()
    {
        var v = Groups.Average(g => g.Studies.Variances.Average()) + TauSquared;
        return Math.Sqrt(v * Groups.Length / Count);
    }

    private SubgroupPlan With(IReadOnlyList<PlannedGroup> groups) => new(groups) { Alpha = Alpha, TauSquared = TauSquared, Model = Model, Inference = Inference };

    /// <summary>The effects around their mean so that the largest difference is the one asked. Groups that are all the same stretch to equal steps.</summary>
    private double[] Stretched(double largest)
    {
        double mean = Groups.Average(g => g.Effect), range = EffectOfInterest;
        return range > 0 ? [.. Groups.Select(g => mean + (g.Effect - mean) * largest / range)]
            : [.. Groups.Select((_, i) => mean + largest * (i / (Groups.Length - 1.0) - 0.5))];
    }

    private (RegressionPower Power, double Critical) Prepare()
    {
        NeedStudies(Count);
        double[] v = [.. Groups.SelectMany(g => g.Studies.Variances)];
        var start = 0;
        var columns = new List<double[]>();
        foreach (var group in Groups)
        {
            var column = new double[v.Length];
            Array.Fill(column, 1, start, group.Studies.Count);
            start += group.Studies.Count;
            columns.Add(column);
        }
        var power = new RegressionPower(v, TauSquared, [.. columns], Model, Inference);
        var between = Groups.Length - 1;
        var critical = power.DenominatorDegreesOfFreedom is { } df
            ? new NoncentralTest(TestStatistic.F(0, between, df)).Critical(Alpha)
            : Distributions.ChiSquaredQuantile(1 - Alpha, between);
        return (power, critical);
    }
}
