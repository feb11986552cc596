using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias.ModelAveraging;

/// <summary>Against the results that the package RoBMA prints in its vignettes, within the error of its simulation; see tests/golden/robma/README.md.</summary>
public sealed class PublishedRobmaTests
{
    private static readonly JsonElement Published = JsonDocument.Parse(File.ReadAllText(Repository.PathTo("tests", "golden", "robma", "published.json"))).RootElement;

    [Fact]
    public void Agrees_with_the_36_models_of_the_tutorial()
    {
        var lui = Published.GetProperty("lui2015");
        double[] r = Numbers(lui.GetProperty("r")), n = Numbers(lui.GetProperty("n"));
        var robma = ModelAveragedBiasAdjustment.Fit(StudyEffects.Create([.. r.Select(Math.Atanh)], [.. n.Select(size => 1 / (size - 3))], EffectMeasure.FisherZ));

        Assert.Equal(0.5, robma.PriorScale);
        double[] expected = Numbers(lui.GetProperty("logMarginalLikelihoods"));
        Assert.Equal(36, robma.Models.Length);
        for (var i = 0; i < 36; i++) Near(expected[i], robma.Models[i].LogMarginalLikelihood, 0.035, robma.Models[i].ToString());

        var components = lui.GetProperty("components");
        foreach (var (name, evidence) in new[] { ("effect", robma.Effect), ("heterogeneity", robma.Heterogeneity), ("bias", robma.Bias) })
        {
            Assert.Equal(0.5, evidence.PriorProbability, 12);
            Near(components.GetProperty(name).GetProperty("posterior").GetDouble(), evidence.PosteriorProbability, 0.002, name);
            Near(Math.Log(components.GetProperty(name).GetProperty("bayesFactor").GetDouble()), evidence.LogBayesFactor!.Value, 0.01, name);
        }
        // A unit of d is half a unit of z, so that twice our numbers are theirs.
        foreach (var (name, posterior) in new[] { ("mu", robma.Mean), ("tau", robma.Tau) })
        {
            var theirs = lui.GetProperty("cohensD").GetProperty(name);
            Near(theirs.GetProperty("mean").GetDouble(), 2 * posterior.Mean, 0.004, name + " mean");
            Near(theirs.GetProperty("median").GetDouble(), 2 * posterior.Median, name == "mu" ? 0.02 : 0.003, name + " median");
            Near(theirs.GetProperty("lower").GetDouble(), 2 * posterior.CredibleInterval.Lower, 0.01, name + " lower");
            Near(theirs.GetProperty("upper").GetDouble(), 2 * posterior.CredibleInterval.Upper, 0.005, name + " upper");
        }
        double[] weights = Numbers(lui.GetProperty("weights"));
        Assert.Equal([0, 0.025, 0.05, 0.5, 0.95, 0.975], robma.WeightFunction.Select(step => step.From));
        for (var j = 0; j < weights.Length; j++) Near(weights[j], robma.WeightFunction[j].MeanWeight, 0.004, robma.WeightFunction[j].ToString());
        Near(lui.GetProperty("pet").GetDouble(), Average(robma, BiasMechanism.Pet), 0.01, "PET");
        // The coefficient of PEESE has the unit 1/z.
        Near(lui.GetProperty("peeseCohensD").GetDouble(), Average(robma, BiasMechanism.Peese) / 2, 0.01, "PEESE");
        Near(Average(robma, BiasMechanism.Pet) * 0.1 + Average(robma, BiasMechanism.Peese) * 0.01, robma.ExpectedEffect(0.1) - robma.Mean.Mean, 1e-12, "curve");
    }

    [Fact]
    public void Agrees_with_the_models_of_Bem_s_experiments()
    {
        var bem = Published.GetProperty("bem2011");
        double[] d = Numbers(bem.GetProperty("d")), se = Numbers(bem.GetProperty("se"));
        // As the package does: d to r = d/√(d² + 4) to z = artanh r, and the variance of z from the size of two equal groups, n = (d² + 8)/(2 SE²).
        double[] z = [.. d.Select(y => Math.Asinh(y / 2))], v = [.. d.Zip(se, (y, s) => 1 / ((y * y + 8) / (2 * s * s) - 3))];
        var robma = ModelAveragedBiasAdjustment.Fit(StudyEffects.Create(z, v, EffectMeasure.FisherZ));

        var theirs = bem.GetProperty("logMarginalLikelihoods");
        foreach (var (name, mechanism, index) in new[] { ("null", BiasMechanism.None, 0), ("oneSided.05", BiasMechanism.Selection, 3), ("PET", BiasMechanism.Pet, 7), ("PEESE", BiasMechanism.Peese, 8) })
        {
            var model = robma.Models[index];
            Assert.Equal((mechanism, false, false), (model.Bias.Mechanism, model.HasEffect, model.HasHeterogeneity));
            // Where effects came as d the package cuts p by t with n - 2 degrees of freedom, we by z: then R's integrate() gives 13.76273, and the t of n near 100 moves it by some hundredths.
            Near(theirs.GetProperty(name).GetDouble(), model.LogMarginalLikelihood, mechanism == BiasMechanism.Selection ? 0.08 : 0.02, name);
            if (mechanism == BiasMechanism.Selection) Near(13.76273, model.LogMarginalLikelihood, 1e-5, name);
        }
    }

    private static double Average(ModelAveragedBiasAdjustment robma, BiasMechanism mechanism) =>
        robma.Models.Where(model => model.Bias.Mechanism == mechanism).Sum(model => model.PosteriorProbability * model.Slope);

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    private static void Near(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what}: {actual:R}, published {expected:R}"));
}
