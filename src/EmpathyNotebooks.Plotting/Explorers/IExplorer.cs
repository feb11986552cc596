using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// Something to try out: it recomputes in the reader's browser with plain JavaScript of its own, and so works in a notebook, on the site and in a
/// file that was mailed. What it starts from stands in a plain model that tests read; this is what all explorers have in common, so that a
/// notebook needs one formatter for all of them.
/// </summary>
public interface IExplorer
{
    /// <summary>The title above it; empty when the text around it says what it is.</summary>
    string Title { get; }

    /// <summary>What it shows at the start, in a sentence or two: its text where nothing can be tried out.</summary>
    string Finding { get; }

    /// <summary>Where the numbers come from; simulated ones are labelled.</summary>
    DataOrigin Origin { get; }

    /// <summary>The explorer as a part of a page that needs nothing else: an element, its script, its data.</summary>
    string ToHtml();

    /// <summary>The explorer as a page of its own, to be saved or sent.</summary>
    string ToPage();
}

/// <summary>What can be chosen in every explorer.</summary>
public abstract record ExplorerOptions
{
    /// <summary>The title; none by default, since the text around it usually says what it is.</summary>
    public string Title { get; init; } = "";
}

/// <summary>What every explorer's model holds beside its own numbers.</summary>
public abstract record ExplorerModel
{
    /// <summary>The title; empty when there is none.</summary>
    public required string Title { get; init; }

    /// <summary>What the explorer shows at the start, in words. Simulated data are said first.</summary>
    public required string Finding { get; init; }

    /// <summary>Where the numbers come from.</summary>
    public required DataOrigin Origin { get; init; }

    /// <summary>What a careful reader should know, shown below.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>What the script starts from.</summary>
    internal abstract object Payload();
}

/// <summary>An explorer that is a plain model and the script that draws it.</summary>
/// <typeparam name="TModel">The model.</typeparam>
public abstract class Explorer<TModel> : IExplorer
    where TModel : ExplorerModel
{
    private readonly string _kind;

    private protected Explorer(string kind, TModel model)
    {
        _kind = kind;
        Model = model;
    }

    /// <summary>What the explorer starts from, as numbers and texts.</summary>
    public TModel Model { get; }

    /// <inheritdoc/>
    public string Title => Model.Title;

    /// <inheritdoc/>
    public string Finding => Model.Finding;

    /// <inheritdoc/>
    public DataOrigin Origin => Model.Origin;

    /// <inheritdoc/>
    public string ToHtml() => ExplorerHtml.Fragment(_kind, Model);

    /// <inheritdoc/>
    public string ToPage() => ExplorerHtml.Page(Title.Length > 0 ? Title : "Explorer", this);

    /// <summary>The finding, for outputs that hold text alone.</summary>
    public override string ToString() => Finding;
}
