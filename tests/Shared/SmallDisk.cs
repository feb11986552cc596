using System.Diagnostics;

namespace EmpathyNotebooks.Tests;

/// <summary>A disk in memory that is soon full.</summary>
internal sealed class SmallDisk : IDisposable
{
    /// <summary>The file that takes the room.</summary>
    public const string Filler = "filler";

    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Mounts a disk of 256 KiB below a folder; skips the test where this may not be done.</summary>
    public static SmallDisk Mount(string below)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A small disk is mounted on Linux alone.");
        Assert.SkipUnless(Environment.UserName == "root", "Only the superuser mounts a disk.");
        var folder = Directory.CreateDirectory(Path.Combine(below, "disk")).FullName;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder) == 0, "This container lets nobody mount a disk.");
        return new SmallDisk(folder);
    }

    /// <summary>Leaves no room but for names.</summary>
    public void Fill()
    {
        using var stream = new FileStream(Path.Combine(Folder, Filler), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) stream.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>Takes no changes any more, from the superuser neither.</summary>
    public void TakeNothing() => Assert.SkipUnless(Run("mount", "-o", "remount,ro", Folder) == 0, "This container lets nobody mount a disk anew.");

    public void Dispose() => Run("umount", Folder);

    private static int Run(string program, params string[] arguments)
    {
        using var process = ChildProcess.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
