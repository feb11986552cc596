using System.Collections.Immutable;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>Which column holds which ingredient of an effect: as said on the command line, else as the header shows without doubt.</summary>
internal sealed class EffectColumns
{
    // Ingredients of effects that are given as they are.
    private static readonly string[] Generic = ["yi", "vi", "sei", "lower", "upper"];

    private StudyTable _table;
    private readonly IReadOnlyDictionary<string, string> _said;
    private readonly CommandLine _line;
    private readonly List<string> _guesses = [];
    private ColumnReading? _reading;

    public EffectColumns(StudyTable table, IReadOnlyDictionary<string, string> said, CommandLine line)
    {
        _table = table;
        _said = said;
        _line = line;
        foreach (var column in said.Values) _ = table.Column(column);
    }

    /// <summary>True where estimates and limits of intervals that were named are on the scale that is pooled.</summary>
    public bool IsPooledScale { get; init; }

    /// <summary>The confidence level of the intervals of the table.</summary>
    public double IntervalLevel { get; init; } = 0.95;

    /// <summary>The file's columns, for messages.</summary>
    private string Names => string.Join(", ", _table.Columns.Select(c => c.Name));

    /// <summary>Every ingredient there is, for the options of the command line.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Ingredients { get; } =
    [
        ("yi", "effects that are given as they are"), ("vi", "their sampling variances"), ("sei", "or their standard errors"),
        ("lower", "or the lower limits of their confidence intervals"), ("upper", "with the upper limits"),
        .. EffectSizeCalculator.Measures.SelectMany(EffectSizeCalculator.Inputs).SelectMany(set => set.Columns)
            .DistinctBy(input => input.Name).Select(input => (input.Name, input.Meaning)),
    ];

    /// <summary>What was guessed, a sentence each, to be told to the user.</summary>
    public IReadOnlyList<string> Guesses => _guesses;

    /// <summary>The measure asked for; if none, what the columns named say, and if they say nothing, what the header shows without doubt.</summary>
    /// <param name="code">The measure asked for, or null.</param>
    public EffectMeasure Measure(string? code)
    {
        var measure = code is null ? null : EffectMeasure.FromCode(code);
        var given = _said.ContainsKey("yi") || (_said.Keys.Any(Generic.Contains) && _said.Keys.All(name => name == "ni" || Generic.Contains(name)));
        _reading = given || measure == EffectMeasure.Generic ? Given(measure) : measure is null ? Recognised() : Asked(measure);
        foreach (var (ingredient, column) in InOrder(_reading))
        {
            if (!_said.ContainsKey(ingredient) && column != ingredient) _guesses.Add($"{ingredient} = column {column}");
        }
        return _reading.Measure;
    }

    /// <summary>The effects with further columns of the table, also those that the effects were computed from.</summary>
    public StudyEffects With(StudyEffects effects, IEnumerable<string> names)
    {
        var missing = names.Distinct().Where(name => effects.Columns.All(c => c.Name != name))
            .Select(name => _table.Columns.FirstOrDefault(c => c.Name == name) ?? (name.Contains('{') ? _table.LabelColumn(StudyLabel.FromPattern(name, optional: true)) : _table.Column(name))).ToList();
        return missing.Count == 0 ? effects : StudyEffects.Create(effects.Effects, effects.Variances, effects.Measure, effects.Labels,
            effects.HasSampleSizes ? effects.SampleSizes : null, [.. effects.Columns, .. missing], effects.Origin);
    }

    /// <summary>Leaves out the rows without what their effect is computed from, and says which.</summary>
    public (StudyTable Table, IReadOnlyList<string> Notes) OmitMissing()
    {
        (_table, var omitted) = _table.WithoutMissing([.. Reading.Columns.Values, .. Reading.IsGiven && _said.TryGetValue("ni", out var n) ? (string[])[n] : []]);
        return (_table, omitted.IsEmpty ? [] : [$"{StatisticText.Count(omitted.Length, "row")} without an effect {(omitted.Length == 1 ? "is" : "are")} left out (--omit-missing): "
            + string.Join("; ", omitted.Select(o => $"row {StatisticText.Count(o.Row)} has no {o.Column}")) + "."]);
    }

