using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Tests;

/// <summary>Every plot of a fit, whatever it draws: one row here for each, and all that plots have in common is tested of it.</summary>
internal static class PlotSet
{
    /// <summary>Name, fewest studies, and the plot of a fit.</summary>
    public static readonly (string Name, int Fewest, Func<PooledFit, IPlot> Create)[] All =
    [
        ("forest", 1, f => ForestPlot.Create(f)),
        ("forest in groups", 1, f => ForestPlot.Create(f, new() { Subgroup = "rater", LeftColumns = ["year"], RightColumns = ["rater"] })),
        ("multilevel forest", 5, f => ForestPlot.Create(Multilevel(f))),
        ("multilevel forest, unfolded", 5, f => ForestPlot.Create(Multilevel(f), new() { ShowEffects = true, RightColumns = ["rater"] })),
        ("funnel", 1, f => FunnelPlot.Create(f)),
        ("funnel with regions", 1, f => FunnelPlot.Create(f, new() { ShowContours = true, Scale = FunnelScale.Variance })),
        ("funnel of precision", 1, f => FunnelPlot.Create(f, new() { ShowContours = true, Scale = FunnelScale.Precision })),
        ("funnel with regression", 5, f => FunnelPlot.Create(f, new() { ShowContours = true, ShowRegression = true })),
        ("funnel of n", 1, f => FunnelPlot.Create(f, new() { Scale = FunnelScale.SampleSize })),
        ("funnel with filled studies", 5, f => FunnelPlot.Create(f, new() { ShowContours = true, Filled = f.TrimAndFill(TrimAndFillEstimator.R0, FunnelSide.Left) })),
        ("funnel with curves", 5, f => FunnelPlot.Create(f, new() { Curves = [f.Pet(), f.Peese(), f.LimitMetaAnalysis(), f.EggerTest()] })),
        ("significance funnel", 5, f => SignificanceFunnelPlot.Create(f, f.MathurVanderWeele())),
        ("p-curve", 5, f => PCurvePlot.Create(f)),
        ("weight function of steps", 5, f => SelectionWeightPlot.Create(f.WithSelection(SelectionFunction.Step(0.5)))),
        ("weight function", 16, f => SelectionWeightPlot.Create(f.WithSelection(SelectionFunction.HalfNormal(), new() { Alternative = Alternative.TwoSided }))),
        ("z-curve", 5, f => ZCurvePlot.Create(Many(f), ZCurve.Fit(Many(f), new() { Bootstraps = 50 }))),
        ("Copas", 5, f => CopasPlot.Create(CopasSelection.Fit(f.Effects, new() { GridSize = 6, Levels = 5 }))),
        ("Copas contour", 5, f => CopasContourPlot.Create(CopasSelection.Fit(f.Effects, new() { GridSize = 6, Levels = 5 }))),
        ("sunset funnel", 1, f => SunsetFunnelPlot.Create(f)),
        ("sunset funnel of a given effect", 1, f => SunsetFunnelPlot.Create(f, new() { TrueEffect = 0.1 })),
        ("firepower", 1, f => FirepowerPlot.Create(f)),
        ("firepower in groups", 1, f => FirepowerPlot.Create(f, new() { Column = "rater" })),
        ("power curve", 2, f => PowerCurvePlot.Create(f.PlanOfMean(0.1), new() { Origin = f.Effects.Origin })),
        ("next study", 2, f => NextStudyPlot.Create(f)),
        ("triangulation", 1, f => TriangulationPlot.Create(f, Adjusted(f))),
        ("shrinkage", 1, f => ShrinkagePlot.Create(Bayesian(f))),
        ("joint posterior", 1, f => JointPosteriorPlot.Create(Bayesian(f))),
        ("prior and posterior", 1, f => PriorPosteriorPlot.OfMean(Bayesian(f))),
        ("prior and posterior of tau", 1, f => PriorPosteriorPlot.OfHeterogeneity(Bayesian(f))),
        ("sensitivity to the prior", 1, f => PriorSensitivityPlot.OfMean(Bayesian(f), PriorTarget.Heterogeneity, [0.25, 0.5, 1, 2, 4])),
        ("sensitivity of Bayes factors", 1, f => PriorSensitivityPlot.OfBayesFactors(Bayesian(f), PriorTarget.Effect, [0.25, 0.5, 1, 2, 4])),
        ("sequential posterior", 2, f => SequentialPosteriorPlot.OfMean(Bayesian(f))),
        ("sequential Bayes factors", 2, f => SequentialPosteriorPlot.OfBayesFactors(Bayesian(f))),
        ("psychometric forest", 2, f => PsychometricPlot.Create(Psychometric.Fit(Correlated(f), new() { PredictorReliability = "rxx", OutcomeReliability = "ryy" }))),
        ("psychometric forest, bare bones", 2, f => PsychometricPlot.Create(Psychometric.Fit(Correlated(f)))),
        ("two groups", 1, f => OverlapPlot.Create(Meaning(f))),
        ("two groups, U3", 1, f => OverlapPlot.Create(Meaning(f), new() { Shading = OverlapShading.U3, First = "treated", Second = "waiting list" })),
        ("icon array", 1, f => IconArrayPlot.Create(Meaning(f))),
        ("GOSH", 5, f => GoshPlot.Create(f.Gosh(new() { Subsets = 1_000 }))),
        ("GOSH in bins", 5, f => GoshPlot.Create(f.Gosh(new() { Subsets = 2_000 }), new() { Heterogeneity = GoshHeterogeneity.TauSquared, MostPoints = 20 })),
        ("multilevel GOSH", 6, f => GoshPlot.Create(Multilevel(f).Gosh(new() { Subsets = 100 }))),
        ("permutation", 2, f => PermutationPlot.Create(f.PermutationTest(new() { Permutations = 999 }))),
        ("permutation of moderators", 5, f => PermutationPlot.Create(MetaRegression.Fit(f.Effects, Moderator.Number("year")).PermutationTest(new() { Permutations = 99 }))),
        ("bootstrap", 5, f => BootstrapPlot.Create(f.Bootstrap(new FitBootstrapOptions { Replicates = 999 }))),
        ("bootstrap of tau squared", 5, f => BootstrapPlot.Create(f.Bootstrap(new FitBootstrapOptions { Replicates = 499, Kind = BootstrapKind.Parametric }), new() { Statistic = "τ²" })),
        ("multilevel bootstrap", 6, f => BootstrapPlot.Create(Multilevel(f).Bootstrap(new FitBootstrapOptions { Replicates = 99 }), new() { Statistic = "I²" })),
        ("values of a column", 1, f => ColumnValuesPlot.Create(f.Effects.Column("year"), f.Effects.Origin, new() { MarkedRows = [0] })),
        ("categories of a column", 1, f => ColumnValuesPlot.Create(f.Effects.Column("rater"), f.Effects.Origin)),
        ("specification curve", 5, f => Curve(Multiverse(f).Main)),
        ("specification curve of all parts", 5, f => SpecificationCurvePlot.Create(Multiverse(f))),
        ("distribution of specifications", 5, f => MultiverseDistributionPlot.Create(Multiverse(f))),
        ("traffic lights", 1, f => TrafficLightPlot.Create(Risk(f, RiskOfBiasTool.Rob2))),
        ("traffic lights, ROBINS-I", 1, f => TrafficLightPlot.Create(Risk(f, RiskOfBiasTool.RobinsI))),
        ("risk of bias", 1, f => RiskSummaryPlot.Create(Risk(f, RiskOfBiasTool.RobinsI))),
        ("risk of bias by weight", 1, f => RiskSummaryPlot.Create(Risk(f, RiskOfBiasTool.Quadas2), new() { Weights = f })),
        ("forest with risk of bias", 1, f => ForestPlot.Create(f, new() { RiskOfBias = Risk(f, RiskOfBiasTool.Rob2) })),
        ("multilevel forest with risk of bias", 5, f => ForestPlot.Create(Multilevel(f), new() { RiskOfBias = Risk(f, RiskOfBiasTool.RobinsI, "sample") })),
        ("PRISMA flow", 1, f => PrismaFlowPlot.Create(Prisma(f), new() { Origin = f.Effects.Origin })),
        ("PRISMA flow of an update", 1, f => PrismaFlowPlot.Create(Prisma(f) with { OtherMethods = [], OtherNotRetrieved = 0, OtherExcluded = [], StudiesIncluded = 1, PreviousStudies = 12, PreviousReports = 15 }, new() { Origin = f.Effects.Origin })),
        ("battery", 2, f => BatteryPlot.Create(MetaAnalysis.Battery.Of(f.Effects, new() { Study = "sample", LowRisk = StudyCondition.Parse("year>=1991") }))),
        ("cumulative", 1, f => CumulativeForestPlot.Create(f)),
        ("leave one out", 5, f => LeaveOneOutPlot.Create(f)),
        ("Baujat", 5, f => BaujatPlot.Create(f)),
        ("radial", 1, f => RadialPlot.Create(f)),
        ("L'Abbé", 1, f => LAbbePlot.Create(OddsRatios(f).Fit, OddsRatios(f).Tables)),
        ("L'Abbé by ratios", 1, f => LAbbePlot.Create(OddsRatios(f).Fit, OddsRatios(f).Tables, new() { IsLogarithmic = true })),
        ("Q-Q", 5, f => NormalQuantilePlot.Create(f)),
        ("orchard", 1, f => OrchardPlot.Create(f)),
        ("caterpillar", 1, f => CaterpillarPlot.Create(f)),
        ("drapery", 1, f => DraperyPlot.Create(f)),
        ("tau squared profile", 2, f => TauSquaredProfilePlot.Create(f)),
        ("true effects", 2, f => PredictionDistributionPlot.Create(f, new() { Cutoff = 0.1 })),
        ("bubble", 5, f => BubblePlot.Create(MetaRegression.Fit(f.Effects, Moderator.Number("year")))),
        ("influence", 5, f => InfluencePlot.Create(f)),
        ("multilevel forest, moderators", 6, f => ForestPlot.Create(MultilevelRegression(f))),
        ("multilevel forest of effects", 5, f => ForestPlot.Create(RobustVarianceModel.Fit(f.Effects, "sample", WorkingModel.Hierarchical), new() { LeftColumns = ["sample"] })),
        ("location-scale forest", 16, f => ForestPlot.Create(Scale(f))),
        ("multilevel funnel", 5, f => FunnelPlot.Create(Multilevel(f), new() { ShowContours = true })),
        ("multilevel funnel with regression", 5, f => FunnelPlot.Create(Multilevel(f), new() { ShowRegression = true })),
        ("multilevel funnel of means", 5, f => FunnelPlot.Create(Multilevel(f), new() { Points = PlotPoints.Clusters })),
        ("multilevel funnel of residuals", 6, f => FunnelPlot.Create(MultilevelRegression(f))),
        ("multilevel funnel with curves", 5, f => FunnelPlot.Create(Multilevel(f), new() { Curves = [Multilevel(f).Pet(), Multilevel(f).Peese()] })),
        ("multilevel significance funnel", 5, f => SignificanceFunnelPlot.Create(Multilevel(f), Multilevel(f).MathurVanderWeele())),
        ("multilevel sunset funnel", 5, f => SunsetFunnelPlot.Create(Multilevel(f))),
        ("multilevel sunset funnel of means", 5, f => SunsetFunnelPlot.Create(Multilevel(f), new() { Points = PlotPoints.Clusters })),
        ("multilevel triangulation", 5, f => TriangulationPlot.Create(Multilevel(f), Adjusted(f))),
        ("multilevel orchard", 5, f => OrchardPlot.Create(Multilevel(f))),
        ("multilevel orchard of means", 5, f => OrchardPlot.Create(Multilevel(f), new() { Points = PlotPoints.Clusters })),
        ("multilevel orchard by category", 6, f => OrchardPlot.Create(MultilevelRegression(f), new() { Column = "rater", At = new() { ["year"] = 2000 } })),
        ("multilevel caterpillar", 5, f => CaterpillarPlot.Create(Multilevel(f))),
        ("multilevel caterpillar of means", 5, f => CaterpillarPlot.Create(Multilevel(f), new() { Points = PlotPoints.Clusters })),
        ("multilevel caterpillar, moderators", 6, f => CaterpillarPlot.Create(MultilevelRegression(f))),
        ("multilevel radial", 5, f => RadialPlot.Create(Multilevel(f))),
        ("multilevel radial of means", 5, f => RadialPlot.Create(Multilevel(f), new() { Points = PlotPoints.Clusters })),
        ("multilevel Q-Q", 6, f => NormalQuantilePlot.Create(MultilevelRegression(f))),
        ("multilevel Q-Q of means", 5, f => NormalQuantilePlot.Create(Multilevel(f), new() { Points = PlotPoints.Clusters })),
        ("multilevel drapery", 5, f => DraperyPlot.Create(Multilevel(f))),
        ("multilevel profile", 5, f => TauSquaredProfilePlot.Create(Multilevel(f))),
        ("multilevel true effects", 5, f => PredictionDistributionPlot.Create(Multilevel(f), new() { Cutoff = 0.1 })),
        ("multilevel bubble", 6, f => BubblePlot.Create(MultilevelRegression(f), new() { Column = "year", At = new() { ["rater"] = "client" } })),
        ("multilevel means", 6, f => EstimatedMeansPlot.Create(MultilevelRegression(f), new() { Column = "rater" })),
        ("multilevel cumulative, samples", 8, f => CumulativeForestPlot.Create(Multilevel(f))),
        ("multilevel leave one out", 8, f => LeaveOneOutPlot.Create(MultilevelRegression(f), new() { Points = PlotPoints.Effects, Coefficient = "rater: observer" })),
        ("multilevel leave one out, samples", 8, f => LeaveOneOutPlot.Create(Multilevel(f))),
        ("multilevel Baujat, samples", 8, f => BaujatPlot.Create(Multilevel(f))),
        ("multilevel influence, samples", 8, f => InfluencePlot.Create(MultilevelRegression(f))),
        ("multilevel influence", 8, f => InfluencePlot.Create(Multilevel(f), new() { Points = PlotPoints.Effects })),
        ("location-scale leave one out", 16, f => LeaveOneOutPlot.Create(Scale(f))),
        ("location-scale influence", 16, f => InfluencePlot.Create(Scale(f))),
        ("location-scale funnel", 16, f => FunnelPlot.Create(Scale(f))),
        ("location-scale orchard", 16, f => OrchardPlot.Create(Scale(f), new() { Column = "rater", At = new() { ["year"] = 2000 } })),
        ("location-scale caterpillar", 16, f => CaterpillarPlot.Create(Scale(f))),
        ("location-scale Q-Q", 16, f => NormalQuantilePlot.Create(Scale(f))),
        ("location-scale bubble", 16, f => BubblePlot.Create(Scale(f), new() { Column = "year", At = new() { ["rater"] = "client" } })),
    ];

