using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Resampling;

/// <summary>Permutation tests against metafor's permutest() and against refits written out.</summary>
public sealed class PermutationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Reference.Cases("permutest.json").Count)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Exact_p_values_are_those_of_metafor(int number)
    {
        var reference = Reference.Cases("permutest.json")[number];
        var (choices, results) = (reference.GetProperty("options"), reference.GetProperty("results"));
        var effects = Reference.Load(reference.GetProperty("dataset").GetString()!).Select([.. Enumerable.Range(0, 6)]);
        var estimator = choices.GetProperty("model").GetString() switch
        {
            "DL" => TauSquaredEstimator.DerSimonianLaird,
            "REML" => TauSquaredEstimator.RestrictedMaximumLikelihood,
            _ => (TauSquaredEstimator?)null,
        };
        var inference = choices.GetProperty("test").GetString() == "knha" ? Inference.HartungKnapp : Inference.Normal;
        var terms = choices.GetProperty("moderators").GetString()!;
        var test = FitOf(effects, terms, estimator, inference).PermutationTest(new() { Permutations = 720 }, cancellation: Token);

        Assert.True(test.IsExact);
        var expected = results.GetProperty("permutation_p");
        if (terms == "none")
        {
            Assert.Equal(64, test.Permutations);
            Assert.Equal(expected.GetDouble(), test.Coefficients.Single().PValue, 1e-12);
            Assert.Null(test.ModeratorTest);
            return;
        }
        // Rows alike are not told apart: a number that two studies share leaves half of the 720.
        Assert.Equal(0, 720 % test.Permutations);
        // metafor's REML fails to converge in some permutations and leaves them out; then the share is of fewer than 720, and one or two patterns more or less.
        var isWhole = Math.Abs(expected[1].GetDouble() * 720 - Math.Round(expected[1].GetDouble() * 720)) < 1e-9;
        var tolerance = isWhole ? 1e-12 : 5 / 720.0;
        foreach (var (j, coefficient) in test.Coefficients.Index()) Assert.Equal(expected[j + 1].GetDouble(), coefficient.PValue, tolerance);
        Assert.Equal(results.GetProperty("QM_permutation_p").GetDouble(), test.ModeratorTest!.PValue, tolerance);
    }

    private static IModelFit FitOf(StudyEffects effects, string terms, TauSquaredEstimator? estimator, Inference inference)
    {
        if (terms == "none")
        {
            return estimator is { } mean ? RandomEffects.Fit(effects, new() { TauSquared = mean, Inference = inference }) : EqualEffects.Fit(effects, new() { Inference = inference });
        }
        var number = terms.Split(' ')[0];
        var columns = StudyEffects.Create(effects.Effects, effects.Variances, effects.Measure, columns:
            [effects.Columns.Single(c => c.Name == number), StudyColumn.OfNumbers("g", [.. Enumerable.Range(1, 6).Select(i => (double?)(i % 2))])]);
        var moderators = terms.Contains("+ g", StringComparison.Ordinal) ? Moderator.Number(number) + Moderator.Number("g") : Moderator.Number(number);
        return MetaRegression.Fit(columns, moderators, new() { TauSquared = estimator, Inference = inference });
    }

    /// <summary>Every pattern of signs, by fits of their own.</summary>
    [Fact]
    public void A_mean_and_a_multilevel_mean_are_tested_as_by_refits_of_every_pattern()
    {
        var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, -0.12, 0.38, 0.25], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011, 0.03], EffectMeasure.FisherZ,
            columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E"])]);
        Check(RandomEffects.Fit(effects, new() { Weights = [1, 2, 3, 4, 5, 6, 7] }), i => i, 7);
        Check(RandomEffects.Fit(effects, new() { Inference = Inference.KenwardRoger }), i => i, 7);
        int[] sample = [0, 0, 1, 2, 3, 3, 4];
        Check(MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], new() { SamplingCorrelation = 0.5 }), i => sample[i], 5);

        void Check(IModelFit fit, Func<int, int> unit, int units)
        {
            var observed = Math.Abs(fit.Mean!.Value.Statistic);
            var estimate = Math.Abs(fit.Mean.Value.Estimate);
            int asFar = 0, asLarge = 0;
            for (var r = 0; r < 1 << units; r++)
            {
                var refit = fit.Refit(StudyEffects.Create([.. effects.Effects.Select((y, i) => (r >> unit(i) & 1) == 1 ? -y : y)], effects.Variances, effects.Measure, columns: effects.Columns)).Mean!.Value;
                if (Math.Abs(refit.Statistic) >= observed - 1e-6) asFar++;
                if (Math.Abs(refit.Estimate) >= estimate - 1e-6) asLarge++;
            }
            var test = fit.PermutationTest(cancellation: Token);
            Assert.True(test.IsExact);
            Assert.Equal(1 << units, test.Permutations);
            Assert.Equal(asFar / (double)(1 << units), test.Coefficients.Single().PValue, 1e-12);
            Assert.Equal(observed, test.Coefficients.Single().Observed, 1e-6);
            Assert.Equal(asLarge / (double)(1 << units), fit.PermutationTest(new() { Statistic = PermutationStatistic.Estimate }, cancellation: Token).Coefficients.Single().PValue, 1e-12);
        }
    }

    /// <summary>Rows that are alike are told apart neither here nor in the share of all k!.</summary>
    [Fact]
    public void Categories_have_few_different_permutations()
    {
        var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, -0.12, 0.38, 0.25], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011, 0.03],
            columns: [StudyColumn.OfTexts("rater", ["client", "other", "client", "client", "other", "client", "other"])]);
        var fit = MetaRegression.Fit(effects, Moderator.Category("rater"));
        var test = fit.PermutationTest(new() { Permutations = 99 }, cancellation: Token);

        Assert.Equal((true, 35), (test.IsExact, test.Permutations));
        int asFar = 0, all = 0;
        for (var set = 0; set < 1 << 7; set++)
        {
            if (int.PopCount(set) != 4) continue;
            all++;
            var refit = MetaRegression.Fit(StudyEffects.Create(effects.Effects, effects.Variances, columns: [StudyColumn.OfTexts("rater", [.. Enumerable.Range(0, 7).Select(i => (set >> i & 1) == 1 ? "client" : "other")])]),
                Moderator.Category("rater"));
            if (Math.Abs(refit.Coefficients[1].Statistic) >= Math.Abs(fit.Coefficients[1].Statistic) - 1e-7) asFar++;
        }
        Assert.Equal(35, all);
        Assert.Equal(asFar / 35.0, test.Coefficients.Single().PValue, 1e-12);
    }

    [Fact]
    public void Random_permutations_come_near_the_exact_p_and_are_the_same_every_time()
    {
        var effects = Reference.Load("molloy2014");
        foreach (var fit in (IModelFit[])[RandomEffects.Fit(effects), MetaRegression.Fit(effects, Moderator.Number("year"))])
        {
            var options = new PermutationOptions { Permutations = 4000, Seed = 3 };
            var test = fit.PermutationTest(options, cancellation: Token);
            Assert.False(test.IsExact);
            var exact = fit is PooledFit ? fit.PermutationTest(new() { Permutations = 1 << 16 }, cancellation: Token) : fit.PermutationTest(new() { Permutations = 20_000, Seed = 77 }, cancellation: Token);
            Assert.Equal(fit is PooledFit, exact.IsExact);
            foreach (var (j, coefficient) in test.Coefficients.Index())
            {
                Assert.InRange(coefficient.PValue - exact.Coefficients[j].PValue, -4.5 * coefficient.StandardError - 3e-4, 4.5 * coefficient.StandardError + 3e-4);
            }
            Assert.Equal(test.Coefficients, fit.PermutationTest(options, cancellation: Token).Coefficients);
            Assert.NotEqual(0, test.Coefficients[0].PValue);
        }
    }

    [Fact]
    public void Few_studies_are_warned_of_and_what_is_not_defined_is_refused()
    {
        var effects = StudyEffects.Create([0.31, 0.48, 0.45], [0.006, 0.010, 0.009], columns: [StudyColumn.OfTexts("sample", ["A", "A", "B"]), StudyColumn.OfNumbers("year", [1, 2, 3])]);
        var test = RandomEffects.Fit(effects).PermutationTest(cancellation: Token);
        Assert.Equal(0.25, test.Coefficients[0].PValue);
        Assert.Contains("8 permutations of signs of effects", Assert.Single(test.Warnings), StringComparison.Ordinal);
        Assert.Equal("p = .250 (8 permutations of signs of effects, all there are)", test.ToString());

        Assert.Equal(ChoiceFault.UndefinedForFit, Assert.Throws<ImpossibleChoiceException>(() => LocationScale.Fit(effects, new()).PermutationTest(cancellation: Token)).Kind);
        Assert.Equal(ChoiceFault.UndefinedEstimate, Assert.Throws<ImpossibleChoiceException>(() => RandomEffects.Fit(StudyEffects.Create([0.3, 0.5], [0.01, 0.02], EffectMeasure.Proportion)).PermutationTest(cancellation: Token)).Kind);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => RandomEffects.Fit(effects).PermutationTest(cancellation: source.Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PermutationOptions { Permutations = 98 });
    }
}
