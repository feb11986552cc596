using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>The numbers of a forest plot as texts whose decimal points stand one below the other.</summary>
internal sealed class ForestNumbers
{
    private readonly EffectMeasure _measure;
    private readonly int _digits;
    private readonly int[] _places = new int[3];

    /// <param name="measure">The measure.</param>
    /// <param name="confidenceLevel">The level of the intervals.</param>
    /// <param name="digits">Decimals.</param>
    /// <param name="shown">Every effect with its interval that will stand in the column.</param>
    public ForestNumbers(EffectMeasure measure, double confidenceLevel, int digits, IEnumerable<(double Estimate, double Lower, double Upper)> shown)
    {
        _measure = measure;
        _digits = digits;
        Level = StatisticText.Level(confidenceLevel);
        foreach (var (estimate, lower, upper) in shown)
        {
            _places[0] = Math.Max(_places[0], Text(estimate).Length);
            _places[1] = Math.Max(_places[1], Text(lower).Length);
            _places[2] = Math.Max(_places[2], Text(upper).Length);
        }
    }

    public string Level { get; }

    public string EstimateHeader => $"{_measure.Symbol} [{Level} CI]";

    /// <summary>The measure's name without the remark on pooling, with its symbol: <c>Correlation r</c>.</summary>
    public string MeasureTitle
    {
        get
        {
            var name = _measure.Name.Split(',')[0];
            return name.Equals(_measure.Symbol, StringComparison.OrdinalIgnoreCase) ? name : $"{name} {_measure.Symbol}";
        }
    }

    /// <summary>Effect and interval, padded so that the decimal points of a column stand one below the other.</summary>
    public string Estimate(double estimate, ConfidenceInterval interval) =>
        $"{Number(estimate, 0)} [{Number(interval.Lower, 1)}, {Number(interval.Upper, 2)}]";

    /// <summary>An interval alone, padded as in <see cref="Estimate"/>.</summary>
    public string Limits(ConfidenceInterval interval) => $"[{Number(interval.Lower, 1)}, {Number(interval.Upper, 2)}]";

    /// <summary>The effect with its interval in a sentence.</summary>
    public string Sentence(double estimate, ConfidenceInterval interval) => $"{_measure.Symbol} = {Text(estimate)}, {Level} CI {Plain(interval)}";

    public string Text(double value) => _measure.Format(value, _digits);

    public string Plain(ConfidenceInterval interval) => $"[{Text(interval.Lower)}, {Text(interval.Upper)}]";

    private string Number(double value, int column) => Text(value).PadLeft(_places[column], '\u2007');
}
