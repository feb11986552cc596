using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// The funnel plot of a fit: each study's effect against its precision. Without bias and heterogeneity the studies fill a symmetric funnel (Sterne
/// &amp; Egger 2001, Journal of Clinical Epidemiology 54, 1046-1055). When not to use it: to prove publication bias; heterogeneity, chance and effects that
/// go with study size make funnels lopsided too, and with fewer than ten studies the eye finds patterns in noise.
/// </summary>
public sealed class FunnelPlot : Plot<FunnelPlotModel>
{
    private FunnelPlot(FunnelPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the funnel plot.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">Vertical axis, regions, regression; the defaults if not said.</param>
    /// <exception cref="ArgumentException">Sample sizes are asked for and not known, or together with regions or regression; regions for a measure
    /// without a null value.</exception>
    /// <exception cref="InsufficientStudiesException">There are too few studies for the regression.</exception>
    /// <exception cref="StudyDataException">All studies have one standard error, on which nothing can be regressed.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var plot = FunnelPlot.Create(RandomEffects.Fit(effects), new() { ShowContours = true });
    /// </code></example>
    public static FunnelPlot Create(PooledFit fit, FunnelPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return new FunnelPlot(new FunnelBuilder(fit, options ?? new FunnelPlotOptions()).Build());
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var traces = new List<Scatter>();
        foreach (var (index, region) in Model.Regions.Index())
        {
            var corners = region.Left.Append(region.Left[0]).Select(p => (PlotPoint?)p).Append(null).Concat(region.Right.Append(region.Right[0]).Select(p => (PlotPoint?)p)).ToArray();
            traces.Add(new Scatter
            {
                Name = region.Name, Mode = "lines", ShowLegend = true, Fill = "toself", FillColor = Theme.Regions[index],
                // The shades are near that of the page; their edges show where one ends.
                LineColor = Theme.Line, LineWidth = 0.7,
                X = [.. corners.Select(p => p?.X)], Y = [.. corners.Select(p => p?.Y)], ClipOnAxis = true,
            });
        }
        if (!Model.Regions.IsEmpty)
        {
            // What lies between the regions is as much an answer as what lies in them.
            traces.Add(new Scatter
            {
                Name = "p > .10", Mode = "lines", ShowLegend = true, Fill = "toself", FillColor = Theme.Surface, LineColor = Theme.Line, LineWidth = 0.7, X = [null], Y = [null],
            });
        }
        traces.AddRange(Model.Limits.Select(l => Line(l, Theme.Muted, 1.2, "dot", false)));
        // Drawn as a line of its own, since a line of the layout would lie under the regions.
        traces.Add(Line(new PlotLine("pooled effect", [new(Model.Estimate, Model.YAxis.Minimum), new(Model.Estimate, Model.YAxis.Maximum)]),
            Theme.Pooled, 1.6, "dash", false));
        if (Model.Regression is { } regression) traces.Add(Line(regression, Theme.Fourth, 2.2, "longdashdot", true));
        var largest = StudyMarks.Largest(Model.Studies.Length) * 0.7;
        traces.Add(StudyMarks.Trace(Model.Studies, "studies", largest, Theme.Study, opacity: 0.85));
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            YAxis = Model.YAxis,
            XTicks = (pixels, font) => MeasureTicks.Create(Model.Measure, Model.XAxis, pixels, font, vertical: false),
            YIsInverted = Model.Scale is FunnelScale.StandardError or FunnelScale.Variance,
            Traces = [.. traces],
            Labels = StudyMarks.Labels(Model.Studies, largest),
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Grid = Model.Regions.IsEmpty,
            Height = 420,
        });

        static Scatter Line(PlotLine line, ThemeColor color, double width, string dash, bool legend) => new()
        {
            Name = line.Name, Mode = "lines", LineColor = color, LineWidth = width, Dash = dash, ClipOnAxis = true, ShowLegend = legend,
            X = [.. line.Points.Select(p => (double?)p.X)], Y = [.. line.Points.Select(p => (double?)p.Y)],
        };
    }
}

/// <summary>Lays out a funnel plot.</summary>
internal sealed class FunnelBuilder
{
    private static readonly (double P, string Name)[] Contours = [(0.01, "p < .01"), (0.05, "p .01 to .05"), (0.10, "p .05 to .10")];

    private readonly PooledFit _fit;
    private readonly StudyEffects _effects;
    private readonly FunnelPlotOptions _options;
    private readonly StudyTexts _texts;
    private readonly double[] _se;

    public FunnelBuilder(PooledFit fit, FunnelPlotOptions options)
    {
        _fit = fit;
        _effects = fit.Effects;
        _options = options;
        _texts = new StudyTexts(_effects, fit.ConfidenceLevel);
        _se = [.. _effects.Variances.Select(Math.Sqrt)];
        Check();
    }

