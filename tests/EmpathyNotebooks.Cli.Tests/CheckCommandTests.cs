using System.Text.Json;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>The verb <c>check</c>: exit codes, what is printed, and the object.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private const string Faulty = "study,r,n,rater\nA,.31,120,client\nB,1.2,85,Client\nC,,64,client\nD,.95,70,observer\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-check-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<int> Check(string table, params string[] arguments)
    {
        var file = Path.Combine(_folder, "s.csv");
        await File.WriteAllTextAsync(file, table, TestContext.Current.CancellationToken);
        return await EmpathyCommand.InvokeAsync(["check", file, .. arguments], _output, _error);
    }

    [Fact]
    public async Task What_is_right_is_said_to_be()
    {
        Assert.Equal(0, await Check("study,r,n\nA,.31,120\nB,.22,85\nC,.1,70\n"));
        Assert.Equal("s.csv: 3 rows: nothing found.\nRead as ZCOR (Correlation, pooled as Fisher's z) of correlations with sample sizes: ni = n, ri = r.\n", _output.ToString().ReplaceLineEndings("\n"));
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Warnings_alone_are_1_and_errors_2()
    {
        Assert.Equal(1, await Check("study,r,n\nA,.31,120\nB,.92,85\nC,.1,70\n"));
        Assert.Equal(2, await Check(Faulty));
        var text = _output.ToString().ReplaceLineEndings("\n");
        Assert.Contains("s.csv: 4 rows: 2 errors, 2 warnings.\n", text);
        Assert.Contains("Errors\n  row 3 (\"B\"), column r: \"1.2\" must be a correlation between -1 and 1, both excluded.\n  row 4 (\"C\"), column r: an empty cell must be", text);
        Assert.Contains("Warnings: look at the paper again; none is a reason to leave a study out\n", text);
        Assert.Contains("row 5 (\"D\"), column r: \".95\" is a correlation beyond .9", text);
    }

    [Fact]
    public async Task The_object_has_every_finding()
    {
        Assert.Equal(2, await Check(Faulty, "--json"));
        var report = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal(("s.csv", 4, "ZCOR", 2, 2), (report.GetProperty("file").GetString(), report.GetProperty("rows").GetInt32(), report.GetProperty("measure").GetString(),
            report.GetProperty("errors").GetInt32(), report.GetProperty("warnings").GetInt32()));
        Assert.Equal("r", report.GetProperty("columns").GetProperty("ri").GetString());
        var first = report.GetProperty("findings")[0];
        Assert.Equal(("value", "error", 3, "B", "r", "1.2"), (first.GetProperty("kind").GetString(), first.GetProperty("severity").GetString(), first.GetProperty("row").GetInt32(),
            first.GetProperty("study").GetString(), first.GetProperty("column").GetString(), first.GetProperty("value").GetString()));
        Assert.All(report.GetProperty("findings").EnumerateArray(), f => Assert.Equal(8, f.EnumerateObject().Count()));
    }

    [Fact]
    public async Task Columns_can_be_named_and_means_declared_whole()
    {
        const string means = "trial,treated,sdt,nt,waiting,sdw,nw\nA,5.19,1.5,28,4.00,1.5,28\nB,4,1,20,3,1,20\nC,4,1,20,3.05,1,20\n";
        string[] columns = ["--measure", "SMD", "--m1", "treated", "--sd1", "sdt", "--n1", "nt", "--m2", "waiting", "--sd2", "sdw", "--n2", "nw"];

        Assert.Equal(0, await Check(means, columns));
        Assert.Equal(2, await Check(means, [.. columns, "--integer", "treated"]));
        Assert.Contains("row 2 (\"A\"), column treated: \"5.19\" is no mean of 28 whole numbers with 2 decimals: next to it are 5.18 and 5.21 (GRIM).", _output.ToString());
        Assert.Equal(0, await Check(means, [.. columns, "--integer", "treated", "--items", "4"]));
    }

    [Fact]
    public async Task A_page_has_the_findings_and_every_column_and_needs_neither_script_nor_network()
    {
        var page = Path.Combine(_folder, "check.html");
        Assert.Equal(2, await Check(Faulty.Replace("D,", "<b>&\"D,", StringComparison.Ordinal).Replace("\"D", "'D", StringComparison.Ordinal), "--page", page));

        var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Assert.Contains("Check of s.csv", html);
        foreach (var column in (string[])["study", "r", "n", "rater"]) Assert.Contains($"<h2>{column}</h2><figure><svg", html);
        Assert.Contains("is a correlation beyond .9", html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("<b>&'D", html);
        Assert.DoesNotMatch("(src|href)=\"http", html);

        Assert.Equal(EmpathyCommand.BadInput, await Check(Faulty, "--page", page));
        Assert.Contains("this file is there already; add --force to replace it", _error.ToString());
        Assert.Equal(2, await Check(Faulty, "--page", page, "--force"));
        Assert.Equal(EmpathyCommand.BadInput, await Check(Faulty, "--force"));
        Assert.Contains("--force needs --page.", _error.ToString());
    }

    [Theory]
    [InlineData("--items 0", "--items 0: give a whole number from 1 to 1,000,000, without a sign or an exponent, such as 7.")]
    [InlineData("--integer m9", "s.csv: \"m9\" is not a column")]
    [InlineData("--ri rr", "s.csv: \"rr\" is not a column: did you mean \"r\"?")]
    [InlineData("--measure ZCORR", "\"ZCORR\" is not a measure: did you mean \"ZCOR\"?")]
    public async Task What_cannot_be_asked_is_said(string arguments, string words)
    {
        Assert.Equal(EmpathyCommand.BadInput, await Check("study,r,n\nA,.31,120\nB,.22,85\n", arguments.Split(' ')));
        Assert.Contains(words, _error.ToString());
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public async Task A_table_that_no_one_can_read_has_the_same_sentence_as_elsewhere()
    {
        Assert.Equal(EmpathyCommand.BadInput, await Check("study,r\nA,.1\nB,.2,3\n"));
        Assert.Contains("s.csv, row 3: has 3 cells where the header has 2", _error.ToString());
        Assert.Equal(2, await Check("study,what\nA,1\nB,2\n"));
        Assert.Contains("Name the columns of the effects and their variances, or of what they are computed from; there are: study, what.", _output.ToString());
    }

    [Theory]
    [InlineData("-1", "--items -1: give a whole number from 1 to 1,000,000")]
    [InlineData("many", "--items many: give a whole number from 1 to 1,000,000, without a sign or an exponent, such as 7.")]
    public async Task A_number_of_items_that_is_none_is_refused_in_plain_words(string items, string expected)
    {
        Assert.Equal(2, await Check(Faulty, "--integer", "r", "--items", items));
        Assert.Contains(expected, _error.ToString());
        Assert.DoesNotContain("System.", _error.ToString());
    }
}
