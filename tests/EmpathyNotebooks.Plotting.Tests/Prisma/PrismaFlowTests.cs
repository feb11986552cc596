namespace EmpathyNotebooks.Plotting.Tests.Prisma;

/// <summary>Counts that add up, and what is said of those that do not.</summary>
public sealed class PrismaFlowTests
{
    private static PrismaFlow Flow { get; } = new()
    {
        Databases = [new("PsycINFO", 800), new("PubMed", 200)], Registers = [new("registers", 10)], Duplicates = 110, MarkedByAutomation = 50, RemovedOtherwise = 5, RecordsExcluded = 500, ReportsNotRetrieved = 5,
        ReportsExcluded = [new("no outcome", 100), new("no control", 20)], OtherMethods = [new("websites", 8), new("citations", 12)], OtherNotRetrieved = 2, OtherExcluded = [new("no outcome", 8)], StudiesIncluded = 25,
    };

    [Fact]
    public void What_follows_is_computed()
    {
        var flow = Flow.Check();
        Assert.Equal((845, 345, 340, 20, 18, 230), (flow.Screened, flow.ReportsSought, flow.ReportsAssessed, flow.OtherSought, flow.OtherAssessed, flow.ReportsIncluded));
        Assert.Equal(flow, flow.Check());
        var update = (Flow with { PreviousStudies = 40, PreviousReports = 50 }).Check();
        Assert.Equal((65, 280), (update.TotalStudies, update.TotalReports));
        Assert.Contains("Screened: 845; excluded: 500.", flow.ToString(), StringComparison.Ordinal);
        Assert.Contains("no outcome 100, no control 20", flow.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<string, PrismaFlow, int, int> Wrong => new()
    {
        { "Records screened", Flow with { Screened = 846 }, 846, 845 },
        { "Reports sought for retrieval", Flow with { ReportsSought = 300 }, 300, 345 },
        { "Reports assessed for eligibility", Flow with { ReportsAssessed = 1 }, 1, 340 },
        { "Reports of new studies included", Flow with { ReportsIncluded = 25 }, 25, 230 },
        { "Reports of other methods assessed for eligibility", Flow with { OtherAssessed = 20 }, 20, 18 },
        { "Reports of other methods sought for retrieval", Flow with { OtherSought = 21 }, 21, 20 },
        { "New studies included", Flow with { StudiesIncluded = 231 }, 231, 230 },
        { "Total studies", Flow with { PreviousStudies = 40, TotalStudies = 64 }, 64, 65 },
        { "Total reports", Flow with { PreviousStudies = 40, PreviousReports = 50, TotalReports = 281 }, 281, 280 },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Counts_that_do_not_add_up_are_named_with_both_numbers(string box, PrismaFlow flow, int given, int expected)
    {
        var fault = Assert.Throws<PrismaCountException>(flow.Check);
        Assert.Equal((box, given, expected), (fault.Box, fault.Given, fault.Expected));
        Assert.Contains(box, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Impossible_counts_are_refused()
    {
        Assert.Contains("Duplicates", Assert.Throws<ArgumentException>(() => (Flow with { Duplicates = -1 }).Check()).Message, StringComparison.Ordinal);
        Assert.Contains("more was removed", Assert.Throws<ArgumentException>(() => (Flow with { RecordsExcluded = 900 }).Check()).Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was identified", Assert.Throws<ArgumentException>(() => new PrismaFlow().Check()).Message, StringComparison.Ordinal);
        Assert.Contains("stands twice", Assert.Throws<ArgumentException>(() => (Flow with { Registers = [new("a", 5), new("A", 5)] }).Check()).Message, StringComparison.Ordinal);
        Assert.Contains("no name", Assert.Throws<ArgumentException>(() => (Flow with { Registers = [new(" ", 10)] }).Check()).Message, StringComparison.Ordinal);
        Assert.Contains("no other method", Assert.Throws<ArgumentException>(() => (Flow with { OtherMethods = [] }).Check()).Message, StringComparison.Ordinal);
        Assert.Contains("PreviousStudies", Assert.Throws<ArgumentException>(() => (Flow with { TotalStudies = 25 }).Check()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_box_stands_in_the_diagram_at_every_width()
    {
        var plot = PrismaFlowPlot.Create(Flow with { PreviousStudies = 40 });
        Assert.Equal(16, plot.Model.Boxes.Length);
        foreach (var form in plot.ToFigure().Forms)
        {
            var texts = form.Traces.Single(t => t.Name == "texts");
            Assert.Equal(16, texts.Text!.Count);
            var (x, y) = (texts.X.Select(v => v!.Value).ToList(), texts.Y.Select(v => v!.Value).ToList());
            Assert.Equal(16, x.Zip(y).Distinct().Count());
            Assert.All(y, v => Assert.InRange(v, 0, form.Layout.YAxis.From));
        }
        Assert.Contains("(n\u00a0=\u00a0845)", plot.Model.Boxes.Single(b => b.Heading.StartsWith("Records screened", StringComparison.Ordinal)).Heading, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_data()
    {
        var svg = PrismaFlowPlot.Create(Flow with { ReportsExcluded = [new("<script>alert(1)</script>", 120)] }).ToSvg();
        Assert.DoesNotContain("<script>", svg, StringComparison.Ordinal);
    }
}
