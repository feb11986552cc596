namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The recipes of all measures: which columns, and which method reads them.</summary>
internal static partial class EffectRecipes
{
    // Constants, since static fields of a partial class are initialised file by file in no stated order.
    private const string SampleSize = "sample size";
    private const string Group1Size = "size of the first group";
    private const string Group2Size = "size of the second group";

    private static readonly InputSet TwoGroups = Set(
        ("m1i", "mean of the first group"), ("sd1i", "standard deviation of the first group"), ("n1i", Group1Size),
        ("m2i", "mean of the second group"), ("sd2i", "standard deviation of the second group"), ("n2i", Group2Size));

    private static readonly InputSet Pair = Set(
        ("m1i", "mean of the first occasion"), ("sd1i", "standard deviation of the first occasion"),
        ("m2i", "mean of the second occasion"), ("sd2i", "standard deviation of the second occasion"),
        ("ni", "number of people or pairs"), ("ri", "correlation between the occasions"));

    private static readonly InputSet Cells = Set(
        ("ai", "first group, with the event"), ("bi", "first group, without it"),
        ("ci", "second group, with the event"), ("di", "second group, without it"));

    private static readonly InputSet Events = Set(
        ("ai", "first group, with the event"), ("ci", "second group, with the event"), ("n1i", Group1Size), ("n2i", Group2Size));

    private static readonly InputSet TwoRates = Set(
        ("x1i", "events in the first group"), ("t1i", "person-time of the first group"),
        ("x2i", "events in the second group"), ("t2i", "person-time of the second group"));

    private static readonly InputSet OneRate = Set(("xi", "events"), ("ti", "person-time"));
    private static readonly InputSet OneMean = Set(("mi", "mean"), ("sdi", "standard deviation"), ("ni", SampleSize));
    private static readonly InputSet OneSd = Set(("sdi", "standard deviation"), ("ni", SampleSize));
    private static readonly InputSet AlphaSet = Set(("ai", "Cronbach's alpha"), ("mi", "number of items"), ("ni", SampleSize));
    private static readonly InputSet Share = Set(("xi", "people with the event"), ("ni", SampleSize));
    private static readonly InputSet ShareParts = Set(("xi", "people with the event"), ("mi", "people without it"));

    private static readonly VarianceFormula[] Standardized = [VarianceFormula.LargeSample, VarianceFormula.Corrected,
        VarianceFormula.Unbiased, VarianceFormula.Average];
    private static readonly VarianceFormula[] Change = [VarianceFormula.LargeSample, VarianceFormula.Corrected];
    private static readonly VarianceFormula[] Groups = [VarianceFormula.LargeSample, VarianceFormula.EqualVariances];
    private static readonly VarianceFormula[] Design = [VarianceFormula.LargeSample, VarianceFormula.Stratified,
        VarianceFormula.CrossSectional];
    private static readonly VarianceFormula[] Binomial = [VarianceFormula.LargeSample, VarianceFormula.Unbiased];

    public static IEnumerable<EffectRecipe> All() =>
        [.. Associations(), .. TwoMeans(), .. Paired(), .. Tables(), .. CountsAndRates(), .. SingleGroups(), .. MatchedAndExplained()];

    private static InputSet Set(params (string Name, string Meaning)[] columns) =>
        new([.. columns.Select(c => new EffectInput(c.Name, c.Meaning))]);

    private static EffectRecipe Recipe(EffectMeasure measure, InputSet inputs, Func<EffectRow, EffectSize> compute) =>
        new(measure, [new EffectRoute(inputs, compute)]);

