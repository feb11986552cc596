using System.Text;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Data.Tests;

public class EmpathySimulationTests
{
    private static readonly StudyEffects Bundled = Datasets.EmpathyEffectsSimulated().Correlations();

    [Fact]
    public void The_generator_writes_the_bundled_file_byte_for_byte()
    {
        using var stream = new MemoryStream();
        using (var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true)) EmpathySimulation.WriteCsv(writer);
        Assert.Equal(File.ReadAllBytes(Repository.PathTo("data", "empathy-effects-simulated.csv")), stream.ToArray());
    }

    [Fact]
    public void The_standard_analysis_gives_the_published_summary()
    {
        var fit = Calibration.Standard(Bundled);
        Assert.Equal("r = .28, 95% CI [.23, .33], p < .001 (REML, z, k = 82) [simulated data]", fit.ToString());
        Assert.Equal(6138, fit.Effects.TotalSampleSize);
        Assert.True(fit.Heterogeneity.ISquared > 0.5);
    }

    [Theory]
    [InlineData(Inference.Normal)]
    [InlineData(Inference.HartungKnapp)]
    public void Clients_ratings_predict_best_and_accuracy_does_not(Inference inference)
    {
        PooledFit By(string rater) => Calibration.Pool(Bundled.Where("rater", rater), inference);
        Assert.True(By("client").Estimate > By("observer").Estimate);
        Assert.True(By("client").Estimate > By("therapist").Estimate);
        Assert.True(By("observer").ConfidenceInterval.Lower > 0);
        Assert.True(By("therapist").ConfidenceInterval.Lower > 0);
        Assert.True(By("accuracy").ConfidenceInterval.Contains(0));
        Assert.InRange(By("accuracy").BackTransformed.Estimate, -0.08, 0.08);
    }

    [Fact]
    public void The_seed_is_the_first_that_meets_the_calibration()
    {
        Assert.Null(Calibration.Fault(Calibration.Effects(EmpathySimulation.Seed)));
        for (ulong seed = 1; seed < EmpathySimulation.Seed; seed++) Assert.NotNull(Calibration.Fault(Calibration.Effects(seed)));
    }

    [Fact]
    public void Sizes_are_skewed_between_10_and_400_and_sum_to_the_published_total()
    {
        var sizes = Bundled.AverageWithin("sample", 0.5).SampleSizes.Order().ToArray();
        Assert.Equal(82, sizes.Length);
        Assert.Equal(6138, sizes.Sum());
        Assert.InRange(sizes[0], 10, 20);
        Assert.InRange(sizes[^1], 300, 400);
        Assert.True(sizes[41] < 60, "half of the samples are small");
    }

    [Fact]
    public void Effects_of_a_sample_share_what_belongs_to_the_sample()
    {
        var samples = EmpathySimulation.Generate().GroupBy(e => e.Sample).ToList();
        Assert.Equal(Enumerable.Range(1, 82).Select(i => $"Sample {i:00}"), samples.Select(s => s.Key));
        foreach (var sample in samples)
        {
            Assert.Single(sample.Select(e => (e.N, e.Year, e.Orientation, e.Format, e.TherapistExperience, e.Published)).Distinct());
            Assert.Equal(Enumerable.Range(1, sample.Count()), sample.Select(e => e.Effect));
        }
        Assert.InRange(samples.Average(s => s.Count()), 2.5, 3.5);
    }

    [Fact]
    public void Columns_hold_the_values_that_are_documented()
    {
        var effects = EmpathySimulation.Generate();
        Assert.Equal(["accuracy", "client", "observer", "therapist"], Values(e => e.Rater));
        Assert.Equal(["post-therapy", "session"], Values(e => e.Outcome));
        Assert.Equal(["cognitive-behavioral", "humanistic", "other", "psychodynamic"], Values(e => e.Orientation));
        Assert.Equal(["group", "individual"], Values(e => e.Format));
        Assert.All(effects, e => Assert.InRange(e.Year, 1965, 2016));
        Assert.All(effects, e => Assert.InRange(e.TherapistExperience, 1, 20));

        IEnumerable<string> Values(Func<SimulatedEffect, string> of) => effects.Select(of).Distinct().Order(StringComparer.Ordinal);
    }

    [Fact]
    public void The_model_itself_lies_near_the_published_summary_before_any_seed_is_chosen()
    {
        var fits = Enumerable.Range(1001, 60).Select(seed => Calibration.Standard(Calibration.Effects((ulong)seed))).ToList();
        Assert.InRange(Math.Tanh(fits.Average(f => f.Estimate)), 0.26, 0.30);
        Assert.InRange(fits.Average(f => f.StandardError), 0.025, 0.030);
    }

    [Fact]
    public void Another_seed_gives_other_effects_of_as_many_clients()
    {
        var other = EmpathySimulation.Generate(7);
        Assert.NotEqual(EmpathySimulation.Generate().Select(e => e.R), other.Select(e => e.R));
        Assert.Equal(6138, other.DistinctBy(e => e.Sample).Sum(e => e.N));
    }

    [Fact]
    public void The_label_says_simulated_and_follows_the_effects()
    {
        Assert.True(EmpathySimulation.Origin.IsSimulated);
        Assert.Equal("Simulated data: empathy effects after Elliott et al. (2018)", Bundled.AverageWithin("sample", 0.5).Origin.Label);
        Assert.Contains("No single effect is real", Bundled.Origin.Citation, StringComparison.Ordinal);
    }
}

public class SplitMix64Tests
{
    [Fact]
    public void The_numbers_are_those_of_the_published_algorithm()
    {
        // The known answers for seed 1234567.
        var random = new SplitMix64(1234567);
        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL, 4593380528125082431UL, 16408922859458223821UL],
            Enumerable.Range(0, 5).Select(_ => random.Next()));
    }

    [Fact]
    public void Uniform_and_normal_numbers_have_their_moments()
    {
        var random = new SplitMix64(1);
        var uniform = Enumerable.Range(0, 100_000).Select(_ => random.Uniform()).ToArray();
        Assert.All(uniform, u => Assert.InRange(u, 0, 0.9999999999999999));
        Assert.InRange(uniform.Average(), 0.497, 0.503);
        var normal = Enumerable.Range(0, 100_000).Select(_ => random.Normal()).ToArray();
        Assert.InRange(normal.Average(), -0.015, 0.015);
        Assert.InRange(normal.Average(x => x * x), 0.98, 1.02);
    }

    [Fact]
    public void Choices_come_in_proportion_to_their_weights()
    {
        var random = new SplitMix64(2);
        var counts = new int[3];
        for (var i = 0; i < 100_000; i++) counts[random.Choice([0.5, 0.3, 0.2])]++;
        Assert.InRange(counts[0], 49_000, 51_000);
        Assert.InRange(counts[1], 29_000, 31_000);
        Assert.InRange(counts[2], 19_000, 21_000);
    }
}
