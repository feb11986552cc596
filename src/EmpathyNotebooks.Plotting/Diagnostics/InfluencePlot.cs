using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in an influence panel.</summary>
public sealed record InfluencePlotOptions : PlotOptions;

/// <summary>One measure of influence over all studies.</summary>
/// <param name="Name">What it measures.</param>
/// <param name="Values">One value a study in the order of the data; null where not determined.</param>
/// <param name="Reference">The value of no influence, or null where there is none.</param>
/// <param name="Limits">Values that deserve a look when passed; empty where none is customary.</param>
/// <param name="YAxis">The axis that holds values, reference and, where values come near, limits.</param>
public sealed record InfluenceMeasure(string Name, ImmutableArray<double?> Values, double? Reference, ImmutableArray<double> Limits, PlotAxis YAxis);

/// <summary>An influence panel as plain numbers and texts.</summary>
public sealed record InfluencePlotModel : PlotModel
{
    /// <summary>The measures from top to bottom.</summary>
    public required ImmutableArray<InfluenceMeasure> Measures { get; init; }

    /// <summary>The studies' labels in the order of the data.</summary>
    public required ImmutableArray<string> Labels { get; init; }

    /// <summary>True for the studies that pass one of the limits of <see cref="InfluenceAnalysis"/>.</summary>
    public required ImmutableArray<bool> IsInfluential { get; init; }

    /// <summary>Everything known of each study, for its hover.</summary>
    public required ImmutableArray<ImmutableArray<PlotDetail>> Details { get; init; }

    /// <summary>The study numbers, counted from 1.</summary>
    public required PlotAxis XAxis { get; init; }
}

/// <summary>
/// Seven measures of what each study does to a fit, above one another, with their customary limits (Viechtbauer &amp; Cheung 2010, Research Synthesis
/// Methods 1, 112-125). Diamonds mark influential studies. When not to use it: as a rule for dropping studies.
/// </summary>
public sealed class InfluencePlot : Plot<InfluencePlotModel>
{
    private const int MostNamed = 8;

    private InfluencePlot(InfluencePlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the panel of a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">The title; none if not said.</param>
    /// <exception cref="InsufficientStudiesException">There would be too few studies left for the model without one.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.95], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ);
    /// var plot = InfluencePlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static InfluencePlot Create(PooledFit fit, InfluencePlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Create(fit.Effects, fit.ConfidenceLevel, fit.Influence(), 1, fit.IsRandomEffects ? fit.TauSquared : null, fit.Warnings, options);
    }

    /// <inheritdoc cref="Create(PooledFit, InfluencePlotOptions?)"/>
    public static InfluencePlot Create(MetaRegressionFit fit, InfluencePlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Create(fit.Effects, fit.ConfidenceLevel, fit.Influence(), fit.CoefficientCount, fit.IsRandomEffects ? fit.TauSquared : null, fit.Warnings, options);
    }

