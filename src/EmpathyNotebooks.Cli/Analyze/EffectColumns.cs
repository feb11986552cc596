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
    private readonly HashSet<string> _used = [];

    public EffectColumns(StudyTable table, IReadOnlyDictionary<string, string> said)
    {
        _table = table;
        _said = said;
        foreach (var column in said.Values) _ = table.Column(column);
    }

    /// <summary>The file's columns, for messages.</summary>
    private string Names => string.Join(", ", _table.Columns.Select(c => c.Name));

    /// <summary>Every ingredient there is, for the options of the command line.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Ingredients { get; } =
    [
        ("yi", "effects that are given as they are"), ("vi", "their sampling variances"), ("sei", "or their standard errors"),
        .. EffectSizeCalculator.Measures.SelectMany(EffectSizeCalculator.Inputs).SelectMany(set => set.Columns)
            .DistinctBy(input => input.Name).Select(input => (input.Name, input.Meaning)),
    ];

    /// <summary>What was guessed, a sentence each, to be told to the user.</summary>
    public IReadOnlyList<string> Guesses => _guesses;

    /// <summary>The measure asked for; if none, what the columns named say, and if they say nothing, what the header shows without doubt.</summary>
    public EffectMeasure Measure(string? code)
    {
        if (code is not null) return EffectMeasure.FromCode(code);
        if (_said.Keys.FirstOrDefault(name => !Generic.Contains(name) && name is not ("ri" or "ni")) is { } other && !Said("yi"))
        {
            throw new BadInputException($"--{other} belongs to several measures: say --measure, for example SMD, MD, OR, RR or IRR.");
        }
        var given = Said("yi") || Said("vi") || Said("sei");
        var correlations = Said("ri");
        if (given == correlations)
        {
            given = Find("yi") is not null && (Find("vi") ?? Find("sei")) is not null;
            correlations = Find("ri") is not null && Find("ni") is not null;
        }
        if (given == correlations)
        {
            throw new BadInputException((given
                ? "The columns could be effects with variances or correlations with sample sizes"
                : "The columns do not show what to pool") + ": say --measure, for example GEN (with --yi and --vi or --sei) or ZCOR (with --ri and --ni). "
                + $"There are: {Names}.");
        }
        var measure = given ? EffectMeasure.Generic : EffectMeasure.FisherZ;
        _guesses.Add($"measure {measure.Code} ({measure.Name})");
        return measure;
    }

    /// <summary>The effects with further columns of the table, also those that the effects were computed from.</summary>
    public StudyEffects With(StudyEffects effects, IEnumerable<string> names)
    {
        var missing = names.Distinct().Where(name => effects.Columns.All(c => c.Name != name)).Select(_table.Column).ToList();
        return missing.Count == 0 ? effects : StudyEffects.Create(effects.Effects, effects.Variances, effects.Measure, effects.Labels,
            effects.HasSampleSizes ? effects.SampleSizes : null, [.. effects.Columns, .. missing], effects.Origin);
    }

    /// <summary>Refuses columns that were said and have no part in the effects: an option that would change nothing is a misunderstanding.</summary>
    public void RequireAllUsed(EffectMeasure measure)
    {
        if (_said.Keys.FirstOrDefault(name => !_used.Contains(name)) is { } unused)
        {
            throw new BadInputException($"--{unused} has no part in {measure.Code} as asked for, which is computed from {string.Join(", ", _used.Where(name => Find(name) is not null))}: "
                + (Generic.Contains(unused) ? "give --yi with --vi or --sei, or neither." : "leave it out, or say another --measure."));
        }
    }

    /// <summary>Two-by-two tables, for what pools counts and not effects.</summary>
    public IReadOnlyList<LabelledTable> Tables(EffectMeasure measure, StudyLabel? label)
    {
        if (measure != EffectMeasure.OddsRatio && measure != EffectMeasure.RiskRatio && measure != EffectMeasure.RiskDifference && measure != EffectMeasure.PetoOddsRatio)
        {
            throw new BadInputException($"Counts are pooled as OR, RR or RD of tables, or as IRR or IRD of rates (--measure), not as {measure.Code}.");
        }
        // The effects are computed first: they check every count with its row, and the labels.
        var effects = Effects(measure, label, null, new EffectSizeOptions { ZeroCells = ZeroCells.AddWhereZero() }, []);
        var cells = EffectSizeCalculator.Inputs(measure)[0].Names.All(name => Find(name) is not null);
        double[] Counts(string name) => [.. Enumerable.Range(0, effects.Count).Select(i => _table.Column(Find(name)!).Number(i)!.Value)];
        double[] a = Counts("ai"), c = Counts("ci");
        double[] b = cells ? Counts("bi") : [.. Counts("n1i").Select((n, i) => n - a[i])], d = cells ? Counts("di") : [.. Counts("n2i").Select((n, i) => n - c[i])];
        return LabelledTable.Create(effects.Labels, a, b, c, d);
    }

    /// <summary>Events and person-times, for what pools them and not effects.</summary>
    public IReadOnlyList<LabelledRates> Rates(EffectMeasure measure, StudyLabel? label)
    {
        var effects = Effects(measure, label, null, new EffectSizeOptions { ZeroCells = ZeroCells.AddWhereZero() }, []);
        double Number(string name, int row) => _table.Column(Find(name)!).Number(row)!.Value;
        return [.. effects.Labels.Select((name, i) => new LabelledRates(name, Number("x1i", i), Number("t1i", i), Number("x2i", i), Number("t2i", i)))];
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
                _guesses.Add("studies numbered, since no single column is named label, study, sample or author; --label names one");
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
            return _table.Effects(yi, vi, sei, label, effect, Said("ni") ? Take("ni") : null, measure);
        }
        var sets = EffectSizeCalculator.Inputs(measure);
        // Of what the header allows, what was said comes first.
        var set = sets.Where(s => s.Names.All(name => Find(name) is not null)).MaxBy(s => s.Names.Count(Said)) ?? throw new BadInputException(
            $"{measure.Code} needs the columns {string.Join("; or ", sets.Select(s => string.Join(", ", s.Columns)))}. "
            + $"Name them, for example --{sets[0].Names.First()} COLUMN. There are: {Names}.");
        return IsCorrelation(measure) && set.Names.Contains("ri") && options == new EffectSizeOptions()
            ? _table.Correlations(Take("ri"), Take("ni"), label, effect, measure)
            : _table.EffectSizes(measure, set.Names.ToDictionary(name => name, name => Take(name)!), label, effect, options);
    }

    // These keep the sample sizes with the effects.
    private static bool IsCorrelation(EffectMeasure measure) =>
        measure == EffectMeasure.FisherZ || measure == EffectMeasure.Correlation || measure == EffectMeasure.BiasCorrectedCorrelation;

    private bool Said(string ingredient) => _said.ContainsKey(ingredient);

    private string Needed(EffectMeasure measure, string ingredient) => Take(ingredient) ?? throw new BadInputException(
        $"{measure.Code} needs the columns {string.Join(", ", Generic[..2])} (or {Generic[2]} in place of {Generic[1]}). Name them, for example "
        + $"--{ingredient} COLUMN. There are: {Names}.");

    /// <summary>The column of an ingredient, and a note when it was guessed.</summary>
    private string? Take(string ingredient)
    {
        _used.Add(ingredient);
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
