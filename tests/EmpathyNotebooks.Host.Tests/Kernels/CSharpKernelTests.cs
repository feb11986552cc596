using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;

namespace EmpathyNotebooks.Host.Tests.Kernels;

public class CSharpKernelTests
{
    private readonly CSharpKernel _kernel = new(new CSharpKernelOptions { TimeLimit = TimeSpan.FromMinutes(3) });

    private Task<CellResult> Run(string code) => _kernel.ExecuteAsync(code, null, TestContext.Current.CancellationToken);

    private async Task<IReadOnlyList<NotebookOutput>> Outputs(string code)
    {
        var result = await Run(code);
        Assert.True(result.Error is null, result.Error?.ToString());
        return result.Outputs;
    }

    private async Task<string?> Value(string code) =>
        Assert.IsType<DisplayOutput>(Assert.Single(await Outputs(code))).Text("text/plain");

    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("\"text\"", "text")]
    [InlineData("var x = 3; x * 2", "6")]
    [InlineData("await Task.FromResult(7)", "7")]
    [InlineData("await Task.Delay(5); Enumerable.Range(1, 3).Sum()", "6")]
    [InlineData("(string)null", "<null>")]
    [InlineData("return 5;", "5")]
    [InlineData("new StringBuilder(\"s\").ToString()", "s")]
    [InlineData("new Dictionary<string, int>().Count", "0")]
    [InlineData("record R(int A); new R(4).A", "4")]
    public async Task The_last_expression_is_the_result(string code, string expected)
    {
        var output = Assert.IsType<DisplayOutput>(Assert.Single(await Outputs(code)));

        Assert.True(output.IsResult);
        Assert.Equal(expected, output.Text("text/plain"));
    }

    [Theory]
    [InlineData("var x = 3;")]
    [InlineData("1.ToString();")]
    [InlineData("")]
    [InlineData("// nothing")]
    [InlineData("void F() { } F()")]
    public async Task A_cell_without_a_last_expression_has_no_result(string code) => Assert.Empty(await Outputs(code));

    [Fact]
    public async Task Variables_functions_types_and_usings_last()
    {
        await Outputs("using System.Globalization; var a = 2; int Twice(int x) => 2 * x; record P(int X);");
        await Outputs("a = Twice(a);");

        Assert.Equal("P { X = 4 } Invariant", await Value("$\"{new P(a)} {CultureInfo.CurrentCulture.DisplayName.Split(' ')[0]}\""));
    }

    [Fact]
    public async Task A_new_kernel_starts_empty()
    {
        await Outputs("var a = 2;");

        var other = await new CSharpKernel().ExecuteAsync("a", null, TestContext.Current.CancellationToken);

        Assert.Contains("CS0103", other.Error!.Message);
    }

    /// <summary>All kernels share what the compiler has read of the host's assemblies.</summary>
    [Fact]
    public async Task Kernels_that_start_at_the_same_time_know_every_type_once()
    {
        string[] cells =
        [
            "using EmpathyNotebooks.Data; using EmpathyNotebooks.MetaAnalysis; using EmpathyNotebooks.Plotting;\nvar fit = RandomEffects.Fit(Datasets.Molloy2014().Correlations());",
            "#r \"EmpathyNotebooks.Interactive.dll\"\nPooledFit same = fit; IPlot plot = ForestPlot.Create(same); Func<PooledFit, double> least = f => f.Effects.Variances.Min();",
            "least(same) == fit.Effects.Variances.Min() && plot is ForestPlot",
        ];
        await Parallel.ForEachAsync(Enumerable.Range(0, 16), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (_, stop) =>
        {
            var kernel = new CSharpKernel(new CSharpKernelOptions { TimeLimit = TimeSpan.FromMinutes(3) });
            foreach (var (number, cell) in cells.Index())
            {
                var result = await kernel.ExecuteAsync(cell, null, stop);
                Assert.True(result.Error is null, result.Error?.ToString());
                if (number == cells.Length - 1) Assert.Equal("True", Assert.IsType<DisplayOutput>(Assert.Single(result.Outputs)).Text("text/plain"));
            }
        });
    }

    [Fact]
    public async Task Values_are_shown_in_plain_text_and_when_preferred_in_HTML()
    {
        var number = Assert.IsType<DisplayOutput>(Assert.Single(await Outputs("new[] { 1, 2 }")));
        var text = Assert.IsType<DisplayOutput>(Assert.Single(await Outputs("\"<b>\"")));

        Assert.Equal(["text/html", "text/plain"], number.MediaTypes.Order());
        Assert.Equal(["text/plain"], text.MediaTypes);
        Assert.Equal("<b>", text.Text("text/plain"));
    }

    [Fact]
    public async Task Display_and_console_come_in_the_order_of_the_calls()
    {
        var outputs = await Outputs(
            """
            Console.WriteLine("a");
            Console.Write("b\n");
            display(1);
            Console.Error.WriteLine("e");
            "shown".Display();
            Console.Write('c'); Console.Write(1.5); Console.WriteLine(); Console.WriteLine("{0}-{1}", 1, 2);
            HTML("<i>h</i>")
            """);

        Assert.Equal(
            ["stdout:a\nb\n", "1", "stderr:e\n", "shown", "stdout:c1.5\n1-2\n", "<i>h</i>"],
            outputs.Select(output => output switch
            {
                StreamOutput stream => $"{stream.Name}:{stream.Text}",
                DisplayOutput display => display.Text("text/plain"),
                _ => output.OutputType,
            }));
        Assert.Equal("<i>h</i>", ((DisplayOutput)outputs[^1]).Text("text/html"));
        Assert.Equal([false, false, true], outputs.OfType<DisplayOutput>().Select(output => output.IsResult));
    }

    [Fact]
    public async Task A_displayed_value_can_be_replaced_in_its_place()
    {
        var outputs = await Outputs("var shown = display(\"first\"); Console.Write(\"x\"); shown.Update(\"second\");");

        Assert.Equal("second", Assert.IsType<DisplayOutput>(outputs[0]).Text("text/plain"));
        Assert.Equal(2, outputs.Count);
    }

    [Fact]
    public async Task A_display_can_be_asked_for_in_a_media_type()
    {
        var output = Assert.IsType<DisplayOutput>(Assert.Single(await Outputs("display(new[] { 1 }, \"application/json\");")));

        Assert.Equal(["application/json", "text/plain"], output.MediaTypes.Order());
        Assert.Equal("[1]", output.Text("application/json"));
    }

    [Fact]
    public async Task What_other_threads_write_belongs_to_the_cell()
    {
        var outputs = await Outputs(
            """
            await Task.Run(() => Console.WriteLine("pool"));
            var t = new System.Threading.Thread(() => { Console.WriteLine("thread"); display("d"); });
            t.Start(); t.Join();
            Parallel.For(0, 3, _ => Console.Write("p"));
            """);

        Assert.Equal("pool\nthread\n", Assert.IsType<StreamOutput>(outputs[0]).Text);
        Assert.Equal("ppp", Assert.IsType<StreamOutput>(outputs[2]).Text);
    }

    [Fact]
    public async Task Kernels_side_by_side_do_not_mix_their_output()
    {
        var cells = Enumerable.Range(0, 4).Select(async n =>
        {
            var result = await new CSharpKernel().ExecuteAsync(
                $"for (int i = 0; i < 50; i++) {{ Console.Write({n}); await Task.Yield(); }}", null, TestContext.Current.CancellationToken);
            return Assert.IsType<StreamOutput>(Assert.Single(result.Outputs)).Text;
        });

        Assert.Equal(Enumerable.Range(0, 4).Select(n => new string((char)('0' + n), 50)), await Task.WhenAll(cells));
    }

    [Fact]
    public async Task What_is_written_after_the_end_of_a_cell_comes_with_the_next()
    {
        await Outputs("var go = new TaskCompletionSource(); var late = Task.Run(async () => { await go.Task; Console.Write(\"late\"); });");

        Assert.Equal("late", Assert.IsType<StreamOutput>(Assert.Single(await Outputs("go.SetResult(); await late;"))).Text);
    }

    [Fact]
    public async Task Output_without_end_is_cut_and_the_cut_is_said()
    {
        var outputs = await Outputs("for (var i = 0; i < 30; i++) Console.Write(new string('x', 100_000));");

        Assert.Equal(1_000_000, Assert.IsType<StreamOutput>(outputs[0]).Text.Length);
        Assert.Equal("\n[The cell has written 1,000,000 characters; what follows is left out.]\n[Left out: 2,000,000 characters.]\n",
            Assert.IsType<StreamOutput>(Assert.Single(outputs, o => o is StreamOutput { Name: "stderr" })).Text);
    }

    [Fact]
    public async Task Displays_without_end_are_cut_and_the_cut_is_said()
    {
        var outputs = await Outputs("for (var i = 0; i < 2_500; i++) display(i);");

        Assert.Equal(2_000, outputs.OfType<DisplayOutput>().Count());
        Assert.Equal("\n[The cell has displayed 2,000 values; what follows is left out.]\n[Left out: 500 displayed values.]\n",
            Assert.IsType<StreamOutput>(outputs[^1]).Text);
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_a_question_is_an_error()
    {
        foreach (var code in new[] { "input(\"Name?\")", "password()", "await GetInputAsync(\"Name?\")", "Console.ReadLine()" })
        {
            var result = await Run(code);
            Assert.Contains("here is nobody to ask", result.Error!.Message);
        }
    }

    [Fact]
    public async Task Blocking_on_a_task_does_not_lock_up()
    {
        await Outputs("async Task<int> F() { await Task.Delay(5); return 3; }");

        Assert.Equal("3", await Value("F().Result"));
    }

    [Fact]
    public void A_display_outside_a_cell_is_an_error() =>
        Assert.Throws<InvalidOperationException>(() => NotebookGlobals.display(1));

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void A_time_limit_must_be_positive(int seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CSharpKernelOptions { TimeLimit = TimeSpan.FromSeconds(seconds) });
}
