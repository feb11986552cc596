using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Teaching;
using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Cli;

/// <summary>Where notebooks are read from and results go to.</summary>
internal sealed record Workspace(string NotebookFolder, string OutputFolder)
{
    private const string Mark = "EmpathyNotebooks.sln";
    private const string Results = "artifacts";

    /// <summary>Where the executed copies go.</summary>
    public string CopyFolder => Path.Combine(OutputFolder, "notebooks");

    /// <summary>Where the site goes.</summary>
    public string SiteFolder => Path.Combine(OutputFolder, "site");

    /// <summary>Where the student notebooks go.</summary>
    public string StudentFolder => Path.Combine(OutputFolder, "student");

    /// <summary>Where goes what a lecturer keeps: the key, the question bank.</summary>
    public string TeachingFolder => Path.Combine(OutputFolder, "teaching");

    /// <summary>Finds the folders: those given, else those of the repository around the current folder.</summary>
    /// <exception cref="BadInputException">There is no such folder.</exception>
    public static Workspace Locate(string? notebooks, string? output)
    {
        if (notebooks is not null && !Directory.Exists(notebooks))
        {
            throw new BadInputException(File.Exists(notebooks) ? $"--notebooks {notebooks}: this is a file; name the folder it is in." : $"--notebooks {notebooks}: there is no such folder.");
        }
        var folder = notebooks ?? Path.Combine(
            Repository() ?? throw new BadInputException(
                $"Neither this folder nor one above it holds {Mark}. Go to the repository, or name the notebooks' folder with --notebooks DIR."),
            "notebooks");
        if (!Directory.Exists(folder)) throw new BadInputException($"{folder}: there is no such folder. Name the notebooks' folder with --notebooks DIR.");
        folder = Path.GetFullPath(folder);
        if (output is not null) Paths.RequireFolder(output, "--output");
        var workspace = new Workspace(folder, Path.GetFullPath(output ?? Path.Combine(folder, "..", Results)));
        // What a run writes replaces what an earlier one left: never the notebooks themselves.
        foreach (var written in new[] { workspace.CopyFolder, workspace.SiteFolder, workspace.StudentFolder, workspace.TeachingFolder })
        {
            if (string.Equals(Path.TrimEndingDirectorySeparator(folder), written, StringComparison.OrdinalIgnoreCase) || string.Equals(Place(folder), Place(written), StringComparison.Ordinal))
                throw new BadInputException($"--output {output ?? workspace.OutputFolder}: the notebooks are read from {folder}, and a run would write over them there. Name another folder for the results.");
        }
        return workspace;
    }

    // Where a path leads when all links on the way are followed.
    private static string Place(string path)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(path) is not { } parent) return path;
        var here = new DirectoryInfo(Path.Combine(Place(parent), Path.GetFileName(path)));
        return here.Exists && here.ResolveLinkTarget(returnFinalTarget: true) is { } target ? Place(target.FullName) : here.FullName;
    }

    /// <summary>The notebooks' files in the order of their names.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public IReadOnlyList<string> Notebooks(string? only)
    {
        var all = Directory.EnumerateFiles(NotebookFolder, "*.ipynb").Order(StringComparer.Ordinal).ToList();
        if (all.Count == 0) throw new BadInputException($"{NotebookFolder} holds no notebook (*.ipynb).");
        if (only is null) return all;
        var some = all.Where(file => Path.GetFileName(file).Contains(only, StringComparison.OrdinalIgnoreCase)).ToList();
        return some.Count > 0
            ? some
            : throw new BadInputException($"--only {only}: no notebook has this in its name. There are: {string.Join(", ", all.Select(Path.GetFileName))}.");
    }

    /// <summary>The glossary beside the notebooks, as Markdown; null when there is none.</summary>
    public string? Glossary() => Path.Combine(NotebookFolder, "glossary.md") is var file && File.Exists(file) ? File.ReadAllText(file) : null;

    /// <summary>The Markdown files of the folder <c>teaching</c> beside the notebooks: syllabi, how to teach. None where there is no such folder.</summary>
    public IReadOnlyList<TeachingGuide> Guides()
    {
        var folder = Path.Combine(NotebookFolder, "teaching");
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.md").Order(StringComparer.Ordinal).Select(file => new TeachingGuide(Path.GetFileName(file), File.ReadAllText(file)))] : [];
    }

    /// <summary>Makes the folders of the results before the first cell runs, so that nobody waits for what cannot be written.</summary>
    /// <param name="planned">The paths within the folder of results that the run may write, with /.</param>
    /// <param name="replaces">Whether files that no run wrote may be replaced.</param>
    /// <exception cref="BadInputException">They cannot be made or written to, or hold files of others in the places of the results.</exception>
    public void Prepare(IReadOnlyCollection<string> planned, bool replaces)
    {
        // The folder artifacts of the repository, which git ignores, is made by the build and by runs alone.
        var isRepositorys = Path.GetFileName(OutputFolder) == Results && File.Exists(Path.Combine(OutputFolder, "..", Mark));
        RunFiles.Check(OutputFolder, planned, replaces, isRepositorys);
        try
        {
            Directory.CreateDirectory(CopyFolder);
            using var probe = new FileStream(Path.Combine(CopyFolder, ".writable"), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The results cannot be written to {OutputFolder} ({FileWriteException.Why(OutputFolder, fault).Reason}). Name another folder with --output DIR.");
        }
    }

    /// <summary>Writes the executed copies and removes those of an earlier run that no longer belong.</summary>
    public void WriteCopies(IEnumerable<NotebookDocument> documents)
    {
        NotebookDocument[] all = [.. documents];
        string[] written = [.. all.Select(document => Path.Combine(CopyFolder, document.Name))];
        Announce(written);
        foreach (var (document, path) in all.Zip(written)) document.Save(path);
        Replace(CopyFolder, written);
    }

    /// <summary>Says which files are about to be written into the folders of the results.</summary>
    public void Announce(IEnumerable<string> paths) => RunFiles.Announce(OutputFolder, paths.Select(path => Path.GetRelativePath(OutputFolder, path).Replace('\\', '/')));

    /// <summary>Says which files were written into a folder of the results; those of an earlier run there are removed.</summary>
    public void Replace(string folder, IEnumerable<string> written) => RunFiles.Replace(OutputFolder, Path.GetRelativePath(OutputFolder, folder), written);

    /// <summary>A path as the user would type it.</summary>
    public string Relative(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path);

    private static string? Repository()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Mark))) return folder.FullName;
        }
        return null;
    }
}
