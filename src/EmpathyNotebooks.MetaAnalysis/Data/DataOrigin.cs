namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Where numbers come from. The three kinds are never mixed up: every table and chart that shows simulated numbers says so.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.24, 0.31, 0.28], [0.012, 0.015, 0.010], EffectMeasure.FisherZ,
///     origin: new(DataKind.Simulated, "three studies, true effect 0.28"));
/// Console.WriteLine(RandomEffects.Fit(effects)); // ends in [simulated data]
/// </code></example>
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
/// <example><code>
/// var origin = new DataOrigin(DataKind.Published, "Molloy et al. (2014)", "https://doi.org/10.1007/s12160-013-9524-4");
/// var effects = StudyEffects.Create([Math.Atanh(0.187), Math.Atanh(0.162), Math.Atanh(0.34)], [1 / 106.0, 1 / 746.0, 1 / 52.0],
///     EffectMeasure.FisherZ, ["Axelsson et al. (2009)", "Axelsson et al. (2011)", "Bruce et al. (2010)"], [109, 749, 55], origin: origin);
/// Console.WriteLine(effects.Origin.Label); // Published data: Molloy et al. (2014)
/// </code></example>
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
