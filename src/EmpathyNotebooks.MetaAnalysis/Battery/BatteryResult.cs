using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One analysis of a battery. All numbers are on the scale that is pooled.</summary>
/// <param name="Variant">Which it is.</param>
/// <param name="Name">Its name, as tables have it.</param>
/// <param name="Count">The effects that went into it, k; of trim and fill with those filled in.</param>
/// <param name="StudyCount">The studies they come from.</param>
/// <param name="Participants">The people in them: of each study the largest sample of its effects. Null where sample sizes are not known.</param>
/// <param name="Measure">What the effects measure.</param>
/// <param name="Mean">The mean with its standard error, test and interval.</param>
/// <param name="ISquared">I² as a fraction; null where the method defines none.</param>
/// <param name="ISquaredInterval">Its interval by Q-profile; null of models with levels and where the data do not determine it.</param>
/// <param name="PredictionInterval">Where the true effect of a new study would lie; null where the method has none.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.06, 0.10, 0.09, 0.05, 0.12], EffectMeasure.StandardizedMeanDifference);
/// foreach (BatteryRow row in Battery.Of(effects).Rows) Console.WriteLine($"{row.Name}: {row.Mean.Estimate} {row.Mean.ConfidenceInterval}, {row.NumberNeeded}");
/// </code></example>
public sealed record BatteryRow(BatteryVariant Variant, string Name, int Count, int StudyCount, long? Participants, EffectMeasure Measure, Coefficient Mean, double? ISquared, ConfidenceInterval? ISquaredInterval,
    ConfidenceInterval? PredictionInterval)
{
    /// <summary>The number needed to treat at the base rate, of Furukawa &amp; Leucht (2011) for differences; null where the measure has none, and at no effect.</summary>
    public MeaningStatement? NumberNeeded { get; init; }

    /// <summary>The labels of the effects left out; empty where none were, and where one effect a study was chosen.</summary>
    public ImmutableArray<string> LeftOut { get; init; } = [];

    /// <summary>What the row rests on, in words; empty where the name says it.</summary>
    public string Note { get; init; } = "";

    /// <summary>The fit; null of a limit meta-analysis. Of models with levels its own inference is not the robust one of <see cref="Mean"/>.</summary>
    public IModelFit? Fit { get; init; }

    /// <summary>What a careful reader should know of this row.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>One line, for example <c>Overall: g = 0.54 [0.32, 0.76], k = 24</c>.</summary>
    public override string ToString()
    {
        string Shown(double value) => Measure.Format(Measure.ToDisplay(value));
        var interval = Mean.ConfidenceInterval.Transform(Measure.ToDisplay);
        return $"{Name}: {Measure.Symbol} = {Shown(Mean.Estimate)} [{Measure.Format(interval.Lower)}, {Measure.Format(interval.Upper)}], k = {StatisticText.Count(Count)}"
            + (PredictionInterval is { } pi ? $", prediction interval [{Shown(pi.Lower)}, {Shown(pi.Upper)}]" : "");
    }
}

/// <summary>
/// The analyses that reviews of psychotherapy report side by side, each with what it left out, and those that these data do not have with the reason. What to read from it is whether they agree; none is "the" result because it
/// suits best. When not to use it: in place of one analysis that was planned beforehand, which is the result, while the battery says how far it hangs on its choices.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.44], [0.06, 0.10, 0.09, 0.05, 0.12, 0.08], EffectMeasure.StandardizedMeanDifference,
///     columns: [StudyColumn.OfTexts("study", ["A", "A", "B", "C", "D", "E"]), StudyColumn.OfTexts("rob", ["low", "low", "high", "low", "low", "high"])]);
/// BatteryResult result = Battery.Of(effects, new() { Study = "study", LowRisk = StudyCondition.Parse("rob=low") });
/// Console.WriteLine(result);
/// foreach (var method in result.NotComputed) Console.WriteLine($"{method.Method}: {method.Reason}");
/// </code></example>
public sealed class BatteryResult
{
    internal BatteryResult(StudyEffects effects, BatteryOptions options, ImmutableArray<BatteryRow> rows, ImmutableArray<MethodWithoutEstimate> notComputed) =>
        (Effects, Options, Rows, NotComputed) = (effects, options, rows, notComputed);

    /// <summary>The effects.</summary>
    public StudyEffects Effects { get; }

    /// <summary>What was chosen.</summary>
    public BatteryOptions Options { get; }

    /// <summary>The analyses that were computed, in the order asked for.</summary>
    public ImmutableArray<BatteryRow> Rows { get; }

    /// <summary>The analyses that these data do not have, with the reason.</summary>
    public ImmutableArray<MethodWithoutEstimate> NotComputed { get; }

    /// <summary>The row of an analysis; null where it was not asked for or not computed.</summary>
    /// <param name="variant">The analysis.</param>
    public BatteryRow? this[BatteryVariant variant] => Rows.FirstOrDefault(r => r.Variant == variant);

    /// <summary>What was chosen for all rows, in sentences: correlation, rule of outliers, base rate.</summary>
    public ImmutableArray<string> Choices
    {
        get
        {
            List<string> said = [];
            bool Has(params BatteryVariant[] variants) => variants.Any(v => this[v] is not null);
            if (Has(BatteryVariant.Combined, BatteryVariant.CorrelatedAndHierarchical) || Options is { Study: not null, RemoveFrom: BatteryBase.Combined })
            {
                said.Add($"Averages and CHE assume that sampling errors within a study correlate ρ = {StatisticText.Number(Options.Correlation, 2, leadingZero: false)}; these data do not tell it.");
            }
            if (Has(BatteryVariant.WithoutOutliers)) said.Add("Outlier: its confidence interval lies wholly outside that of the pooled effect.");
            if (Has(BatteryVariant.WithoutInfluential)) said.Add("Influential: beyond a limit of DFFITS, Cook's distance, leverage or DFBETAS (Viechtbauer & Cheung 2010).");
            if (Rows.Any(r => r.NumberNeeded is not null)) said.Add($"Numbers needed to treat are at a base rate of {StatisticText.Percent(Options.BaseRate, 0)} (Furukawa & Leucht 2011 for differences); below 0 they are numbers needed to harm.");
            return [.. said];
        }
    }

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings => [.. Rows.SelectMany(r => r.Warnings.Select(w => (Row: r.Name, Text: w))).GroupBy(w => w.Text, w => w.Row).Select(w => $"{string.Join("; ", w)}: {w.Key}")];

    /// <summary>A line an analysis, and those not computed with the reason.</summary>
    public override string ToString() => string.Join(Environment.NewLine, [.. Rows.Select(r => r.ToString()), .. NotComputed.Select(n => $"{n.Method}: not computed. {n.Reason}")]);
}
