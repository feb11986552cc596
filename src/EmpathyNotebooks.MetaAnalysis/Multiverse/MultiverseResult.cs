using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One specification: one option of each choice, and what it comes to.</summary>
/// <param name="Number">Its number among all combinations of options, from 0; the option of the last choice changes fastest.</param>
/// <param name="Part">The place of its part among <see cref="MultiverseResult.Parts"/>.</param>
/// <param name="Value">Estimate, standard error, interval, p, tau² and k, on the scale that its measure is pooled on.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// var result = Multiverse.Of(effects).ChooseTest("Both are in use.", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal).Run();
/// foreach (Specification one in result.Specifications) Console.WriteLine($"{string.Join(", ", result.OptionsOf(one))}: {one.Value.Estimate} {one.Value.Interval}");
/// </code></example>
public readonly record struct Specification(int Number, int Part, SpecificationEstimate Value);

/// <summary>
/// Every specification of a multiverse. Choices whose options are not equivalent split it into parts, one for each combination of such options; averages, shares and tests are of a part, never across parts (Del
/// Giudice &amp; Gangestad 2021).
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ);
/// MultiverseResult result = Multiverse.Of(effects)
///     .ChooseEstimator("No estimator is best everywhere.", Equivalence.Equivalent, TauSquaredEstimator.RestrictedMaximumLikelihood, null)
///     .Choose("bias", "Each has its story.", Equivalence.NonEquivalent, Specify.Unadjusted, Specify.TrimAndFill())
///     .Run();
/// Console.WriteLine($"{result.Specifications.Length} of {result.Combinations}; median {result.Main.Median}, positive {result.Main.SharePositive:P0}");
/// result.WriteCsv(Console.Out);
/// </code></example>
public sealed class MultiverseResult
{
    private readonly Lazy<ImmutableArray<ChoiceInfluence>?> _influence;
    private readonly Lazy<ImmutableArray<ImpossibleCombination>> _impossible;
    private Dictionary<int, int>? _places;

    internal MultiverseResult(MultiverseGrid grid, Outcome[] outcomes, StudyEffects?[] sets, (string Reason, ImpossibilityKind Kind)?[] faults)
    {
        (Grid, Outcomes, Sets, Faults) = (grid, outcomes, sets, faults);
        var measures = sets.OfType<StudyEffects>().Select(s => s.Measure).ToList();
        Measure = measures.TrueForAll(m => m == measures[0]) ? measures[0] : measures.TrueForAll(m => m.Symbol == measures[0].Symbol) ? measures[0] : null;
        IsOnShownScale = Measure is not null && !measures.TrueForAll(m => m == measures[0]);
        int[] splitting = [.. Enumerable.Range(0, grid.Sizes.Length).Where(c => Multiverse.Choices[c].Equivalence == Equivalence.NonEquivalent)];
        var places = new Dictionary<int, int>();
        var members = new List<List<Specification>>();
        var all = ImmutableArray.CreateBuilder<Specification>();
        for (var n = 0; n < outcomes.Length; n++)
        {
            if (outcomes[n].Reason is not null) continue;
            var key = splitting.Sum(c => grid.Digit(n, c) * grid.Strides[c]);
            if (!places.TryGetValue(key, out var place))
            {
                places[key] = place = members.Count;
                members.Add([]);
            }
            var one = new Specification(n, place, outcomes[n].Value);
            members[place].Add(one);
            all.Add(one);
        }
        Specifications = all.ToImmutable();
        // The part of the first options, which is what was or would be reported, comes first, whatever its first specification.
        Parts = [.. members.Select((part, place) => new MultiversePart(this, place, [.. part], splitting))];
        _influence = new(() => IsOnOneScale ? VarianceExplained.Of(grid, Specifications, ValueOf) : null);
        _impossible = new(() => ImpossibleCombinations.Of(grid, outcomes));
    }

    /// <summary>The choices and options.</summary>
    public Multiverse Multiverse => Grid.Multiverse;

    /// <summary>How many combinations of options there are, possible or not.</summary>
    public int Combinations => Grid.Count;

    /// <summary>The specifications, in the order of their numbers.</summary>
    public ImmutableArray<Specification> Specifications { get; }

    /// <summary>The combinations that are no specifications, with the reason.</summary>
    public ImmutableArray<ImpossibleCombination> Impossible => _impossible.Value;

    /// <summary>One part for each combination of options that are not equivalent and have a specification; one of all where every choice is equivalent or uncertain.</summary>
    public ImmutableArray<MultiversePart> Parts { get; }

    /// <summary>The first part: of the first options, where they have a specification.</summary>
    public MultiversePart Main => Parts[0];

    /// <summary>What the effects measure; of several measures that are shown alike, such as r by Fisher's z and r itself, the first; null where they are shown on different scales.</summary>
    public EffectMeasure? Measure { get; }

    /// <summary>True where several measures are shown alike, and values of specifications are compared as they are shown.</summary>
    public bool IsOnShownScale { get; }

    /// <summary>
    /// How much of the variance of all estimates each choice explains, those included that split the multiverse: it says what the estimate hangs on. Null where measures are shown on different scales;
    /// <see cref="MultiversePart.Influence"/> is then the one to read.
    /// </summary>
    public ImmutableArray<ChoiceInfluence>? Influence => _influence.Value;

