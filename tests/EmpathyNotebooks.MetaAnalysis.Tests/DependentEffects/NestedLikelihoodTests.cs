namespace EmpathyNotebooks.MetaAnalysis.Tests.DependentEffects;

/// <summary>The sums over nested groups say what the matrices of the blocks say.</summary>
public sealed class NestedLikelihoodTests
{
    private static readonly string[][] Levels =
    [
        ["sample"], ["sample", MultilevelModel.EachEffect], ["study", "sample"], ["study", "sample", MultilevelModel.EachEffect], [MultilevelModel.EachEffect],
    ];

    [Fact]
    public void All_that_blocks_compute_is_the_same()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var model = Draw(random, Levels[seed % Levels.Length]);
            var (nested, blocks) = (NestedLikelihood.TryCreate(model), new BlockLikelihood(model));
            Assert.NotNull(nested);
            double[] effects = [.. model.Effects.Select(y => 2 - y * random.NextDouble())];
            foreach (var replaced in (bool[])[false, true])
            {
                if (replaced)
                {
                    nested.ReplaceEffects(effects);
                    blocks.ReplaceEffects(effects);
                }
                Close([blocks.LeastSquaresResidual], [nested.LeastSquaresResidual]);
                double[] theta = [.. model.Terms.Select(_ => random.Next(4) == 0 ? 0 : Math.Pow(10, -4 + 4 * random.NextDouble()))];
                Assert.True(nested.TryMoveTo(theta) && blocks.TryMoveTo(theta));
                nested.Differentiate();
                blocks.Differentiate();
                Close([blocks.LogLikelihood, blocks.Q], [nested.LogLikelihood, nested.Q]);
                Close(blocks.Gamma, nested.Gamma);
                Close(blocks.Covariance, nested.Covariance);
                Close(blocks.Score.ToArray(), nested.Score.ToArray());
                Close(blocks.AverageInformation.ToArray(), nested.AverageInformation.ToArray());
                Close(blocks.ExpectedInformation.ToArray(), nested.ExpectedInformation.ToArray());
                Close(blocks.WeightedResiduals(), nested.WeightedResiduals());
                Close(blocks.CoefficientWeights(), nested.CoefficientWeights());
            }
        }
    }

    /// <summary>Groups of m effects with one sampling variance v have ln L = -½(k ln 2π + Σ(m - 1) ln v + Σ ln(v + mσ²) + W/v + B/(v + mσ²)), W and B the sums of squares within and between groups.</summary>
    [Fact]
    public void Variances_of_very_different_size_cost_no_digits()
    {
        const double v = 1.0 / (1L << 40), sigma2 = 4;
        double[] y = [3.5 + 1.0 / (1 << 20), 3.5 - 1.0 / (1 << 20), -1.25, -1.25 + 1.0 / (1 << 19), 0.75 - 1.0 / (1 << 18), 0.75];
        var effects = StudyEffects.Create(y, [.. Enumerable.Repeat(v, 6)], columns: [StudyColumn.OfTexts("sample", ["a", "a", "b", "b", "c", "c"])]);
        var model = MultilevelModel.Fit(effects, ["sample"], new() { Method = LikelihoodMethod.Full }).Model;
        var nested = NestedLikelihood.TryCreate(model)!;
        Assert.True(nested.TryMoveTo([sigma2]));
        double within = 0, between = 0;
        for (var g = 0; g < 3; g++)
        {
            var mean = (y[2 * g] + y[2 * g + 1]) / 2;
            within += Math.Pow(y[2 * g] - mean, 2) + Math.Pow(y[2 * g + 1] - mean, 2);
            between += 2 * Math.Pow(mean - y.Average(), 2);
        }
        var expected = -0.5 * (6 * Math.Log(2 * Math.PI) + 3 * Math.Log(v) + 3 * Math.Log(v + 2 * sigma2) + within / v + between / (v + 2 * sigma2));
        Assert.Equal(expected, nested.LogLikelihood, 1e-9);
    }

    [Fact]
    public void Crossed_levels_and_correlated_errors_are_left_to_the_blocks()
    {
        var model = Draw(new Random(1), ["study", "sample"]);
        var crossed = new InterceptTerm("rater", [.. Enumerable.Range(0, model.Count).Select(i => i % 3)], ["a", "b", "c"]);
        Assert.Null(NestedLikelihood.TryCreate(model with { Terms = [.. model.Terms, crossed] }));
        Assert.IsType<BlockLikelihood>(MixedLikelihood.Of(model with { Errors = new SamplingErrors(model.Errors.Variances, [([0, 1], [1, 0.5, 0.5, 1])]) }));
        Assert.IsType<NestedLikelihood>(MixedLikelihood.Of(model));
    }

    /// <summary>Effects of samples of studies in no order, with an intercept, a moderator, or categories without intercept.</summary>
    private static MixedModel Draw(Random random, string[] levels)
    {
        var k = random.Next(14, 30);
        var samples = k / 2;
        List<double> y = [], v = [];
        List<double?> study = [], sample = [], year = [];
        List<string> kind = [];
        for (var i = 0; i < k; i++)
        {
            // The first ones see to it that all groups are there, and that levels differ.
            var s = i < samples ? i : i < samples + 2 ? 0 : random.Next(samples);
            sample.Add(s);
            study.Add(s % (samples / 2));
            year.Add(random.Next(20));
            kind.Add(i < 4 ? "ab"[i % 2].ToString() : "ab"[random.Next(2)].ToString());
            v.Add(0.001 + 0.1 * random.NextDouble());
            y.Add(0.5 + 0.3 * (s % 3) + 0.2 * (s % 2) + random.NextDouble());
        }
        var effects = StudyEffects.Create(y, v, columns: [StudyColumn.OfNumbers("study", study), StudyColumn.OfNumbers("sample", sample), StudyColumn.OfNumbers("year", year), StudyColumn.OfTexts("kind", kind)]);
        return MultilevelModel.Fit(effects, levels, new()
        {
            Method = random.Next(2) == 0 ? LikelihoodMethod.Full : LikelihoodMethod.Restricted,
            Moderators = random.Next(4) switch { 0 => null, 1 => Moderator.Number("year"), 2 => Moderator.Number("year") + Moderator.Category("kind"), _ => Moderator.Category("kind").WithoutIntercept() },
        }).Model;
    }

    private static void Close(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var size = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-8 * size, $"{expected[i]:R} and {actual[i]:R} differ");
    }
}
