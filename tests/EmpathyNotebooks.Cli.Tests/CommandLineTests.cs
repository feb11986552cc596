using System.Diagnostics;
using EmpathyNotebooks.Cli.Analyze;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>Command lines that messages propose: a shell makes the same words of them.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("plain.csv", "r")]
    [InlineData("my table.csv", "n (column 3)")]
    [InlineData("it's", "a \"b\" c")]
    [InlineData("$HOME", "$(id) `id` it's \"!x")]
    [InlineData("a\\b.csv", "ends in \\")]
    [InlineData("*", "~;&|<>#")]
    public async Task A_shell_reads_the_words_that_were_meant(string file, string column)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Its shells have other rules.");
        var line = new CommandLine([file]).With(["--ri", column]);
        var (code, output, error) = await ChildProcess.RunAsync(new ProcessStartInfo("/bin/sh", ["-c", "empathy() { printf '%s\\n' \"$@\"; }; " + line]));
        Assert.Equal((0, ""), (code, error));
        Assert.Equal($"analyze\n{file}\n--ri\n{column}\n", output);
    }
}
