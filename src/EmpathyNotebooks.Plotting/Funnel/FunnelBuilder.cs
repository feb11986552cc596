using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>Lays out a funnel plot.</summary>
internal sealed class FunnelBuilder
{
    private const string ErrorColumn = "standard error";

    private static readonly (double P, string Name)[] Contours = [(0.01, "p < .01"), (0.05, "p .01 to .05"), (0.10, "p .05 to .10")];

    private readonly IModelFit _fit;
    private readonly StudyEffects _effects;
    private readonly FunnelPlotOptions _options;
    private readonly FitPoints _points;
    private readonly StudyTexts _texts;
    private readonly double[] _se;
    private readonly double[] _x;
    private readonly double _center;
    private readonly bool _isResidual;
    private readonly FunnelOverlays _overlays;

    public FunnelBuilder(IModelFit fit, FunnelPlotOptions options)
    {
        _fit = fit;
        _effects = fit.Effects;
        _options = options;
        _points = new FitPoints(fit, options.Points);
        _texts = _points.Texts;
        _se = [.. _points.Points.Select(p => p.StandardError)];
        _isResidual = fit.Mean is null;
        _center = fit.Mean?.Estimate ?? 0;
        _x = [.. _points.Points.Select(p => _isResidual ? p.Residual : p.Effect)];
        Check();
        _overlays = new FunnelOverlays(options, _points, _isResidual);
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
        int? outside = errors.Length == 0 ? null : _se.Where((se, i) => Math.Abs(_x[i] - _center) > z * se).Count();
        var eggerFit = _options.ShowRegression ? EggerFit() : null;
        var egger = eggerFit?.Coefficients.ToArray();
        PlotLine? regression = egger is null ? null : new PlotLine("Egger's regression", [.. errors.Select(se =>
            new PlotPoint(egger[0].Estimate + egger[1].Estimate * se, Height(se)))]);

        var summary = new List<string>();
        var dashed = _isResidual ? $"Dashed: 0, where a point lies that is as the model with {_fit.Moderators} expects." : $"Dashed: pooled effect, {_points.Pooled}.";
        var all = _points.Noun(2);
        if (outside is { } count)
        {
            var truth = _isResidual ? "the model explained all true differences" : "all had this true effect";
            summary.Add($"{dashed} Dotted: where {_texts.Level} of {all} would lie if {truth}; "
                + $"{StatisticText.Count(count)} of {StatisticText.Count(_points.Count)} {(count == 1 ? "lies" : "lie")} outside.");
        }
        else
        {
            summary.Add(dashed);
        }
        if (_points.IsClusters || _points.IsDependent) summary.Add($"Points: {_points.Counted}.");
        if (egger is not null) summary.Add(EggerText(egger[1]) + ".");
        summary.AddRange(_overlays.Summary());
        var what = _isResidual ? "residuals" : _points.IsClusters ? "means" : "effects";
        var finding = $"Funnel plot of {_points.Counted}, {what} by {ScaleName().ToLowerInvariant()}, "
            + (_isResidual ? $"around 0, what the model with {_fit.Moderators} expects" : $"around the pooled {_points.Pooled}")
            + (outside is { } beyond ? $"; {StatisticText.Count(beyond)} outside the {_texts.Level} limits" : "") + "."
            + (_options.ShowContours ? " " + ContourText() : "") + (egger is null ? "" : $" {EggerText(egger[1])}.") + _overlays.Finding();
        return new FunnelPlotModel
        {
            Title = _options.Title,
            Finding = _texts.Finding(finding),
            Origin = _effects.Origin,
            Summary = [.. summary],
            Notes = Notes(eggerFit),
            Measure = _effects.Measure,
            Scale = _options.Scale,
            XAxis = xAxis,
            YAxis = yAxis,
            IsResidual = _isResidual,
            Studies = [.. _points.Points.Select((p, i) => new StudyPoint
            {
                Study = p.Index,
                Label = p.Label,
                X = _x[i],
                Y = _options.Scale == FunnelScale.SampleSize ? p.SampleSize!.Value : Height(_se[i]),
                Details = _points.Details(p, Particulars(p)),
            })],
            Estimate = _center,
            Limits = limits,
            Outside = outside,
            Regions = _options.ShowContours ? Regions(errors, xAxis) : [],
            Filled = _overlays.Filled(Height, [.. _points.Points.Select(p => p.Label)]),
            FilledEstimate = _overlays.FilledEstimate,
            Curves = _overlays.Curves(errors, Height),
            Regression = regression,
            Slope = egger?[1],
        };

        PlotLine Limit(string name, double factor) =>
            new(name, [.. errors.Select(se => new PlotPoint(_center + factor * se, Height(se)))]);
    }

