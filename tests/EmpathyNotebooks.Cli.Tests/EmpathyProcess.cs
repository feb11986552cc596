using System.Diagnostics;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>The command line in a process of its own.</summary>
internal static class EmpathyProcess
{
    /// <summary>The program, as it was built beside these tests.</summary>
    public static string Assembly { get; } = typeof(EmpathyCommand).Assembly.Location;

    /// <summary>How it is started; <paramref name="folder"/> is where it is called.</summary>
    public static ProcessStartInfo With(IEnumerable<string> words, string folder = "") =>
        new(DotNetHost.Path, [Assembly, .. words]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };

    /// <summary>Runs it to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(IEnumerable<string> words, string folder = "") => ChildProcess.RunAsync(With(words, folder));
}
