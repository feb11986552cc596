namespace EmpathyNotebooks.Plotting.Files;

/// <summary>Why a file could not be written.</summary>
public enum FileWriteFault
{
    /// <summary>Something else; the message has the words of the system.</summary>
    Other,

    /// <summary>The disk, or what this user may take of it, is full.</summary>
    NoRoom,

    /// <summary>This user may not write the file or its folder.</summary>
    NoRight,

    /// <summary>The folder it should be in is not there.</summary>
    NoFolder,

    /// <summary>A folder has this name.</summary>
    IsFolder,
}

/// <summary>A file could not be written; the message names it and the reason. What was there before is unchanged.</summary>
public sealed class FileWriteException : IOException
{
    private FileWriteException(string path, FileWriteFault fault, string reason, bool isThere, Exception cause)
        : base($"{path} was not written: {reason}.{(isThere ? " The file that was there is unchanged." : "")}", cause)
    {
        Path = path;
        Fault = fault;
    }

    /// <summary>The file as it was named.</summary>
    public string Path { get; }

    /// <summary>Why it could not be written.</summary>
    public FileWriteFault Fault { get; }

    /// <summary>Whether this is how the system says that something cannot be written.</summary>
    internal static bool Explains(Exception fault) =>
        // The last is what .NET makes of a file that is larger than a process may write.
        fault is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentOutOfRangeException;

    internal static FileWriteException For(string path, Exception fault)
    {
        if (fault is FileWriteException known) return known;
        // What went to a device before it was full is gone.
        var isThere = File.Exists(path) && !FileDraft.IsDevice(System.IO.Path.GetFullPath(path));
        if (Directory.Exists(path)) return new FileWriteException(path, FileWriteFault.IsFolder, "this is a folder; name a file", isThere: false, fault);
        var (kind, reason) = Why(path, fault);
        return new FileWriteException(path, kind, reason, isThere, fault);
    }

    /// <summary>Why a file or folder could not be written, by what the system said of it or of the draft beside it.</summary>
    internal static (FileWriteFault Fault, string Reason) Why(string path, Exception fault) => fault switch
    {
        UnauthorizedAccessException => (FileWriteFault.NoRight, "this user may not write it, or no new file in its folder"),
        DirectoryNotFoundException => (FileWriteFault.NoFolder, $"there is no folder {System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))}"),
        _ when IsFull(fault) => (FileWriteFault.NoRoom, "the disk is full, or what this user may take of it"),
        _ => (FileWriteFault.Other, fault.Message.TrimEnd('.')),
    };

    // By the number the system gave: ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL; ENOSPC, and EDQUOT of Linux and macOS; EFBIG.
    private static bool IsFull(Exception fault) => fault is ArgumentOutOfRangeException || (OperatingSystem.IsWindows()
        ? fault.HResult is unchecked((int)0x80070070) or unchecked((int)0x80070027)
        : fault.HResult is 28 || fault.HResult == (OperatingSystem.IsMacOS() ? 69 : 122));
}
