using System.CommandLine;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>What the effects are, and what they are computed from.</summary>
internal sealed class EffectOptions
{
    private readonly Option<string?> _measure = OptionOf.Text("--measure",
        "What to pool: GEN for effects given as they are, or metafor's abbreviation of what to compute: ZCOR, COR, UCOR, SMD, MD, OR, RR, ... Guessed when the columns leave no doubt.", "MEASURE");

    private readonly Option<string?> _label = OptionOf.Text("--label", "The column that names the studies, or a pattern such as \"{author} ({year})\".");
    private readonly Option<string?> _effect = OptionOf.Text("--effect", "The column that tells several effects of one study apart.");

    private readonly Option<string?> _zeros = OptionOf.Choice("--zero-cells", "What to do with zero cells of tables and counts: keep (an error where the measure has no value), where-zero (add to the cells of a "
        + "table with a zero, as metafor does), all (add to every table), all-if-any.", ["keep", "where-zero", "all", "all-if-any"], "keep");

    private readonly Option<double> _add = OptionOf.Number("--add", "What to add to cells.", "AMOUNT", 0.5, given => given > 0 && double.IsFinite(given), "give a positive number such as 0.5.");

    private readonly Option<string?> _variance = OptionOf.Choice("--vtype", "The formula of the sampling variance, as far as the measure has it: LS, LS2, UB, HO, ST, CS, AV.",
        ["LS", "LS2", "UB", "HO", "ST", "CS", "AV"], "LS");

    private readonly Option<string?> _correction = OptionOf.Choice("--bias-correction", "Of standardized mean differences: exact, approximate, none.", ["exact", "approximate", "none"], "exact");
    private readonly Option<bool> _independent = OptionOf.Flag("--independent", "Rows that share a study are of different people, and their effects independent.");

    private readonly Option<bool> _omit = OptionOf.Flag("--omit-missing", "Leave out rows without what their effect is computed from, and list them. Such a row is an error if not said.");

    private readonly Option<string?> _reverse = OptionOf.Text("--reverse",
        "Turn the sign of effects round: all, or those of rows in which a column has a value (for example --reverse scored=low). Log ratios turn with it, so that 2 becomes 1/2.", "all|COLUMN=VALUE");

    private readonly Option<bool> _pooledScale = OptionOf.Flag("--pooled-scale",
        "With --lower and --upper: estimates and limits are on the scale that is pooled (log odds ratios), not on the one shown (odds ratios).");

    private readonly Option<double> _intervalLevel = OptionOf.Level("--interval-level", "With --lower and --upper: the level of these intervals, in percent or as a fraction.");
    private readonly IReadOnlyList<Option<string?>> _columns = [.. EffectColumns.Ingredients.Select(i => Column(i.Name, i.Meaning))];

    /// <summary>What is said of effects, without the columns that hold their ingredients.</summary>
    public IEnumerable<Option> All => [_measure, _label, _effect, _zeros, _add, _variance, _correction, _independent, _omit, _reverse, _pooledScale, _intervalLevel];

    public IEnumerable<Option> Columns => _columns;

    /// <summary>What names effects without saying how they are pooled.</summary>
    public IEnumerable<Option> Names => [_measure, _label];

    /// <summary>Measure, label and columns, as far as they are said.</summary>
    public (string? Measure, StudyLabel? Label, IReadOnlyDictionary<string, string> Columns) ReadNames(ParseResult parsed) => (parsed.GetValue(_measure), parsed.GetValue(_label) is { } pattern ? (StudyLabel)pattern : null,
        _columns.Select(c => (c.Name, Value: parsed.GetValue(c))).Where(c => c.Value is not null).ToDictionary(c => c.Name[2..], c => c.Value!));

    /// <param name="parsed">The command line.</param>
    /// <param name="poolsCounts">True for methods that pool counts and no effects.</param>
    public EffectChoices Read(ParseResult parsed, bool poolsCounts)
    {
        foreach (var option in (Option[])[_zeros, _variance, _correction, _effect, _omit, _reverse]) parsed.Needs(option, !poolsCounts, "another --method than MH and PETO, which pool counts as they are");
        var zeros = Zeros(parsed.GetValue(_zeros)!, parsed.GetValue(_add));
        parsed.Needs(_add, zeros != ZeroCells.Keep, "--zero-cells");
        var (measure, label, said) = ReadNames(parsed);
        parsed.Needs(_pooledScale, said.ContainsKey("lower"), "--lower and --upper");
        return new EffectChoices
        {
            Measure = measure,
            Label = label,
            Effect = parsed.GetValue(_effect),
            Columns = said,
            IsIndependent = parsed.GetValue(_independent),
            OmitsMissing = parsed.GetValue(_omit),
            Reverse = parsed.GetValue(_reverse),
            IsPooledScale = parsed.GetValue(_pooledScale),
            IntervalLevel = parsed.GetValue(_intervalLevel),
            Computed = new EffectSizeOptions
            {
                ZeroCells = zeros,
                Variance = EffectSizeOptions.VarianceFromCode(parsed.GetValue(_variance)!),
                BiasCorrection = Enum.Parse<BiasCorrection>(parsed.GetValue(_correction)!, ignoreCase: true),
            },
        };
    }

    private static ZeroCells Zeros(string rule, double amount) => rule switch
    {
        "where-zero" => ZeroCells.AddWhereZero(amount),
        "all" => ZeroCells.AddToAll(amount),
        "all-if-any" => ZeroCells.AddToAllIfAnyZero(amount),
        _ => ZeroCells.Keep,
    };

    private static Option<string?> Column(string ingredient, string meaning)
    {
        var option = OptionOf.Text("--" + ingredient, $"Column: {meaning}.");
        foreach (var name in EffectColumns.Short(ingredient)) option.Aliases.Add("--" + name);
        return option;
    }
}

/// <summary>What was said of the effects.</summary>
internal sealed record EffectChoices
{
    public string? Measure { get; init; }

    public StudyLabel? Label { get; init; }

    /// <summary>The column that tells effects of one study apart, or null.</summary>
    public string? Effect { get; init; }

    /// <summary>The columns that were named, by ingredient.</summary>
    public required IReadOnlyDictionary<string, string> Columns { get; init; }

    public bool IsIndependent { get; init; }

    /// <summary>True where rows without an effect are left out.</summary>
    public bool OmitsMissing { get; init; }

    /// <summary>The effects whose sign is turned round: all, or COLUMN=VALUE; null for none.</summary>
    public string? Reverse { get; init; }

    public bool IsPooledScale { get; init; }

    public double IntervalLevel { get; init; }

    public required EffectSizeOptions Computed { get; init; }
}
