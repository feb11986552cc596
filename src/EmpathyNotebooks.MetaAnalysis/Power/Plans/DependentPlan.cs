using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How a planned analysis takes several effects of a study to go together.</summary>
/// <example><code>
/// var plan = new DependentPlan(PlannedStudies.Of([0.02, 0.05, 0.10, 0.02, 0.05], [1, 2, 3, 5, 8]), effect: 0.3) { TauSquared = 0.01, OmegaSquared = 0.0025, SamplingCorrelation = 0.8, Inference = DependentInference.Robust };
/// foreach (var model in Enum.GetValues&lt;DependentModel&gt;()) Console.WriteLine((plan with { Model = model }).Power());
/// </code></example>
public enum DependentModel
{
    /// <summary>Correlated and hierarchical effects (CHE): random effects of studies and of effects, sampling errors correlated by ρ, which the analysis knows. The default.</summary>
    CorrelatedHierarchical,

    /// <summary>A multilevel model (MLMA): the same random effects, but sampling errors taken as independent. Its variances then absorb part of ρ.</summary>
    Multilevel,

    /// <summary>Correlated effects (CE): the working model of Hedges, Tipton &amp; Johnson (2010) with one variance of studies, weights by study.</summary>
    CorrelatedEffects,
}

/// <summary>How a planned analysis of dependent effects tests.</summary>
/// <example><code>
/// var plan = new DependentPlan(PlannedStudies.Of([0.02, 0.05, 0.10, 0.02, 0.05], [1, 2, 3, 5, 8]), effect: 0.3) { TauSquared = 0.01, OmegaSquared = 0.0025, SamplingCorrelation = 0.8 };
/// foreach (var inference in Enum.GetValues&lt;DependentInference&gt;()) Console.WriteLine((plan with { Inference = inference }).Power());
/// </code></example>
public enum DependentInference
{
    /// <summary>Cluster-robust with CR2 and Satterthwaite's degrees of freedom: the default, as it is the one to report.</summary>
    Robust,

    /// <summary>By the model, t with the number of studies less 1 degrees of freedom.</summary>
    Model,

    /// <summary>By the model, t with Satterthwaite's degrees of freedom, which allow for the estimation of both variances.</summary>
    Satterthwaite,
}

/// <summary>
/// The power of the test of the mean, or of a moderator of studies, where studies report several effects (Vembye, Pustejovsky &amp; Pigott 2023, Journal of Educational and Behavioral Statistics 48, 70-102, with the corrigendum to
/// equation 17): y = μ + u + w + e with variance τ² between studies, ω² within, and sampling errors of one study correlated by ρ. Student's t with λ = μ/√S and the degrees of freedom of the test chosen. It assumes one
/// sampling variance for all effects of a study, and normal effects; with fewer than about ten studies the degrees of freedom are themselves approximate. When not to use it: to plan a test of heterogeneity.
/// </summary>
/// <example><code>
/// var plan = new DependentPlan(PlannedStudies.Of([0.02, 0.05, 0.10, 0.02, 0.05], [1, 2, 3, 5, 8]), effect: 0.3) { TauSquared = 0.01, OmegaSquared = 0.0025, SamplingCorrelation = 0.8 };
/// Console.WriteLine(plan.Power());
/// Console.WriteLine(plan.StudiesNeeded());
/// var slope = plan with { Values = [0, 0, 1, 1, 1] };                                // two kinds of studies that differ by 0.3
/// Console.WriteLine(slope.Power());
/// </code></example>
public sealed record DependentPlan : PowerPlan
{
    /// <summary>A plan.</summary>
    /// <param name="studies">The studies with the number of their effects.</param>
    /// <param name="effect">The mean effect to be found less the value that means no effect, or with <see cref="Values"/> the slope; finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The effect is not finite.</exception>
    public DependentPlan(PlannedStudies studies, double effect)
    {
        ArgumentNullException.ThrowIfNull(studies);
        (Studies, Effect) = (studies, effect);
    }

    /// <summary>The studies with the number of their effects.</summary>
    public PlannedStudies Studies { get; init; }

    /// <summary>What is to be found.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public double Effect
    {
        get;
        init => field = Finite(value, nameof(Effect));
    }

    /// <summary>The variance between studies τ², 0 or more; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double TauSquared
    {
        get;
        init => field = NotNegative(value, nameof(TauSquared));
    }

    /// <summary>The variance within studies ω², 0 or more; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double OmegaSquared
    {
        get;
        init => field = NotNegative(value, nameof(OmegaSquared));
    }

