using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Host.Kernels.Directives;

/// <summary>`#load "x.csx"` runs a file of C# before the code of the cell.</summary>
internal sealed class LoadDirective : CellDirective
{
    public override string Name => "#load";

    public override string Usage => "#load \"path/to/file.csx\"";

    public override string Help => "Runs a file of C# (.cs or .csx), seen from the notebook, before the code of the cell.";

    public override Task<CellError?> ApplyAsync(string argument, DirectiveContext context)
    {
        var path = Quoted(argument);
        var file = context.PathOf(path);
        var code = CodeFile.Read(file, path, Name);
        var files = CodeFile.Enter(file, path, Name, context.Source);
        return context.Kernel.RunAsync(new CodeSource(path, code, Path.GetDirectoryName(file)!, files, ShowsValue: false), context.Stop);
    }
}

/// <summary>`#!import file.ipynb` runs the code cells of another notebook before the code of the cell.</summary>
internal sealed class ImportDirective : CellDirective
{
    public override string Name => "#!import";

    public override string Usage => "#!import path/to/notebook.ipynb";

    public override string Help => "Runs the code cells of a notebook (.ipynb, .dib) or a file of C#, seen from the notebook.";

    public override Task<CellError?> ApplyAsync(string argument, DirectiveContext context)
    {
        var path = argument.Trim('"').Trim();
        if (path.Length == 0) throw new CellDirectiveException($"{Name} takes the path of a notebook, as in {Usage}");
        return RunAsync(context.PathOf(path), path, context);
    }

    /// <summary>Runs the code cells of a notebook file.</summary>
    public static async Task<CellError?> RunAsync(string file, string name, DirectiveContext context)
    {
        var text = CodeFile.Read(file, name, "#!import");
        var files = CodeFile.Enter(file, name, "#!import", context.Source);
        var folder = Path.GetDirectoryName(file)!;
        foreach (var (cell, code) in Cells(file, name, text))
        {
            var source = new CodeSource(cell, code, folder, files);
            if (await context.Kernel.RunAsync(source, context.Stop).ConfigureAwait(false) is { } error) return error;
        }

        return null;
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
    public static string Read(string file, string path, string directive)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CellDirectiveException(File.Exists(file)
                ? $"{directive} {path}: the file cannot be read: {fault.Message}"
                : $"{directive} {path}: there is no such file, seen from the folder of the notebook.", fault);
        }
    }

    /// <summary>The files that led to this one, and it.</summary>
    public static IReadOnlyList<string> Enter(string file, string path, string directive, CodeSource from)
    {
        if (from.Files.Contains(file, StringComparer.Ordinal))
        {
            throw new CellDirectiveException($"{directive} {path}: the file loads itself: "
                + string.Join(" -> ", from.Files.Append(file).Select(Path.GetFileName)) + ".");
        }

        return [.. from.Files, file];
    }
}
