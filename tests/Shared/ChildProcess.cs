using System.Diagnostics;

namespace EmpathyNotebooks.Tests;

/// <summary>
/// Programs that tests start. A process has one current folder: while a test runs cells it is the folder of their notebook, which is soon deleted, and a program that another test starts meanwhile would inherit it.
/// BannedSymbols.txt leaves no other way to start one.
/// </summary>
internal static class ChildProcess
{
    /// <summary>Starts a program; beside these tests, where it is not said in which folder.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        if (start.WorkingDirectory.Length == 0) start.WorkingDirectory = AppContext.BaseDirectory;
#pragma warning disable RS0030 // The one place.
        return Process.Start(start)!;
#pragma warning restore RS0030
    }

    /// <summary>Waits for the end of a program whose output is redirected, and gives what it said.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> EndAsync(Process process)
    {
        var token = TestContext.Current.CancellationToken;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(token), process.StandardError.ReadToEndAsync(token));
        await process.WaitForExitAsync(token);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Start(start);
        try
        {
            return await EndAsync(process);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
