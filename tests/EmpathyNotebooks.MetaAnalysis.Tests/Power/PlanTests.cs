namespace EmpathyNotebooks.MetaAnalysis.Tests.Power;

/// <summary>Plans: how they are made larger, searched, refused, and made from fits; on small ugly designs too.</summary>
public sealed class PlanTests
{
    private static readonly PlannedStudies Three = PlannedStudies.Of([0.01, 0.03, 0.09], [1, 4, 2]);

    [Fact]
    public void A_set_of_studies_keeps_its_mix()
    {
        Assert.Same(Three, Three.WithCount(3));
        Assert.Equal([0.01, 0.01, 0.03, 0.03, 0.09, 0.09], Three.WithCount(6).Variances);
        Assert.Equal([1, 1, 4, 4, 2, 2], Three.WithCount(6).EffectCounts);
        Assert.Equal([0.03], Three.WithCount(1).Variances);
        Assert.Equal([0.01, 0.09], Three.WithCount(2).Variances);
        // The order in which they were given does not matter.
        Assert.Equal(Three.WithCount(8).Variances, PlannedStudies.Of([0.09, 0.01, 0.03], [2, 1, 4]).WithCount(8).Variances);
    }

    [Fact]
    public void Groups_share_further_studies_in_proportion()
    {
        var plan = new SubgroupPlan([new("a", PlannedStudies.Alike(6, 0.02), 0.1), new("b", PlannedStudies.Alike(3, 0.02), 0.4), new("c", PlannedStudies.Alike(1, 0.02), 0.2)]);
        Assert.Equal([12, 6, 2], plan.WithCount(20).Groups.Select(g => g.Studies.Count));
        Assert.Equal(4, plan.WithCount(4).Groups.Sum(g => g.Studies.Count));
        Assert.All(plan.WithCount(4).Groups, g => Assert.True(g.Studies.Count >= 1));
        Assert.Equal(0.6, plan.WithEffect(0.6).EffectOfInterest, 1e-15);
        Assert.Throws<InsufficientStudiesException>(() => plan.WithCount(3));
    }

    public static TheoryData<int> Kinds => [0, 1, 2, 3, 4, 5];

    private static PowerPlan Plan(int kind) => kind switch
    {
        0 => new MeanPlan(PlannedStudies.Alike(6, 0.03), 0.2) { TauSquared = 0.02 },
        1 => new MeanPlan(Three, 0.2) { TauSquared = 0.02, Inference = Inference.Normal, Alternative = Alternative.Greater },
        2 => new HeterogeneityPlan(Three, 0.02),
        3 => new ModeratorPlan(PlannedStudies.Alike(6, 0.03), [1, 2, 3, 4, 5, 6], 0.05) { TauSquared = 0.02 },
        4 => SubgroupPlan.Alike(PlannedStudies.Alike(3, 0.03), [0.1, 0.2, 0.4]) with { TauSquared = 0.02 },
        _ => new DependentPlan(Three.WithCount(6), 0.2) { TauSquared = 0.02, OmegaSquared = 0.01 },
    };

    /// <summary>The fewest studies reach the power and one fewer does not; the smallest effect has just the power.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Searches_end_where_the_power_is_what_was_asked(int kind)
    {
        var plan = Plan(kind);
        var needed = plan.StudiesNeeded(0.8, most: 400);
        Assert.NotNull(needed.Count);
        Assert.Equal(plan.WithCount(needed.Count!.Value).Power().Power, needed.Power);
        Assert.True(needed.Power >= 0.8);
        Assert.True(plan.WithCount(needed.Count.Value - 1).Power().Power < 0.8);
        Assert.Equal(0.8, plan.WithEffect(plan.SmallestEffect(0.8)).Power().Power, 1e-7);
        var curve = plan.OverEffects([0, 0.5 * plan.EffectOfInterest, plan.EffectOfInterest]);
        Assert.Equal(plan.Power().Power, curve.Points[2].Power, 1e-12);
        Assert.Equal(curve.Points.Select(p => p.Power).Order(), curve.Points.Select(p => p.Power));
        Assert.Equal(plan.OverStudies([plan.Count]).Points[0].Power, plan.Power().Power);
        Assert.Null(plan.WithEffect(plan.EffectOfInterest / 100).StudiesNeeded(0.9, most: 10).Count);
    }

