using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Power;

/// <summary>Power against closed forms computed in R and against POMADE.</summary>
public sealed class PowerReferenceTests
{
    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static IEnumerable<(JsonElement Options, JsonElement Results)> Cases(string file, string method) => PValueReference.Cases("power", file)
        .Where(c => c.GetProperty("method").GetString() == method).Select(c => (c.GetProperty("options"), c.GetProperty("results")));

    [Fact]
    public void The_mean_has_the_power_of_the_closed_forms()
    {
        var count = 0;
        foreach (var (options, results) in Cases("power-formulas.json", "power-mean"))
        {
            double effect = Number(options, "effect_size"), n = Number(options, "study_size_total"), tau2 = Number(results, "tau2");
            var isCorrelation = options.GetProperty("es_type").GetString() == "r";
            var v = (isCorrelation ? VarianceBySize.FisherZ : VarianceBySize.StandardizedMeanDifference(effect)).At(n);
            PValueReference.Near(v, results.GetProperty("variance_unrounded"), 1e-12, "v");
            var plan = new MeanPlan(PlannedStudies.Alike((int)Number(options, "k"), v), isCorrelation ? Math.Atanh(effect) : effect)
            {
                Model = PowerModel.EqualEffects, Inference = Inference.Normal, Alternative = options.GetProperty("test").GetString() == "one-tailed" ? Alternative.Greater : Alternative.TwoSided,
            };
            PValueReference.Near(plan.Power().Power, results.GetProperty("formula_common_effect"), 1e-10, $"equal effects {options}");
            PValueReference.Near((plan with { Model = PowerModel.Known, TauSquared = tau2 }).Power().Power, results.GetProperty("formula_random_known_tau2"), 1e-10, $"random effects {options}");
            count++;
        }
        Assert.Equal(272, count);
    }

    [Fact]
    public void Heterogeneity_has_the_power_of_the_closed_forms()
    {
        var count = 0;
        foreach (var (options, results) in Cases("power-formulas.json", "power-heterogeneity"))
        {
            var plan = new HeterogeneityPlan(PlannedStudies.Alike((int)Number(options, "k"), Number(results, "variance_unrounded")), Number(results, "tau2"));
            PValueReference.Near(plan.Power().Power, results.GetProperty("exact_equal_variances"), 1e-10, $"{options}");
            PValueReference.Near((plan with { FixedDifferences = true }).Power().Power, results.GetProperty("fixed_noncentral"), 1e-10, $"fixed {options}");
            count++;
        }
        Assert.Equal(68, count);
    }

    [Fact]
    public void Groups_have_the_power_of_the_closed_forms()
    {
        var count = 0;
        foreach (var (options, results) in Cases("power-formulas.json", "power-moderator"))
        {
            double[] effects = [.. options.GetProperty("group_effects").EnumerateArray().Select(e => e.GetDouble())];
            // The closed form takes k/G studies a group also where that is no whole number: then studies of one group of three stand for it.
            var k = (int)Number(options, "k_total");
            if (k % effects.Length != 0) continue;
            var plan = SubgroupPlan.Alike(PlannedStudies.Alike(k / effects.Length, Number(results, "variance_unrounded")), effects) with { Model = PowerModel.EqualEffects, Inference = Inference.Normal };
            PValueReference.Near(plan.Power().Power, results.GetProperty("formula_fixed"), 1e-10, $"{options}");
            PValueReference.Near((plan with { Model = PowerModel.Known, TauSquared = Number(results, "tau2") }).Power().Power, results.GetProperty("formula_mixed_known_tau2"), 1e-10, $"{options}");
            count++;
        }
        Assert.Equal(90, count);
    }

