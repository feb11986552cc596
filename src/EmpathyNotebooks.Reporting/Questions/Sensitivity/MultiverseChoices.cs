using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The choices that every meta-analysis has, around those that were made for a fit, which come first.</summary>
internal static class MultiverseChoices
{
    private const string Sides = "Each method of adjusting is right under another story of publication bias, and none under all (Carter et al. 2019).";

    /// <summary>The multiverse of a fit.</summary>
    /// <param name="fit">A fit with one mean.</param>
    /// <param name="subgroup">A column whose values make subsets, or null.</param>
    /// <param name="side">The side on which results are thought to be selected; null for that of the mean.</param>
    /// <exception cref="QuestionException">There is no multiverse of such a fit.</exception>
    public static Multiverse Of(IModelFit fit, string? subgroup, Alternative? side)
    {
        var multiverse = Multiverse.Of(fit.Effects, new() { ConfidenceLevel = fit.ConfidenceLevel });
        var (direction, isSaid) = (side ?? (fit.Mean!.Value.Estimate < 0 ? Alternative.Less : Alternative.Greater), side is not null);
        multiverse = fit switch
        {
            PooledFit pooled => Independent(multiverse, pooled),
            _ => Dependent(multiverse, fit),
        };
        var cluster = fit.Clusters?.Column;
        if (subgroup is not null) multiverse = multiverse.ChooseSubset(subgroup, $"Studies that differ in {subgroup} may have other effects: a mean of some answers another question than that of all.", Equivalence.NonEquivalent);
        multiverse = multiverse.Choose("outlying studies", "An outlying or influential study may be an error, or tell most: with it and without it are both defensible (Viechtbauer & Cheung 2010).", Equivalence.Uncertain,
            Specify.AllStudies, Specify.WithoutOutlying(cluster), Specify.WithoutInfluential(cluster));
        if (!fit.Measure.HasNullValue) return multiverse;
        var where = direction switch { Alternative.Less => "below 0", Alternative.Greater => "above 0", _ => "on either side" };
        return multiverse.Choose("publication bias", $"{Sides} Results {where} are taken to be published more readily{(isSaid ? "" : ", where the mean lies")}.", Equivalence.NonEquivalent,
            Specify.Unadjusted, Specify.TrimAndFill(), Specify.PetPeese(new() { Alternative = direction }), Specify.Selection(SelectionFunction.Step(0.025), new() { Alternative = direction }));
    }

    private static Multiverse Independent(Multiverse multiverse, PooledFit fit)
    {
        TauSquaredEstimator?[] estimators = [fit.Estimator, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.PauleMandel, TauSquaredEstimator.DerSimonianLaird, TauSquaredEstimator.SidikJonkman, null];
        Inference[] tests = [fit.Inference, Inference.HartungKnapp, Inference.HartungKnappAdHoc, Inference.Normal];
        return multiverse
            .ChooseEstimator("No estimator of τ² is best everywhere (Veroniki et al. 2016; Langan et al. 2019); equal effects are what many older reviews assumed.", Equivalence.Uncertain, [.. estimators.Distinct()])
            .ChooseTest("Hartung-Knapp keeps its error rate with few studies, ad hoc is more careful, and z is what most reviews used (IntHout et al. 2014).", Equivalence.Uncertain, [.. tests.Distinct()]);
    }

    private static Multiverse Dependent(Multiverse multiverse, IModelFit fit)
    {
        var cluster = fit.Clusters!.Column;
        var (own, rho) = fit switch
        {
            RobustVarianceFit { WorkingModel: WorkingModel.Hierarchical } => (Specify.RobustVariance(cluster, WorkingModel.Hierarchical), 0.6),
            RobustVarianceFit robust => (Specify.RobustVariance(cluster), robust.Options.SamplingCorrelation),
            MultilevelFit { Options: { CrossedFactors.Count: 0, KnownRelations.Count: 0, SamplingCovariance: null, Weights: null } options } when options.Levels is [_] or [_, MultilevelModel.EachEffect] =>
                (Specify.Multilevel(cluster), options.SamplingCorrelation),
            // What has levels of its own is taken as it was asked for, with the correlation that is assumed.
            MultilevelFit { Options: { SamplingCovariance: null } options } => (Specify.Model("as asked", (settings, used) => (options with { SamplingCorrelation = settings.Correlation ?? options.SamplingCorrelation, Inference = settings.Inference ?? options.Inference }).FitTo(used), cluster),
                options.SamplingCorrelation),
            _ => throw Inquiry.Undefined(MultiverseQuestion.ByName, "pooled means, multilevel models and robust variance estimation"),
        };
        MultiverseOption[] models = [own, Specify.Multilevel(cluster), Specify.Averaged(cluster), Specify.RobustVariance(cluster)];
        return multiverse
            .Choose("model", "How effects of one sample go together is not known; each model allows for it in another way (Pustejovsky & Tipton 2022).", Equivalence.Uncertain, [.. models.DistinctBy(m => m.Name)])
            .ChooseCorrelation("The correlation of sampling errors within a sample is assumed: the effects do not tell it.", Equivalence.Uncertain, [.. new[] { rho, 0.4, 0.8 }.Distinct().Where(r => r is >= 0 and < 1)])
            .Choose("test", "Small-sample tests keep their error rate with few samples; z is what older reviews used.", Equivalence.Uncertain, Specify.SmallSampleTest, Specify.Test(Inference.Normal));
    }
}
