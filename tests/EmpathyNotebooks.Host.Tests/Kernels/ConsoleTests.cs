using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;

namespace EmpathyNotebooks.Host.Tests.Kernels;

/// <summary>The console of the process while a cell runs and between cells.</summary>
[Collection(WholeProcess.Name)]
public sealed class ConsoleTests
{
    [Fact]
    public async Task Outside_a_cell_the_console_is_untouched()
    {
        var kernel = new CSharpKernel();
        await kernel.ExecuteAsync("1", interrupt: TestContext.Current.CancellationToken);
        var console = Console.Out;
        using var writer = new StringWriter();
        try
        {
            Console.SetOut(writer);
            var result = await kernel.ExecuteAsync("Console.WriteLine(\"cell\")", interrupt: TestContext.Current.CancellationToken);
            Assert.Equal("cell\n", Assert.IsType<StreamOutput>(Assert.Single(result.Outputs)).Text);
            Console.Write("outside");
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.Contains("outside", writer.ToString());
        Assert.DoesNotContain("cell", writer.ToString());
    }
}
