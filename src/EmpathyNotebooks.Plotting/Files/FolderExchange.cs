using System.Runtime.InteropServices;

namespace EmpathyNotebooks.Plotting.Files;

/// <summary>Gives two folders each other's name in one step of the file system, so that at no moment either name is free.</summary>
internal static class FolderExchange
{
    private const int CurrentFolder = -100;
    private const uint Exchange = 2;

    /// <summary>Exchanges the names.</summary>
    /// <param name="one">A folder, by its full path.</param>
    /// <param name="other">Another one on the same disk.</param>
    /// <returns>False where system or disk know no such step, or refuse it; nothing has changed then.</returns>
    public static bool Try(string one, string other)
    {
        try
        {
            return OperatingSystem.IsLinux() ? OfLinux(CurrentFolder, one, CurrentFolder, other, Exchange) == 0
                : OperatingSystem.IsMacOS() && OfMacOS(one, other, Exchange) == 0;
        }
        catch (Exception fault) when (fault is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    private static extern int OfLinux(int fromFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string from, int toFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string to, uint flags);

    [DllImport("libc", EntryPoint = "renamex_np", SetLastError = true)]
    private static extern int OfMacOS([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to, uint flags);
}