    private static IEnumerable<EffectRecipe> Paired()
    {
        yield return Recipe(EffectMeasure.MeanChange, Pair,
            r => PairedMeans.Change(r["m1i"], r["sd1i"], r["m2i"], r["sd2i"], r["ni"], r["ri"]));
        yield return new EffectRecipe(EffectMeasure.StandardizedMeanChange,
        [
            new(Pair, r => PairedMeans.StandardizedByChange(r["m1i"], r["sd1i"], r["m2i"], r["sd2i"], r["ni"], r["ri"],
                r.Standardized, r.Correction)),
            new(Set(("ti", "paired t"), ("ni", "number of people or pairs")),
                r => PairedMeans.FromChangeD(r["ti"] / Math.Sqrt(r["ni"]), r["ni"], r.Standardized, r.Correction)),
            new(Set(("di", "mean change over its standard deviation"), ("ni", "number of people or pairs")),
                r => PairedMeans.FromChangeD(r["di"], r["ni"], r.Standardized, r.Correction)),
            new(Set(("pi", "two-sided p, negative when the change is"), ("ni", "number of people or pairs")),
                r => PairedMeans.FromChangeD(ReportedTest.SignedT(r["pi"], r["ni"] - 1) / Math.Sqrt(r["ni"]), r["ni"],
                    r.Standardized, r.Correction)),
        ]) { Variances = Change };
        yield return new EffectRecipe(EffectMeasure.StandardizedMeanChangeRaw,
        [
            new(Set(("m1i", "mean of the first occasion"), ("sd1i", "its standard deviation"),
                ("m2i", "mean of the second occasion"),
                    ("ni", "number of people or pairs"), ("ri", "correlation between the occasions")),
                r => PairedMeans.StandardizedByFirst(r["m1i"], r["sd1i"], r["m2i"], r["ni"], r["ri"], r.Standardized,
                    r.Correction)),
        ]) { Variances = Change };
        yield return Recipe(EffectMeasure.StandardizedMeanChangeRawUnequal, Pair,
            r => PairedMeans.StandardizedByFirstUnequalVariances(r["m1i"], r["sd1i"], r["m2i"], r["sd2i"], r["ni"], r["ri"],
                r.Correction));
        yield return Recipe(EffectMeasure.StandardizedMeanChangePooled, Pair,
            r => PairedMeans.StandardizedByAverage(r["m1i"], r["sd1i"], r["m2i"], r["sd2i"], r["ni"], r["ri"], r.Correction));
        yield return Recipe(EffectMeasure.StandardizedMeanChangePooledUnequal, Pair,
            r => PairedMeans.StandardizedByAverageUnequalVariances(r["m1i"], r["sd1i"], r["m2i"], r["sd2i"], r["ni"], r["ri"],
                r.Correction));
        yield return Recipe(EffectMeasure.RatioOfMeansPaired, Pair,
            r => PairedMeans.RatioOfMeans(r["m1i"], r["sd1i"], r["m2i"], r["sd2i"], r["ni"], r["ri"]));
        yield return Recipe(EffectMeasure.VariabilityRatioPaired,
            Set(("sd1i", "standard deviation of the first occasion"), ("sd2i", "standard deviation of the second occasion"),
                ("ni", "number of people or pairs"), ("ri", "correlation between the occasions")),
            r => PairedMeans.VariabilityRatio(r["sd1i"], r["sd2i"], r["ni"], r["ri"]));
        yield return Recipe(EffectMeasure.CoefficientOfVariationRatioPaired, Pair,
            r => PairedMeans.CoefficientOfVariationRatio(r["m1i"], r["sd1i"], r["m2i"], r["sd2i"], r["ni"], r["ri"]));
    }

    private static IEnumerable<EffectRecipe> Tables()
    {
        EffectRecipe Table(EffectMeasure measure, Func<TwoByTwo, EffectRow, EffectSize> compute) =>
            new(measure, [new(Cells, r => compute(r.Cells, r)), new(Events, r => compute(r.Events, r))]);
        yield return Table(EffectMeasure.RiskRatio, (t, r) => TwoByTwoTables.LogRiskRatio(t, r.ZeroCells));
        yield return Table(EffectMeasure.OddsRatio, (t, r) => TwoByTwoTables.LogOddsRatio(t, r.ZeroCells));
        yield return Table(EffectMeasure.RiskDifference, (t, r) =>
            TwoByTwoTables.RiskDifference(t, r.ZeroCells, r.Binomial)) with { Variances = Binomial };
        yield return Table(EffectMeasure.ArcsineDifference, (t, _) => TwoByTwoTables.ArcsineDifference(t));
        yield return Table(EffectMeasure.PetoOddsRatio, (t, r) => TwoByTwoTables.PetoLogOddsRatio(t, r.ZeroCells));
        yield return Table(EffectMeasure.ProbitDifference, (t, r) => TwoByTwoTables.ProbitDifference(t, r.ZeroCells));
        yield return Table(EffectMeasure.StandardizedFromOddsNormal, (t, r) =>
            TwoByTwoTables.StandardizedFromOdds(t, ScoreDistribution.Normal, r.ZeroCells));
        yield return Table(EffectMeasure.StandardizedFromOddsLogistic, (t, r) =>
            TwoByTwoTables.StandardizedFromOdds(t, ScoreDistribution.Logistic, r.ZeroCells));
        yield return Table(EffectMeasure.Phi, (t, r) =>
            TwoByTwoTables.Phi(t, r.Design(SamplingDesign.CrossSectional))) with { Variances = Design };
        yield return Table(EffectMeasure.YuleQ, (t, r) => TwoByTwoTables.YuleQ(t, r.ZeroCells));
        yield return Table(EffectMeasure.YuleY, (t, r) => TwoByTwoTables.YuleY(t, r.ZeroCells));
        yield return Table(EffectMeasure.Tetrachoric, (t, r) => TwoByTwoTables.Tetrachoric(t, r.ZeroCells));
    }