    private void Check()
    {
        if (_isResidual && (_options.ShowContours || _options.ShowRegression))
        {
            throw new ArgumentException($"The funnel of a model with moderators ({_fit.Moderators}) shows residuals around 0, for which there are no regions of significance and no regression of effects. "
                + "Leave out ShowContours and ShowRegression; to test for small-study effects beside moderators add the standard error as one of them.");
        }
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
            _ => new PlotAxis(ScaleName(), 0, 1.06 * _points.Points.Max(p => p.SampleSize!.Value), true),
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
        double[] values = [.. _x, _center - base_, _center + base_, .. _options.ShowContours ? [0.0] : Array.Empty<double>()];
        values = [.. values, .. _overlays.Reach(values.Min(), values.Max(), _se.Max())];
        // Where all effects are alike, their standard errors say what would be far apart.
        var room = PlotAxis.HasLength(values.Min(), values.Max()) ? 0.04 * (values.Max() - values.Min()) : _se.Max();
        return _isResidual
            ? new PlotAxis($"Residual of {_effects.Measure.AnalysisSymbol}", values.Min() - room, values.Max() + room, true)
            : new PlotAxis(_texts.MeasureTitle, values.Min() - room, values.Max() + room, _effects.Measure.HasLeadingZero);
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
        var significant = _points.Points.Count(p => PValue(p) < 0.05);
        return $"{StatisticText.Count(significant)} of {_points.Of(_points.Count)} with p < .05 alone.";
    }

    private IEnumerable<PlotDetail> Particulars(FitPoint point)
    {
        if (_isResidual)
        {
            yield return new("residual", StatisticText.Number(point.Residual, 3));
            yield return new("expected", _texts.Shown(point.Expected));
        }
        yield return new("standard error", StatisticText.Significant(point.StandardError, 3));
        if (_effects.Measure.HasNullValue && !_isResidual) yield return new($"p of the {_points.Noun(1)} alone", StatisticText.PValue(PValue(point)));
    }

    private double PValue(FitPoint point) => 2 * Normal.CDF(0, 1, -Math.Abs(point.Effect - _effects.Measure.NullValue) / point.StandardError);

    /// <summary>The model of the fit with the standard error as its moderator.</summary>
    private IModelFit EggerFit()
    {
        var moderator = Moderator.Number(ErrorColumn);
        var column = StudyColumn.OfNumbers(ErrorColumn, _se.Select(se => (double?)se));
        if (_points.IsClusters || _fit is PooledFit)
        {
            var points = StudyEffects.Create([.. _points.Points.Select(p => p.Effect)], [.. _points.Points.Select(p => p.Variance)], _effects.Measure, [.. _points.Points.Select(p => p.Label)], columns: [column]);
            return MetaRegression.Fit(points, moderator, _fit is PooledFit pooled
                ? new MetaRegressionOptions { TauSquared = pooled.Estimator, Inference = pooled.Inference, ConfidenceLevel = pooled.ConfidenceLevel }
                : new MetaRegressionOptions { ConfidenceLevel = _fit.ConfidenceLevel });
        }
        var effects = StudyEffects.Create(_effects.Effects, _effects.Variances, _effects.Measure, _effects.Labels, _effects.HasSampleSizes ? _effects.SampleSizes : null,
            [.. _effects.Columns.Where(c => c.Name != ErrorColumn), column], _effects.Origin);
        ModelOptions options = _fit.Options switch
        {
            DependentOptions dependent => dependent with { Moderators = moderator },
            RobustVarianceOptions robust => robust with { Moderators = moderator },
            LocationScaleOptions scale => scale with { Moderators = moderator },
            _ => throw new ArgumentException($"Egger's regression is not defined for {_fit.GetType().Name}: leave out ShowRegression."),
        };
        var fitted = options.FitTo(effects);
        return fitted.Coefficients.Length == 2 ? fitted : throw new ArgumentException("Egger's regression needs a model with one mean effect: leave out ShowRegression.");
    }

    private static string EggerText(Coefficient slope)
    {
        const string Words = "Egger's regression on the standard error: slope";
        if (!slope.HasStandardError) return $"{Words} {StatisticText.Number(slope.Estimate)} (no standard error)";
        var test = slope.DegreesOfFreedom is { } df ? $"t({StatisticText.Number(df, df % 1 == 0 ? 0 : 1)})" : "z";
        return $"{Words} {StatisticText.Number(slope.Estimate)}, {test} = {StatisticText.Number(slope.Statistic)}, {StatisticText.PValueWithSymbol(slope.PValue)}";
    }

    private ImmutableArray<string> Notes(IModelFit? egger)
    {
        var notes = new List<string>(_fit.Warnings);
        if (_isResidual) notes.Add("A funnel of residuals shows what the moderators leave; where they go with the size of studies they take its lopsidedness away.");
        notes.AddRange(_points.DependenceNotes("one with many of them can make a side of the funnel look full."));
        if (_points.Count < 10) notes.Add($"With fewer than ten {_points.Noun(2)} a funnel plot can hardly tell bias from chance (Sterne et al. 2011, BMJ 343, d4002).");
        if (egger is not null) notes.AddRange(egger.Warnings);
        notes.AddRange(_overlays.Notes());
        return [.. notes.Distinct()];
    }
}
