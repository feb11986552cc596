using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests;

/// <summary>Studies for tests, invented.</summary>
internal static class Samples
{
    public const string Attack = "<img src=x onerror=alert(1)>";

    private static readonly double[] Rs = [0.19, 0.16, 0.34, 0.32, -0.27, 0.00, 0.17, 0.05];
    private static readonly int[] Ns = [109, 749, 55, 107, 72, 65, 174, 326];
    private static readonly string[] Labels = ["Study 10", "study 2", "Axel", Attack, "Study 1", "Zed & Co", "$x$", "Study 2"];
    private static readonly double?[] Years = [2009, 2011, 2010, 1999, null, 2004, 2005, 2007];
    private static readonly string[] Raters = ["client", "client", "observer", "client", "observer", "therapist", "observer", "client"];

    public static StudyEffects Effects(DataOrigin? origin = null) => StudyEffects.Create(
        [.. Rs.Zip(Ns, (r, n) => Correlations.FisherZ(r, n))], Labels, Ns,
        [StudyColumn.OfNumbers("year", Years), StudyColumn.OfTexts("rater", Raters)], origin);

    public static PooledFit Fit(DataOrigin? origin = null) => RandomEffects.Fit(Effects(origin));

    /// <summary>As many studies as asked for, their effects spread evenly from -.2 to .6.</summary>
    public static PooledFit Many(int k) => RandomEffects.Fit(StudyEffects.Create(
        [.. Enumerable.Range(0, k).Select(i => Correlations.FisherZ(-0.2 + 0.8 * (i * 7 % k) / k, 20 + 13 * i % 300))],
        [.. Enumerable.Range(1, k).Select(i => $"A study with quite a long label, by several authors {i}")],
        [.. Enumerable.Range(0, k).Select(i => 20 + 13 * i % 300)]));

    /// <summary>Molloy et al. (2014), whose results in metafor are known.</summary>
    public static StudyEffects Molloy() => StudyEffects.Create(
        [.. new[] { 0.187, 0.162, 0.34, 0.32, 0.27, 0, 0.175, 0.05, 0.26, 0.01, -0.09, 0.37, 0, 0.15, 0.24, 0.04 }.Zip(
            new[] { 109, 749, 55, 107, 72, 65, 174, 326, 58, 771, 56, 91, 116, 537, 158, 65 }, (r, n) => Correlations.FisherZ(r, n))],
        columns: [
            StudyColumn.OfNumbers("year", [2009, 2011, 2010, 1999, 1995, 2004, 2005, 2007, 2006, 2011, 1997, 2007, 2003, 2012, 2004, 1997]),
            StudyColumn.OfTexts("design", ["cross-sectional", "cross-sectional", "prospective", "cross-sectional", "prospective", "prospective", "cross-sectional", "prospective", "prospective", "prospective", "prospective", "prospective", "cross-sectional", "prospective", "prospective", "prospective"]),
            StudyColumn.OfNumbers("age", [22, 53.59, 43.36, 41.7, 46.39, 41.2, 52.3, 41, 77, 78.6, 57.2, 37.9, 39.2, 69, 46.2, 56]),
        ]);

    public static ForestPlotModel Model(ForestPlotOptions? options = null) => ForestPlot.Create(Fit(), options).Model;
}
