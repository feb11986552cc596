using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// All the analyses that could have been made of the same studies, instead of one: a multiverse or specification-curve analysis (Steegen, Tuerlinckx, Gelman &amp; Vanpaemel 2016, Perspectives on
/// Psychological Science 11, 702-712; Simonsohn, Simmons &amp; Nelson 2020, Nature Human Behaviour 4, 1208-1214; of meta-analyses Voracek, Kossmeier &amp; Tran 2019, Zeitschrift für Psychologie 227,
/// 64-82). Each choice has its options, the reason in words, and what the options are to each other (<see cref="Equivalence"/>); a specification takes one option of each. When not to use it: to
/// let many poor analyses outvote a good one. A choice whose options answer different questions is <see cref="Equivalence.NonEquivalent"/> and splits the multiverse.
/// </summary>
/// <remarks>A multiverse does not change: each call gives another one.</remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38, 0.02, 0.27], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011, 0.007, 0.009], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("rater", ["client", "client", "observer", "client", "observer", "observer", "client", "client"])]);
/// MultiverseResult result = Multiverse.Of(effects)
///     .ChooseEstimator("No estimator of τ² is best everywhere (Langan et al. 2019).", Equivalence.Equivalent, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.PauleMandel)
///     .ChooseTest("Hartung-Knapp keeps its error rate; most reviews before used z.", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal)
///     .ChooseSubset("rater", "Clients and observers see different things.", Equivalence.NonEquivalent)
///     .Choose("outlying studies", "They may be errors, or the best there is.", Equivalence.Uncertain, Specify.AllStudies, Specify.WithoutOutlying())
///     .Choose("publication bias", "Each method is right under another story of bias.", Equivalence.NonEquivalent, Specify.Unadjusted, Specify.TrimAndFill(), Specify.PetPeese())
///     .Run();
/// Console.WriteLine(result);
/// Console.WriteLine(result.Main.Test());
/// </code></example>
public sealed class Multiverse
{
    /// <summary>The most combinations of options that are gone through.</summary>
    public const int MostCombinations = 2_000_000;

    private Multiverse(StudyEffects effects, MultiverseOptions options, ImmutableArray<MultiverseChoice> choices) => (Effects, Options, Choices) = (effects, options, choices);

    /// <summary>A multiverse of these effects, as yet without choices.</summary>
    /// <param name="effects">The effects, with the columns that options name.</param>
    /// <param name="options">Level and direction; the defaults if not said.</param>
    public static Multiverse Of(StudyEffects effects, MultiverseOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        return new Multiverse(effects, options ?? new MultiverseOptions(), []);
    }

    /// <summary>The effects.</summary>
    public StudyEffects Effects { get; }

    /// <summary>Level and direction.</summary>
    public MultiverseOptions Options { get; }

    /// <summary>The choices, in the order in which they were added.</summary>
    public ImmutableArray<MultiverseChoice> Choices { get; }

    /// <summary>How many combinations of options there are, possible or not.</summary>
    public long Combinations => Choices.Aggregate(1L, (product, choice) => product * choice.Options.Length);

