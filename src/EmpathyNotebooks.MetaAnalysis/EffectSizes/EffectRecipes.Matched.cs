namespace EmpathyNotebooks.MetaAnalysis;

internal static partial class EffectRecipes
{
    private static readonly InputSet PairCells = Set(
        ("ai", "pairs in which both have the event"), ("bi", "pairs in which only the first has it"),
        ("ci", "pairs in which only the second has it"), ("di", "pairs in which neither has it"));

    private static readonly InputSet Explained = Set(("r2i", "R squared of the model"), ("ni", SampleSize));
    private static readonly InputSet ExplainedBy = Set(("r2i", "R squared of the model"), ("ni", SampleSize), ("mi", "number of predictors"));
    private static readonly InputSet ExplainedF = Set(("fi", "F of the whole model"), ("ni", SampleSize), ("mi", "number of predictors"));

    private static IEnumerable<EffectRecipe> MatchedAndExplained()
    {
        static EffectRecipe Pairs(EffectMeasure measure, Func<MatchedPairs, ZeroCells?, EffectSize> compute) =>
            Recipe(measure, PairCells, r => compute(new MatchedPairs(r["ai"], r["bi"], r["ci"], r["di"]), r.ZeroCells));
        yield return Pairs(EffectMeasure.MatchedRiskRatio, MatchedPairEffects.LogRiskRatio);
        yield return Pairs(EffectMeasure.MatchedOddsRatio, MatchedPairEffects.LogOddsRatio);
        yield return Pairs(EffectMeasure.MatchedRiskDifference, MatchedPairEffects.RiskDifference);
        yield return Pairs(EffectMeasure.MatchedConditionalOddsRatio, MatchedPairEffects.ConditionalLogOddsRatio);
        yield return Pairs(EffectMeasure.MatchedPetoOddsRatio, MatchedPairEffects.PetoLogOddsRatio);
        yield return new EffectRecipe(EffectMeasure.RSquared,
        [
            new(ExplainedBy, r => ExplainedVariance.Raw(r["r2i"], r["ni"], r.Whole("mi", "predictors"), r.Explained)),
            new(ExplainedF, r => ExplainedVariance.Raw(ExplainedVariance.OfF(r["fi"], r["ni"], r.Whole("mi", "predictors")), r["ni"],
                r.Whole("mi", "predictors"), r.Explained)),
            new(Explained, r => r.Explained == VarianceFormula.LargeSample ? ExplainedVariance.Raw(r["r2i"], r["ni"])
                : throw ArgumentFault.Together("The corrected variance of R squared needs the number of predictors, mi")),
        ])
        {
            Variances = [VarianceFormula.LargeSample, VarianceFormula.Corrected, VarianceFormula.Average],
            AverageVariance = (r, average) => 4 * average * (1 - average) * (1 - average) / r["ni"],
        };
        yield return new EffectRecipe(EffectMeasure.RSquaredFisherZ,
        [
            new(Explained, r => ExplainedVariance.FisherZ(r["r2i"], r["ni"])),
            new(ExplainedF, r => ExplainedVariance.FisherZ(ExplainedVariance.OfF(r["fi"], r["ni"], r.Whole("mi", "predictors")), r["ni"])),
        ]);
        yield return Recipe(EffectMeasure.AreaUnderCurve, Set(("ai", "area under the curve"), ("n1i", Group1Size), ("n2i", Group2Size)), r =>
            AreaUnderCurve.Raw(r["ai"], r["n1i"], r["n2i"], r.Area)) with { Variances = [VarianceFormula.LargeSample, VarianceFormula.Corrected] };
    }
}
