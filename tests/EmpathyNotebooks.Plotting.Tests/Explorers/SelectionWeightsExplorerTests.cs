using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using Jint;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

/// <summary>Selection weights by hand: what the explorer computes, in an interpreter, and what it starts from.</summary>
public sealed class SelectionWeightsExplorerTests
{
    /// <summary>The stories of Vevea and Woods, as the explorer shows them, for both sides, with and without τ², and few, tied and extreme studies.</summary>
    [Theory]
    [InlineData(0, Alternative.Greater)]
    [InlineData(1, Alternative.Greater)]
    [InlineData(2, Alternative.Less)]
    [InlineData(3, Alternative.Greater)]
    [InlineData(4, Alternative.Greater)]
    public void The_script_agrees_with_the_library(int data, Alternative side)
    {
        var effects = new[]
        {
            Datasets.Molloy2014().Correlations().Select([0, 1, 2, 3, 4]), StudyEffects.Create([0.3, 0.3, 0.3], [0.02, 0.02, 0.02]), StudyEffects.Create([-1, -0.2, 0.5, -0.7, 0.1], [1e-3, 0.2, 0.3, 0.05, 2]),
            StudyEffects.Create([2, 2.1, 1.9, 2.5, 1.2, 2], [1e-4, 1e-3, 0.1, 0.02, 1e-3, 1e-4]), StudyEffects.Create([0.01, -0.02, 0.1, 0], [0.3, 0.2, 0.4, 0.1]),
        }[data];
        foreach (var fit in (PooledFit[])[RandomEffects.Fit(effects), EqualEffects.Fit(effects)])
        {
            var model = SelectionWeightsExplorer.Create(fit, new() { Alternative = side }).Model;
            var sign = side == Alternative.Less ? -1 : 1;
            foreach (var story in model.Sensitivity.Stories)
            {
                var found = ExplorerScript.Call("([y, v, cuts, given, isRandom]) => { const f = selection.fit(y, v, cuts, given, isRandom); return [f.mean, f.se, f.tau2]; }",
                    new object[] { effects.Effects.Select(y => sign * y).ToArray(), effects.Variances.ToArray(), SelectionSensitivity.CutPoints.ToArray(), story.Fit.Function.GivenWeights!.Select(w => w!.Value).ToArray(), fit.IsRandomEffects }).AsArray();
                var mean = story.Fit.Mean!.Value;
                Assert.Equal(mean.Estimate, sign * found[0].AsNumber(), 1e-8 * Math.Max(1, mean.StandardError));
                Assert.Equal(mean.StandardError, found[1].AsNumber(), 1e-7 * mean.StandardError);
                Assert.Equal(story.Fit.TauSquared, found[2].AsNumber(), 1e-8 * Math.Max(0.01, story.Fit.TauSquared));
            }
        }
    }

    [Fact]
    public void It_starts_from_the_stories_and_says_them()
    {
        var fit = RandomEffects.Fit(Datasets.Molloy2014().Correlations());
        var explorer = SelectionWeightsExplorer.Create(fit);
        var table = fit.SelectionSensitivity();
        Assert.Equal(table.Stories.Select(s => s.Fit.Mean!.Value.Estimate), explorer.Model.Sensitivity.Stories.Select(s => s.Fit.Mean!.Value.Estimate));
        foreach (var story in table.Stories) Assert.Contains($"{story.Story} {fit.Effects.Measure.Format(Math.Tanh(story.Fit.Mean!.Value.Estimate))}", explorer.Finding, StringComparison.Ordinal);
        Assert.Contains("not canonical (Vevea & Woods 2005)", explorer.Model.Notes[0], StringComparison.Ordinal);
        Assert.Equal(explorer.ToHtml(), SelectionWeightsExplorer.Create(RandomEffects.Fit(Datasets.Molloy2014().Correlations())).ToHtml());
    }

    [Fact]
    public void What_cannot_be_selected_by_p_is_refused()
    {
        var shares = StudyEffects.Create([0.1, 0.4, 0.2], [0.01, 0.02, 0.03], EffectMeasure.Proportion);
        Assert.Contains("no p-value", Assert.Throws<ImpossibleChoiceException>(() => SelectionWeightsExplorer.Create(RandomEffects.Fit(shares))).Message, StringComparison.Ordinal);
        Assert.Throws<InsufficientStudiesException>(() => SelectionWeightsExplorer.Create(RandomEffects.Fit(StudyEffects.Create([0.1, 0.4], [0.01, 0.02]))));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SelectionWeightsExplorerOptions { Alternative = Alternative.TwoSided });
    }
}
