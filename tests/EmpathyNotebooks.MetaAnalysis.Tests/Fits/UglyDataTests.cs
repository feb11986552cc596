namespace EmpathyNotebooks.MetaAnalysis.Tests.Fits;

/// <summary>Whatever a fit of any kind is asked on small and degenerate data: a number, or a reason in words.</summary>
public sealed class UglyDataTests
{
    private static readonly double[] SparseWeights = [0, 2, 0, 0, 3, 0, 0, 3, 2];

    [Fact]
    public void WeightsThatLeaveACoefficientUndeterminedAreRefused()
    {
        // Group p has no weight at all, so that nothing is known of its mean.
        var effects = Data(8, 1);
        double[] weights = [.. Enumerable.Range(0, 8).Select(i => effects.Column("group").Text(i) == "p" ? 0.0 : 1 + i)];
        foreach (var moderators in new[] { Moderator.Category("group"), Moderator.Category("group").WithoutIntercept() })
        {
            ModelOptions[] models =
            [
                new MetaRegressionOptions { Moderators = moderators, Weights = weights, Inference = Inference.Normal },
                new MetaRegressionOptions { Moderators = moderators, Weights = weights, TauSquared = null, Inference = Inference.Normal },
                new MultilevelOptions { Levels = ["sample"], Moderators = moderators, Weights = weights },
            ];
            foreach (var model in models)
            {
                var fault = Assert.Throws<StudyDataException>(() => model.FitTo(effects));
                Assert.Equal(StudyDataFault.Undetermined, fault.Kind);
                Assert.Equal("Column weights: too many are zero to determine all coefficients; give more effects a weight above 0.", fault.Message);
            }
        }
    }

    [Fact]
    public void WeightsFarApartGiveTheNumbersOfTheLimit()
    {
        // With almost no weight the first effects of a group still determine its mean: 0.1 of p with all weight on its first effect.
        var effects = Effects([0.1, 0.5, 0.3, 0.2], [0.01, 0.02, 0.03, 0.01], ["p", "p", "q", "q"]);
        var fit = MetaRegression.Fit(effects, Moderator.Category("group").WithoutIntercept(), new() { Weights = [1e-9, 0, 1, 1], Inference = Inference.Normal, TauSquared = null });
        Assert.Equal(0.1, fit.Coefficients[0].Estimate, 1e-12);
        Assert.Equal(0.1, fit.Coefficients[0].StandardError, 1e-12);
        Assert.Equal(0.25, fit.Coefficients[1].Estimate, 1e-12);
    }

    [Fact]
    public void AWeightedFitWithoutAnEffectSaysWhyThereIsNone()
    {
        var effects = Data(9, 2);
        var fit = MetaRegression.Fit(effects, Moderator.Category("group") + Moderator.Number("row"), new() { Weights = SparseWeights, Inference = Inference.Normal });
        foreach (var deletion in fit.LeaveOneOut((string?)null))
        {
            if (deletion.Fit is null) Assert.Contains("too many are zero", deletion.Absence, StringComparison.Ordinal);
            else Assert.All(deletion.Fit.Coefficients, c => Assert.True(c.StandardError > 0));
        }
        var step = RandomEffects.Fit(effects, new() { Weights = SparseWeights, Inference = Inference.Normal }).Cumulative([0, 2, 1, 3, 4, 5, 6, 7, 8], cluster: null)[1];
        Assert.Equal("Column weights: must not all be zero.", step.Absence);
    }

    [Fact]
    public void OneIsSingular()
    {
        Assert.Equal("1 study, 2 studies, 1,234 clusters", $"{StatisticText.Count(1, "study", "studies")}, {StatisticText.Count(2, "study", "studies")}, {StatisticText.Count(1234, "cluster")}");
        IModelFit fit = MultilevelModel.Fit(Data(6, 3), ["sample"]);
        Assert.Equal("A model with 1 coefficient needs at least 2 effects; there is 1.", fit.Cumulative()[0].Absence);
        IModelFit regression = MetaRegression.Fit(Data(6, 3), Moderator.Number("row"));
        Assert.Equal("The coefficients are not all determined by this one effect.", regression.Cumulative()[0].Absence);
    }

    [Fact]
    public void NothingConvergesInNoIterations()
    {
        Assert.Equal("The mean cannot be computed: it is too large.", new ConvergenceException("The mean", "it is too large", 0).Message);
        Assert.Equal("REML did not converge in 1 iteration: it is flat.", new ConvergenceException("REML", "it is flat", 1).Message);
        Assert.Equal("REML did not converge in 1,000 iterations: it is flat.", new ConvergenceException("REML", "it is flat", 1000).Message);
    }

