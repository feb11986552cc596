using System.Text;
using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Cli.New;

/// <summary>Writes the files of a study: a new folder appears with all of them or not at all.</summary>
internal static class StudyFolder
{
    /// <summary>Writes them.</summary>
    /// <param name="folder">The folder. One that is not empty takes them only by <paramref name="replaces"/>.</param>
    /// <param name="files">Paths within the folder, with /, and texts.</param>
    /// <param name="replaces">Whether to write into a folder that is not empty, and replace files of the same names.</param>
    /// <param name="interrupt">Stops before anything has taken its place.</param>
    /// <returns>The files, a line each, with a word on those that were there.</returns>
    /// <exception cref="BadInputException">The place is taken.</exception>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<(string Path, string Text)> files, bool replaces, CancellationToken interrupt)
    {
        RequireFree(folder, replaces);
        try
        {
            var replaced = WholeFolder.Write(folder, [.. files.Select(file => (file.Path, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(file.Text)))], replaces, interrupt);
            return [.. files.Select(file => replaced.Contains(file.Path) ? $"{file.Path} (replaced)" : file.Path)];
        }
        catch (IOException fault)
        {
            throw new BadInputException(fault.Message);
        }
    }

    /// <summary>Refuses a folder that holds something, unless it may be written into.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="replaces">Whether it may.</param>
    /// <exception cref="BadInputException">The place is taken.</exception>
    public static void RequireFree(string folder, bool replaces)
    {
        try
        {
            if (WholeFolder.Holds(folder) is { } there && !replaces)
            {
                throw new BadInputException($"{folder}: this folder is there already and holds {there}. Give another name, or add --force to write into it and replace files of the same names.");
            }
        }
        catch (IOException fault)
        {
            throw new BadInputException(fault.Message);
        }
    }
}
