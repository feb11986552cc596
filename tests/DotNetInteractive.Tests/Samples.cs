namespace EmpathyNotebooks.DotNetInteractive.Tests;

/// <summary>Cells with every kind of result, and with what a reader makes, each with a form that it is shown in.</summary>
internal static class Samples
{
    public static IReadOnlyList<(string Code, string? Form)> Cells { get; } =
    [
        ("""
        #r "../artifacts/lib/EmpathyNotebooks.Interactive.dll"
        using EmpathyNotebooks; using EmpathyNotebooks.Data; using EmpathyNotebooks.MetaAnalysis; using EmpathyNotebooks.Plotting;
        Notebook.Start()
        """, "text/html"),
        ("var fit = RandomEffects.Fit(Datasets.Molloy2014().Correlations());\nvar plot = ForestPlot.Create(fit);\nvar all = Datasets.EmpathyEffectsSimulated().Correlations();\n"
            + "var levels = MultilevelModel.Fit(all, [\"sample\", \"effect\"], samplingCorrelation: 0.6);\nfit", "text/html"),
        .. new[]
        {
            "fit.Heterogeneity", "fit.LeaveOneOut()", "fit.Influence()", "fit.Cumulative()", "fit.Blups()", "fit.Effects", "fit.ConfidenceInterval", "fit.Heterogeneity.Q",
            "fit.Heterogeneity.ProfileLikelihoodIntervals()", "HenmiCopas.Fit(fit.Effects)", "SubgroupAnalysis.Fit(fit.Effects, \"design\")",
            "var mods = MetaRegression.Fit(fit.Effects, Moderator.Category(\"design\") + Moderator.Number(\"meanage\"));\nmods", "mods.Coefficients", "mods.ModeratorTest",
            "mods.VarianceInflationFactors()", "mods.Predictions()", "mods.PairwiseContrasts(\"design\")", "mods.Baujat()", "LocationScale.Fit(fit.Effects, null, null)",
            "levels", "levels.Robust()", "levels.GroupEffects(\"sample\")", "levels.Influence()",
            "MantelHaenszel.OddsRatio([new(\"A\", new TwoByTwo(4, 119, 11, 128)), new(\"B\", new TwoByTwo(2, 306, 29, 274))])",
            "Datasets.Molloy2014()", "Datasets.PublishedFindings()", "Datasets.Molloy2014().Frame",
            "MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(3, 3, (i, j) => i - j / 3.0)", "plot", "plot.ToFigure()", "plot.ToFigure().ToPlotly()",
            "CorrelationExplorer.Create(0.28)", "System.Convert.FromBase64String(\"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\")",
            "new SkiaSharp.SKBitmap(3, 2)", "new byte[] { 1, 2, 3 }",
        }.Select(code => (code, (string?)"text/html")),
        ("var trace = new Plotly.NET.Trace(\"scatter\"); trace.SetProperty(\"x\", new[] { 1, 2 }); trace.SetProperty(\"y\", new[] { 3, 1 });\n"
            + "Plotly.NET.GenericChart.ofTraceObject(false, trace)", "text/html"),
        ("NotebookContent.Markdown(\"**bold**\")", "text/markdown"),
        ("NotebookContent.LaTeX(@\"\\bar r = .28\")", "text/latex"),
        ("NotebookContent.SVG(\"<svg xmlns='http://www.w3.org/2000/svg'><title>Dot</title></svg>\")", "image/svg+xml"),
        // With a semicolon: from its packages the genuine kernel shows what `display` gives back, too.
        ("display(fit);", "text/html"),
        ("\"shown\".Display();", null),
    ];
}
