using System.Diagnostics;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Multiverses;

/// <summary>What a multiverse refuses, lists and says.</summary>
public sealed class MultiverseTests
{
    private const string Reason = "Both are in use.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static StudyEffects Effects { get; } = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38, -0.10, 0.27], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011, 0.007, 0.009], EffectMeasure.FisherZ,
        columns:
        [
            StudyColumn.OfTexts("rater", ["client", "client", "observer", "client", "observer", "observer", "client", "therapist"]), StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"]),
        ]);

    [Fact]
    public void A_choice_needs_a_reason_options_of_one_stage_and_names_of_their_own()
    {
        var none = Multiverse.Of(Effects);
        Assert.Contains("Say why", Assert.Throws<ArgumentException>(() => none.ChooseTest(" ", Equivalence.Equivalent, Inference.Normal)).Message, StringComparison.Ordinal);
        Assert.Contains("two choices", Assert.Throws<ArgumentException>(() => none.Choose("both", Reason, Equivalence.Equivalent, Specify.EqualEffects, Specify.Unadjusted)).Message, StringComparison.Ordinal);
        Assert.Contains("Named", Assert.Throws<ArgumentException>(() => none.Choose("test", Reason, Equivalence.Equivalent, Specify.Test(Inference.Normal), Specify.Test(Inference.Normal))).Message, StringComparison.Ordinal);
        Assert.Contains("needs options", Assert.Throws<ArgumentException>(() => none.Choose("test", Reason, Equivalence.Equivalent)).Message, StringComparison.Ordinal);
        var one = none.ChooseTest(Reason, Equivalence.Equivalent, Inference.Normal, Inference.StudentT);
        Assert.Contains("already", Assert.Throws<ArgumentException>(() => one.Choose("inference", Reason, Equivalence.Equivalent, Specify.SmallSampleTest)).Message, StringComparison.Ordinal);
        Assert.Contains("already", Assert.Throws<ArgumentException>(() => one.Choose("test", Reason, Equivalence.Equivalent, Specify.AllStudies)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => none.Run(cancellation: Token));
        Assert.Empty(none.Choices);
        var many = Enumerable.Range(0, 20).Aggregate(none, (m, i) => m.Choose($"rule {i}", Reason, Equivalence.Equivalent, Specify.AllStudies, Specify.Where($"not {i}", (_, row) => row != i)));
        Assert.Throws<ArgumentException>(() => many.Choose("rule 20", Reason, Equivalence.Equivalent, Specify.AllStudies, Specify.Without("rater", "client")));
    }

    [Fact]
    public void A_column_that_is_not_there_is_a_fault_and_no_impossible_combination()
    {
        var wrong = Multiverse.Of(Effects).Choose("raters", Reason, Equivalence.Uncertain, Specify.AllStudies, Specify.Without("ratter", "client"));
        Assert.Contains("rater", Assert.Throws<StudyDataException>(() => wrong.Run(cancellation: Token)).Message, StringComparison.Ordinal);
        Assert.Throws<StudyDataException>(() => Multiverse.Of(Effects).ChooseSubset("ratter", Reason, Equivalence.NonEquivalent));
        Assert.Throws<StudyDataException>(() => Multiverse.Of(Effects).Choose("model", Reason, Equivalence.Uncertain, Specify.Averaged("sammple")).Run(cancellation: Token));
    }

    [Fact]
    public void Choices_that_are_not_equivalent_split_the_multiverse()
    {
        var result = Multiverse.Of(Effects).ChooseSubset("rater", "Others see other things.", Equivalence.NonEquivalent).ChooseTest(Reason, Equivalence.Equivalent, Inference.HartungKnapp, Inference.Normal).Run(cancellation: Token);
        Assert.Equal(["rater: all studies", "rater: client", "rater: observer"], result.Parts.Select(p => p.Name));
        Assert.All(result.Parts, p => Assert.Equal(2, p.Specifications.Length));
        Assert.Same(result.Parts[0], result.Main);
        // One therapist leaves nothing to estimate tau² from.
        var impossible = Assert.Single(result.Impossible);
        Assert.Equal("therapist", Assert.Single(impossible.Choices).Value);
        Assert.Equal((2, ImpossibilityKind.Data), (impossible.Combinations, impossible.Kind));
        Assert.Contains("at least 2", impossible.Reason, StringComparison.Ordinal);
        // The test moves no estimate: within a part nothing differs, and over all the subset explains everything.
        Assert.Equal(0, Assert.Single(result.Main.Influence).Share);
        Assert.Equal(("rater", 1.0), (result.Influence!.Value[0].Choice, Math.Round(result.Influence.Value[0].Share, 12)));
    }

    [Fact]
    public void Combinations_that_contradict_each_other_are_named_by_what_contradicts()
    {
        var result = Multiverse.Of(Effects)
            .Choose("model", Reason, Equivalence.Uncertain, Specify.Averaged("sample"), Specify.Multilevel("sample"), Specify.RobustVariance("sample"), Specify.RobustVariance("sample", WorkingModel.Hierarchical))
            .ChooseCorrelation("It is assumed.", Equivalence.Uncertain, 0.4, 0.8)
            .ChooseEstimator(Reason, Equivalence.Uncertain, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.DerSimonianLaird)
            .Choose("test", Reason, Equivalence.Uncertain, Specify.SmallSampleTest, Specify.Test(Inference.Normal)).Run(cancellation: Token);
        // 2 correlations of averages with 2 estimators and 2 tests, of the multilevel model with REML and 2 tests, of CORR; and one of HIER.
        Assert.Equal(8 + 4 + 2 + 1, result.Specifications.Length);
        Assert.Equal(32, result.Combinations);
        Assert.Equal(32 - 15, result.Impossible.Sum(i => i.Combinations));
        var multilevel = Assert.Single(result.Impossible, i => i.Reason.Contains("REML or ML", StringComparison.Ordinal));
        Assert.Equal((ImpossibilityKind.Contradiction, 4), (multilevel.Kind, multilevel.Combinations));
        Assert.Equal(["estimator DL", "model multilevel (CHE)"], multilevel.Choices.Select(c => $"{c.Key} {c.Value}").Order());
        var z = result.Impossible.Where(i => i.Reason.StartsWith("z inference is not defined for robust variance", StringComparison.Ordinal)).ToList();
        Assert.Equal(8, z.Sum(i => i.Combinations));
        Assert.All(z, i => Assert.Equal(["model", "test"], i.Choices.Keys.Order()));
        Assert.Equal(5, result.Impossible.Where(i => i.Kind == ImpossibilityKind.Redundant).Sum(i => i.Combinations));
        var hierarchical = result.Specifications.Single(s => result.OptionsOf(s).Any(o => o.Value == "RVE (HIER)"));
        Assert.Equal(["RVE (HIER)", "not used", "not used", "small-sample test"], result.OptionsOf(hierarchical).Select(o => o.Value));
        Agree(RobustVarianceModel.Fit(Effects, "sample", WorkingModel.Hierarchical).Coefficients[0], hierarchical);
        foreach (var (model, rho, fit) in new (string, string, Func<double, Coefficient>)[]
        {
            ("multilevel (CHE)", "ρ = .8", rho => MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: rho).Robust().Coefficients[0]),
            ("averages", "ρ = .8", rho => RandomEffects.Fit(Effects.AverageWithin("sample", rho)).Mean),
            ("RVE (CORR)", "ρ = .8", rho => RobustVarianceModel.Fit(Effects, "sample", options: new() { SamplingCorrelation = rho }).Coefficients[0]),
        })
        {
            Agree(fit(0.8), result.Specifications.First(s => result.OptionsOf(s).Select(o => o.Value).Take(2).SequenceEqual([model, rho])));
        }
    }

    private static void Agree(Coefficient expected, Specification actual)
    {
        Assert.Equal(expected.Estimate, actual.Value.Estimate, 1e-12);
        Assert.Equal(expected.StandardError, actual.Value.StandardError!.Value, 1e-12);
        Assert.Equal(expected.PValue, actual.Value.PValue!.Value, 1e-12);
        Assert.Equal(expected.ConfidenceInterval.Upper, actual.Value.Interval!.Value.Upper, 1e-12);
    }

    [Fact]
    public void What_is_the_same_specification_is_counted_once()
    {
        var result = Multiverse.Of(Effects)
            .Choose("studies", "?", Equivalence.Uncertain, Specify.Where("none of E", (used, row) => used.Column("sample").Text(row) != "E"), Specify.Without("sample", "E"), Specify.WithoutOutlying(), Specify.AllStudies)
            .ChooseEstimator("Two names of one.", Equivalence.Uncertain, TauSquaredEstimator.PauleMandel, TauSquaredEstimator.EmpiricalBayes)
            .Choose("model", "?", Equivalence.Uncertain, Specify.Independent(), Specify.RobustVariance("sample"))
            .Choose("adjustment", "?", Equivalence.NonEquivalent, Specify.Unadjusted, Specify.TrimAndFill()).Run(cancellation: Token);
        // Only E lies apart: three rules leave the same studies.
        Assert.Equal(2 * 2 * 2, result.Specifications.Length);
        Assert.Equal(4 * 2 * 2 * 2 - 8, result.Impossible.Sum(i => i.Combinations));
        Assert.All(result.Impossible, i => Assert.Equal(ImpossibilityKind.Redundant, i.Kind));
        Assert.Equal(2 * 2 * 2 * 2, result.Impossible.Where(i => i.Reason.StartsWith("The same studies are left as with studies: none of E", StringComparison.Ordinal)).Sum(i => i.Combinations));
        var dependent = Multiverse.Of(Effects)
            .Choose("model", "?", Equivalence.Uncertain, Specify.Multilevel("sample"), Specify.RobustVariance("sample"))
            .ChooseCorrelation("?", Equivalence.Uncertain, 0.4, 0.8)
            .Choose("adjustment", "?", Equivalence.NonEquivalent, Specify.Unadjusted, Specify.TrimAndFill(), Specify.Selection(SelectionFunction.Step(0.5))).Run(cancellation: Token);
        // Trim and fill is of averages, and goes by the correlation; a selection model goes by neither model nor correlation.
        Assert.Equal([4, 2, 1], dependent.Parts.Select(p => p.Specifications.Length));
        Assert.Equal(Effects.AverageWithin("sample", 0.8) is var averages ? RandomEffects.Fit(averages).TrimAndFill().Fit.Estimate : 0, dependent.Parts[1].Specifications[1].Value.Estimate, 1e-12);
    }

    [Fact]
    public void A_measure_is_computed_from_what_the_effects_were_computed_from_and_compared_as_it_is_shown()
    {
        Dictionary<string, double>[] rows = [.. new[] { (1.2, 0.9, 20.0), (0.8, 0.5, 31.0), (0.4, 0.6, 18.0), (1.0, 0.2, 44.0) }.Select(r => new Dictionary<string, double>
        {
            ["m1i"] = r.Item1, ["m2i"] = r.Item2, ["sd1i"] = 1.1, ["sd2i"] = 0.8, ["n1i"] = r.Item3, ["n2i"] = r.Item3 + 4,
        })];
        var ingredients = rows[0].Keys.Select(name => StudyColumn.OfNumbers(name, rows.Select(r => (double?)r[name]))).ToList();
        var effects = StudyEffects.Create(EffectSizeCalculator.Compute(EffectMeasure.StandardizedMeanDifference, rows, null)).WithIngredients(ingredients);
        var multiverse = Multiverse.Of(effects).ChooseMeasure("Variances differ.", Equivalence.Uncertain, EffectMeasure.StandardizedMeanDifference, EffectMeasure.StandardizedMeanDifferenceUnequal, EffectMeasure.OddsRatio);
        // An odds ratio needs counts, which there are none of, and what is not computed stands on no scale.
        var result = multiverse.Run(cancellation: Token);
        Assert.Equal(2, result.Specifications.Length);
        Assert.True(result.IsOnShownScale);
        Assert.Contains("OR", Assert.Single(result.Impossible).Choices.Values);
        Assert.Equal(RandomEffects.Fit(StudyEffects.Create(EffectSizeCalculator.Compute(EffectMeasure.StandardizedMeanDifferenceUnequal, rows, null))).Estimate, result.Specifications[1].Value.Estimate, 1e-14);
        var mixed = Multiverse.Of(effects);
        Assert.Contains("different scales", Assert.Throws<ImpossibleChoiceException>(() => mixed.ChooseMeasure("?", Equivalence.Uncertain, EffectMeasure.StandardizedMeanDifference, EffectMeasure.MeanDifference).Run(cancellation: Token)).Message, StringComparison.Ordinal);
        var split = mixed.ChooseMeasure("Units or none.", Equivalence.NonEquivalent, EffectMeasure.StandardizedMeanDifference, EffectMeasure.MeanDifference).Run(cancellation: Token);
        Assert.Null(split.Influence);
        Assert.Equal(["d", "MD"], split.Parts.Select(p => p.Measure.Symbol).Select(s => s is "d" or "g" ? "d" : "MD"));
        Assert.Contains("as given", Multiverse.Of(effects).Choose("measure", "?", Equivalence.Equivalent, Specify.AsGiven(), Specify.Effects("halved", StudyEffects.Create([.. effects.Effects.Select(y => y / 2)], effects.Variances, effects.Measure)))
            .Run(cancellation: Token).OptionsOf(0).Select(o => o.Value));
    }

    [Fact]
    public void Own_models_rules_changes_and_adjustments_are_options_like_others()
    {
        var result = Multiverse.Of(Effects)
            .Choose("reliability", "Measures are unreliable.", Equivalence.Uncertain, Specify.AllStudies.Named("as measured"), Specify.Changed("corrected", used => StudyEffects.Create([.. used.Effects.Select(y => y / 0.9)], [.. used.Variances.Select(v => v / 0.81)], used.Measure, used.Labels, columns: used.Columns)))
            .Choose("size", "?", Equivalence.Uncertain, Specify.AllStudies, Specify.Where("not the first", (_, row) => row > 0), Specify.Studies("precise", used => [.. Enumerable.Range(0, used.Count).Where(i => used.Variances[i] < 0.0095)]))
            .Choose("model", "?", Equivalence.Uncertain, Specify.Independent(), Specify.Model("equal weights", (settings, used) => RandomEffects.Fit(used, new() { Weights = [.. used.Effects.Select(_ => 1.0)], ConfidenceLevel = settings.ConfidenceLevel })))
            .Choose("adjustment", "?", Equivalence.NonEquivalent, Specify.Unadjusted, Specify.Adjusted("half", fit => SpecificationEstimate.Of(fit) with { Estimate = fit.Mean!.Value.Estimate / 2 }), Specify.AdequatelyPowered(), Specify.Limit(), Specify.Selection(SelectionFunction.Step(0.5)))
            .Run(cancellation: Token);
        double[] precise = [.. Enumerable.Range(0, 8).Where(i => Effects.Variances[i] < 0.0095).Select(i => Effects.Effects[i])];
        var plain = result.Specifications.Single(s => result.OptionsOf(s).Select(o => o.Value).SequenceEqual(["as measured", "precise", "equal weights", "unadjusted"]));
        Assert.Equal(precise.Average(), plain.Value.Estimate, 1e-12);
        Assert.Equal(5, plain.Value.Count);
        var half = result.Specifications.Single(s => result.OptionsOf(s).Select(o => o.Value).SequenceEqual(["corrected", "all studies", "equal weights", "half"]));
        Assert.Equal(Effects.Effects.Average() / 0.9 / 2, half.Value.Estimate, 1e-12);
        Assert.Equal(5, result.Parts.Length);
    }

    [Fact]
    public void The_table_has_every_combination_and_no_cell_that_a_spreadsheet_would_compute()
    {
        var result = Multiverse.Of(Effects)
            .Choose("=cmd|' /C calc'!A0", "A name from a file.", Equivalence.Uncertain, Specify.AllStudies.Named("@all, \"quoted\""), Specify.Without("rater", "observer").Named("-3 x"), Specify.Only("rater", "nobody").Named("+4"))
            .ChooseTest(Reason, Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal).Run(cancellation: Token);
        using var writer = new StringWriter();
        result.WriteCsv(writer);
        var lines = writer.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(1 + 6, lines.Length);
        Assert.StartsWith("specification,part,'=cmd|' /C calc'!A0,test,estimate,", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"'@all, \"\"quoted\"\"\"", lines[1], StringComparison.Ordinal);
        Assert.Contains(",'-3 x,z,", lines[4], StringComparison.Ordinal);
        Assert.Contains(",not determined,", lines[5], StringComparison.Ordinal);
        Assert.Contains("no study is left", lines[5], StringComparison.Ordinal);
        // Numbers stay numbers, below 0 too.
        var cells = lines[3].Split(',');
        Assert.Equal(result.Specifications[2].Value.Estimate, double.Parse(cells[4], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_same_choices_give_the_same_bytes()
    {
        Assert.Equal(Table(), Table());

        static string Table()
        {
            using var writer = new StringWriter();
            Multiverse.Of(Effects).ChooseSubset("rater", "?", Equivalence.NonEquivalent).Choose("outlying studies", "?", Equivalence.Uncertain, Specify.AllStudies, Specify.WithoutOutlying(), Specify.WithoutInfluential())
                .ChooseEstimator("?", Equivalence.Uncertain, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.PauleMandel, null).Choose("adjustment", "?", Equivalence.NonEquivalent, Specify.Unadjusted, Specify.Selection(SelectionFunction.Step(0.5)))
                .Run(cancellation: Token).WriteCsv(writer);
            return writer.ToString();
        }
    }

    [Fact]
    public void A_multiverse_without_a_single_estimate_says_why()
    {
        var fault = Assert.Throws<UndeterminedException>(() => Multiverse.Of(Effects).Choose("raters", "?", Equivalence.Uncertain, Specify.Only("rater", "nobody"), Specify.Only("rater", "therapist")).Run(cancellation: Token));
        Assert.Contains("none of its 2 combinations", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_cancelled_and_tells_how_far_it_is()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var multiverse = Multiverse.Of(Effects).ChooseSubset("rater", "?", Equivalence.NonEquivalent);
        Assert.ThrowsAny<OperationCanceledException>(() => multiverse.Run(cancellation: cancelled.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => multiverse.Run(cancellation: Token).Main.Test(cancellation: cancelled.Token));
        var shares = new Collected();
        multiverse.Run(shares, Token);
        Assert.Equal(1, shares.Largest);
    }

    private sealed class Collected : IProgress<double>
    {
        private readonly Lock _lock = new();

        public double Largest { get; private set; }

        public void Report(double value)
        {
            lock (_lock) Largest = Math.Max(Largest, value);
        }
    }

    [Fact]
    public void A_hundred_thousand_specifications_take_seconds()
    {
        var random = new Random(1);
        double[] y = [.. Enumerable.Range(0, 40).Select(_ => 0.2 + 0.2 * (random.NextDouble() - 0.5))], v = [.. Enumerable.Range(0, 40).Select(_ => 0.005 + 0.02 * random.NextDouble())];
        bool[][] members = [.. Enumerable.Range(0, 3334).Select(_ => Enumerable.Range(0, 40).Select(_ => random.NextDouble() < 0.7).ToArray())];
        var subsets = members.Select((rows, s) => Specify.Where($"subset {s}", (_, row) => rows[row])).ToArray();
        var watch = Stopwatch.StartNew();
        var result = Multiverse.Of(StudyEffects.Create(y, v, EffectMeasure.FisherZ)).Choose("studies", "?", Equivalence.Uncertain, subsets)
            .ChooseEstimator("?", Equivalence.Uncertain, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.DerSimonianLaird, TauSquaredEstimator.PauleMandel, TauSquaredEstimator.SidikJonkman, TauSquaredEstimator.MaximumLikelihood,
                TauSquaredEstimator.Hedges, TauSquaredEstimator.HunterSchmidt, TauSquaredEstimator.HunterSchmidtSmallSample, TauSquaredEstimator.TwoStepDerSimonianLaird, null)
            .ChooseTest("?", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal, Inference.StudentT).Run(cancellation: Token);
        Assert.Equal(100_020, result.Specifications.Length);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), watch.Elapsed.ToString());
        TestContext.Current.SendDiagnosticMessage($"100,020 specifications in {watch.Elapsed}");
        Assert.InRange(result.Influence!.Value[0].Share, 0.5, 1);
    }
}