    /// <summary>Adds a choice.</summary>
    /// <param name="name">What is chosen, in a word or two.</param>
    /// <param name="reason">Why there is a choice, and why these options: a reader judges the multiverse by it.</param>
    /// <param name="equivalence">What the options are to each other.</param>
    /// <param name="options">The options, made by <see cref="Specify"/>, all of one stage; the one that was reported, or would be, first. A single option holds for all specifications.</param>
    /// <exception cref="ArgumentException">The reason is missing, options have one name or different stages, or another choice decides the same.</exception>
    public Multiverse Choose(string name, string reason, Equivalence equivalence, params IReadOnlyList<MultiverseOption> options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrWhiteSpace(reason)) throw new ArgumentException($"Say why there is a choice of {name}: a multiverse is judged by the reasons for its options.", nameof(reason));
        if (!Enum.IsDefined(equivalence)) throw new ArgumentOutOfRangeException(nameof(equivalence), equivalence, "Options are equivalent, not equivalent, or it is uncertain.");
        if (options.Count == 0) throw new ArgumentException($"The choice of {name} needs options, for example those of Specify.", nameof(options));
        if (options.FirstOrDefault(o => o.Stage != options[0].Stage) is { } other)
        {
            throw new ArgumentException($"The choice of {name} mixes {options[0].Stage} ({options[0]}) and {other.Stage} ({other}): make it two choices.", nameof(options));
        }
        if (options.GroupBy(o => o.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The choice of {name} has two options called \"{twice.Key}\": give one another name by Named.", nameof(options));
        }
        if (Choices.Any(c => c.Name == name)) throw new ArgumentException($"There is a choice called \"{name}\" already.", nameof(name));
        if (options[0].Stage != MultiverseStage.Studies && Choices.FirstOrDefault(c => c.Stage == options[0].Stage) is { } same)
        {
            throw new ArgumentException($"The choice \"{same.Name}\" decides the {options[0].Stage} already: add the options of {name} to it.", nameof(options));
        }
        var added = new Multiverse(Effects, Options, Choices.Add(new MultiverseChoice(name, reason, equivalence, [.. options])));
        return added.Combinations <= MostCombinations ? added
            : throw new ArgumentException($"That makes {StatisticText.Count(added.Combinations)} combinations; up to {StatisticText.Count(MostCombinations)} are gone through. Leave out options, or split the multiverse.", nameof(options));
    }

    /// <summary>Adds the choice of the estimator of tau².</summary>
    /// <param name="reason">Why there is a choice.</param>
    /// <param name="equivalence">What the options are to each other.</param>
    /// <param name="estimators">The estimators; null stands for equal effects.</param>
    public Multiverse ChooseEstimator(string reason, Equivalence equivalence, params IReadOnlyList<TauSquaredEstimator?> estimators)
    {
        ArgumentNullException.ThrowIfNull(estimators);
        return Choose("estimator", reason, equivalence, [.. estimators.Select(e => e is { } estimator ? Specify.Estimator(estimator) : Specify.EqualEffects)]);
    }

    /// <summary>Adds the choice of the test and interval.</summary>
    /// <param name="reason">Why there is a choice.</param>
    /// <param name="equivalence">What the options are to each other.</param>
    /// <param name="inferences">The kinds of inference.</param>
    public Multiverse ChooseTest(string reason, Equivalence equivalence, params IReadOnlyList<Inference> inferences)
    {
        ArgumentNullException.ThrowIfNull(inferences);
        return Choose("test", reason, equivalence, [.. inferences.Select(Specify.Test)]);
    }

    /// <summary>Adds the choice of the measure, computed from what the effects were computed from (<see cref="StudyEffects.Ingredients"/>).</summary>
    /// <param name="reason">Why there is a choice.</param>
    /// <param name="equivalence">What the options are to each other; measures that are shown on different scales are not equivalent.</param>
    /// <param name="measures">The measures.</param>
    public Multiverse ChooseMeasure(string reason, Equivalence equivalence, params IReadOnlyList<EffectMeasure> measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        return Choose("measure", reason, equivalence, [.. measures.Select(m => Specify.Measure(m))]);
    }

    /// <summary>Adds the choice of the assumed correlation of sampling errors within samples.</summary>
    /// <param name="reason">Why there is a choice.</param>
    /// <param name="equivalence">What the options are to each other.</param>
    /// <param name="correlations">The correlations, in [0, 1).</param>
    public Multiverse ChooseCorrelation(string reason, Equivalence equivalence, params IReadOnlyList<double> correlations)
    {
        ArgumentNullException.ThrowIfNull(correlations);
        return Choose("correlation", reason, equivalence, [.. correlations.Select(Specify.Correlation)]);
    }

    /// <summary>Adds the choice of all studies or those with one value of a column: which studies to meta-analyse, in Voracek's words a "which factor".</summary>
    /// <param name="column">The column, by whose name the choice goes.</param>
    /// <param name="reason">Why there is a choice.</param>
    /// <param name="equivalence">What the options are to each other; most often not equivalent, since other studies answer another question.</param>
    /// <exception cref="StudyDataException">There is no such column, or it has fewer than two values.</exception>
    public Multiverse ChooseSubset(string column, string reason, Equivalence equivalence)
    {
        var values = Effects.Column(column);
        string[] groups = [.. Enumerable.Range(0, Effects.Count).Select(i => values.Text(i)).OfType<string>().Distinct()];
        if (groups.Length < 2) throw new StudyDataException("has fewer than two values, and so no subsets to choose from", column, column: column);
        return Choose(column, reason, equivalence, [Specify.AllStudies, .. groups.Select(g => g == Specify.AllStudies.Name ? Specify.Only(column, g) : Specify.Only(column, g).Named(g))]);
    }

    /// <summary>Computes every specification.</summary>
    /// <param name="progress">Takes the share that is done, from 0 to 1; null for nobody.</param>
    /// <param name="cancellation">Ends it early, without a result.</param>
    /// <exception cref="InvalidOperationException">There are no choices.</exception>
    /// <exception cref="ImpossibleChoiceException">Estimates of equivalent or uncertain options stand on different scales.</exception>
    /// <exception cref="UndeterminedException">Not one combination of options can be computed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public MultiverseResult Run(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (Choices.IsEmpty) throw new InvalidOperationException("A multiverse needs choices: add them by Choose.");
        return MultiverseRun.Of(this, progress, cancellation);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{StatisticText.Count(Combinations, "combination")} of {StatisticText.Count(Choices.Length, "choice")} about {Effects}: {string.Join("; ", Choices)}";
}
