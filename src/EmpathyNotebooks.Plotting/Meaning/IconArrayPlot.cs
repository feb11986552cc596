using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in an icon array.</summary>
public sealed record IconArrayPlotOptions : PlotOptions
{
    /// <summary>What the first group is called; by default the first group, or the upper half of a correlation.</summary>
    public string? First { get; init; }

    /// <summary>What the second group is called.</summary>
    public string? Second { get; init; }

    /// <summary>What the counted event is called; "success" by default, "event" of ratios and differences of rates.</summary>
    public string? Event { get; init; }
}

/// <summary>An icon array as plain numbers and texts.</summary>
public sealed record IconArrayPlotModel : PlotModel
{
    /// <summary>The rate of the first group.</summary>
    public required MeaningStatement FirstRate { get; init; }

    /// <summary>The rate of the second group.</summary>
    public required MeaningStatement SecondRate { get; init; }

    /// <summary>How many of 100 of the first group, rounded.</summary>
    public required int FirstCount { get; init; }

    /// <summary>How many of 100 of the second group, rounded.</summary>
    public required int SecondCount { get; init; }

    /// <summary>The names of the groups and of the event.</summary>
    public required (string First, string Second, string Event) Names { get; init; }
}

/// <summary>
/// A hundred people of each group, those with a success filled: rates as counts, which most readers understand best (Galesic, Garcia-Retamero &amp; Gigerenzer 2009, Health Psychology 28, 210-216). When not to use it: for rates
/// so small that a hundred people hold none; without a base rate from your own setting, on which the counts depend.
/// </summary>
public sealed class IconArrayPlot : Plot<IconArrayPlotModel>
{
    private const int Side = 10;
    private const double Apart = 13;

    private IconArrayPlot(IconArrayPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot by the rates at the base rate, or where there is none by those split at the median.</summary>
    /// <param name="meaning">What an effect means, with success rates.</param>
    /// <param name="options">Names of groups and event; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The effect has no success rates without a base rate.</exception>
    /// <example><code>
    /// var plot = IconArrayPlot.Create(EffectMeaning.OfCorrelation(0.28, options: new() { BaseRate = 0.3 }), new() { First = "more empathic half", Second = "less empathic half" });
    /// </code></example>
    public static IconArrayPlot Create(EffectMeaning meaning, IconArrayPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(meaning);
        options ??= new IconArrayPlotOptions();
        if (meaning[MeaningKind.FirstRate] is not { } first || meaning[MeaningKind.SecondRate] is not { } second)
        {
            throw new ArgumentException("The effect says nothing of rates without a base rate; give one in EffectMeaningOptions.BaseRate.", nameof(meaning));
        }
        var isHalves = first.Model == MeaningModel.BivariateNormal;
        var names = (First: options.First ?? (isHalves ? "upper half" : "first group"), Second: options.Second ?? (isHalves ? "lower half" : "second group"),
            Event: options.Event ?? (first.Model == MeaningModel.TwoRates ? "event" : "success"));
        var (a, b) = ((int)Math.Round(100 * first.Value), (int)Math.Round(100 * second.Value));
        var needed = meaning.Statements.FirstOrDefault(s => s.Kind == MeaningKind.NumberNeeded && s.Model == first.Model && s.BaseRate == first.BaseRate);
        var finding = $"Of 100 people of the {names.First} {a} have the {names.Event}, of 100 of the {names.Second} {b}{(needed is null ? "" : $"; number needed {needed.Shown}{(needed.ShownInterval.Length > 0 ? " " + needed.ShownInterval : "")}")}.";
        return new IconArrayPlot(new IconArrayPlotModel
        {
            Title = options.Title,
            Finding = meaning.Origin.IsSimulated ? $"{meaning.Origin.Label}. {finding}" : finding,
            Origin = meaning.Origin,
            FirstRate = first,
            SecondRate = second,
            FirstCount = a,
            SecondCount = b,
            Names = names,
            Summary = [$"{char.ToUpperInvariant(names.First[0])}{names.First[1..]}: {Rate(first)}; {names.Second}: {Rate(second)}{(needed is null ? "" : $"; number needed {needed.Shown}")}.", $"This holds if {first.Assumption}."],
            Notes = meaning.Warnings,
        });

        static string Rate(MeaningStatement rate) => rate.Shown + (rate.ShownInterval.Length > 0 ? " " + rate.ShownInterval : "");
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var (first, second, name) = Model.Names;
        var common = Math.Min(Model.FirstCount, Model.SecondCount);
        List<Scatter> traces = [];
        // Those whom only one group has stand in a colour and shape of their own.
        Add($"{name} in both groups", [.. People(0, 0, common), .. People(Apart, 0, common)], "circle", Theme.Prediction);
        Add($"{name} in the {first} alone", [.. People(0, common, Model.FirstCount)], "square", Theme.Study);
        Add($"{name} in the {second} alone", [.. People(Apart, common, Model.SecondCount)], "square", Theme.Study);
        Add($"no {name}", [.. People(0, Model.FirstCount, 100), .. People(Apart, Model.SecondCount, 100)], "circle-open", Theme.Muted);
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = new PlotAxis("", -0.9, Apart + Side - 0.1, true),
            YAxis = new PlotAxis("", -0.8, Side + 0.9, true),
            XTicks = (_, _) => [],
            YTicks = (_, _) => [],
            Grid = false,
            Traces = [.. traces],
            Notes = [Head($"{first}: {Model.FirstCount} of 100", 0), Head($"{second}: {Model.SecondCount} of 100", Apart)],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = 300,
        });

        void Add(string label, PlotPoint[] at, string symbol, ThemeColor color)
        {
            if (at.Length == 0) return;
            traces.Add(new Scatter
            {
                Name = label, Mode = "markers", ShowLegend = true, MarkerSizes = [.. at.Select(_ => 9.5)], MarkerSymbol = symbol, MarkerColor = color, MarkerLineWidth = symbol == "circle-open" ? 1.4 : 0, MarkerLineColor = color,
                X = [.. at.Select(p => (double?)p.X)], Y = [.. at.Select(p => (double?)p.Y)], Hover = [.. at.Select(_ => PlotText.Hover(label, []))],
            });
        }

        // Rows fill from the top.
        static IEnumerable<PlotPoint> People(double left, int from, int to) => Enumerable.Range(from, Math.Max(0, to - from)).Select(i => new PlotPoint(left + i % Side, Side - 1 - i / Side));

        static PlaneNote Head(string text, double left) => new(text, left + (Side - 1) / 2.0, Side - 0.3, "center", "bottom", Theme.Ink);
    }
}
