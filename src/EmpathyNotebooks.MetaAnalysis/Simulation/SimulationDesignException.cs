namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What is wrong with the design of a simulation study.</summary>
/// <example><code>
/// var design = new SimulationDesign
/// {
///     Seed = 1, Replicates = 1_000, Measure = SimulatedMeasure.FisherZ, Studies = [2], TausSquared = [0], Means = [0], Sizes = [StudySizes.Same(50)], Methods = [SimulationMethod.Corrected(MeanCorrection.PetPeese)],
/// };
/// try
/// {
///     design.Check();
/// }
/// catch (SimulationDesignException fault) when (fault.Kind == SimulationDesignFault.TooFewStudies)
/// {
///     Console.WriteLine(fault.Message); // Studies: 2 is too few for PET-PEESE, which needs 3 studies.
/// }
/// </code></example>
public enum SimulationDesignFault
{
    /// <summary>A list has no value.</summary>
    Empty,

    /// <summary>A value is out of its range.</summary>
    OutOfRange,

    /// <summary>A method stands there twice.</summary>
    Twice,

    /// <summary>The grid has too many cells.</summary>
    TooManyCells,

    /// <summary>A method needs more studies than a cell has.</summary>
    TooFewStudies,

    /// <summary>True effects could leave the range of the measure.</summary>
    BeyondMeasure,

    /// <summary>Several effects of a study do not go with the measure, a selection or a method.</summary>
    Dependent,
}

/// <summary>Parts of a simulation study do not go together.</summary>
public sealed class SimulationDesignException : Exception
{
    internal SimulationDesignException(SimulationDesignFault kind, string part, string value, string problem)
        : base($"{part}{(value.Length > 0 ? ": " + value : "")} {problem}.") => (Kind, Part, Value, Problem) = (kind, part, value, problem);

    /// <summary>What is wrong.</summary>
    public SimulationDesignFault Kind { get; }

    /// <summary>The property of the design.</summary>
    public string Part { get; }

    /// <summary>The value at fault, or empty.</summary>
    public string Value { get; }

    /// <summary>What is wrong, to follow the value.</summary>
    public string Problem { get; }
}
