namespace EmpathyNotebooks.Host.Kernels.Directives;

/// <summary>
/// A line of a cell that the kernel answers and not the compiler, such as `#r "x.dll"`. Another one is a subclass and a line in
/// <see cref="CellDirectives.Known"/>.
/// </summary>
internal abstract class CellDirective
{
    /// <summary>How the line begins, for instance `#r` or `#!time`.</summary>
    public abstract string Name { get; }

    /// <summary>How it is written, for the message that lists what is known.</summary>
    public virtual string Usage => Name;

    /// <summary>What it does, in one line.</summary>
    public abstract string Help { get; }

    /// <summary>Does what the line asks for, before the code of its part of the cell is compiled.</summary>
    /// <param name="argument">The rest of the line, trimmed.</param>
    /// <param name="context">What a directive may look at and change.</param>
    /// <returns>The error of code that the line made run; null when all went well.</returns>
    /// <exception cref="CellDirectiveException">It cannot be done; the message says why and what would be right.</exception>
    public abstract Task<CellError?> ApplyAsync(string argument, DirectiveContext context);

    /// <summary>The one text in quotation marks that a directive takes.</summary>
    /// <exception cref="CellDirectiveException">The argument is something else.</exception>
    protected string Quoted(string argument)
    {
        if (argument.Length < 3 || argument[0] != '"' || argument.IndexOf('"', 1) != argument.Length - 1)
        {
            throw new CellDirectiveException(
                $"{Name} takes one text in quotation marks, as in {Usage}; it was given {(argument.Length > 0 ? argument : "nothing")}");
        }

        return argument[1..^1].Trim();
    }
}

/// <summary>A directive that takes nothing and only shows something.</summary>
internal abstract class ShowingDirective : CellDirective
{
    public override Task<CellError?> ApplyAsync(string argument, DirectiveContext context)
    {
        if (argument.Length > 0) throw new CellDirectiveException($"{Name} takes nothing after it; it was given {argument}");
        Show(context);
        return Task.FromResult<CellError?>(null);
    }

    protected abstract void Show(DirectiveContext context);
}

/// <summary>What a directive may look at and change.</summary>
/// <param name="Kernel">The kernel whose cell is running.</param>
/// <param name="Source">The piece of code that the line stands in.</param>
/// <param name="Stop">Stops the cell.</param>
/// <param name="Timing">Takes the request to time the code of this part.</param>
internal sealed record DirectiveContext(CSharpKernel Kernel, CodeSource Source, CellStop Stop, PartTiming Timing)
{
    /// <summary>The assemblies that cells can use.</summary>
    public ScriptReferences References => Kernel.References;

    /// <summary>The whole path of a file named in the code.</summary>
    public string PathOf(string path) => Path.GetFullPath(path.Replace('\\', '/'), Source.Folder);
}

/// <summary>Whether the code of a part is timed.</summary>
internal sealed class PartTiming
{
    public bool IsWanted { get; set; }
}

/// <summary>Code and where it comes from: a cell, a file that it loads, a cell of a notebook that it imports.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Code">The code.</param>
/// <param name="Folder">The folder that relative paths start from.</param>
/// <param name="Files">The files that led here, the outermost first: one that loads itself would never end.</param>
/// <param name="ShowsValue">Whether the value of its last expression is shown.</param>
internal sealed record CodeSource(string Name, string Code, string Folder, IReadOnlyList<string> Files, bool ShowsValue = true);
