using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// A chart. Its numbers stand in a plain model that tests and other renderers read; this is what all charts have in common, so that a
/// notebook needs one formatter for all of them.
/// </summary>
public interface IPlot
{
    /// <summary>The title above the chart; empty when the text around it says what it is.</summary>
    string Title { get; }

    /// <summary>What the chart shows, in a sentence or two: its text alternative.</summary>
    string Finding { get; }

    /// <summary>Where the numbers come from; simulated ones are labelled in the chart.</summary>
    DataOrigin Origin { get; }

    /// <summary>The chart as an interactive figure.</summary>
    PlotlyFigure ToFigure();
}