    [Fact]
    public void Dependent_effects_have_the_power_of_POMADE()
    {
        var count = 0;
        foreach (var (options, results) in Cases("power-MADE.json", "power-MADE"))
        {
            var plan = Plan(options);
            foreach (var expected in results.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Object))
            {
                var at = plan with
                {
                    Model = expected.Name[..2] switch { "CH" => DependentModel.CorrelatedHierarchical, "ML" => DependentModel.Multilevel, _ => DependentModel.CorrelatedEffects },
                    Inference = expected.Name.EndsWith("Satt", StringComparison.Ordinal) ? DependentInference.Satterthwaite
                        : expected.Name.EndsWith("Model", StringComparison.Ordinal) ? DependentInference.Model : DependentInference.Robust,
                };
                Assert.Equal(expected.Name, at.Name);
                var power = at.Power();
                // POMADE minimises with the default tolerance of optim(), which shows in the weights of MLMA alone.
                var tolerance = at.Model == DependentModel.Multilevel ? 2e-6 : 1e-9;
                PValueReference.Near(power.StandardError!.Value * power.StandardError.Value / Number(expected.Value, "var_b"), 1, tolerance, $"{expected.Name} var_b {options}");
                PValueReference.Near(power.Power, expected.Value.GetProperty("power"), at.Model == DependentModel.Multilevel ? 2e-5 : tolerance, $"{expected.Name} power {options}");
                PValueReference.Near(power.DegreesOfFreedom!.Value, expected.Value.GetProperty("df"), expected.Name == "CHE-Model+Satt" ? 0.0501 : at.Model == DependentModel.Multilevel ? 1e-4 : 1e-9, $"{expected.Name} df {options}");
                count++;
            }
        }
        Assert.Equal(48 * 7, count);
    }

    [Fact]
    public void The_limit_of_a_multilevel_model_is_the_least_divergence()
    {
        foreach (var (options, results) in Cases("multilevel-limit.json", "multilevel-limit"))
        {
            var plan = Plan(options) with { Model = DependentModel.Multilevel };
            double[] v = [.. plan.Studies.Variances], m = [.. plan.Studies.EffectCounts.Select(c => (double)c)];
            var (tau2, omega2) = MultilevelLimit.Find(v, m, plan.TauSquared, plan.OmegaSquared, plan.SamplingCorrelation);
            PValueReference.Near(tau2, results.GetProperty("tau2"), 1e-6, $"τ² {options}");
            PValueReference.Near(omega2, results.GetProperty("omega2"), 1e-6, $"ω² {options}");
            PValueReference.Near((plan with { Inference = DependentInference.Model }).Power().Power, results.GetProperty("power_model"), 1e-7, $"power of the model {options}");
            PValueReference.Near((plan with { Inference = DependentInference.Satterthwaite }).Power().Power, results.GetProperty("power_satt"), 1e-7, $"power of Satterthwaite {options}");
            var error = plan.Power().StandardError!.Value;
            PValueReference.Near(error * error / Number(results, "var_b"), 1, 1e-8, $"S {options}");
        }
    }

    [Fact]
    public void Noncentral_t_is_that_of_an_integral()
    {
        foreach (var reference in PValueReference.Cases("power", "noncentral-t.json"))
        {
            double Rate(Alternative side) => RejectionRate.Student(Number(reference, "lambda"), Number(reference, "df"), Number(reference, "critical"), side);
            PValueReference.Near(Rate(Alternative.Greater), reference.GetProperty("greater"), 1e-12, $"{reference}");
            PValueReference.Near(Rate(Alternative.Less), reference.GetProperty("less"), 1e-12, $"{reference}");
            PValueReference.Near(Rate(Alternative.Greater), reference.GetProperty("pt_greater"), 1e-11, $"{reference}");
        }
    }

    private static DependentPlan Plan(JsonElement options) => new(
        PlannedStudies.Of([.. options.GetProperty("sigma2_per_study").EnumerateArray().Select(e => e.GetDouble())], [.. options.GetProperty("n_es_per_study").EnumerateArray().Select(e => e.GetInt32())]),
        Number(options, "mu"))
    {
        TauSquared = Number(options, "tau") * Number(options, "tau"), OmegaSquared = Number(options, "omega") * Number(options, "omega"), SamplingCorrelation = Number(options, "rho"), Alpha = Number(options, "alpha"),
    };
}
