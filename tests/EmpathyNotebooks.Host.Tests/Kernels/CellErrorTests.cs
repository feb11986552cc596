using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;

namespace EmpathyNotebooks.Host.Tests.Kernels;

public class CellErrorTests
{
    private readonly CSharpKernel _kernel = new(new CSharpKernelOptions { TimeLimit = TimeSpan.FromMinutes(3) });

    private Task<CellResult> Run(string code, string? name = null) =>
        _kernel.ExecuteAsync(code, name, TestContext.Current.CancellationToken);

    private async Task<CellError> Error(string code)
    {
        var result = await Run(code);
        Assert.NotNull(result.Error);
        var output = Assert.IsType<ErrorOutput>(result.Outputs[^1]);
        Assert.Equal(result.Error.ExceptionType, output.Name);
        Assert.Equal(result.Error.Message, output.Value);
        Assert.Equal(result.Error.Traceback, output.Traceback);
        return result.Error;
    }

    [Fact]
    public async Task An_exception_names_its_type_message_and_line()
    {
        var error = await Error("var a = 1;\n\nint.Parse(\"abc\");\nvar b = 2;");

        Assert.Equal("System.FormatException", error.ExceptionType);
        Assert.Contains("'abc'", error.Message);
        Assert.Equal((3, "int.Parse(\"abc\");"), (error.Line, error.LineText));
        Assert.IsType<FormatException>(error.Exception);
        Assert.Equal("  cell 1, line 3: int.Parse(\"abc\");", error.Traceback[^1]);
    }

    [Fact]
    public async Task Code_of_earlier_cells_is_part_of_the_trace()
    {
        await Run("int F(int x)\n{\n    return 1 / x;\n}");

        var error = await Error("// a comment\nF(0)");

        Assert.Equal(2, error.Line);
        Assert.Equal(
            ["System.DivideByZeroException: Attempted to divide by zero.", "  cell 1, line 3: return 1 / x;", "  cell 2, line 2: F(0)"],
            error.Traceback);
    }

    [Theory]
    [InlineData("await Task.Delay(1);\nthrow new InvalidOperationException(\"x\");", 2)]
    [InlineData("async Task G()\n{\n    await Task.Yield();\n    throw new InvalidOperationException(\"x\");\n}\nawait G();", 4)]
    [InlineData("\nTask.Run(() => throw new InvalidOperationException(\"x\")).Wait();", 2)]
    [InlineData("Enumerable.Range(0, 2).Select(i =>\n  i == 0 ? throw new InvalidOperationException(\"x\") : i)\n.ToList()", 2)]
    public async Task The_line_is_found_through_awaits_tasks_and_lambdas(string code, int line)
    {
        var error = await Error(code);

        Assert.Equal(("System.InvalidOperationException", "x", line), (error.ExceptionType, error.Message, error.Line ?? 0));
    }

    [Fact]
    public async Task An_exception_class_of_a_cell_has_its_own_name()
    {
        var error = await Error("class Odd : Exception { public Odd() : base(\"odd\", new FormatException(\"inner\")) { } }\nthrow new Odd();");

        Assert.Equal(("Odd", 2), (error.ExceptionType, error.Line));
        Assert.Equal(["Odd: odd", "caused by System.FormatException: inner"], error.Traceback.Take(2));
    }

    [Fact]
    public async Task A_value_that_cannot_be_formatted_is_an_error_of_the_cell()
    {
        var error = await Error("IEnumerable<int> Bad()\n{\n    yield return 1;\n    throw new InvalidOperationException(\"bad row\");\n}\nBad()");

        Assert.Equal("bad row", error.Message);
        Assert.Equal(4, error.Line);
    }

    [Fact]
    public async Task An_async_void_method_cannot_end_the_process()
    {
        var error = await Error("var at = new TaskCompletionSource(); async void H() { await Task.Yield(); at.SetResult(); throw new InvalidOperationException(\"void\"); }\nH();\nawait at.Task; await Task.Delay(200);");

        Assert.Equal("void", error.Message);
    }

    [Fact]
    public async Task Output_before_the_error_is_kept()
    {
        var result = await Run("Console.Write(\"before\"); throw new Exception(\"x\");");

        Assert.Equal(["stream", "error"], result.Outputs.Select(output => output.OutputType));
    }

