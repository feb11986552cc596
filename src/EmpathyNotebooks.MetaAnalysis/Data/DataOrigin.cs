namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Where numbers come from. The three kinds are never mixed up: every table and chart that shows simulated numbers says so.
/// </summary>
public enum DataKind
{
    /// <summary>The caller's own data; nothing is claimed about it.</summary>
    Own,

    /// <summary>Numbers printed in a publication, copied with their source.</summary>
    Published,

    /// <summary>Numbers drawn by a random generator. They are no evidence about the world.</summary>
    Simulated,
}

/// <summary>The provenance that a set of effects carries into every fit, table and chart made from it.</summary>
/// <param name="Kind">Published, simulated or the caller's own.</param>
/// <param name="Name">A short name of the data set, for captions.</param>
/// <param name="Citation">The full reference of published numbers, or how simulated ones were made; empty when there is none.</param>
public sealed record DataOrigin(DataKind Kind, string Name, string Citation = "")
{
    /// <summary>The caller's own data, without a name.</summary>
    public static DataOrigin Own { get; } = new(DataKind.Own, "");

    /// <summary>True when the numbers were drawn by a random generator.</summary>
    public bool IsSimulated => Kind == DataKind.Simulated;

    /// <summary>The caption that says what kind of numbers these are, for example <c>Simulated data: ...</c>; empty for own data
    /// without a name.</summary>
    public string Label => (Kind, Name.Length) switch
    {
        (DataKind.Simulated, 0) => "Simulated data",
        (DataKind.Simulated, _) => $"Simulated data: {Name}",
        (DataKind.Published, 0) => "Published data",
        (DataKind.Published, _) => $"Published data: {Name}",
        _ => Name,
    };

    /// <inheritdoc/>
    public override string ToString() => Label;
}
