using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Host.Kernels.Directives;

/// <summary>A directive that runs code of another file.</summary>
internal abstract class CodeDirective : CellDirective
{
    /// <summary>The code that it runs.</summary>
    /// <param name="argument">The rest of the line, trimmed.</param>
    /// <param name="from">The code that it stands in.</param>
    /// <exception cref="CellDirectiveException">The file cannot be read.</exception>
    public abstract IEnumerable<CodeSource> Sources(string argument, CodeSource from);

    public override Task<CellError?> ApplyAsync(string argument, DirectiveContext context) =>
        CodeFile.RunAsync(Sources(argument, context.Source), context);
}

/// <summary>`#load "x.csx"` runs a file of C# before the code of the cell.</summary>
internal sealed class LoadDirective : CodeDirective
{
    public override string Name => "#load";

    public override string Usage => "#load \"path/to/file.csx\"";

    public override string Help => "Runs a file of C# (.cs or .csx), seen from the notebook, before the code of the cell.";

    public override IEnumerable<CodeSource> Sources(string argument, CodeSource from)
    {
        var path = Quoted(argument);
        var (file, text, files) = CodeFile.Read(path, Name, from);
        return [new CodeSource(path, text, Path.GetDirectoryName(file)!, files, ShowsValue: false)];
    }
}

/// <summary>`#!import file.ipynb` runs the code cells of another notebook before the code of the cell.</summary>
internal sealed class ImportDirective : CodeDirective
{
    public override string Name => "#!import";

    public override string Usage => "#!import path/to/notebook.ipynb";

    public override string Help => "Runs the code cells of a notebook (.ipynb, .dib) or a file of C#, seen from the notebook.";

    public override IEnumerable<CodeSource> Sources(string argument, CodeSource from)
    {
        var path = argument.Trim('"').Trim();
        if (path.Length == 0) throw new CellDirectiveException($"{Name} takes the path of a notebook, as in {Usage}");
        return SourcesOf(path, path, from);
    }

    /// <summary>The code cells of a notebook file.</summary>
    /// <param name="path">The file, seen from the code that names it.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="from">The code that names it.</param>
    public static IEnumerable<CodeSource> SourcesOf(string path, string name, CodeSource from)
    {
        var (file, text, files) = CodeFile.Read(path, "#!import", from);
        return Cells(file, name, text).Select(cell => new CodeSource(cell.Name, cell.Code, Path.GetDirectoryName(file)!, files));
    }

    private static IEnumerable<(string Name, string Code)> Cells(string file, string name, string text)
    {
        if (Path.GetExtension(file).ToLowerInvariant() is ".cs" or ".csx") return [(name, text)];
        try
        {
            return NotebookFile.Parse(text, file).Cells.Where(cell => cell.Type == NotebookCellType.Code)
                .Select(cell => (FormattableString.Invariant($"{name} cell {cell.Number}"), cell.Source));
        }
        catch (NotebookFormatException fault)
        {
            throw new CellDirectiveException($"#!import {name}: {fault.Message}", fault);
        }
    }
}

/// <summary>Reads the files that code names.</summary>
internal static class CodeFile
{
    /// <summary>Runs pieces of code one after the other.</summary>
    public static async Task<CellError?> RunAsync(IEnumerable<CodeSource> sources, DirectiveContext context)
    {
        foreach (var source in sources)
        {
            if (await context.Kernel.RunAsync(source, context.Stop).ConfigureAwait(false) is { } error) return error;
        }

        return null;
    }

    /// <summary>Reads a file, seen from the code that names it, and lists the files that led to it, itself last.</summary>
    /// <exception cref="CellDirectiveException">It cannot be read, or it led to itself.</exception>
    public static (string File, string Text, IReadOnlyList<string> Files) Read(string path, string directive, CodeSource from)
    {
        var file = Path.GetFullPath(path.Replace('\\', '/'), from.Folder);
        if (from.Files.Contains(file, StringComparer.Ordinal))
        {
            throw new CellDirectiveException($"{directive} {path}: the file loads itself: "
                + string.Join(" -> ", from.Files.Append(file).Select(Path.GetFileName)) + ".");
        }

        try
        {
            return (file, File.ReadAllText(file), [.. from.Files, file]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CellDirectiveException(File.Exists(file)
                ? $"{directive} {path}: the file cannot be read: {fault.Message}"
                : $"{directive} {path}: there is no such file, seen from the folder of the notebook.", fault);
        }
    }
}
