using System.Diagnostics;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Power;

/// <summary>Power by two routes that must agree.</summary>
public sealed class PowerExactnessTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2, 0.0, 0.3)]
    [InlineData(3, 0.02, 0.2)]
    [InlineData(5, 0.5, 0.9)]
    [InlineData(12, 0.001, 0.1)]
    [InlineData(60, 0.05, 0.08)]
    [InlineData(400, 0.05, 0.03)]
    public void Hartung_and_Knapp_with_studies_alike_is_Student_t_exactly(int k, double tau2, double effect)
    {
        const double v = 0.027;
        var plan = new MeanPlan(PlannedStudies.Alike(k, v), effect) { TauSquared = tau2 };
        var student = RejectionRate.Student(effect / Math.Sqrt((v + tau2) / k), k - 1, RejectionRate.Critical(0.05, Alternative.TwoSided, k - 1), Alternative.TwoSided);

        Assert.Equal(student, plan.Power().Power, 1e-10);
        Assert.Equal(student, (plan with { Model = PowerModel.Known }).Power().Power, 1e-10);
        // Equal effects with a scale that is estimated: the same t, whatever τ² is.
        Assert.Equal(student, (plan with { Model = PowerModel.EqualEffects }).Power().Power, 1e-10);
        Assert.Equal(0.05, plan.WithEffect(0).Power().Power, 1e-10);
        Assert.True(plan.Power().IsExact);
    }

    /// <summary>With studies alike the standard error is √(max(s², v)/k): an integral over the one variance that is left.</summary>
    [Theory]
    [InlineData(4, 0.0)]
    [InlineData(10, 0.01)]
    [InlineData(30, 0.1)]
    public void Tests_with_an_estimated_tau_squared_are_an_integral_over_its_estimate(int k, double tau2)
    {
        const double v = 0.04, effect = 0.15;
        var (df, total) = (k - 1, v + tau2);
        foreach (var inference in new[] { Inference.Normal, Inference.StudentT, Inference.HartungKnappAdHoc })
        {
            var plan = new MeanPlan(PlannedStudies.Alike(k, v), effect) { TauSquared = tau2, Inference = inference };
            var critical = RejectionRate.Critical(0.05, Alternative.TwoSided, inference == Inference.Normal ? null : df);
            // Midpoints of 200,000 equally likely variances.
            double sum = 0;
            const int points = 200_000;
            for (var i = 0; i < points; i++)
            {
                var s2 = total * MathNet.Numerics.Distributions.Gamma.InvCDF(df / 2.0, 0.5, (i + 0.5) / points) / df;
                sum += RejectionRate.Normal(effect, Math.Sqrt(total / k), critical * Math.Sqrt(Math.Max(s2, v) / k), Alternative.TwoSided);
                if (i % 20 != 0) i += 19;
            }
            Assert.Equal(sum / (points / 20.0), plan.Power().Power, 2e-4);
        }
    }

    [Fact]
    public void A_sum_of_studies_hardly_unlike_is_that_of_studies_alike()
    {
        // Another route: eigenvalues by the distribution of the generalised Q in place of chi-squared.
        double[] v = [0.03, 0.03, 0.03, 0.03 * (1 + 1e-9), 0.03, 0.03, 0.03, 0.03];
        foreach (var inference in new[] { Inference.HartungKnapp, Inference.HartungKnappAdHoc, Inference.StudentT, Inference.Normal })
        {
            foreach (var model in Enum.GetValues<PowerModel>())
            {
                var unlike = new MeanPlan(PlannedStudies.Of(v), 0.12) { TauSquared = 0.02, Inference = inference, Model = model };
                Assert.Equal((unlike with { Studies = PlannedStudies.Alike(8, 0.03) }).Power().Power, unlike.Power().Power, 2e-9);
                PlannedGroup a = new("a", PlannedStudies.Of(v[..4]), 0.1), b = new("b", PlannedStudies.Of(v[4..]), 0.3), c = a with { Effect = 0.4 };
                var groups = new SubgroupPlan([a, b, c]) { TauSquared = 0.02, Inference = inference, Model = model };
                var alike = SubgroupPlan.Alike(PlannedStudies.Alike(4, 0.03), [0.1, 0.3, 0.4]) with { TauSquared = 0.02, Inference = inference, Model = model };
                Assert.Equal(alike.Power().Power, groups.Power().Power, 2e-9);
            }
        }
    }

    [Fact]
    public void Two_groups_are_a_moderator_of_two_values()
    {
        double[] v = [0.01, 0.05, 0.02, 0.03, 0.08, 0.02, 0.015];
        foreach (var inference in new[] { Inference.HartungKnapp, Inference.HartungKnappAdHoc, Inference.StudentT, Inference.Normal })
        {
            foreach (var model in Enum.GetValues<PowerModel>())
            {
                var groups = new SubgroupPlan([new("a", PlannedStudies.Of(v[..3]), 0.1), new("b", PlannedStudies.Of(v[3..]), 0.35)]) { TauSquared = 0.01, Inference = inference, Model = model };
                var moderator = new ModeratorPlan(PlannedStudies.Of(v), [0, 0, 0, 1, 1, 1, 1], 0.25) { TauSquared = 0.01, Inference = inference, Model = model };
                Assert.Equal(moderator.Power().Power, groups.Power().Power, 1e-9);
                if (model == PowerModel.Known) Assert.Equal(moderator.SmallestEffect(), groups.SmallestEffect(), 1e-7);
            }
        }
    }

    [Fact]
    public void With_studies_alike_groups_are_tested_by_F_exactly()
    {
        var plan = SubgroupPlan.Alike(PlannedStudies.Alike(4, 0.03), [0.1, 0.3, 0.4]) with { TauSquared = 0.02 };
        Assert.Equal((plan with { Model = PowerModel.Known }).Power().Power, plan.Power().Power, 1e-10);
        var none = SubgroupPlan.Alike(PlannedStudies.Alike(4, 0.03), [0.2, 0.2, 0.2]) with { TauSquared = 0.02 };
        Assert.Equal(0.05, none.Power().Power, 1e-10);
    }

    [Fact]
    public void The_degrees_of_freedom_of_a_robust_slope_are_those_of_a_robust_fit()
    {
        double[] v = [0.02, 0.05, 0.10, 0.02, 0.05, 0.03], x = [1, 2, 4, 3, 7, 5];
        int[] m = [1, 2, 3, 1, 4, 2];
        var (y, vi, sample, values) = (new List<double>(), new List<double>(), new List<string>(), new List<double?>());
        for (var j = 0; j < v.Length; j++)
        {
            for (var i = 0; i < m[j]; i++)
            {
                y.Add(0.1 * j - 0.05 * i);
                vi.Add(v[j]);
                sample.Add(((char)('A' + j)).ToString());
                values.Add(x[j]);
            }
        }
        var effects = StudyEffects.Create(y, vi, columns: [StudyColumn.OfTexts("sample", sample), StudyColumn.OfNumbers("x", values)]);
        var held = new MultilevelOptions
        {
            Levels = ["sample", MultilevelModel.EachEffect], SamplingCorrelation = 0.7,
            FixedSigmaSquared = new Dictionary<string, double> { ["sample"] = 0.03, [MultilevelModel.EachEffect] = 0.01 },
        };
        var plan = new DependentPlan(PlannedStudies.Of(v, m), 0.05) { TauSquared = 0.03, OmegaSquared = 0.01, SamplingCorrelation = 0.7 };

        var mean = ((MultilevelFit)held.FitTo(effects)).Robust(SmallSampleCorrection.CR2).Coefficients[0];
        Assert.Equal(mean.DegreesOfFreedom!.Value, plan.Power().DegreesOfFreedom!.Value, 1e-8);
        var fit = (MultilevelFit)(held with { Moderators = Moderator.Number("x") }).FitTo(effects);
        var slope = plan with { Values = x };
        Assert.Equal(fit.Robust(SmallSampleCorrection.CR2).Coefficients[1].DegreesOfFreedom!.Value, slope.Power().DegreesOfFreedom!.Value, 1e-8);
        Assert.Equal(fit.Coefficients[1].StandardError, slope.Power().StandardError!.Value, 1e-10);
    }

    /// <summary>With many studies the shape of Q's distribution no longer shows in the power.</summary>
    [Theory]
    [InlineData(42, 0.0)]
    [InlineData(42, 0.05)]
    [InlineData(60, 0.01)]
    public void With_many_studies_two_moments_of_Q_are_enough(int k, double tau2)
    {
        double[] v = [.. Enumerable.Range(0, k).Select(i => 0.01 * Math.Exp(3.2 * (i % 8) / 7))], ones = [.. Enumerable.Repeat(1.0, k)];
        var weighted = new WeightedDesign(v, tau2, [ones]);
        var test = new ContrastTest(weighted, [1], 2.2 * Math.Sqrt(weighted.BestVarianceOf([1])), 2.02, Alternative.TwoSided, []);
        double Rate(int many, bool falls) => new EstimatedTauSquared(v, tau2, DesignMatrix.Constant(k), weighted, many).Average(test, falls);
        foreach (var falls in new[] { true, false })
        {
            output.WriteLine(FormattableString.Invariant($"k={k} tau2={tau2} {falls}: {Rate(40, falls)} {Rate(int.MaxValue, falls)}"));
            Assert.Equal(Rate(int.MaxValue, falls), Rate(40, falls), 3e-4);
        }
        var (mean, variance) = weighted.QMoments(0.02);
        var q = new GeneralizedQDistribution(new ModelData(StudyEffects.Create(new double[k], v), null), [.. v.Select(x => 1 / (x + 0.02))]);
        // By parts over the exact distribution: ∫Pr(Q > q)dq and 2∫q·Pr(Q > q)dq.
        double first = 0, second = 0;
        const double step = 0.5;
        for (var x = step / 2; x < 20 * k; x += step)
        {
            var above = 1 - q.LowerTail(x, tau2);
            first += above * step;
            second += 2 * x * above * step;
            if (above < 1e-12) break;
        }
        Assert.Equal(first, mean, 1e-6 * mean);
        Assert.Equal(second - first * first, variance, 1e-3 * variance);
    }

    [Fact]
    public void Plans_answer_in_time()
    {
        var random = new Random(4);
        var v = Enumerable.Range(0, 80).Select(_ => 0.01 * Math.Exp(2 * random.NextDouble())).ToArray();
        var plan = new MeanPlan(PlannedStudies.Of(v), 0.03) { TauSquared = 0.01 };
        _ = plan.Power();
        var watch = Stopwatch.StartNew();
        _ = plan.Power();
        output.WriteLine($"uneven, k = 80: {watch.Elapsed.TotalMilliseconds:F1} ms");
        watch.Restart();
        output.WriteLine(plan.StudiesNeeded() + FormattableString.Invariant($" {watch.Elapsed.TotalMilliseconds:F1} ms"));
        watch.Restart();
        output.WriteLine(plan.SmallestEffect() + FormattableString.Invariant($" {watch.Elapsed.TotalMilliseconds:F1} ms"));
        var before = Environment.CpuUsage.TotalTime;
        watch.Restart();
        output.WriteLine(new MeanPlan(PlannedStudies.Alike(20, 0.02), 0.1) { TauSquared = 0.01 }.Power() + FormattableString.Invariant($" {watch.Elapsed.TotalMilliseconds:F2} ms"));
        Assert.True(watch.Elapsed.TotalSeconds < 4 || (Environment.CpuUsage.TotalTime - before).TotalSeconds < 4, watch.Elapsed.ToString());
    }
}
