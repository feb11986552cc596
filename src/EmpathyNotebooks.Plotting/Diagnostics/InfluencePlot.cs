using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in an influence panel.</summary>
public sealed record InfluencePlotOptions : PlotOptions
{
    /// <summary>What is left out: each effect, or all effects of each cluster. If not said, the clusters of a fit that has some, since the other effects of a sample stand in for one that is gone.</summary>
    public PlotPoints? Points { get; init; }
}

/// <summary>One measure of influence over all studies.</summary>
/// <param name="Name">What it measures.</param>
/// <param name="Values">One value a study, effect or cluster in the order of the data; null where not determined.</param>
/// <param name="Reference">The value of no influence, or null where there is none.</param>
/// <param name="Limits">Values that deserve a look when passed; empty where none is customary.</param>
/// <param name="YAxis">The axis that holds values, reference and, where values come near, limits.</param>
public sealed record InfluenceMeasure(string Name, ImmutableArray<double?> Values, double? Reference, ImmutableArray<double> Limits, PlotAxis YAxis);

/// <summary>An influence panel as plain numbers and texts.</summary>
public sealed record InfluencePlotModel : PlotModel
{
    /// <summary>The measures from top to bottom.</summary>
    public required ImmutableArray<InfluenceMeasure> Measures { get; init; }

    /// <summary>The labels of the studies, effects or clusters in the order of the data.</summary>
    public required ImmutableArray<string> Labels { get; init; }

    /// <summary>True for those that pass one of the limits of <see cref="FitInfluence"/>.</summary>
    public required ImmutableArray<bool> IsInfluential { get; init; }

    /// <summary>Everything known of each, for its hover.</summary>
    public required ImmutableArray<ImmutableArray<PlotDetail>> Details { get; init; }

    /// <summary>Their numbers, counted from 1.</summary>
    public required PlotAxis XAxis { get; init; }
}

/// <summary>
/// What each study, effect or cluster does to a fit, in up to seven measures above one another, with their customary limits (Viechtbauer &amp; Cheung 2010, Research Synthesis
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
    /// <param name="fit">A fit of any kind.</param>
    /// <param name="options">What is left out; the defaults if not said.</param>
    /// <exception cref="InsufficientStudiesException">There would be too few studies left for the model, whichever is left out.</exception>
    /// <exception cref="ArgumentException">Clusters are to be left out of a fit that has none.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.95], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ);
    /// var plot = InfluencePlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static InfluencePlot Create(IModelFit fit, InfluencePlotOptions? options = null)
    {
        var points = RefitRows.Points(fit, options?.Points);
        var texts = points.Texts;
        var influence = fit.InfluenceOf(points.IsClusters ? EffectClusters.OfFit : null);
        var rows = influence.Rows;
        var k = rows.Length;
        if (rows.All(r => r.Absence is not null && r.CookDistance is null)) throw new InsufficientStudiesException($"This model without one {points.Noun(1)}", k + 1, k);
        var measures = new List<InfluenceMeasure>();
        if (points.IsClusters) measures.Add(Measure("X² of its residuals, by effect", r => r.ChiSquared / r.Rows.Length, 1));
        else measures.Add(Measure("Studentized residual", r => r.StudentizedResidual, 0, -1.96, 1.96));
        if (influence.DffitsLimit is { } dffits) measures.Add(Measure("DFFITS", r => r.Dffits, 0, -dffits, dffits));
        measures.Add(Measure("Cook's distance", r => r.CookDistance, null, influence.CookLimit));
        if (influence.DffitsLimit is null) measures.Add(Measure("Largest |DFBETAS|", r => r.DfBetas.IsEmpty ? null : r.DfBetas.Max(Math.Abs), 0, influence.DfBetasLimit));
        measures.Add(Measure("Covariance ratio", r => r.CovarianceRatio, 1));
        if (fit is { IsRandomEffects: true, TauSquared: { } all }) measures.Add(Measure($"τ² without the {points.Noun(1)}", r => r.TauSquaredWithout, all));
        measures.Add(Measure("Leverage (hat)", r => r.Hat, (double)fit.Coefficients.Length / k, influence.HatLimit is { } hat ? [hat] : []));
        measures.Add(Measure("Weight in %", r => 100 * r.Weight, 100.0 / k));
        // What a kind of fit does not define has no panel.
        measures.RemoveAll(m => m.Values.All(v => v is null));

        (FitInfluenceRow Row, int Index)[] marked = [.. rows.Select((r, i) => (r, i)).Where(r => r.r.IsInfluential)];
        var named = string.Join(", ", marked.Take(MostNamed).Select(m => Numbered(m.Row.Name, m.Index))) + (marked.Length > MostNamed ? FormattableString.Invariant($" and {marked.Length - MostNamed} more") : "");
        var finding = marked.Length == 0 ? $"Of {points.Of(k)} none passes a limit of influence."
            : $"{StatisticText.Count(marked.Length)} of {points.Of(k)} {(marked.Length == 1 ? "passes" : "pass")} a limit of influence: {named}.";
        return new InfluencePlot(new InfluencePlotModel
        {
            Title = options?.Title ?? "",
            Finding = texts.Finding($"Influence of each {points.Noun(1)}. " + finding),
            Origin = fit.Effects.Origin,
            Measures = [.. measures],
            Labels = [.. rows.Select(r => r.Name)],
            IsInfluential = [.. rows.Select(r => r.IsInfluential)],
            Details = [.. rows.Select((r, i) => points.Details(points.Points[i], measures.SkipLast(1).Select(m =>
                new PlotDetail(char.IsUpper(m.Name[1]) || m.Name[1] == '²' ? m.Name : char.ToLowerInvariant(m.Name[0]) + m.Name[1..],
                    m.Values[i] is { } value ? StatisticText.Significant(value, 3) : "not determined"))))],
            XAxis = new PlotAxis($"{char.ToUpperInvariant(points.Noun(1)[0])}{points.Noun(1)[1..]}, in the order of the data", 0.5, k + 0.5, true),
            Summary = [finding + (marked.Length == 0 ? "" : " Diamonds mark them.") + $" Dashed: no influence, or all {points.Noun(2)} alike; dotted: limits.",
                .. points.IsClusters || points.IsDependent ? [$"Left out: each of {(points.IsClusters ? points.Of(k) : points.Counted)}{(points.IsClusters ? $", with all its effects ({StatisticText.Count(fit.Count)} in all)" : "")}."] : Array.Empty<string>()],
            Notes = [.. fit.Warnings, .. Absences([.. rows.Where(r => r.Absence is not null)])],
        });

        InfluenceMeasure Measure(string name, Func<FitInfluenceRow, double?> value, double? reference, params double[] limits)
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

    private static IEnumerable<string> Absences(FitInfluenceRow[] rows) => rows.Length == 0 ? []
        : [$"There is no fit without {rows[0].Name}{(rows.Length > 1 ? $", and {StatisticText.Count(rows.Length - 1)} more" : "")}: {rows[0].Absence}"];

    /// <summary>A label with the number that stands on the axis, unless it is that.</summary>
    private static string Numbered(string label, int index)
    {
        var number = FormattableString.Invariant($"{index + 1}");
        return label.EndsWith(" " + number, StringComparison.Ordinal) ? label : $"{label} (number {number})";
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
