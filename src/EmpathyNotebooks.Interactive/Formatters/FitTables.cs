using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks;

/// <summary>Tables of fits and of what belongs to them.</summary>
internal static class FitTables
{
    public static ResultTable Pooled(PooledFit fit)
    {
        var measure = fit.Effects.Measure;
        var percent = StatisticText.Level(fit.ConfidenceLevel);
        var shown = fit.BackTransformed;
        var statistic = fit.DegreesOfFreedom is { } df ? $"t({StatisticText.DegreesOfFreedom(df)})" : "z";
        var table = new ResultTable(Title(fit), ("", Align.Left), ("estimate", Align.Right), ($"{percent} CI", Align.Right),
            ($"{percent} prediction interval", Align.Right), ("SE", Align.Right), (statistic, Align.Right), ("p", Align.Right));
        table.DataLabel(fit.Effects.Origin);
        // A proportion or a mean of one group is not tested against 0.
        var (test, p) = measure.HasNullValue ? (StatisticText.Number(fit.Statistic), StatisticText.PValue(fit.PValue)) : ("–", "–");
        if (measure.IsTransformed)
        {
            table.Row(measure.Symbol, measure.Format(shown.Estimate, 3), Interval(shown.ConfidenceInterval, measure, 3),
                shown.PredictionInterval is { } prediction ? Interval(prediction, measure, 3) : "–", "", "", "");
        }
        var digits = Digits(fit.StandardError);
        table.Row(measure.AnalysisSymbol, StatisticText.Number(fit.Estimate, digits), Interval(fit.ConfidenceInterval, digits),
            fit.PredictionInterval is { } predicted ? Interval(predicted, digits) : "–", StatisticText.Number(fit.StandardError, digits), test, p);
        table.Note(Line(fit.Heterogeneity));
        if (measure.DisplayNote is { } note) table.Note(note);
        foreach (var warning in fit.Warnings) table.Note("Note: " + warning);
        return table;
    }

    public static ResultTable Heterogeneity(HeterogeneityMeasures heterogeneity)
    {
        var effects = heterogeneity switch
        {
            Heterogeneity pooled => pooled.Fit.Effects,
            ResidualHeterogeneity residual => residual.Fit.Effects,
            _ => throw new ArgumentException($"There is no table for {heterogeneity.GetType().Name}.", nameof(heterogeneity)),
        };
        var table = new ResultTable("Heterogeneity", ("", Align.Left), ("estimate", Align.Right),
            ($"{StatisticText.Level(heterogeneity.ConfidenceLevel)} CI (Q-profile)", Align.Right), ("what it says", Align.Left));
        table.DataLabel(effects.Origin);
        table.Row($"Q({StatisticText.Count(heterogeneity.Q.DegreesOfFreedom)})", StatisticText.Number(heterogeneity.Q.Statistic), "",
            $"{StatisticText.PValueWithSymbol(heterogeneity.Q.PValue)}: could one true effect give effects this different?");
        if (heterogeneity.IsRandomEffects)
        {
            table.Row("τ²", StatisticText.Significant(heterogeneity.TauSquared), Interval(heterogeneity.TauSquaredInterval, v => StatisticText.Significant(v)),
                "variance of true effects");
            table.Row("τ", StatisticText.Significant(heterogeneity.Tau), Interval(heterogeneity.TauInterval, v => StatisticText.Significant(v)),
                "standard deviation of true effects");
        }
        table.Row("I²", StatisticText.Percent(heterogeneity.ISquared), Interval(heterogeneity.ISquaredInterval, v => StatisticText.Percent(v)),
            "share of the variance that is not sampling error");
        table.Row("H²", StatisticText.Number(heterogeneity.HSquared), Interval(heterogeneity.HSquaredInterval, v => StatisticText.Number(v)),
            "total over sampling variance");
        return table;
    }

    public static ResultTable LeaveOneOut(IEnumerable<LeaveOneOutRow> rows)
    {
        var table = new ResultTable("Leave one out", ("without", Align.Left), ("estimate", Align.Right), ("CI", Align.Right), ("τ²", Align.Right),
            ("I²", Align.Right), ("Q", Align.Right));
        foreach (var row in rows)
        {
            var measure = row.Fit.Effects.Measure;
            var shown = row.Fit.BackTransformed;
            table.DataLabel(row.Fit.Effects.Origin);
            table.Row(row.Label, measure.Format(shown.Estimate, 3), Interval(shown.ConfidenceInterval, measure, 3),
                StatisticText.Significant(row.Fit.TauSquared), StatisticText.Percent(row.Fit.Heterogeneity.ISquared),
                StatisticText.Number(row.Fit.Heterogeneity.Q.Statistic));
        }
        return table;
    }

    /// <summary>Several fits one under the other, each named by how it was made: what a choice of method changes, τ² and the prediction interval included.</summary>
    public static ResultTable Compared(IEnumerable<PooledFit> fits) =>
        Compared("Models compared", "model", fits.Select(fit => KeyValuePair.Create(Method(fit), fit)));

    /// <summary>Several fits, each under the name it was given.</summary>
    public static ResultTable Compared(IEnumerable<KeyValuePair<string, PooledFit>> fits) => Compared("", "", fits);

