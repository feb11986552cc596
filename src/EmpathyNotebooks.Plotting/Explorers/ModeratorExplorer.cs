using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a moderator explorer.</summary>
public sealed record ModeratorExplorerOptions : ExplorerOptions
{
    /// <summary>What the moderator is called; null, the default, for the name of its column.</summary>
    public string? Name { get; init; }

    /// <summary>Decimal places of effects, 0 to 6; 2 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not in 0 to 6.</exception>
    public int Digits
    {
        get;
        init => field = value is >= 0 and <= 6 ? value : throw new ArgumentOutOfRangeException(nameof(Digits), value, "Effects have 0 to 6 decimal places.");
    } = 2;
}

/// <summary>What a moderator explorer starts from: a meta-regression with one moderator.</summary>
public sealed record ModeratorExplorerModel : ExplorerModel
{
    internal static readonly ImmutableDictionary<Inference, string> Tests = MetaAnalysisExplorerModel.Tests;

    /// <summary>The regression as it was fitted.</summary>
    public required MetaRegressionFit Fit { get; init; }

    /// <summary>What the moderator is called.</summary>
    public required string Name { get; init; }

    /// <summary>The categories of the moderator, the one that the others are compared with first; empty where it is a number.</summary>
    public required ImmutableArray<string> Categories { get; init; }

    /// <summary>The moderator of each study: the number, or the place of its category.</summary>
    public required ImmutableArray<double> Values { get; init; }

    /// <summary>How far a study can be moved across.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>How far a study can be moved up and down, on the scale that is pooled.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>Decimal places of effects.</summary>
    public required int Digits { get; init; }

    /// <summary>What is taken off a number, and what it is then divided by.</summary>
    internal (double Centre, double Unit) Coding { get; init; }

    /// <inheritdoc/>
    internal override object Payload()
    {
        var (effects, measure) = (Fit.Effects, Fit.Effects.Measure);
        var step = PlotAxis.Step((XAxis.Maximum - XAxis.Minimum) / 100).Step;
        return new
        {
            title = Title,
            measure = DisplayScale.Describe(measure, Digits),
            scale = measure.AnalysisSymbol,
            name = PlotText.Clean(Name),
            // The name of the coefficient, which says how a number is centred and scaled.
            coefficient = PlotText.Clean(Fit.Coefficients[1].Name),
            coefficients = Fit.CoefficientCount,
            names = Fit.Coefficients.Select(c => PlotText.Clean(c.Name)),
            categories = Categories.Select(PlotText.Clean),
            centre = Coding.Centre,
            unit = Coding.Unit,
            level = StatisticText.Level(Fit.ConfidenceLevel),
            settings = new { method = MetaAnalysisExplorerModel.Methods[Fit.Estimator!.Value], test = Tests[Fit.Inference], level = Fit.ConfidenceLevel },
            nullValue = measure.HasNullValue ? measure.NullValue : (double?)null,
            x = new { minimum = XAxis.Minimum, maximum = XAxis.Maximum, step = Categories.IsEmpty ? step : 1 },
            y = new
            {
                minimum = YAxis.Minimum, maximum = YAxis.Maximum, title = YAxis.Title, step = PlotAxis.Step((YAxis.Maximum - YAxis.Minimum) / 200).Step,
                ticks = MetaAnalysisExplorerModel.Ticks(YAxis, measure, vertical: true),
            },
            studies = Enumerable.Range(0, effects.Count).Select(i => new { label = PlotText.Clean(effects.Labels[i]), x = Values[i], y = effects.Effects[i], v = effects.Variances[i] }),
        };
    }
}

/// <summary>
/// A moderator to try out: the bubble plot of a meta-regression whose studies can be moved, by dragging or by two sliders, across (another value or category of the moderator) and up and down (another effect). Line, slope with
/// interval and p, R² and the tau² that is left follow, computed by the fit's own estimator and inference; beside them stands the regression as it was, and the leverage hᵢ = wᵢxᵢ'(X'WX)⁻¹xᵢ of the chosen study, which sums to the number
/// of coefficients over all studies (Viechtbauer and Cheung 2010, Research Synthesis Methods 1, 112-125). It teaches that a study far from the others across holds the line, and one in the middle hardly does, and how few studies
/// a slope may hang on. When misleading: a moved study is no data any more; the explorer says so, and is for understanding, not for choosing which study to doubt.
/// </summary>
public sealed class ModeratorExplorer : Explorer<ModeratorExplorerModel>
{
    private ModeratorExplorer(ModeratorExplorerModel model)
        : base("moderator", model)
    {
    }

