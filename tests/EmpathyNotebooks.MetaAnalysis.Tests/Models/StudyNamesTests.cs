namespace EmpathyNotebooks.MetaAnalysis.Tests.Models;

/// <summary>Labels that are made late are the ones that would have been made at once.</summary>
public class StudyNamesTests
{
    [Fact]
    public void Rows_keep_their_labels_whoever_asks_first()
    {
        var unlabelled = StudyEffects.Create([0.1, 0.2, 0.3, 0.4], [0.01, 0.02, 0.03, 0.04]);
        var some = unlabelled.Select([3, 1, 2]).Select([0, 2]).Without(0);
        Assert.Equal(["Study 3"], some.Labels);
        Assert.Equal(["Study 1", "Study 2", "Study 3", "Study 4"], unlabelled.Labels);
        var labelled = StudyEffects.Create([0.1, 0.2, 0.3], [0.01, 0.02, 0.03], labels: ["A", "B", "C"]);
        Assert.Equal(["C", "A"], labelled.Select([2, 0]).Labels);
        Assert.Equal(["A", "C"], labelled.Without(1).Labels);
    }

    [Fact]
    public void Rows_that_change_afterwards_change_no_label()
    {
        int[] rows = [2, 0];
        var drawn = StudyEffects.Create([0.1, 0.2, 0.3], [0.01, 0.02, 0.03]).Drawn(rows, [0, 1], null);
        rows[0] = 1;
        Assert.Equal(["Study 3", "Study 1"], drawn.Labels);
    }

    [Fact]
    public void Creating_and_fitting_makes_no_label()
    {
        double[] yi = [.. Enumerable.Range(0, 1000).Select(i => 0.001 * (i % 37))], vi = [.. Enumerable.Range(0, 1000).Select(i => 0.01 + 0.0001 * (i % 11))];
        _ = RandomEffects.Fit(StudyEffects.Create(yi, vi));
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = RandomEffects.Fit(StudyEffects.Create(yi, vi));
        // Two copies of the numbers take 16 KB; a thousand labels would take another 40 KB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 16_000, 20_000);
    }
}
