using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>Which column holds which ingredient of an effect: as said on the command line, else as the header shows without doubt.</summary>
internal sealed class EffectColumns
{
    // Ingredients of effects that are given as they are.
    private static readonly string[] Generic = ["yi", "vi", "sei"];

    private static readonly Dictionary<string, string[]> OtherNames = new()
    {
        ["yi"] = ["y", "effect", "es", "estimate"],
        ["vi"] = ["v", "var", "variance"],
        ["sei"] = ["se", "stderr", "standard_error"],
        ["ri"] = ["r", "cor", "correlation"],
        ["ni"] = ["n", "sample_size"],
    };

    private readonly StudyTable _table;
    private readonly IReadOnlyDictionary<string, string> _said;
    private readonly List<string> _guesses = [];

    public EffectColumns(StudyTable table, IReadOnlyDictionary<string, string> said)
    {
        _table = table;
        _said = said;
        foreach (var column in said.Values) _ = table.Column(column);
    }

    /// <summary>Every ingredient there is, for the options of the command line.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Ingredients { get; } =
    [
        ("yi", "effects that are given as they are"), ("vi", "their sampling variances"), ("sei", "or their standard errors"),
        .. EffectSizeCalculator.Measures.SelectMany(EffectSizeCalculator.Inputs).SelectMany(set => set.Columns)
            .DistinctBy(input => input.Name).Select(input => (input.Name, input.Meaning)),
    ];

    /// <summary>What was guessed, a sentence each, to be told to the user.</summary>
    public IReadOnlyList<string> Guesses => _guesses;

    /// <summary>The measure asked for; if none, what the columns show without doubt.</summary>
    public EffectMeasure Measure(string? code)
    {
        if (code is not null) return EffectMeasure.FromCode(code);
        var given = Find("yi") is not null && (Find("vi") ?? Find("sei")) is not null;
        var correlations = Find("ri") is not null && Find("ni") is not null;
        if (given == correlations)
        {
            throw new BadInputException((given
                ? "The columns could be effects with variances or correlations with sample sizes"
                : "The columns do not show what to pool") + ": say --measure, for example GEN (with --yi and --vi or --sei) or ZCOR (with --ri and --ni). "
                + $"There are: {string.Join(", ", _table.Columns.Select(c => c.Name))}.");
        }
        var measure = given ? EffectMeasure.Generic : EffectMeasure.FisherZ;
        _guesses.Add($"measure {measure.Code} ({measure.Name})");
        return measure;
    }

    /// <summary>The effects of the table.</summary>
    public StudyEffects Effects(EffectMeasure measure, StudyLabel? label, string? effect, EffectSizeOptions options, IReadOnlyList<string> clusters)
    {
        if (label is null)
        {
            var guess = StudyLabel.Guess(_table.Columns.Select(c => c.Name));
            if (guess is null)
            {
                label = StudyLabel.Numbered;
                _guesses.Add("studies numbered, since no column is named study, label, sample or author");
            }
            else if (effect is null && guess.Columns.Any(clusters.Contains))
            {
                label = StudyLabel.Numbered;
                _guesses.Add($"effects numbered, since {guess} names clusters of them");
            }
        }
        if (measure == EffectMeasure.Generic || (Said("yi") && (Said("vi") || Said("sei"))))
        {
            var yi = Needed(measure, "yi");
            var vi = Take("vi");
            var sei = vi is null ? Needed(measure, "sei") : null;
            return _table.Effects(yi, vi, sei, label, effect, measure: measure);
        }
        var sets = EffectSizeCalculator.Inputs(measure);
        var set = sets.FirstOrDefault(s => s.Names.All(name => Find(name) is not null)) ?? throw new BadInputException(
            $"{measure.Code} needs the columns {string.Join("; or ", sets.Select(s => string.Join(", ", s.Columns)))}. "
            + $"Name them, for example --{sets[0].Names.First()} COLUMN. There are: {string.Join(", ", _table.Columns.Select(c => c.Name))}.");
        return IsCorrelation(measure) && options == new EffectSizeOptions()
            ? _table.Correlations(Take("ri"), Take("ni"), label, effect, measure)
            : _table.EffectSizes(measure, set.Names.ToDictionary(name => name, name => Take(name)!), label, effect, options);
    }

    // These keep the sample sizes with the effects.
    private static bool IsCorrelation(EffectMeasure measure) =>
        measure == EffectMeasure.FisherZ || measure == EffectMeasure.Correlation || measure == EffectMeasure.BiasCorrectedCorrelation;

    private bool Said(string ingredient) => _said.ContainsKey(ingredient);

    private string Needed(EffectMeasure measure, string ingredient) => Take(ingredient) ?? throw new BadInputException(
        $"{measure.Code} needs the columns {string.Join(", ", Generic[..2])} (or {Generic[2]} in place of {Generic[1]}). Name them, for example "
        + $"--{ingredient} COLUMN. There are: {string.Join(", ", _table.Columns.Select(c => c.Name))}.");

    /// <summary>The column of an ingredient, and a note when it was guessed.</summary>
    private string? Take(string ingredient)
    {
        var column = Find(ingredient);
        if (column is not null && !Said(ingredient) && column != ingredient) _guesses.Add($"{ingredient} = column {column}");
        return column;
    }

    /// <summary>As said; else the only column of that name, case ignored, or of one that people use for it.</summary>
    private string? Find(string ingredient)
    {
        if (_said.TryGetValue(ingredient, out var column)) return column;
        string[] names = [ingredient, .. OtherNames.GetValueOrDefault(ingredient) ?? [], .. Short(ingredient)];
        var found = _table.Columns.Select(c => c.Name).Where(c => names.Contains(c, StringComparer.OrdinalIgnoreCase)).ToList();
        return found.Count == 1 ? found[0] : found.FirstOrDefault(c => c == ingredient);
    }

    /// <summary>m1 for m1i, sd2 for sd2i, n1 for n1i.</summary>
    public static IEnumerable<string> Short(string ingredient) =>
        ingredient.Length > 2 && ingredient[^1] == 'i' && char.IsAsciiDigit(ingredient[^2]) ? [ingredient[..^1]] : [];
}
