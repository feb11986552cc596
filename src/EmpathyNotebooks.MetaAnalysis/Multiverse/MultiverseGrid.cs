namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The combinations of options as numbers: the option of the last choice changes fastest.</summary>
internal sealed class MultiverseGrid
{
    private static readonly MultiverseOption[] NoEstimator = [Specify.Estimator(TauSquaredEstimator.RestrictedMaximumLikelihood)];
    private static readonly MultiverseOption[] NoTest = [Specify.SmallSampleTest];
    private static readonly MultiverseOption[] NoAdjustment = [Specify.Unadjusted];

    public MultiverseGrid(Multiverse multiverse)
    {
        Multiverse = multiverse;
        var n = multiverse.Choices.Length;
        Sizes = [.. multiverse.Choices.Select(c => c.Options.Length)];
        Strides = new int[n];
        var stride = 1;
        for (var c = n - 1; c >= 0; c--)
        {
            Strides[c] = stride;
            stride *= Sizes[c];
        }
        Count = stride;
        Source = Place(MultiverseStage.Effects);
        Model = Place(MultiverseStage.Model);
        Correlation = Place(MultiverseStage.Correlation);
        Estimator = Place(MultiverseStage.Estimator);
        Test = Place(MultiverseStage.Test);
        Adjustment = Place(MultiverseStage.Adjustment);
        Studies = [.. Enumerable.Range(0, n).Where(c => multiverse.Choices[c].Stage == MultiverseStage.Studies)];
        Outer = [.. Enumerable.Range(0, n).Where(c => c != Estimator && c != Test && c != Adjustment)];
        FirstNamed = First(o => Named(o.Estimator));
        FirstOfKind = First(o => o.Estimator is null);
        Cells = Outer.Aggregate(1, (product, c) => product * Sizes[c]);
    }

    public Multiverse Multiverse { get; }

    /// <summary>How many combinations there are.</summary>
    public int Count { get; }

    public int[] Sizes { get; }

    public int[] Strides { get; }

    /// <summary>The place of a choice among the choices; -1 where there is none.</summary>
    public int Source { get; }

    public int Model { get; }

    public int Correlation { get; }

    public int Estimator { get; }

    public int Test { get; }

    public int Adjustment { get; }

    /// <summary>The choices of studies.</summary>
    public int[] Studies { get; }

    /// <summary>The choices that decide which data are pooled by which model; the others vary within a cell.</summary>
    public int[] Outer { get; }

    /// <summary>How many combinations of the outer choices there are.</summary>
    public int Cells { get; }

    /// <summary>How many selections of effects and studies there are.</summary>
    public int Selections => Studies.Aggregate(Source < 0 ? 1 : Sizes[Source], (product, c) => product * Sizes[c]);

    /// <summary>The number of the selection of a combination.</summary>
    public int SelectionOf(int number)
    {
        var place = Source < 0 ? 0 : Digit(number, Source);
        foreach (var choice in Studies) place = place * Sizes[choice] + Digit(number, choice);
        return place;
    }

    /// <summary>The combination with the studies of another selection.</summary>
    public int WithStudiesOf(int number, int selection)
    {
        for (var at = Studies.Length - 1; at >= 0; at--)
        {
            number = With(number, Studies[at], selection % Sizes[Studies[at]]);
            selection /= Sizes[Studies[at]];
        }
        return number;
    }

    /// <summary>For each option of the estimator the first one of the same equation.</summary>
    public int[] FirstNamed { get; }

    /// <summary>For each option of the estimator the first one of equal effects, or of random ones.</summary>
    public int[] FirstOfKind { get; }

    public IReadOnlyList<MultiverseOption> Estimators => Options(Estimator, NoEstimator);

    public IReadOnlyList<MultiverseOption> Tests => Options(Test, NoTest);

    public IReadOnlyList<MultiverseOption> Adjustments => Options(Adjustment, NoAdjustment);

    public int Digit(int number, int choice) => number / Strides[choice] % Sizes[choice];

    /// <summary>The number of a cell's first combination.</summary>
    public int FirstOf(int cell)
    {
        var number = 0;
        for (var at = Outer.Length - 1; at >= 0; at--)
        {
            var choice = Outer[at];
            number += cell % Sizes[choice] * Strides[choice];
            cell /= Sizes[choice];
        }
        return number;
    }

    public int Stride(int choice) => choice < 0 ? 0 : Strides[choice];

    /// <summary>The option of a choice; null where there is no such choice.</summary>
    public MultiverseOption? OptionOf(int number, int choice) => choice < 0 ? null : Multiverse.Choices[choice].Options[Digit(number, choice)];

    /// <summary>The number with another option of one choice.</summary>
    public int With(int number, int choice, int digit) => choice < 0 ? number : number + (digit - Digit(number, choice)) * Strides[choice];

    private static TauSquaredEstimator? Named(TauSquaredEstimator? estimator) =>
        estimator is TauSquaredEstimator.EmpiricalBayes or TauSquaredEstimator.IteratedDerSimonianLaird or TauSquaredEstimator.IteratedSidikJonkman ? TauSquaredEstimator.PauleMandel : estimator;

    private int[] First<T>(Func<MultiverseOption, T> of)
    {
        T[] values = [.. Estimators.Select(of)];
        return [.. values.Select(v => Array.IndexOf(values, v))];
    }

    private int Place(MultiverseStage stage)
    {
        for (var c = 0; c < Multiverse.Choices.Length; c++)
        {
            if (Multiverse.Choices[c].Stage == stage) return c;
        }
        return -1;
    }

    private IReadOnlyList<MultiverseOption> Options(int choice, MultiverseOption[] none) => choice < 0 ? none : Multiverse.Choices[choice].Options;
}
