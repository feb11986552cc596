using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>Lays out a sunset funnel.</summary>
internal sealed class SunsetFunnelBuilder
{
    private const double AdequatePower = 0.8;

    private static readonly double[] Edges = [1, 0.8, 0.6, 0.4, 0.2, 0];

    private readonly IModelFit _fit;
    private readonly EffectMeasure _measure;
    private readonly SunsetFunnelOptions _options;
    private readonly FitPoints _points;
    private readonly StudyPower _power;
    private readonly double _true;
    private readonly double _distance;
    private readonly double[] _se;

    public SunsetFunnelBuilder(IModelFit fit, SunsetFunnelOptions options)
    {
        (_fit, _measure, _options) = (fit, fit.Measure, options);
        if (!_measure.HasNullValue) throw new ArgumentException($"{_measure.Name} has no null value that a study could be tested against, so that its tests have no power.");
        _points = new FitPoints(fit, options.Points);
        _power = new StudyPower(options.Alpha);
        if (options.TrueEffect is { } shown)
        {
            _true = shown >= _measure.DisplayMinimum && shown <= _measure.DisplayMaximum ? _measure.FromDisplay(shown) : double.NaN;
            if (!double.IsFinite(_true)) throw new ArgumentException(FormattableString.Invariant($"The true effect {shown} must lie within the scale of {_measure.Name}, its ends excluded where they are infinitely far from the others."), nameof(options));
        }
        else
        {
            _true = fit.Mean?.Estimate ?? throw new ArgumentException($"A model with moderators ({fit.Moderators}) has no one true effect: say with TrueEffect which effect studies should have been able to find.", nameof(options));
        }
        _distance = _true - _measure.NullValue;
        _se = [.. _points.Points.Select(p => p.StandardError)];
    }

    public SunsetFunnelModel Build()
    {
        double[] powers = [.. _se.Select(se => _power.Of(_distance / se))];
        var median = StudyPower.Median(powers);
        var adequate = powers.Count(p => p >= AdequatePower);
        var significant = _points.Points.Count(p => Math.Abs(p.Effect - _measure.NullValue) > _power.Critical * p.StandardError);
        var yAxis = new PlotAxis("Standard error", 0, 1.06 * _se.Max(), true);
        var (third, twoThirds) = (EffectFor(0.33), EffectFor(0.66));
        var texts = _points.Texts;
        var (count, all) = (StatisticText.Count(_points.Count), _points.Of(_points.Count));
        var effect = $"{_measure.Symbol} = {texts.Shown(_true)}" + (_options.TrueEffect is null ? ", the pooled effect" : "");
        var level = StatisticText.Number(_options.Alpha, Math.Max(2, Digits(_options.Alpha)), leadingZero: false);
        var medianText = $"{(_points.Count == 1 ? "power" : "median power")} {StatisticText.Percent(median, 0)}";
        var adequateText = _points.Count == 1 ? "" : $"; {StatisticText.Count(adequate)} of {all} {(adequate == 1 ? "has" : "have")} 80% or more";
        var counts = $"{StatisticText.Count(significant)} of {count} significant, {StatisticText.Number(powers.Sum(), 1)} expected by power";
        var model = new SunsetFunnelModel
        {
            Title = _options.Title,
            Finding = texts.Finding($"Sunset funnel of {_points.Counted}: power to find {effect}, with two-sided α = {level}: {medianText}{adequateText}; {counts}."),
            Origin = _fit.Effects.Origin,
            Notes = Notes(),
            Measure = _measure,
            XAxis = XAxis(),
            YAxis = yAxis,
            Studies = [.. _points.Points.Select((p, i) => new StudyPoint { Study = p.Index, Label = p.Label, X = p.Effect, Y = p.StandardError, Details = _points.Details(p, Particulars(p, powers[i])) })],
            Powers = [.. powers],
            Bands = Bands(yAxis.Maximum),
            Significance = [Boundary("just significant, left", -1), Boundary("just significant, right", 1)],
            TrueEffect = _true,
            Alpha = _options.Alpha,
            MedianPower = median,
            Adequate = adequate,
            Significant = significant,
            EffectForMedian33 = third,
            EffectForMedian66 = twoThirds,
        };
        var summary = new List<string>
        {
            $"Dashed: the true effect assumed, {effect}. Dotted: beyond, a result has p < {level}.",
            $"{char.ToUpperInvariant(medianText[0])}{medianText[1..]}{adequateText}. {counts}"
                + (_points.Count == 1 ? "." : $"; R-index\u00a0{StatisticText.Percent(model.RIndex, 0)}."),
        };
        if (third is { } low && twoThirds is { } high && _points.Count > 1) summary.Add($"Median power would be 33% with a true {_measure.Symbol} of {texts.Shown(low)}, and 66% with {texts.Shown(high)}.");
        return model with { Summary = [.. summary] };

        PlotLine Boundary(string name, int sign) => new(name, [new(_measure.NullValue, 0), new(_measure.NullValue + sign * _power.Critical * yAxis.Maximum, yAxis.Maximum)]);
    }

