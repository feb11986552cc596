using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>Notices that the program that started the kernel is gone, so that none is left behind when that one crashes.</summary>
/// <remarks>
/// Jupyter says in `JPY_PARENT_PID` who it is. Where nobody does, on Linux and macOS the system does: a process whose parent ends is given another
/// one. On Windows it is not, and such a kernel lives until it is asked to shut down.
/// </remarks>
internal static class ParentWatch
{
    // Set by Jupyter for its kernels.
    private const string Variable = "JPY_PARENT_PID";

    // The first process of the system, and what takes children in its place.
    private const int First = 1;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Starts to look, on a thread of its own, which no busy thread pool delays.</summary>
    /// <param name="gone">Is called once, when it is gone.</param>
    /// <returns>Ends it; null when nobody can be looked at.</returns>
    public static IDisposable? Start(Action gone)
    {
        if (Check() is not { } isAlive) return null;
        var watch = new Watch();
        new Thread(() =>
        {
            while (!watch.End.Wait(Interval))
            {
                if (isAlive()) continue;
                gone();
                return;
            }
        }) { IsBackground = true, Name = "Parent watch" }.UnsafeStart();
        return watch;
    }

    private static Func<bool>? Check()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > First)
        {
            return () => IsAlive(id);
        }

        if (OperatingSystem.IsWindows()) return null;
        var parent = ParentId();
        return parent > First ? () => ParentId() == parent : null;
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int ParentId();

    private sealed class Watch : IDisposable
    {
        public ManualResetEventSlim End { get; } = new();

        public void Dispose() => End.Set();
    }
}
