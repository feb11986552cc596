using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A simulation study: a grid of situations (cells), how often each is drawn, and the methods that are put to the test. Every value of one list meets every value of the others.
/// </summary>
/// <example><code>
/// var design = new SimulationDesign
/// {
///     Seed = 1, Replicates = 2_000, Measure = SimulatedMeasure.FisherZ,
///     Studies = [5, 10], TausSquared = [0, 0.05], Means = [0.2], Sizes = [StudySizes.Between(20, 200)], Selections = [null],
///     Methods = [SimulationMethod.Mean(TauSquaredEstimator.RestrictedMaximumLikelihood, Inference.HartungKnapp)],
/// };
/// foreach (SimulationCell cell in design.Cells) Console.WriteLine(cell);
/// </code></example>
public sealed record SimulationDesign
{
    /// <summary>The most replicates of a cell: so many squares of squares still add up without loss.</summary>
    public const int MostReplicates = 100_000_000;

    /// <summary>The most cells of a grid.</summary>
    public const int MostCells = 1_000_000;

    /// <summary>The most results, a cell and a method each, which fill some 800 MB.</summary>
    public const int MostResults = 5_000_000;

    private const int FewReplicates = 100_000, SmallBlock = 1000, LargeBlock = 10_000;

    /// <summary>The seed; the same seed gives the same numbers.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How many meta-analyses are drawn for each cell, from 2 to <see cref="MostReplicates"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public required int Replicates
    {
        get;
        init => field = value is >= 2 and <= MostReplicates ? value : throw new ArgumentOutOfRangeException(nameof(Replicates), value, "Replicates are from 2 to 100,000,000.");
    }

    /// <summary>What is drawn.</summary>
    public required SimulatedMeasure Measure { get; init; }

    /// <summary>Numbers of studies k, each at least 2.</summary>
    public required ImmutableArray<int> Studies { get; init; }

    /// <summary>Variances of true effects tau², none negative.</summary>
    public required ImmutableArray<double> TausSquared { get; init; }

    /// <summary>Mean true effects, on the scale that is pooled: of Fisher's z, z.</summary>
    public required ImmutableArray<double> Means { get; init; }

    /// <summary>Sizes of studies.</summary>
    public required ImmutableArray<StudySizes> Sizes { get; init; }

    /// <summary>Which studies are published; null for all.</summary>
    public ImmutableArray<PublicationStep?> Selections { get; init; } = [null];

    /// <summary>How many effects the studies have; null for one each. Where studies have several, methods that are not <see cref="SimulationMethod.Robust"/> take all effects as independent.</summary>
    public ImmutableArray<EffectsPerStudy?> Effects { get; init; } = [null];

    /// <summary>The methods.</summary>
    public required ImmutableArray<SimulationMethod> Methods { get; init; }

    /// <summary>The level of all intervals.</summary>
    public double ConfidenceLevel
    {
        get;
        init => field = Level.Check(value);
    } = 0.95;

    /// <summary>How many cells the grid has.</summary>
    public long CellCount => (long)Studies.Length * TausSquared.Length * Means.Length * Sizes.Length * Selections.Length * Effects.Length;

    /// <summary>How many replicates are computed and kept at a time: 1,000, or 10,000 of more than 100,000.</summary>
    public int BlockSize => Replicates <= FewReplicates ? SmallBlock : LargeBlock;

    /// <summary>How many such blocks a cell has.</summary>
    public int BlocksInCell => (Replicates + BlockSize - 1) / BlockSize;

    /// <summary>How many blocks there are; block b is the block b mod <see cref="BlocksInCell"/> of cell b div <see cref="BlocksInCell"/>.</summary>
    public long BlockCount => CellCount * BlocksInCell;

    /// <summary>The cells in order: effects of a study change fastest, then selection, and k slowest.</summary>
    public IEnumerable<SimulationCell> Cells
    {
        get
        {
            for (var i = 0; i < CellCount; i++) yield return Cell(i);
        }
    }

