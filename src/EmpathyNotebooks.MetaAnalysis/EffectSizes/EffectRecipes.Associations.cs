namespace EmpathyNotebooks.MetaAnalysis;

internal static partial class EffectRecipes
{
    private static readonly InputSet CorrelationSet = Set(("ri", "correlation"), ("ni", SampleSize));
    private static readonly InputSet CorrelationT = Set(("ti", "t of the correlation, n - 2 degrees of freedom"),
        ("ni", SampleSize));
    private static readonly InputSet CorrelationP = Set(("pi", "two-sided p, negative when the correlation is"),
        ("ni", SampleSize));
    private static readonly InputSet Regression = Set(("ti", "t of the coefficient"), ("ni", SampleSize),
        ("mi", "number of predictors"));
    private static readonly InputSet RegressionWithFit =
        Set(("ti", "t of the coefficient"), ("ni", SampleSize), ("mi", "number of predictors"),
            ("r2i", "R squared of the model"));

    private static readonly InputSet ReportedPartial =
        Set(("ri", "partial correlation"), ("ni", SampleSize), ("mi", "number of predictors"));
    private static readonly InputSet ReportedSemiPartial = Set(("ri", "semi-partial correlation"), ("ni", SampleSize),
        ("mi", "number of predictors"), ("r2i", "R squared of the model"));

    private static IEnumerable<EffectRecipe> Associations()
    {
        VarianceFormula[] averaged = [VarianceFormula.LargeSample, VarianceFormula.Average];
        static EffectRecipe FromR(EffectMeasure measure, Func<double, EffectRow, EffectSize> compute) => new(measure,
        [
            new(CorrelationSet, r => compute(r["ri"], r)),
            new(CorrelationT, r => compute(ReportedTest.CorrelationOfT(r["ti"], r["ni"] - 2), r)),
            new(CorrelationP,
                r => compute(ReportedTest.CorrelationOfT(ReportedTest.SignedT(r["pi"], r["ni"] - 2), r["ni"] - 2), r)),
        ]);
        static double LargeSample(EffectRow r, double average) => Math.Pow(1 - average * average, 2) / (r["ni"] - 1);
        yield return FromR(EffectMeasure.FisherZ, (r, row) => Correlations.FisherZ(r, row["ni"]));
        yield return FromR(EffectMeasure.Correlation, (r, row) => Correlations.Raw(r, row["ni"])) with
        {
            Variances = averaged, AverageVariance = LargeSample,
        };
        yield return FromR(EffectMeasure.BiasCorrectedCorrelation, (r, row) =>
            Correlations.BiasCorrected(r, row["ni"], row.Correlation)) with
        {
            Variances = [VarianceFormula.LargeSample, VarianceFormula.Unbiased, VarianceFormula.Average],
            AverageVariance = LargeSample,
        };
        yield return new EffectRecipe(EffectMeasure.PartialCorrelation,
        [
            new(Regression, r => PartialCorrelations.Partial(r["ti"], r["ni"], r.Whole("mi", "predictors"))),
            new(ReportedPartial, r => PartialCorrelations.FromPartial(r["ri"], r["ni"], r.Whole("mi", "predictors"))),
        ])
        {
            Variances = averaged,
            AverageVariance = (r, average) => Math.Pow(1 - average * average, 2) / (r["ni"] - r["mi"]),
        };
        yield return new EffectRecipe(EffectMeasure.PartialFisherZ,
        [
            new(Regression, r => PartialCorrelations.PartialFisherZ(r["ti"], r["ni"], r.Whole("mi", "predictors"))),
            new(ReportedPartial, r => PartialCorrelations.FisherZFromPartial(r["ri"], r["ni"], r.Whole("mi", "predictors"))),
        ]);
        yield return new EffectRecipe(EffectMeasure.SemiPartialCorrelation,
        [
            new(RegressionWithFit, r => PartialCorrelations.SemiPartial(r["ti"], r["ni"], r.Whole("mi", "predictors"), r["r2i"])),
            new(ReportedSemiPartial, r =>
                PartialCorrelations.FromSemiPartial(r["ri"], r["ni"], r.Whole("mi", "predictors"), r["r2i"])),
        ]);
        yield return new EffectRecipe(EffectMeasure.SemiPartialFisherZ,
        [
            new(RegressionWithFit, r =>
                PartialCorrelations.SemiPartialFisherZ(r["ti"], r["ni"], r.Whole("mi", "predictors"), r["r2i"])),
            new(ReportedSemiPartial, r =>
                PartialCorrelations.FisherZFromSemiPartial(r["ri"], r["ni"], r.Whole("mi", "predictors"), r["r2i"])),
        ]);
        yield return Recipe(EffectMeasure.PointBiserial, TwoGroups, r => MeanDifferences.PointBiserial(
            r["m1i"], r["sd1i"], r["n1i"], r["m2i"], r["sd2i"], r["n2i"], r.Design(SamplingDesign.Stratified)))
            with { Variances = Design };
        yield return Recipe(EffectMeasure.Biserial, TwoGroups,
            r => MeanDifferences.Biserial(r["m1i"], r["sd1i"], r["n1i"], r["m2i"], r["sd2i"], r["n2i"]));
    }

