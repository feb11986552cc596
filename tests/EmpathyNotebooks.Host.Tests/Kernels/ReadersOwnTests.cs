using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;

namespace EmpathyNotebooks.Host.Tests.Kernels;

/// <summary>What a reader makes without our library shows as one expects, in a notebook that never starts it.</summary>
public sealed class ReadersOwnTests
{
    private readonly CSharpKernel _kernel = new();

    private async Task<IReadOnlyList<NotebookOutput>> Outputs(string code)
    {
        var result = await _kernel.ExecuteAsync(code, null, TestContext.Current.CancellationToken);
        Assert.True(result.Error is null, result.Error?.ToString());
        return result.Outputs;
    }

    private async Task<DisplayOutput> Value(string code) => Assert.IsType<DisplayOutput>(Assert.Single(await Outputs(code)));

    [Theory]
    [InlineData("display(1)")]
    [InlineData("1.Display()")]
    [InlineData("\"1\".DisplayAs(\"text/plain\")")]
    public async Task What_is_displayed_in_the_last_line_is_shown_once(string code) => Assert.Equal("1", (await Value(code)).Text("text/plain"));

    [Theory]
    [InlineData("display(\"a\")")]
    [InlineData("\"a\".Display()")]
    public async Task What_is_displayed_can_be_replaced_in_its_place(string call) =>
        Assert.Equal("b", (await Value($"{{ var shown = {call}; shown.Update(\"b\"); }}")).Text("text/plain"));

    /// <summary>The formatting package announces one object and returns another, so that nobody can know the place: no value is lost.</summary>
    [Theory]
    [InlineData("\"a\".Display(new[] { \"text/plain\" })")]
    [InlineData("\"a\".DisplayAs(\"text/plain\")")]
    public async Task What_the_formatting_package_displays_is_shown_again_when_it_is_updated(string call)
    {
        var outputs = await Outputs($"{{ var shown = {call}; shown.Update(\"b\"); shown.Update(\"c\"); }}");

        Assert.Equal(["a", "c"], outputs.Cast<DisplayOutput>().Select(output => output.Text("text/plain")));
    }

    /// <summary>A bar that is drawn anew in its place, and ends as a line; reports that come late or go back change nothing.</summary>
    [Fact]
    public async Task A_progress_bar_stands_in_one_place_and_ends()
    {
        var bar = await Value("{ var bar = EmpathyNotebooks.Notebook.Progress(\"a <b>\"); bar.Report(0.25); }");
        Assert.Equal("a <b>: 25%", bar.Text("text/plain"));
        Assert.Contains("a &lt;b&gt; <progress max=\"100\" value=\"25\">", bar.Text("text/html"), StringComparison.Ordinal);
        var ended = await Value("{ var bar = EmpathyNotebooks.Notebook.Progress(\"drawing\"); System.Threading.Tasks.Parallel.For(1, 400, i => bar.Report(i / 400.0)); bar.Report(1); bar.Report(0.5); }");
        Assert.Matches(@"^drawing: done in \d+\.\d s$", ended.Text("text/plain"));
        Assert.DoesNotContain("<progress", ended.Text("text/html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_is_shown_as_what_it_is_said_to_be()
    {
        var formula = await Value("\"$x$\".DisplayAs(\"text/latex\");");
        Assert.Equal(("$x$", "$x$"), (formula.Text("text/latex"), formula.Text("text/plain")));
        Assert.Equal("**b**", (await Value("Markdown(\"**b**\")")).Text("text/markdown"));
        Assert.Equal("$$x$$", (await Value("LaTeX(\"x\")")).Text("text/latex"));
        Assert.Equal("Drawing: Dot", (await Value("SVG(\"<svg xmlns='http://www.w3.org/2000/svg'><title>Dot</title></svg>\")")).Text("text/plain"));
    }

    [Fact]
    public async Task The_first_chart_brings_what_draws_it_and_the_next_does_not()
    {
        const string Chart = "var t = new Plotly.NET.Trace(\"bar\"); t.SetProperty(\"y\", new[] { 1, 2 }); Plotly.NET.GenericChart.ofTraceObject(false, t)";
        Assert.InRange((await Value(Chart)).Text("text/html")!.Length, 3_000_000, 5_000_000);
        Assert.InRange((await Value(Chart)).Text("text/html")!.Length, 100, 10_000);
        Assert.Equal("Chart. Traces: bar, 2 values.", (await Value(Chart)).Text("text/plain"));
    }
}
