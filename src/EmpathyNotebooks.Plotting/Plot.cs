using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What every plot model holds beside its own numbers.</summary>
public abstract record PlotModel
{
    /// <summary>The title; empty when there is none.</summary>
    public required string Title { get; init; }

    /// <summary>What the plot shows, in words. Simulated data are said first.</summary>
    public required string Finding { get; init; }

    /// <summary>Where the numbers come from.</summary>
    public required DataOrigin Origin { get; init; }

    /// <summary>The lines below the plot.</summary>
    public ImmutableArray<string> Summary { get; init; } = [];

    /// <summary>What a careful reader should know, such as a fit's warnings.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>What can be chosen in every plot.</summary>
public abstract record PlotOptions
{
    /// <summary>The title; none by default, since the text around a figure usually says what it is.</summary>
    public string Title { get; init; } = "";
}

/// <summary>A plot that is a plain model and the way it is drawn.</summary>
/// <typeparam name="TModel">The model.</typeparam>
public abstract class Plot<TModel> : IPlot
    where TModel : PlotModel
{
    private protected Plot(TModel model) => Model = model;

    /// <summary>The plot as numbers and texts.</summary>
    public TModel Model { get; }

    /// <inheritdoc/>
    public string Title => Model.Title;

    /// <inheritdoc/>
    public string Finding => Model.Finding;

    /// <inheritdoc/>
    public DataOrigin Origin => Model.Origin;

    /// <inheritdoc/>
    public abstract PlotlyFigure ToFigure();

    /// <summary>The finding, for outputs that hold text alone.</summary>
    public override string ToString() => Finding;
}
