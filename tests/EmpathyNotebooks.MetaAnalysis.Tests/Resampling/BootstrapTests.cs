namespace EmpathyNotebooks.MetaAnalysis.Tests.Resampling;

/// <summary>Bootstraps and jackknives, against all samples written out, plain refits and closed forms.</summary>
public sealed class BootstrapTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38, -0.05, 0.27, 0.61, 0.15, 0.33, 0.11],
        [0.006, 0.010, 0.009, 0.005, 0.012, 0.011, 0.03, 0.008, 0.02, 0.007, 0.004, 0.006], EffectMeasure.FisherZ, columns:
        [
            StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F", "G", "G", "G", "H"]),
            StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer", "client", "observer", "client", "observer", "client", "observer", "client", "observer"]),
            StudyColumn.OfNumbers("year", [1, 2, 3, 3, 5, 6, 8, 9, 9, 10, 11, 14]),
        ]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>All 27 samples of three studies are equally likely, and what is drawn are these.</summary>
    [Fact]
    public void Replicates_are_the_samples_there_are()
    {
        double[] y = [0.1, 0.4, 0.9], v = [0.01, 0.03, 0.02];
        var fit = EqualEffects.Fit(StudyEffects.Create(y, v));
        var shares = new Dictionary<double, double>();
        for (var sample = 0; sample < 27; sample++)
        {
            int[] rows = [sample % 3, sample / 3 % 3, sample / 9];
            var mean = EqualEffects.Fit(StudyEffects.Create([.. rows.Select(i => y[i])], [.. rows.Select(i => v[i])])).Estimate;
            shares[Math.Round(mean, 10)] = shares.GetValueOrDefault(Math.Round(mean, 10)) + 1 / 27.0;
        }
        const int n = 40_000;
        var bootstrap = fit.Bootstrap(new() { Replicates = n }, cancellation: Token)["Intercept"];
        var found = bootstrap.Replicates.CountBy(t => Math.Round(t, 10)).ToDictionary();
        Assert.Equal(shares.Keys.Order(), found.Keys.Order());
        var chi2 = shares.Sum(s => (found[s.Key] - n * s.Value) * (found[s.Key] - n * s.Value) / (n * s.Value));
        Assert.True(Distributions.ChiSquaredUpper(chi2, shares.Count - 1) > 0.001, $"chi² {chi2}");
        var (expected, squares) = (shares.Sum(s => s.Key * s.Value), shares.Sum(s => s.Key * s.Key * s.Value));
        Assert.Equal(Math.Sqrt(squares - expected * expected), bootstrap.StandardError, 0.01 * bootstrap.StandardError);
        Assert.Equal(expected - fit.Estimate, bootstrap.Bias, 0.005);
    }

    /// <summary>The sums of a pooled mean give what whole refits do, draw by draw.</summary>
    [Theory]
    [InlineData(TauSquaredEstimator.RestrictedMaximumLikelihood, Inference.HartungKnapp)]
    [InlineData(TauSquaredEstimator.DerSimonianLaird, Inference.Normal)]
    [InlineData(TauSquaredEstimator.PauleMandel, Inference.HartungKnappAdHoc)]
    [InlineData(null, Inference.Normal)]
    public void Sums_give_what_refits_do(TauSquaredEstimator? estimator, Inference inference)
    {
        PooledFit fit = estimator is { } named ? RandomEffects.Fit(Effects, new() { TauSquared = named, Inference = inference }) : EqualEffects.Fit(Effects);
        BootstrapStatistic[] own = [.. BootstrapStatistic.Usual(fit).Select(s => s with { })];
        foreach (var kind in (BootstrapKind[])[BootstrapKind.Case, BootstrapKind.Parametric, BootstrapKind.Residual])
        {
            var options = new FitBootstrapOptions { Replicates = 300, Kind = kind, Interval = BootstrapIntervalKind.Studentised, Seed = 3 };
            var (fast, whole) = (fit.Bootstrap(options, cancellation: Token), fit.Bootstrap(own, options, cancellation: Token));
            Assert.Equal(whole.Statistics.Select(s => s.Name), fast.Statistics.Select(s => s.Name));
            foreach (var (a, b) in fast.Statistics.Zip(whole.Statistics))
            {
                Assert.Equal(b.Estimate, a.Estimate, 1e-12);
                foreach (var (s, t) in a.Replicates.Zip(b.Replicates)) Assert.Equal(t, s, 1e-10);
                Assert.Equal(b.Interval.Lower, a.Interval.Lower, 1e-9);
                Assert.Equal(b.BiasCorrectedAccelerated?.Upper ?? 0, a.BiasCorrectedAccelerated?.Upper ?? 0, 1e-9);
            }
            Assert.Equal(whole.Warnings, fast.Warnings);
        }
    }

    /// <summary>A cluster drawn twice is two clusters: the same as a fit to data in which it has two names.</summary>
    [Fact]
    public void A_cluster_drawn_twice_is_two_clusters()
    {
        int[] clusters = [0, 2, 0, 6, 3, 6, 7, 1], first = [0, 2, 3, 4, 6, 7, 8, 11], sizes = [2, 1, 1, 2, 1, 1, 3, 1];
        int[] rows = [.. clusters.SelectMany(c => Enumerable.Range(first[c], sizes[c]))], draws = [.. clusters.SelectMany((c, d) => Enumerable.Repeat(d, sizes[c]))];
        var written = StudyEffects.Create([.. rows.Select(i => Effects.Effects[i])], [.. rows.Select(i => Effects.Variances[i])], EffectMeasure.FisherZ,
            columns: [StudyColumn.OfTexts("sample", draws.Select(d => $"draw {d}")), StudyColumn.OfTexts("rater", rows.Select(i => Effects.Column("rater").Text(i)))]);
        var options = new MultilevelOptions { SamplingCorrelation = 0.6 };
        var drawn = MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], options).Drawn(rows, draws);
        var expected = MultilevelModel.Fit(written, ["sample", MultilevelModel.EachEffect], options);
        Same(expected, drawn);
        Same(expected.Robust().Coefficients[0], ((MultilevelFit)drawn).Robust().Coefficients[0]);
        Assert.Equal(8, ((IModelFit)drawn).Clusters!.Count);

        var gls = MultilevelModel.Fit(Effects, [], new() { SamplingCovariance = SamplingCovariance.Within("sample", 0.6) }).Drawn(rows, draws);
        Same(MultilevelModel.Fit(written, [], new() { SamplingCovariance = SamplingCovariance.Within("sample", 0.6) }), gls);
        Assert.Equal(8, ((IModelFit)gls).Clusters!.Count);

        var regression = MultilevelModel.Fit(Effects, ["sample"], Moderator.Category("rater"), 0.6).Drawn(rows, draws);
        Same(MultilevelModel.Fit(written, ["sample"], Moderator.Category("rater"), 0.6), regression);

        var multivariate = MultivariateModel.Fit(Effects, "sample", "rater", new() { SamplingCorrelation = 0.6 });
        Same(MultivariateModel.Fit(written, "sample", "rater", new() { SamplingCorrelation = 0.6 }), multivariate.Drawn(rows, draws));

        var robust = RobustVarianceModel.Fit(Effects, "sample", WorkingModel.Correlated);
        var robustWritten = RobustVarianceModel.Fit(written, "sample", WorkingModel.Correlated);
        Same(robustWritten.Coefficients[0], robust.Drawn(rows, draws).Coefficients[0]);
        Assert.Equal(robustWritten.TauSquared, robust.Drawn(rows, draws).TauSquared, 1e-10);

        // New effects of the same studies, also where a level crosses the others.
        double[] other = [.. Effects.Effects.Select((y, i) => y + 0.1 * Math.Sin(i))];
        var moved = StudyEffects.Create(other, Effects.Variances, EffectMeasure.FisherZ, columns: Effects.Columns);
        Same(MultilevelModel.Fit(moved, ["sample"], new() { CrossedFactors = ["rater"] }), MultilevelModel.Fit(Effects, ["sample"], new() { CrossedFactors = ["rater"] }).With(other));
        Same(MultilevelModel.Fit(moved, ["sample"], Moderator.Number("year").Centered(), 0.6), MultilevelModel.Fit(Effects, ["sample"], Moderator.Number("year").Centered(), 0.6).With(other));
        var regression2 = MetaRegression.Fit(Effects, Moderator.Number("year").Centered());
        Same(MetaRegression.Fit(moved, Moderator.Number("year").Centered()).Coefficients[1], regression2.With(other).Coefficients[1]);
        var scaled = LocationScale.Fit(Effects, null, Moderator.Number("year"));
        Same(LocationScale.Fit(moved, null, Moderator.Number("year")).ScaleCoefficients[1], scaled.With(other).ScaleCoefficients[1]);
        // A refit to some of the studies keeps the centre of all, and so do its replicates.
        var some = regression2.Refit([0, 1, 2, 3, 4, 5]);
        Same(some.Coefficients[0], some.With([.. some.Effects.Effects]).Coefficients[0]);

        static void Same(object expected, object actual)
        {
            switch (expected, actual)
            {
                case (Coefficient e, Coefficient a):
                    Assert.Equal(e.Estimate, a.Estimate, 1e-6);
                    Assert.Equal(e.StandardError, a.StandardError, 1e-6);
                    break;
                case (DependentFit e, DependentFit a):
                    foreach (var (one, other) in e.Coefficients.Zip(a.Coefficients)) Same(one, other);
                    Assert.Equal(e.LogLikelihood, a.LogLikelihood, 1e-7);
                    break;
            }
        }
    }

    /// <summary>Replicates are searched from the variances of the fit alone: where that ends, a search everywhere finds nothing higher.</summary>
    [Fact]
    public void A_replicate_is_at_the_maximum_that_a_whole_search_finds()
    {
        var fit = MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], new() { SamplingCorrelation = 0.6 });
        var units = EffectGroups.Of(fit, EffectClusters.OfFit).Rows;
        var random = new Philox(17);
        for (var draw = 0; draw < 150; draw++)
        {
            random.MoveTo((ulong)draw);
            int[] clusters = [.. Enumerable.Range(0, units.Length).Select(_ => random.NextBelow(units.Length))];
            // Of samples with one effect each nothing tells the levels apart; such a replicate fails.
            if (clusters.Count(c => units[c].Length > 1) < 2) continue;
            int[] rows = [.. clusters.SelectMany(c => units[c])], draws = [.. clusters.SelectMany((c, d) => Enumerable.Repeat(d, units[c].Length))];
            var drawn = fit.Drawn(rows, draws);
            var whole = new VarianceSearch(drawn.Model with { Start = null });
            whole.ValueAt(whole.Maximize());
            Assert.Equal(whole.Likelihood.LogLikelihood, drawn.LogLikelihood, 1e-7);
        }
    }

    /// <summary>Draws from the model have its mean and its variance: σ²/Σw for equal effects, and M for clusters.</summary>
    [Fact]
    public void A_parametric_bootstrap_draws_from_the_model()
    {
        var fit = EqualEffects.Fit(Effects);
        var mean = fit.Bootstrap(new() { Replicates = 20_000, Kind = BootstrapKind.Parametric }, cancellation: Token)["Intercept"];
        Assert.Equal(fit.StandardError, mean.StandardError, 0.02 * fit.StandardError);
        Assert.True(Math.Abs(mean.Bias) < 4 * fit.StandardError / Math.Sqrt(20_000));

        var multilevel = MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], new() { SamplingCorrelation = 0.6, FixedSigmaSquared = new Dictionary<string, double> { ["sample"] = 0.03, [MultilevelModel.EachEffect] = 0.01 } });
        var drawn = multilevel.Bootstrap(new() { Replicates = 4_000, Kind = BootstrapKind.Parametric }, cancellation: Token)["Intercept"];
        // With variances that are known the standard error of the model is that of its estimate.
        Assert.Equal(multilevel.Coefficients[0].StandardError, drawn.StandardError, 0.05 * drawn.StandardError);
    }

    [Fact]
    public void Residuals_keep_their_variance_and_their_studies()
    {
        var regression = MetaRegression.Fit(Effects, Moderator.Number("year"), new() { TauSquared = null });
        var bootstrap = regression.Bootstrap(new() { Replicates = 4_000, Kind = BootstrapKind.Residual }, cancellation: Token);
        double[] standardised = [.. regression.EffectResiduals().Select(r => r.Standardized!.Value)];
        var variance = standardised.Sum(r => (r - standardised.Average()) * (r - standardised.Average())) / standardised.Length;
        // The model's variance without the factor of Hartung and Knapp, times that of the residuals.
        var plain = MetaRegression.Fit(Effects, Moderator.Number("year"), new() { TauSquared = null, Inference = Inference.Normal });
        Assert.Equal(plain.Coefficients[1].StandardError * Math.Sqrt(variance), bootstrap["year"].StandardError, 0.05 * bootstrap["year"].StandardError);
        Assert.Equal("standardised residuals", bootstrap.Drawn);
    }

    /// <summary>A replicate depends on seed and number alone: those of a short run begin a long one, in whatever order threads made them.</summary>
    [Fact]
    public void A_replicate_depends_on_its_number_alone()
    {
        var fit = RandomEffects.Fit(Effects);
        var model = ReplicateModel.Of(fit, BootstrapStatistic.Usual(fit), true);
        var (worker, draw, random) = (model.NewWorker(), new DrawnUnits("studies", EffectGroups.Of(fit, null)).NewDrawer(), new Philox(8));
        double[] values = new double[3], errors = new double[3], alone = new double[500];
        for (var r = alone.Length - 1; r >= 0; r--)
        {
            random.MoveTo((ulong)r);
            draw(random, worker, values, errors);
            alone[r] = values[0];
        }
        var options = new FitBootstrapOptions { Replicates = 500, Seed = 8 };
        Assert.Equal(alone.Order(), fit.Bootstrap(options, cancellation: Token)["Intercept"].Replicates);
        Assert.NotEqual(alone.Order(), fit.Bootstrap(options with { Seed = 9 }, cancellation: Token)["Intercept"].Replicates);
        Assert.Equal(fit.Bootstrap(options, cancellation: Token).ToString(), fit.Bootstrap(options, cancellation: Token).ToString());
    }

    [Fact]
    public void The_jackknife_of_a_mean_has_its_closed_form()
    {
        double[] y = [0.2, 0.5, 0.1, 0.9, 0.4];
        var fit = EqualEffects.Fit(StudyEffects.Create(y, [0.1, 0.1, 0.1, 0.1, 0.1]));
        var jackknife = fit.Jackknife(cancellation: Token);
        var mean = jackknife.Statistics[0];
        Assert.Equal(0, mean.Bias, 1e-14);
        Assert.Equal(Math.Sqrt(y.Sum(v => (v - y.Average()) * (v - y.Average())) / 4 / 5), mean.StandardError, 1e-14);
        foreach (var (value, pseudo) in y.Zip(mean.PseudoValues)) Assert.Equal(value, pseudo, 1e-14);
        Assert.Equal(5, jackknife.Labels.Length);

        // By cluster each value is a fit without it; the statistic of one's own is followed too.
        var multilevel = MultilevelModel.Fit(Effects, ["sample"], new() { SamplingCorrelation = 0.6 });
        var byCluster = multilevel.Jackknife(statistics: [new("total variance", f => ((MultilevelFit)f).TotalVariance)], cancellation: Token);
        Assert.Equal("clusters of sample", byCluster.LeftOut);
        Assert.Equal(8, byCluster.Labels.Length);
        foreach (var (label, value) in byCluster.Labels.Zip(byCluster.Statistics[0].Values))
        {
            int[] rows = [.. Enumerable.Range(0, 12).Where(i => Effects.Column("sample").Text(i) != label)];
            Assert.Equal(MultilevelModel.Fit(Effects.Select(rows), ["sample"], new() { SamplingCorrelation = 0.6 }).TotalVariance, value, 1e-7);
        }
        Assert.Equal(8, RandomEffects.Fit(Effects).Jackknife("sample", cancellation: Token).Labels.Length);
        Assert.Contains("Study 9", Assert.Throws<UndeterminedException>(() => MetaRegression.Fit(WithLoneCategory(), Moderator.Category("kind")).Jackknife(cancellation: Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_determine_the_model_is_counted_and_said()
    {
        var fit = MetaRegression.Fit(WithLoneCategory(), Moderator.Category("kind"));
        var bootstrap = fit.Bootstrap(new() { Replicates = 1_000 }, cancellation: Token);
        // The lone study is missing from (11/12)¹² of the samples.
        Assert.InRange(bootstrap.Failed, 300, 410);
        Assert.Equal(1_000 - bootstrap.Failed, bootstrap.Statistics[0].Replicates.Length);
        Assert.Contains(bootstrap.Warnings, w => w.StartsWith($"{bootstrap.Failed} of 1,000 replicates do not determine the model", StringComparison.Ordinal));
        Assert.Contains(bootstrap.Warnings, w => w.Contains("Without Study 9", StringComparison.Ordinal));
        Assert.All(bootstrap.Statistics, s => Assert.Equal(BootstrapIntervalKind.Percentile, s.IntervalKind));

        // τ² is estimated as 0: no replicate is smaller, so that BCa has no correction for bias.
        var alike = RandomEffects.Fit(StudyEffects.Create([0.30, 0.31, 0.29, 0.33, 0.28, 0.30], [0.05, 0.04, 0.06, 0.05, 0.03, 0.04]));
        var zero = alike.Bootstrap(new() { Replicates = 500 }, cancellation: Token);
        Assert.Null(zero["τ²"].BiasCorrectedAccelerated);
        Assert.Equal(BootstrapIntervalKind.Percentile, zero["τ²"].IntervalKind);
        Assert.Contains(zero.Warnings, w => w.StartsWith("Of τ² the BCa interval is not defined, since none of the replicates lies below the estimate", StringComparison.Ordinal));
        Assert.Equal(BootstrapIntervalKind.BiasCorrectedAccelerated, zero["Intercept"].IntervalKind);

        Assert.Throws<UndeterminedException>(() => fit.Bootstrap(_ => double.NaN, null, cancellation: Token));
        Assert.Throws<UndeterminedException>(() => fit.Bootstrap(f => f.Effects == fit.Effects ? 1 : double.NaN, new() { Replicates = 100 }, cancellation: Token));
        // With 99 replicates the ends of a 99% interval are the most extreme ones.
        Assert.Contains(RandomEffects.Fit(Effects, new() { ConfidenceLevel = 0.99 }).Bootstrap(new() { Replicates = 99 }, cancellation: Token).Warnings, w => w.Contains("most extreme replicate", StringComparison.Ordinal));
    }

    [Fact]
    public void Kinds_that_a_fit_has_not_are_refused_with_the_reason()
    {
        var multilevel = MultilevelModel.Fit(Effects, ["sample"], new() { SamplingCorrelation = 0.6 });
        Assert.Equal(BootstrapKind.Cluster, multilevel.Bootstrap(new() { Replicates = 99 }, cancellation: Token).Kind);
        Refused(multilevel, new() { Kind = BootstrapKind.Case }, "drawn one by one");
        Refused(multilevel, new() { Kind = BootstrapKind.Residual }, "Residuals are drawn of models of independent effects");
        Refused(multilevel, new() { Cluster = "rater" }, "the level \"sample\"");
        Refused(RobustVarianceModel.Fit(Effects, "sample", WorkingModel.Correlated), new() { Kind = BootstrapKind.Parametric }, "says how effects are distributed");
        Refused(RandomEffects.Fit(Effects), new() { Kind = BootstrapKind.Case, Cluster = "sample" }, "column of clusters");
        Assert.Throws<ArgumentException>(() => RandomEffects.Fit(Effects).Bootstrap(new() { Kind = BootstrapKind.Cluster }, cancellation: Token));
        Assert.Equal("clusters of sample", RandomEffects.Fit(Effects).Bootstrap(new() { Cluster = "sample", Replicates = 99 }, cancellation: Token).Drawn);
        Assert.Throws<InsufficientStudiesException>(() => EqualEffects.Fit(StudyEffects.Create([0.1], [0.1])).Bootstrap(cancellation: Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FitBootstrapOptions { Replicates = 98 });

        // Raters cross samples: neither can be drawn alone, and the model is drawn from.
        var crossed = MultilevelModel.Fit(Effects, ["sample"], new() { CrossedFactors = ["rater"] });
        Assert.Equal(BootstrapKind.Parametric, crossed.Bootstrap(new() { Replicates = 99 }, cancellation: Token).Kind);

        void Refused(IModelFit fit, FitBootstrapOptions options, string why) => Assert.Contains(why, Assert.Throws<ImpossibleChoiceException>(() => fit.Bootstrap(options, cancellation: Token)).Message, StringComparison.Ordinal);
    }

    /// <summary>A selection model has a bootstrap of clusters of its own; as a model like others it has this one.</summary>
    [Fact]
    public void A_selection_model_and_a_location_scale_model_are_bootstrapped_as_whole_fits()
    {
        IModelFit selection = SelectionModel.Fit(Effects, SelectionFunction.Step(0.025), new() { Cluster = "sample", Penalty = new() });
        var bootstrap = selection.Bootstrap(new() { Replicates = 99, Interval = BootstrapIntervalKind.Percentile }, cancellation: Token);
        Assert.Equal((BootstrapKind.Cluster, "clusters of sample"), (bootstrap.Kind, bootstrap.Drawn));
        Assert.Equal(selection.Coefficients[0].Estimate, bootstrap.Statistics[0].Estimate);
        var scale = LocationScale.Fit(Effects, null, Moderator.Number("year")).Bootstrap(new() { Replicates = 99, Kind = BootstrapKind.Parametric }, cancellation: Token);
        Assert.Equal(["Intercept", "ln τ²: Intercept", "ln τ²: year"], scale.Statistics.Select(s => s.Name));
        Assert.All(scale.Statistics, s => Assert.True(s.StandardError > 0));
    }

    /// <summary>Few studies, ties, variances far apart: numbers or a reason, never anything between.</summary>
    [Fact]
    public void Small_ugly_designs_have_numbers_or_a_reason()
    {
        var random = new Philox(21);
        for (var design = 0; design < 60; design++)
        {
            random.MoveTo((ulong)design);
            var k = 2 + random.NextBelow(7);
            double[] y = new double[k], v = new double[k], x = new double[k];
            for (var i = 0; i < k; i++)
            {
                v[i] = Math.Pow(10, -8 + 10 * random.NextDouble());
                y[i] = design % 3 == 0 ? Math.Round(2 * random.NextDouble()) : random.NextDouble() * (design % 3 == 1 ? 1 : 50);
                x[i] = random.NextBelow(3);
            }
            var effects = StudyEffects.Create(y, v, columns: [StudyColumn.OfNumbers("x", x.Select(n => (double?)n)), StudyColumn.OfTexts("pair", Enumerable.Range(0, k).Select(i => $"{i / 2}"))]);
            Func<IModelFit>[] fits = [() => RandomEffects.Fit(effects), () => EqualEffects.Fit(effects), () => MetaRegression.Fit(effects, Moderator.Number("x")), () => MultilevelModel.Fit(effects, ["pair"])];
            foreach (var make in fits)
            {
                foreach (var kind in (BootstrapKind?[])[null, BootstrapKind.Parametric, BootstrapKind.Residual])
                {
                    try
                    {
                        var bootstrap = make().Bootstrap(new() { Replicates = 99, Kind = kind, Interval = (BootstrapIntervalKind)(design % 4) }, cancellation: Token);
                        foreach (var s in bootstrap.Statistics)
                        {
                            Assert.True(double.IsFinite(s.Estimate) && double.IsFinite(s.Bias) && double.IsFinite(s.StandardError) && s.Interval.Lower <= s.Interval.Upper && double.IsFinite(s.Interval.Width), $"design {design}, {kind}: {s}");
                            Assert.True(s.IntervalKind == bootstrap.IntervalKind || !bootstrap.Warnings.IsEmpty);
                        }
                    }
                    catch (Exception fault) when (fault is InsufficientStudiesException or StudyDataException or UndeterminedException or ConvergenceException or ImpossibleChoiceException)
                    {
                        Assert.NotEmpty(fault.Message);
                    }
                }
            }
        }
    }

    [Fact]
    public void Progress_goes_up_to_1_and_cancellation_ends_without_a_result()
    {
        var fit = RandomEffects.Fit(Effects);
        var shares = new List<double>();
        fit.Bootstrap(new() { Replicates = 500 }, new Now(share => { lock (shares) shares.Add(share); }), Token);
        Assert.Equal(1, shares.Max());
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => fit.Bootstrap(new() { Replicates = 1_000_000 }, new Now(_ => source.Cancel()), source.Token));

        // The other bootstraps of the library, too.
        var robust = RandomEffects.Fit(Effects).Robust("sample");
        robust.WildBootstrap(options: new() { Replications = 99 }, progress: new Now(shares.Add), cancellation: Token);
        Assert.Equal(1, shares[^1]);
        Assert.ThrowsAny<OperationCanceledException>(() => robust.WildBootstrap(cancellation: source.Token));
        var selection = SelectionModel.Fit(Effects, SelectionFunction.Step(0.025), new() { Cluster = "sample", Penalty = new() });
        Assert.ThrowsAny<OperationCanceledException>(() => selection.Bootstrap(cancellation: source.Token));
    }

    private static StudyEffects WithLoneCategory() => StudyEffects.Create(Effects.Effects, Effects.Variances, columns: [StudyColumn.OfTexts("kind", Enumerable.Range(0, 12).Select(i => i == 8 ? "other" : "usual"))]);

    private sealed class Now(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
