using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;
using Jint;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

/// <summary>The Bayesian explorer: what it computes, in an interpreter, and what it starts from.</summary>
public sealed class BayesExplorerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task The_script_agrees_with_the_library(int dataSet) =>
        await BayesAgreement.CompareAsync(BayesAgreement.DataSets[dataSet], text => Task.FromResult(ExplorerScript.Call(BayesAgreement.Script("bayes.fit"), text).AsString()));

    [Fact]
    public void It_starts_from_the_fit_and_says_which_priors_it_moves()
    {
        var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.008], EffectMeasure.FisherZ);
        var fit = BayesianModel.Fit(effects, new() { HeterogeneityPrior = HeterogeneityPrior.HalfNormal(0.25) });
        var explorer = BayesExplorer.Create(fit);
        Assert.Same(fit, explorer.Model.Fit);
        Assert.Contains("half-normal(0.25)", explorer.Finding, StringComparison.Ordinal);
        Assert.True(explorer.Model.LargestScale >= 0.5 && explorer.Model.MeanAxis.Contains(0));
        Assert.Equal(explorer.ToHtml(), BayesExplorer.Create(BayesianModel.Fit(effects, fit.Options)).ToHtml());
        var fault = Assert.Throws<ImpossibleChoiceException>(() => BayesExplorer.Create(BayesianModel.Fit(effects, new() { EffectPrior = EffectPrior.Cauchy(0, 1) })));
        Assert.Contains("normal and flat priors of μ", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ImpossibleChoiceException>(() => BayesExplorer.Create(BayesianModel.Fit(effects, new() { HeterogeneityPrior = HeterogeneityPrior.LogNormal(-2, 1) })));
    }
}
