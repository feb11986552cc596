using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Host.Site;

/// <summary>The chart of the first page: the published correlations, interactive; its picture stands where no script runs and on paper.</summary>
internal static class IndexFigure
{
    /// <summary>The chart, and what draws it where pages share it.</summary>
    public static (string Html, IReadOnlyList<SiteAsset> Assets) Render(SiteForm form)
    {
        var findings = Datasets.PublishedFindings().Where(finding => finding.Statistic == "r")
            .Select(f => new SummaryEstimate($"{f.Predictor}: {f.Review}", f.Estimate, f.Lower, f.Upper, $"{f.Samples} {f.Unit}", f.Citation));
        var plot = ComparisonPlot.Create(findings, EffectMeasure.Correlation);
        var chart = PlotlyHtml.Fragment(plot.ToFigure());
        var isShared = form == SiteForm.Shared;
        return ($"""
            <div class="main-figure">{(isShared ? "" : PlotlyHtml.Library())}{chart}
            <p class="caption">Published correlations of therapist empathy and of the alliance with outcome, with their 95% confidence intervals. Point at a line for its source.
            Correlations do not say what causes what.</p></div>

            """, isShared ? [new SiteAsset(PageLibraries.Charts, "js", ChartLibrary.Script)] : []);
    }
}