    /// <summary>The bands between 0 and the end of the axis.</summary>
    private ImmutableArray<PowerBand> Bands(double end)
    {
        var bands = ImmutableArray.CreateBuilder<PowerBand>();
        var from = 0.0;
        for (var i = 0; i + 1 < Edges.Length && from < end; i++)
        {
            var (upper, lower) = (Edges[i], Edges[i + 1]);
            if (upper <= _options.Alpha) break;
            // Power falls to α, never to 0.
            var to = lower <= _options.Alpha ? end : Math.Min(end, Math.Abs(_distance) / _power.DistanceFor(lower));
            if (to <= from) continue;
            bands.Add(new PowerBand(Name(lower, upper), lower, upper, from, to));
            from = to;
        }
        return bands.ToImmutable();

        static string Name(double lower, double upper) => lower == 0 ? "under 20%" : upper == 1 ? "power ≥ 80%" : $"{StatisticText.Number(100 * lower, 0)} to {StatisticText.Percent(upper, 0)}";
    }

    private double? EffectFor(double power) => power <= _options.Alpha ? null : _measure.NullValue + (_distance < 0 ? -1 : 1) * _power.EffectForMedian(power, _se);

    private PlotAxis XAxis()
    {
        double[] values = [.. _points.Points.Select(p => p.Effect), _true, _measure.NullValue];
        var room = PlotAxis.HasLength(values.Min(), values.Max()) ? 0.05 * (values.Max() - values.Min()) : _se.Max();
        return new PlotAxis(_points.Texts.MeasureTitle, values.Min() - room, values.Max() + room, _measure.HasLeadingZero);
    }

    private IEnumerable<PlotDetail> Particulars(FitPoint point, double power)
    {
        yield return new("power", StatisticText.Percent(power));
        yield return new("standard error", StatisticText.Significant(point.StandardError, 3));
        yield return new($"p of the {_points.Noun(1)} alone", StatisticText.PValue(2 * Normal.CDF(0, 1, -Math.Abs(point.Effect - _measure.NullValue) / point.StandardError)));
    }

    private ImmutableArray<string> Notes()
    {
        var notes = new List<string>(_fit.Warnings);
        if (_options.TrueEffect is null) notes.Add("The true effect is taken from these studies. Where significant results were more likely to be published it is too large, and so is the power shown: set TrueEffect to an adjusted estimate or to the smallest effect of interest to see how much.");
        if (_distance == 0) notes.Add($"The true effect assumed is none: every {_points.Noun(1)} is significant with probability α alone.");
        notes.AddRange(_points.DependenceNotes("they are significant together or not at all, so that counts vary more than of independent studies."));
        return [.. notes];
    }

    private static int Digits(double alpha)
    {
        var digits = 2;
        while (digits < 6 && Math.Abs(Math.Round(alpha, digits) - alpha) > 1e-12) digits++;
        return digits;
    }
}