    /// <summary>True where every combination of options is a specification.</summary>
    public bool IsComplete => Specifications.Length == Combinations;

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings
    {
        get
        {
            List<string> warnings = [];
            if (!IsComplete)
            {
                warnings.Add($"{StatisticText.Count(Combinations - Specifications.Length)} of {StatisticText.Count(Combinations, "combination")} of options are no specifications: each is listed with its reason.");
            }
            var shares = Multiverse.Choices.Count(c => c.Equivalence == Equivalence.Uncertain);
            if (shares > 0) warnings.Add($"Of {StatisticText.Count(shares, "choice")} it is uncertain which option is better: averages over them are no more certain than that ({string.Join(", ", Multiverse.Choices.Where(c => c.Equivalence == Equivalence.Uncertain).Select(c => c.Name))}).");
            return [.. warnings];
        }
    }

    /// <summary>The options of a specification, by the names of the choices; that of a choice that makes no difference to it is "not used".</summary>
    /// <param name="specification">One of <see cref="Specifications"/>.</param>
    public IReadOnlyList<KeyValuePair<string, string>> OptionsOf(Specification specification) => OptionsOf(specification.Number);

    /// <summary>
    /// The place among <see cref="Specifications"/> of what a combination of options comes to: its own or, where its options make no difference or leave the same studies as others, that of the one which is counted for all of
    /// them. Null where the combination has no estimate. With it a part of the options can be followed without computing anything again.
    /// </summary>
    /// <param name="combination">The number of the combination, from 0; the option of the last choice changes fastest.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such combination.</exception>
    public int? PlaceOf(int combination)
    {
        if (combination < 0 || combination >= Combinations) throw new ArgumentOutOfRangeException(nameof(combination), combination, $"The combinations have the numbers 0 to {Combinations - 1}.");
        _places ??= Specifications.Select((one, place) => (Outcomes[one.Number].Canonical, place)).ToDictionary();
        var outcome = Outcomes[combination];
        return outcome.Reason is not null && outcome.Kind != ImpossibilityKind.Redundant ? null : _places.TryGetValue(outcome.Canonical, out var place) ? place : null;
    }

    /// <summary>The value that specifications are compared by: the estimate on the scale that is pooled, or as it is shown (<see cref="IsOnShownScale"/>).</summary>
    /// <param name="specification">One of <see cref="Specifications"/>.</param>
    public double ValueOf(Specification specification) => IsOnShownScale ? MeasureOf(specification).ToDisplay(specification.Value.Estimate) : specification.Value.Estimate;

    /// <summary>What the effects of a specification measure.</summary>
    /// <param name="specification">One of <see cref="Specifications"/>.</param>
    public EffectMeasure MeasureOf(Specification specification) => Sets[Grid.Source < 0 ? 0 : Grid.Digit(specification.Number, Grid.Source)]!.Measure;

    /// <summary>Writes every combination with its result as CSV, the impossible ones with their reason. Texts that a spreadsheet would take for a formula begin with an apostrophe.</summary>
    /// <param name="writer">Where to write.</param>
    public void WriteCsv(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        MultiverseTable.Write(this, writer);
    }

    /// <summary>The part in a sentence, and how much of the multiverse it is.</summary>
    public override string ToString() => $"{StatisticText.Count(Specifications.Length, "specification")} of {StatisticText.Count(Combinations, "combination")} of options"
        + (Parts.Length == 1 ? "" : $" in {StatisticText.Count(Parts.Length)} parts that are not averaged over") + $": {string.Join("; ", Parts.Take(6))}{(Parts.Length > 6 ? "; …" : "")}";

    internal MultiverseGrid Grid { get; }

    internal Outcome[] Outcomes { get; }

    internal StudyEffects?[] Sets { get; }

    internal (string Reason, ImpossibilityKind Kind)?[] Faults { get; }

    /// <summary>True where all estimates can be compared.</summary>
    internal bool IsOnOneScale => Measure is not null;

    internal const string NotUsed = "not used";

    internal IReadOnlyList<KeyValuePair<string, string>> OptionsOf(int number) =>
        [.. Multiverse.Choices.Select((choice, c) => KeyValuePair.Create(choice.Name, IsUsed(number, c) ? choice.Options[Grid.Digit(number, c)].Name : NotUsed))];

    /// <summary>False for a choice that makes no difference to a specification.</summary>
    internal bool IsUsed(int number, int choice)
    {
        if (Outcomes[number].Reason is not null || Multiverse.Choices[choice].Options.Length == 1 || Multiverse.Choices[choice].Stage == MultiverseStage.Studies) return true;
        var canonical = Outcomes[number].Canonical;
        // Equal effects or random effects still is a choice where the estimator is none.
        var digits = Enumerable.Range(0, Grid.Sizes[choice]).Select(d => Outcomes[Grid.With(number, choice, d)]).ToList();
        return !digits.TrueForAll(o => o.Canonical == canonical && (o.Reason is null || o.Kind == ImpossibilityKind.Redundant));
    }
}
