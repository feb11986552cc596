using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a flow diagram.</summary>
public sealed record PrismaFlowPlotOptions : PlotOptions
{
    /// <summary>Where the counts come from; your own by default.</summary>
    public DataOrigin Origin { get; init; } = DataOrigin.Own;
}

/// <summary>A box of a flow diagram.</summary>
/// <param name="Heading">What it counts.</param>
/// <param name="Lines">Its further lines: sources, reasons.</param>
/// <param name="Column">0 for the way of databases and registers, 1 for what leaves it, 2 and 3 for other methods.</param>
/// <param name="Phase">0 identification, 1 to 3 screening, 4 included, 5 in all.</param>
public sealed record PrismaBox(string Heading, ImmutableArray<string> Lines, int Column, int Phase);

/// <summary>A flow diagram as plain texts.</summary>
public sealed record PrismaFlowPlotModel : PlotModel
{
    /// <summary>The counts, complete.</summary>
    public required PrismaFlow Flow { get; init; }

    /// <summary>The boxes.</summary>
    public required ImmutableArray<PrismaBox> Boxes { get; init; }
}

/// <summary>
/// The PRISMA 2020 flow diagram (Page et al. 2021, BMJ 372, n71), from counts that were checked. It prints as SVG, PDF and PNG and stands in pages as other plots do; on a narrow page other methods stand below databases and registers. When
/// not to use it: for a review whose records were not counted.
/// </summary>
public sealed class PrismaFlowPlot : Plot<PrismaFlowPlotModel>
{
    private PrismaFlowPlot(PrismaFlowPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the diagram.</summary>
    /// <param name="flow">The counts.</param>
    /// <param name="options">Title and origin; the defaults if not said.</param>
    /// <exception cref="PrismaCountException">Counts do not add up.</exception>
    /// <exception cref="ArgumentException">A count is below 0, or nothing was identified.</exception>
    /// <example><code>
    /// var plot = PrismaFlowPlot.Create(new() { Databases = [new("PsycINFO", 120)], Duplicates = 20, RecordsExcluded = 60, ReportsExcluded = [new("no control group", 25)], StudiesIncluded = 15 });
    /// Console.WriteLine(plot.Finding);
    /// </code></example>
    public static PrismaFlowPlot Create(PrismaFlow flow, PrismaFlowPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        options ??= new PrismaFlowPlotOptions();
        flow = flow.Check();
        var finding = $"PRISMA 2020 flow of studies. {flow}";
        return new PrismaFlowPlot(new PrismaFlowPlotModel
        {
            Title = options.Title,
            Finding = options.Origin.IsSimulated ? $"{options.Origin.Label}. {finding}" : finding,
            Origin = options.Origin,
            Flow = flow,
            Boxes = [.. Boxes(flow)],
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure() => PrismaFlowFigure.Create(this);

    private static IEnumerable<PrismaBox> Boxes(PrismaFlow flow)
    {
        // A count is never cut off from its sign.
        static string N(int? count) => $"(n\u00a0=\u00a0{StatisticText.Count(count ?? 0)})";
        static ImmutableArray<string> Listed(ImmutableArray<PrismaCount> counts) => [.. counts.Select(c => $"{c.Name} {N(c.Count)}")];
        ImmutableArray<string> Sources(ImmutableArray<PrismaCount> counts, string name) => counts.Length == 0 ? [] : [$"{name} {N(PrismaFlow.Sum(counts))}", .. counts.Length == 1 ? [] : counts.Select(c => $"–\u00a0{c.Name} {N(c.Count)}")];
        if (flow.PreviousStudies is not null || flow.PreviousReports is not null)
        {
            yield return new("Studies of the previous version of the review", [.. flow.PreviousStudies is { } studies ? [$"studies {N(studies)}"] : Array.Empty<string>(), .. flow.PreviousReports is { } reports ? [$"reports {N(reports)}"] : Array.Empty<string>()], 0, -1);
        }
        yield return new("Records identified from", [.. Sources(flow.Databases, "databases"), .. Sources(flow.Registers, "registers")], 0, 0);
        yield return new("Records removed before screening",
            [
                $"duplicates {N(flow.Duplicates)}", .. flow.MarkedByAutomation is { } marked ? [$"marked as ineligible by automation tools {N(marked)}"] : Array.Empty<string>(),
                .. flow.RemovedOtherwise is { } other ? [$"other reasons {N(other)}"] : Array.Empty<string>(),
            ], 1, 0);
        yield return new($"Records screened {N(flow.Screened)}", [], 0, 1);
        yield return new($"Records excluded {N(flow.RecordsExcluded)}", [], 1, 1);
        yield return new($"Reports sought for retrieval {N(flow.ReportsSought)}", [], 0, 2);
        yield return new($"Reports not retrieved {N(flow.ReportsNotRetrieved)}", [], 1, 2);
        yield return new($"Reports assessed for eligibility {N(flow.ReportsAssessed)}", [], 0, 3);
        yield return new($"Reports excluded {N(PrismaFlow.Sum(flow.ReportsExcluded))}", Listed(flow.ReportsExcluded), 1, 3);
        if (flow.HasOtherMethods)
        {
            yield return new("Records identified by other methods", Listed(flow.OtherMethods), 2, 0);
            yield return new($"Reports sought for retrieval {N(flow.OtherSought)}", [], 2, 2);
            yield return new($"Reports not retrieved {N(flow.OtherNotRetrieved)}", [], 3, 2);
            yield return new($"Reports assessed for eligibility {N(flow.OtherAssessed)}", [], 2, 3);
            yield return new($"Reports excluded {N(PrismaFlow.Sum(flow.OtherExcluded))}", Listed(flow.OtherExcluded), 3, 3);
        }
        yield return new($"New studies included {N(flow.StudiesIncluded)}", [$"reports of new studies {N(flow.ReportsIncluded)}"], 0, 4);
        if (flow.TotalStudies is { } total) yield return new($"Studies included in all {N(total)}", flow.TotalReports is { } all ? [$"reports of all studies {N(all)}"] : [], 0, 5);
    }
}
