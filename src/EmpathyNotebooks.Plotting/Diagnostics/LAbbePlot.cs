using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a L'Abbé plot.</summary>
public sealed record LAbbePlotOptions : PlotOptions
{
    /// <summary>What the first group is, for example <c>vaccinated</c>.</summary>
    public string FirstGroup { get; init; } = "first group";

    /// <summary>What the second group is, for example <c>not vaccinated</c>.</summary>
    public string SecondGroup { get; init; } = "second group";

    /// <summary>What happens or does not, for example <c>tuberculosis</c>.</summary>
    public string Event { get; init; } = "the event";

    /// <summary>
    /// True divides both axes by ratios, which parts studies with small risks; a constant risk ratio is then a line along the diagonal. Studies with a risk of 0 cannot be drawn
    /// there and are named in the notes.
    /// </summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>How many studies are named at most, those with the highest risks first; 6 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int Named
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Named), value, "At least no study is named.");
    } = 6;
}

/// <summary>A L'Abbé plot as plain numbers and texts.</summary>
public sealed record LAbbePlotModel : PlotModel
{
    /// <summary>What was pooled.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>The risk in the second group.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>The risk in the first group; the same part of the scale.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The studies drawn, those with the highest risks first.</summary>
    public required ImmutableArray<StudyPoint> Studies { get; init; }

    /// <summary>The pooled effect on the scale that is pooled.</summary>
    public required double Estimate { get; init; }

    /// <summary>The risk in the first group that the pooled effect makes of each risk in the second.</summary>
    public required ImmutableArray<PlotPoint> Pooled { get; init; }
}

/// <summary>
/// The risks in the two groups of each study against one another (L'Abbé, Detsky &amp; O'Rourke 1987, Annals of Internal Medicine 107, 224-233). On the diagonal the groups are
/// alike; the curve is where studies with the pooled effect would lie. It shows at which base risks the effect was seen, and whether one ratio or difference suits all.
/// </summary>
public sealed class LAbbePlot : Plot<LAbbePlotModel>
{
    private const int Steps = 60;

