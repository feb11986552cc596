using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Simulation;

/// <summary>Simulated studies with several effects each: what is drawn against closed forms and people drawn one by one, robust means against the library's own fits and against the t-test that they are where all is balanced.</summary>
public sealed class DependentSimulationTests
{
    private const TauSquaredEstimator Dl = TauSquaredEstimator.DerSimonianLaird;

    private static readonly SimulationMethod[] Corrections = [.. Enum.GetValues<SmallSampleCorrection>().Select(c => SimulationMethod.Robust(WorkingModel.Correlated, c))];

    [Fact]
    public void Robust_means_are_those_of_the_library()
    {
        var design = Generic(200, [6], [0.04], StudySizes.Between(0.02, 0.2), EffectsPerStudy.Each(0.6, 1, 3, 2), [.. Corrections, SimulationMethod.Robust(WorkingModel.Hierarchical, SmallSampleCorrection.CR2)]);
        var rows = SimulationStudy.Run(design, cancellation: TestContext.Current.CancellationToken);
        var cell = Assert.Single(design.Cells);
        Assert.Equal(12, cell.EffectCount);
        string[] clusters = ["A", "B", "B", "B", "C", "C", "D", "E", "E", "E", "F", "F"];
        var draws = new StudyDraws(design.Measure, cell);
        var random = new Philox(design.Seed);
        double[] y = new double[12], v = new double[12];
        for (var m = 0; m < design.Methods.Length; m++)
        {
            List<Coefficient> fits = [];
            for (ulong r = 0; r < 200; r++)
            {
                random.MoveTo(r);
                draws.Draw(random, y, v);
                var method = design.Methods[m];
                fits.Add(RobustVarianceModel.Fit(StudyEffects.Create(y, v, columns: [StudyColumn.OfTexts("sample", clusters)]), "sample", method.Model, options: new() { Correction = Enum.Parse<SmallSampleCorrection>(method.Interval) }).Coefficients[0]);
            }
            Assert.Equal(fits.Average(f => f.Estimate), rows[m].Bias!.Value.Value, 1e-12);
            Assert.Equal(fits.Count(f => f.ConfidenceInterval.Contains(0)) / 200.0, rows[m].Coverage!.Value.Value, 1e-12);
            Assert.Equal(fits.Average(f => f.ConfidenceInterval.Width), rows[m].Width!.Value.Value, 1e-9);
        }
        Assert.Equal(["CORR CR2", "CORR CR1", "CORR CR1p", "CORR CR0", "HIER CR2"], rows.Select(r => r.Method.ToString()));
    }

    /// <summary>With as many effects in each study and one variance the mean is that of the studies' means, CR2 their t-test, which is exact, and what takes effects as independent is wrong by a known factor.</summary>
    [Fact]
    public void CR2_is_exact_where_all_is_balanced_and_independence_is_not()
    {
        const double rho = 0.6, tau2 = 0.04, v = 0.1;
        var design = Generic(40_000, [4, 12], [tau2], StudySizes.Same(v), EffectsPerStudy.Each(rho, 3), [SimulationMethod.Robust(WorkingModel.Correlated, SmallSampleCorrection.CR2), SimulationMethod.Mean(Dl, Inference.Normal)]);
        foreach (var cell in SimulationStudy.Run(design, cancellation: TestContext.Current.CancellationToken).Chunk(2))
        {
            Near(0.05, cell[0].Rejection);
            Near((tau2 + v * (1 + 2 * rho) / 3) / cell[0].Cell.Studies, cell[0].MeanSquaredError);
            Assert.Equal(cell[0].MeanSquaredError!.Value.Value, cell[1].MeanSquaredError!.Value.Value, 1e-12);
            Assert.True(cell[1].Rejection!.Value.Value > 0.14);
        }
    }

