namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What an option of a choice decides. A specification goes through them in this order, whatever the order of the choices.</summary>
/// <example><code>
/// MultiverseOption option = Specify.Without("bias", "high");
/// Console.WriteLine(option.Stage == MultiverseStage.Studies);
/// </code></example>
public enum MultiverseStage
{
    /// <summary>From which effects: the measure.</summary>
    Effects,

    /// <summary>Which studies: exclusion rules, subsets, changes of the data. There can be several such choices; rules that look at the effects come after those that look at columns.</summary>
    Studies,

    /// <summary>How effects that share samples are dealt with.</summary>
    Model,

    /// <summary>The assumed correlation of sampling errors within samples.</summary>
    Correlation,

    /// <summary>The estimator of tau², or equal effects.</summary>
    Estimator,

    /// <summary>Standard error, test and interval.</summary>
    Test,

    /// <summary>How the mean is adjusted for publication bias.</summary>
    Adjustment,
}

/// <summary>One option of a choice, made by <see cref="Specify"/>.</summary>
/// <example><code>
/// MultiverseOption strict = Specify.Where("n ≥ 50", (effects, row) => effects.SampleSizes[row] >= 50);
/// MultiverseOption renamed = Specify.Test(Inference.Normal).Named("as the reviews before did");
/// Console.WriteLine($"{strict.Name}, {renamed}");
/// </code></example>
public sealed record MultiverseOption
{
    internal MultiverseOption(string name, MultiverseStage stage)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (Name, Stage) = (name, stage);
    }

    /// <summary>Its name, as curves, tables and files have it.</summary>
    public string Name { get; private init; }

    /// <summary>What it decides.</summary>
    public MultiverseStage Stage { get; }

    /// <summary>The same option under another name.</summary>
    /// <param name="name">The name.</param>
    public MultiverseOption Named(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return this with { Name = name };
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The effects, from those that the multiverse is of.</summary>
    internal Func<StudyEffects, StudyEffects>? Source { get; init; }

    /// <summary>The rows that stay, counted from 0; null for all.</summary>
    internal Func<StudyEffects, IReadOnlyList<int>>? Keep { get; init; }

    /// <summary>True where <see cref="Keep"/> looks at effects or variances, so that it comes last and is asked anew where signs change.</summary>
    internal bool ReadsEffects { get; init; }

    /// <summary>The effects in place of those there are.</summary>
    internal Func<StudyEffects, StudyEffects>? Change { get; init; }

    internal SpecificationModel? Model { get; init; }

    internal double Correlation { get; init; }

    /// <summary>Null for equal effects.</summary>
    internal TauSquaredEstimator? Estimator { get; init; }

    /// <summary>Null for the model's own.</summary>
    internal Inference? Inference { get; init; }

    /// <summary>Cluster-robust inference in place of <see cref="Inference"/>.</summary>
    internal SmallSampleCorrection? Robust { get; init; }

    internal SpecificationAdjustment? Adjustment { get; init; }

    /// <summary>True where no study is left out or changed.</summary>
    internal bool KeepsAll => Stage == MultiverseStage.Studies && Keep is null && Change is null;
}

/// <summary>A correction of a fitted mean, and what of the fit it goes by.</summary>
/// <param name="Adjust">The adjusted mean; null where there is none.</param>
/// <param name="Estimator">Which estimators make a difference to it.</param>
/// <param name="UsesTest">True where the test of the fit makes a difference.</param>
internal sealed record SpecificationAdjustment(Func<IModelFit, SpecificationEstimate?> Adjust, Func<SpecificationModel, EstimatorUse> Estimator, bool UsesTest)
{
    /// <summary>False where it takes from a model of dependent effects no more than which effects share samples, and perhaps their correlation, so that all such models are one to it.</summary>
    public bool TellsDependentModelsApart { get; init; } = true;

    /// <summary>False where the correlation of a model of dependent effects makes no difference.</summary>
    public bool UsesCorrelation { get; init; } = true;
}

/// <summary>Which estimators of tau² make a difference.</summary>
internal enum EstimatorUse
{
    /// <summary>Each is another specification.</summary>
    Each,

    /// <summary>Equal effects or random effects, whatever the estimator.</summary>
    EqualOrRandom,

    /// <summary>None.</summary>
    None,
}
