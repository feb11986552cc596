using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Forest;

public class ForestOrderTests
{
    private static int[] Studies(ForestOrder order) =>
        [.. Samples.Model().Orders.Single(o => o.Order == order).Positions.Index().OrderBy(p => p.Item).Select(p => p.Index)];

    [Fact]
    public void Every_order_is_a_permutation_of_the_same_places()
    {
        foreach (var k in (int[])[2, 5, 16, 82, 160])
        {
            foreach (var order in ForestPlot.Create(Samples.Many(k)).Model.Orders)
            {
                Assert.Equal(Enumerable.Range(0, k).Select(i => (double)i), order.Positions.Order());
            }
        }
    }

    [Fact]
    public void As_given_is_the_order_of_the_data() => Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], Studies(ForestOrder.AsGiven));

    [Fact]
    public void By_name_reads_numbers_and_ignores_case() => Assert.Equal([6, 3, 2, 4, 1, 7, 0, 5], Studies(ForestOrder.Name));

    [Fact]
    public void By_year_puts_the_unknown_last() => Assert.Equal([3, 5, 6, 7, 0, 2, 1, 4], Studies(ForestOrder.Year));

    [Fact]
    public void By_effect_is_smallest_first() => Assert.Equal([4, 5, 7, 1, 6, 0, 3, 2], Studies(ForestOrder.Effect));

    [Fact]
    public void By_precision_is_most_precise_first() => Assert.Equal([1, 7, 6, 0, 3, 4, 5, 2], Studies(ForestOrder.Precision));

    [Fact]
    public void The_first_order_can_be_chosen()
    {
        var model = Samples.Model(new() { Order = ForestOrder.Effect });
        Assert.Equal([4, 5, 7, 1, 6, 0, 3, 2], model.Rows.Where(r => r.Study is not null).Select(r => r.Study!.Value));
        Assert.Equal(ForestOrder.Effect, model.Orders[model.ActiveOrder].Order);
    }

    [Fact]
    public void Without_years_there_is_no_order_by_year()
    {
        var fit = Samples.Many(5);
        Assert.DoesNotContain(ForestPlot.Create(fit).Model.Orders, o => o.Order == ForestOrder.Year);
        var error = Assert.Throws<StudyDataException>(() => ForestPlot.Create(fit, new() { Order = ForestOrder.Year }));
        Assert.Contains("YearColumn", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_texts_is_no_column_of_years() =>
        Assert.Equal("rater", Assert.Throws<StudyDataException>(() => Samples.Model(new() { YearColumn = "rater" })).Column);

    [Theory]
    [InlineData("Study 2", "Study 10", -1)]
    [InlineData("study 2", "Study 2", 0)]
    [InlineData("Study 007", "Study 7", 0)]
    [InlineData("Study", "Study 1", -1)]
    [InlineData("b", "A", 1)]
    [InlineData("9", "10", -1)]
    public void Natural_order(string a, string b, int expected)
    {
        Assert.Equal(expected, Math.Sign(NaturalOrder.Instance.Compare(a, b)));
        Assert.Equal(-expected, Math.Sign(NaturalOrder.Instance.Compare(b, a)));
    }
}
