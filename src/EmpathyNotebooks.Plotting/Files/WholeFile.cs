using System.Text;

namespace EmpathyNotebooks.Plotting.Files;

/// <summary>
/// Writes files whole or not at all: first beside their place under another name, to the disk, then by renaming. A full disk, a program that is ended
/// in the middle or a second one that writes at the same time never leaves half a file, and what was there stays until the new one is complete.
/// </summary>
/// <remarks>
/// What is replaced keeps its permissions; a symbolic link keeps pointing where it does, and the file behind it is replaced. A device such as
/// <c>/dev/stdout</c> is written to as it is. The folder must exist and take a new file. What a program that was killed has left beside a file goes
/// when that file is next written, a minute later at the earliest.
/// </remarks>
public static class WholeFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a text as UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="text">All of its text.</param>
    /// <exception cref="FileWriteException">It cannot be written; nothing has changed then.</exception>
    public static void Write(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, Utf8.GetBytes(text));
    }

    /// <summary>Writes bytes.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="content">All of its bytes.</param>
    /// <param name="isPrivate">Whether a new file is for this user alone, where the system knows of others.</param>
    /// <exception cref="FileWriteException">It cannot be written; nothing has changed then.</exception>
    public static void Write(string path, ReadOnlyMemory<byte> content, bool isPrivate = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var draft = FileDraft.Write(path, content, isPrivate, new EarlierDrafts());
        draft.Publish();
    }

    /// <summary>
    /// Writes several texts that belong together: none takes its place before all are on the disk.
    /// </summary>
    /// <param name="files">The files and their texts.</param>
    /// <param name="makesFolders">Whether folders that are not there are made. Where a file cannot be written, they go again.</param>
    /// <exception cref="FileWriteException">One of them cannot be written. Unless it was the last step, the renaming, that failed, nothing has changed then.</exception>
    public static void WriteAll(IReadOnlyList<(string Path, string Text)> files, bool makesFolders = false)
    {
        ArgumentNullException.ThrowIfNull(files);
        WriteAll([.. files.Select(file => (file.Path, (ReadOnlyMemory<byte>)Utf8.GetBytes(file.Text)))], makesFolders);
    }

    /// <summary>Writes several files that belong together: none takes its place before all are on the disk.</summary>
    /// <param name="files">The files and their bytes.</param>
    /// <param name="makesFolders">Whether folders that are not there are made. Where a file cannot be written, they go again.</param>
    /// <exception cref="FileWriteException">One of them cannot be written. Unless it was the last step, the renaming, that failed, nothing has changed then.</exception>
    public static void WriteAll(IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> files, bool makesFolders = false)
    {
        ArgumentNullException.ThrowIfNull(files);
        var drafts = new List<FileDraft>(files.Count);
        var made = new Stack<string>();
        var earlier = new EarlierDrafts();
        try
        {
            foreach (var (path, content) in files)
            {
                if (makesFolders) MakeFolder(path, made);
                drafts.Add(FileDraft.Write(path, content, isPrivate: false, earlier));
            }
            foreach (var draft in drafts) draft.Publish();
            made.Clear();
        }
        finally
        {
            foreach (var draft in drafts) draft.Dispose();
            while (made.TryPop(out var folder)) RemoveIfEmpty(folder);
        }
    }

    private static void MakeFolder(string path, Stack<string> made)
    {
        var missing = new Stack<string>();
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(path)); folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder)) missing.Push(folder);
        try
        {
            while (missing.TryPop(out var folder))
            {
                Directory.CreateDirectory(folder);
                made.Push(folder);
            }
        }
        catch (Exception fault) when (FileWriteException.Explains(fault))
        {
            throw FileWriteException.For(path, fault);
        }
    }

    private static void RemoveIfEmpty(string folder)
    {
        try
        {
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The folder takes no changes any more; an empty one harms nobody.
        }
    }
}
