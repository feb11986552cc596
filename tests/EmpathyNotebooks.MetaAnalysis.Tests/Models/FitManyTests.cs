namespace EmpathyNotebooks.MetaAnalysis.Tests;

/// <summary>Many small meta-analyses at once are those that one fits alone.</summary>
public sealed class FitManyTests
{
    public static TheoryData<TauSquaredEstimator, Inference> Choices =>
        [.. from estimator in Enum.GetValues<TauSquaredEstimator>()
            where estimator != TauSquaredEstimator.GeneralizedQ
            from inference in Enum.GetValues<Inference>()
            where inference != Inference.KenwardRoger
            select (estimator, inference)];

    [Theory]
    [MemberData(nameof(Choices))]
    public void Each_set_is_what_a_fit_of_it_alone_gives(TauSquaredEstimator estimator, Inference inference)
    {
        var random = new Philox(5);
        foreach (var k in (int[])[2, 3, 8])
        {
            const int Sets = 12;
            double[] y = new double[Sets * k], v = new double[Sets * k];
            for (var i = 0; i < y.Length; i++)
            {
                v[i] = Math.Exp(6 * random.NextDouble() - 5);
                y[i] = 2 * random.NextDouble() - 0.7;
            }
            var options = new RandomEffectsOptions { TauSquared = estimator, Inference = inference, ConfidenceLevel = 0.9 };
            var results = new ManyFit[Sets];
            RandomEffects.FitMany(y, v, k, results, options);
            foreach (var (set, result) in results.Index())
            {
                var alone = RandomEffects.Fit(StudyEffects.Create(y[(set * k)..((set + 1) * k)], v[(set * k)..((set + 1) * k)]), options);
                Assert.Equal(alone.Estimate, result.Estimate);
                Assert.Equal(alone.StandardError, result.StandardError);
                Assert.Equal(alone.TauSquared, result.TauSquared);
                Assert.Equal(alone.Heterogeneity.Q.Statistic, result.Q, 1e-12 * (1 + result.Q));
                Assert.Equal(alone.PValue, result.PValue);
                Assert.Equal(alone.ConfidenceInterval.Lower, result.Lower, 1e-12);
                Assert.Equal(alone.ConfidenceInterval.Upper, result.Upper, 1e-12);
            }
        }
    }

    [Fact]
    public void Faults_name_set_study_and_value()
    {
        var results = new ManyFit[2];
        Assert.Contains("study 2 of set 2", Assert.Throws<StudyDataException>(() => RandomEffects.FitMany([1, 2, 3, 4], [1, 1, 1, 0], 2, new ManyFit[2])).Message, StringComparison.Ordinal);
        Assert.Contains("study 1 of set 1", Assert.Throws<StudyDataException>(() => RandomEffects.FitMany([double.NaN, 2, 3, 4], [1, 1, 1, 0], 2, new ManyFit[2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomEffects.FitMany([1, 2], [1, 1], 1, results));
        Assert.Throws<ArgumentException>(() => RandomEffects.FitMany([1, 2, 3], [1, 1, 1], 2, results));
        Assert.Throws<ArgumentException>(() => RandomEffects.FitMany([1, 2, 3, 4], [1, 1, 1], 2, results));
        Assert.Equal(ChoiceFault.UndefinedInference, Assert.Throws<ImpossibleChoiceException>(() => RandomEffects.FitMany([1, 2, 3, 4], [1, 1, 1, 1], 2, new ManyFit[2], new() { Inference = Inference.KenwardRoger })).Kind);
        Assert.Equal(ChoiceFault.NeedsOwnWeights, Assert.Throws<ImpossibleChoiceException>(() => RandomEffects.FitMany([1, 2, 3, 4], [1, 1, 1, 1], 2, new ManyFit[2], new() { Weights = [1, 2] })).Kind);
    }
}
