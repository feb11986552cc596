using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Computes any measure from named columns, for data whose measure is only known when it is read. The names are metafor's: <c>ai
/// bi ci di n1i n2i</c> for two-by-two tables, <c>m1i sd1i n1i m2i sd2i n2i</c> for two groups, <c>ri ni</c> for correlations and
/// so on; <see cref="Inputs"/> tells. In code that knows its measure, call the measure's own method, such as
/// <see cref="Correlations.FisherZ"/>.
/// </summary>
/// <example><code>
/// var effect = EffectSizeCalculator.Compute(EffectMeasure.FromCode("OR"),
///     new Dictionary&lt;string, double> { ["ai"] = 0, ["bi"] = 20, ["ci"] = 5, ["di"] = 18 },
///     new EffectSizeOptions { ZeroCells = ZeroCells.AddWhereZero(), Variance = VarianceFormula.LargeSample });
/// Console.WriteLine($"{effect} {effect.Note}");
/// </code></example>
public static class EffectSizeCalculator
{
    /// <summary>Every measure that can be computed.</summary>
    public static IReadOnlyList<EffectMeasure> Measures { get; } = [.. EffectMeasure.All.Where(EffectRecipe.Has)];

    /// <summary>
    /// The sets of columns a measure can be computed from; one of them is enough, and the first that a row has is used.
    /// </summary>
    /// <param name="measure">The measure; the generic one has no inputs, it takes yi and vi as they are.</param>
    /// <exception cref="ArgumentException">The measure is not computed from columns.</exception>
    public static IReadOnlyList<InputSet> Inputs(EffectMeasure measure) =>
        [.. EffectRecipe.Of(measure).Routes.Select(r => r.Inputs)];

    /// <summary>The effect of one study.</summary>
    /// <param name="measure">What to compute.</param>
    /// <param name="values">The study's columns by name. A column that is missing or NaN counts as not reported; others that are
    /// not needed are ignored.</param>
    /// <param name="options">Zero cells, variance formula, bias correction; the defaults if not said.</param>
    /// <exception cref="StudyDataException">Columns are missing, or a value is out of its range; names column, value and what
    /// would be right.</exception>
    /// <exception cref="ArgumentException">The measure is not computed from columns, or does not have the variance
    /// formula.</exception>
    public static EffectSize Compute(EffectMeasure measure, IReadOnlyDictionary<string, double> values,
        EffectSizeOptions? options = null) =>
        Compute(measure, [values], null, options, numbered: false)[0];

    /// <summary>
    /// The effects of many studies. Rules that look at all studies (adding to all if any has a zero, the average effect in the
    /// variance) apply to these.
    /// </summary>
    /// <param name="measure">What to compute.</param>
    /// <param name="rows">Each study's columns by name.</param>
    /// <param name="labels">One label a study, for messages.</param>
    /// <param name="options">Zero cells, variance formula, bias correction; the defaults if not said.</param>
    /// <exception cref="StudyDataException">Columns are missing, or a value is out of its range; names row, study, column, value
    /// and what would be right.</exception>
    /// <exception cref="ArgumentException">The measure is not computed from columns, or does not have the variance
    /// formula.</exception>
    public static IReadOnlyList<EffectSize> Compute(EffectMeasure measure,
        IReadOnlyList<IReadOnlyDictionary<string, double>> rows, IReadOnlyList<string>? labels, EffectSizeOptions? options = null) =>
        Compute(measure, rows, labels, options, numbered: true);

    private static IReadOnlyList<EffectSize> Compute(EffectMeasure measure,
        IReadOnlyList<IReadOnlyDictionary<string, double>> rows, IReadOnlyList<string>? labels, EffectSizeOptions? options,
        bool numbered)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var recipe = EffectRecipe.Of(measure);
        options ??= new EffectSizeOptions();
        if (!recipe.Variances.Contains(options.Variance))
        {
            throw new ImpossibleChoiceException($"{measure.Code} has no variance formula {EffectSizeOptions.CodeOf(options.Variance)}", ChoiceFault.NoSuchFormula, nameof(options))
            {
                Value = EffectSizeOptions.CodeOf(options.Variance), Formulas = [.. recipe.Variances],
            };
        }
        var plain = options.Variance == VarianceFormula.Average
            ? options with { Variance = VarianceFormula.LargeSample }
            : options;
        if (options.ZeroCells.Rule == ZeroCellRule.AddToAllIfAnyZero && rows.Any(recipe.HasZero))
        {
            plain = plain with { ZeroCells = ZeroCells.AddToAll(options.ZeroCells.Amount) };
        }
        var effects = new EffectSize[rows.Count];
        for (var i = 0; i < effects.Length; i++) effects[i] = One(recipe, rows[i], numbered ? i + 1 : null, labels?[i], plain);
        return options.Variance == VarianceFormula.Average ? WithAverage(recipe, rows, effects) : effects;
    }

    private static EffectSize One(EffectRecipe recipe, IReadOnlyDictionary<string, double> row, int? number, string? label,
        EffectSizeOptions options)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (recipe.RouteFor(row) is not { } route)
        {
            var given = row.Where(c => !double.IsNaN(c.Value)).Select(c => c.Key).Order(StringComparer.Ordinal).ToList();
            throw new StudyDataException(
                $"needs the columns {string.Join("; or ", recipe.Routes.Select(r => r.Inputs))}. "
                + (given.Count == 0 ? "No column has a value" : $"There are only {string.Join(", ", given)}"),
                row: number, study: label, column: recipe.Measure.Code);
        }
        try
        {
            return route.Compute(new EffectRow(row, options));
        }
        catch (ArgumentOutOfRangeException fault)
        {
            var column = route.ColumnOf(fault.ParamName);
            var said = ArgumentFault.Of(fault);
            throw new StudyDataException($"cannot be used for {recipe.Measure.Code}. {said.Sentence}",
                row.TryGetValue(column, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : null, number, label, column, kind: said.Kind)
            {
                Alternative = said.Alternative,
            };
        }
        catch (ArgumentException fault)
        {
            var said = ArgumentFault.Of(fault);
            throw new StudyDataException(said.Sentence, row: number, study: label, column: route.Inputs.ToString(), kind: said.Kind) { Alternative = said.Alternative };
        }
    }

    private static EffectSize[] WithAverage(EffectRecipe recipe, IReadOnlyList<IReadOnlyDictionary<string, double>> rows,
        EffectSize[] effects)
    {
        double sum = 0, people = 0;
        for (var i = 0; i < effects.Length; i++)
        {
            var n = EffectRecipe.SampleSize(rows[i]);
            sum += n * effects[i].Value;
            people += n;
        }
        var average = sum / people;
        var options = new EffectSizeOptions();
        return [.. effects.Select((e, i) =>
            EffectSize.Of(e.Value, recipe.AverageVariance!(new EffectRow(rows[i], options), average), e.Measure, e.Note))];
    }
}
