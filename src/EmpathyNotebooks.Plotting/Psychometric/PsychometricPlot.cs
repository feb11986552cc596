using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a psychometric forest plot.</summary>
public sealed record PsychometricPlotOptions : PlotOptions
{
    /// <summary>Decimals of the numbers; 2 by default.</summary>
    public int Digits
    {
        get;
        init => field = value is >= 0 and <= 6 ? value : throw new ArgumentOutOfRangeException(nameof(Digits), value, "Numbers have 0 to 6 decimals.");
    } = 2;
}

/// <summary>A study of a psychometric forest plot.</summary>
/// <param name="Study">The study.</param>
/// <param name="Observed">The interval of its effect as observed.</param>
/// <param name="Corrected">The interval of its corrected effect.</param>
public sealed record PsychometricPlotRow(PsychometricStudy Study, ConfidenceInterval Observed, ConfidenceInterval Corrected);

/// <summary>A psychometric forest plot as plain numbers and texts.</summary>
public sealed record PsychometricPlotModel : PlotModel
{
    /// <summary>The meta-analysis.</summary>
    public required PsychometricFit Fit { get; init; }

    /// <summary>The studies in the order of the data.</summary>
    public required ImmutableArray<PsychometricPlotRow> Rows { get; init; }

    /// <summary>The axis.</summary>
    public required PlotAxis Axis { get; init; }

    /// <summary>Decimals of the numbers.</summary>
    public required int Digits { get; init; }
}