    /// <summary>Refuses columns that were said and have no part in the effects: an option that would change nothing is a misunderstanding.</summary>
    public void RequireAllUsed()
    {
        var reading = Reading;
        if (_said.Keys.FirstOrDefault(name => !reading.Columns.ContainsKey(name) && !(name == "ni" && reading.IsGiven)) is { } unused)
        {
            throw new BadInputException($"--{unused} has no part in {reading.Measure.Code} as asked for, which is computed from {string.Join(", ", InOrder(reading).Select(c => c.Key))}: "
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
        if (!Reading.Columns.ContainsKey("ai")) throw new BadInputException($"Tables are pooled from counts (--ai, --bi, --ci, --di; or --ai, --n1i, --ci, --n2i), not from {Reading.Meaning}.");
        // The effects are computed first: they check every count with its row, and the labels.
        var effects = Effects(label, null, new EffectSizeOptions { ZeroCells = ZeroCells.AddWhereZero() });
        double[] Counts(string name) => [.. Enumerable.Range(0, effects.Count).Select(i => _table.Column(Reading.Columns[name]).Number(i)!.Value)];
        double[] a = Counts("ai"), c = Counts("ci");
        var cells = Reading.Columns.ContainsKey("bi");
        double[] b = cells ? Counts("bi") : [.. Counts("n1i").Select((n, i) => n - a[i])], d = cells ? Counts("di") : [.. Counts("n2i").Select((n, i) => n - c[i])];
        return LabelledTable.Create(effects.Labels, a, b, c, d);
    }

    /// <summary>Events and person-times, for what pools them and not effects.</summary>
    public IReadOnlyList<LabelledRates> Rates(StudyLabel? label)
    {
        var effects = Effects(label, null, new EffectSizeOptions { ZeroCells = ZeroCells.AddWhereZero() });
        double Number(string name, int row) => _table.Column(Reading.Columns[name]).Number(row)!.Value;
        return [.. effects.Labels.Select((name, i) => new LabelledRates(name, Number("x1i", i), Number("t1i", i), Number("x2i", i), Number("t2i", i)))];
    }

    /// <summary>The effects of the table.</summary>
    /// <param name="label">What names a study; what the header shows if null.</param>
    /// <param name="effect">The column that tells effects of one study apart, or null.</param>
    /// <param name="options">Zero cells, variance formula, bias correction.</param>
    public StudyEffects Effects(StudyLabel? label, string? effect, EffectSizeOptions options)
    {
        if (label is null)
        {
            var naming = _table.Naming();
            label = effect is null ? naming.Label
                : StudyLabel.Guess(_table.Columns.Select(c => c.Name)) ?? (naming.Label is { NumbersRepeats: false } one ? one : naming.Sharing is [.., var inner] ? inner.By : null);
            if (label is null)
            {
                label = StudyLabel.Numbered;
                _guesses.Add("studies numbered, since no column named label, study, sample or author names every row; --label names one");
            }
            else if (label.NumbersRepeats)
            {
                _guesses.Add($"effects of one {label} numbered");
            }
            else if (label.ToString() is not ("study" or "label" or "slab"))
            {
                _guesses.Add($"label = {label}");
            }
        }
        return _table.Effects(Reading, label, effect, options, Reading.IsGiven ? _said.GetValueOrDefault("ni") : null, IntervalLevel);
    }

    /// <summary>m1 for m1i, sd2 for sd2i, n1 for n1i.</summary>
    public static IEnumerable<string> Short(string ingredient) =>
        ingredient.Length > 2 && ingredient[^1] == 'i' && char.IsAsciiDigit(ingredient[^2]) ? [ingredient[..^1]] : [];

    /// <summary>The measure and the column of each of its ingredients.</summary>
    public ColumnReading Reading => _reading ?? throw new InvalidOperationException("The measure comes first.");

    /// <summary>Effects as they are: what was said, and beside it what the header shows.</summary>
    private ColumnReading Given(EffectMeasure? measure)
    {
        var pooled = measure ?? EffectMeasure.Generic;
        var columns = _said.Where(s => Generic.Contains(s.Key)).ToImmutableSortedDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal);
        var shown = _table.Recognise().Readings.Where(r => r.IsGiven && columns.All(c => r.Columns.GetValueOrDefault(c.Key) == c.Value)).ToList();
        if (measure is not null && measure != EffectMeasure.Generic && shown.Exists(r => r.Measure == measure)) shown.RemoveAll(r => r.Measure != measure);
        if (!columns.ContainsKey("yi") || !(columns.ContainsKey("vi") || columns.ContainsKey("sei") || columns.ContainsKey("lower")))
        {
            if (shown.Count > 1 || shown is [{ Doubt.Length: > 0 }]) throw Question(new TableRecognition { Readings = [.. shown] });
            if (shown is [var only]) columns = only.Columns;
        }
        foreach (var name in new[] { "yi", "vi", "sei", "lower", "upper" })
        {
            var hasSpread = columns.ContainsKey("vi") || columns.ContainsKey("sei") || (columns.ContainsKey("lower") && name != "upper");
            if (!columns.ContainsKey(name) && (name == "yi" || !hasSpread) && Find(name) is { } found) columns = columns.Add(name, found);
        }
        var isBare = !columns.ContainsKey("vi") && !columns.ContainsKey("sei") && !columns.ContainsKey("lower");
        if (isBare && measure is not null && EffectSizeCalculator.Measures.Contains(measure)) return Asked(measure);
        if (!columns.ContainsKey("yi")) throw Needs("yi");
        if (columns.ContainsKey("lower") != columns.ContainsKey("upper")) throw new BadInputException("--lower and --upper belong together: name both limits of the intervals.");
        if (isBare) throw Needs("sei");
        // Variances said beside standard errors are used, and the others are in nobody's way.
        if (columns.ContainsKey("vi") && (columns.ContainsKey("sei") || columns.ContainsKey("lower"))) columns = columns.Remove("sei").Remove("lower").Remove("upper");
        if (columns.ContainsKey("sei") && columns.ContainsKey("lower")) columns = columns.Remove("lower").Remove("upper");
        if (measure is null) _guesses.Add($"measure {pooled.Code} ({pooled.Name})");
        return new ColumnReading { Meaning = "effects", Measure = pooled, Columns = columns, IsAsShown = !IsPooledScale };

        BadInputException Needs(string ingredient) => new($"{pooled.Code} needs the columns yi, vi (or sei in place of vi, or lower and upper). Name them, for example --{ingredient} COLUMN. There are: {Names}.");
    }

    /// <summary>What the header shows, with what was said.</summary>
    private ColumnReading Recognised()
    {
        var found = _table.Recognise(_said);
        found = found with { Readings = [.. found.Readings.Where(UsesAllSaid)] };
        if (found.Reading is { } reading)
        {
            _guesses.Add($"measure {reading.Measure.Code} ({reading.Measure.Name}) of {reading.Meaning}"
                + (reading.OtherMeasures.IsEmpty ? "" : $"; --measure {string.Join(" or ", reading.OtherMeasures.Select(m => m.Code))} for another"));
            return reading;
        }
        if (found.Readings.IsEmpty && _said.Keys.FirstOrDefault(name => name is not ("ri" or "ni")) is { } other)
        {
            throw new BadInputException($"--{other} belongs to several measures: say --measure, for example SMD, MD, OR, RR or IRR.");
        }
        throw Question(found);
    }

    /// <summary>A measure that was asked for, from the columns that were said and those that the header shows.</summary>
    private ColumnReading Asked(EffectMeasure measure)
    {
        var readings = _table.Recognise(_said).Readings.Where(r => UsesAllSaid(r) && (r.Measure == measure || r.OtherMeasures.Contains(measure))).ToList();
        if (readings.Count > 1 && readings.Exists(r => r.Measure == measure)) readings.RemoveAll(r => r.Measure != measure);
        if (readings is [var reading]) return reading with { Measure = measure };
        if (readings.Count > 1) throw Question(new TableRecognition { Readings = [.. readings.Select(r => r with { Measure = measure })] });
        // Effects of the measure that are given as they are, under any name for such.
        if (Find("yi") is { } yi && (Find("vi") is not null || Find("sei") is not null || (Find("lower") is not null && Find("upper") is not null)) && !_said.Keys.Any(name => name != "ni")
            && (!EffectSizeCalculator.Measures.Contains(measure) || EffectSizeCalculator.Inputs(measure).All(s => !s.Names.All(name => Find(name) is not null)))) return Given(measure);
        if (!EffectSizeCalculator.Measures.Contains(measure)) return Given(measure);
        var sets = EffectSizeCalculator.Inputs(measure);
        // Of what the header allows, what was said comes first.
        var set = sets.Where(s => s.Names.All(name => Find(name) is not null)).MaxBy(s => s.Names.Count(_said.ContainsKey)) ?? throw new BadInputException(
            $"{measure.Code} needs the columns {string.Join("; or ", sets.Select(s => string.Join(", ", s.Columns)))}. "
            + $"Name them, for example --{sets[0].Names.First()} COLUMN. There are: {Names}.");
        return new ColumnReading { Meaning = measure.Name, Measure = measure, Columns = set.Names.ToImmutableSortedDictionary(name => name, name => Find(name)!, StringComparer.Ordinal) };
    }

    // What is given as it is and has no part is said later, by name.
    private bool UsesAllSaid(ColumnReading reading) => _said.All(said => reading.Columns.TryGetValue(said.Key, out var column) ? column == said.Value
        : reading.IsGiven ? said.Key == "ni" : Generic.Contains(said.Key));

    /// <summary>As said; else the only column that could be it.</summary>
    private string? Find(string ingredient) => _said.GetValueOrDefault(ingredient) ?? (_table.ColumnsFor(ingredient) is [var only] ? only : null);

    private static IEnumerable<KeyValuePair<string, string>> InOrder(ColumnReading reading) => reading.Columns.OrderBy(c => Ingredients.Select(i => i.Name).ToList().IndexOf(c.Key));

    private BadInputException Question(TableRecognition found) => found.Readings.IsEmpty
        ? new BadInputException($"{found.Question}: say --measure, for example GEN (with --yi and --vi or --sei) or ZCOR (with --ri and --ni). " + $"There are: {Names}.")
        : new BadInputException($"{found.Question}. Choose one of these command lines:\n" + string.Join('\n', found.Readings.Select(r =>
            "  " + _line.With(["--measure", r.Measure.Code, .. InOrder(r).SelectMany(c => (string[])["--" + c.Key, c.Value])], ["--measure", .. Ingredients.SelectMany(i => (string[])["--" + i.Name, .. Short(i.Name).Select(s => "--" + s)])]))));
}
