using System.Text.Json;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>What a careful reader should know stands in the text, not in the object alone.</summary>
public sealed class AnalyzeWarningsTests : IDisposable
{
    private const string Three = "study,yi,vi\nA,.1,.02\nB,.3,.03\nC,.2,.05\n";
    private const string Alike = "study,r,n\nA,.99,20\nB,.99,30\nC,.99,40\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-warnings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> Analyze(string table, string arguments)
    {
        var file = Path.Combine(_folder, "s.csv");
        await File.WriteAllTextAsync(file, table, TestContext.Current.CancellationToken);
        using StringWriter output = new(), error = new();
        var code = await EmpathyCommand.InvokeAsync(["analyze", file, .. arguments.Split(' ')], output, error);
        Assert.True(code == EmpathyCommand.Success, error.ToString());
        return output.ToString();
    }

    [Theory]
    [InlineData("--measure SMD --bayes --prior-tau uniform:0,0.2", "Note: With 3 studies the prior of τ has much to say")]
    [InlineData("--measure SMD --power", "Note: Power: the variance of true effects was estimated as 0")]
    [InlineData("--measure MD --power", "Note: Power: no smallest effect of interest was given")]
    [InlineData("--measure SMD --meaning", "No base rate was given: numbers needed are for an outcome split at its median, or compare a random member of each group.")]
    public async Task A_warning_is_printed(string arguments, string words) => Assert.Contains(words, await Analyze(Three, arguments));

    [Fact]
    public async Task No_effect_that_a_measure_cannot_have_is_the_smallest()
    {
        const string table = "study,r,n\nA,.9,5\nB,-.9,5\n";
        var text = await Analyze(table, "--measure COR --power");
        Assert.DoesNotContain("smallest effect", text);
        Assert.Contains("no value that r can have is found with 80%", text);
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(await Analyze(table, "--measure COR --power --json")).RootElement.GetProperty("power").GetProperty("smallestEffect").ValueKind);
    }

    [Fact]
    public async Task Equal_effects_do_not_vary_and_a_mean_beyond_1_is_explained_by_what_was_done()
    {
        var text = await Analyze(Alike, "--measure COR --raw-r --psychometric");
        Assert.Contains("The effects do not vary at all", text);
        Assert.DoesNotContain("of the variance is explained", text);

        var corrected = await Analyze(Alike, "--measure COR --psychometric");
        Assert.Contains("The mean lies beyond 1: the correction for small samples does that to correlations near 1; it can be left out.", corrected);
        Assert.DoesNotContain("reliabilities are too low", corrected);
    }

    [Fact]
    public async Task A_reliability_that_is_assumed_is_said() =>
        Assert.Contains("No reliability of the predictor was given: 1 is assumed", await Analyze("study,r,n,u\nA,.3,50,.7\nB,.2,60,.8\nC,.4,70,.6\n", "--measure COR --psychometric --ux u"));

    [Fact]
    public async Task A_Bayes_factor_beyond_all_numbers_is_not_none_and_a_small_scale_not_nothing()
    {
        const string precise = "study,yi,vi\nA,.1,1e-12\nB,.3,1e-12\nC,.2,1e-12\n";
        var report = JsonDocument.Parse(await Analyze(precise, "--measure SMD --bayes --json")).RootElement.GetProperty("bayes");
        Assert.Equal(double.MaxValue, report.GetProperty("bayesFactors").GetProperty("heterogeneity").GetDouble());
        Assert.Contains("half-normal(1E-09)", await Analyze(Three, "--measure SMD --bayes --prior-tau halfnormal:1e-9"));
    }
}
