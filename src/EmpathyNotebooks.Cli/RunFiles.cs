using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Cli;

/// <summary>Which files the last run wrote into the folder of results: the next one removes those that it no longer writes, and no file of anybody else.</summary>
internal static class RunFiles
{
    /// <summary>The list, beside the folders that it speaks of.</summary>
    public const string Name = "run-files.txt";

    private const int MostNamed = 3;

    private const string Head = "# Written by empathy run, which removes of these what it no longer writes, and nothing else.";

    /// <summary>Sees to it, before anything is computed, that a list can be kept and that what a run is to write takes no place of anybody else's.</summary>
    /// <param name="output">The folder of results.</param>
    /// <param name="planned">The paths that the run may write, within that folder, with /.</param>
    /// <param name="replaces">Whether files of others may be replaced.</param>
    /// <param name="isOwn">Whether the folder is there for results alone, so that all in it is a run's.</param>
    /// <exception cref="BadInputException">Something else stands in the place of the list or of a file.</exception>
    public static void Check(string output, IReadOnlyCollection<string> planned, bool replaces, bool isOwn)
    {
        var list = Path.Combine(output, Name);
        var known = Read(list).ToHashSet(StringComparer.Ordinal);
        foreach (var path in planned) RequireFile(output, path);
        // A version that kept no list wrote these pages, and whatever else it wrote is as old.
        if (replaces || isOwn || (!File.Exists(list) && ((string[])["site/index.html", "teaching/exercise-key.html"]).Any(page => SiteBuilder.IsPage(Path.Combine(output, page))))) return;
        var anyCase = known.ToLookup(path => path, StringComparer.OrdinalIgnoreCase);
        var others = planned.Where(path => !known.Contains(path) && Path.Combine(output, path) is var full && new FileInfo(full) is { } file && (file.Exists || file.LinkTarget is not null)
            && !anyCase[path].Any(other => IsOneFile(full, Path.Combine(output, other)))).Order(StringComparer.Ordinal).ToList();
        if (others.Count == 0) return;
        var named = string.Join(", ", others.Take(MostNamed)) + (others.Count > MostNamed ? FormattableString.Invariant($" and {others.Count - MostNamed} more") : "");
        throw new BadInputException($"{output} holds what this run would replace, and no list of a run there ({Name}) says that one wrote it: {named}. Add --force to replace {(others.Count > 1 ? "these files" : "this file")}, or name another folder for the results with --output DIR.");
    }

    private static void RequireFile(string output, string path)
    {
        const string Remedy = "Move it away, or name another folder for the results with --output DIR.";
        var full = Path.Combine(output, path);
        if (Directory.Exists(full)) throw new BadInputException($"{full}: this is a folder, where a run writes a file. {Remedy}");
        for (var folder = Path.GetDirectoryName(path); folder is { Length: > 0 }; folder = Path.GetDirectoryName(folder))
        {
            if (Path.Combine(output, folder) is var place && File.Exists(place)) throw new BadInputException($"{place}: this is a file, where a run makes a folder. {Remedy}");
        }
    }

    /// <summary>Says of files that they are about to be written, so that they are a run's even where it is killed before it could say so.</summary>
    /// <param name="output">The folder of results.</param>
    /// <param name="planned">Their paths within it, with /.</param>
    public static void Announce(string output, IEnumerable<string> planned)
    {
        var list = Path.Combine(output, Name);
        Write(list, Read(list).Concat(planned));
    }

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
            if (IsOurs(full, Path.Combine(output, room)) && !anyCase[path].Any(other => IsOneFile(full, Path.Combine(output, other)))) Remove(full, Path.Combine(output, room));
        }
        Write(list, before.Where(path => !IsHere(path)).Concat(now));
    }

    // With the folders within the room that are empty then.
    private static void Remove(string file, string room)
    {
        File.Delete(file);
        for (var folder = new FileInfo(file).Directory; folder is not null && folder.FullName.Length > room.Length && !folder.EnumerateFileSystemInfos().Any(); folder = folder.Parent) folder.Delete();
    }

    private static void Write(string list, IEnumerable<string> paths) => WholeFile.Write(list, string.Join('\n', [Head, .. paths.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]) + "\n");

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