    /// <summary>Those that show no single studies.</summary>
    public static readonly string[] WithoutStudies =
    [
        "tau squared profile", "multilevel profile", "multilevel means", "triangulation", "multilevel triangulation", "p-curve", "z-curve", "Copas", "Copas contour",
        "GOSH", "GOSH in bins", "multilevel GOSH", "two groups", "two groups, U3", "icon array", "permutation", "permutation of moderators", "bootstrap",
        "bootstrap of tau squared", "multilevel bootstrap", "firepower", "firepower in groups", "power curve", "next study", "values of a column", "categories of a column", "specification curve",
        "specification curve of all parts", "distribution of specifications", "joint posterior", "prior and posterior", "prior and posterior of tau", "sensitivity to the prior", "sensitivity of Bayes factors", "sequential posterior", "sequential Bayes factors", "battery", "PRISMA flow", "PRISMA flow of an update", "traffic lights", "traffic lights, ROBINS-I", "risk of bias", "risk of bias by weight",
    ];

    /// <summary>What the hovers of a plot begin with: the studies, or the samples whose means it shows.</summary>
    public static IEnumerable<string> Labels(string name, PooledFit fit) => name.EndsWith(" of means", StringComparison.Ordinal) || name.EndsWith(", samples", StringComparison.Ordinal)
        ? Enumerable.Range(0, fit.Count).Select(i => fit.Effects.Column("sample").Text(i)!).Distinct() : fit.Effects.Labels;