    [Fact]
    public void ResultsPrintAsWords()
    {
        IModelFit fit = MultilevelModel.Fit(Data(9, 3), ["sample"], samplingCorrelation: 0.5);
        object[] results = [.. fit.LeaveOneOut(), .. fit.Cumulative(), .. fit.Baujat(), fit.Blups(), fit.ClusterBlups(), .. fit.Blups().Rows, .. fit.Subgroups("group").Groups, .. fit.Subgroups("group", true).Groups, fit.Predict()!, fit.Predict()!.Value.BackTransform(fit.Measure),
            .. fit.InfluenceOf().Rows, .. fit.ClusterMeans(), .. ((MultilevelFit)fit).GroupMeans(), .. ((MultilevelFit)fit).Influence()];
        Assert.All(results, r => Assert.DoesNotMatch("System\\.| \\{ ", r.ToString()));
        Assert.StartsWith("without Study 1: ", fit.LeaveOneOut()[0].ToString(), StringComparison.Ordinal);
        Assert.Equal("up to Study 1: A model with 1 coefficient needs at least 2 effects; there is 1.", fit.Cumulative()[0].ToString());
    }

    [Fact]
    public void ARobustTestWithHardlyAnyDegreesOfFreedomSaysSo()
    {
        var effects = Effects([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52], [0.004, 0.005, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], ["p", "q", "p", "q", "q", "p", "q", "p"],
            ["A", "A", "B", "C", "C", "D", "E", "F"]);
        var robust = MultilevelModel.Fit(effects, ["sample"], Moderator.Category("group") + Moderator.Number("row")).Robust();
        Assert.True(robust.ModeratorTest is { Exists: true, DenominatorDegreesOfFreedom: < 4 });
        Assert.Contains(robust.Warnings, w => w.StartsWith("The robust test of 2 coefficients together has ", StringComparison.Ordinal));
        Assert.Contains(robust.Warnings, w => w.Contains("row (", StringComparison.Ordinal) && w.EndsWith("do not trust their p.", StringComparison.Ordinal));
        Assert.Empty(robust.Warnings.Where(w => w.Contains("NaN", StringComparison.Ordinal)));
    }

    [Fact]
    public void ExactEffectsHaveNoRobustIntervalOnAnyScale()
    {
        var fit = RobustVarianceModel.Fit(Effects([0.3, 0.3, 0.3], [0.01, 0.02, 0.01], ["p", "q", "p"]), "sample");
        Assert.False(fit.Coefficients[0].HasStandardError);
        Assert.Null(fit.BackTransformed);
    }

