using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A planned meta-analysis with one test whose power is asked. Plans are records: <c>plan with { TauSquared = 0.05 }</c> is another plan. All numbers are on the scale that is pooled (Fisher's z, log ratios). When not to use
/// it: after the fact with the effect that was found, which only says the p-value in other words ("observed power"; Hoenig &amp; Heisey 2001, American Statistician 55, 19-24).
/// </summary>
/// <example><code>
/// PowerPlan[] plans =
/// [
///     new MeanPlan(PlannedStudies.Alike(10, 0.027), effect: 0.2) { TauSquared = 0.02 },
///     new HeterogeneityPlan(PlannedStudies.Alike(10, 0.027), tauSquared: 0.02),
///     new ModeratorPlan(PlannedStudies.Alike(10, 0.027), values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], slope: 0.03),
/// ];
/// foreach (var plan in plans) Console.WriteLine($"{plan.Power()}; {plan.StudiesNeeded(0.8)}; least effect {plan.SmallestEffect(0.8):F3}");
/// </code></example>
public abstract record PowerPlan : IHasOrigin
{
    private protected PowerPlan()
    {
    }

    /// <summary>The level of significance, in (0, 1); 0.05 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in (0, 1).</exception>
    public double Alpha
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Alpha), value, "A level of significance lies between 0 and 1, both excluded; 0.05 is usual.");
    } = 0.05;

    /// <summary>Where the studies come from that were planned with; one's own, without a name, where a plan is made of plain numbers.</summary>
    public DataOrigin Origin { get; init => field = value ?? throw new ArgumentNullException(nameof(Origin)); } = DataOrigin.Own;

    /// <summary>How many studies there are, k.</summary>
    public abstract int Count { get; }

    /// <summary>How few studies the test takes.</summary>
    public abstract int FewestStudies { get; }

    /// <summary>What is to be found, as <see cref="PowerResult.Effect"/>.</summary>
    public abstract double EffectOfInterest { get; }

    /// <summary>The same plan with another number of studies of the same mix.</summary>
    /// <param name="studies">How many, at least <see cref="FewestStudies"/>.</param>
    /// <exception cref="InsufficientStudiesException">There are too few for the test.</exception>
    public abstract PowerPlan WithCount(int studies);

    /// <summary>The same plan with another effect to be found.</summary>
    /// <param name="effect">The effect; of heterogeneity τ², of groups the largest difference.</param>
    public abstract PowerPlan WithEffect(double effect);

    /// <summary>The same plan with another variance of true effects, between studies where there are several.</summary>
    /// <param name="tauSquared">τ², 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public abstract PowerPlan WithTauSquared(double tauSquared);

    /// <summary>The power.</summary>
    /// <exception cref="InsufficientStudiesException">There are too few studies for the test.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    public abstract PowerResult Power();

    /// <summary>The fewest studies of this mix that reach a power. Where the mix is uneven power need not rise with every single study; then it is the first found by halving.</summary>
    /// <param name="power">The power asked, in (0, 1); 0.8 by convention.</param>
    /// <param name="most">How many to try at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not in its range.</exception>
    public StudiesNeeded StudiesNeeded(double power = 0.8, int most = 2000)
    {
        CheckTarget(power);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, FewestStudies);
        double At(int k) => WithCount(k).Power().Power;
        // A plan that is quick to answer says where to look.
        var (low, high) = Quick is { } quick && quick.StudiesNeeded(power, most).Count is { } near ? (FewestStudies - 1, Math.Max(near, FewestStudies)) : (FewestStudies - 1, Math.Min(FewestStudies, most));
        var (atHigh, step) = (At(high), Math.Max(1, high / 40));
        while (atHigh < power)
        {
            if (high >= most) return new StudiesNeeded(power, null, atHigh, most) { Origin = Origin };
            (low, high) = (high, Math.Min(Quick is null ? 2 * high : high + step, most));
            (atHigh, step) = (At(high), 2 * step);
        }
        for (var below = high - step; Quick is not null && low < below && below >= FewestStudies; below -= step, step *= 2)
        {
            var at = At(below);
            if (at < power) low = below;
            else (high, atHigh) = (below, at);
        }
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            var at = At(middle);
            if (at < power) low = middle;
            else (high, atHigh) = (middle, at);
        }
        return new StudiesNeeded(power, high, atHigh, most) { Origin = Origin };
    }

    /// <summary>The smallest effect above 0 that these studies find with a power: the minimal detectable effect.</summary>
    /// <param name="power">The power asked, above <see cref="Alpha"/> and below 1; 0.8 by convention.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not in (0, 1).</exception>
    /// <exception cref="UndeterminedException">The power is that high, or never so high, whatever the effect.</exception>
    public double SmallestEffect(double power = 0.8)
    {
        CheckTarget(power);
        var at = ByEffect();
        if (at(0) >= power) throw new UndeterminedException("The smallest effect that is found", $"even without any effect the test is significant as often as {PowerResult.Words(at(0))}", "a higher power, or a model that holds its level");
        var high = ScaleOfEffect();
        for (var i = 0; at(high) < power; i++, high *= 2)
        {
            if (i == 60) throw new UndeterminedException("The smallest effect that is found", $"no effect is found with a power of {PowerResult.Words(power)}", "a lower power, or more studies");
        }
        return Roots.Find(e => at(e) - power, 0, high, "The smallest effect that is found");
    }

    /// <summary>Power by the number of studies.</summary>
    /// <param name="counts">The numbers, each at least <see cref="FewestStudies"/>.</param>
    public PowerCurve OverStudies(IReadOnlyList<int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return new PowerCurve("k", [.. counts.Select(k => ((double)k, WithCount(k).Power().Power))]) { Origin = Origin };
    }

    /// <summary>Power by the effect.</summary>
    /// <param name="effects">The effects.</param>
    public PowerCurve OverEffects(IReadOnlyList<double> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        var at = ByEffect();
        return new PowerCurve("effect", [.. effects.Select(e => (Finite(e, nameof(effects)), at(e)))]) { Origin = Origin };
    }

    /// <inheritdoc/>
    public sealed override string ToString() => Power().ToString();

    /// <summary>A plan of nearly the same power that is quick to answer; null where this one is.</summary>
    private protected virtual PowerPlan? Quick => null;

    /// <summary>The power by the effect, with what does not depend on it computed once.</summary>
    internal abstract Func<double, double> ByEffect();

    /// <summary>A size of effects that is of interest, from which a search starts.</summary>
    internal abstract double ScaleOfEffect();

    private protected static double Finite(double value, string name) => double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "An effect is finite.");

    private protected static double NotNegative(double value, string name) => value >= 0 && double.IsFinite(value) ? value
        : throw new ArgumentOutOfRangeException(name, value, "A variance of true effects is finite and not negative.");

    private protected void NeedStudies(int studies)
    {
        if (studies < FewestStudies) throw new InsufficientStudiesException("This test", FewestStudies, studies);
    }

    private protected static PowerModel Defined(PowerModel model) => Enum.IsDefined(model) ? model : throw new ArgumentOutOfRangeException(nameof(model), model, "There is no such model.");

    private protected static Alternative Defined(Alternative side) => Enum.IsDefined(side) ? side : throw new ArgumentOutOfRangeException(nameof(side), side, "There is no such alternative.");

    private protected static Inference Defined(Inference inference)
    {
        _ = Inferences.Name(inference);
        return inference != Inference.KenwardRoger ? inference : throw new ImpossibleChoiceException("The power of a test by Kenward and Roger has no formula here", ChoiceFault.UndefinedInference, nameof(inference))
        {
            Inferences = [Inference.HartungKnapp, Inference.HartungKnappAdHoc, Inference.StudentT, Inference.Normal],
        };
    }

    private static void CheckTarget(double power)
    {
        if (power is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(power), power, "A power lies between 0 and 1, both excluded; 0.8 is usual.");
    }
}
