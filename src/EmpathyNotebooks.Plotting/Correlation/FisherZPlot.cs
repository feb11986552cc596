using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>Pictures of why correlations are pooled as Fisher's z.</summary>
public static class FisherZPlot
{
    /// <summary>
    /// The curve z = artanh(r) with one correlation and its interval: as long to both sides in z, longer towards zero in r.
    /// </summary>
    /// <param name="r">A correlation in (-1, 1).</param>
    /// <param name="n">The sample size, at least 4.</param>
    /// <param name="level">The level of the interval, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range.</exception>
    public static CurvePlot Interval(double r, int n, double level = 0.95)
    {
        var effect = Correlations.FisherZ(r, n);
        var measure = EffectMeasure.FisherZ;
        var z = effect.Interval(level);
        var shown = z.Transform(measure.ToDisplay);
        var edge = Math.Max(0.95, Math.Max(Math.Abs(shown.Lower), Math.Abs(shown.Upper)) * 0.5 + 0.5);
        edge = Math.Min(edge, 0.999);
        var (low, high) = (measure.FromDisplay(-edge), measure.FromDisplay(edge));
        (double R, double Z, string Label)[] points =
        [
            (shown.Lower, z.Lower, $"r = {measure.Format(shown.Lower)}"),
            (r, effect.Value, $"r = {measure.Format(r)}, z = {StatisticText.Number(effect.Value)}"),
            (shown.Upper, z.Upper, $"r = {measure.Format(shown.Upper)}"),
        ];
        var half = (z.Upper - z.Lower) / 2;
        return CurvePlot.Create([CurveSeries.Of("z = artanh(r)", Math.Atanh, -edge, edge, 401)], new CurvePlotOptions
        {
            XTitle = "Correlation r",
            YTitle = "Fisher's z",
            XHasLeadingZero = false,
            XMinimum = -1,
            XMaximum = 1,
            YMinimum = low,
            YMaximum = high,
            Marks = [.. points.Select(p => new CurveMark(p.R, p.Z, p.Label))],
            Guides = [.. points.SelectMany(p => new CurveGuide[]
            {
                new(new PlotPoint(-1, p.Z), new PlotPoint(p.R, p.Z)),
                new(new PlotPoint(p.R, p.Z), new PlotPoint(p.R, low)),
            })],
            Finding = $"Fisher's z as a curve over r. For r = {measure.Format(r)} and n = {StatisticText.Count(n)} the "
                + $"{StatisticText.Level(level)} interval reaches {StatisticText.Number(half, 3)} to either side in z; in r it runs from "
                + $"{measure.Format(shown.Lower)} to {measure.Format(shown.Upper)}, {measure.Format(r - shown.Lower, 3)} down and {measure.Format(shown.Upper - r, 3)} up.",
        });
    }

    /// <summary>
    /// How sample correlations scatter around several true ones, on the scale of r or of z, by the exact distribution of <see cref="CorrelationDistribution"/>. In z the curves have nearly one shape and width, that of a
    /// normal curve with variance 1/(n - 3) (Fisher 1921); in r they lean over and narrow towards the ends.
    /// </summary>
    /// <param name="correlations">True correlations in (-1, 1), one to six.</param>
    /// <param name="n">The sample size, at least 4.</param>
    /// <param name="onZ">True for the scale of z, false for that of r.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range.</exception>
    public static CurvePlot SamplingDistributions(IReadOnlyList<double> correlations, int n, bool onZ)
    {
        ArgumentNullException.ThrowIfNull(correlations);
        var effects = correlations.Select(r => Correlations.FisherZ(r, n)).ToArray();
        var measure = EffectMeasure.FisherZ;
        if (effects.Length == 0) throw new ArgumentOutOfRangeException(nameof(correlations), 0, "There must be at least one correlation.");
        var series = effects.Select(e =>
        {
            var (from, to) = (e.Value - 3.6 * e.StandardError, e.Value + 3.6 * e.StandardError);
            double[] z = [.. Enumerable.Range(0, 161).Select(i => from + (to - from) * i / 160)];
            var exact = CorrelationDistribution.Of(e.DisplayValue, n);
            return new CurveSeries($"true r = {measure.Format(e.DisplayValue)}", onZ ? z : [.. z.Select(Math.Tanh)],
                [.. z.Select(v => onZ ? exact.DensityOfZ(v) : exact.Density(Math.Tanh(v)))])
            {
                IsFilled = true,
            };
        });
        return CurvePlot.Create(series, new CurvePlotOptions
        {
            XTitle = onZ ? "Fisher's z of the sample" : "Correlation r of the sample",
            YTitle = "Density",
            XHasLeadingZero = onZ,
            XMinimum = onZ ? null : -1,
            XMaximum = onZ ? null : 1,
            Finding = $"Sample correlations of n = {StatisticText.Count(n)} people around true correlations of "
                + string.Join(", ", effects.Select(e => measure.Format(e.DisplayValue)))
                + (onZ ? ": on the scale of z all have nearly one shape and width." : ": on the scale of r they lean over and narrow towards the ends."),
        });
    }
}
