using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Plotting.Files;

/// <summary>
/// Writes a folder whole or not at all: all of its files beside its place under another name, then the name. A program that is ended in the middle, or a full disk, leaves nothing.
/// </summary>
/// <example><code>
/// using System.IO; using EmpathyNotebooks.Plotting.Files;
///
/// var folder = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());
/// WholeFolder.Write(folder, [("report.html", new byte[] { 60, 62 }), ("figures/figure-1.svg", new byte[] { 60, 62 })], replaces: false, default);
/// Directory.Delete(folder, recursive: true);
/// </code></example>
public static partial class WholeFolder
{
    private const int MostNamed = 3;

    private const string Draft = ".part", New = ".new", Old = ".old";

    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(1);

    /// <summary>What stands in the way: the names of what the folder holds, the first few of them; null where the place is free or the folder is empty.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">There is a file of this name.</exception>
    public static string? Holds(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (File.Exists(folder)) throw new IOException($"{folder}: this is a file; give the folder another name.");
        List<string> there = Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)] : [];
        return there.Count == 0 ? null : $"{string.Join(", ", there.Take(MostNamed))}{(there.Count > MostNamed ? ", ..." : "")}";
    }

    /// <summary>Writes the files.</summary>
    /// <param name="folder">The folder. One that is not empty takes them only by <paramref name="replaces"/>.</param>
    /// <param name="files">Paths within the folder, with /, and contents.</param>
    /// <param name="replaces">Whether to write into a folder that is not empty, and replace files of the same names. Others stay, and no file takes its place before all are on the disk.</param>
    /// <param name="interrupt">Stops before anything has taken its place.</param>
    /// <returns>The paths of files that were replaced.</returns>
    /// <exception cref="IOException">The place is taken, or cannot be written to. Nothing has changed then.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; nothing has changed.</exception>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> files, bool replaces, CancellationToken interrupt)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (Holds(folder) is not { } there)
        {
            Anew(folder, folder, files, interrupt);
            return [];
        }
        return replaces ? Into(folder, files, interrupt) : throw new IOException($"{folder}: this folder is there already and holds {there}. Give another name, or allow to write into it and replace files of the same names.");
    }

    /// <summary>Writes files in the place of a folder and of all that it holds. The old one stays as it is until the new one is complete.</summary>
    /// <param name="folder">The folder; a link keeps leading where it does. One that is not there is made.</param>
    /// <param name="files">Paths within the folder, with /, and contents.</param>
    /// <param name="interrupt">Stops before anything has taken its place.</param>
    /// <exception cref="IOException">It cannot be written to. Nothing has changed then.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; nothing has changed.</exception>
    /// <remarks>On Linux and macOS the names are exchanged in one step, so that a program that is killed leaves the old folder or the new one. Elsewhere there are two steps, and between them the old folder has a
    /// hidden name beside its place, ending in .old, which nothing removes before there is a new one.</remarks>
    public static void Replace(string folder, IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> files, CancellationToken interrupt)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (Holds(folder) is null)
        {
            Anew(folder, folder, files, interrupt);
            return;
        }
        var place = Path.TrimEndingDirectorySeparator(new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder));
        var fresh = Beside(place, New);
        try
        {
            Anew(fresh, folder, files, interrupt);
            if (!FolderExchange.Try(fresh, place)) MoveInto(place, fresh);
            RemoveAbandoned(place);
        }
        finally
        {
            if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        }
    }

    private static void MoveInto(string place, string fresh)
    {
        var old = Beside(place, Old);
        Directory.Move(place, old);
        try
        {
            Directory.Move(fresh, place);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Directory.Move(old, place);
            throw;
        }
        Directory.Delete(old, recursive: true);
    }

    private static IReadOnlyList<string> Into(string folder, IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> files, CancellationToken interrupt)
    {
        foreach (var path in files.Select(file => At(folder, file.Path)))
        {
            if (Directory.Exists(path)) throw new IOException($"{path}: this is a folder, where a file is to be written; move it away.");
            for (var parent = Path.GetDirectoryName(path)!; parent.Length > folder.Length; parent = Path.GetDirectoryName(parent)!)
            {
                if (File.Exists(parent)) throw new IOException($"{parent}: this is a file, where a folder is to be made; move it away.");
            }
        }
        interrupt.ThrowIfCancellationRequested();
        string[] replaced = [.. files.Select(file => file.Path).Where(path => File.Exists(At(folder, path)))];
        var drafts = new List<FileDraft>(files.Count);
        var earlier = new EarlierDrafts();
        try
        {
            foreach (var (path, content) in files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(At(folder, path))!);
                drafts.Add(FileDraft.Write(At(folder, path), content, isPrivate: false, earlier));
            }
            interrupt.ThrowIfCancellationRequested();
            foreach (var draft in drafts) draft.Publish();
        }
        finally
        {
            foreach (var draft in drafts) draft.Dispose();
        }
        return replaced;
    }

    // Made beside its place under another name; the last step gives it its own. Faults name what the reader knows.
    private static void Anew(string folder, string shown, IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> files, CancellationToken interrupt)
    {
        var place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var draft = Beside(place, Draft);
        try
        {
            foreach (var (path, content) in files)
            {
                interrupt.ThrowIfCancellationRequested();
                var file = At(draft, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                Write(file, content, At(shown, path));
            }
            interrupt.ThrowIfCancellationRequested();
            if (Directory.Exists(place)) Directory.Delete(place);
            Directory.Move(draft, place);
            RemoveAbandoned(place);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{shown} was not made: {(fault is FileWriteException ? fault.Message : FileWriteException.Why(place, fault).Reason + ".")}", fault);
        }
        finally
        {
            if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        }
    }

    // A fault names the place that the reader knows, not the draft.
    private static void Write(string file, ReadOnlyMemory<byte> content, string shown)
    {
        try
        {
            WholeFile.Write(file, content);
        }
        catch (FileWriteException fault)
        {
            throw FileWriteException.For(shown, fault.InnerException!);
        }
    }

    /// <summary>A hidden name beside a place, which no two programs choose.</summary>
    private static string Beside(string place, string ending) => Path.Combine(Path.GetDirectoryName(place) ?? throw new IOException($"{place}: this is no name of a new folder."), $".{Path.GetFileName(place)}.{Guid.NewGuid():N}"[..^24] + ending);

    /// <summary>What programs that were killed have left beside a folder that is there goes when it is next written, a minute later at the earliest.</summary>
    private static void RemoveAbandoned(string place)
    {
        var name = Path.GetFileName(place);
        foreach (var left in Directory.EnumerateDirectories(Path.GetDirectoryName(place)!, $".*{name}.*"))
        {
            // The draft of a folder that was to replace this one is hidden twice.
            var own = Path.GetFileName(left);
            var prefix = own.StartsWith($".{name}.", StringComparison.Ordinal) ? name.Length + 2 : own.StartsWith($"..{name}.", StringComparison.Ordinal) ? name.Length + 3 : own.Length;
            if (!Leftover().IsMatch(own[prefix..])) continue;
            try
            {
                if (DateTime.UtcNow - Directory.GetLastWriteTimeUtc(left) >= Abandoned) Directory.Delete(left, recursive: true);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // Another program's, or held by one: the next write tries again.
            }
        }
    }

    [GeneratedRegex(@"^[0-9a-f]{8}\.(?:part|old|new(?:\.[0-9a-f]{8}\.part)?)$")]
    private static partial Regex Leftover();

    private static string At(string folder, string path) => Path.Combine([folder, .. path.Split('/')]);
}