    /// <summary>Sets up the explorer.</summary>
    /// <param name="fit">
    /// A meta-regression with a constant and one moderator, a number (as it is, centred or scaled) or a category compared with a reference; tau² by DerSimonian-Laird, Paule-Mandel or REML; inference normal, t or Hartung-Knapp; weights of the model.
    /// </param>
    /// <param name="options">Names and decimals; the defaults if not said.</param>
    /// <exception cref="ImpossibleChoiceException">The fit has other moderators, another estimator, inference or weights.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ,
    ///     columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, 2018])]);
    /// var explorer = ModeratorExplorer.Create(MetaRegression.Fit(effects, Moderator.Number("year")));
    /// </code></example>
    public static ModeratorExplorer Create(MetaRegressionFit fit, ModeratorExplorerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new ModeratorExplorerOptions();
        if (fit.Estimator is not { } estimator || !MetaAnalysisExplorerModel.Methods.ContainsKey(estimator) || !ModeratorExplorerModel.Tests.ContainsKey(fit.Inference) || fit.Options.Weights is not null)
        {
            throw new ImpossibleChoiceException("The explorer refits by DerSimonian-Laird, Paule-Mandel or REML, with normal, t or Hartung-Knapp inference and the weights of the model; this fit has others", ChoiceFault.UndefinedForFit);
        }
        var (column, categories, coding) = Coding(fit);
        var (effects, data) = (fit.Effects, fit.Effects.Column(column));
        ImmutableArray<double> values = [.. Enumerable.Range(0, effects.Count).Select(i => categories.IsEmpty ? data.Number(i)!.Value : categories.IndexOf(data.Text(i)!))];
        var texts = new StudyTexts(effects, fit.ConfidenceLevel, options.Digits);
        var name = options.Name ?? column;
        // As far as the studies reach and somewhat more, so that there is somewhere to drag one.
        var (low, high) = (effects.Effects.Min(), effects.Effects.Max());
        var (left, right) = (values.Min(), values.Max());
        var room = Math.Max(PlotAxis.Room(low, high, 0.15), 2 * Math.Sqrt(effects.Variances.Min()));
        var across = categories.IsEmpty ? 0.1 * (right - left) : 0;
        // What has no values below 0, like weeks or people, is not drawn there.
        var from = left >= 0 ? Math.Max(0, left - across) : left - across;
        return new ModeratorExplorer(new ModeratorExplorerModel
        {
            Title = options.Title,
            Finding = texts.Finding($"Meta-regression of {StudyTexts.Studies(effects.Count)} on {PlotText.Clean(name)} to try out. {Words(fit)} {fit.ModeratorTest}, τ² = {StatisticText.Significant(fit.TauSquared, 3)} is left, R² = {StatisticText.Percent(fit.RSquared!.Value)}."),
            Origin = effects.Origin,
            Notes = [.. fit.Warnings, "A study that is moved is no data any more: nothing that the explorer then shows is a result."],
            Fit = fit,
            Name = name,
            Categories = categories,
            Values = values,
            XAxis = new PlotAxis(name, from, right + across, true),
            YAxis = new PlotAxis(texts.MeasureTitle, low - room, high + room, effects.Measure.HasLeadingZero),
            Digits = options.Digits,
            Coding = coding,
        });
    }

    /// <summary>The column, its categories with the reference first, and how a number is coded.</summary>
    private static (string Column, ImmutableArray<string> Categories, (double Centre, double Unit) Coding) Coding(MetaRegressionFit fit)
    {
        var columns = fit.DesignColumns();
        if (fit.HasIntercept && columns[0].IsIntercept && columns.Length >= 2 && columns.Skip(1).All(c => c.Factors.Length == 1))
        {
            ImmutableArray<DesignFactor> factors = [.. columns.Skip(1).Select(c => c.Factors[0])];
            if (factors is [NumberFactor { Power: 1, Knot: -1 } number]) return (number.Column, [], (number.Centre, number.Unit));
            if (factors.All(f => f is CategoryFactor { Against: null }) && factors.DistinctBy(f => f.Column).Count() == 1)
            {
                var column = factors[0].Column;
                var named = factors.Cast<CategoryFactor>().Select(f => f.Category).ToImmutableArray();
                var reference = Enumerable.Range(0, fit.Count).Select(i => fit.Effects.Column(column).Text(i)!).Distinct().Except(named).ToArray();
                if (reference.Length == 1) return (column, [reference[0], .. named], (0, 1));
            }
        }
        throw new ImpossibleChoiceException($"The explorer moves studies along one number or between the categories of one column, in a model with a constant; this one has {fit.Moderators}", ChoiceFault.UndefinedForFit)
        {
            Choices = ["Moderator.Number(column)", "Moderator.Category(column)"],
        };
    }

    private static string Words(MetaRegressionFit fit) => fit.CoefficientCount > 2 ? "" : $"{PlotText.Clean(fit.Coefficients[1].Name)}: b = {StatisticText.Significant(fit.Coefficients[1].Estimate, 3)} "
        + $"[{StatisticText.Significant(fit.Coefficients[1].ConfidenceInterval.Lower, 3)}, {StatisticText.Significant(fit.Coefficients[1].ConfidenceInterval.Upper, 3)}];";
}