    /// <summary>The correlation ρ of the sampling errors of a study, in [0, 1); 0.6 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in [0, 1).</exception>
    public double SamplingCorrelation
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(SamplingCorrelation), value, "A correlation of sampling errors lies between 0 and 1, 1 excluded.");
    } = 0.6;

    /// <summary>How the analysis takes effects to go together; CHE by default.</summary>
    public DependentModel Model
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Model), value, "There is no such model.");
    }

    /// <summary>How it tests; robust by default. CE is defined for robust tests alone.</summary>
    public DependentInference Inference
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Inference), value, "There is no such inference.");
    }

    /// <summary>The value of a moderator in each study, so that <see cref="Effect"/> is its slope; null, the default, for the mean. For robust tests.</summary>
    public IReadOnlyList<double>? Values
    {
        get;
        init => field = ValueList.Copy(value);
    }

    /// <inheritdoc/>
    public override int Count => Studies.Count;

    /// <inheritdoc/>
    public override int FewestStudies => Values is null ? 2 : 3;

    /// <inheritdoc/>
    public override double EffectOfInterest => Effect;

    /// <inheritdoc/>
    public override DependentPlan WithCount(int studies)
    {
        NeedStudies(studies);
        if (Values is not { } x) return this with { Studies = Studies.WithCount(studies) };
        if (studies == Count) return this;
        var rows = PlannedStudies.Picks([.. Enumerable.Range(0, Count).OrderBy(i => x[i]).ThenBy(i => Studies.Variances[i])], studies);
        return this with { Studies = Studies.Select(rows), Values = [.. rows.Select(i => x[i])] };
    }

    /// <inheritdoc/>
    public override DependentPlan WithEffect(double effect) => this with { Effect = effect };

    /// <inheritdoc/>
    public override DependentPlan WithTauSquared(double tauSquared) => this with { TauSquared = tauSquared };

    /// <inheritdoc/>
    public override PowerResult Power()
    {
        var test = Prepare();
        return new PowerResult($"{(Values is null ? "the mean" : "a moderator")} ({Name})", test.Rate(Effect, Alpha), Count, Alpha, Effect, TauSquared)
        {
            Origin = Origin,
            StandardError = test.StandardError,
            Noncentrality = Effect / test.StandardError,
            DegreesOfFreedom = test.TestDegreesOfFreedom,
            CriticalValue = test.Critical(Alpha),
            IsExact = false,
            Warnings = Warn(test),
        };
    }

    /// <summary>The model with its test, such as <c>CHE-RVE</c>.</summary>
    public string Name => (Model switch { DependentModel.CorrelatedHierarchical => "CHE", DependentModel.Multilevel => "MLMA", _ => "CE" })
        + (Inference switch { DependentInference.Robust => "-RVE", DependentInference.Model => "-Model", _ => "-Model+Satt" });

    /// <summary>What <see cref="Name"/> stands for, such as <c>correlated and hierarchical effects, cluster-robust with CR2</c>.</summary>
    public string NameInWords => (Model switch { DependentModel.CorrelatedHierarchical => "correlated and hierarchical effects", DependentModel.Multilevel => "multilevel model", _ => "correlated effects" })
        + (Inference switch { DependentInference.Robust => ", cluster-robust with CR2", DependentInference.Model => ", Student's t", _ => ", Student's t with Satterthwaite's degrees of freedom" });

    internal override Func<double, double> ByEffect()
    {
        var test = Prepare();
        return effect => test.Rate(effect, Alpha);
    }

    internal override double ScaleOfEffect() => Prepare().StandardError;

    internal static ImpossibleChoiceException RobustAlone(string parameter) =>
        new("The power of a moderator of dependent effects is known for robust tests alone", ChoiceFault.UndefinedForFit, parameter);

    private ImmutableArray<string> Warn(DependentTest test)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (test.TestDegreesOfFreedom < 4) warnings.Add($"The test has {StatisticText.DegreesOfFreedom(test.TestDegreesOfFreedom)} degrees of freedom: below 4 neither it nor its power can be trusted.");
        if (Inference == DependentInference.Model && Model == DependentModel.Multilevel) warnings.Add("The multilevel model takes correlated sampling errors as independent: without robust standard errors it can reject too often.");
        return warnings.ToImmutable();
    }

    private DependentTest Prepare()
    {
        NeedStudies(Count);
        if (Model == DependentModel.CorrelatedEffects && Inference != DependentInference.Robust)
        {
            throw new ImpossibleChoiceException("The working model of correlated effects has robust tests alone", ChoiceFault.UndefinedForFit, nameof(Inference));
        }
        if (Values is not null && Inference != DependentInference.Robust) throw RobustAlone(nameof(Inference));
        if (Values is { } x && x.Count != Count) throw new ArgumentException($"There are {Count} studies and {x.Count} values of the moderator; each study has one.");
        return new DependentTest(this);
    }
}