    private static ResultTable Compared(string title, string first, IEnumerable<KeyValuePair<string, PooledFit>> fits)
    {
        var table = new ResultTable(title, (first, Align.Left), ("k", Align.Right), ("estimate", Align.Right), ("CI", Align.Right),
            ("prediction interval", Align.Right), ("τ²", Align.Right), ("I²", Align.Right));
        foreach (var (name, fit) in fits)
        {
            var measure = fit.Effects.Measure;
            var shown = fit.BackTransformed;
            table.DataLabel(fit.Effects.Origin);
            table.Row(name, StatisticText.Count(fit.Count), measure.Format(shown.Estimate, 3), Interval(shown.ConfidenceInterval, measure, 3),
                shown.PredictionInterval is { } prediction ? Interval(prediction, measure, 3) : "–",
                fit.IsRandomEffects ? StatisticText.Significant(fit.TauSquared) : "–", StatisticText.Percent(fit.Heterogeneity.ISquared));
        }
        return table;
    }

    private static string Method(PooledFit fit) => $"{fit.MethodCode}, {Name(fit.Inference)}";

    public static ResultTable Effects(StudyEffects effects)
    {
        const int most = 20;
        var measure = effects.Measure;
        var columns = new List<(string, Align)> { ("", Align.Left) };
        if (effects.HasSampleSizes) columns.Add(("n", Align.Right));
        if (measure.IsTransformed) columns.Add((measure.Symbol, Align.Right));
        columns.Add(($"y ({measure.AnalysisSymbol})", Align.Right));
        columns.Add(("v", Align.Right));
        columns.AddRange(effects.Columns.Select(c => (c.Name, c.IsNumeric ? Align.Right : Align.Left)));
        var table = new ResultTable($"{StatisticText.Count(effects.Count)} effects: {measure.Name}", [.. columns]);
        table.DataLabel(effects.Origin);
        for (var i = 0; i < Math.Min(most, effects.Count); i++)
        {
            var cells = new List<string> { effects.Labels[i] };
            if (effects.HasSampleSizes) cells.Add(StatisticText.Count(effects.SampleSizes[i]));
            if (measure.IsTransformed) cells.Add(measure.Format(effects.EffectOf(i).DisplayValue, 3));
            cells.Add(StatisticText.Number(effects.Effects[i], 4));
            cells.Add(StatisticText.Significant(effects.Variances[i]));
            cells.AddRange(effects.Columns.Select(c => c.Text(i) ?? ""));
            table.Row([.. cells]);
        }
        if (effects.Count > most) table.Note($"... and {StatisticText.Count(effects.Count - most)} more.");
        if (measure.DisplayNote is { } note) table.Note(note);
        return table;
    }

    private static string Title(PooledFit fit)
    {
        var inference = Name(fit.Inference);
        var people = fit.Effects.TotalSampleSize is { } n ? $", N = {StatisticText.Count(n)}" : "";
        var model = (fit.IsRandomEffects, fit.MethodCode) switch
        {
            (true, var code) => $"Random-effects model ({code}, {inference} inference)",
            (_, "FE") => $"Fixed-effects model ({inference} inference)",
            _ => $"Equal-effects model ({inference} inference)",
        };
        return $"{model}, k = {StatisticText.Count(fit.Count)}{people}";
    }

    internal static string Name(Inference inference) => inference switch
    {
        Inference.HartungKnapp => "Hartung-Knapp",
        Inference.HartungKnappAdHoc => "Hartung-Knapp ad hoc",
        Inference.KenwardRoger => "Kenward-Roger",
        Inference.StudentT => "t",
        Inference.Normal => "normal",
        _ => throw new ArgumentOutOfRangeException(nameof(inference), inference, "There is no such kind of inference."),
    };

    private static string Line(Heterogeneity heterogeneity) => heterogeneity.Fit.IsRandomEffects
        ? $"Heterogeneity: {heterogeneity.Q}; τ² = {StatisticText.Significant(heterogeneity.TauSquared)}, τ = {StatisticText.Significant(heterogeneity.Tau)}, I² = {StatisticText.Percent(heterogeneity.ISquared)}."
        : $"Heterogeneity: {heterogeneity.Q}; I² = {StatisticText.Percent(heterogeneity.ISquared)}. This model assumes there is none.";

    private static string Interval(ConfidenceInterval interval, EffectMeasure measure, int digits) =>
        $"[{measure.Format(interval.Lower, digits)}, {measure.Format(interval.Upper, digits)}]";

    internal static string Interval(ConfidenceInterval interval, int digits) =>
        $"[{StatisticText.Number(interval.Lower, digits)}, {StatisticText.Number(interval.Upper, digits)}]";

    /// <summary>Decimals that show three digits of a standard error: four, more where it is small, two where it is large.</summary>
    internal static int Digits(double standardError) => !(standardError > 0) ? 4
        : standardError >= 10 ? 2 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(standardError)), 4, 12);

    private static string Interval(ConfidenceInterval? interval, Func<double, string> format) =>
        interval is { } known ? $"[{format(known.Lower)}, {format(known.Upper)}]" : "–";
}
