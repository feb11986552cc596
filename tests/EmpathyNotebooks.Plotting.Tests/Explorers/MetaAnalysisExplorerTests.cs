using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;
using Newtonsoft.Json.Linq;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

public class MetaAnalysisExplorerTests
{
    [Fact]
    public void It_starts_from_the_fit_asked_for()
    {
        var explorer = MetaAnalysisExplorer.Create(Samples.Molloy(), new() { TauSquared = TauSquaredEstimator.PauleMandel, Inference = Inference.Normal });
        var fit = RandomEffects.Fit(Samples.Molloy(), new() { TauSquared = TauSquaredEstimator.PauleMandel, Inference = Inference.Normal });
        Assert.Equal(fit.Estimate, explorer.Model.Fit.Estimate);
        Assert.Equal("Meta-analysis of 16 studies to try out. Random effects by PM: r = .15, 95% CI [.09, .21], prediction interval [−.05, .34].", explorer.Finding);
        Assert.Equal(explorer.Finding, explorer.ToString());
        var settings = Payload(explorer)["settings"]!;
        Assert.Equal("PM z 0.95", $"{settings["method"]} {settings["test"]} {settings["level"]}");
    }

    [Fact]
    public void Every_study_is_there_with_all_that_is_known()
    {
        var study = Payload(MetaAnalysisExplorer.Create(Samples.Effects()))["studies"]![3]!;
        Assert.Equal(Samples.Attack, (string)study["label"]!);
        Assert.Equal(Samples.Effects().Effects[3], (double)study["y"]!);
        Assert.Equal(Samples.Effects().Variances[3], (double)study["v"]!);
        Assert.Equal(107, (int)study["n"]!);
        Assert.Equal(["1999", "client"], study["texts"]!.Select(t => (string)t!));
    }

    [Fact]
    public void Equal_effects_have_no_prediction_interval()
    {
        var explorer = MetaAnalysisExplorer.Create(Samples.Molloy(), new() { TauSquared = null, Inference = Inference.Normal });
        Assert.EndsWith("Equal effects: r = .12, 95% CI [.09, .16].", explorer.Finding, StringComparison.Ordinal);
        Assert.Equal("EE", (string)Payload(explorer)["settings"]!["method"]!);
    }

    [Fact]
    public void Axes_suit_the_measure()
    {
        var ratios = StudyEffects.Create([Math.Log(0.5), Math.Log(2), Math.Log(1.2)], [0.1, 0.2, 0.05], EffectMeasure.OddsRatio);
        var model = MetaAnalysisExplorer.Create(ratios).Model;
        var payload = JObject.FromObject(model.Payload());
        Assert.True((bool)payload["measure"]!["isRatio"]!);
        Assert.Equal(0, (double)payload["axis"]!["nullValue"]!);
        Assert.Equal(Math.Log(1), (double)payload["axis"]!["ticks"]!.Last!["ticks"]!.Single(t => (string)t["text"]! == "1")["value"]!, 1e-12);
        Assert.True(model.ForestAxis.Minimum < Math.Log(0.5) && model.ForestAxis.Maximum > Math.Log(2));

        var alphas = StudyEffects.Create([1.2, 1.6, 2.0], [0.1, 0.2, 0.05], EffectMeasure.AlphaBonett);
        Assert.Equal(JTokenType.Null, JObject.FromObject(MetaAnalysisExplorer.Create(alphas).Model.Payload())["axis"]!["nullValue"]!.Type);

        var correlations = JObject.FromObject(MetaAnalysisExplorer.Create(Samples.Molloy()).Model.Payload());
        var ticks = correlations["funnel"]!["ticks"]!.Last!["ticks"]!;
        Assert.Equal(Math.Atanh(0.2), (double)ticks.Single(t => (string)t["text"]! == ".2")["value"]!, 1e-12);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(160)]
    public void The_slider_reaches_beyond_every_estimate(int k)
    {
        var explorer = MetaAnalysisExplorer.Create(Samples.Many(k).Effects);
        foreach (var estimator in (TauSquaredEstimator[])[TauSquaredEstimator.DerSimonianLaird, TauSquaredEstimator.PauleMandel, TauSquaredEstimator.RestrictedMaximumLikelihood])
        {
            Assert.True(explorer.Model.LargestTauSquared > 2 * RandomEffects.Fit(explorer.Model.Effects, new() { TauSquared = estimator }).TauSquared);
        }
    }

    [Fact]
    public void What_it_cannot_do_is_said()
    {
        Assert.Contains("PauleMandel", Assert.Throws<ArgumentOutOfRangeException>(() => new MetaAnalysisExplorerOptions { TauSquared = TauSquaredEstimator.SidikJonkman }).Message, StringComparison.Ordinal);
        Assert.Contains("HartungKnapp", Assert.Throws<ArgumentOutOfRangeException>(() => new MetaAnalysisExplorerOptions { Inference = Inference.KenwardRoger }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MetaAnalysisExplorerOptions { ConfidenceLevel = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MetaAnalysisExplorerOptions { Digits = 7 });
        Assert.Throws<InsufficientStudiesException>(() => MetaAnalysisExplorer.Create(Samples.Molloy().Select([0])));
        Assert.Equal(1, MetaAnalysisExplorer.Create(Samples.Molloy().Select([0]), new() { TauSquared = null, Inference = Inference.Normal }).Model.Fit.Count);
    }

    [Fact]
    public void Simulated_data_are_said_first()
    {
        var origin = new DataOrigin(DataKind.Simulated, "made up");
        var explorer = MetaAnalysisExplorer.Create(Samples.Effects(origin));
        Assert.StartsWith("Simulated data: made up. ", explorer.Finding, StringComparison.Ordinal);
        Assert.Contains("<figcaption", explorer.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("<strong>Simulated data: made up</strong>", explorer.ToHtml(), StringComparison.Ordinal);
    }

    internal static JObject Payload(IExplorer explorer) =>
        JObject.Parse(Regex.Match(explorer.ToHtml(), @",model:(\{.*\})\}\);</script></figure>$", RegexOptions.Singleline).Groups[1].Value);
}
