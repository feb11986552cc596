using EmpathyNotebooks.Host.Kernels;

namespace EmpathyNotebooks.Host.Tests.Kernels;

/// <summary>What a line that does not compile may have meant is said with the compiler's error.</summary>
public sealed class NameHintTests
{
    private const string Usings = "using EmpathyNotebooks.Data; using EmpathyNotebooks.MetaAnalysis;\n";

    [Theory]
    [InlineData(Usings + "RandomEffects.fit(Datasets.Molloy2014().Correlations())", "CS0117", "Did you mean RandomEffects.Fit?")]
    [InlineData(Usings + "RandomEffects.Fitt(Datasets.Molloy2014().Correlations())", "CS0117", "Did you mean RandomEffects.Fit?")]
    [InlineData("console.WriteLine(1)", "CS0103", "Did you mean Console?")]
    [InlineData("var effects = 1;\nefects", "CS0103", "Did you mean effects?")]
    [InlineData("RandomEffects.Fit(null)", "CS0103", "RandomEffects is in EmpathyNotebooks.MetaAnalysis: add using EmpathyNotebooks.MetaAnalysis;")]
    [InlineData("\"abc\".length", "CS1061", "Did you mean Length?")]
    [InlineData("new List<int>().first()", "CS1061", "Did you mean First?")]
    [InlineData("PooledFit fit = null;", "CS0246", "PooledFit is in EmpathyNotebooks.MetaAnalysis: add using EmpathyNotebooks.MetaAnalysis;")]
    [InlineData("Strin s = null;", "CS0246", "Did you mean String?")]
    [InlineData("int Twice(int x) => 2 * x;\nTwice()", "CS7036", "Twice(int x).")]
    [InlineData("int Twice(int x) => 2 * x;\nTwice(1, 2)", "CS1501", "Twice(int x).")]
    public async Task A_name_that_is_near_a_namespace_or_the_arguments_are_named(string code, string id, string hint)
    {
        var error = (await new CSharpKernel().ExecuteAsync(code, null, TestContext.Current.CancellationToken)).Error!;

        Assert.Contains($"error {id}: ", error.Message);
        Assert.EndsWith(hint, error.Message.Split('\n')[0]);
        Assert.EndsWith(hint, error.Traceback[3]);
    }

    [Theory]
    [InlineData("qwertyuiop")]
    [InlineData("Math.Qwertyuiop(1)")]
    public async Task Where_nothing_is_near_nothing_is_proposed(string code)
    {
        var error = (await new CSharpKernel().ExecuteAsync(code, null, TestContext.Current.CancellationToken)).Error!;

        Assert.DoesNotContain("Did you mean", error.Message);
        Assert.Equal(3, error.Traceback.Count);
    }
}
