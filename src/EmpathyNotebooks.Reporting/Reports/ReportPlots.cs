using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Reporting;

/// <summary>The figures of a report that fit the kind of model. One that a kind of fit does not define is left out with the reason.</summary>
internal sealed class ReportPlots(Inquiry inquiry, ReportFigures figures, List<Unanswered> leftOut)
{
    /// <summary>Of more rows than this a forest plot does not fit a page; a caterpillar plot does.</summary>
    private const int MostRows = 45;

    /// <summary>Leaving each out takes as many fits.</summary>
    private const int MostRefits = 100;

    /// <summary>The figures of a part.</summary>
    public IEnumerable<FigureBlock> Of(ReportSection section)
    {
        if (figures == ReportFigures.None) return [];
        if (inquiry.Fit is not { } fit) return Counts(section);
        return section switch
        {
            ReportSection.Model => Effects(fit),
            ReportSection.Heterogeneity when IsAll && fit is { IsRandomEffects: true, Mean.HasStandardError: true, TauSquared: > 0 } => Try("true-effects", "Where true effects lie", () => PredictionDistributionPlot.Create(fit)),
            ReportSection.Moderators when IsAll && fit.Moderators is { } moderators => moderators.Variables.SelectMany(variable => Moderator(fit, variable)),
            ReportSection.PublicationBias => [.. Try("funnel", fit.Moderators is null ? "Funnel plot" : "Funnel plot of residuals", () => FunnelPlot.Create(fit, new() { ShowContours = fit.Moderators is null && fit.Measure.HasNullValue })), .. IsAll && fit.Mean is { HasStandardError: true } ? Triangulation(fit) : []],
            ReportSection.Sensitivity when IsAll && (fit.Clusters?.Count ?? fit.Count) <= MostRefits && fit is not RobustVarianceFit => Try("influence", fit.Clusters is null ? "What leaving out each study does" : "What leaving out each cluster does", () => InfluencePlot.Create(fit)),
            ReportSection.Meaning when IsAll && fit.Mean is not null => Meaning(fit),
            _ => [],
        };
    }

    private bool IsAll => figures == ReportFigures.All;

    private IEnumerable<FigureBlock> Effects(IModelFit fit)
    {
        // The forest plot of effects that share samples has a row a sample, and in print one for each of its effects, too.
        var rows = fit.Count;
        return rows <= MostRows ? Try("forest", "Forest plot", () => ForestPlot.Create(fit)) : Try("caterpillar", "The effects in the order of their size", () => CaterpillarPlot.Create(fit));
    }

    private IEnumerable<FigureBlock> Counts(ReportSection section) =>
        section == ReportSection.Model && inquiry.Counts is { Rates.IsEmpty: true } counts ? Try("labbe", "Risks in both groups (L'Abbé plot)", () => LAbbePlot.Create(counts)) : [];

    private IEnumerable<FigureBlock> Moderator(IModelFit fit, VariableModerator variable) => fit.Effects.Column(variable.Column).IsNumeric && variable is NumberModerator
        ? Try($"bubble-{Slug(variable.Column)}", $"Effects by {variable.Column}", () => BubblePlot.Create(fit, new() { Column = variable.Column, At = Others(fit, variable) }))
        : Try($"means-{Slug(variable.Column)}", $"Effects by {variable.Column}", () => OrchardPlot.Create(fit, new() { Column = variable.Column, At = Others(fit, variable) }));

    /// <summary>Where the other moderators are held: numbers at their mean over the effects, categories at their reference or first.</summary>
    private static ModeratorValues? Others(IModelFit fit, VariableModerator shown)
    {
        var values = new ModeratorValues();
        foreach (var other in fit.Moderators!.Variables.Where(v => v.Column != shown.Column && !values.Contains(v.Column)))
        {
            var column = fit.Effects.Column(other.Column);
            var rows = Enumerable.Range(0, column.Count);
            if (other is not CategoryModerator && column.IsNumeric) values[other.Column] = rows.Average(i => column.Number(i)!.Value);
            else values[other.Column] = (other as CategoryModerator)?.Reference ?? column.Sorted(rows.Select(i => column.Text(i)).OfType<string>().Distinct())[0];
        }
        return values.Count > 0 ? values : null;
    }

    private IEnumerable<FigureBlock> Triangulation(IModelFit fit)
    {
        try
        {
            var adjusted = inquiry.Adjustments;
            return adjusted.Estimates.Length == 0 ? [] : Try("triangulation", "The mean under each story of bias", () => TriangulationPlot.Create(fit, adjusted.Estimates));
        }
        catch (Exception fault) when (IsReason(fault))
        {
            // The question of adjusted means has said so.
            return [];
        }
    }

    private IEnumerable<FigureBlock> Meaning(IModelFit fit) => Try("overlap", "The mean effect as two groups", () => OverlapPlot.Create(EffectMeaning.Of(fit, new() { BaseRate = inquiry.Said.Number("--base-rate") })), isSaid: false);

    private IEnumerable<FigureBlock> Try(string name, string caption, Func<IPlot> create, bool isSaid = true)
    {
        inquiry.Cancellation.ThrowIfCancellationRequested();
        IPlot plot;
        try
        {
            plot = create();
            // What does not fit the page is found before anything is written.
            plot.ToSvg(ReportPrint.Options);
        }
        catch (Exception fault) when (fault is ArgumentException || IsReason(fault))
        {
            if (isSaid) leftOut.Add(new Unanswered($"figure: {char.ToLowerInvariant(caption[0])}{caption[1..]}", fault is ArgumentException argument ? argument.Sentence() + "." : fault.Message));
            return [];
        }
        return [new FigureBlock(plot) { Name = name, Caption = caption }];
    }

    private static bool IsReason(Exception fault) => fault is InsufficientStudiesException or ImpossibleChoiceException or UndeterminedException or ConvergenceException or StudyDataException;

    /// <summary>A name of a column as a part of a name of a file.</summary>
    private static string Slug(string column)
    {
        var letters = new string([.. column.ToLowerInvariant().Where(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)).Take(20)]);
        return letters.Length > 0 ? letters : "column";
    }
}