    public static IPlot Create(string name, PooledFit fit) => All.Single(s => s.Name == name).Create(fit);

    /// <summary>A curve with the band of its test.</summary>
    public static SpecificationCurvePlot Curve(MultiversePart part) => SpecificationCurvePlot.Create(part, new() { Test = part.Measure.HasNullValue ? part.Test(new() { Permutations = 99 }) : null });

    /// <summary>Choices as a meta-analysis has them.</summary>
    public static MultiverseResult Multiverse(PooledFit fit) => MetaAnalysis.Multiverse.Of(fit.Effects)
        .ChooseEstimator("No estimator of τ² is best everywhere.", Equivalence.Equivalent, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.PauleMandel, TauSquaredEstimator.DerSimonianLaird, TauSquaredEstimator.SidikJonkman, null)
        .ChooseTest("Hartung-Knapp keeps its error rate; most reviews used z.", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal)
        .Choose("outlying studies", "They may be errors, or the best there is.", Equivalence.Uncertain, Specify.AllStudies, Specify.WithoutOutlying())
        .Choose("study 1", "It is the oldest.", Equivalence.Uncertain, Specify.AllStudies, Specify.Where("without " + fit.Effects.Labels[0], (effects, row) => effects.Labels[row] != fit.Effects.Labels[0]))
        .ChooseSubset("rater", "Raters see different things.", Equivalence.NonEquivalent)
        .Choose("publication bias", "Each method has its story.", Equivalence.NonEquivalent, Specify.Unadjusted, Specify.TrimAndFill())
        .Run();

