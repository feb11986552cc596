using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The same model fitted several times, each to other effects of the same data.</summary>
internal static class RefitTables
{
    /// <summary>One row a fit: its mean with its interval, or its coefficients where there are several; a dash with the reason below where there is no fit.</summary>
    public static Table Of(string title, string first, IEnumerable<(string Name, int Count, IModelFit? Fit, string? Absence)> refits)
    {
        var rows = refits.ToList();
        var several = rows.Select(r => r.Fit).OfType<IModelFit>().FirstOrDefault(f => f.Mean is null);
        string[] names = several is null ? [] : [.. several.Coefficients.Select(c => c.Name)];
        var table = new Table(title, [(first, Align.Left), ("k", Align.Right), .. several is null ? [("estimate", Align.Right), ("CI", Align.Right)] : names.Select(n => (n, Align.Right)), ("τ²", Align.Right)]);
        foreach (var (name, count, fit, _) in rows)
        {
            if (fit is not null) table.DataLabel(fit.Effects.Origin);
            table.Row([name, StatisticText.Count(count), .. several is null ? MeanOf(fit) : names.Select((_, j) => fit is null ? Numbers.None : StatisticText.Number(fit.Coefficients[j].Estimate, 4)),
                fit?.TauSquared is { } tau2 ? StatisticText.Significant(tau2) : Numbers.None]);
        }
        foreach (var group in rows.Where(r => r.Absence is not null).GroupBy(r => r.Absence)) table.Note($"{string.Join(", ", group.Select(r => r.Name))}: {group.Key}");
        return table;
    }

    private static IEnumerable<string> MeanOf(IModelFit? fit)
    {
        if (fit?.Mean is not { } mean) return [Numbers.None, Numbers.None];
        var measure = fit.Measure;
        return [measure.Format(measure.ToDisplay(mean.Estimate), 3), mean.HasStandardError ? Numbers.Interval(mean.ConfidenceInterval.Transform(measure.ToDisplay), measure) : Numbers.None];
    }
}
