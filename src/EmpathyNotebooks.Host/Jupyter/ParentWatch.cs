using System.Diagnostics;
using System.Globalization;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>Notices that the program that started the kernel is gone, so that none is left behind when that one crashes.</summary>
internal static class ParentWatch
{
    // Set by Jupyter for its kernels.
    private const string Variable = "JPY_PARENT_PID";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Starts to look; null when nobody has said who started it.</summary>
    public static IDisposable? Start(Action gone) =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 1
            ? new Timer(_ =>
            {
                if (!IsAlive(id)) gone();
            }, null, Interval, Interval)
            : null;

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
}