    private static IEnumerable<EffectRecipe> TwoMeans()
    {
        yield return Recipe(EffectMeasure.MeanDifference, TwoGroups,
            r => MeanDifferences.Raw(r["m1i"], r["sd1i"], r["n1i"], r["m2i"], r["sd2i"], r["n2i"], r.Groups))
            with { Variances = Groups };
        yield return new EffectRecipe(EffectMeasure.StandardizedMeanDifference,
        [
            new(TwoGroups, r => MeanDifferences.Standardized(
                r["m1i"], r["sd1i"], r["n1i"], r["m2i"], r["sd2i"], r["n2i"], r.Standardized, r.Correction)),
            new(Set(("di", "Cohen's d, not corrected for bias"), ("n1i", Group1Size), ("n2i", Group2Size)),
                r => MeanDifferences.FromD(r["di"], r["n1i"], r["n2i"], r.Standardized, r.Correction)),
            new(Set(("ti", "t of independent groups"), ("n1i", Group1Size), ("n2i", Group2Size)),
                r => MeanDifferences.FromT(r["ti"], r["n1i"], r["n2i"], r.Standardized, r.Correction)),
            new(Set(("pi", "two-sided p, negative when the difference is"), ("n1i", Group1Size), ("n2i", Group2Size)),
                r => MeanDifferences.FromT(ReportedTest.SignedT(r["pi"], r["n1i"] + r["n2i"] - 2), r["n1i"], r["n2i"],
                    r.Standardized, r.Correction)),
        ])
        {
            Variances = Standardized,
            AverageVariance = (r, average) => 1 / r["n1i"] + 1 / r["n2i"] + average * average / (2 * (r["n1i"] + r["n2i"])),
        };
        yield return Recipe(EffectMeasure.StandardizedMeanDifferenceUnequal, TwoGroups,
            r => MeanDifferences.StandardizedUnequalVariances(r["m1i"], r["sd1i"], r["n1i"], r["m2i"], r["sd2i"], r["n2i"], r.Correction));
        yield return Recipe(EffectMeasure.GlassDelta,
            Set(("m1i", "mean of the first group"), ("n1i", Group1Size), ("m2i", "mean of the second group"),
                ("sd2i", "standard deviation of the second group"), ("n2i", Group2Size)),
            r => MeanDifferences.Glass(r["m1i"], r["n1i"], r["m2i"], r["sd2i"], r["n2i"], r.Standardized, r.Correction)) with
        {
            Variances = Standardized,
            AverageVariance = (r, average) => 1 / r["n1i"] + 1 / r["n2i"] + average * average / (2 * r["n2i"]),
        };
        yield return Recipe(EffectMeasure.GlassDeltaUnequal, TwoGroups, r => MeanDifferences.GlassUnequalVariances(
            r["m1i"], r["sd1i"], r["n1i"], r["m2i"], r["sd2i"], r["n2i"], r.Correction));
        yield return Recipe(EffectMeasure.RatioOfMeans, TwoGroups,
            r => MeanRatios.RatioOfMeans(r["m1i"], r["sd1i"], r["n1i"], r["m2i"], r["sd2i"], r["n2i"], r.Groups))
            with { Variances = Groups };
        yield return Recipe(EffectMeasure.VariabilityRatio,
            Set(("sd1i", "standard deviation of the first group"), ("n1i", Group1Size),
                ("sd2i", "standard deviation of the second group"), ("n2i", Group2Size)),
            r => MeanRatios.VariabilityRatio(r["sd1i"], r["n1i"], r["sd2i"], r["n2i"]));
        yield return Recipe(EffectMeasure.CoefficientOfVariationRatio, TwoGroups, r => MeanRatios.CoefficientOfVariationRatio(
            r["m1i"], r["sd1i"], r["n1i"], r["m2i"], r["sd2i"], r["n2i"]));
        yield return Recipe(EffectMeasure.OddsRatioFromNormal, TwoGroups, r => MeanDifferences.LogOddsRatio(
            r["m1i"], r["sd1i"], r["n1i"], r["m2i"], r["sd2i"], r["n2i"], ScoreDistribution.Normal));
        yield return Recipe(EffectMeasure.OddsRatioFromLogistic, TwoGroups, r => MeanDifferences.LogOddsRatio(
            r["m1i"], r["sd1i"], r["n1i"], r["m2i"], r["sd2i"], r["n2i"]));
    }
}
