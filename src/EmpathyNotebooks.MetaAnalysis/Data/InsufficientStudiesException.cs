using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What an <see cref="InsufficientStudiesException"/> counts.</summary>
/// <example><code>
/// var fault = new InsufficientStudiesException("Cluster-robust inference", 2, 1, StudyCount.Clusters);
/// Console.WriteLine(fault.Message); // Cluster-robust inference needs at least 2 clusters; there is 1.
/// </code></example>
public enum StudyCount
{
    /// <summary>Studies, each with one effect.</summary>
    Studies,

    /// <summary>Effects, which may share studies.</summary>
    Effects,

    /// <summary>Clusters of effects, on which robust inference rests.</summary>
    Clusters,

    /// <summary>Groups of effects at a level of a model, between which a variance is estimated.</summary>
    Groups,
}

/// <summary>There are too few studies, effects or clusters for what was asked.</summary>
public sealed class InsufficientStudiesException : Exception
{
    /// <summary>Says what was asked, how many studies it takes and how many there are.</summary>
    /// <param name="purpose">What was asked, as the start of a sentence: <c>A random-effects model</c>.</param>
    /// <param name="required">How many it takes at least.</param>
    /// <param name="actual">How many there are.</param>
    /// <param name="kind">What is counted.</param>
    public InsufficientStudiesException(string purpose, int required, int actual, StudyCount kind = StudyCount.Studies)
        : base(string.Create(CultureInfo.InvariantCulture,
            $"{purpose} needs at least {required} {Noun(kind, required)}; there {(actual == 1 ? "is" : "are")} {actual}."))
    {
        Purpose = purpose;
        Required = required;
        Actual = actual;
        Kind = kind;
    }

    /// <summary>What is counted.</summary>
    public StudyCount Kind { get; }

    /// <summary>What was asked, as the start of a sentence.</summary>
    public string Purpose { get; }

    /// <summary>How many it takes at least.</summary>
    public int Required { get; }

    /// <summary>How many there are.</summary>
    public int Actual { get; }

    private static string Noun(StudyCount kind, int count) => (kind, count) switch
    {
        (StudyCount.Studies, 1) => "study",
        (StudyCount.Studies, _) => "studies",
        (StudyCount.Effects, 1) => "effect",
        (StudyCount.Effects, _) => "effects",
        (StudyCount.Clusters, 1) => "cluster",
        (StudyCount.Clusters, _) => "clusters",
        (_, 1) => "group",
        _ => "groups",
    };
}
