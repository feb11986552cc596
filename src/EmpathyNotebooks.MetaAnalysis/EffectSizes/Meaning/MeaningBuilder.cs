using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Collects statements; each is a function of the effect, taken at the estimate and at both limits.</summary>
internal sealed class MeaningBuilder(double estimate, ConfidenceInterval? interval, EffectMeaningOptions? options)
{
    private const string NeededToTreat = "number needed to treat";
    private const string NeededForEvent = "number needed to treat for one event more (below 0: for one less)";

    private readonly EffectMeaningOptions _options = options ?? new EffectMeaningOptions();
    private readonly ImmutableArray<MeaningStatement>.Builder _statements = ImmutableArray.CreateBuilder<MeaningStatement>();

    public EffectMeaning Build(EffectMeasure measure, double? difference)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (_options.BaseRate is null && measure != EffectMeasure.RiskDifference)
        {
            warnings.Add("No base rate was given: numbers needed are for an outcome split at its median, or compare a random member of each group. For success above a cut-off they are larger, the more so where success is rare or common: give its base rate.");
        }
        // Of event rates the name says it, since an event can be good or bad.
        if (_statements.Any(s => s.IsForLess && s.Name != NeededForEvent)) warnings.Add("A number needed below 0 is that for one success less: it is a number needed to harm.");
        if (_statements.Any(s => s.Through is not null)) warnings.Add("The interval of the effect holds effects of both signs: that of the number needed runs from harm through infinity to benefit.");
        return new EffectMeaning(measure, estimate, interval, difference, _options, _statements.ToImmutable(), warnings.ToImmutable());
    }

    /// <summary>What two normal groups show that lie d apart.</summary>
    public void Groups(string taken, Func<double, double> toDifference)
    {
        const MeaningModel model = MeaningModel.TwoNormalGroups;
        var must = taken.Length == 0 ? "the outcome is normal in both groups with one standard deviation" : taken + ", and the outcome is normal in both with one standard deviation";
        if (taken.Length > 0) Add(MeaningKind.StandardizedDifference, model, toDifference, "standardized mean difference d", must);
        Add(MeaningKind.U3, model, x => NormalCurve.Probability(toDifference(x)), "of the first group above the average of the second (U3)", must);
        AddOverlap(toDifference, must);
        Add(MeaningKind.CommonLanguage, model, x => NormalCurve.Probability(toDifference(x) / Math.Sqrt(2)), "a random member of the first group ahead of one of the second (common language)", must);
        Rate(model, x => Balance(toDifference(x)), null, "doing better less doing worse than someone of the second group (success-rate difference)", NeededToTreat, must);
        // Of an odds ratio the rates at a base rate follow from itself.
        if (_options.BaseRate is not { } p || taken.Length > 0) return;
        var cut = NormalCurve.Quantile(p);
        Rates(model, x => NormalCurve.Probability(toDifference(x) + cut), _ => p, p, "the first group", "the second group", must + ", and success is a score above a cut-off");
    }

    /// <summary>What two normal variables show whose predictor is split at the median.</summary>
    public void Halves()
    {
        const MeaningModel model = MeaningModel.BivariateNormal;
        const string must = "both variables are normal together";
        Add(MeaningKind.CommonLanguage, model, EffectSizeConversion.CommonLanguageFromR, "of two people the one higher on one variable is higher on the other (common language)", must);
        if (_options.BaseRate is { } p)
        {
            var cut = NormalCurve.Quantile(p);
            double Upper(double r) => 2 * Quadrant(cut, r);
            Rates(model, Upper, r => 2 * p - Upper(r), p, "the upper half", "the lower half", must + ", the predictor is split at its median and success is a score above a cut-off");
        }
        Rates(model, EffectSizeConversion.CommonLanguageFromR, r => 1 - EffectSizeConversion.CommonLanguageFromR(r), null, "the upper half (above the median of the outcome)", "the lower half", must + ", each split at its median");
        Add(MeaningKind.VarianceExplained, model, EffectSizeConversion.VarianceExplained, "variance in common (r²)", "the relation is a straight line", true);
    }

    /// <summary>The binomial effect size display, with what it needs.</summary>
    public void BinaryDisplay() => Rates(MeaningModel.TwoBinaryVariables, r => 0.5 + r / 2, r => 0.5 - r / 2, null, "the high group (binomial effect size display)", "the low group",
        "both variables have two values only, each taken by half of the people; split normal variables show less");

    /// <summary>Rates at the base rate, of which the first is a function of effect and base rate.</summary>
    public void Rates(string same, Func<double, double, double> first)
    {
        if (_options.BaseRate is not { } p) return;
        Rates(MeaningModel.TwoRates, x => first(x, p), _ => p, p, "the first group", "the second group", $"{same} is the same at this base rate as in the studies");
    }

    public void RateDifference()
    {
        const string must = "the difference of rates is the same at every base rate, which it cannot be near 0 and 1";
        if (_options.BaseRate is { } p)
        {
            Rates(MeaningModel.TwoRates, x => Math.Clamp(p + x, 0, 1), _ => p, p, "the first group", "the second group", must);
            return;
        }
        Rate(MeaningModel.TwoRates, x => x, null, "difference of the event rates", NeededForEvent, must);
    }

    private void Rates(MeaningModel model, Func<double, double> first, Func<double, double> second, double? baseRate, string one, string other, string must)
    {
        // Of ratios and differences of rates an event can be good or bad.
        var (rate, needed) = model switch
        {
            MeaningModel.TwoRates => ("event rate", NeededForEvent),
            MeaningModel.TwoNormalGroups => ("success rate", NeededToTreat),
            _ => ("success rate", $"people {(model == MeaningModel.BivariateNormal ? "in the upper half" : "in the high group")} for one success more"),
        };
        var at = baseRate is null || model != MeaningModel.BivariateNormal ? "" : $" where {StatisticText.Percent(baseRate.Value, 0)} of all succeed";
        Add(MeaningKind.FirstRate, model, first, $"{rate} of {one}{at}", must, false, baseRate);
        Add(MeaningKind.SecondRate, model, second, $"{rate} of {other}{(baseRate is null || model == MeaningModel.BivariateNormal ? "" : " (the base rate)")}", must, false, baseRate);
        Rate(model, x => first(x) - second(x), baseRate, $"difference of the {rate}s", needed, must);
    }

    private void Rate(MeaningModel model, Func<double, double> difference, double? baseRate, string name, string needed, string must)
    {
        Add(MeaningKind.RateDifference, model, difference, name, must, false, baseRate);
        var value = difference(estimate);
        if (value == 0) return;
        double? lower = interval is null ? null : difference(interval.Value.Lower), upper = interval is null ? null : difference(interval.Value.Upper);
        var statement = new MeaningStatement(MeaningKind.NumberNeeded, model, 1 / value, null, null, needed, must) { BaseRate = baseRate };
        if (lower is { } low && upper is { } high)
        {
            (low, high) = (Math.Min(low, high), Math.Max(low, high));
            if (low > 0 || high < 0) statement = statement with { Lower = 1 / high, Upper = 1 / low };
            else if (low < 0 && high > 0) statement = statement with { Through = (1 / low, 1 / high) };
        }
        _statements.Add(statement);
    }

    private void Add(MeaningKind kind, MeaningModel model, Func<double, double> of, string name, string must, bool turns = false, double? baseRate = null)
    {
        double? lower = null, upper = null;
        if (interval is { } limits)
        {
            double a = of(limits.Lower), b = of(limits.Upper);
            // The base rate itself has no interval.
            if (a != b || limits.Lower == limits.Upper) (lower, upper) = (Math.Min(a, b), Math.Max(a, b));
            // r² is least at 0.
            if (turns && limits.Lower < 0 && limits.Upper > 0) lower = 0;
        }
        _statements.Add(new MeaningStatement(kind, model, of(estimate), lower, upper, name, must) { BaseRate = baseRate });
    }

    private void AddOverlap(Func<double, double> toDifference, string must)
    {
        double Of(double x) => 2 * NormalCurve.Probability(-Math.Abs(toDifference(x)) / 2);
        double? lower = null, upper = null;
        if (interval is { } limits)
        {
            double a = Of(limits.Lower), b = Of(limits.Upper);
            (lower, upper) = (Math.Min(a, b), toDifference(limits.Lower) < 0 && toDifference(limits.Upper) > 0 ? 1 : Math.Max(a, b));
        }
        _statements.Add(new MeaningStatement(MeaningKind.Overlap, MeaningModel.TwoNormalGroups, Of(estimate), lower, upper, "of both distributions in common (overlap)", must));
    }

    /// <summary>2Φ(d/√2) - 1 as an error function, which keeps its digits near 0.</summary>
    private static double Balance(double d) => MathNet.Numerics.SpecialFunctions.Erf(d / 2);

    /// <summary>P(X above its median, Y above the cut-off that a share p passes), z = Φ⁻¹(p).</summary>
    private static double Quadrant(double z, double r) => NormalCurve.Probability(0, z, Math.Asin(r));
}
