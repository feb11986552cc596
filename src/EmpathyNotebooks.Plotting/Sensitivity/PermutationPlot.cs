using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a permutation plot.</summary>
public sealed record PermutationPlotOptions : PlotOptions
{
    /// <summary>The coefficient shown; null, the default, for the test of all moderators where there is one, else for the first.</summary>
    public string? Coefficient { get; init; }
}

/// <summary>A permutation plot as plain numbers and texts.</summary>
public sealed record PermutationPlotModel : PlotModel
{
    /// <summary>The coefficient shown, or "moderators".</summary>
    public required string Coefficient { get; init; }

    /// <summary>The statistic without its sign.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>The density of the permutations.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The bars from left to right; marked are those at least as far from 0 as the data.</summary>
    public required ImmutableArray<ReplicateBar> Bars { get; init; }

    /// <summary>How many of them lie beyond the axis.</summary>
    public required int Beyond { get; init; }

    /// <summary>How many permutations are drawn or lie beyond the axis.</summary>
    public required int Drawn { get; init; }

    /// <summary>The statistic of the data.</summary>
    public required double Observed { get; init; }

    /// <summary>p by permutation.</summary>
    public required double PValue { get; init; }
}

/// <summary>
/// The permuted statistics of a test as a histogram, with the statistic of the data: p is the share of what lies at least as far out. When not to use it: to read p itself off the bars, which are made of 20,000 permutations at
/// most; the line below says it.
/// </summary>
public sealed class PermutationPlot : Plot<PermutationPlotModel>
{
    private PermutationPlot(PermutationPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the histogram.</summary>
    /// <param name="test">The test.</param>
    /// <param name="options">Which coefficient; the test of all moderators, or the first, if not said.</param>
    /// <exception cref="ArgumentException">The test has no such coefficient.</exception>
    /// <example><code>
    /// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, -0.1, 0.3], [0.006, 0.010, 0.009, 0.005, 0.012, 0.02, 0.01], EffectMeasure.FisherZ));
    /// var plot = PermutationPlot.Create(fit.PermutationTest());
    /// </code></example>
    public static PermutationPlot Create(PermutationTest test, PermutationPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(test);
        options ??= new PermutationPlotOptions();
        PermutedCoefficient[] all = test.ModeratorTest is { } moderators ? [.. test.Coefficients, moderators] : [.. test.Coefficients];
        var place = options.Coefficient is { } name ? Array.FindIndex(all, c => c.Name == name) : test.ModeratorTest is null ? 0 : all.Length - 1;
        if (place < 0) throw new ArgumentException($"{options.Coefficient} is not tested; tested are {string.Join(", ", all.Select(c => c.Name))}.", nameof(options));
        return new PermutationPlot(Build(test, all[place], test.Distributions[place], options));
    }

    private static PermutationPlotModel Build(PermutationTest test, PermutedCoefficient coefficient, ImmutableArray<double> distribution, PermutationPlotOptions options)
    {
        var fit = test.Fit;
        var texts = new StudyTexts(fit.Effects, fit.ConfidenceLevel);
        var isWhole = test.ModeratorTest is not null && ReferenceEquals(test.ModeratorTest, coefficient);
        double[] sorted = [.. distribution.Where(double.IsFinite)];
        var observed = double.IsFinite(coefficient.Observed) ? coefficient.Observed : 0;
        var high = Math.Max(sorted.Length == 0 ? 0 : sorted[^1], observed);
        // A few permutations far out, as F has them, would leave no room for the others.
        if (sorted.Length > 0 && Math.Max(1.15 * observed, sorted[(int)(0.995 * (sorted.Length - 1))]) is var usual && high > 1.5 * usual && usual > 0) high = usual;
        var beyond = sorted.Length - ReplicateBars.Before(sorted, Math.BitIncrement(high));
        // What is equal but for rounding belongs to what is at least as far out.
        var edge = coefficient.Observed - 1.5e-8;
        var bars = ReplicateBars.Of(sorted.AsSpan(0, sorted.Length - beyond), 0, high, [edge], x => x >= edge);
        var statistic = isWhole ? fit.ModeratorTest is { Exists: true, DenominatorDegreesOfFreedom: not null } ? "F" : "QM"
            : test.Statistic == PermutationStatistic.Estimate ? "|estimate|" : fit.Inference == Inference.Normal ? "|z|" : "|t|";
        var what = isWhole ? "moderators" : fit.Mean?.Name == coefficient.Name ? "the mean" : coefficient.Name;
        var p = StatisticText.PValueWithSymbol(coefficient.PValue) + (coefficient.StandardError > 0 ? $" (Monte Carlo standard error {StatisticText.Significant(coefficient.StandardError, 2)})" : ", exact");
        var permuted = $"{StatisticText.Count(test.Permutations)} {(test.IsExact ? "" : "random ")}permutations of {test.Permuted}{(test.IsExact ? ", all there are" : "")}";
        var all = test.IsExact && sorted.Length * 2 >= test.Permutations || sorted.Length >= test.Permutations - 1;
        return new PermutationPlotModel
        {
            Title = options.Title,
            Finding = texts.Finding($"Permutation test of {what}: {statistic} = {StatisticText.Number(coefficient.Observed)} in the data, {p}, by {permuted}."),
            Origin = fit.Effects.Origin,
            Summary = [$"{char.ToUpperInvariant(permuted[0])}{permuted[1..]}{(all ? "" : $"; drawn: {StatisticText.Count(sorted.Length)} of them")}{(beyond == 0 ? "" : $"; {StatisticText.Count(beyond)} {(beyond == 1 ? "lies" : "lie")} beyond the axis")}.", $"Line: {statistic} = {StatisticText.Number(coefficient.Observed)} in the data; {p}."],
            Notes = [.. fit.Warnings, .. test.Warnings],
            Coefficient = coefficient.Name,
            XAxis = new PlotAxis($"{statistic} of {what}", 0, high > 0 ? 1.04 * high : 1, true),
            YAxis = new PlotAxis("Density", 0, 1.08 * bars.Max(b => b.Count / (b.To - b.From)) / Math.Max(1, sorted.Length), true),
            Bars = bars,
            Drawn = Math.Max(1, sorted.Length),
            Beyond = beyond,
            Observed = coefficient.Observed,
            PValue = coefficient.PValue,
        };
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure() => PlaneFigure.Create(new PlaneChart
    {
        Plot = this,
        XAxis = Model.XAxis,
        YAxis = Model.YAxis,
        Traces = [.. ReplicateBars.Traces(Model.Bars, b => b.Count / (b.To - b.From) / Model.Drawn, "at least as far from 0 as the data", "nearer to 0", v => StatisticText.Number(v, 2), Model.Drawn)],
        Lines = double.IsFinite(Model.Observed) ? [new FigureLine("x", Model.Observed, Model.Observed, "paper", 0, 1, Theme.Pooled, 2, "solid")] : [],
        Summary = Model.Summary,
        Remarks = Model.Notes,
        Height = 320,
    });
}
