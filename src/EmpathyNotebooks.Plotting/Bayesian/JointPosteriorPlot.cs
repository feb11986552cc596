using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a plot of the joint posterior.</summary>
public sealed record JointPosteriorPlotOptions : PlotOptions
{
    /// <summary>The probabilities that the regions hold, each between 0 and 1; 50%, 80% and 95% if not said.</summary>
    /// <exception cref="ArgumentException">There is none, or one is not between 0 and 1.</exception>
    public ImmutableArray<double> Levels
    {
        get;
        init => field = !value.IsDefaultOrEmpty && value.All(level => level is > 0 and < 1) ? [.. value.Distinct().Order()]
            : throw new ArgumentException("Regions hold probabilities between 0 and 1, both excluded; give at least one.", nameof(Levels));
    } = [0.5, 0.8, 0.95];
}

/// <summary>A region of highest joint density.</summary>
/// <param name="Level">The probability it holds.</param>
/// <param name="Outline">Its outline: μ on the horizontal, τ on the vertical axis; several closed lines where it has several parts.</param>
public sealed record JointRegion(double Level, ImmutableArray<PlotLine> Outline);

/// <summary>A plot of the joint posterior as plain numbers and texts, on the scale that is pooled.</summary>
public sealed record JointPosteriorPlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>μ.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>τ.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The regions, the smallest first.</summary>
    public required ImmutableArray<JointRegion> Regions { get; init; }

    /// <summary>The mean of μ if τ were known, over τ.</summary>
    public required PlotLine MeanGivenTau { get; init; }
}

/// <summary>
/// The joint posterior of mean and heterogeneity: regions of highest density, and how the mean would move if heterogeneity were known (DuMouchel &amp; Harris 1983, Journal of the American Statistical Association 78, 293-315, whose
/// trace plot is the dashed line). A dashed line that leans says that the mean hangs on τ: small and large studies disagree. When not to use it: to read intervals of one of them; those of the margins stand in the table.
/// </summary>
public sealed class JointPosteriorPlot : Plot<JointPosteriorPlotModel>
{
    private const int Across = 240;
    private const int Up = 240;

