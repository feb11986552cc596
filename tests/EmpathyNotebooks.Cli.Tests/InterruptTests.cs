using System.Diagnostics;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>Ctrl-C while an answer is computed.</summary>
public sealed class InterruptTests
{
    [Theory]
    [InlineData("")]
    [InlineData("--report")]
    public async Task An_interrupt_ends_with_130_and_leaves_nothing(string writing)
    {
        Signals.Require();
        var folder = Directory.CreateTempSubdirectory("interrupt");
        var token = TestContext.Current.CancellationToken;
        string[] report = writing.Length > 0 ? [writing, Path.Combine(folder.FullName, "report")] : [];
        using var process = Signals.Start(EmpathyProcess.With(
            ["analyze", Repository.PathTo("data", "molloy2014.csv"), "--independent", "--moderator", "quality", "--permutations", "1000000000", "--json", .. report]));
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(token), process.StandardError.ReadToEndAsync(token));
            // A billion permutations take far longer than two seconds of work.
            var watch = Stopwatch.StartNew();
            while (!process.HasExited && process.TotalProcessorTime < TimeSpan.FromSeconds(2) && watch.Elapsed < TimeSpan.FromMinutes(2))
            {
                await Task.Delay(100, token);
                process.Refresh();
            }
            Assert.False(process.HasExited);
            Signals.SendInterrupt(process);
            await process.WaitForExitAsync(token).WaitAsync(TimeSpan.FromMinutes(1), token);

            Assert.Equal(EmpathyCommand.Interrupted, process.ExitCode);
            Assert.Equal("", await output);
            // No bar and nothing of it where standard error is no terminal.
            Assert.DoesNotContain('\u001b', await error);
            Assert.Empty(folder.EnumerateFileSystemInfos());
            Assert.EndsWith("Interrupted.", (await error).TrimEnd(), StringComparison.Ordinal);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
            folder.Delete(recursive: true);
        }
    }
}
