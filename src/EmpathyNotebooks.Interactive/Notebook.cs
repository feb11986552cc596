using Deedle;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Reporting;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;
using SkiaSharp;

namespace EmpathyNotebooks;

/// <summary>The one call a notebook begins with.</summary>
public static class Notebook
{
    private const string Html = "text/html";
    private const string Plain = "text/plain";

    private static bool _watchesDataFrames;

    /// <summary>
    /// Registers how results, charts, frames and matrices are shown, as HTML and as plain text. End the first cell with it; calling it again does
    /// no harm. It works alike in every host that formats through Microsoft.DotNet.Interactive.Formatting.
    /// </summary>
    /// <returns>What to show: the version, and how data are labelled.</returns>
    /// <example><code>
    /// Notebook.Start()
    /// </code></example>
    public static NotebookStart Start()
    {
        Register();
        ChartServer.StartInForeignKernel();
        return new NotebookStart();
    }

    /// <summary>A progress bar at this place of the notebook, for a computation that takes long; it ends with it.</summary>
    /// <param name="what">What takes long, in a few words.</param>
    /// <example><code>
    /// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ));
    /// fit.Bootstrap(new FitBootstrapOptions { Replicates = 1_000 }, Notebook.Progress("bootstrap"))
    /// </code></example>
    public static NotebookProgress Progress(string what) => new(what);

    /// <summary>Registers how values are shown, without showing anything: what <see cref="Start"/> does, for a host that does it for its notebooks.</summary>
    public static void Register()
    {
        foreach (var type in Answers.Types)
        {
            Register(type, result => HtmlWriter.Write(Answers.Say(result)), result => PlainTextWriter.Write(Answers.Say(result)));
        }
        Register(typeof(Block), block => HtmlWriter.Write((Block)block), block => PlainTextWriter.Write((Block)block));
        Register(typeof(Document), document => HtmlWriter.Write((Document)document), document => PlainTextWriter.Write((Document)document));
        Register(typeof(Report), report => HtmlWriter.Write(((Report)report).Document), report => PlainTextWriter.Write(((Report)report).Document));
        Tables<IFrame>(ArrayTables.Frame);
        Tables(typeof(Series<,>), ArrayTables.Series);
        Tables<Matrix<double>>(ArrayTables.Matrix);
        Tables<Vector<double>>(ArrayTables.Vector);
        Register(typeof(IPlot), plot => PlotlyHtml.Fragment(((IPlot)plot).ToFigure()), plot => Text((IPlot)plot));
        Register(typeof(IExplorer), explorer => ((IExplorer)explorer).ToHtml(), explorer => Text((IExplorer)explorer));
        Register(typeof(NotebookStart), s => $"<p>{HtmlWriter.Escape(s.ToString()!)}</p>", s => s.ToString()!);
        Register(typeof(ProgressState), state => ((ProgressState)state).Html, state => state.ToString()!);
        RegisterReadersOwn();
    }

    /// <summary>What a reader makes with the libraries that come with ours, or brings.</summary>
    private static void RegisterReadersOwn()
    {
        Register(typeof(PlotlyFigure), figure => PlotlyHtml.Fragment((PlotlyFigure)figure), figure => Text((PlotlyFigure)figure));
        Register(typeof(GenericChart), chart => PlotlyCharts.Html((GenericChart)chart), chart => PlotlyCharts.Text((GenericChart)chart));
        Register(typeof(byte[]), bytes => Pictures.Html((byte[])bytes), bytes => Pictures.Text((byte[])bytes));
        Register(typeof(SKBitmap), bitmap => Pictures.Html((SKBitmap)bitmap), bitmap => Pictures.Text((SKBitmap)bitmap));
        Register(typeof(SKImage), image => Pictures.Html((SKImage)image), image => Pictures.Text((SKImage)image));
        Content(typeof(MarkdownContent), "text/markdown", content => ((MarkdownContent)content).Text);
        Content(typeof(LatexContent), "text/latex", content => ((LatexContent)content).Delimited);
        Content(typeof(SvgContent), "image/svg+xml", content => ((SvgContent)content).Markup);
        if (Interlocked.Exchange(ref _watchesDataFrames, true)) return;
        DataFrames.WhenLoaded(type => Tables(type, DataFrames.Table));
    }

    private static void Tables<T>(Func<T, Table> table) => Tables(typeof(T), value => table((T)value));

    private static void Tables(Type type, Func<object, Table> table) =>
        Register(type, value => HtmlWriter.Write(table(value)), value => PlainTextWriter.Write(table(value)));

    private static string Text(IPlot plot) => Text(plot.Origin, plot.Title, plot.Finding);

    private static string Text(IExplorer explorer) =>
        Text(explorer.Origin, explorer.Title, explorer.Finding) + "\nIt can be tried out where HTML and scripts are shown.";

    private static string Text(PlotlyFigure figure) => Text(figure.Origin, figure.Title, figure.Finding);

    private static string Text(DataOrigin origin, string title, string finding) =>
        string.Join('\n', new[] { origin.Label, title, finding }.Where(line => line.Length > 0));

    private static void Content(Type type, string mediaType, Func<object, string> content)
    {
        Formatter.Register(type, (value, writer) => writer.Write(content(value)), mediaType);
        Formatter.Register(type, (value, writer) => writer.Write(value.ToString()), Plain);
        Formatter.SetPreferredMimeTypesFor(type, mediaType, Plain);
    }

    private static void Register(Type type, Func<object, string> html, Func<object, string> text)
    {
        Formatter.Register(type, (value, writer) => writer.Write(html(value)), Html);
        Formatter.Register(type, (value, writer) => writer.Write(text(value)), Plain);
        // Both, because a host that trusts no HTML shows only the text.
        Formatter.SetPreferredMimeTypesFor(type, Html, Plain);
    }
}