    private JointPosteriorPlot(JointPosteriorPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot.</summary>
    /// <param name="fit">The model.</param>
    /// <param name="options">Regions and title; the defaults if not said.</param>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.008], EffectMeasure.FisherZ);
    /// var plot = JointPosteriorPlot.Create(BayesianModel.Fit(effects));
    /// </code></example>
    public static JointPosteriorPlot Create(BayesianFit fit, JointPosteriorPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new JointPosteriorPlotOptions();
        var texts = new StudyTexts(fit.Effects, fit.Options.CredibleLevel);
        var tail = (1 - options.Levels[^1]) / 20;
        double low = fit.Mean.Quantile(tail), high = fit.Mean.Quantile(1 - tail), top = Math.Min(fit.Tau.Quantile(1 - tail / 2), fit.HeterogeneityPrior.Largest);
        // Cells of a grid, each with its share of the probability: the density in it at its middle.
        var (dx, dy) = ((high - low) / Across, top / Up);
        var density = new double[Up * Across];
        for (var j = 0; j < Up; j++)
        {
            for (var i = 0; i < Across; i++) density[j * Across + i] = fit.JointDensity(low + (i + 0.5) * dx, (j + 0.5) * dy);
        }
        var order = density.OrderDescending().ToArray();
        var inside = fit.Tau.ProbabilityBelow(top);
        var total = order.Sum();
        ImmutableArray<JointRegion> regions = [.. options.Levels.Select(level =>
        {
            double sum = 0;
            var threshold = order.First(d => (sum += d) >= level / inside * total || sum >= total * (1 - 1e-9));
            return new JointRegion(level, Outline(level, threshold));
        })];
        // The outline is drawn to where the largest region ends.
        var points = regions[^1].Outline.SelectMany(line => line.Points).ToArray();
        var (left, right, upper) = (points.Min(p => p.X), points.Max(p => p.X), points.Max(p => p.Y));
        var room = 0.08 * (right - left);
        var span = Math.Min(top, 1.08 * upper);
        var trace = new PlotLine("mean if τ were known", [.. Enumerable.Range(0, 61).Select(i => i * span / 60).Select(tau => new PlotPoint(fit.MeanGiven(tau).Mean, tau))]);
        var (atZero, atTop) = (trace.Points[0].X, trace.Points[^1].X);
        var lean = $"If τ were 0, {fit.Measure.Symbol} would be {texts.Shown(atZero)}; if it were {StatisticText.Number(span, 2)}, {texts.Shown(atTop)}.";
        return new JointPosteriorPlot(new JointPosteriorPlotModel
        {
            Title = options.Title,
            Finding = texts.Finding($"Joint posterior of the mean and of heterogeneity, {StudyTexts.Studies(fit.Count)}: median {fit.Measure.Symbol} = {texts.Shown(fit.Mean.Median)}, τ = {StatisticText.Number(fit.Tau.Median, 3)}. {lean}"),
            Origin = fit.Effects.Origin,
            Summary = [$"Lines: regions that hold {string.Join(", ", options.Levels.Select(StatisticText.Level))} of the probability. Dashed: the mean if τ were known. {lean}", $"Priors: μ {fit.EffectPrior}, τ {fit.HeterogeneityPrior}."],
            Notes = fit.Warnings,
            Measure = fit.Measure,
            XAxis = new PlotAxis($"Mean {char.ToLowerInvariant(texts.MeasureTitle[0])}{texts.MeasureTitle[1..]}", Math.Min(left - room, Math.Min(atZero, atTop)), Math.Max(right + room, Math.Max(atZero, atTop)), fit.Measure.HasLeadingZero),
            YAxis = new PlotAxis($"heterogeneity τ ({fit.Measure.AnalysisSymbol})", 0, span, true),
            Regions = regions,
            MeanGivenTau = trace,
        });

        // From row to row the ends of each run of cells above the threshold, between cells by their densities.
        ImmutableArray<PlotLine> Outline(double level, double threshold)
        {
            List<(List<PlotPoint> Left, List<PlotPoint> Right, double From, double To)> open = [], closed = [];
            for (var j = 0; j < Up; j++)
            {
                var y = (j + 0.5) * dy;
                List<(double From, double To)> runs = [];
                for (var i = 0; i < Across; i++)
                {
                    if (density[j * Across + i] < threshold) continue;
                    var start = i;
                    while (i + 1 < Across && density[j * Across + i + 1] >= threshold) i++;
                    runs.Add((Edge(j, start, -1), Edge(j, i, 1)));
                }
                List<(List<PlotPoint> Left, List<PlotPoint> Right, double From, double To)> next = [];
                foreach (var (from, to) in runs)
                {
                    var place = open.FindIndex(part => part.From <= to && part.To >= from);
                    var (leftSide, rightSide) = place < 0 ? ([], []) : (open[place].Left, open[place].Right);
                    if (place >= 0) open.RemoveAt(place);
                    // The first row of cells begins at a τ of 0; a part that begins higher begins with a tip.
                    if (place < 0)
                    {
                        leftSide.Add(j == 0 ? new PlotPoint(from, 0) : Tip(j, from, to, -1));
                        if (j == 0) rightSide.Add(new PlotPoint(to, 0));
                    }
                    leftSide.Add(new PlotPoint(from, y));
                    rightSide.Add(new PlotPoint(to, y));
                    next.Add((leftSide, rightSide, from, to));
                }
                foreach (var part in open) part.Left.Add(Tip(j - 1, part.From, part.To, 1));
                closed.AddRange(open);
                open = next;
            }
            closed.AddRange(open);
            return [.. closed.Select(part => new PlotLine(StatisticText.Level(level), [.. part.Left, .. Enumerable.Reverse(part.Right), part.Left[0]]))];

            // Between a row and the one beyond it, where the highest density of a run falls to the threshold.
            PlotPoint Tip(int j, double from, double to, int side)
            {
                var middle = (from + to) / 2;
                var i = Math.Clamp((int)((middle - low) / dx), 0, Across - 1);
                var (inner, outer) = (Math.Log(density[j * Across + i]), Math.Log(Math.Max(density[(j + side) * Across + i], double.Epsilon)));
                return new PlotPoint(middle, (j + 0.5 + side * Math.Clamp((inner - Math.Log(threshold)) / Math.Max(inner - outer, 1e-12), 0, 1)) * dy);
            }

            double Edge(int j, int i, int side)
            {
                var x = low + (i + 0.5) * dx;
                var beyond = i + side;
                if (beyond is < 0 or >= Across) return x;
                var (inner, outer) = (Math.Log(density[j * Across + i]), Math.Log(Math.Max(density[j * Across + beyond], double.Epsilon)));
                return x + side * dx * Math.Clamp((inner - Math.Log(threshold)) / Math.Max(inner - outer, 1e-12), 0, 1);
            }
        }
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var traces = new List<Scatter>();
        foreach (var region in Model.Regions.Reverse())
        {
            traces.AddRange(region.Outline.Select(line => new Scatter
            {
                Name = line.Name, Mode = "lines", LineColor = Theme.Study, LineWidth = 1.6, Fill = "toself", FillColor = Theme.Fills[0], ClipOnAxis = true,
                X = [.. line.Points.Select(p => (double?)p.X)], Y = [.. line.Points.Select(p => (double?)p.Y)],
                Hover = [.. line.Points.Select(_ => PlotText.Hover("", [new("region of", line.Name)]))],
            }));
        }
        traces.Add(new Scatter
        {
            Name = Model.MeanGivenTau.Name, Mode = "lines", LineColor = Theme.Pooled, LineWidth = 2, Dash = "dash", ClipOnAxis = true,
            X = [.. Model.MeanGivenTau.Points.Select(p => (double?)p.X)], Y = [.. Model.MeanGivenTau.Points.Select(p => (double?)p.Y)],
            Hover = [.. Model.MeanGivenTau.Points.Select(p => PlotText.Hover("If τ were known", [new("τ", StatisticText.Number(p.Y, 3)), new(Model.Measure.Symbol, Model.Measure.Format(Model.Measure.ToDisplay(p.X)))]))],
        });
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            YAxis = Model.YAxis,
            XTicks = (pixels, font) => MeasureTicks.Create(Model.Measure, Model.XAxis, pixels, font, vertical: false),
            Traces = [.. traces],
            Lines = Model.Measure.HasNullValue && Model.XAxis.Contains(Model.Measure.NullValue) ? [new("x", Model.Measure.NullValue, Model.Measure.NullValue, "paper", 0, 1, Theme.Line, 1.2)] : [],
            // The name of a region stands beside its rightmost point.
            Labels = [.. Model.Regions.Select(r => (r.Level, At: r.Outline.SelectMany(line => line.Points).MaxBy(p => p.X)!)).Select(r => new PlaneLabel(StatisticText.Level(r.Level), r.At.X, r.At.Y, 2))],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = 380,
        });
    }
}
