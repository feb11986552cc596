using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Subsets of studies and permutations as they are asked for and said.</summary>
public sealed class SensitivityQuestionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void All_are_asked_together_and_say_the_numbers_of_the_library()
    {
        var inquiry = Fits.Ask("random effects", ("--sensitivity", true), ("--permutations", 999UL), ("--bootstrap", 500UL), ("--seed", 4UL));
        var section = Section(inquiry);

        var gosh = inquiry.Fit!.Gosh(new() { Seed = 4 }, cancellation: Token);
        var said = section.GetProperty("gosh");
        Assert.Equal(4095, said.GetProperty("subsets").GetInt64());
        Assert.True(said.GetProperty("exhaustive").GetBoolean());
        Assert.Equal(gosh.Estimate.Mean, said.GetProperty("estimate").GetProperty("mean").GetDouble(), 1e-15);
        Assert.Equal(["0", "0.025", "0.25", "0.5", "0.75", "0.975", "1"], said.GetProperty("estimate").GetProperty("quantiles").EnumerateObject().Select(p => p.Name));
        Assert.All(said.GetProperty("estimate").GetProperty("quantiles").EnumerateObject(),
            p => Assert.Equal(gosh.Estimate.Quantile(double.Parse(p.Name, System.Globalization.CultureInfo.InvariantCulture)), p.Value.GetDouble(), 1e-15));
        Assert.Equal(gosh.TauSquared.Mean, said.GetProperty("tauSquaredMean").GetDouble(), 1e-15);
        Assert.Equal(gosh.ISquared.Mean, said.GetProperty("iSquaredMean").GetDouble(), 1e-15);
        Assert.InRange(said.GetProperty("iSquaredMean").GetDouble(), 0, 1);
        Assert.Equal(gosh.Outlying, said.GetProperty("outlying").EnumerateArray().Select(o => o.GetString()!));

        var test = inquiry.Fit!.PermutationTest(new() { Permutations = 999, Seed = 4 }, cancellation: Token);
        var permutation = section.GetProperty("permutation");
        Assert.Equal(test.Coefficients[0].PValue, permutation.GetProperty("pValue").GetDouble(), 1e-15);
        Assert.Equal(test.Coefficients[0].StandardError, permutation.GetProperty("standardError").GetDouble(), 1e-15);
        Assert.False(permutation.GetProperty("exact").GetBoolean());
        Assert.Equal(999, permutation.GetProperty("permutations").GetInt32());

        var bootstrap = inquiry.Fit!.Bootstrap(new FitBootstrapOptions { Replicates = 500, Seed = 4 }, cancellation: Token);
        var replicates = section.GetProperty("bootstrap");
        Assert.Equal((500, 0, "case", "bca"), (replicates.GetProperty("replicates").GetInt32(), replicates.GetProperty("failed").GetInt32(), replicates.GetProperty("kind").GetString(), replicates.GetProperty("interval").GetString()));
        foreach (var (statistic, json) in bootstrap.Statistics.Zip(replicates.GetProperty("statistics").EnumerateArray()))
        {
            Assert.Equal(statistic.Name, json.GetProperty("name").GetString());
            Assert.Equal((statistic.Estimate, statistic.Bias, statistic.StandardError), (json.GetProperty("estimate").GetDouble(), json.GetProperty("bias").GetDouble(), json.GetProperty("standardError").GetDouble()));
            Assert.Equal((statistic.Interval.Lower, statistic.Interval.Upper), (json.GetProperty("lower").GetDouble(), json.GetProperty("upper").GetDouble()));
        }
        Assert.Equal(["Intercept", "τ²", "I²"], bootstrap.Statistics.Select(s => s.Name));
        Assert.Equal(0, section.GetProperty("notComputed").GetArrayLength());
    }

    [Fact]
    public void Each_is_asked_alone()
    {
        var gosh = Section(Fits.Ask("random effects", ("--gosh", true)));
        Assert.False(gosh.TryGetProperty("permutation", out _));
        var permutation = Section(Fits.Ask("random effects", ("--permutations", 10_000UL)));
        Assert.False(permutation.TryGetProperty("gosh", out _));
        // 2¹² sign patterns are gone through.
        Assert.True(permutation.GetProperty("permutation").GetProperty("exact").GetBoolean());
        Assert.Equal(4096, permutation.GetProperty("permutation").GetProperty("permutations").GetInt32());
        Assert.Equal(0, permutation.GetProperty("permutation").GetProperty("standardError").GetDouble());
    }

    [Fact]
    public void Moderators_are_permuted_together_and_one_by_one()
    {
        var inquiry = Fits.Ask("regression", ("--sensitivity", true), ("--permutations", 500UL), ("--bootstrap", 99UL));
        var section = Section(inquiry);
        var test = inquiry.Fit!.PermutationTest(new() { Permutations = 500 }, cancellation: Token);

        var permutation = section.GetProperty("permutation");
        Assert.Equal(test.ModeratorTest!.PValue, permutation.GetProperty("pValue").GetDouble(), 1e-15);
        Assert.Equal(test.Coefficients.Select(c => (c.Name, c.PValue)), permutation.GetProperty("coefficients").EnumerateArray().Select(c => (c.GetProperty("name").GetString()!, c.GetProperty("pValue").GetDouble())));
        Assert.Equal("rows of moderators", permutation.GetProperty("permuted").GetString());
        Assert.Equal(inquiry.Fit!.Coefficients[1].Name, section.GetProperty("gosh").GetProperty("coefficient").GetString());
    }

    [Fact]
    public void Of_effects_that_share_samples_clusters_are_left_out_and_change_signs()
    {
        var inquiry = Fits.Ask("multilevel", ("--sensitivity", true), ("--bootstrap", 99UL));
        var section = Section(inquiry);

        Assert.Equal(255, section.GetProperty("gosh").GetProperty("subsets").GetInt64() + section.GetProperty("gosh").GetProperty("undetermined").GetInt64());
        Assert.Equal("signs of clusters", section.GetProperty("permutation").GetProperty("permuted").GetString());
        Assert.Equal(256, section.GetProperty("permutation").GetProperty("permutations").GetInt32());
        Assert.Equal("cluster", section.GetProperty("bootstrap").GetProperty("kind").GetString());
        Assert.Contains("8 clusters of sample", PlainTextWriter.Write(new Document(Questions.Ask(inquiry).SelectMany(a => a.Blocks))), StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_answer_stands_with_its_reason_and_alone_is_refused()
    {
        var reasons = Section(Fits.Ask("location-scale", ("--sensitivity", true), ("--bootstrap", 99UL))).GetProperty("notComputed").EnumerateArray().ToDictionary(n => n.GetProperty("method").GetString()!, n => n.GetProperty("reason").GetString()!);
        Assert.StartsWith("It is defined for pooled", reasons["subsets of studies (GOSH)"], StringComparison.Ordinal);
        Assert.StartsWith("It is defined for pooled means", reasons["permutation test"], StringComparison.Ordinal);
        Assert.Equal("--gosh", Assert.Throws<QuestionException>(() => Questions.Ask(Fits.Ask("location-scale", ("--gosh", true)))).Option);
        Assert.Contains("own weights", Assert.Throws<QuestionException>(() => Questions.Ask(Fits.Ask("random effects with given weights", ("--gosh", true)))).Message, StringComparison.Ordinal);
        // A number that is none of permutations is a slip of whoever wrote it, and no property of the data.
        Assert.Contains("99", Assert.Throws<QuestionException>(() => Questions.Ask(Fits.Ask("random effects", ("--sensitivity", true), ("--permutations", 3UL)))).Message, StringComparison.Ordinal);
        Assert.Contains("99", Assert.Throws<QuestionException>(() => Questions.Ask(Fits.Ask("random effects", ("--bootstrap", 3UL)))).Message, StringComparison.Ordinal);
        var two = Inquiry.Of(RandomEffects.Fit(StudyEffects.Create([0.1, 0.4], [0.01, 0.02], EffectMeasure.FisherZ))) with { Said = new OptionValues(new Dictionary<string, object> { ["--sensitivity"] = true }) };
        Assert.Contains("3", Section(two).GetProperty("notComputed")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(0.5, Section(two).GetProperty("permutation").GetProperty("pValue").GetDouble());
    }

    [Fact]
    public void A_study_that_divides_the_cloud_is_named_in_tables_sentences_and_warnings()
    {
        double[] effects = [.. Fits.Effects.Effects];
        effects[3] = 2.2;
        var fit = RandomEffects.Fit(StudyEffects.Create(effects, Fits.Effects.Variances, EffectMeasure.FisherZ));
        var inquiry = Inquiry.Of(fit) with { Said = new OptionValues(new Dictionary<string, object> { ["--gosh"] = true }) };
        var answer = Questions.Ask(inquiry).Single(a => a.Sentence?.Contains("subsets", StringComparison.Ordinal) == true);

        var label = fit.Effects.Labels[3];
        Assert.EndsWith($"; {label} divided them into two clouds, which is a reason to look at it, not to leave it out.", answer.Sentence, StringComparison.Ordinal);
        Assert.StartsWith($"{label} divides the cloud", Assert.Single(answer.Warnings), StringComparison.Ordinal);
        var text = PlainTextWriter.Write(new Document(answer.Blocks));
        Assert.Contains($"Outlying: {label}.", text, StringComparison.Ordinal);
        Assert.Contains("they are no confidence interval", text, StringComparison.Ordinal);
        Assert.Contains("The 10 of 12 studies that do most", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_are_said_where_they_stand_alone()
    {
        var fit = RandomEffects.Fit(Fits.Effects);
        Assert.Contains("All 4,095 subsets of 12 studies", PlainTextWriter.Write(new Document([Answers.Say(fit.Gosh(cancellation: Token))])), StringComparison.Ordinal);
        Assert.Contains("4,096 permutations of signs of effects, all there are: p is exact.", PlainTextWriter.Write(new Document([Answers.Say(fit.PermutationTest(cancellation: Token))])), StringComparison.Ordinal);
        var bootstrap = PlainTextWriter.Write(new Document([Answers.Say(fit.Bootstrap(new FitBootstrapOptions { Replicates = 200 }, cancellation: Token))]));
        Assert.Contains("200 replicates of studies. Bias and SE of the mean on the scale that is pooled (z).", bootstrap, StringComparison.Ordinal);
        Assert.Contains("Each of 12 studies left out once", PlainTextWriter.Write(new Document([Answers.Say(fit.Jackknife(cancellation: Token))])), StringComparison.Ordinal);
    }

    [Fact]
    public void Kind_and_interval_of_the_bootstrap_are_said_and_refused_where_there_is_none()
    {
        var parametric = Fits.Ask("regression", ("--bootstrap", 99UL), ("--bootstrap-kind", "parametric"), ("--bootstrap-interval", "studentised"));
        var json = Section(parametric).GetProperty("bootstrap");
        Assert.Equal(("parametric", "studentised"), (json.GetProperty("kind").GetString(), json.GetProperty("interval").GetString()));
        // I² has no standard error, which is said.
        Assert.Equal("percentile", json.GetProperty("statistics").EnumerateArray().Last().GetProperty("interval").GetString());
        var answer = Questions.Ask(parametric).Single(a => a.Sentence?.StartsWith("By bootstrap", StringComparison.Ordinal) == true);
        Assert.Contains(answer.Warnings, w => w.Contains("it has no standard error", StringComparison.Ordinal));
        Assert.Contains("99 replicates of effects from the fitted model", answer.Sentence, StringComparison.Ordinal);
        foreach (var (fit, kind) in new[] { ("multilevel", "case"), ("multilevel", "residual"), ("random effects", "cluster") })
        {
            Assert.Equal("--bootstrap-kind", Assert.Throws<QuestionException>(() => Questions.Ask(Fits.Ask(fit, ("--bootstrap", 99UL), ("--bootstrap-kind", kind)))).Option);
        }
    }

    /// <summary>Wherever something is drawn the seed is taken.</summary>
    [Fact]
    public void The_seed_is_that_of_z_curve_and_of_selection_models_too()
    {
        var many = RandomEffects.Fit(StudyEffects.Create([.. Enumerable.Range(0, 30).Select(i => 0.2 + 0.01 * i)], [.. Enumerable.Repeat(0.01, 30)], EffectMeasure.FisherZ));
        var curve = Questions.All.OfType<ZCurveQuestion>().Single().Ask(Inquiry.Of(many) with { Said = new OptionValues(new Dictionary<string, object> { ["--bias"] = true, ["--seed"] = 5UL }) })!;
        using var output = new StringWriter();
        JsonReport.Write([curve], [], output);
        var lower = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("publicationBias").GetProperty("zCurve").GetProperty("errLower").GetDouble();
        Assert.Equal(ZCurve.Fit(many.Effects, new() { Seed = 5 }).ReplicationInterval!.Value.Lower, lower);
        Assert.NotEqual(ZCurve.Fit(many.Effects).ReplicationInterval!.Value.Lower, lower);

        string Text(ulong seed) => PlainTextWriter.Write(new Document(Questions.Ask(Fits.Ask("multilevel", ("--selection", "step:0.5"), ("--seed", seed))).SelectMany(a => a.Blocks)));
        Assert.Equal(Text(1), Text(1));
        Assert.NotEqual(Text(1), Text(2));
    }

    [Fact]
    public void Long_answers_tell_how_far_they_have_come_and_end_when_they_are_cancelled()
    {
        var reports = new System.Collections.Concurrent.ConcurrentBag<AnswerProgress>();
        Questions.Ask(Fits.Ask("random effects", ("--sensitivity", true), ("--permutations", 999UL), ("--bootstrap", 99UL)) with { Progress = new Now(reports.Add) });
        Assert.Equal(["bootstrap", "permutation test", "subsets of studies (GOSH)"], reports.Where(r => r.Share == 1).Select(r => r.Question).Distinct().Order());
        Assert.All(reports, r => Assert.InRange(r.Share, 0, 1));
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Questions.Ask(Fits.Ask("random effects", ("--bootstrap", 10_000_000UL)) with { Progress = new Now(_ => source.Cancel()), Cancellation = source.Token }));
    }

    private sealed class Now(Action<AnswerProgress> report) : IProgress<AnswerProgress>
    {
        public void Report(AnswerProgress value) => report(value);
    }

    private static JsonElement Section(Inquiry inquiry)
    {
        using var output = new StringWriter();
        JsonReport.Write(Questions.Ask(inquiry), [], output);
        return JsonDocument.Parse(output.ToString()).RootElement.GetProperty("sensitivity");
    }
}
