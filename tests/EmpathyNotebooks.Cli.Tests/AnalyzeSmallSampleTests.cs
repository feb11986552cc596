using System.Text.Json;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>What <c>analyze</c> says where small samples leave no standard error, no test, or next to no degrees of freedom.</summary>
public sealed class AnalyzeSmallSampleTests : IDisposable
{
    private const string LoneCategory = "id,es,yi,vi,grp\ns0,1,0.35,0.03,a\ns1,2,0.10,0.02,a\ns2,3,0.52,0.04,a\ns3,4,0.28,0.01,a\ns4,5,0.60,0.05,a\ns9,6,0.05,0.010,z\n";
    private const string LoneReference = "study,yi,vi,c,cl\nA,.1,.01,g1,s2\nB,.3,.03,g1,s1\nC,.4,.002,g0,s0\nD,.2,.05,g1,s3\nE,.25,.02,g1,s1\nF,.15,.02,g1,s4\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-small-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_coefficient_of_one_cluster_is_shown_without_a_standard_error_and_the_others_stand()
    {
        var text = await Text(LoneReference, "--cluster cl --model multilevel --moderator c");
        Assert.Matches(@"Intercept +0\.4000 +– +– +– +– +–", text);
        Assert.Matches(@"c: g1 +−0\.2263 +0\.0542 +−4\.18 +2\.3 +\.042", text);
        Assert.Contains("no standard error of Intercept. cl \"s0\" alone determines it.", text, StringComparison.Ordinal);

        var robust = (await Json(LoneReference, "--cluster cl --model multilevel --moderator c")).GetProperty("robust").GetProperty("coefficients");
        foreach (var name in (string[])["standardError", "statistic", "degreesOfFreedom", "pValue", "lower", "upper"]) Assert.Equal(JsonValueKind.Null, robust[0].GetProperty(name).ValueKind);
        Assert.StartsWith("cl \"s0\" alone determines it", robust[0].GetProperty("whyNoStandardError").GetString(), StringComparison.Ordinal);
        Assert.Equal(0.0420263, robust[1].GetProperty("pValue").GetDouble(), 1e-6);
        Assert.False(robust[1].TryGetProperty("whyNoStandardError", out _));
    }

    [Fact]
    public async Task Without_an_intercept_the_other_categories_stand_and_all_are_named_in_what_is_not_tested()
    {
        var text = await Text(LoneCategory, "--cluster id --effect es --moderator grp --no-intercept");
        Assert.Matches(@"grp: a +0\.3114 +0\.0700 +4\.45 +3\.0 +\.021", text);
        Assert.Matches(@"grp: z +0\.0500 +– +– +– +– +–", text);
        Assert.Contains("no test of all coefficients together", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_category_of_one_cluster_has_degrees_of_freedom()
    {
        var text = await Text(LoneCategory, "--cluster id --effect es --moderator grp");
        Assert.Matches(@"grp: z +−0\.2614 +0\.0700 +−3\.74 +3\.0 +\.033", text);
        Assert.Contains("(HTZ): F(1, 3.0) = 13.95, p = .033.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kenward_Roger_with_one_study_over_gives_numbers()
    {
        var json = await Json("study,yi,vi,x,c\nA,.5,1,3,g0\nB,.6,.001,2,g1\nC,1,.001,0,g1\nD,.8,.01,2,g1\nE,.5,1,0,g2\n", "--moderator x --moderator c --test kr");
        foreach (var coefficient in json.GetProperty("coefficients").EnumerateArray())
        {
            Assert.True(coefficient.GetProperty("standardError").GetDouble() > 0);
            Assert.True(coefficient.GetProperty("degreesOfFreedom").GetDouble() > 0);
            Assert.InRange(coefficient.GetProperty("pValue").GetDouble(), 0, 1);
        }
    }

    [Fact]
    public async Task Kenward_Roger_with_next_to_no_degrees_of_freedom_says_so()
    {
        var text = await Text("study,yi,vi\nA,.0218,.00075\nB,.0017,.0000029\n", "--test kr");
        Assert.Contains("t(0.00006)", text, StringComparison.Ordinal);
        Assert.Contains("Kenward and Roger leave 0.000060 degrees of freedom", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Points_on_a_line_have_no_enormous_t()
    {
        var text = await Text("study,yi,vi,x\nA,.1,.01,1\nB,.2,.02,2\nC,.3,.01,3\nD,.4,.02,4\n", "--moderator x");
        Assert.Contains("All effects lie exactly on the fitted ones", text, StringComparison.Ordinal);
        Assert.Matches(@"x +0\.1000 +0\.0000 +∞", text);
        Assert.DoesNotMatch(@"\d{9}", text);
    }

    private async Task<string> Text(string table, string arguments)
    {
        var file = Path.Combine(_folder, "s.csv");
        File.WriteAllText(file, table);
        var code = await EmpathyCommand.InvokeAsync(["analyze", file, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)], _output, _error);
        Assert.True(code == 0, _error.ToString());
        return _output.ToString();
    }

    private async Task<JsonElement> Json(string table, string arguments)
    {
        _output.GetStringBuilder().Clear();
        return JsonDocument.Parse(await Text(table, arguments + " --json")).RootElement;
    }
}
