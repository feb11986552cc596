using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

/// <summary>What the multiverse explorer starts from; Browser.Tests sees to what it computes.</summary>
public sealed class MultiverseExplorerTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ);

    private static MultiverseResult Result => Multiverse.Of(Effects)
        .Choose("studies", "?", Equivalence.Uncertain, Specify.AllStudies, Specify.Where("precise", (e, row) => e.Variances[row] < 0.011), Specify.Where("also precise", (e, row) => e.Variances[row] < 0.0105))
        .ChooseEstimator("?", Equivalence.Equivalent, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.DerSimonianLaird, null)
        .Choose("bias", "?", Equivalence.NonEquivalent, Specify.Unadjusted, Specify.PetPeese()).Run(cancellation: TestContext.Current.CancellationToken);

    /// <summary>PET-PEESE knows no estimator, and two rules leave the same studies: those combinations lead to the specification that is counted for them.</summary>
    [Fact]
    public void Every_combination_leads_to_the_specification_that_it_comes_to()
    {
        var result = Result;
        Assert.Equal(18, result.Combinations);
        Assert.True(result.Specifications.Length < result.Combinations);
        for (var place = 0; place < result.Specifications.Length; place++) Assert.Equal(place, result.PlaceOf(result.Specifications[place].Number));
        // The second rule is the first one under another name.
        for (var n = 6; n < 12; n++) Assert.Equal(result.PlaceOf(n), result.PlaceOf(n + 6));
        // Of PET-PEESE the estimator makes no difference.
        Assert.Equal(result.PlaceOf(1), result.PlaceOf(3));
        Assert.NotEqual(result.PlaceOf(0), result.PlaceOf(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => result.PlaceOf(18));
        Assert.Throws<ArgumentOutOfRangeException>(() => result.PlaceOf(-1));
        var few = Multiverse.Of(Effects).Choose("studies", "?", Equivalence.Uncertain, Specify.AllStudies, Specify.Where("none", (_, _) => false)).ChooseTest("?", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal)
            .Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([0, 1, null, null], Enumerable.Range(0, 4).Select(few.PlaceOf));
    }

    [Fact]
    public void It_starts_with_all_options_but_never_averages_over_those_that_are_not_equivalent()
    {
        var explorer = MultiverseExplorer.Create(Result);
        Assert.Equal(["True,True,True", "True,True,True", "True,False"], explorer.Model.Allowed.Select(choice => string.Join(',', choice)));
        Assert.Contains(explorer.Model.Result.Main.ToString(), explorer.Finding, StringComparison.Ordinal);
        Assert.True(explorer.Model.Axis.Contains(0));
        Assert.Equal(explorer.ToHtml(), MultiverseExplorer.Create(Result).ToHtml());
    }

    [Fact]
    public void More_than_a_page_can_show_is_refused()
    {
        var many = Enumerable.Range(0, 31).Aggregate(Multiverse.Of(Effects), (before, i) => before.Choose($"choice {i}", "?", Equivalence.Uncertain, Specify.Where($"all, the {i}th time", (_, _) => true))).Run(cancellation: TestContext.Current.CancellationToken);
        Assert.Contains("of 30 choices, not 1 of 31", Assert.Throws<ImpossibleChoiceException>(() => MultiverseExplorer.Create(many)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiverseExplorerOptions { Digits = 7 });
    }
}
