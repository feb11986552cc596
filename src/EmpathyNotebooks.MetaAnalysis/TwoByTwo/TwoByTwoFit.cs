using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Two-by-two tables, or events and person-times, pooled by Mantel-Haenszel or Peto. Estimate, standard error and interval are on the scale that is pooled
/// (logarithms for ratios); <see cref="BackTransformedEstimate"/> is the ratio.
/// </summary>
/// <example><code>
/// LabelledTable[] tables = [new("A", new TwoByTwo(4, 119, 11, 128)), new("B", new TwoByTwo(6, 300, 29, 274))];
/// TwoByTwoFit fit = MantelHaenszel.RiskRatio(tables);
/// Console.WriteLine($"{fit}, {fit.Q}");
/// </code></example>
public sealed class TwoByTwoFit
{
    internal TwoByTwoFit(string method, EffectMeasure measure, IReadOnlyList<LabelledTable> tables, TwoByTwoOptions options,
        double estimate, double standardError, IEnumerable<double> weights)
    {
        if (!double.IsFinite(estimate) || !(standardError > 0) || !double.IsFinite(standardError))
        {
            throw new ImpossibleChoiceException($"The {method} estimate of these tables has no finite value with a positive standard error", ChoiceFault.UndefinedEstimate, nameof(tables));
        }
        Method = method;
        Measure = measure;
        Tables = [.. tables];
        Options = options;
        Estimate = estimate;
        StandardError = standardError;
        double[] raw = [.. weights];
        var sum = raw.Sum();
        Weights = [.. raw.Select(w => w / sum)];
    }

    /// <summary>The method: Mantel-Haenszel or Peto.</summary>
    public string Method { get; }

    /// <summary>metafor's abbreviation of the method, MH or PETO.</summary>
    public string MethodCode => Measure == EffectMeasure.PetoOddsRatio ? "PETO" : "MH";

    /// <summary>What was pooled.</summary>
    public EffectMeasure Measure { get; }

    /// <summary>The tables, in the order given; empty where rates were pooled.</summary>
    public ImmutableArray<LabelledTable> Tables { get; }

    /// <summary>The events and person-times, in the order given; empty where tables were pooled.</summary>
    public ImmutableArray<LabelledRates> Rates { get; internal init; } = [];

    /// <summary>The studies' names.</summary>
    public IEnumerable<string> Labels => Rates.IsEmpty ? Tables.Select(t => t.Label) : Rates.Select(r => r.Label);

    /// <summary>The options used.</summary>
    public TwoByTwoOptions Options { get; }

    /// <summary>How many tables there are, k.</summary>
    public int Count => Weights.Length;

    /// <summary>The pooled effect; the logarithm for a ratio.</summary>
    public double Estimate { get; }

    /// <summary>Its standard error.</summary>
    public double StandardError { get; }

    /// <summary>z, the estimate over its standard error.</summary>
    public double Statistic => Estimate / StandardError;

    /// <summary>The two-sided p-value of no effect.</summary>
    public double PValue => Distributions.NormalTwoSided(Statistic);

    /// <summary>The confidence interval of the estimate, by the normal distribution.</summary>
    public ConfidenceInterval ConfidenceInterval
    {
        get
        {
            var half = Distributions.NormalQuantile(Level.UpperTail(Options.ConfidenceLevel)) * StandardError;
            return new ConfidenceInterval(Estimate - half, Estimate + half, Options.ConfidenceLevel);
        }
    }

    /// <summary>The pooled effect as a reader knows it: the ratio itself, or the difference of risks.</summary>
    public double BackTransformedEstimate => Measure.ToDisplay(Estimate);

    /// <summary>Its confidence interval.</summary>
    public ConfidenceInterval BackTransformedInterval => ConfidenceInterval.Transform(Measure.ToDisplay);

    /// <summary>Each table's share of the pooled effect; they sum to 1. A table that says nothing has 0.</summary>
    public ImmutableArray<double> Weights { get; }

    /// <summary>The effects of the single tables, as they went into Q; null for a table that was left out of it.</summary>
    public ImmutableArray<EffectSize?> TableEffects { get; internal init; }

    /// <summary>The test that all tables have one effect.</summary>
    public QTest Q { get; internal init; }

    /// <summary>The share of variance that is heterogeneity, (Q - df)/Q and at least 0, as a fraction.</summary>
    public double ISquared => Q.Statistic > Q.DegreesOfFreedom ? (Q.Statistic - Q.DegreesOfFreedom) / Q.Statistic : 0;

    /// <summary>Q over its degrees of freedom; 1 with one table.</summary>
    public double HSquared => Q.DegreesOfFreedom == 0 ? 1 : Q.Statistic / Q.DegreesOfFreedom;

    /// <summary>
    /// The Cochran-Mantel-Haenszel test that all odds ratios are 1, with the hypergeometric variance; for a ratio of rates the same test of person-time. Null for
    /// other measures.
    /// Source: Mantel &amp; Haenszel (1959), Journal of the National Cancer Institute 22, 719-748.
    /// </summary>
    public ChiSquaredTest? CochranMantelHaenszel { get; internal init; }

    /// <summary>Cochran's (1954) test that all odds ratios are 1, with the binomial variance. Null for other measures.</summary>
    public ChiSquaredTest? Cochran { get; internal init; }

    /// <summary>
    /// The test that all odds ratios are equal. Null for other measures or with fewer than two informative tables. Source:
    /// Breslow &amp; Day (1980), p. 142.
    /// </summary>
    public ChiSquaredTest? BreslowDay { get; internal init; }

    /// <summary>
    /// The Breslow-Day test with the correction that makes it valid for the Mantel-Haenszel estimate (metafor's TA). Prefer it.
    /// Source: Tarone (1985), Biometrika 72, 91-95; Breslow (1996).
    /// </summary>
    public ChiSquaredTest? Tarone { get; internal init; }

    /// <summary>What a reader must know: tables that say nothing, tables with additions to zero cells.</summary>
    public ImmutableArray<string> Warnings
    {
        get => double.IsFinite(BackTransformedInterval.Upper) && double.IsFinite(BackTransformedEstimate) ? field
            : [.. field, string.Create(CultureInfo.InvariantCulture, $"The {Measure.Symbol} or its upper limit is larger than a computer can hold: read the logarithm, {Estimate:G6} with a standard error of {StandardError:G6}. The tables are too lopsided for this method.")];
        internal init;
    } = [];

    /// <inheritdoc/>
    public override string ToString()
    {
        var interval = BackTransformedInterval;
        return string.Create(CultureInfo.InvariantCulture,
            $"{Method} {Measure.Symbol} = {Measure.Format(BackTransformedEstimate)}, {StatisticText.Level(interval.Level)} CI [{Measure.Format(interval.Lower)}, {Measure.Format(interval.Upper)}], k = {Count}");
    }
}
