using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>How judgements of the risk of bias look: a sign on a coloured ground, so that print and eyes of any kind tell them apart.</summary>
internal static class RiskMarks
{
    /// <summary>Stands for a study that was not judged.</summary>
    public const string None = "–";

    public static ThemeColor Color(RiskGrade grade) => grade switch
    {
        RiskGrade.Low => Theme.Prediction, RiskGrade.Moderate => Theme.Fifth, RiskGrade.High => Theme.Pooled, RiskGrade.Critical => Theme.Fourth, _ => Theme.Muted,
    };

    /// <summary>The colour of the ground of a sign; null for what is none.</summary>
    public static ThemeColor? Color(string symbol) => Enum.GetValues<RiskGrade>().Where(g => new RiskJudgement("", g, []).Symbol == symbol).Select(Color).FirstOrDefault();

    /// <summary>The judgements of each effect as columns of signs, a domain each, then overall.</summary>
    public static IEnumerable<StudyColumn> Columns(RiskOfBias? risk, StudyEffects effects)
    {
        if (risk is null) yield break;
        var studies = risk.RisksOf(effects);
        foreach (var (d, domain) in risk.Tool.Domains.Index()) yield return StudyColumn.OfTexts(domain.Code, studies.Select(s => s?.Judgements[d].Symbol ?? None));
        if (risk.Tool.HasOverall) yield return StudyColumn.OfTexts(RiskOfBias.Overall, studies.Select(s => s?.Overall?.Symbol ?? None));
    }

    /// <summary>The headings of these columns.</summary>
    public static IEnumerable<ForestColumn> Heads(RiskOfBias? risk) => risk is null ? [] : Codes(risk).Select(code => new ForestColumn(ForestColumnKind.RiskOfBias, code, ColumnSide.Right, ColumnAlignment.Center));

    /// <summary>The codes of the domains, then overall.</summary>
    public static IEnumerable<string> Codes(RiskOfBias risk) => [.. risk.Tool.Domains.Select(d => d.Code), .. risk.Tool.HasOverall ? [RiskOfBias.Overall] : Array.Empty<string>()];

    /// <summary>What signs and codes mean.</summary>
    public static IEnumerable<string> Key(RiskOfBias? risk) => risk is null ? [] :
    [
        $"Risk of bias by {risk.Tool.Name}: {string.Join("; ", risk.Tool.Domains.Select(d => $"{d.Code} {d.Name}"))}.",
        string.Join(", ", risk.Tool.Judgements.Select(j => $"{j.Symbol} {j.Name.ToLowerInvariant()}")) + ".",
    ];

    /// <summary>The judgements as they are drawn: one trace of marks a judgement, named in the legend, and one of signs.</summary>
    public static Scatter Marks(RiskJudgement judgement, IReadOnlyList<(double X, double Y, string Hover)> at, double size) => new()
    {
        Name = $"{judgement.Symbol} {judgement.Name}", Mode = "markers", ShowLegend = true, MarkerSymbol = "circle", MarkerSize = size, MarkerColor = Color(judgement.Grade), MarkerLineWidth = 0,
        X = [.. at.Select(p => (double?)p.X)], Y = [.. at.Select(p => (double?)p.Y)], Hover = [.. at.Select(p => p.Hover)],
    };

    public static Scatter Signs(string name, IReadOnlyList<(double X, double Y, string Text)> at, double size) => new()
    {
        Name = name, Mode = "text", TextPosition = "middle center", FontSize = size, FontColor = Theme.Surface,
        X = [.. at.Select(p => (double?)p.X)], Y = [.. at.Select(p => (double?)p.Y)], Text = [.. at.Select(p => $"<b>{PlotText.Escape(p.Text)}</b>")],
    };
}
