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
    public abstract string Usage { get; }

    /// <summary>Does what the line asks for, before the code of the cell is compiled.</summary>
    /// <param name="argument">The rest of the line, trimmed.</param>
    /// <param name="context">What a directive may change.</param>
    /// <exception cref="CellDirectiveException">It cannot be done; the message says why and what would be right.</exception>
    public abstract void Apply(string argument, DirectiveContext context);
}

/// <summary>What a directive may look at and change.</summary>
/// <param name="Folder">The folder of the notebook.</param>
/// <param name="References">The assemblies that cells can use.</param>
internal sealed record DirectiveContext(string Folder, ScriptReferences References);
