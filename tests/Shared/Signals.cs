using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.Tests;

/// <summary>Signals to a process, which .NET itself does not send; no program of the system is needed for it.</summary>
internal static class Signals
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    /// <summary>Skips the test on Windows, which has no signals.</summary>
    public static void Require() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");

    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    public static void SendInterrupt(Process process) => Send(process, Interrupt);

    /// <summary>SIGTERM.</summary>
    public static void SendTerminate(Process process) => Send(process, Terminate);

    private static void Send(Process process, int signal)
    {
        Assert.True(Kill(process.Id, signal) == 0, $"kill: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
