namespace EmpathyNotebooks.Plotting.Files;

/// <summary>A file that is complete beside its place, and takes it when it is published.</summary>
internal sealed class FileDraft : IDisposable
{
    /// <summary>What the names of drafts end with.</summary>
    public const string Ending = ".part";

    private const int LongestName = 40;

    private readonly string _path;
    private readonly string _target;
    private readonly ReadOnlyMemory<byte> _content;
    private string? _draft;

    private FileDraft(string path, string target, ReadOnlyMemory<byte> content)
    {
        (_path, _target, _content) = (path, target, content);
    }

    /// <summary>Writes the content beside its place, down to the disk.</summary>
    /// <exception cref="FileWriteException">That cannot be done, or the place could not be taken. Nothing is left behind.</exception>
    public static FileDraft Write(string path, ReadOnlyMemory<byte> content, bool isPrivate, EarlierDrafts earlier)
    {
        FileDraft? draft = null;
        try
        {
            draft = new FileDraft(path, Target(path), content);
            if (!IsDevice(draft._target)) draft.Fill(isPrivate, earlier);
            return draft;
        }
        catch (Exception fault) when (FileWriteException.Explains(fault))
        {
            draft?.Dispose();
            throw FileWriteException.For(path, fault);
        }
    }

    /// <summary>Whether a path is that of what is no file and has no place to take. Shared memory is a disk like others.</summary>
    public static bool IsDevice(string target) => !OperatingSystem.IsWindows() && !target.StartsWith("/dev/shm/", StringComparison.Ordinal)
        && (target.StartsWith("/dev/", StringComparison.Ordinal) || target.StartsWith("/proc/", StringComparison.Ordinal));

    /// <summary>Takes the place.</summary>
    /// <exception cref="FileWriteException">That cannot be done.</exception>
    public void Publish()
    {
        try
        {
            if (IsDevice(_target))
            {
                using var device = new FileStream(_target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                device.Write(_content.Span);
            }
            else if (OperatingSystem.IsWindows() && File.Exists(_target))
            {
                // Keeps who may do what with the file.
                File.Replace(_draft!, _target, destinationBackupFileName: null, ignoreMetadataErrors: true);
            }
            else
            {
                File.Move(_draft!, _target, overwrite: true);
            }

            _draft = null;
        }
        catch (Exception fault) when (FileWriteException.Explains(fault))
        {
            throw FileWriteException.For(_path, fault);
        }
    }

    /// <summary>Removes what was not published.</summary>
    public void Dispose()
    {
        if (_draft is null) return;
        try
        {
            File.Delete(_draft);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The folder takes no changes any more: whoever writes there next removes it.
        }

        _draft = null;
    }

    private static string Target(string path)
    {
        var full = Path.GetFullPath(path);
        // /dev/stdout and the like lead to what has no name in a folder.
        if (full.StartsWith("/dev/", StringComparison.Ordinal) || new FileInfo(full).LinkTarget is null) return full;
        return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
    }

    private void Fill(bool isPrivate, EarlierDrafts earlier)
    {
        if (Directory.Exists(_target)) throw new IOException();
        var folder = Path.GetDirectoryName(_target)!;
        var isThere = File.Exists(_target);
        if (isThere)
        {
            // A file that may not be written may not be replaced, though its folder would let it.
            using var probe = new FileStream(_target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }

        var prefix = Prefix(Path.GetFileName(_target));
        earlier.Remove(folder, prefix);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (isPrivate && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var draft = Path.Combine(folder, prefix + Guid.NewGuid().ToString("N") + Ending);
        using (var stream = new FileStream(draft, options))
        {
            _draft = draft;
            if (isThere && !OperatingSystem.IsWindows()) File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(_target));
            stream.Write(_content.Span);
            stream.Flush(flushToDisk: true);
        }
    }

    private static string Prefix(string name)
    {
        var length = Math.Min(name.Length, LongestName);
        if (char.IsHighSurrogate(name[length - 1])) length--;
        return $".{name[..length]}.";
    }
}
