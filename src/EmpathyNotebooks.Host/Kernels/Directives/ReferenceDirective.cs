namespace EmpathyNotebooks.Host.Kernels.Directives;

/// <summary>`#r "x.dll"`: lets cells use an assembly, found from the folder of the notebook.</summary>
internal sealed class ReferenceDirective : CellDirective
{
    public override string Name => "#r";

    public override string Usage => "#r \"path/to/assembly.dll\"";

    public override void Apply(string argument, DirectiveContext context)
    {
        if (argument.Length < 3 || argument[0] != '"' || argument.IndexOf('"', 1) != argument.Length - 1)
        {
            throw new CellDirectiveException($"#r takes one path in quotation marks, as in {Usage}; it was given {argument}");
        }

        var path = argument[1..^1].Trim();
        if (path.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
        {
            throw new CellDirectiveException(
                $"{Name} {argument}: packages cannot be fetched by this kernel; reference an assembly file, as in {Usage}");
        }

        context.References.Add(path, context.Folder);
    }
}
