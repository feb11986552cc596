using System.Collections.Immutable;
using System.Globalization;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Simulation;

/// <summary>The engine of simulation studies: against the library's own fits one by one, against what is known in closed form, and the same in any order.</summary>
public sealed class SimulationStudyTests
{
    private const TauSquaredEstimator Reml = TauSquaredEstimator.RestrictedMaximumLikelihood, Dl = TauSquaredEstimator.DerSimonianLaird, Ml = TauSquaredEstimator.MaximumLikelihood;

    private static readonly SimulationDesign Small = new()
    {
        Seed = 11, Replicates = 2_500, Measure = SimulatedMeasure.FisherZ, Studies = [4, 9], TausSquared = [0, 0.03], Means = [0.2], Sizes = [StudySizes.Between(10, 120)],
        Selections = [null, new(0.025, 0.3)],
        Methods =
        [
            .. Enum.GetValues<Inference>().Select(i => SimulationMethod.Mean(Reml, i)), SimulationMethod.Mean(Dl, Inference.Normal), SimulationMethod.Mean(Dl, Inference.HartungKnappAdHoc),
            SimulationMethod.TauSquared(Reml, TauSquaredIntervalMethod.QProfile), SimulationMethod.TauSquared(Ml, TauSquaredIntervalMethod.ProfileLikelihood), SimulationMethod.TauSquared(Reml, TauSquaredIntervalMethod.Wald),
            SimulationMethod.NewStudy(Reml, PredictionIntervalMethod.HartungKnapp), SimulationMethod.NewStudy(Dl, PredictionIntervalMethod.HigginsThompsonSpiegelhalter),
            .. Enum.GetValues<MeanCorrection>().Select(SimulationMethod.Corrected),
        ],
    };

    [Fact]
    public void Agrees_with_the_fits_of_the_library_one_by_one()
    {
        var design = Small with { Replicates = 400 };
        var rows = Run(design);
        Assert.Equal(design.CellCount * design.Methods.Length, rows.Length);
        foreach (var cell in design.Cells)
        {
            var studies = Draw(design, cell, design.Replicates);
            for (var m = 0; m < design.Methods.Length; m++)
            {
                var row = rows[cell.Index * design.Methods.Length + m];
                Assert.Equal((cell, design.Methods[m]), (row.Cell, row.Method));
                Compare(row, [.. studies.Select(s => ByHand(s, design.Methods[m])).OfType<Answer>()], design.Replicates);
            }
        }
    }

