using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a firepower plot.</summary>
public sealed record FirepowerPlotOptions : PlotOptions
{
    /// <summary>The true effects, on the scale that readers know, in rising order; for correlations .05 to .50, for mean differences 0.1 to 1, for ratios 1.1 to 3 if not said, for others ten steps of half a median standard error.</summary>
    public IReadOnlyList<double>? TrueEffects { get; init; }

    /// <summary>The column whose values make a row each beneath that of all studies; none by default.</summary>
    public string? Column { get; init; }

    /// <summary>The level of the studies' two-sided tests; .05 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in (0, 1).</exception>
    public double Alpha
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Alpha), value, "A level of significance lies between 0 and 1, both excluded; 0.05 is usual.");
    } = 0.05;
}

/// <summary>A firepower plot as plain numbers and texts.</summary>
public sealed record FirepowerPlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>The numbers, true effects on the scale that is pooled.</summary>
    public required Firepower Firepower { get; init; }

    /// <summary>The true effects as printed.</summary>
    public required ImmutableArray<string> EffectTexts { get; init; }

    /// <summary>The rows as printed, with how many studies each has.</summary>
    public required ImmutableArray<string> RowTexts { get; init; }
}

/// <summary>
/// The median power of studies over a range of true effects, a row a group of studies or a meta-analysis (Quintana 2023, Advances in Methods and Practices in Psychological Science 6, 1-15): which effects this literature could
/// have found. Colour and number say the same. When not to use it: to say whether the meta-analysis itself has power (<see cref="PowerCurvePlot"/>).
/// </summary>
public sealed class FirepowerPlot : Plot<FirepowerPlotModel>
{
    private FirepowerPlot(FirepowerPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot of one meta-analysis.</summary>
    /// <param name="fit">A fit of any kind, for its effects.</param>
    /// <param name="options">True effects, groups, level; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The measure has no null value, or a true effect is off its scale.</exception>
    /// <exception cref="StudyDataException">There is no such column.</exception>
    /// <example><code>
    /// var effects = Datasets.Molloy2014().Correlations();
    /// FirepowerPlot.Create(RandomEffects.Fit(effects), new() { TrueEffects = [0.1, 0.2, 0.3, 0.4, 0.5], Column = "controls" })
    /// </code></example>
    public static FirepowerPlot Create(IModelFit fit, FirepowerPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new FirepowerPlotOptions();
        List<(string, IModelFit)> rows = [(fit.Clusters is null ? "all studies" : "all effects", fit)];
        // The power of studies needs no model: that of equal effects takes any number of them.
        if (options.Column is { } column) rows.AddRange(fit.Effects.GroupBy(column).Select(g => (g.Key, (IModelFit)EqualEffects.Fit(g.Value))));
        return Create(rows, options);
    }

    /// <summary>Lays out the plot of several meta-analyses of the same measure.</summary>
    /// <param name="fits">The meta-analyses with their names, at least one.</param>
    /// <param name="options">True effects and level; the defaults if not said.</param>
    /// <exception cref="ArgumentException">There is none, their measures differ or have no null value, or a true effect is off the scale.</exception>
    public static FirepowerPlot Create(IReadOnlyList<(string Name, IModelFit Fit)> fits, FirepowerPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fits);
        options ??= new FirepowerPlotOptions();
        if (fits.Count == 0) throw new ArgumentException("A firepower plot shows at least one meta-analysis.", nameof(fits));
        var measure = fits[0].Fit.Measure;
        if (fits.Any(f => f.Fit.Measure.Code != measure.Code)) throw new ArgumentException("Meta-analyses of different measures have no true effects in common; draw one plot for each measure.", nameof(fits));
        if (!measure.HasNullValue) throw new ArgumentException($"{measure.Name} has no null value that a study could be tested against, so that its tests have no power.", nameof(fits));
        double[] shown = [.. options.TrueEffects ?? Usual(fits[0].Fit)];
        if (shown.Length is 0 or > 20) throw new ArgumentException($"A firepower plot shows 1 to 20 true effects; these are {shown.Length}.", nameof(options));
        double[] effects = [.. shown.Select(measure.FromDisplay)];
        if (effects.Any(e => !double.IsFinite(e))) throw new ArgumentException($"True effects must lie within the scale of {measure.Name}, its ends excluded.", nameof(options));
        var firepower = Firepower.Of(fits, [.. effects.Select(e => e - measure.NullValue)], new StudyPowerOptions { Alpha = options.Alpha });
        var digits = shown.Any(e => Math.Abs(10 * e - Math.Round(10 * e)) > 1e-9) ? shown.Any(e => Math.Abs(100 * e - Math.Round(100 * e)) > 1e-9) ? 3 : 2 : measure.HasLeadingZero ? 1 : 2;
        ImmutableArray<string> texts = [.. shown.Select(e => measure.Format(e, digits))];
        var (first, all) = (firepower.MedianPower[0], firepower.Rows[0].Powers);
        var found = Enumerable.Range(0, shown.Length).Where(i => first[i] >= StudyPowers.Adequate).Cast<int?>().FirstOrDefault();
        var origin = fits[0].Fit.Effects.Origin;
        var finding = $"Median power of {StatisticText.Count(all.Count)} {(fits[0].Fit.Clusters is null ? all.Count == 1 ? "study" : "studies" : "effects")}: {Number(first[0])} at a true {measure.Symbol} of {texts[0]}"
            + (shown.Length > 1 ? $", {Number(first[^1])} at {texts[^1]}" : "") + (found is { } at ? $"; from {texts[at]} on half of them have 80% or more." : "; at none of these half of them have 80%.");
        return new FirepowerPlot(new FirepowerPlotModel
        {
            Title = options.Title,
            Finding = origin.IsSimulated ? $"{origin.Label}. {finding}" : finding,
            Origin = origin,
            Summary = [$"Median power of single studies, two-sided at {StatisticText.Number(options.Alpha, options.Alpha < 0.01 ? 3 : 2, leadingZero: false)}; in brackets how many studies."],
            Measure = measure,
            Firepower = firepower,
            EffectTexts = texts,
            RowTexts = [.. firepower.Rows.Select(r => $"{PlotText.Cut(r.Name, Theme.TextSize, 150)} ({StatisticText.Count(r.Powers.Count)})")],
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var (columns, rows) = (Model.EffectTexts.Length, Model.RowTexts.Length);
        var traces = new List<Scatter>();
        for (var band = Theme.Powers.Length - 1; band >= 0; band--)
        {
            var name = band == 4 ? "80% or more" : $"{StatisticText.Percent(0.2 * band, 0)} to {StatisticText.Percent(0.2 * (band + 1), 0)}";
            List<double?> x = [], y = [];
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    if (BandOf(Model.Firepower.MedianPower[row][column]) != band) continue;
                    // A gap between the corners of one tile and the next keeps their areas apart.
                    if (x.Count > 0) (x, y) = ([.. x, null], [.. y, null]);
                    x.AddRange([column - 0.5, column + 0.5, column + 0.5, column - 0.5, column - 0.5]);
                    y.AddRange([row - 0.5, row - 0.5, row + 0.5, row + 0.5, row - 0.5]);
                }
            }
            if (x.Count == 0) continue;
            traces.Add(new Scatter { Name = name, Mode = "lines", Fill = "toself", FillColor = Theme.Powers[band], LineColor = Theme.Surface, LineWidth = 2, ClipOnAxis = true, X = x, Y = y });
            traces.Add(AreaKey.Of(name, Theme.Powers[band], Theme.Line));
        }
        var tiles = Enumerable.Range(0, rows).SelectMany(row => Enumerable.Range(0, columns).Select(column => (row, column))).ToArray();
        traces.Add(new Scatter
        {
            Name = "median power", Mode = "text", FontSize = Theme.SmallSize, FontColor = Theme.Ink, TextPosition = "middle center",
            X = [.. tiles.Select(t => (double?)t.column)],
            Y = [.. tiles.Select(t => (double?)t.row)],
            Text = [.. tiles.Select(t => Number(Model.Firepower.MedianPower[t.row][t.column]))],
            Hover = [.. tiles.Select(t => PlotText.Hover(Model.Firepower.Rows[t.row].Name,
            [
                new PlotDetail($"true {Model.Measure.Symbol}", Model.EffectTexts[t.column]), new PlotDetail("median power", StatisticText.Number(Model.Firepower.MedianPower[t.row][t.column], 3, leadingZero: false)),
                new PlotDetail("studies", StatisticText.Count(Model.Firepower.Rows[t.row].Powers.Count)),
            ]))],
        });
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = new PlotAxis($"true {Model.Measure.Symbol}", -0.5, columns - 0.5, true),
            YAxis = new PlotAxis("", -0.5, rows - 0.5, true),
            XTicks = (pixels, font) => Ticks(pixels, font),
            YTicks = (_, _) => [.. Model.RowTexts.Select((text, i) => new AxisTick(i, text))],
            YIsInverted = true,
            Traces = [.. traces],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Grid = false,
            Height = Math.Clamp(46 * rows, 60, 900),
        });
    }

    /// <summary>All of them, or every so manieth where they would touch.</summary>
    private ImmutableArray<AxisTick> Ticks(double pixels, double font)
    {
        var widest = Model.EffectTexts.Max(t => PlotText.Width(t, font)) + 6;
        var every = Math.Max(1, (int)Math.Ceiling(widest * Model.EffectTexts.Length / pixels));
        return [.. Model.EffectTexts.Select((text, i) => new AxisTick(i, text)).Where((_, i) => i % every == 0)];
    }

    /// <summary>The band of the power as it is printed, so that .80 is not seen among those below.</summary>
    private static int BandOf(double power) => Math.Min(4, (int)(5 * Math.Round(power, 2, MidpointRounding.AwayFromZero) + 1e-9));

    private static IEnumerable<double> Usual(IModelFit fit)
    {
        var measure = fit.Measure;
        if (measure.AxisSpacing == AxisSpacing.Logarithmic) return [1.1, 1.2, 1.3, 1.5, 1.75, 2, 2.5, 3];
        if (!measure.HasLeadingZero && measure.DisplayMaximum == 1) return Enumerable.Range(1, 10).Select(i => Math.Round(0.05 * i, 2));
        if (measure.Code.StartsWith("SM", StringComparison.Ordinal)) return Enumerable.Range(1, 10).Select(i => Math.Round(0.1 * i, 1));
        // Up to what most studies would find: ten steps to about five median standard errors.
        var errors = fit.Effects.Variances.Select(Math.Sqrt).Order().ToArray();
        var step = errors[errors.Length / 2] / 2;
        return Enumerable.Range(1, 10).Select(i => measure.ToDisplay(measure.NullValue + i * step));
    }

    private static string Number(double power) => power > 0.995 ? "1.0" : StatisticText.Number(power, 2, leadingZero: false);
}
