using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>One way to read the columns of a table: a measure, and the column of each of its ingredients.</summary>
/// <example><code>
/// var table = StudyTable.Parse("study,event_treat,n_treat,event_control,n_control\nA,5,20,3,21\nB,4,30,8,31\n");
/// ColumnReading reading = table.Recognise().Readings[0];
/// Console.WriteLine($"{reading}: {reading.Columns["ai"]}"); // events of totals in two groups (OR): event_treat
/// </code></example>
public sealed record ColumnReading
{
    /// <summary>What the columns are, in words: <c>events of totals in two groups</c>.</summary>
    public required string Meaning { get; init; }

    /// <summary>What is pooled.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>The column of each ingredient, by the ingredient's name: <c>ai</c>, <c>m1i</c>; <c>yi</c> with <c>vi</c>, <c>sei</c>, or <c>lower</c> and <c>upper</c> for effects given as they are.</summary>
    public required ImmutableSortedDictionary<string, string> Columns { get; init; }

    /// <summary>True where estimates and limits of intervals are on the scale shown (an odds ratio), not on the one that is pooled (its logarithm).</summary>
    public bool IsAsShown { get; init; }

    /// <summary>Other measures that the same columns give.</summary>
    public ImmutableArray<EffectMeasure> OtherMeasures { get; init; } = [];

    /// <summary>Why this cannot be taken without asking; empty where it can.</summary>
    public string Doubt { get; init; } = "";

    /// <summary>Every column of the kind of table, also those that this way to read it leaves aside.</summary>
    internal ImmutableHashSet<string> Seen { get; init; } = [];

    /// <summary>True for effects that are given as they are, with variances, standard errors or intervals.</summary>
    public bool IsGiven => Columns.ContainsKey("yi");

    /// <summary>True for estimates with intervals.</summary>
    public bool IsInterval => Columns.ContainsKey("lower");

    /// <summary>The call in C# that takes this reading.</summary>
    public string Call => IsInterval
        ? $"EffectsFromIntervals(\"{Columns["yi"]}\", \"{Columns["lower"]}\", \"{Columns["upper"]}\", EffectMeasure.FromCode(\"{Measure.Code}\"))"
        : IsGiven ? $"Effects(\"{Columns["yi"]}\", {(Columns.TryGetValue("vi", out var vi) ? $"vi: \"{vi}\"" : $"sei: \"{Columns["sei"]}\"")}, measure: EffectMeasure.FromCode(\"{Measure.Code}\"))"
        : $"EffectSizes(EffectMeasure.FromCode(\"{Measure.Code}\"), new Dictionary<string, string> {{ {string.Join(", ", Columns.Select(c => $"[\"{c.Key}\"] = \"{c.Value}\""))} }})";

    /// <inheritdoc/>
    public override string ToString() => $"{Meaning} ({Measure.Code})";
}

/// <summary>What the columns of a table seem to hold.</summary>
/// <example><code>
/// var found = StudyTable.Parse("study,r,n\nA,.1,20\nB,.2,30\n").Recognise();
/// Console.WriteLine(found.Reading?.ToString() ?? found.Question);
/// </code></example>
public sealed record TableRecognition
{
    /// <summary>Every reading; one without doubt where a careful reader would not ask, several or a doubtful one where he would, none where nothing is recognised.</summary>
    public ImmutableArray<ColumnReading> Readings { get; init; } = [];

    /// <summary>The reading that leaves no doubt, or null.</summary>
    public ColumnReading? Reading => Readings is [{ Doubt: "" } only] ? only : null;

    /// <summary>What lacks for the reading that comes nearest, where nothing is recognised; empty where nothing is near.</summary>
    public string Lacking { get; init; } = "";

    /// <summary>What must be asked, as a sentence without its full stop; empty where nothing must.</summary>
    public string Question => Readings.Length == 0 ? "The columns do not show what to pool" + (Lacking.Length > 0 ? $" ({Lacking})" : "")
        : Reading is not null ? ""
        : Readings.Select(r => r.Doubt).Distinct().ToList() is [{ Length: > 0 } doubt] ? $"The columns hold {Readings[0].Meaning}: {doubt}"
        : $"The columns could be {string.Join(", or ", Readings.Select(r => r.Meaning).Distinct())}" + string.Concat(Readings.Select(r => r.Doubt).Where(d => d.Length > 0).Distinct().Select(d => $"; {d}"));
}
