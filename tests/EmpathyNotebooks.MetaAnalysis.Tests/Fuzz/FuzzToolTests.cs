using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

/// <summary>The fuzz finds what is wrong when something is.</summary>
public sealed class FuzzToolTests
{
    [Fact]
    public void A_walk_finds_a_number_that_is_none_and_an_interval_in_the_wrong_order()
    {
        var found = new List<string>();
        var good = new ConfidenceInterval(0, 1, 0.95);
        Walk.Over(new AdjustedEstimate("m", double.NaN, good, 3, "", []), (kind, _) => found.Add(kind));
        Walk.Over(ImmutableArray.Create(new Prediction(0, 1, new ConfidenceInterval(2, 1, 0.95), null)), (kind, _) => found.Add(kind));
        Walk.Over(new AdjustedEstimate("m", 0, good, 3, "", []), (kind, _) => found.Add(kind));
        Assert.Equal(["AdjustedEstimate.Estimate is NaN", "AdjustedEstimate says NaN", "ImmutableArray`1[].ConfidenceInterval is no interval"], found);
    }

    [Fact]
    public void A_question_without_an_answer_and_an_undocumented_exception_are_findings()
    {
        var findings = new Findings();
        var ask = new Questions(FuzzData.Draw(1, fewest: 2), findings);
        ask.Of<object>("refused", () => throw new UndeterminedException("It", "so"));
        ask.Of<object>("broken", () => throw new NullReferenceException());
        ask.Of<object>("endless", () => throw new ConvergenceException("It", "so", 9));
        var words = findings.Words(fewest: 1);
        Assert.Contains("refused had no answer to 1 sets", words, StringComparison.Ordinal);
        Assert.Contains("1 times: broken: NullReferenceException", words, StringComparison.Ordinal);
        Assert.Contains("1 times: endless does not converge", words, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_draws_the_same_set() => Assert.Equal(FuzzData.Draw(7).ToString(), FuzzData.Draw(7).ToString());
}
