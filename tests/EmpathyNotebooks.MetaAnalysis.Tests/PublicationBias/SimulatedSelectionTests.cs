namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>Results held back at random: as often as the weights say, the same for the same seed, and labelled.</summary>
public sealed class SimulatedSelectionTests
{
    private static StudyEffects Effects(int count, EffectMeasure? measure = null) => StudyEffects.Create(
        [.. Enumerable.Range(0, count).Select(i => Math.Sin(i) * 0.4)], [.. Enumerable.Range(0, count).Select(i => 0.01 + 0.0001 * (i % 7))], measure ?? EffectMeasure.FisherZ, origin: new(DataKind.Published, "made up"));

    [Fact]
    public void Significant_results_stay_and_others_as_often_as_their_weight_says()
    {
        var all = Effects(20_000);
        var left = all.HoldBack(SelectionFunction.Step(0.025, 0.5).WithWeights(0.4, 0.1), seed: 3);
        int[] Counts(StudyEffects effects) => [.. Enumerable.Range(0, 3).Select(j => effects.Effects.Zip(effects.Variances).Count(e => Interval(e.First / Math.Sqrt(e.Second)) == j))];
        var (before, after) = (Counts(all), Counts(left));
        Assert.Equal(before[0], after[0]);
        // Within five standard errors of a proportion.
        Assert.InRange(after[1] / (double)before[1], 0.4 - 5 * Math.Sqrt(0.24 / before[1]), 0.4 + 5 * Math.Sqrt(0.24 / before[1]));
        Assert.InRange(after[2] / (double)before[2], 0.1 - 5 * Math.Sqrt(0.09 / before[2]), 0.1 + 5 * Math.Sqrt(0.09 / before[2]));

        static int Interval(double z) => z >= 1.959963984540054 ? 0 : z >= 0 ? 1 : 2;
    }

    [Fact]
    public void The_same_seed_leaves_the_same_and_a_smaller_weight_a_part_of_it()
    {
        var all = Effects(300);
        string[] Left(double weight, ulong seed) => [.. all.HoldBack(SelectionFunction.Step(0.025).WithWeights(weight), seed).Labels];
        Assert.Equal(Left(0.5, 1), Left(0.5, 1));
        Assert.NotEqual(Left(0.5, 1), Left(0.5, 2));
        Assert.Subset(Left(0.5, 1).ToHashSet(), Left(0.2, 1).ToHashSet());
        Assert.Equal(all.Labels, Left(1, 1));
    }

    [Theory]
    [InlineData(Alternative.Greater)]
    [InlineData(Alternative.Less)]
    [InlineData(Alternative.TwoSided)]
    public void The_side_that_is_favoured_is_kept(Alternative side)
    {
        var left = Effects(200).HoldBack(SelectionFunction.Step(side == Alternative.TwoSided ? 0.05 : 0.025).WithWeights(1e-12), alternative: side);
        Assert.All(left.Effects.Zip(left.Variances), e =>
        {
            var z = e.First / Math.Sqrt(e.Second);
            Assert.True((side == Alternative.Greater ? z : side == Alternative.Less ? -z : Math.Abs(z)) >= 1.9599, $"z = {z}");
        });
    }

    [Fact]
    public void What_is_left_is_labelled_as_simulated()
    {
        var origin = Effects(50).HoldBack(SelectionFunction.Step(0.025).WithWeights(0.5)).Origin;
        Assert.Equal("Simulated data: a selection by p among made up", origin.Label);
        Assert.Contains("were left by a random generator (seed 1, step function (.025)", origin.Citation.Replace("0.025", ".025", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_are_named()
    {
        var all = Effects(20);
        Assert.Contains("given weights", Assert.Throws<ImpossibleChoiceException>(() => all.HoldBack(SelectionFunction.Step(0.025))).Message, StringComparison.Ordinal);
        Assert.Throws<ImpossibleChoiceException>(() => all.HoldBack(SelectionFunction.Beta()));
        Assert.Throws<ImpossibleChoiceException>(() => Effects(20, EffectMeasure.Proportion).HoldBack(SelectionFunction.Step(0.025).WithWeights(0.5)));
        Assert.Contains("at most 1", Assert.Throws<ArgumentOutOfRangeException>(() => all.HoldBack(SelectionFunction.Step(0.025).WithWeights(2))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => all.HoldBack(SelectionFunction.Step(0.025).WithWeights(0.5), alternative: (Alternative)9));
        var none = StudyEffects.Create([0.01, 0.02, -0.01], [0.01, 0.01, 0.01], EffectMeasure.FisherZ);
        Assert.Throws<InsufficientStudiesException>(() => none.HoldBack(SelectionFunction.Step(0.025).WithWeights(1e-12)));
    }
}
