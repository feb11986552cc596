using System.Text.Json.Nodes;
using EmpathyNotebooks.Host.Jupyter;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Host.Kernels.Language;

namespace EmpathyNotebooks.Host.Tests.Jupyter;

/// <summary>What a front end is told of code while it is typed, without a socket between: the tests of Jupyter ask a live kernel.</summary>
public sealed class CodeHandlerTests
{
    private readonly CSharpKernel _kernel = new();
    private readonly CodeHandler _code;

    public CodeHandlerTests() => _code = new CodeHandler(new ScriptCompletion(_kernel), new ScriptHelp(_kernel));

    private static JupyterMessage Request(string code, int? position = null, int detail = 0)
    {
        var content = new JsonObject { ["code"] = code, ["detail_level"] = detail };
        if (position is { } at) content["cursor_pos"] = at;
        return new JupyterMessage([], [], "request", "session", null, content);
    }

    private async Task RunAsync(string code) => Assert.Null((await _kernel.ExecuteAsync(code, null, TestContext.Current.CancellationToken)).Error);

    private async Task<(List<string> Matches, int Start, int End)> CompleteAsync(string code, int? position = null)
    {
        var reply = await _code.CompleteAsync(Request(code, position));
        Assert.Equal("ok", (string?)reply["status"]);
        List<string> matches = [.. reply["matches"]!.AsArray().Select(match => (string)match!)];
        // What JupyterLab shows beside it is about the same names.
        Assert.Equal(matches, reply["metadata"]!["_jupyter_types_experimental"]!.AsArray().Select(item => (string)item!["text"]!));
        return (matches, (int)reply["cursor_start"]!, (int)reply["cursor_end"]!);
    }

    [Fact]
    public async Task Code_is_completed_by_what_earlier_cells_made_and_places_are_counted_as_Jupyter_does()
    {
        await RunAsync("using System.Numerics; var myEffects = new List<double>(); record Study(string Name, double Effect);");
        await Is("1 + myEf", null, 4, 8);
        Assert.Contains("AddRange", (await CompleteAsync("myEffects.Add")).Matches);
        Assert.Contains("Effect", (await CompleteAsync("new Study(\"a\", 1).Eff")).Matches);
        Assert.Empty((await CompleteAsync("\"in a string.Le")).Matches);
        // One character outside the basic plane is two to .NET.
        await Is("var s = \"😀\"; myEff + 1", 18, 13, 18);
        // What a later cell makes is known, too.
        await RunAsync("int myOther = 3;");
        Assert.Equal(["myEffects", "myOther"], (await CompleteAsync("my")).Matches.Where(m => m.StartsWith("my", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        async Task Is(string code, int? position, int start, int end)
        {
            var found = await CompleteAsync(code, position);
            Assert.Equal(["myEffects"], found.Matches);
            Assert.Equal((start, end), (found.Start, found.End));
        }
    }

    [Fact]
    public async Task A_directive_is_completed_by_directives_and_by_packages_of_this_machine()
    {
        Assert.Contains("#!time", (await CompleteAsync("#!ti")).Matches);
        Assert.Empty((await CompleteAsync("#!time Con")).Matches);
        Assert.Empty((await CompleteAsync("#r \"../artifacts/lib/Emp")).Matches);
        Assert.Empty((await CompleteAsync("#r \"nuget: a, 1, 2")).Matches);
        // One that this library itself needs, so that whoever built it has it.
        var (names, from, to) = await CompleteAsync("#r \"nuget: Newton");
        Assert.Equal((11, 17), (from, to));
        Assert.Contains("newtonsoft.json", names);
        Assert.All(names, name => Assert.StartsWith("newton", name, StringComparison.OrdinalIgnoreCase));
        var (versions, _, _) = await CompleteAsync("#r \"nuget: Newtonsoft.Json, 13.");
        Assert.NotEmpty(versions);
        Assert.All(versions, version => Assert.StartsWith("13.", version, StringComparison.Ordinal));
        Assert.Empty((await CompleteAsync("#r \"nuget: NoSuchPackageAnywhere, 1")).Matches);
    }

    [Fact]
    public async Task Help_says_declaration_overloads_and_documentation_with_details_when_asked()
    {
        await RunAsync("#r \"EmpathyNotebooks.MetaAnalysis.dll\"\nusing EmpathyNotebooks.MetaAnalysis;\nvar someText = \"abc\"; var some = StudyEffects.Create([0.1, 0.2], [0.01, 0.02]);");
        string Plain(string code, int? position = null, int detail = 0) => (string)_code.Inspect(Request(code, position, detail))["data"]!["text/plain"]!;

        var fit = Plain("RandomEffects.Fit(");
        Assert.StartsWith("PooledFit RandomEffects.Fit(StudyEffects effects", fit, StringComparison.Ordinal);
        Assert.Contains("\n  effects: ", fit, StringComparison.Ordinal);
        Assert.Contains("\n  throws InsufficientStudiesException: ", fit, StringComparison.Ordinal);
        Assert.DoesNotContain("example: ", Plain("MultilevelModel", 5), StringComparison.Ordinal);
        Assert.Contains("\n  example: ", Plain("MultilevelModel", 5, detail: 1), StringComparison.Ordinal);
        Assert.Contains("MultilevelModel.Fit(effects, levels:", Plain("MultilevelModel", 5, detail: 1), StringComparison.Ordinal);
        Assert.True(Plain("Math.Max(1, 2)", 7).Split("Math.Max(").Length > 5);
        // A variable has what its type says, without a name that nobody has written.
        Assert.StartsWith("string someText", Plain("someText.Length", 4), StringComparison.Ordinal);
        Assert.StartsWith("StudyEffects some\n  ", Plain("some", 2), StringComparison.Ordinal);
        Assert.StartsWith("StudyDataException.StudyDataException(string expected", Plain("new StudyDataException("), StringComparison.Ordinal);
        Assert.Contains("Says how long", Plain("#!time", 3), StringComparison.Ordinal);
        // What inherits its documentation shows that of what it inherits from.
        Assert.Contains("\n  ", Plain("some.ToString()", 8), StringComparison.Ordinal);

        var html = (string)_code.Inspect(Request("List<int> a;", 2))["data"]!["text/html"]!;
        Assert.Contains("<code>class List&lt;T&gt;</code>", html.Replace("List&lt;int&gt;", "List&lt;T&gt;", StringComparison.Ordinal), StringComparison.Ordinal);
        var nothing = _code.Inspect(Request("   ", 1));
        Assert.Equal((false, 0), ((bool)nothing["found"]!, nothing["data"]!.AsObject().Count));
    }

    [Theory]
    [InlineData("1 + 1", "complete", null)]
    [InlineData("#!time\n1 + 1", "complete", null)]
    [InlineData("#!markdown\nwords that are no C#", "complete", null)]
    [InlineData("if (true)\n{\n    foreach (var i in x)\n    {", "incomplete", "        ")]
    [InlineData("if (true) { }\n{", "incomplete", "    ")]
    [InlineData("Console.WriteLine(", "incomplete", "")]
    [InlineData("int x = ;", "invalid", null)]
    [InlineData("1+)", "invalid", null)]
    [InlineData("Fit(x[1)", "invalid", null)]
    [InlineData("", "complete", null)]
    public void Code_is_complete_or_not(string code, string status, string? indent)
    {
        var reply = CodeHandler.IsComplete(Request(code));
        Assert.Equal((status, indent), ((string?)reply["status"], (string?)reply["indent"]));
    }
}