    private static InfluencePlot Create(StudyEffects effects, double level, InfluenceAnalysis influence, int parameters, double? tau2,
        ImmutableArray<string> warnings, InfluencePlotOptions? options)
    {
        var texts = new StudyTexts(effects, level);
        var rows = influence.Rows;
        var k = rows.Length;
        var measures = new List<InfluenceMeasure>
        {
            Measure("Studentized residual", r => r.StudentizedResidual, 0, -1.96, 1.96),
            Measure("DFFITS", r => r.Dffits, 0, -influence.DffitsLimit, influence.DffitsLimit),
            Measure("Cook's distance", r => r.CookDistance, null, influence.CookLimit),
            Measure("Covariance ratio", r => r.CovarianceRatio, 1),
        };
        if (tau2 is { } all) measures.Add(Measure("τ² without the study", r => r.TauSquaredWithout, all));
        measures.Add(Measure("Leverage (hat)", r => r.Hat, (double)parameters / k, influence.HatLimit));
        measures.Add(Measure("Weight in %", r => 100 * r.Weight, 100.0 / k));

        var marked = influence.Influential;
        var named = string.Join(", ", marked.Take(MostNamed).Select(Numbered)) + (marked.Length > MostNamed ? FormattableString.Invariant($" and {marked.Length - MostNamed} more") : "");
        var finding = marked.IsEmpty ? $"Of {StudyTexts.Studies(k)} none passes a limit of influence."
            : $"{StatisticText.Count(marked.Length)} of {StudyTexts.Studies(k)} {(marked.Length == 1 ? "passes" : "pass")} a limit of influence: {named}.";
        return new InfluencePlot(new InfluencePlotModel
        {
            Title = options?.Title ?? "",
            Finding = texts.Finding("Influence of each study. " + finding),
            Origin = effects.Origin,
            Measures = [.. measures],
            Labels = effects.Labels,
            IsInfluential = [.. rows.Select(r => r.IsInfluential)],
            Details = [.. rows.Select((r, i) => texts.Details(r.Index, r.Weight, measures.SkipLast(1).Select(m =>
                new PlotDetail(char.IsUpper(m.Name[1]) ? m.Name : char.ToLowerInvariant(m.Name[0]) + m.Name[1..],
                    m.Values[i] is { } value ? StatisticText.Significant(value, 3) : "not determined"))))],
            XAxis = new PlotAxis("Study, in the order of the data", 0.5, k + 0.5, true),
            Summary = [finding + (marked.IsEmpty ? "" : " Diamonds mark them.") + " Dashed: no influence, or all studies alike; dotted: limits."],
            Notes = warnings,
        });

        InfluenceMeasure Measure(string name, Func<InfluenceRow, double?> value, double? reference, params double[] limits)
        {
            ImmutableArray<double?> values = [.. rows.Select(value)];
            double[] known = [.. values.OfType<double>(), .. reference is { } r ? [r] : Array.Empty<double>()];
            var (low, high) = (known.DefaultIfEmpty(0).Min(), known.DefaultIfEmpty(0).Max());
            // A limit far from all values would press them into a line.
            var reach = 1.2 * Math.Max(high - low, reference is { } at ? Math.Max(high - at, at - low) : 0);
            foreach (var limit in limits.Where(l => l > low - reach && l < high + reach)) (low, high) = (Math.Min(low, limit), Math.Max(high, limit));
            var room = PlotAxis.Room(low, high, 0.09);
            return new InfluenceMeasure(name, values, reference, [.. limits], new PlotAxis("", low - room, high + room, true));
        }
    }

    /// <summary>A label with the number that stands on the axis, unless it is that.</summary>
    private static string Numbered(InfluenceRow row)
    {
        var number = FormattableString.Invariant($"{row.Index + 1}");
        return row.Label.EndsWith(" " + number, StringComparison.Ordinal) ? row.Label : $"{row.Label} (number {number})";
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var k = Model.Labels.Length;
        var size = k <= 60 ? 6 : 4.5;
        string[] hover = [.. Model.Labels.Select((label, i) => PlotText.Hover(label, Model.Details[i]))];
        return PanelFigure.Create(new PanelChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            Panels = [.. Model.Measures.Select(m => new Panel(m.Name, m.YAxis,
            [
                new Scatter
                {
                    Name = m.Name, Mode = "lines+markers", LineColor = Theme.Study, LineWidth = 0.8,
                    X = [.. Enumerable.Range(1, k).Select(i => (double?)i)],
                    Y = m.Values,
                    MarkerSizes = [.. Model.IsInfluential.Select(f => f ? size + 4 : size)],
                    MarkerSymbols = [.. Model.IsInfluential.Select(f => f ? "diamond" : "circle")],
                    MarkerColors = [.. Model.IsInfluential.Select(f => f ? Theme.Pooled : Theme.Study)],
                    MarkerLineWidth = 0,
                    Hover = hover,
                },
            ],
            [
                .. m.Reference is { } at ? [(at, Theme.Muted, (string?)"dash")] : Array.Empty<(double, ThemeColor, string?)>(),
                .. m.Limits.Where(m.YAxis.Contains).Select(l => (l, Theme.Pooled, (string?)"dot")),
            ]))],
            Names = [.. Enumerable.Range(0, k).Where(i => Model.IsInfluential[i] && Model.Measures[0].Values[i] is not null).Take(MostNamed)
                .Select(i => (i + 1.0, Model.Measures[0].Values[i]!.Value, Model.Labels[i]))],
            Summary = Model.Summary,
            Remarks = Model.Notes,
        });
    }
}