/// <summary>
/// A forest plot with each effect as corrected and, below it, as observed; at the end both means and the credibility interval of true effects. It shows what the corrections do: effects grow, and so do their intervals. When not
/// to use it: without artifacts, where <see cref="ForestPlot"/> of <see cref="PsychometricFit.ToPooled"/> says the same in half the rows.
/// </summary>
public sealed class PsychometricPlot : Plot<PsychometricPlotModel>
{
    private PsychometricPlot(PsychometricPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot.</summary>
    /// <param name="fit">The meta-analysis.</param>
    /// <param name="options">Title and decimals; the defaults if not said.</param>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.009, 0.021, 0.011, 0.009], EffectMeasure.Correlation, sampleSizes: [90, 48, 70, 110],
    ///     columns: [StudyColumn.OfNumbers("rxx", [0.80, 0.75, 0.90, 0.85]), StudyColumn.OfNumbers("ryy", [0.70, 0.80, 0.80, 0.75])]);
    /// var plot = PsychometricPlot.Create(Psychometric.Fit(effects, new() { PredictorReliability = "rxx", OutcomeReliability = "ryy" }));
    /// </code></example>
    public static PsychometricPlot Create(PsychometricFit fit, PsychometricPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new PsychometricPlotOptions();
        var level = fit.Options.ConfidenceLevel;
        var z = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, 1 - (1 - level) / 2);
        ConfidenceInterval Around(double effect, double variance) => new(effect - z * Math.Sqrt(variance), effect + z * Math.Sqrt(variance), level);
        ImmutableArray<PsychometricPlotRow> rows = [.. fit.Studies.Select(s => new PsychometricPlotRow(s, Around(s.Observed, s.ObservedVariance), Around(s.Corrected, s.CorrectedVariance)))];
        // Corrected correlations can lie beyond 1, which the axis of correlations does not reach.
        var (minimum, maximum) = ForestAxis.Choose([.. rows.SelectMany(r => new[] { (r.Observed.Lower, r.Study.Observed, r.Observed.Upper), (r.Corrected.Lower, r.Study.Corrected, r.Corrected.Upper) })],
            [(fit.Corrected.CredibilityInterval.Lower, fit.Corrected.CredibilityInterval.Upper), (fit.Corrected.ConfidenceInterval.Lower, fit.Corrected.ConfidenceInterval.Upper)], EffectMeasure.Generic);
        string Format(double value) => fit.Measure.Format(value, options.Digits);
        var finding = $"Psychometric meta-analysis of {StatisticText.Count(fit.Count)} studies: mean {fit.Measure.Symbol} = {Format(fit.Observed.Mean)}, corrected {Format(fit.Corrected.Mean)}, {StatisticText.Level(level)} CI "
            + $"[{Format(fit.Corrected.ConfidenceInterval.Lower)}, {Format(fit.Corrected.ConfidenceInterval.Upper)}]; {StatisticText.Level(fit.Options.CredibilityLevel)} of true effects in "
            + $"[{Format(fit.Corrected.CredibilityInterval.Lower)}, {Format(fit.Corrected.CredibilityInterval.Upper)}].";
        return new PsychometricPlot(new PsychometricPlotModel
        {
            Title = options.Title,
            Finding = fit.Effects.Origin.IsSimulated ? $"{fit.Effects.Origin.Label}. {finding}" : finding,
            Origin = fit.Effects.Origin,
            Fit = fit,
            Rows = rows,
            Axis = new PlotAxis(fit.Measure == EffectMeasure.Correlation ? "Correlation" : fit.Measure.Name, minimum, maximum, fit.Measure.HasLeadingZero),
            Digits = options.Digits,
            Summary = ["Circle: corrected for artifacts; open circle below it: as observed. Diamonds: the means; bar: where true effects lie.",
                .. fit.PercentExplained is { } share ? [$"{StatisticText.Number(share, 0)}% of the variance is explained by {fit.ExplainedBy}."] : Array.Empty<string>()],
            Notes = fit.Warnings,
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var fit = Model.Fit;
        var hasCorrection = fit.Method != ArtifactMethod.BareBones;
        List<RowItem> rows = [];
        foreach (var (index, (study, observed, corrected)) in Model.Rows.Index())
        {
            var hover = PlotText.Hover(study.Label,
            [
                new("observed", Shown(study.Observed, observed)), .. hasCorrection ? [new("corrected", Shown(study.Corrected, corrected))] : Array.Empty<PlotDetail>(),
                new("n", StatisticText.Count((long)study.SampleSize)), new("weight", StatisticText.Percent(study.Weight)),
                new("variance v", StatisticText.Significant(study.ObservedVariance) + (hasCorrection ? $", corrected {StatisticText.Significant(study.CorrectedVariance)}" : "")),
                .. fit.Effects.Columns.Select(c => new PlotDetail(c.Name, ForestTexts.Value(c, index))),
            ]);
            var n = StatisticText.Count((long)study.SampleSize);
            if (hasCorrection) rows.Add(Row([study.Label, n, Shown(study.Corrected, corrected)], Format(study.Corrected), RowMark.Circle, Theme.Study, study.Corrected, corrected, hover));
            rows.Add(Row(hasCorrection ? ["", "", Shown(study.Observed, observed)] : [study.Label, n, Shown(study.Observed, observed)], Format(study.Observed), RowMark.OpenCircle, hasCorrection ? Theme.Muted : Theme.Study,
                study.Observed, observed, hover) with { TextColor = hasCorrection ? Theme.Muted : Theme.Ink });
        }
        var total = StatisticText.Count((long)fit.TotalSampleSize);
        var symbol = fit.Measure == EffectMeasure.Correlation ? "ρ" : "δ";
        Mean("Bare bones: mean " + fit.Measure.Symbol, fit.Observed);
        if (hasCorrection) Mean($"Corrected: mean {symbol}", fit.Corrected);
        var credibility = fit.Corrected.CredibilityInterval;
        rows.Add(Row([$"{StatisticText.Level(credibility.Level)} credibility interval", "", $"[{Format(credibility.Lower)}, {Format(credibility.Upper)}]"], "", RowMark.Bar, Theme.Prediction, fit.Corrected.Mean, credibility,
            PlotText.Hover("credibility interval", [new("true effects", $"[{Format(credibility.Lower)}, {Format(credibility.Upper)}]")])));
        return RowFigure.Create(new RowChart
        {
            Plot = this,
            Columns =
            [
                new("Study", "Study", ColumnSide.Left, ColumnAlignment.Left, ColumnStay.Always, [260, 220, 180, 130]),
                new("n", "n", ColumnSide.Left, ColumnAlignment.Right, ColumnStay.Medium, [80, 80, 80, 80]),
                new($"{fit.Measure.Symbol} [{StatisticText.Level(fit.Options.ConfidenceLevel)} CI]", fit.Measure.Symbol, ColumnSide.Right, ColumnAlignment.Right, ColumnStay.Always, [280, 280, 90, 90]),
            ],
            Rows = [.. rows],
            Axis = Model.Axis,
            Lines = [.. Model.Axis.Contains(0) ? [new RowLine(0, -0.5, rows.Count - 0.5, Theme.Line, 1.2, null)] : Array.Empty<RowLine>(), new RowLine(fit.Corrected.Mean, -0.5, rows.Count - 0.5, Theme.Pooled, 1.2, "dash")],
            Summary = Model.Summary,
            Notes = Model.Notes,
            RowHeight = hasCorrection ? 19 : 24,
            FontSize = 13,
            LargestMark = 9,
        });

        void Mean(string name, PsychometricEstimate estimate) => rows.Add(Row([name, total, Shown(estimate.Mean, estimate.ConfidenceInterval)], Format(estimate.Mean), RowMark.Diamond, Theme.Pooled, estimate.Mean, estimate.ConfidenceInterval,
            PlotText.Hover(name, [new("mean", Shown(estimate.Mean, estimate.ConfidenceInterval)), new("SD of true effects", Format(estimate.StandardDeviation))])) with
        {
            Bold = true,
            Diamond = ForestAxis.Diamond(estimate.ConfidenceInterval.Lower, estimate.Mean, estimate.ConfidenceInterval.Upper, rows.Count, Model.Axis),
        });

        RowItem Row(ImmutableArray<string> cells, string brief, RowMark mark, ThemeColor color, double estimate, ConfidenceInterval interval, string hover) => new()
        {
            Position = rows.Count, Cells = cells, ShortCells = [cells[0], cells[1], brief], Mark = mark, Color = color, Estimate = estimate, Lower = interval.Lower, Upper = interval.Upper, Hover = hover,
        };
    }

    private string Format(double value) => Model.Fit.Measure.Format(value, Model.Digits);

    private string Shown(double effect, ConfidenceInterval interval) => $"{Format(effect)} [{Format(interval.Lower)}, {Format(interval.Upper)}]";
}