    /// <summary>A flow that ends with so many studies: nobody counted it.</summary>
    public static PrismaFlow Prisma(PooledFit fit) => new()
    {
        Databases = [new("PsycINFO", 812), new("PubMed", 433), new("Web of Science", 390)], Registers = [new("trial registers", 12 + fit.Count)], Duplicates = 657, MarkedByAutomation = 40, RecordsExcluded = 870, ReportsNotRetrieved = 5,
        ReportsExcluded = [new("no measure of empathy", 41), new("no correlation, nor numbers to compute one", 22), new("same sample as another report", 8)],
        OtherMethods = [new("citation searching", 14), new("authors asked", 9)], OtherNotRetrieved = 2, OtherExcluded = [new("no measure of empathy", 11)], StudiesIncluded = fit.Count,
    };

    /// <summary>Judgements of their risk of bias, by a rule: nobody judged them.</summary>
    public static RiskOfBias Risk(PooledFit fit, RiskOfBiasTool tool, string? study = null)
    {
        string[] studies = [.. Enumerable.Range(0, fit.Count).Select(i => study is null ? fit.Effects.Labels[i] : fit.Effects.Column(study).Text(i)!)];
        string[] known = [.. studies.Distinct()];
        RiskJudgement Of(string name, int domain) => tool.Judgements[Array.IndexOf(known, name) * (domain + 3) % 11 % tool.Judgements.Length];
        var columns = tool.Domains.Select((d, at) => StudyColumn.OfTexts(d.Code, studies.Select(s => Of(s, at).Name))).ToList();
        if (tool.HasOverall) columns.Add(StudyColumn.OfTexts("Overall", studies.Select(s => Enumerable.Range(0, tool.Domains.Length).Select(d => Of(s, d)).MaxBy(j => j.Grade == RiskGrade.Unknown ? -1 : (int)j.Grade)!.Name)));
        if (study is not null) columns.Add(StudyColumn.OfTexts(study, studies));
        return RiskOfBias.Of(StudyEffects.Create(fit.Effects.Effects, fit.Effects.Variances, labels: fit.Effects.Labels, columns: columns, origin: fit.Effects.Origin), tool, study);
    }