    /// <summary>Few people and a large effect, where the pooled standard deviations of two outcomes, which hang together, make much of the correlation.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.7)]
    [InlineData(1.0)]
    public void Standardised_differences_of_two_outcomes_are_drawn_as_from_people(double rho)
    {
        const int count = 100_000, n = 11;
        const double delta = 2;
        double[] y = new double[2 * count], v = new double[2 * count];
        new StudyDraws(SimulatedMeasure.StandardizedMeanDifference, new SimulationCell(0, count, 0, delta, StudySizes.Same(n), null, EffectsPerStudy.Each(rho, 2))).Draw(new Philox(3), y, v);
        var drawn = Enumerable.Range(0, count).Select(i => (y[2 * i], y[2 * i + 1])).ToArray();
        var people = People(rho, delta, n, count);
        // Correlations of half that many draws differ by some .003 by chance, heavier tails included.
        Assert.Equal(Correlation(people), Correlation(drawn), 0.02);
        Assert.Equal(Correlation([.. people.Select(p => (Math.Log(Math.Abs(p.Item1)), Math.Log(Math.Abs(p.Item2))))]), Correlation([.. drawn.Select(p => (Math.Log(Math.Abs(p.Item1)), Math.Log(Math.Abs(p.Item2))))]), 0.02);
        Near(delta, Mean([.. drawn.Select(d => d.Item2)]));
        Near(people.Average(p => p.Item1 * p.Item2), Mean([.. drawn.Select(d => d.Item1 * d.Item2)]), 8);
        if (rho == 1) Assert.All(drawn.Take(100), d => Assert.Equal(d.Item1, d.Item2, 1e-12));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(MeanDifferences.FromD(y[i] / SmallSample.Factor(n - 2), 6, 5).Variance, v[i], 1e-12));
    }

    [Fact]
    public void What_does_not_go_together_is_named()
    {
        var several = EffectsPerStudy.Each(0.5, 1, 1, 2);
        var good = Generic(100, [4], [0], StudySizes.Same(20), several, [SimulationMethod.Robust(WorkingModel.Hierarchical, SmallSampleCorrection.CR2)]) with { Measure = SimulatedMeasure.StandardizedMeanDifference };
        good.Check();
        void Refused(string words, SimulationDesign design)
        {
            var fault = Assert.Throws<SimulationDesignException>(design.Check);
            Assert.Equal((SimulationDesignFault.Dependent, "Effects"), (fault.Kind, fault.Part));
            Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        }
        Refused("1, 1, 2 (ρ = 0.5) have no exact distribution for correlations", good with { Measure = SimulatedMeasure.FisherZ });
        Refused("do not go with a selection", good with { Selections = [null, new(0.025, 0.5)] });
        Refused("Effects: 1 gives no study several effects", good with { Effects = [null] });
        Refused("1, 1, 2 (ρ = 0.5) gives no study several effects", good with { Studies = [2, 4] });
        Assert.Equal(SimulationDesignFault.Empty, Assert.Throws<SimulationDesignException>((good with { Effects = [] }).Check).Kind);
        Assert.Throws<ArgumentOutOfRangeException>(() => EffectsPerStudy.Each(1.1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => EffectsPerStudy.Each(double.NaN, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => EffectsPerStudy.Each(0.5, 2, 0));
        Assert.Throws<ArgumentException>(() => EffectsPerStudy.Each(0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => SimulationMethod.Robust((WorkingModel)9, SmallSampleCorrection.CR2));
        Assert.Throws<ArgumentOutOfRangeException>(() => SimulationMethod.Robust(WorkingModel.Correlated, (SmallSampleCorrection)9));
    }

    [Fact]
    public void Effects_are_values_and_count_what_they_give()
    {
        var effects = EffectsPerStudy.Each(0.6, 1, 1, 2, 6);
        Assert.Equal((10, 12, 24), (effects.Total(4), effects.Total(6), effects.Total(11)));
        Assert.Equal(EffectsPerStudy.Each(0.6, [1, 1, 2, 6]), effects);
        Assert.Equal(effects.GetHashCode(), EffectsPerStudy.Each(0.6, [1, 1, 2, 6]).GetHashCode());
        Assert.NotEqual(EffectsPerStudy.Each(0.5, 1, 1, 2, 6), effects);
        Assert.Equal("k = 5, τ² = 0.1, μ = 0, sizes 20, effects 1, 1, 2, 6 (ρ = 0.6)", new SimulationCell(0, 5, 0.1, 0, StudySizes.Same(20), null, effects).ToString());
        var grid = Generic(100, [3], [0], StudySizes.Same(1), null, [.. Corrections]) with { Effects = [null, effects] };
        Assert.Equal(grid.Cell(0) with { Index = 1, Effects = effects }, grid.Cell(1));
        Assert.Equal(4, grid.Cell(1).EffectCount);
    }

    /// <summary>Hedges' g of two outcomes of n people, who are drawn one by one.</summary>
    private static (double, double)[] People(double rho, double delta, int n, int count)
    {
        var random = new Random(7);
        double Sample()
        {
            // Box and Muller.
            return Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }
        var n1 = n - n / 2;
        var values = new double[n, 2];
        var all = new (double, double)[count];
        for (var r = 0; r < count; r++)
        {
            for (var i = 0; i < n; i++)
            {
                double first = Sample(), second = rho * first + Math.Sqrt(1 - rho * rho) * Sample();
                (values[i, 0], values[i, 1]) = i < n1 ? (first + delta, second + delta) : (first, second);
            }
            all[r] = (G(0), G(1));
        }
        return all;

        double G(int j)
        {
            double mean1 = 0, mean2 = 0, squares = 0;
            for (var i = 0; i < n; i++) _ = i < n1 ? mean1 += values[i, j] / n1 : mean2 += values[i, j] / (n - n1);
            for (var i = 0; i < n; i++) squares += Math.Pow(values[i, j] - (i < n1 ? mean1 : mean2), 2);
            return SmallSample.Factor(n - 2) * (mean1 - mean2) / Math.Sqrt(squares / (n - 2));
        }
    }

    private static double Correlation((double X, double Y)[] pairs)
    {
        double mx = pairs.Average(p => p.X), my = pairs.Average(p => p.Y);
        return pairs.Sum(p => (p.X - mx) * (p.Y - my)) / Math.Sqrt(pairs.Sum(p => (p.X - mx) * (p.X - mx)) * pairs.Sum(p => (p.Y - my) * (p.Y - my)));
    }

    private static MonteCarloEstimate Mean(double[] values)
    {
        var mean = values.Average();
        return new(mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1.0) / values.Length));
    }

    private static void Near(double expected, MonteCarloEstimate? found, double errors = 5) =>
        Assert.True(found is { } f && Math.Abs(f.Value - expected) <= errors * f.StandardError, string.Create(CultureInfo.InvariantCulture, $"{expected} expected, {found} found"));

    private static SimulationDesign Generic(int replicates, int[] k, double[] tau2, StudySizes sizes, EffectsPerStudy? effects, ImmutableArray<SimulationMethod> methods) => new()
    {
        Seed = 4, Replicates = replicates, Measure = SimulatedMeasure.Generic, Studies = [.. k], TausSquared = [.. tau2], Means = [0], Sizes = [sizes], Effects = [effects], Methods = methods,
    };
}