    [Fact]
    public async Task State_is_kept_after_a_cell_that_throws_or_does_not_compile()
    {
        await Run("var a = 1;");
        await Run("a = 2; var b = 3; throw new Exception();");
        await Run("a = 3; nonsense");

        var result = await Run("a + b");

        Assert.Equal("5", Assert.IsType<DisplayOutput>(Assert.Single(result.Outputs)).Text("text/plain"));
    }

    [Fact]
    public async Task A_first_cell_that_throws_keeps_its_state_too()
    {
        await Run("var a = 1; throw new Exception();");

        Assert.Equal("1", Assert.IsType<DisplayOutput>(Assert.Single((await Run("a")).Outputs)).Text("text/plain"));
    }

    [Fact]
    public async Task Compile_errors_name_line_and_column()
    {
        var error = await Error("var a = 1;\n  nope + 1;\nvar c = 2;");

        Assert.Equal("CompilationError", error.ExceptionType);
        Assert.Contains("(2,3): error CS0103: The name 'nope' does not exist in the current context", error.Message);
        Assert.Equal((2, "nope + 1;"), (error.Line, error.LineText));
        var quote = error.Traceback.ToList().IndexOf("    nope + 1;");
        Assert.Equal("    ^", error.Traceback[quote + 1]);
        Assert.Null(error.Exception);
    }

    [Theory]
    [InlineData("while (true) { }", 1)]
    [InlineData("var i = 0;\nwhile (true) { try { i++; } catch { } }", 2)]
    [InlineData("var i = 0;\n\nfor (;;) i++;", 3)]
    [InlineData("var i = 0;\ndo\n  ++i;\nwhile (i != 0.5);", 3)]
    [InlineData("await Task.Delay(1);\nwhile (true) { }", 2)]
    [InlineData("await Task.Run(() => { while (true) { } });", 1)]
    [InlineData("await Task.Delay(1).ConfigureAwait(false);\nwhile (true) ;", 2)]
    [InlineData("IEnumerable<int> All() { while (true) { } yield return 1; }\nAll()", 1)]
    [InlineData("int F(int n)\n{ return n < 2 ? 1 : F(n - 1) + F(n - 2); }\nF(100)", 2)]
    [InlineData("foreach (var i in Enumerable.Range(0, int.MaxValue))\n  foreach (var j in Enumerable.Range(0, int.MaxValue))\n  { }", 3)]
    public async Task A_loop_without_end_is_stopped_and_its_line_named(string code, int line)
    {
        // Such a cell takes a processor until its limit, which is short therefore. A busy machine may use it up before the first line runs: then there is no line yet, and only more time tells.
        CellError error = null!;
        foreach (var seconds in new[] { 0.3, 2, 20 })
        {
            error = await Stopped(code, seconds);
            if (error.Line == line) break;
        }

        Assert.Equal(line, error.Line);
    }