    public FunnelPlotModel Build()
    {
        var yAxis = YAxis();
        // The limits are drawn along standard errors, from the most to the least precise end of the axis.
        double[] errors = _options.Scale == FunnelScale.SampleSize ? [] : Errors(yAxis);
        var z = Normal.InvCDF(0, 1, 0.5 + _fit.ConfidenceLevel / 2);
        var xAxis = XAxis(errors.Length == 0 ? 0 : z * errors[^1]);
        ImmutableArray<PlotLine> limits = errors.Length == 0 ? [] :
            [Limit("lower limit", -z), Limit("upper limit", z)];
        int? outside = errors.Length == 0 ? null : _se.Where((se, i) => Math.Abs(_effects.Effects[i] - _fit.Estimate) > z * se).Count();
        var egger = _options.ShowRegression ? Egger() : null;
        PlotLine? regression = egger is null ? null : new PlotLine("Egger's regression", [.. errors.Select(se =>
            new PlotPoint(egger.Coefficients[0].Estimate + egger.Coefficients[1].Estimate * se, Height(se)))]);

        var summary = new List<string>();
        if (outside is { } count)
        {
            summary.Add($"Dashed: pooled effect, {_texts.Pooled(_fit)}. Dotted: where {_texts.Level} of studies would lie if all had this true effect; "
                + $"{StatisticText.Count(count)} of {StatisticText.Count(_fit.Count)} {(count == 1 ? "lies" : "lie")} outside.");
        }
        else
        {
            summary.Add($"Dashed: pooled effect, {_texts.Pooled(_fit)}.");
        }
        if (egger is not null) summary.Add(EggerText(egger) + ".");
        var finding = $"Funnel plot of {StudyTexts.Studies(_fit.Count)}, effects by {ScaleName().ToLowerInvariant()}, "
            + $"around the pooled {_texts.Pooled(_fit)}"
            + (outside is { } beyond ? $"; {StatisticText.Count(beyond)} outside the {_texts.Level} limits" : "") + "."
            + (_options.ShowContours ? " " + ContourText() : "") + (egger is null ? "" : $" {EggerText(egger)}.");
        return new FunnelPlotModel
        {
            Title = _options.Title,
            Finding = _texts.Finding(finding),
            Origin = _effects.Origin,
            Summary = [.. summary],
            Notes = Notes(egger),
            Measure = _effects.Measure,
            Scale = _options.Scale,
            XAxis = xAxis,
            YAxis = yAxis,
            Studies = [.. Enumerable.Range(0, _fit.Count).Select(i => new StudyPoint
            {
                Study = i,
                Label = _effects.Labels[i],
                X = _effects.Effects[i],
                Y = _options.Scale == FunnelScale.SampleSize ? _effects.SampleSizes[i] : Height(_se[i]),
                Details = _texts.Details(i, _fit.Weights[i], Significance(i)),
            })],
            Estimate = _fit.Estimate,
            Limits = limits,
            Outside = outside,
            Regions = _options.ShowContours ? Regions(errors, xAxis) : [],
            Regression = regression,
            Slope = egger?.Coefficients[1],
        };

        PlotLine Limit(string name, double factor) =>
            new(name, [.. errors.Select(se => new PlotPoint(_fit.Estimate + factor * se, Height(se)))]);
    }

    private void Check()
    {
        if (_options.Scale == FunnelScale.SampleSize)
        {
            if (!_effects.HasSampleSizes) throw new ArgumentException("Sample sizes are not known for these effects; choose another scale.");
            if (_options.ShowContours || _options.ShowRegression)
            {
                throw new ArgumentException("Regions of significance and Egger's regression need the standard error, variance or precision as the vertical axis.");
            }
        }
        if (_options.ShowContours && !_effects.Measure.HasNullValue)
        {
            throw new ArgumentException($"{_effects.Measure.Name} has no null value that a study could be tested against, so there are no regions of significance.");
        }
    }

    private PlotAxis YAxis()
    {
        var largest = _se.Max();
        var smallest = _se.Min();
        return _options.Scale switch
        {
            FunnelScale.StandardError => new PlotAxis("Standard error", 0, 1.06 * largest, true),
            FunnelScale.Variance => new PlotAxis("Sampling variance", 0, 1.06 * largest * largest, true),
            FunnelScale.Precision => new PlotAxis(ScaleName(), 0.85 / largest, 1.06 / smallest, true),
            _ => new PlotAxis(ScaleName(), 0, 1.06 * _effects.SampleSizes.Max(), true),
        };
    }