    /// <summary>A Bayesian model of the same studies.</summary>
    public static BayesianFit Bayesian(PooledFit fit) => BayesianModel.Fit(fit.Effects, new() { EffectPrior = EffectPrior.Normal(0, 0.5), HeterogeneityPrior = HeterogeneityPrior.HalfNormal(0.25) });

    /// <summary>The results of a fit and 40 more, since a z-curve needs some that are significant.</summary>
    public static StudyEffects Many(PooledFit fit) => StudyEffects.Create([.. fit.Effects.Effects, .. Enumerable.Range(0, 40).Select(i => 0.1 + 0.01 * (i % 11) + 0.001 * i)], [.. fit.Effects.Variances, .. Enumerable.Repeat(0.004, 40)],
        fit.Effects.Measure.HasNullValue ? fit.Effects.Measure : null, origin: fit.Effects.Origin);

    /// <summary>The mean as several methods might adjust it: numbers to look at, of no method.</summary>
    public static AdjustedEstimate[] Adjusted(PooledFit fit)
    {
        var (mean, se) = (fit.Estimate, fit.Effects.Variances.Average());
        se = Math.Sqrt(se / fit.Count);
        AdjustedEstimate At(string method, double shift, double width, params string[] warnings) =>
            new(method, mean - shift * se, new ConfidenceInterval(mean - (shift + width) * se, mean - (shift - width) * se, fit.ConfidenceLevel), fit.Count, $"What {method} assumes.", [.. warnings]);
        return
        [
            At("trim and fill (L0)", 0.3, 2), At("PET-PEESE", 1.1, 3.5, "Standard errors depend on the effects."), At("weighted average of the adequately powered", 0.5, 2.2) with { Count = Math.Max(1, fit.Count / 3) },
            At("selection model, steps at .025 and .5", 0.8, 2.8), At("limit meta-analysis", 1.4, 3), At("worst case of Mathur & VanderWeele", 2, 2.5, "Standard errors depend on the effects."),
            At("p-uniform*", 0.9, 2.6) with { ConfidenceInterval = null },
        ];
    }

