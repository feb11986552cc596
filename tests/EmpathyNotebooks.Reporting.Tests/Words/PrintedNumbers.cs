using System.Globalization;
using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Reads the numbers out of sentences again and compares them with those they stand for.</summary>
internal static partial class PrintedNumbers
{
    public static double Parse(string text) => double.Parse(text.Replace(",", "", StringComparison.Ordinal).Replace('−', '-'), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Half a unit of the last digit that is printed.</summary>
    public static double Half(string text)
    {
        var mantissa = text.Split('E')[0];
        var power = text.Contains('E') ? int.Parse(text.Split('E')[1].Replace('−', '-'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        return 0.5 * Math.Pow(10, power - (mantissa.Contains('.') ? mantissa.Length - mantissa.IndexOf('.') - 1 : 0));
    }

    public static bool IsRounded(string text, double value) => Math.Abs(Parse(text) - value) <= Half(text) * (1 + 1e-6) + 1e-12 * Math.Abs(value);

    /// <summary>The numbers that stand for none of these, but for p below .001 and above .999, which are taken out.</summary>
    public static string[] Unknown(string text, IReadOnlyCollection<double> known)
    {
        var rest = PValues().Replace(text, "");
        return [.. Number().Matches(rest).Select(m => m.Value).Where(token => !known.Any(value => IsRounded(token, value)))];
    }

    /// <summary>All that the sentences of a model, of its heterogeneity and coefficients may print.</summary>
    public static HashSet<double> Of(Inquiry inquiry)
    {
        HashSet<double> known = [100 * inquiry.Level, 0, 1];
        void Interval(ConfidenceInterval? interval, Func<double, double>? also = null)
        {
            if (interval is not { } i) return;
            foreach (var limit in (double[])[i.Lower, i.Upper])
            {
                known.Add(limit);
                if (also is not null) known.Add(also(limit));
            }
        }
        void Coefficient(Coefficient c, Func<double, double> display)
        {
            known.UnionWith([c.Estimate, display(c.Estimate)]);
            if (!c.HasStandardError) return;
            known.UnionWith([c.Statistic, c.PValue, c.DegreesOfFreedom ?? 0]);
            Interval(c.ConfidenceInterval, display);
        }
        void Test(ModeratorTest? test)
        {
            if (test is { Exists: true } t) known.UnionWith([t.Statistic, t.PValue, t.DegreesOfFreedom, t.DenominatorDegreesOfFreedom ?? 0]);
        }
        if (inquiry.Counts is { } counts)
        {
            known.UnionWith([counts.Count, counts.BackTransformedEstimate, counts.Statistic, counts.PValue, counts.Q.Statistic, counts.Q.DegreesOfFreedom, counts.Q.PValue, 100 * counts.ISquared, 100 * counts.Weights.Min(), 100 * counts.Weights.Max()]);
            Interval(counts.BackTransformedInterval);
            return known;
        }
        var fit = inquiry.Fit!;
        var measure = fit.Measure;
        known.UnionWith([fit.Count, fit.Effects.Count, 100 * fit.Weights.Min(), 100 * fit.Weights.Max(), fit.Omitted.Length]);
        foreach (var c in fit.Coefficients.Concat(inquiry.Robust?.Coefficients ?? []).Concat((fit as LocationScaleFit)?.ScaleCoefficients ?? [])) Coefficient(c, measure.ToDisplay);
        Test(fit.ModeratorTest);
        Test(inquiry.Robust?.ModeratorTest);
        Test((fit as LocationScaleFit)?.ScaleTest);
        if (fit.Q is { } q) known.UnionWith([q.Statistic, q.DegreesOfFreedom, q.PValue]);
        if (fit.ISquared is { } share) known.Add(100 * share);
        if (fit.Heterogeneity is { } h)
        {
            known.Add(h.Tau);
            Interval(h.TauInterval);
            Interval(h.ISquaredInterval, x => 100 * x);
        }
        if (fit is MetaRegressionFit { RSquared: { } r }) known.Add(100 * r);
        if (fit is RobustVarianceFit robust) known.UnionWith([robust.TauSquared, robust.OmegaSquared ?? 0]);
        foreach (var c in fit.VarianceComponents)
        {
            known.UnionWith([c.SigmaSquared, c.GroupCount, 100 * c.ISquared]);
            Interval(c.SigmaSquaredInterval);
        }
        if (fit.Moderators is null)
        {
            Interval(fit.Predict()?.PredictionInterval, measure.ToDisplay);
            if (fit.Clusters is not null) Interval(fit.PredictNew(NewTrueEffect.StudyMean)?.PredictionInterval, measure.ToDisplay);
        }
        if (fit.Clusters is { } clusters) known.UnionWith(Enumerable.Range(0, clusters.Count).Select(c => (double)clusters.Rows(c).Length).Append(clusters.Count));
        if (fit.FitStatistics is { } s) known.UnionWith([s.LogLikelihood, s.Aic, s.Bic]);
        return known;
    }

    [GeneratedRegex(@"p [<>] \.\d+")]
    private static partial Regex PValues();

    [GeneratedRegex(@"(?<![\p{L}\d.,])−?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)?(?:\.\d+)?(?<=\d)(?:E[+−]\d+)?")]
    private static partial Regex Number();
}
