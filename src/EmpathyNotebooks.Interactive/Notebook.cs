using Deedle;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
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

    /// <summary>Registers how values are shown, without showing anything: what <see cref="Start"/> does, for a host that does it for its notebooks.</summary>
    public static void Register()
    {
        Table<PooledFit>(FitTables.Pooled);
        Table<MetaRegressionFit>(RegressionTables.Fit);
        Table<IEnumerable<Coefficient>>(RegressionTables.Coefficients);
        Table<HeterogeneityMeasures>(FitTables.Heterogeneity);
        Table<IEnumerable<PooledFit>>(FitTables.Compared);
        Table<IEnumerable<KeyValuePair<string, PooledFit>>>(FitTables.Compared);
        Table<IEnumerable<LeaveOneOutRow>>(FitTables.LeaveOneOut);
        Table<MultilevelFit>(DependentTables.Multilevel);
        Table<IEnumerable<CorrelationSensitivityRow>>(DependentTables.Sensitivity);
        Table<MultivariateFit>(DependentTables.Multivariate);
        Table<IEnumerable<GroupEffect>>(DependentTables.Groups);
        Table<IEnumerable<GroupMean>>(DependentTables.Means);
        Table<IEnumerable<ClusterInfluence>>(EffectDiagnosticTables.Influence);
        Table<IEnumerable<EffectResidual>>(EffectDiagnosticTables.Residuals);
        Table<IEnumerable<ClusterResidual>>(EffectDiagnosticTables.Clusters);
        Table<RobustVarianceFit>(EffectDiagnosticTables.RobustVariance);
        Table<RobustFit>(DependentTables.Robust);
        Table<TwoByTwoFit>(FurtherTables.TwoByTwo);
        Table<LocationScaleFit>(FurtherTables.LocationScale);
        Table<HeterogeneityIntervals>(FurtherTables.Intervals);
        Table<IEnumerable<PairwiseContrast>>(FurtherTables.Contrasts);
        Table<IEnumerable<VarianceInflation>>(FurtherTables.Inflation);
        Table<IEnumerable<BaujatPoint>>(FurtherTables.Baujat);
        Table<IEnumerable<Prediction>>(FurtherTables.Predictions);
        Table<InfluenceAnalysis>(DiagnosticTables.Influence);
        Table<SubgroupAnalysis>(DiagnosticTables.Subgroups);
        Table<IEnumerable<CumulativeRow>>(DiagnosticTables.Cumulative);
        Table<IEnumerable<Blup>>(DiagnosticTables.Blups);
        Table<StudyEffects>(FitTables.Effects);
        Table<StudyTable>(DataTables.StudyTable);
        Table<IEnumerable<PublishedFinding>>(DataTables.Findings);
        Table<IFrame>(ArrayTables.Frame);
        Table(typeof(Series<,>), ArrayTables.Series);
        Table<Matrix<double>>(ArrayTables.Matrix);
        Table<Vector<double>>(ArrayTables.Vector);
        Register(typeof(IPlot), plot => PlotlyHtml.Fragment(((IPlot)plot).ToFigure()), plot => Text((IPlot)plot));
        Register(typeof(IExplorer), explorer => ((IExplorer)explorer).ToHtml(), explorer => Text((IExplorer)explorer));
        foreach (var type in new[] { typeof(EffectSize), typeof(ConfidenceInterval), typeof(QTest), typeof(BinomialEffectSizeDisplay), typeof(MedianSplit),
            typeof(EffectMeasure), typeof(DataOrigin), typeof(PublishedFinding), typeof(Coefficient), typeof(ModeratorTest), typeof(TermTest),
            typeof(LikelihoodRatioTest), typeof(TrueEffectProbability), typeof(HenmiCopas), typeof(OutcomeVariance), typeof(VarianceComponent), typeof(BootstrapTest), typeof(ChiSquaredTest) })
        {
            Register(type, value => ResultTable.Escape(value.ToString()!), value => value.ToString()!);
        }
        Register(typeof(NotebookStart), s => $"<p>{ResultTable.Escape(s.ToString()!)}</p>", s => s.ToString()!);
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
        DataFrames.WhenLoaded(type => Table(type, DataFrames.Table));
    }

    private static void Table<T>(Func<T, ResultTable> table) => Table(typeof(T), value => table((T)value));

    private static void Table(Type type, Func<object, ResultTable> table) =>
        Register(type, value => table(value).ToHtml(), value => table(value).ToText());

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
