using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.Tests;

/// <summary>Signals to a process, which .NET itself does not send; no program of the system is needed for it.</summary>
internal static class Signals
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private const int Default = 0;
    private const int Ignored = 1;

    private static readonly Lock Starting = new();

    /// <summary>
    /// Starts a program that heeds SIGINT, as one does that is started from a terminal. These tests may themselves be started by `nohup`, by `&amp;`
    /// in a script or by a runner that ignores it, and what is ignored is inherited.
    /// </summary>
    public static Process Start(ProcessStartInfo start)
    {
        if (OperatingSystem.IsWindows()) return ChildProcess.Start(start);
        lock (Starting)
        {
            // Touched only where it is ignored: a handler of .NET's own takes more than this call could give back.
            var ignored = IsIgnored(Interrupt);
            if (ignored) Assert.NotEqual(-1, SetSignal(Interrupt, Default));
            try
            {
                return ChildProcess.Start(start);
            }
            finally
            {
                if (ignored) _ = SetSignal(Interrupt, Ignored);
            }
        }
    }

    private static bool IsIgnored(int signal)
    {
        // The structure is smaller everywhere, and begins with the handler.
        var now = new nint[64];
        Assert.True(GetAction(signal, 0, now) == 0, $"sigaction: {Marshal.GetLastPInvokeErrorMessage()}");
        return now[0] == Ignored;
    }

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

    [DllImport("libc", EntryPoint = "signal", SetLastError = true)]
    private static extern nint SetSignal(int signal, nint handler);

    [DllImport("libc", EntryPoint = "sigaction", SetLastError = true)]
    private static extern int GetAction(int signal, nint action, [Out] nint[] old);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