    private string ScaleName() => _options.Scale switch
    {
        FunnelScale.StandardError => "Standard error",
        FunnelScale.Variance => "Sampling variance",
        FunnelScale.Precision => "Precision, 1/standard error",
        _ => "Sample size n",
    };

    private double Height(double se) => _options.Scale switch
    {
        FunnelScale.StandardError => se,
        FunnelScale.Variance => se * se,
        _ => 1 / se,
    };

    private double[] Errors(PlotAxis axis)
    {
        var (from, to) = _options.Scale switch
        {
            FunnelScale.StandardError => (0, axis.Maximum),
            FunnelScale.Variance => (0, Math.Sqrt(axis.Maximum)),
            _ => (1 / axis.Maximum, 1 / axis.Minimum),
        };
        const int Steps = 60;
        return [.. Enumerable.Range(0, Steps + 1).Select(i => from + (to - from) * i / Steps)];
    }

    private PlotAxis XAxis(double base_)
    {
        double[] values = [.. _effects.Effects, _fit.Estimate - base_, _fit.Estimate + base_, .. _options.ShowContours ? [0.0] : Array.Empty<double>()];
        // Where all effects are alike, their standard errors say what would be far apart.
        var room = PlotAxis.HasLength(values.Min(), values.Max()) ? 0.04 * (values.Max() - values.Min()) : _se.Max();
        return new PlotAxis(_texts.MeasureTitle, values.Min() - room, values.Max() + room, _effects.Measure.HasLeadingZero);
    }

    private ImmutableArray<FunnelRegion> Regions(double[] errors, PlotAxis x)
    {
        var regions = ImmutableArray.CreateBuilder<FunnelRegion>();
        foreach (var (index, (p, name)) in Contours.Index())
        {
            var inner = Normal.InvCDF(0, 1, 1 - p / 2);
            double? outer = index == 0 ? null : Normal.InvCDF(0, 1, 1 - Contours[index - 1].P / 2);
            regions.Add(new FunnelRegion(name, p, Side(-1), Side(1)));

            ImmutableArray<PlotPoint> Side(int sign)
            {
                var edge = sign < 0 ? x.Minimum : x.Maximum;
                PlotPoint At(double? z, double se) => new(z is { } factor ? Math.Clamp(sign * factor * se, x.Minimum, x.Maximum) : edge, Height(se));
                return [.. errors.Select(se => At(inner, se)), .. errors.Reverse().Select(se => At(outer, se))];
            }
        }
        return regions.ToImmutable();
    }

    private string ContourText()
    {
        var significant = Enumerable.Range(0, _fit.Count).Count(i => PValue(i) < 0.05);
        return $"{StatisticText.Count(significant)} of {StudyTexts.Studies(_fit.Count)} with p < .05 alone.";
    }

    private PlotDetail[] Significance(int study) => _effects.Measure.HasNullValue
        ? [new("standard error", StatisticText.Significant(_se[study], 3)), new("p of the study alone", StatisticText.PValue(PValue(study)))]
        : [new("standard error", StatisticText.Significant(_se[study], 3))];

    private double PValue(int study) => 2 * Normal.CDF(0, 1, -Math.Abs(_effects.Effects[study] - _effects.Measure.NullValue) / _se[study]);

    private MetaRegressionFit Egger()
    {
        var effects = StudyEffects.Create(_effects.Effects, _effects.Variances, _effects.Measure, _effects.Labels,
            columns: [StudyColumn.OfNumbers("standard error", _se.Select(se => (double?)se))]);
        return MetaRegression.Fit(effects, Moderator.Number("standard error"), new MetaRegressionOptions
        {
            TauSquared = _fit.Estimator, Inference = _fit.Inference, ConfidenceLevel = _fit.ConfidenceLevel,
        });
    }

    private static string EggerText(MetaRegressionFit egger)
    {
        var slope = egger.Coefficients[1];
        var test = slope.DegreesOfFreedom is { } df ? $"t({StatisticText.Number(df, df % 1 == 0 ? 0 : 1)})" : "z";
        return $"Egger's regression on the standard error: slope {StatisticText.Number(slope.Estimate)}, {test} = {StatisticText.Number(slope.Statistic)}, "
            + StatisticText.PValueWithSymbol(slope.PValue);
    }

    private ImmutableArray<string> Notes(MetaRegressionFit? egger)
    {
        var notes = new List<string>(_fit.Warnings);
        if (_fit.Count < 10) notes.Add("With fewer than ten studies a funnel plot can hardly tell bias from chance (Sterne et al. 2011, BMJ 343, d4002).");
        if (egger is not null) notes.AddRange(egger.Warnings);
        return [.. notes];
    }
}