    /// <summary>The studies as correlations with reliabilities, whatever they were.</summary>
    public static StudyEffects Correlated(PooledFit fit)
    {
        double[] r = [.. fit.Effects.Effects.Select(y => Math.Clamp(Math.Tanh(y), -0.9, 0.9))];
        int[] n = fit.Effects.HasSampleSizes ? [.. fit.Effects.SampleSizes.Select(s => Math.Max(s, 4))] : [.. r.Select(_ => 60)];
        return StudyEffects.Create(r, [.. r.Select((x, i) => (1 - x * x) * (1 - x * x) / (n[i] - 1))], EffectMeasure.Correlation, fit.Effects.Labels, n,
            [.. fit.Effects.Columns, StudyColumn.OfNumbers("rxx", r.Select((_, i) => (double?)(0.6 + 0.05 * (i % 7)))), StudyColumn.OfNumbers("ryy", r.Select((_, i) => (double?)(0.7 + 0.05 * (i % 5))))], fit.Effects.Origin);
    }

    /// <summary>What the mean of the studies means, taken as correlations.</summary>
    public static EffectMeaning Meaning(PooledFit fit)
    {
        var effects = StudyEffects.Create([.. fit.Effects.Effects.Select(y => Math.Clamp(y, -1.5, 1.5))], [.. fit.Effects.Variances.Select(v => Math.Clamp(v, 0.001, 0.1))], EffectMeasure.FisherZ, fit.Effects.Labels, origin: fit.Effects.Origin);
        return EffectMeaning.Of(fit.Count == 1 ? EqualEffects.Fit(effects) : RandomEffects.Fit(effects), new() { BaseRate = 0.3 });
    }

    /// <summary>Invented studies.</summary>
    public static PooledFit Fit(int k, DataOrigin origin, string label = "")
    {
        var effects = StudyEffects.Create(
            [.. Enumerable.Range(0, k).Select(i => Correlations.FisherZ(0.2 + 0.4 * Math.Sin(i * 2.4), 20 + 13 * i % 300))],
            [.. Enumerable.Range(1, k).Select(i => $"{label} Study {i}".Trim())], [.. Enumerable.Range(0, k).Select(i => 20 + 13 * i % 300)],
            [
                StudyColumn.OfTexts("rater", Enumerable.Range(0, k).Select(i => i % 3 == 0 ? "client" : "observer")),
                StudyColumn.OfNumbers("year", Enumerable.Range(0, k).Select(i => (double?)(1990 + i * 7 % 31))),
                StudyColumn.OfTexts("sample", Enumerable.Range(0, k).Select(i => $"{label} Sample {1 + i / 2}".Trim())),
            ], origin);
        return k == 1 ? EqualEffects.Fit(effects) : RandomEffects.Fit(effects);
    }

    /// <summary>The studies of a fit taken two by two as effects of one sample.</summary>
    public static MultilevelFit Multilevel(PooledFit fit) => MultilevelModel.Fit(fit.Effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.5);

    /// <summary>The same with a category and a number that explain effects.</summary>
    public static MultilevelFit MultilevelRegression(PooledFit fit) => MultilevelModel.Fit(fit.Effects, ["sample", MultilevelModel.EachEffect],
        new MultilevelOptions { SamplingCorrelation = 0.5, Moderators = Moderator.Category("rater") + Moderator.Number("year").Centered() });

    /// <summary>A model whose variance depends on a category.</summary>
    public static LocationScaleFit Scale(PooledFit fit) => LocationScale.Fit(fit.Effects, Moderator.Number("year").Centered(), Moderator.Category("rater"));

    /// <summary>Tables for the studies of a fit.</summary>
    public static (PooledFit Fit, LabelledTable[] Tables) OddsRatios(PooledFit fit)
    {
        LabelledTable[] tables = [.. fit.Effects.Labels.Select((label, i) => new LabelledTable(label, new TwoByTwo(3 + i % 7, 40 + i, 9 + i % 11, 60 + 2 * i)))];
        var effects = StudyEffects.Create([.. tables.Select(t => TwoByTwoTables.LogOddsRatio(t.Table))], fit.Effects.Labels, columns: fit.Effects.Columns, origin: fit.Effects.Origin);
        return (fit.Count == 1 ? EqualEffects.Fit(effects) : RandomEffects.Fit(effects), tables);
    }
}
