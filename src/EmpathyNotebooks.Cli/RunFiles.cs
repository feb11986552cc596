using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Cli;

/// <summary>Which files the last run wrote into the folder of results: the next one removes those that it no longer writes, and no file of anybody else.</summary>
internal static class RunFiles
{
    /// <summary>The list, beside the folders that it speaks of.</summary>
    public const string Name = "run-files.txt";

    private const string Head = "# Written by empathy run, which removes of these what it no longer writes, and nothing else.";

    /// <summary>Sees to it that a list can be kept: a file of this name that no run has written is not written over.</summary>
    /// <param name="output">The folder of results.</param>
    /// <exception cref="BadInputException">Something else stands in its place.</exception>
    public static void Check(string output) => Read(Path.Combine(output, Name));

    /// <summary>Takes the files just written into one folder of the results for those that were written there before, and removes what is left of these.</summary>
    /// <param name="output">The folder of results.</param>
    /// <param name="room">The folder within it.</param>
    /// <param name="written">The paths of the files.</param>
    public static void Replace(string output, string room, IEnumerable<string> written)
    {
        var list = Path.Combine(output, Name);
        var before = Read(list);
        bool IsHere(string path) => path.StartsWith(room + '/', StringComparison.Ordinal);
        var now = written.Select(path => Path.GetRelativePath(output, path).Replace('\\', '/')).ToHashSet(StringComparer.Ordinal);
        var anyCase = now.ToLookup(path => path, StringComparer.OrdinalIgnoreCase);
        foreach (var path in before.Where(path => IsHere(path) && !now.Contains(path)))
        {
            var full = Path.GetFullPath(Path.Combine(output, path));
            if (IsOurs(full, Path.Combine(output, room)) && !anyCase[path].Any(other => IsOneFile(full, Path.Combine(output, other)))) File.Delete(full);
        }
        WholeFile.Write(list, string.Join('\n', [Head, .. before.Where(path => !IsHere(path)).Concat(now).Order(StringComparer.Ordinal)]) + "\n");
    }

    private static string[] Read(string list)
    {
        if (Directory.Exists(list)) throw new BadInputException($"{list} is a folder; a run keeps the list of the files that it writes in a file of this name. Rename the folder, or name another one for the results with --output DIR.");
        if (!File.Exists(list)) return [];
        var lines = File.ReadAllLines(list);
        return lines is [Head, .. var paths]
            ? [.. paths.Where(path => path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal))]
            : throw new BadInputException(
                $"{list}: no run wrote this file, for its first line is not \"{Head}\"; a run keeps the list of the files that it writes there. Rename or remove the file, or name another folder for the results with --output DIR.");
    }

    // The list may have been written by somebody: what it leads out of the folder, or through a link that was put into it since, is not ours.
    private static bool IsOurs(string full, string room)
    {
        if (!full.StartsWith(room + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(full)) return false;
        for (var folder = new FileInfo(full).Directory; folder is not null && folder.FullName.Length > room.Length; folder = folder.Parent)
        {
            if (folder.LinkTarget is not null) return false;
        }
        return true;
    }

    // A lesson may have been renamed from First to first: where the disk takes these for one, the old name is that of the new file.
    private static bool IsOneFile(string one, string other) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(one)!).Count(file => string.Equals(file, one, StringComparison.Ordinal) || string.Equals(file, other, StringComparison.Ordinal)) < 2;
}
