using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// The sunset, or power-enhanced, funnel: a funnel plot whose bands say how likely a study of that precision was to find a given true effect significant, with two-sided z tests (Kossmeier, Tran &amp; Voracek
/// 2020, Zeitschrift für Psychologie 228, 43-49). Significant results where power is low deserve the least trust, and many of them cannot all be luck. When not to use it: to judge single
/// studies by a true effect that was estimated from them, for the mean of selected results makes their power look better than it was; nor where true effects differ much, since then no one effect is there to detect.
/// </summary>
public sealed class SunsetFunnelPlot : Plot<SunsetFunnelModel>
{
    private SunsetFunnelPlot(SunsetFunnelModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the funnel.</summary>
    /// <param name="fit">A fit of any kind.</param>
    /// <param name="options">The true effect, level and points; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The measure has no null value that a study could be tested against, the fit has moderators and no true effect is given, or the one given is off the scale of the
    /// measure; means of clusters of a fit without.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var plot = SunsetFunnelPlot.Create(RandomEffects.Fit(effects), new() { TrueEffect = 0.2 });
    /// Console.WriteLine(plot.Model.MedianPower);
    /// </code></example>
    public static SunsetFunnelPlot Create(IModelFit fit, SunsetFunnelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return new SunsetFunnelPlot(new SunsetFunnelBuilder(fit, options ?? new SunsetFunnelOptions()).Build());
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var (x, y) = (Model.XAxis, Model.YAxis);
        var traces = new List<Scatter>();
        foreach (var band in Model.Bands)
        {
            // Colours go by power, so that a plot without the upper bands does not show low power in their colours.
            var color = Theme.Powers[(int)Math.Round(5 * band.LargestPower) - 1];
            traces.Add(new Scatter
            {
                Name = band.Name, Mode = "lines", ShowLegend = true, Fill = "toself", FillColor = color, LineColor = Theme.Line, LineWidth = 0.7, ClipOnAxis = true,
                X = [x.Minimum, x.Maximum, x.Maximum, x.Minimum, x.Minimum],
                Y = [band.SmallestError, band.SmallestError, band.LargestError, band.LargestError, band.SmallestError],
            });
        }
        traces.AddRange(Model.Significance.Select(l => Line(l, Theme.Muted, 1.2, "dot")));
        traces.Add(Line(new PlotLine("true effect", [new(Model.TrueEffect, y.Minimum), new(Model.TrueEffect, y.Maximum)]), Theme.Pooled, 1.6, "dash"));
        var largest = StudyMarks.Largest(Model.Studies.Length) * 0.7;
        traces.Add(StudyMarks.Trace(Model.Studies, "studies", largest, Theme.Study, opacity: 0.85));
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = x,
            YAxis = y,
            XTicks = (pixels, font) => MeasureTicks.Create(Model.Measure, x, pixels, font, vertical: false),
            YIsInverted = true,
            Traces = [.. traces],
            Notes = [.. Edges()],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Grid = false,
            Height = 420,
        });

        static Scatter Line(PlotLine line, ThemeColor color, double width, string dash) => new()
        {
            Name = line.Name, Mode = "lines", LineColor = color, LineWidth = width, Dash = dash, ClipOnAxis = true,
            X = [.. line.Points.Select(p => (double?)p.X)], Y = [.. line.Points.Select(p => (double?)p.Y)],
        };
    }

    /// <summary>The power at the edges of bands, right of the plot, where they stand clear of one another.</summary>
    private IEnumerable<PlaneNote> Edges()
    {
        var (x, y) = (Model.XAxis, Model.YAxis);
        yield return new PlaneNote("power", x.Maximum, y.Minimum, "left", "middle", Theme.Muted);
        var free = y.Minimum + 0.06 * (y.Maximum - y.Minimum);
        foreach (var band in Model.Bands.Where(b => b.SmallestPower > 0 && b.LargestError < y.Maximum))
        {
            if (band.LargestError < free) continue;
            free = band.LargestError + 0.06 * (y.Maximum - y.Minimum);
            yield return new PlaneNote(StatisticText.Percent(band.SmallestPower, 0), x.Maximum, band.LargestError, "left", "middle", Theme.Muted);
        }
    }
}
