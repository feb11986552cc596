namespace EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

/// <summary>Models with moderators and of dependent effects, and the tests and corrections of publication bias that take no long search, on sets drawn at random.</summary>
public sealed class FurtherFuzzTests
{
    private static readonly TauSquaredEstimator[] Estimators = Enum.GetValues<TauSquaredEstimator>();
    private static readonly Inference[] Inferences = Enum.GetValues<Inference>();

    [Fact]
    public void Models_with_moderators() => FuzzRun.Of(40, 60, (seed, findings) =>
    {
        var ask = new Questions(FuzzData.Draw(seed, fewest: 2, most: 60), findings);
        var (effects, random) = (ask.Effects, new Philox(seed, 4));
        var (estimator, inference) = (Estimators[random.Next(Estimators.Length)], Inferences[random.Next(Inferences.Length)]);
        var moderators = random.Next(4) switch
        {
            0 => Moderator.Number("x"),
            1 => Moderator.Number("x").Centered(),
            2 => Moderator.Category("group"),
            _ => Moderator.Category("group") + Moderator.Number("x"),
        };
        ask.Of("meta-regression", () => MetaRegression.Fit(effects, moderators, new() { TauSquared = estimator, Inference = inference }), fit =>
        {
            ask.Of("influence", () => fit.Influence());
            ask.Of("BLUPs", () => fit.Blups());
            ask.Of("residuals", () => fit.EffectResiduals());
            ask.Of("Baujat", () => fit.Baujat());
            ask.Of("robust", () => fit.Robust("sample"));
            ask.Of("generalised Q", () => effects.Count > 30 ? fit.Heterogeneity.WaldIntervals() : fit.Heterogeneity.GeneralizedQIntervals());
            ask.Of("Wald", () => fit.Heterogeneity.WaldIntervals());
            if (effects.Count <= 12) ask.Of("leave one out", () => ((IModelFit)fit).LeaveOneOut());
        });
        ask.Of("subgroups", () => SubgroupAnalysis.Fit(effects, "group", new() { CommonTauSquared = random.Next(2) == 0, TauSquared = estimator }));
        ask.Of("location-scale", () => LocationScale.Fit(effects, Moderator.Number("x").Centered(), random.Next(2) == 0 ? Moderator.Category("group") : Moderator.Number("x").Centered()), mayFail: true);
    });

    [Fact]
    public void Models_of_dependent_effects() => FuzzRun.Of(30, 60, (seed, findings) =>
    {
        var ask = new Questions(FuzzData.Draw(seed, fewest: 2, most: 40), findings);
        var (effects, random) = (ask.Effects, new Philox(seed, 4));
        var correlation = random.Next(3) == 0 ? 0 : 0.9 * random.NextDouble();
        ask.Of("multilevel", () => MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], correlation), fit =>
        {
            foreach (var correction in Enum.GetValues<SmallSampleCorrection>()) ask.Of($"robust {correction}", () => fit.Robust(correction));
            ask.Of("BLUPs", () => ((IModelFit)fit).Blups());
            if (effects.Count <= 8) ask.Of("leave one out", () => ((IModelFit)fit).LeaveOneOut("sample"));
            ask.Of("PET-PEESE", () => fit.PetPeese(), mayFail: true);
        }, mayFail: true);
        ask.Of("multilevel with a moderator", () => MultilevelModel.Fit(effects, ["sample"], Moderator.Category("group"), correlation), mayFail: true);
        foreach (var model in Enum.GetValues<WorkingModel>()) ask.Of($"robust variance {model}", () => RobustVarianceModel.Fit(effects, "sample", model));
        ask.Of("averages", () => RandomEffects.Fit(effects.AverageWithin("sample", correlation)));
    });

    [Fact]
    public void Tests_and_corrections_of_bias() => FuzzRun.Of(60, 60, (seed, findings) =>
    {
        var ask = new Questions(FuzzData.Draw(seed, most: 80), findings);
        ask.Of("random effects", () => RandomEffects.Fit(ask.Effects, new() { TauSquared = Estimators[seed % (ulong)Estimators.Length] }), fit =>
        {
            foreach (var predictor in Enum.GetValues<SmallStudyPredictor>())
            {
                foreach (var model in Enum.GetValues<EggerModel>()) ask.Of($"Egger's test {predictor} {model}", () => fit.EggerTest(predictor, model));
            }
            ask.Of("rank test", () => fit.RankTest());
            foreach (var estimator in Enum.GetValues<TrimAndFillEstimator>())
            {
                ask.Of($"trim and fill {estimator}", () => fit.TrimAndFill(estimator), mayFail: true);
                foreach (var side in Enum.GetValues<FunnelSide>()) ask.Of($"trim and fill {estimator} {side}", () => fit.TrimAndFill(estimator, side), mayFail: true);
            }
            ask.Of("PET-PEESE", () => fit.PetPeese());
            foreach (var adjustment in Enum.GetValues<LimitAdjustment>()) ask.Of($"limit {adjustment}", () => fit.LimitMetaAnalysis(adjustment));
            ask.Of("UWLS", () => fit.Uwls());
            ask.Of("WAAP", () => fit.Waap());
            ask.Of("fail-safe N", () => fit.FailSafeNumbers());
            ask.Of("excess significance", () => fit.ExcessSignificance());
            ask.Of("Mathur and VanderWeele", () => fit.MathurVanderWeele());
        });
    });
}
