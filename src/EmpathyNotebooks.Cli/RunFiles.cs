using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Cli;

/// <summary>Which files the last run wrote into the folder of results: the next one removes those that it no longer writes, and no file of anybody else.</summary>
internal static class RunFiles
{
    /// <summary>The list, beside the folders that it speaks of.</summary>
    public const string Name = "run-files.txt";

    private const string Head = "# Written by empathy run, which removes of these what it no longer writes, and nothing else.";

    /// <summary>Takes the files just written into one folder of the results for those that were written there before, and removes what is left of these.</summary>
    /// <param name="output">The folder of results.</param>
    /// <param name="room">The folder within it.</param>
    /// <param name="written">The paths of the files.</param>
    public static void Replace(string output, string room, IEnumerable<string> written)
    {
        var list = Path.Combine(output, Name);
        string[] before = File.Exists(list) ? [.. File.ReadAllLines(list).Where(line => line.Length > 0 && !line.StartsWith('#'))] : [];
        bool IsHere(string path) => path.StartsWith(room + '/', StringComparison.Ordinal);
        var now = written.Select(path => Path.GetRelativePath(output, path).Replace('\\', '/')).ToHashSet(StringComparer.Ordinal);
        foreach (var path in before.Where(path => IsHere(path) && !now.Contains(path)))
        {
            // The list may have been written by somebody: what it leads out of the folder is not ours.
            var full = Path.GetFullPath(Path.Combine(output, path));
            if (full.StartsWith(Path.Combine(output, room) + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(full)) File.Delete(full);
        }
        WholeFile.Write(list, string.Join('\n', [Head, .. before.Where(path => !IsHere(path)).Concat(now).Order(StringComparer.Ordinal)]) + "\n");
    }
}
