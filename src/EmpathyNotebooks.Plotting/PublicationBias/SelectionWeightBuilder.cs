using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>Lays out a weight function.</summary>
internal sealed class SelectionWeightBuilder
{
    private const int Steps = 160;

    private readonly SelectionFit _fit;
    private readonly SelectionWeightOptions _options;
    private readonly PValueSpacing _spacing;

    public SelectionWeightBuilder(SelectionFit fit, SelectionWeightOptions options)
    {
        (_fit, _options) = (fit, options);
        _spacing = options.Spacing ?? (fit.Options.Alternative == Alternative.TwoSided ? PValueSpacing.Logarithmic : PValueSpacing.Probability);
    }

    public SelectionWeightModel Build()
    {
        var isStep = _fit.Function.Shape == SelectionShape.Step;
        ImmutableArray<double> cuts = isStep ? [.. _fit.Function.Steps] : [];
        ImmutableArray<SelectionWeight> weights = [.. PValues(cuts).Select(_fit.WeightAt)];
        // A beta function can rise without end towards 0; a step function shows all that it says.
        var inner = weights.Where(w => isStep || w.PValue is >= 0.005 and <= 0.995).ToArray();
        var largest = Math.Max(1, inner.Max(w => w.Weight));
        var reach = weights.Max(w => w.ConfidenceInterval?.Upper ?? w.Weight);
        var top = Math.Max(1.1 * largest, Math.Min(1.06 * reach, 2.2 * largest));
        var points = new FitPoints(_fit);
        var texts = points.Texts;
        var side = _fit.Options.Alternative switch { Alternative.Greater => "one-sided, small where the effect is above 0", Alternative.Less => "one-sided, small where the effect is below 0", _ => "two-sided" };
        var isKnown = weights.All(w => w.ConfidenceInterval is not null);
        var name = $"Weights by a {_fit.Function}, relative to {Reference()}";
        var mean = _fit.Mean is { } one ? $" Mean {texts.Pooled(one)}." : "";
        var test = _fit.LikelihoodRatio is { } ratio ? $" Test of no selection: χ²({StatisticText.DegreesOfFreedom(ratio.DegreesOfFreedom)}) = {StatisticText.Number(ratio.Statistic)}, {StatisticText.PValueWithSymbol(ratio.PValue)}." : "";
        var model = new SelectionWeightModel
        {
            Title = _options.Title,
            Finding = texts.Finding($"Selection model of {points.Counted}. {Course(weights, cuts)}{mean}{test}"),
            Origin = _fit.Effects.Origin,
            Summary = [name + (isKnown ? $"; band: pointwise {texts.Level} interval." : "; a weight without a standard error has no band."), (mean + test).Trim()],
            Notes = Notes(weights, points, top),
            Alternative = _fit.Options.Alternative,
            Spacing = _spacing,
            XAxis = Axis($"p-value, {side}"),
            YAxis = new PlotAxis("Weight: relative probability of publication", -0.1 * top, top, true),
            Weights = weights,
            CutPoints = cuts,
            Studies = [],
        };
        return model with
        {
            Studies = [.. points.Points.Select(p => (Point: p, P: PlotPValues.OfSide(p.Effect, p.StandardError, _fit.Options.Alternative))).Select(p => new StudyPoint
            {
                Study = p.Point.Index, Label = p.Point.Label, X = model.PlaceOf(p.P), Y = -0.05 * top,
                Details = points.Details(p.Point, new PlotDetail("p", StatisticText.PValue(p.P)), new PlotDetail("weight", StatisticText.Significant(_fit.WeightAt(p.P).Weight, 3))),
            })],
        };
    }

    /// <summary>The p-values at which the function is drawn, rising.</summary>
    private IEnumerable<double> PValues(ImmutableArray<double> cuts)
    {
        var (from, to) = _spacing switch
        {
            PValueSpacing.Probability => (SelectionWeightModel.Least, 1 - SelectionWeightModel.Least),
            PValueSpacing.Logarithmic => (SelectionWeightModel.Least, 1.0),
            _ => (0.0, 1.0),
        };
        if (!cuts.IsEmpty) return new[] { from }.Concat(cuts.Where(c => c > from && c < to).SelectMany(c => new[] { c, Math.BitIncrement(c) })).Append(to);
        var axis = Axis("");
        return Enumerable.Range(0, Steps + 1).Select(i => Math.Clamp(At(axis.Minimum + (axis.Maximum - axis.Minimum) * i / Steps), from, to));
    }

    private double At(double place) => _spacing switch
    {
        PValueSpacing.Probability => Normal.CDF(0, 1, place),
        PValueSpacing.Logarithmic => Math.Exp(place),
        _ => place,
    };

    private PlotAxis Axis(string title)
    {
        const double Least = SelectionWeightModel.Least;
        var (from, to) = _spacing switch
        {
            PValueSpacing.Probability => (Normal.InvCDF(0, 1, Least), Normal.InvCDF(0, 1, 1 - Least)),
            PValueSpacing.Logarithmic => (Math.Log(Least), 0),
            _ => (0.0, 1.0),
        };
        return new PlotAxis(title, from, to, false);
    }

    private string Reference() => _fit.Function.Shape switch
    {
        SelectionShape.Step => $"p ≤ {SelectionWeightPlot.PText(_fit.Function.Steps[0])}",
        SelectionShape.Beta => $"p = {SelectionWeightPlot.PText(_fit.Options.Alternative == Alternative.TwoSided ? 0.05 : 0.025)}",
        _ => _fit.Function.Steps is [> 0 and var from] ? $"p ≤ {SelectionWeightPlot.PText(from)}" : "p = 0",
    };

    /// <summary>What the function says, in words.</summary>
    private string Course(ImmutableArray<SelectionWeight> weights, ImmutableArray<double> cuts)
    {
        if (cuts.IsEmpty)
        {
            var places = (double[])[0.05, 0.5, 0.95];
            return $"Weights relative to {Reference()}: {string.Join(", ", places.Select(p => $"{StatisticText.Number(_fit.WeightAt(p).Weight)} at p = {SelectionWeightPlot.PText(p)}"))}.";
        }
        var intervals = cuts.Select((cut, i) => (Weight: _fit.WeightAt(Math.BitIncrement(cut)), From: cut, To: i + 1 < cuts.Length ? cuts[i + 1] : 1));
        return $"Weights relative to {Reference()}: {string.Join("; ", intervals.Select(i => $"{StatisticText.Number(i.Weight.Weight)}{Limits(i.Weight)} for p from {SelectionWeightPlot.PText(i.From)} to {(i.To == 1 ? "1" : SelectionWeightPlot.PText(i.To))}"))}.";

        static string Limits(SelectionWeight weight) => weight.ConfidenceInterval is { } i ? $" [{StatisticText.Number(i.Lower)}, {StatisticText.Number(i.Upper)}]" : "";
    }

    private ImmutableArray<string> Notes(ImmutableArray<SelectionWeight> weights, FitPoints points, double top)
    {
        var notes = new List<string>(_fit.Warnings);
        var reach = weights.Max(w => Math.Max(w.Weight, w.ConfidenceInterval?.Upper ?? 0));
        if (reach > top) notes.Add($"{(weights.Any(w => w.Weight > top) ? "Curve and band reach" : "The band reaches")} beyond the axis, to {StatisticText.Significant(reach, 2)}.");
        if (_fit.Function.Precision != SelectionPrecision.None) notes.Add("The function also depends on precision; it is drawn as it is for the least precise study.");
        notes.AddRange(points.DependenceNotes("their p-values are drawn one by one.", offersMeans: false));
        return [.. notes.Distinct()];
    }
}
