using System.Collections.Immutable;

namespace EmpathyNotebooks.Plotting;

/// <summary>Rows that fold under another one. Numbers count the moving rows of a chart.</summary>
/// <param name="Heading">The row that stays and is clicked.</param>
/// <param name="Members">The rows under it.</param>
internal sealed record RowFold(int Heading, ImmutableArray<int> Members)
{
    /// <summary>Behind the label of a heading whose rows are folded.</summary>
    public const string ClosedMark = " ►";

    /// <summary>Behind the label of a heading whose rows are shown.</summary>
    public const string OpenMark = " ▼";

    /// <summary>A label without the mark behind it.</summary>
    public static string WithoutMark(string label) => label.EndsWith(ClosedMark, StringComparison.Ordinal) || label.EndsWith(OpenMark, StringComparison.Ordinal)
        ? label[..^OpenMark.Length] : label;
}

/// <summary>How a figure folds. The figure itself holds all rows at the places they have when all are shown; the page's script folds it in the same way.</summary>
/// <param name="Traces">The traces that hold one point for each moving row.</param>
/// <param name="Label">Which of them holds the labels.</param>
/// <param name="RowHeight">The height of a row in pixels.</param>
/// <param name="Groups">What folds.</param>
/// <param name="StartsClosed">True when all are folded at first.</param>
internal sealed record FigureFolds(ImmutableArray<int> Traces, int Label, double RowHeight, ImmutableArray<RowFold> Groups, bool StartsClosed)
{
    /// <summary>The form with all rows folded that can be: they are gone, and what stood below moves up.</summary>
    public FigureForm Close(FigureForm form)
    {
        HashSet<int> members = [.. Groups.SelectMany(g => g.Members)];
        var layout = form.Layout;
        var up = Up(form.Traces[Traces[0]].Y, members);
        return form with
        {
            Traces = [.. form.Traces.Select((trace, index) => Traces.Contains(index)
                ? Only(trace, [.. Enumerable.Range(0, trace.X.Count).Where(i => !members.Contains(i))], up)
                : trace with { Y = [.. trace.Y.Select(y => y is { } at ? up(at) : (double?)null)] })],
            Layout = layout with
            {
                Height = layout.Height - members.Count * RowHeight,
                YAxis = layout.YAxis with { From = up(layout.YAxis.From) },
                Lines = [.. layout.Lines.Select(l => l.YAxis == "y" ? l with { Y0 = up(l.Y0), Y1 = up(l.Y1) } : l)],
                Menu = layout.Menu is null ? null : layout.Menu with { Entries = [.. layout.Menu.Entries.Select(e => (e.Name, Stay(e.Y, members)))] },
            },
        };
    }

    /// <summary>Where a position moves when the members are gone from an order of all rows.</summary>
    private static Func<double, double> Up(IReadOnlyList<double?> positions, IEnumerable<int> members)
    {
        double[] hidden = [.. members.Select(m => positions[m]!.Value).Order()];
        return at => at - hidden.TakeWhile(h => h < at).Count();
    }

    private static IReadOnlyList<double> Stay(IReadOnlyList<double> positions, HashSet<int> members)
    {
        var up = Up([.. positions.Select(p => (double?)p)], members);
        return [.. positions.Where((_, i) => !members.Contains(i)).Select(up)];
    }

    private static Scatter Only(Scatter trace, int[] points, Func<double, double> place)
    {
        IReadOnlyList<T>? Take<T>(IReadOnlyList<T>? all) => all is null ? null : [.. points.Select(i => all[i])];
        return trace with
        {
            X = Take(trace.X)!,
            Y = [.. points.Select(i => trace.Y[i] is { } at ? place(at) : (double?)null)],
            Text = Take(trace.Text), TextPositions = Take(trace.TextPositions), FontColors = Take(trace.FontColors), Hover = Take(trace.Hover),
            MarkerSizes = Take(trace.MarkerSizes), MarkerSymbols = Take(trace.MarkerSymbols), MarkerColors = Take(trace.MarkerColors),
            MarkerOpacities = Take(trace.MarkerOpacities), Spread = Take(trace.Spread),
        };
    }
}