    [Theory]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("Task.Delay(-1).Wait();")]
    [InlineData("await Task.Run(() => { new System.Threading.ManualResetEvent(false).WaitOne(); });")]
    public async Task A_wait_without_end_is_stopped(string code) => await Stopped(code);

    [Fact]
    public async Task A_library_that_does_not_come_back_is_left_behind() =>
        // Bounded, so that it does not burn a processor for the rest of the tests.
        await Stopped("Enumerable.Range(0, 300).Sum(i => Enumerable.Range(0, 2_000_000).Sum(j => j % 3) - 2_000_000)");

    private static async Task<CellError> Stopped(string code, double seconds = 0.7)
    {
        var kernel = new CSharpKernel(new CSharpKernelOptions { TimeLimit = TimeSpan.FromSeconds(seconds) });
        var first = await InTime("var kept = 1;");
        Assert.True(first.Error is null, first.Error?.ToString());
        var watch = System.Diagnostics.Stopwatch.StartNew();

        var result = await kernel.ExecuteAsync(code, null, TestContext.Current.CancellationToken);

        // Compiling counts too, and a busy machine may take seconds for it; a cell that is not stopped never comes back.
        Assert.InRange(watch.Elapsed.TotalSeconds, seconds - 0.05, seconds + 120);
        Assert.Equal("System.TimeoutException", result.Error!.ExceptionType);
        Assert.Equal(FormattableString.Invariant($"The cell was stopped because it ran longer than its limit of {seconds} s."), result.Error.Message);
        Assert.NotEmpty(result.Error.LineText);
        var next = await InTime("kept");
        Assert.True(next.Error is null, next.Error?.ToString());
        Assert.Equal("1", Assert.IsType<DisplayOutput>(Assert.Single(next.Outputs)).Text("text/plain"));
        return result.Error;

        // The limit, which is short here, holds for these cells, too: a busy machine may need it for compiling alone, and less the next time.
        async Task<CellResult> InTime(string plain)
        {
            for (var attempt = 1; ; attempt++)
            {
                var ran = await kernel.ExecuteAsync(plain, null, TestContext.Current.CancellationToken);
                if (ran.Error?.ExceptionType != "System.TimeoutException" || attempt == 20) return ran;
            }
        }
    }

    [Theory]
    [InlineData("int F(int n) => F(n + 1) + 1;\nF(0)", 1)]
    [InlineData("int F(int n)\n{\n    return G(n);\n}\nint G(int n) { return F(n) + 1; }\nF(0)", 1)]
    [InlineData("class A { public int M(int n) => M(n + 1) + 1; public async Task N() => await N(); }\nnew A().M(0)", 1)]
    [InlineData("class B { public int P => P + 1; public int this[int i] => this[i + 1]; public B Next { get => Next; set => Next = value; } }\nnew B().P", 1)]
    [InlineData("class C { public C() => new C(); public static C operator +(C a, C b) => b + a; }\nnew C()", 1)]
    public async Task A_recursion_without_end_is_an_error_and_not_the_end_of_the_process(string code, int firstLine)
    {
        var error = await Error(code);

        Assert.Equal("System.InsufficientExecutionStackException", error.ExceptionType);
        Assert.True(error.Line >= firstLine, $"{error.Line}");
        Assert.InRange(error.Traceback.Count, 2, 15);
    }

    [Theory]
    [InlineData("int F() => 3;\nF()")]
    [InlineData("void F() => Console.Write(1); async Task G() => await Task.Yield(); async Task<int> H() => await Task.FromResult(3);\nF(); await G();\nawait H()")]
    [InlineData("System.Linq.Expressions.Expression<Func<int, int>> e = x => x + 1;\ne.Compile()(2)")]
    [InlineData("Action a = () => new object(); var f = (int x) => x + 1; Func<int, Func<int, int>> g = x => y => x + y;\na(); g(1)(f(1))")]
    [InlineData("class D { int _v; public D(int v) => _v = v; public int P => _v; public int Q { get => _v; set => _v = value; } public int this[int i] => _v + i; public static D operator +(D a, D b) => new(a._v + b._v); }\nvar d = new D(1) + new D(1); d.Q = d.P; d[1]")]
    [InlineData("int[] a = [3];\nref int F() => ref a[0];\nF()")]
    [InlineData("int F(bool b) => b ? 3 : throw new Exception();\nint G() => throw new Exception();\nF(true)")]
    [InlineData("class A { public override string ToString() => \"3\"; public static explicit operator int(A a) => 3; }\n(int)new A()")]
    public async Task Functions_written_as_an_expression_mean_what_they_say(string code)
    {
        var result = await Run(code);

        Assert.True(result.Error is null, result.Error?.ToString());
        Assert.Equal("3", Assert.IsType<DisplayOutput>(result.Outputs[^1]).Text("text/plain"));
    }

    [Fact]
    public async Task A_cell_can_be_interrupted()
    {
        using var interrupt = new CancellationTokenSource();
        var kernel = new CSharpKernel(new CSharpKernelOptions { Listener = new Interrupter(interrupt) });

        var result = await kernel.ExecuteAsync("Console.Write(\"running\"); while (true) { }", null, interrupt.Token);

        Assert.Equal("System.OperationCanceledException", result.Error!.ExceptionType);
        Assert.Equal("The cell was interrupted.", result.Error.Message);
    }

    /// <summary>Interrupts the cell once it runs, however long it was compiled.</summary>
    private sealed class Interrupter(CancellationTokenSource interrupt) : ICellListener
    {
        public void Wrote(string stream, string text) => interrupt.CancelAfter(1);

        public void Showed(string displayId, IReadOnlyDictionary<string, string> bundle, int? executionCount)
        {
        }

        public void Replaced(string displayId, IReadOnlyDictionary<string, string> bundle)
        {
        }
    }
}