    private static IEnumerable<EffectRecipe> CountsAndRates()
    {
        yield return Recipe(EffectMeasure.RateRatio, TwoRates, r =>
            Rates.LogRateRatio(r["x1i"], r["t1i"], r["x2i"], r["t2i"], r.ZeroCells));
        yield return Recipe(EffectMeasure.RateDifference, TwoRates, r =>
            Rates.RateDifference(r["x1i"], r["t1i"], r["x2i"], r["t2i"], r.ZeroCells));
        yield return Recipe(EffectMeasure.RateDifferenceSquareRoot, TwoRates,
            r => Rates.SquareRootRateDifference(r["x1i"], r["t1i"], r["x2i"], r["t2i"]));
        yield return Recipe(EffectMeasure.Rate, OneRate, r => Rates.Raw(r["xi"], r["ti"], r.ZeroCells));
        yield return Recipe(EffectMeasure.RateLog, OneRate, r => Rates.Log(r["xi"], r["ti"], r.ZeroCells));
        yield return Recipe(EffectMeasure.RateSquareRoot, OneRate, r => Rates.SquareRoot(r["xi"], r["ti"]));
        yield return Recipe(EffectMeasure.RateFreemanTukey, OneRate, r => Rates.FreemanTukey(r["xi"], r["ti"]));

        EffectRecipe OneShare(EffectMeasure measure, Func<double, double, EffectRow, EffectSize> compute) => new(measure,
        [
            new(Share, r => compute(r["xi"], r["ni"], r)),
            new(ShareParts, r => compute(r["xi"], r["xi"] + r["mi"], r)),
        ]);
        yield return OneShare(EffectMeasure.Proportion, (x, n, r) =>
            Proportions.Raw(x, n, r.ZeroCells, r.Binomial)) with { Variances = Binomial };
        yield return OneShare(EffectMeasure.ProportionLog, (x, n, r) => Proportions.Log(x, n, r.ZeroCells));
        yield return OneShare(EffectMeasure.ProportionLogit, (x, n, r) => Proportions.Logit(x, n, r.ZeroCells));
        yield return OneShare(EffectMeasure.ProportionArcsine, (x, n, _) => Proportions.Arcsine(x, n));
        yield return OneShare(EffectMeasure.ProportionFreemanTukey, (x, n, _) => Proportions.FreemanTukey(x, n));
    }

    private static IEnumerable<EffectRecipe> SingleGroups()
    {
        yield return Recipe(EffectMeasure.Mean, OneMean, r => SingleMeans.Raw(r["mi"], r["sdi"], r["ni"]));
        yield return Recipe(EffectMeasure.MeanLog, OneMean, r => SingleMeans.Log(r["mi"], r["sdi"], r["ni"]));
        yield return Recipe(EffectMeasure.StandardizedMean, OneMean, r =>
            SingleMeans.Standardized(r["mi"], r["sdi"], r["ni"], r.Correction));
        yield return Recipe(EffectMeasure.StandardDeviationLog, OneSd, r => SingleMeans.LogStandardDeviation(r["sdi"], r["ni"]));
        yield return Recipe(EffectMeasure.CoefficientOfVariationLog, OneMean, r =>
            SingleMeans.LogCoefficientOfVariation(r["mi"], r["sdi"], r["ni"]));
        yield return Recipe(EffectMeasure.Alpha, AlphaSet, r => Reliabilities.Raw(r["ai"], r.Whole("mi", "items"), r["ni"]));
        yield return Recipe(EffectMeasure.AlphaHakstianWhalen, AlphaSet, r =>
            Reliabilities.HakstianWhalen(r["ai"], r.Whole("mi", "items"), r["ni"]));
        yield return Recipe(EffectMeasure.AlphaBonett, AlphaSet, r =>
            Reliabilities.Bonett(r["ai"], r.Whole("mi", "items"), r["ni"]));
    }
}
