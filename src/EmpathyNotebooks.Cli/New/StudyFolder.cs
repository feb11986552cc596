using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Cli.New;

/// <summary>Writes the files of a study: a new folder appears with all of them or not at all.</summary>
internal static class StudyFolder
{
    private const int MostNamed = 3;

    /// <summary>Writes them.</summary>
    /// <param name="folder">The folder. One that is not empty takes them only by <paramref name="replaces"/>.</param>
    /// <param name="files">Paths within the folder, with /, and texts.</param>
    /// <param name="replaces">Whether to write into a folder that is not empty, and replace files of the same names.</param>
    /// <param name="interrupt">Stops before anything has taken its place.</param>
    /// <returns>The files, a line each, with a word on those that were there.</returns>
    /// <exception cref="BadInputException">The place is taken.</exception>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<(string Path, string Text)> files, bool replaces, CancellationToken interrupt)
    {
        if (File.Exists(folder)) throw new BadInputException($"{folder}: this is a file; give the folder another name.");
        List<string> there = Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)] : [];
        if (there.Count > 0)
        {
            if (!replaces)
            {
                throw new BadInputException($"{folder}: this folder is there already and holds {string.Join(", ", there.Take(MostNamed))}{(there.Count > MostNamed ? ", ..." : "")}. "
                    + "Give another name, or add --force to write into it and replace files of the same names.");
            }
            return Into(folder, files, interrupt);
        }

        Anew(folder, files, interrupt);
        return [.. files.Select(file => file.Path)];
    }

    private static IReadOnlyList<string> Into(string folder, IReadOnlyList<(string Path, string Text)> files, CancellationToken interrupt)
    {
        List<(string Path, string Text)> full = [.. files.Select(file => (At(folder, file.Path), file.Text))];
        foreach (var (path, _) in full)
        {
            if (Directory.Exists(path)) throw new BadInputException($"{path}: this is a folder, where a file is to be written; move it away.");
            for (var parent = Path.GetDirectoryName(path)!; parent.Length > folder.Length; parent = Path.GetDirectoryName(parent)!)
            {
                if (File.Exists(parent)) throw new BadInputException($"{parent}: this is a file, where a folder is to be made; move it away.");
            }
        }
        interrupt.ThrowIfCancellationRequested();
        List<string> written = [.. files.Select(file => File.Exists(At(folder, file.Path)) ? $"{file.Path} (replaced)" : file.Path)];
        foreach (var (path, _) in full) Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WholeFile.WriteAll(full);
        return written;
    }

    // Made beside its place under another name; the last step gives it its own.
    private static void Anew(string folder, IReadOnlyList<(string Path, string Text)> files, CancellationToken interrupt)
    {
        var place = Path.GetFullPath(folder);
        var draft = Path.Combine(Path.GetDirectoryName(place)!, $".{Path.GetFileName(place)}.{Guid.NewGuid():N}"[..^24] + ".part");
        try
        {
            foreach (var (path, text) in files)
            {
                interrupt.ThrowIfCancellationRequested();
                var file = At(draft, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                WholeFile.Write(file, text);
            }
            interrupt.ThrowIfCancellationRequested();
            if (Directory.Exists(place)) Directory.Delete(place);
            Directory.Move(draft, place);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{folder} was not made: {fault.Message.Replace(draft, folder, StringComparison.Ordinal)}");
        }
        finally
        {
            if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        }
    }

    private static string At(string folder, string path) => Path.Combine([folder, .. path.Split('/')]);
}
