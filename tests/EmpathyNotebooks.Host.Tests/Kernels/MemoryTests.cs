using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;

namespace EmpathyNotebooks.Host.Tests.Kernels;

/// <summary>What cells and the kernel hold; the memory is that of the process, so nothing else may run in it.</summary>
[Collection(WholeProcess.Name)]
public sealed class MemoryTests
{
    [Theory]
    [InlineData("var all = new List<byte[]>();\nwhile (true) all.Add(new byte[1_000_000]);", 2)]
    [InlineData("1.ToString();\nEnumerable.Range(0, int.MaxValue).Select(i => new byte[1_000_000]).Where(b => b.Length > 0).ToList()", 2)]
    [InlineData("List<string> all = [];\nfor (var i = 0; ; i++)\n    all.Add(new string('x', 1_000 + i % 2));", 3)]
    public async Task A_cell_that_allocates_without_end_is_stopped_and_the_limit_named(string code, int line)
    {
        var kernel = new CSharpKernel(new CSharpKernelOptions { TimeLimit = TimeSpan.FromMinutes(5), MemoryLimit = 1 << 30 });

        var result = await kernel.ExecuteAsync(code, null, TestContext.Current.CancellationToken);

        Assert.Equal("System.InsufficientMemoryException", result.Error!.ExceptionType);
        Assert.Matches(@"^The cell was stopped because it took the memory in use to [\d.]+ GiB, beyond the limit of 1\.0 GiB\.$", result.Error.Message);
        Assert.Equal(line, result.Error.Line);
        // What it held is free again.
        var next = await kernel.ExecuteAsync("GC.Collect(); GC.GetTotalMemory(true) < 900_000_000", null, TestContext.Current.CancellationToken);
        Assert.Equal("True", Assert.IsType<DisplayOutput>(Assert.Single(next.Outputs)).Text("text/plain"));
    }

    [Fact]
    public async Task What_earlier_cells_hold_can_be_let_go_of()
    {
        var kernel = new CSharpKernel(new CSharpKernelOptions { MemoryLimit = 1 << 30 });
        await kernel.ExecuteAsync("var all = new List<byte[]>();", null, TestContext.Current.CancellationToken);
        var stopped = await kernel.ExecuteAsync("while (true) all.Add(new byte[1_000_000]);", null, TestContext.Current.CancellationToken);
        Assert.Equal("System.InsufficientMemoryException", stopped.Error!.ExceptionType);

        // Beyond the limit before it begins, and still it has room to work in.
        var next = await kernel.ExecuteAsync("for (var i = 0; i < 50; i++) new byte[1_000_000].ToString(); all.Clear(); 1", null, TestContext.Current.CancellationToken);

        Assert.Null(next.Error);
    }

    [Fact]
    public async Task Garbage_is_not_memory_in_use()
    {
        var kernel = new CSharpKernel(new CSharpKernelOptions { MemoryLimit = 1 << 30 });

        var result = await kernel.ExecuteAsync("long n = 0; for (var i = 0; i < 3_000; i++) n += new byte[1_000_000].Length; n", null, TestContext.Current.CancellationToken);

        Assert.True(result.Error is null, result.Error?.ToString());
    }

    [Fact]
    public async Task Hundreds_of_cells_take_memory_in_proportion_to_their_number()
    {
        // Cells hold memory and free none: where it shrinks, something of an earlier test became free in the midst of it, and that says nothing about cells.
        List<CSharpKernel> kernels = [];
        long early = -1, late = -1;
        for (var round = 0; round < 5 && (early < 0 || late < 0); round++)
        {
            kernels.Add(new CSharpKernel());
            (early, late) = await Growth(kernels[^1]);
            TestContext.Current.TestOutputHelper?.WriteLine($"{early >> 10} KiB, then {late >> 10} KiB");
        }
        GC.KeepAlive(kernels);

        Assert.True(early >= 0 && late >= 0, $"{early >> 20} MiB, then {late >> 20} MiB: memory of other tests becomes free all the while");
        // With every reference given to every cell, the second took 600 MB.
        Assert.True(late < 60 << 20, $"{early >> 20} MiB, then {late >> 20} MiB");
        Assert.True(late < 2 * early + (16 << 20), $"{early >> 20} MiB, then {late >> 20} MiB");
    }

    /// <summary>What 150 cells of a kernel take, and the 150 after them.</summary>
    private static async Task<(long Early, long Late)> Growth(CSharpKernel kernel)
    {
        async Task<long> Run(int cells)
        {
            for (var i = 0; i < cells; i++)
            {
                var result = await kernel.ExecuteAsync("var last = 1;", interrupt: TestContext.Current.CancellationToken);
                Assert.Null(result.Error);
            }

            return InUse();
        }

        var start = await Run(100);
        var early = await Run(150) - start;
        return (early, await Run(150) - start - early);
    }

    // What earlier tests left to finalizers would otherwise be freed in the midst of a comparison.
    private static long InUse()
    {
        for (var before = long.MaxValue; ;)
        {
            var now = GC.GetTotalMemory(forceFullCollection: true);
            if (now >= before - (1 << 20)) return now;
            before = now;
            GC.WaitForPendingFinalizers();
        }
    }
}