    /// <summary>Every question of every kind of fit on random small data, with ties, huge and tiny variances, one cluster, clusters of one: a number, or one of the five kinds of fault.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void EveryAnswerIsANumberOrAReason(int seed)
    {
        var random = new Random(seed);
        var effects = Data(random.Next(2, 9), seed);
        foreach (var model in Models(effects, random))
        {
            IModelFit fit;
            try
            {
                fit = model.FitTo(effects);
            }
            catch (Exception fault) when (IsReason(fault))
            {
                continue;
            }
            Assert.All(fit.Coefficients, Check);
            foreach (var cluster in fit.Clusters is null ? [null, "sample"] : new[] { null, "sample", EffectClusters.OfFit })
            {
                Assert.All(fit.LeaveOneOut(cluster), d => CheckFit(d.Fit, d.Absence));
                Assert.All(fit.Cumulative(cluster: cluster), d => CheckFit(d.Fit, d.Absence));
                Assert.All(fit.Baujat(cluster), p => Assert.False(double.IsNaN(p.HeterogeneityContribution ?? 0) || double.IsNaN(p.Influence ?? 0)));
                Assert.All(fit.InfluenceOf(cluster).Rows, r => Assert.False(double.IsNaN(r.Hat) || double.IsNaN(r.CookDistance ?? 0) || double.IsNaN(r.Dffits ?? 0) || r.DfBetas.Any(double.IsNaN)));
            }
            Assert.All(fit.Blups().Rows, b => Assert.True(double.IsFinite(b.Estimate)));
            Assert.All(fit.ClusterBlups().Rows, b => Assert.True(double.IsFinite(b.Estimate)));
            if (fit.ProbabilityAbove(0.1) is { } above)
            {
                Assert.InRange(above.Share, 0, 1);
                Assert.InRange(above.PredictiveProbability, 0, 1);
                Assert.Equal(1, above.Share + fit.ProbabilityBelow(0.1)!.Value.Share, 1e-12);
            }
            Assert.Equal(1, fit.Weights.Sum(), 1e-9);
            if (Enumerable.Range(0, fit.Count).Select(i => fit.Effects.Column("group").Text(i)).Distinct().Count() < 2) continue;
            foreach (var common in new[] { false, true })
            {
                try
                {
                    var groups = fit.Subgroups("group", common);
                    Assert.All(groups.Groups, g => { if (g.Estimate is { } mean) Check(mean); else Assert.True(common || g.Absence is not null || fit.Coefficients.Length > 1 || fit.Moderators is not null); });
                }
                catch (Exception fault) when (common && IsReason(fault))
                {
                    Assert.DoesNotContain("1 coefficients", fault.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    private static IEnumerable<ModelOptions> Models(StudyEffects effects, Random random)
    {
        double[] weights = [.. effects.Effects.Select(_ => (double)random.Next(3))];
        if (weights.All(w => w == 0)) weights[0] = 1;
        yield return new RandomEffectsOptions();
        yield return new RandomEffectsOptions { TauSquared = TauSquaredEstimator.DerSimonianLaird, Weights = weights, Inference = Inference.Normal };
        yield return new EqualEffectsOptions { Weights = weights };
        yield return new MetaRegressionOptions { Moderators = Moderator.Number("row").Centered() };
        yield return new MetaRegressionOptions { Moderators = Moderator.Category("group") + Moderator.Number("row"), Weights = weights, Inference = Inference.Normal };
        yield return new LocationScaleOptions { ScaleModerators = Moderator.Category("group") };
        yield return new MultilevelOptions { Levels = ["sample", MultilevelModel.EachEffect], SamplingCorrelation = 0.6 };
        yield return new MultilevelOptions { Levels = ["sample"], Weights = weights };
        yield return new MultilevelOptions { Levels = ["sample"], Moderators = Moderator.Category("group").WithoutIntercept() };
        yield return new MultilevelOptions { SamplingCovariance = SamplingCovariance.Within("sample", 0.9) };
        yield return new MultivariateOptions { Cluster = "sample", Outcome = "group", CommonMean = true, Structure = CovarianceStructure.CompoundSymmetry };
        yield return new RobustVarianceOptions { Cluster = "sample" };
        yield return new RobustVarianceOptions { Cluster = "sample", WorkingModel = WorkingModel.Hierarchical, Moderators = Moderator.Number("row") };
    }

    private static void CheckFit(IModelFit? fit, string? absence)
    {
        if (fit is null)
        {
            Assert.NotNull(absence);
            Assert.DoesNotMatch("\\b1 (coefficients|effects|clusters|groups|studies|iterations)\\b| 0 iterations", absence);
        }
        else Assert.All(fit.Coefficients, Check);
    }

    private static void Check(Coefficient coefficient)
    {
        Assert.True(double.IsFinite(coefficient.Estimate));
        if (!coefficient.HasStandardError) Assert.NotNull(coefficient.WhyNoStandardError);
        else Assert.False(double.IsNaN(coefficient.StandardError) || double.IsNaN(coefficient.PValue) || double.IsNaN(coefficient.ConfidenceInterval.Lower), coefficient.Name);
    }

    private static bool IsReason(Exception fault) =>
        fault is InsufficientStudiesException or StudyDataException or ConvergenceException or ImpossibleChoiceException or UndeterminedException;

    private static StudyEffects Data(int k, int seed)
    {
        var random = new Random(1000 + seed);
        var kind = seed % 6;
        double[] y = [.. Enumerable.Range(0, k).Select(_ => kind switch { 0 => 0.3, 1 => 1000 * random.NextDouble(), 2 => random.Next(2) * 0.5, _ => random.NextDouble() - 0.3 })];
        double[] v = [.. Enumerable.Range(0, k).Select(_ => kind switch { 2 => 0.04, 4 => 1e-8 * (1 + random.NextDouble()), 5 => Math.Pow(10, random.Next(-6, 4)), _ => 0.01 + 0.1 * random.NextDouble() })];
        string[] groups = [.. Enumerable.Range(0, k).Select(i => i < 2 ? "pq"[i].ToString() : "pq"[random.Next(2)].ToString())];
        string[] samples = [.. Enumerable.Range(0, k).Select(i => seed % 4 == 0 ? "A" : seed % 4 == 1 ? "S" + i : "ABCD"[i % 4].ToString())];
        return Effects(y, v, groups, samples);
    }

    private static StudyEffects Effects(double[] y, double[] v, string[] groups, string[]? samples = null) => StudyEffects.Create(y, v, EffectMeasure.FisherZ, columns:
    [
        StudyColumn.OfTexts("group", groups), StudyColumn.OfTexts("sample", samples ?? [.. y.Select((_, i) => "S" + i)]), StudyColumn.OfNumbers("row", y.Select((_, i) => (double?)i)),
    ]);
}
