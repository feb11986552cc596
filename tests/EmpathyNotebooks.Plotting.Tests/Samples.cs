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

    public static ForestPlotModel Model(ForestPlotOptions? options = null) => ForestPlot.Create(Fit(), options).Model;
}