    /// <summary>Whatever the design, a power is a number between 0 and 1, rises with the effect, and is the level without one where the test holds its level.</summary>
    [Fact]
    public void Small_ugly_designs_have_a_power()
    {
        var random = new Random(20261129);
        for (var n = 0; n < 60; n++)
        {
            var k = random.Next(3, 13);
            double scale = Math.Pow(10, random.Next(-6, 7)), tau2 = n % 3 == 0 ? 0 : scale * Math.Exp(6 * random.NextDouble() - 3);
            double[] v = [.. Enumerable.Range(0, k).Select(_ => scale * (n % 5 == 0 ? 1 : Math.Exp(8 * random.NextDouble() - 4)))], x = [.. Enumerable.Range(0, k).Select(_ => Math.Round(4 * random.NextDouble()))];
            x[0] = 9;
            var inference = (Inference[])[Inference.HartungKnapp, Inference.HartungKnappAdHoc, Inference.StudentT, Inference.Normal];
            var model = (PowerModel)(n % 3);
            var studies = PlannedStudies.Of(v);
            double size = Math.Sqrt(1 / v.Sum(s => 1 / (s + tau2)));
            PowerPlan[] plans =
            [
                new MeanPlan(studies, size) { TauSquared = tau2, Model = model, Inference = inference[n % 4] },
                new ModeratorPlan(studies, x, size / 3) { TauSquared = tau2, Model = model, Inference = inference[(n / 3) % 4] },
                new HeterogeneityPlan(studies, tau2),
                new DependentPlan(PlannedStudies.Of(v, [.. v.Select(_ => random.Next(1, 5))]), size) { TauSquared = tau2, OmegaSquared = tau2 / 2, Model = (DependentModel)(n % 3) },
            ];
            foreach (var plan in plans)
            {
                var power = plan.Power();
                Assert.InRange(power.Power, 0, 1);
                Assert.InRange(plan.WithEffect(3 * plan.EffectOfInterest).Power().Power, power.Power - 1e-6, 1);
                Assert.DoesNotContain("NaN", power.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Plans_do_not_depend_on_the_unit()
    {
        var plan = new MeanPlan(PlannedStudies.Of([0.01, 0.03, 0.09, 0.02]), 0.2) { TauSquared = 0.02 };
        var large = new MeanPlan(PlannedStudies.Of([1e4, 3e4, 9e4, 2e4]), 200) { TauSquared = 2e4 };
        Assert.Equal(plan.Power().Power, large.Power().Power, 1e-9);
        Assert.Equal(1000 * plan.SmallestEffect(), large.SmallestEffect(), 1e-5);
        Assert.Equal((plan with { Effect = -0.2, Alternative = Alternative.Less }).Power().Power, (plan with { Alternative = Alternative.Greater }).Power().Power, 1e-12);
        Assert.True((plan with { Alternative = Alternative.Less }).SmallestEffect() < 0);
    }

    [Fact]
    public void What_is_impossible_is_refused_with_what_would_be_right()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PlannedStudies.Alike(0, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PlannedStudies.Of([0.1, -0.1]));
        Assert.Throws<InsufficientStudiesException>(() => PlannedStudies.Of([]));
        Assert.Throws<ArgumentException>(() => PlannedStudies.Of([0.1, 0.1], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeanPlan(Three, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeanPlan(Three, 0.1) { TauSquared = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeanPlan(Three, 0.1) { Alpha = 0 });
        var fault = Assert.Throws<ImpossibleChoiceException>(() => new MeanPlan(Three, 0.1) { Inference = Inference.KenwardRoger });
        Assert.Contains(Inference.HartungKnapp, fault.Inferences);
        Assert.Throws<InsufficientStudiesException>(() => new MeanPlan(PlannedStudies.Alike(1, 0.1), 0.1).Power());
        Assert.InRange(new MeanPlan(PlannedStudies.Alike(1, 0.01), 0.5) { Model = PowerModel.EqualEffects, Inference = Inference.Normal }.Power().Power, 0.99, 1);
        Assert.Throws<InsufficientStudiesException>(() => new ModeratorPlan(PlannedStudies.Alike(2, 0.1), [1, 2], 0.1).Power());
        Assert.Throws<StudyDataException>(() => new ModeratorPlan(PlannedStudies.Alike(3, 0.1), [2, 2, 2], 0.1).Power());
        Assert.Throws<InsufficientStudiesException>(() => SubgroupPlan.Alike(Three, [0.1]));
        Assert.Throws<ImpossibleChoiceException>(() => new DependentPlan(Three, 0.1) { Model = DependentModel.CorrelatedEffects, Inference = DependentInference.Model }.Power());
        Assert.Throws<UndeterminedException>(() => new DependentPlan(Three.WithCount(6), 0.1) { Values = [0, 0, 0, 0, 0, 1] }.Power());
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeanPlan(Three, 0.1).StudiesNeeded(1));
        Assert.Throws<UndeterminedException>(() => new MeanPlan(Three, 0.1).SmallestEffect(0.04));
        var equal = new MeanPlan(Three, 0) { Model = PowerModel.EqualEffects, TauSquared = 0.1, Inference = Inference.Normal }.Power();
        Assert.True(equal.Power > 0.2);
        Assert.Contains(equal.Warnings, w => w.Contains("false alarm", StringComparison.Ordinal));
    }

    [Fact]
    public void Plans_of_fits_have_their_choices()
    {
        var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52], [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
            columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
        var pooled = RandomEffects.Fit(effects, new() { ConfidenceLevel = 0.9, Inference = Inference.Normal });
        var plan = Assert.IsType<MeanPlan>(pooled.PlanOfMean(0.1));
        Assert.Equal((0.1, pooled.TauSquared, Inference.Normal, PowerModel.Estimated, 8), (plan.Alpha, plan.TauSquared, plan.Inference, plan.Model, plan.Count));
        Assert.Equal(pooled.StandardError, plan.Power().StandardError!.Value, 1e-12);
        Assert.Equal(PowerModel.EqualEffects, ((MeanPlan)EqualEffects.Fit(effects).PlanOfMean(0.1)).Model);

        var multilevel = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], new() { SamplingCorrelation = 0.7 });
        var dependent = Assert.IsType<DependentPlan>(multilevel.PlanOfMean(0.1));
        Assert.Equal((6, 0.7, DependentModel.CorrelatedHierarchical), (dependent.Count, dependent.SamplingCorrelation, dependent.Model));
        Assert.Equal(multilevel.VarianceComponents.Sum(c => c.SigmaSquared), dependent.TauSquared + dependent.OmegaSquared, 1e-15);
        Assert.Equal([2, 1, 1, 2, 1, 1], dependent.Studies.EffectCounts);
        Assert.Equal(DependentModel.CorrelatedEffects, ((DependentPlan)RobustVarianceModel.Fit(effects, "sample").PlanOfMean(0.1)).Model);
        // Correlated effects bring the correlation that they assume, also 0.
        Assert.Equal(0.8, ((DependentPlan)RobustVarianceModel.Fit(effects, "sample").PlanOfMean(0.1)).SamplingCorrelation);
        Assert.Equal(0, ((DependentPlan)RobustVarianceModel.Fit(effects, "sample", options: new() { SamplingCorrelation = 0 }).PlanOfMean(0.1)).SamplingCorrelation);
        Assert.Throws<ImpossibleChoiceException>(() => RobustVarianceModel.Fit(effects, "sample", WorkingModel.Hierarchical).PlanOfMean(0.1));
        var own = (DependentPlan)multilevel.PlanOfMean(0.1, inference: DependentInference.Model);
        Assert.Equal((DependentInference.Model, multilevel.Coefficients[0].DegreesOfFreedom), (own.Inference, own.Power().DegreesOfFreedom));
        Assert.Throws<ImpossibleChoiceException>(() => MultilevelModel.Fit(effects, ["sample"], new() { Inference = Inference.Normal }).PlanOfMean(0.1, inference: DependentInference.Model));
        Assert.Equal(pooled.TauSquared, pooled.PlanOfHeterogeneity().TauSquared);
        Assert.Throws<ImpossibleChoiceException>(() => multilevel.PlanOfHeterogeneity());
    }
}