    /// <summary>One cell.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such cell.</exception>
    public SimulationCell Cell(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, CellCount);
        var rest = index;
        T Next<T>(ImmutableArray<T> values)
        {
            var value = values[rest % values.Length];
            rest /= values.Length;
            return value;
        }
        var effects = Next(Effects);
        var selection = Next(Selections);
        var sizes = Next(Sizes);
        var mean = Next(Means);
        var tau2 = Next(TausSquared);
        return new SimulationCell(index, Next(Studies), tau2, mean, sizes, selection, effects);
    }

    /// <summary>Checks that the parts go together.</summary>
    /// <exception cref="SimulationDesignException">They do not: a list is empty, a value is out of range, or a method has no answer in a cell.</exception>
    public void Check()
    {
        Enumerable(Studies, nameof(Studies), k => k is >= 2 and <= 100_000, "a whole number from 2 to 100,000");
        Enumerable(TausSquared, nameof(TausSquared), t => t >= 0 && double.IsFinite(t), "a finite number that is not negative");
        Enumerable(Means, nameof(Means), m => Math.Abs(m) <= MostMean, Measure == SimulatedMeasure.Correlation ? "a correlation between -1 and 1" : Measure == SimulatedMeasure.Generic ? "a finite number" : "a number from -3 to 3");
        Enumerable(Sizes, nameof(Sizes), s => Measure == SimulatedMeasure.Generic ? s.Smallest > 0 && double.IsFinite(s.Largest) : s.Values.All(n => n == Math.Truncate(n)) && s.Smallest >= 4 && s.Largest <= 1e9,
            Measure == SimulatedMeasure.Generic ? "of sampling variances above 0" : "of whole numbers of people, from 4 to 1,000,000,000");
        Enumerable(Selections, nameof(Selections), _ => true, "");
        Enumerable(Effects, nameof(Effects), _ => true, "");
        Enumerable(Methods, nameof(Methods), _ => true, "");
        if (Methods.Distinct().Count() != Methods.Length) throw new SimulationDesignException(SimulationDesignFault.Twice, nameof(Methods), Methods.GroupBy(m => m).First(g => g.Count() > 1).Key.ToString(), "stands there twice; each method has one place");
        if (CellCount > MostCells) throw new SimulationDesignException(SimulationDesignFault.TooManyCells, nameof(Cells), StatisticText.Count(CellCount), "are more cells than a grid may have, 1,000,000");
        if (CellCount * Methods.Length > MostResults) throw new SimulationDesignException(SimulationDesignFault.TooManyCells, nameof(Cells), StatisticText.Count(CellCount), $"are too many for {StatisticText.Count(Methods.Length)} methods; cells times methods are 5,000,000 at most");
        if (Methods.MaxBy(m => m.Required) is { } most && most.Required > Studies.Min())
        {
            throw new SimulationDesignException(SimulationDesignFault.TooFewStudies, nameof(Studies), StatisticText.Count(Studies.Min()), $"is too few for {most}, which needs {StatisticText.Count(most.Required)} studies");
        }
        CheckDependent();
        if (Measure == SimulatedMeasure.Correlation && Means.Max(Math.Abs) + 5 * Math.Sqrt(TausSquared.Max()) is var reach and >= 1)
        {
            throw new SimulationDesignException(SimulationDesignFault.BeyondMeasure, nameof(TausSquared), FormattableString.Invariant($"{TausSquared.Max()}"),
                $"lets true correlations, which are normal, leave (-1, 1): the largest mean and five standard deviations make {StatisticText.Number(reach, 3)}; take ZCOR, or less");
        }
    }

    private void CheckDependent()
    {
        void Refuse(object value, string problem) => throw new SimulationDesignException(SimulationDesignFault.Dependent, nameof(Effects), FormattableString.Invariant($"{value}"), problem);
        if (Effects.FirstOrDefault(e => e is not null) is { } several)
        {
            if (Measure is SimulatedMeasure.FisherZ or SimulatedMeasure.Correlation) Refuse(several, "have no exact distribution for correlations; take SMD or GEN, or one effect a study");
            if (Selections.Any(s => s is not null)) Refuse(several, "do not go with a selection, which is of studies of one effect");
        }
        foreach (var effects in Methods.Any(m => m.Model == WorkingModel.Hierarchical) ? Effects : [])
        {
            if (effects is null || effects.Counts.Take(Studies.Min()).All(c => c == 1)) Refuse(effects is null ? "1" : effects, "gives no study several effects, which the hierarchical model (HIER) needs; take CORR, or more effects");
        }
    }

    private double MostMean => Measure switch { SimulatedMeasure.Correlation => Math.BitDecrement(1), SimulatedMeasure.Generic => double.MaxValue, _ => 3 };

    private static void Enumerable<T>(ImmutableArray<T> values, string part, Func<T, bool> isRight, string right)
    {
        if (values.IsDefaultOrEmpty) throw new SimulationDesignException(SimulationDesignFault.Empty, part, "", "is empty; give at least one value");
        foreach (var value in values)
        {
            if (!isRight(value)) throw new SimulationDesignException(SimulationDesignFault.OutOfRange, part, FormattableString.Invariant($"{value}"), $"must be {right}");
        }
    }
}

/// <summary>One situation of a simulation study.</summary>
/// <param name="Index">Its number in the grid, from 0.</param>
/// <param name="Studies">The number of studies k.</param>
/// <param name="TauSquared">The variance of true effects.</param>
/// <param name="Mean">The mean true effect of all studies, published or not.</param>
/// <param name="Sizes">Sizes of studies.</param>
/// <param name="Selection">Which studies are published; null for all.</param>
/// <param name="Effects">How many effects the studies have; null for one each.</param>
/// <example><code>
/// var cell = new SimulationCell(0, Studies: 10, TauSquared: 0.02, Mean: 0.3, StudySizes.Same(50), Selection: null);
/// Console.WriteLine(cell);
/// </code></example>
public sealed record SimulationCell(int Index, int Studies, double TauSquared, double Mean, StudySizes Sizes, PublicationStep? Selection, EffectsPerStudy? Effects = null)
{
    /// <summary>How many effects all studies have together.</summary>
    public int EffectCount => Effects?.Total(Studies) ?? Studies;

    /// <summary>One line.</summary>
    public override string ToString() => FormattableString.Invariant($"k = {Studies}, τ² = {TauSquared}, μ = {Mean}, sizes {Sizes}")
        + (Selection is null ? "" : FormattableString.Invariant($", p above {Selection.P} published with {Selection.Weight}"))
        + (Effects is null ? "" : $", effects {Effects}");
}