    private LAbbePlot(LAbbePlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot of tables pooled by Mantel-Haenszel or Peto.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">What groups and event are; plain words if not said.</param>
    /// <example><code>
    /// LabelledTable[] tables = [new("A", new TwoByTwo(4, 119, 11, 128)), new("B", new TwoByTwo(6, 300, 29, 274))];
    /// var plot = LAbbePlot.Create(MantelHaenszel.RiskRatio(tables), new() { FirstGroup = "vaccinated", SecondGroup = "not vaccinated" });
    /// </code></example>
    public static LAbbePlot Create(TwoByTwoFit fit, LAbbePlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (!fit.Rates.IsEmpty) throw new ArgumentException("L'Abbé's plot shows the risks of two-by-two tables; these are rates.", nameof(fit));
        return Create(fit.Tables, fit.Measure, fit.Estimate, fit.Weights, fit.ToString(), DataOrigin.Own, fit.Warnings, options);
    }

    /// <summary>Lays out the plot of tables whose effects were pooled by inverse variances.</summary>
    /// <param name="fit">A fit of odds ratios, risk ratios or risk differences.</param>
    /// <param name="tables">The tables of its studies, in the same order.</param>
    /// <param name="options">What groups and event are; plain words if not said.</param>
    /// <exception cref="ArgumentException">There are not as many tables as effects, a label differs, or the measure says nothing of two risks.</exception>
    public static LAbbePlot Create(PooledFit fit, IReadOnlyList<LabelledTable> tables, LAbbePlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(tables);
        if (tables.Count != fit.Count) throw new ArgumentException(FormattableString.Invariant($"There are {tables.Count} tables for {fit.Count} effects; each effect needs its own."), nameof(tables));
        for (var i = 0; i < tables.Count; i++)
        {
            if (tables[i].Label != fit.Effects.Labels[i])
            {
                throw new ArgumentException(FormattableString.Invariant($"Table {i + 1} is of \"{tables[i].Label}\", effect {i + 1} of \"{fit.Effects.Labels[i]}\"; give the tables in the order of the effects."), nameof(tables));
            }
        }
        return Create(tables, fit.Effects.Measure, fit.Estimate, fit.Weights, fit.ToString().Replace(" [simulated data]", "", StringComparison.Ordinal), fit.Effects.Origin, fit.Warnings, options);
    }

    private static LAbbePlot Create(IReadOnlyList<LabelledTable> tables, EffectMeasure measure, double estimate, ImmutableArray<double> weights, string result,
        DataOrigin origin, ImmutableArray<string> warnings, LAbbePlotOptions? options)
    {
        options ??= new LAbbePlotOptions();
        var curve = RiskAt(measure);
        double First(TwoByTwo t) => t.A / t.N1;
        double Second(TwoByTwo t) => t.C / t.N2;
        int[] drawn = [.. Enumerable.Range(0, tables.Count)
            .Where(i => !options.IsLogarithmic || (First(tables[i].Table) > 0 && Second(tables[i].Table) > 0))
            .OrderByDescending(i => Math.Max(First(tables[i].Table), Second(tables[i].Table)))];
        if (drawn.Length == 0) throw new ArgumentException("In every study one risk is 0, and an axis of ratios has no place for it; leave out IsLogarithmic.", nameof(options));
        double[] risks = [.. drawn.SelectMany(i => new[] { First(tables[i].Table), Second(tables[i].Table) })];
        var axis = options.IsLogarithmic
            ? new PlotAxis("", risks.Min() / 1.25, Math.Min(1, risks.Max() * 1.25), true) { Spacing = AxisSpacing.Logarithmic }
            : new PlotAxis("", -0.02 * End(risks.Max()), 1.02 * End(risks.Max()), true);
        var largest = tables.Max(t => t.Table.Total);
        var studies = drawn.Select((i, rank) =>
        {
            var (label, table) = tables[i];
            return new StudyPoint
            {
                Study = i,
                Label = label,
                X = Second(table),
                Y = First(table),
                Size = Math.Sqrt(table.Total / largest),
                IsNamed = rank < options.Named,
                Details =
                [
                    new(options.FirstGroup, Risk(table.A, table.N1)), new(options.SecondGroup, Risk(table.C, table.N2)),
                    new("weight", StatisticText.Percent(weights[i])),
                ],
            };
        }).ToArray();
        var (from, to) = (axis.Place(axis.Minimum), axis.Place(axis.Maximum));
        var (lower, higher) = (tables.Count(t => First(t.Table) < Second(t.Table)), tables.Count(t => First(t.Table) > Second(t.Table)));
        var finding = $"L'Abbé plot of {StudyTexts.Studies(tables.Count)}: the risk of {options.Event} in the {options.FirstGroup} is lower than in the {options.SecondGroup} in {StatisticText.Count(lower)}, "
            + $"higher in {StatisticText.Count(higher)}. {result}.";
        return new LAbbePlot(new LAbbePlotModel
        {
            Title = options.Title,
            Finding = origin.IsSimulated ? $"{origin.Label}. {finding}" : finding,
            Origin = origin,
            Measure = measure,
            XAxis = axis with { Title = $"Risk of {options.Event}, {options.SecondGroup}" },
            YAxis = axis with { Title = $"Risk of {options.Event}, {options.FirstGroup}" },
            Studies = [.. studies],
            Estimate = estimate,
            Pooled = [.. Enumerable.Range(0, Steps + 1).Select(i => axis.ValueAt(from + (to - from) * i / Steps)).Where(p => p is >= 0 and <= 1)
                .Select(p => new PlotPoint(p, curve(p, estimate))).Where(p => p.Y is >= 0 and <= 1)],
            Summary = [$"Solid: {result}. Dashed: groups alike. Areas are as the number of people."],
            Notes = [.. warnings, .. Enumerable.Range(0, tables.Count).Except(drawn).Order()
                .Select(i => $"{tables[i].Label} is not drawn: one of its risks is 0, for which an axis of ratios has no place.")],
        });

        // A little more than the highest risk, to a round number of its own size: risks of some hundredths have an axis of hundredths.
        static double End(double most)
        {
            if (most <= 0) return 0.1;
            var step = Math.Pow(10, Math.Floor(Math.Log10(1.05 * most)));
            if (1.05 * most < 2 * step) step /= 5;
            return Math.Min(1, Math.Ceiling(1.05 * most / step - 1e-9) * step);
        }
    }

    private static Func<double, double, double> RiskAt(EffectMeasure measure)
    {
        if (measure == EffectMeasure.OddsRatio || measure == EffectMeasure.PetoOddsRatio) return (p, logOdds) => p * Math.Exp(logOdds) / (1 - p + p * Math.Exp(logOdds));
        if (measure == EffectMeasure.RiskRatio) return (p, logRatio) => p * Math.Exp(logRatio);
        if (measure == EffectMeasure.RiskDifference) return (p, difference) => p + difference;
        throw new ArgumentException($"{measure.Name} does not say what one risk makes of the other; a L'Abbé plot shows odds ratios, risk ratios or risk differences.", nameof(measure));
    }

    private static string Risk(double events, double people) =>
        $"{StatisticText.Number(events, events % 1 == 0 ? 0 : 1)} of {StatisticText.Number(people, people % 1 == 0 ? 0 : 1)} ({StatisticText.Percent(events / people)})";

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var largest = Model.Studies.Length switch { <= 30 => 34.0, <= 90 => 26, _ => 18 };
        // Both axes show the same part of one scale, which is drawn evenly.
        var axis = Model.XAxis;
        double Place(double risk) => axis.Place(risk);
        PlotAxis Even(PlotAxis original) => new(original.Title, Place(original.Minimum), Place(original.Maximum), true);
        ImmutableArray<AxisTick> Ticks(double pixels, double font) => [.. axis.TicksFor(pixels, font).Select(t => t with { Value = Place(t.Value) })];
        var (x, pooled) = (Even(Model.XAxis), Model.Pooled.Where(p => axis.Spacing == AxisSpacing.Linear || p.Y > 0).ToArray());
        StudyPoint[] studies = [.. Model.Studies.Select(s => s with { X = Place(s.X), Y = Place(s.Y) })];
        var start = axis.Spacing == AxisSpacing.Linear ? Math.Max(0, x.Minimum) : x.Minimum;
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = x,
            YAxis = Even(Model.YAxis),
            XTicks = Ticks,
            YTicks = (pixels, font) => Ticks(pixels * 1.4, font),
            Traces =
            [
                new Scatter
                {
                    Name = "pooled effect", Mode = "lines", LineColor = Theme.Pooled, LineWidth = 2.2, ClipOnAxis = true,
                    X = [.. pooled.Select(p => (double?)Place(p.X))], Y = [.. pooled.Select(p => (double?)Place(p.Y))],
                    Hover = [.. pooled.Select(p => PlotText.Hover("Pooled effect", [new("", $"makes {StatisticText.Percent(p.Y)} of {StatisticText.Percent(p.X)}")]))],
                },
                // Large ones first, so that small ones lie over them.
                StudyMarks.Trace(studies.OrderByDescending(s => s.Size), "studies", largest, Theme.Study, opacity: 0.6),
            ],
            Lines = [new FigureLine("x", start, x.Maximum, "y", start, x.Maximum, Theme.Muted, 1.4, "dash")],
            Labels = StudyMarks.Labels(studies, largest),
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = 440,
        });
    }
}
