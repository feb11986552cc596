using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Reporting.Tests.Standards;

/// <summary>Counts as JSON and CSV.</summary>
public sealed class PrismaFlowFileTests
{
    [Fact]
    public void Both_forms_say_the_same()
    {
        var json = PrismaFlowFile.Parse("""{ "databases": { "PsycINFO": 100, "PubMed, all": 20 }, "registers": 5, "duplicates": 20, "RecordsExcluded": 60, "reportsExcluded": { "no control group": 25 }, "studiesIncluded": 15 }""", isJson: true);
        var csv = PrismaFlowFile.Parse("box,name,count\r\ndatabases,PsycINFO,100\r\ndatabases,\"PubMed, all\",20\nregisters,,5\nduplicates,,20\nrecordsExcluded,,60\nreportsExcluded,no control group,25\nstudiesIncluded,,15\n", isJson: false);
        Assert.Equal(json.ToString(), csv.ToString());
        Assert.Equal((105, 45, 20), (json.Screened, json.ReportsSought, json.ReportsIncluded));
        Assert.Equal("PubMed, all", csv.Databases[1].Name);
    }

    [Theory]
    [InlineData("""{ "databases": 5, """, true, "no JSON")]
    [InlineData("[1]", true, "one JSON object")]
    [InlineData("""{ "database": 5 }""", true, "databases")]
    [InlineData("""{ "databases": 5.5 }""", true, "5.5")]
    [InlineData("""{ "databases": -5 }""", true, "whole number")]
    [InlineData("""{ "duplicates": { "a": 1 } }""", true, "one number")]
    [InlineData("""{ "databases": 5 }""", true, "studiesIncluded is missing")]
    [InlineData("databases,5", false, "box,name,count")]
    [InlineData("duplicates,all,5", false, "without a name")]
    [InlineData("duplicates,,5\nduplicates,,6", false, "stands twice")]
    [InlineData("databases,all,many", false, "many")]
    public void What_cannot_be_read_is_named(string text, bool isJson, string part) => Assert.Contains(part, Assert.Throws<FormatException>(() => PrismaFlowFile.Parse(text, isJson)).Message, StringComparison.Ordinal);

    [Fact]
    public void Counts_are_checked() => Assert.Throws<PrismaCountException>(() => PrismaFlowFile.Parse("""{ "databases": 5, "screened": 4, "studiesIncluded": 1 }""", isJson: true));
}