    [Fact]
    public void Numbers_are_the_same_in_any_order_on_any_number_of_threads_and_in_any_culture()
    {
        var once = Bytes(Small, Enumerable.Range(0, (int)Small.BlockCount));
        Assert.Equal(24, Small.BlockCount);
        Assert.Equal(once, Bytes(Small, Enumerable.Range(0, (int)Small.BlockCount).Reverse()));
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = German;
            Assert.Equal(once, Bytes(Small, Enumerable.Range(0, (int)Small.BlockCount).OrderBy(b => b * 7 % 24)));
            Assert.Equal("k = 4, τ² = 0.03, μ = 0.2, sizes 10 to 120, p above 0.025 published with 0.3", Small.Cell(3).ToString());
            Assert.Equal(Print(Run(Small, 1)), Print(Run(Small, 7)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        // One block is enough to tell another seed.
        Assert.NotEqual(Bytes(Small, [0]), Bytes(Small with { Seed = 12 }, [0]));

        static string Print(IEnumerable<SimulationPerformance> rows) => string.Join('\n', rows.Select(r => $"{r.Cell} {r.Method} {r.Coverage} {r.Width} {r.Bias} {r.MeanSquaredError} {r.Rejection} {r.NoEstimate}"));
    }

    [Fact]
    public void Hartung_and_Knapp_are_exact_with_equal_variances()
    {
        var rows = Run(Generic(100_000, [2, 3, 10], [0, 0.5, 4], 0, 1, SimulationMethod.Mean(Reml, Inference.HartungKnapp), SimulationMethod.Mean(Dl, Inference.HartungKnapp)));
        Assert.All(rows, row =>
        {
            Near(0.05, row.Rejection);
            Near(0.95, row.Coverage);
            Near(0, row.Bias);
            Near((1 + row.Cell.TauSquared) / row.Cell.Studies, row.MeanSquaredError);
        });
    }

    /// <summary>With k = 2 and equal variances 1 the mean is independent of s², which has a scaled chi² distribution, and the interval is 1.96·√(max(s², 1)/2) to both sides.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    public void The_normal_interval_of_two_studies_covers_as_it_must(double tau2)
    {
        double total = 1 + tau2, limit = Normal.InvCDF(0, 1, 0.975);
        // s = √total·|x| with x standard normal; the mean is √(total/2)·Z.
        double Covered(double x) => 2 * Normal.CDF(0, 1, limit * Math.Max(Math.Abs(x), 1 / Math.Sqrt(total))) - 1;
        var kink = 1 / Math.Sqrt(total);
        double Part(double from, double to) => 2 * DoubleExponentialTransformation.Integrate(x => Covered(x) * Normal.PDF(0, 1, x), from, to, 1e-10);
        var expected = Part(0, kink) + Part(kink, 12);

        var row = Assert.Single(Run(Generic(200_000, [2], [tau2], 0.7, 1, SimulationMethod.Mean(Dl, Inference.Normal))));
        Near(expected, row.Coverage);
        Assert.InRange(row.Coverage!.Value.StandardError, 1e-4, 1.1e-3);
    }

    [Fact]
    public void The_Q_profile_keeps_its_level_and_Wald_does_not()
    {
        var rows = Run(Generic(50_000, [5], [0.5], 0, 1, SimulationMethod.TauSquared(Reml, TauSquaredIntervalMethod.QProfile), SimulationMethod.TauSquared(Reml, TauSquaredIntervalMethod.Wald)));
        Near(0.95, rows[0].Coverage);
        Assert.True(Math.Abs(rows[1].Coverage!.Value.Value - 0.95) > 0.01);
    }

    [Theory]
    [InlineData(0.0, 10)]
    [InlineData(0.6, 20)]
    [InlineData(-0.9, 5)]
    public void Correlations_are_drawn_from_their_exact_distribution(double rho, int n)
    {
        var exact = CorrelationDistribution.Of(rho, n);
        var z = Draws(SimulatedMeasure.FisherZ, Math.Atanh(rho), n);
        var r = Draws(SimulatedMeasure.Correlation, rho, n);
        Close(exact.Z, [.. z.Select(s => s.Y)]);
        Close(exact.R, [.. r.Select(s => s.Y)]);
        Assert.All(z, s => Assert.Equal(1.0 / (n - 3), s.V));
        Assert.All(r, s => Assert.Equal((1 - s.Y * s.Y) * (1 - s.Y * s.Y) / (n - 1), s.V, 1e-9));
    }

    [Fact]
    public void Standardised_differences_are_drawn_exactly()
    {
        // Hedges' g is unbiased; the variance of d is that of noncentral t.
        const double delta = 0.8, n1 = 6, n2 = 5, df = 9;
        var g = Draws(SimulatedMeasure.StandardizedMeanDifference, delta, 11);
        var j = SmallSample.Factor(df);
        var variance = j * j * df / (df - 2) * (1 / n1 + 1 / n2 + delta * delta) - delta * delta;
        Close(new SamplingMoments(delta, Math.Sqrt(variance), double.NaN), [.. g.Select(s => s.Y)]);
        Assert.All(g.Take(100), s => Assert.Equal(MeanDifferences.FromD(s.Y / j, n1, n2).Variance, s.V, 1e-12));
    }

    [Fact]
    public void Selection_publishes_the_share_it_says()
    {
        var cell = new SimulationCell(0, 1000, 0, 0, StudySizes.Same(1), new PublicationStep(0.025, 0.2));
        double[] y = new double[1000], v = new double[1000];
        var draws = new StudyDraws(SimulatedMeasure.Generic, cell);
        var random = new Philox(5);
        var significant = 0;
        for (ulong r = 0; r < 100; r++)
        {
            random.MoveTo(r);
            draws.Draw(random, y, v);
            significant += y.Count(e => e > Normal.InvCDF(0, 1, 0.975));
        }
        const double expected = 0.025 / (0.025 + 0.2 * 0.975);
        Near(expected, new MonteCarloEstimate(significant / 1e5, Math.Sqrt(expected * (1 - expected) / 1e5)));
    }

    [Fact]
    public void A_replicate_is_a_function_of_seed_cell_and_number_alone()
    {
        // 2,500 replicates in blocks of 1,000; the same first 2,000 in a study of 2,000.
        SimulationTally first = new(Small), same = new(Small);
        SimulationStudy.Run(Small, 1, first, TestContext.Current.CancellationToken);
        SimulationStudy.Run(Small with { Replicates = 2_000 }, 1, same, TestContext.Current.CancellationToken);
        Assert.Equal(1000, first.Replicates);
        Assert.Equal(Bytes(first), Bytes(same));
    }

    [Fact]
    public void A_tally_reads_what_it_wrote()
    {
        SimulationTally tally = new(Small), back = new(Small);
        SimulationStudy.Run(Small, 4, tally, TestContext.Current.CancellationToken);
        back.Read(Bytes(tally));
        Assert.Equal(Bytes(tally), Bytes(back));
        Assert.True(back.Replicates > 0);
    }

    [Fact]
    public void A_run_can_be_ended() => Assert.Throws<OperationCanceledException>(() => SimulationStudy.Run(Small with { Replicates = 10_000_000 }, cancellation: new CancellationTokenSource(200).Token));

    [Fact]
    public void A_method_without_an_answer_is_counted()
    {
        // Equal sizes have equal standard errors, over which PET has no line.
        var row = Assert.Single(Run(Generic(200, [5], [0], 0, 1, SimulationMethod.Corrected(MeanCorrection.PetPeese))));
        Assert.Equal((1.0, (MonteCarloEstimate?)null, (MonteCarloEstimate?)null), (row.NoEstimate.Value, row.Coverage, row.Bias));
    }

    [Fact]
    public void What_does_not_go_together_is_named()
    {
        void Refused(string part, string words, SimulationDesign design, SimulationDesignFault kind = SimulationDesignFault.OutOfRange)
        {
            var fault = Assert.Throws<SimulationDesignException>(design.Check);
            Assert.Equal((kind, part), (fault.Kind, fault.Part));
            Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        }
        Refused("Studies", "1 must be a whole number from 2", Small with { Studies = [5, 1] });
        Refused("Studies", "2 is too few for", Small with { Studies = [2] }, SimulationDesignFault.TooFewStudies);
        Refused("TausSquared", "-0.1 must be a finite number that is not negative", Small with { TausSquared = [-0.1] });
        Refused("TausSquared", "leave (-1, 1)", Small with { Measure = SimulatedMeasure.Correlation, TausSquared = [0.04] }, SimulationDesignFault.BeyondMeasure);
        Refused("Means", "is empty", Small with { Means = [] }, SimulationDesignFault.Empty);
        Refused("Sizes", "3 must be of whole numbers of people, from 4", Small with { Sizes = [StudySizes.Same(3)] });
        Refused("Methods", "stands there twice", Small with { Methods = [Small.Methods[0], Small.Methods[0]] }, SimulationDesignFault.Twice);
        Refused("Cells", "cells times methods are 5,000,000 at most", Small with { Means = [.. Enumerable.Repeat(0.1, 90_000)] }, SimulationDesignFault.TooManyCells);
        Refused("Cells", "more cells than a grid may have", Small with { Means = [.. Enumerable.Repeat(0.1, 200_000)] }, SimulationDesignFault.TooManyCells);
        Assert.Throws<ImpossibleChoiceException>(() => SimulationMethod.Mean(Dl, Inference.KenwardRoger));
        Assert.Throws<ImpossibleChoiceException>(() => SimulationMethod.TauSquared(Dl, TauSquaredIntervalMethod.ProfileLikelihood));
        Assert.Throws<ImpossibleChoiceException>(() => SimulationMethod.Mean(TauSquaredEstimator.GeneralizedQ, Inference.Normal));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PublicationStep(0.025, 0));
    }

    /// <summary>Numbers as de-DE writes them, also where the system knows no cultures.</summary>
    private static CultureInfo German => new("", useUserOverride: false) { NumberFormat = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", PercentDecimalSeparator = ",", PercentGroupSeparator = "." } };

    private static ImmutableArray<SimulationPerformance> Run(SimulationDesign design, int? threads = null) => SimulationStudy.Run(design, threads, cancellation: TestContext.Current.CancellationToken);

    private sealed record Answer(double Estimate, ConfidenceInterval? Interval, double Truth, bool HasError);

    private static Answer? ByHand((double[] Y, double[] V, SimulationCell Cell) s, SimulationMethod method)
    {
        var effects = StudyEffects.Create(s.Y, s.V, EffectMeasure.FisherZ);
        PooledFit Fit(Inference inference = Inference.HartungKnapp) => RandomEffects.Fit(effects, new() { TauSquared = method.Estimator ?? Reml, Inference = inference });
        switch (method.Target)
        {
            case SimulationTarget.Mean:
                var fit = Fit(method.Inference!.Value);
                return new(fit.Estimate, fit.ConfidenceInterval, s.Cell.Mean, true);
            case SimulationTarget.TauSquared:
                var much = Fit().Heterogeneity;
                return new(much.TauSquared, method.Interval switch { "QP" => much.TauSquaredInterval, "PL" => much.ProfileLikelihoodIntervals().TauSquared, _ => much.WaldIntervals().TauSquared }, s.Cell.TauSquared, true);
            case SimulationTarget.NewStudy:
                return new(0, Fit().PredictionIntervalBy(method.Prediction!.Value), s.Cell.Mean, false);
            default:
                try
                {
                    var adjusted = method.Correction switch
                    {
                        MeanCorrection.PetPeese => Fit().PetPeese(new() { Alternative = Alternative.Greater }).Adjusted,
                        MeanCorrection.TrimAndFill => Fit().TrimAndFill(side: FunnelSide.Left).Adjusted,
                        MeanCorrection.Uwls => Fit().Uwls().Adjusted,
                        _ => Fit().Waap().Adjusted,
                    };
                    return new(adjusted.Estimate, adjusted.ConfidenceInterval, s.Cell.Mean, true);
                }
                catch (Exception fault) when (fault is UndeterminedException or ConvergenceException)
                {
                    return null;
                }
        }
    }

    private static void Compare(SimulationPerformance row, Answer[] answers, int replicates)
    {
        Assert.Equal((replicates - answers.Length) / (double)replicates, row.NoEstimate.Value);
        var n = answers.Length;
        ConfidenceInterval[] intervals = [.. answers.Select(a => a.Interval).OfType<ConfidenceInterval>()];
        double[] widths = [.. intervals.Select(i => i.Width).Where(w => w < 1e5)];
        Same(widths.Average(), Spread(widths) / Math.Sqrt(widths.Length), row.Width);
        if (!answers[0].HasError)
        {
            var tau = Math.Sqrt(row.Cell.TauSquared);
            double[] held = [.. intervals.Select(i => tau > 0 ? Normal.CDF(row.Cell.Mean, tau, i.Upper) - Normal.CDF(row.Cell.Mean, tau, i.Lower) : i.Contains(row.Cell.Mean) ? 1 : 0)];
            Same(held.Average(), Spread(held) / Math.Sqrt(n), row.Coverage);
            Assert.Null(row.Bias);
            return;
        }
        double[] errors = [.. answers.Select(a => a.Estimate - a.Truth)], squares = [.. errors.Select(e => e * e)];
        var covered = intervals.Count(i => i.Contains(answers[0].Truth)) / (double)intervals.Length;
        Same(covered, Math.Sqrt(covered * (1 - covered) / intervals.Length), row.Coverage);
        Same(errors.Average(), Spread(errors) / Math.Sqrt(n), row.Bias);
        Same(Spread(errors), Spread(errors) / Math.Sqrt(2.0 * (n - 1)), row.EmpiricalStandardError);
        Same(squares.Average(), Math.Sqrt(squares.Sum(q => (q - squares.Average()) * (q - squares.Average())) / (n * (n - 1.0))), row.MeanSquaredError);
        var left = intervals.Count(i => row.Method.Target == SimulationTarget.TauSquared ? i.Lower > 0 : !i.Contains(0)) / (double)intervals.Length;
        Same(left, Math.Sqrt(left * (1 - left) / intervals.Length), row.Rejection);

        static double Spread(double[] values) => Math.Sqrt(values.Sum(v => (v - values.Average()) * (v - values.Average())) / (values.Length - 1));
    }

    private static void Same(double value, double error, MonteCarloEstimate? found)
    {
        Assert.NotNull(found);
        Assert.Equal(value, found.Value.Value, 1e-9 * Math.Max(1, Math.Abs(value)));
        Assert.Equal(error, found.Value.StandardError, 1e-8 * Math.Max(1, Math.Abs(error)));
    }

    /// <summary>Within five Monte Carlo standard errors, which chance leaves once in two million.</summary>
    private static void Near(double expected, MonteCarloEstimate? found) =>
        Assert.True(found is { } f && Math.Abs(f.Value - expected) <= 5 * f.StandardError, $"{expected} expected, {found} found");

    private static void Close(SamplingMoments exact, double[] values)
    {
        var mean = values.Average();
        var sd = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
        Near(exact.Mean, new(mean, sd / Math.Sqrt(values.Length)));
        Assert.Equal(exact.StandardDeviation, sd, 0.01 * sd);
    }

    private static (double Y, double V)[] Draws(SimulatedMeasure measure, double mean, int n)
    {
        var draws = new StudyDraws(measure, new SimulationCell(0, 200_000, 0, mean, StudySizes.Same(n), null));
        double[] y = new double[200_000], v = new double[200_000];
        draws.Draw(new Philox(3), y, v);
        return [.. y.Zip(v)];
    }

    private static List<(double[] Y, double[] V, SimulationCell Cell)> Draw(SimulationDesign design, SimulationCell cell, int replicates)
    {
        var draws = new StudyDraws(design.Measure, cell);
        var random = new Philox(design.Seed);
        List<(double[], double[], SimulationCell)> all = [];
        for (var r = 0; r < replicates; r++)
        {
            double[] y = new double[cell.Studies], v = new double[cell.Studies];
            random.MoveTo(((ulong)cell.Index << 40) + (ulong)r);
            draws.Draw(random, y, v);
            all.Add((y, v, cell));
        }
        return all;
    }

    private static SimulationDesign Generic(int replicates, int[] k, double[] tau2, double mean, double v, params SimulationMethod[] methods) => new()
    {
        Seed = 2, Replicates = replicates, Measure = SimulatedMeasure.Generic, Studies = [.. k], TausSquared = [.. tau2], Means = [mean], Sizes = [StudySizes.Same(v)], Methods = [.. methods],
    };

    private static byte[] Bytes(SimulationDesign design, IEnumerable<int> blocks)
    {
        SimulationTally[] cells = [.. Enumerable.Range(0, (int)design.CellCount).Select(_ => new SimulationTally(design))];
        foreach (var block in blocks)
        {
            var tally = new SimulationTally(design);
            SimulationStudy.Run(design, block, tally, TestContext.Current.CancellationToken);
            cells[SimulationStudy.CellOf(design, block)].Add(tally);
        }
        return [.. cells.SelectMany(Bytes)];
    }

    private static byte[] Bytes(SimulationTally tally)
    {
        var bytes = new byte[tally.Size];
        tally.Write(bytes);
        return bytes;
    }
}
