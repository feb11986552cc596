using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace EmpathyNotebooks.Host.Kernels.Directives;

/// <summary>`#!time` says how long the code below it took.</summary>
internal sealed class TimeDirective : CellDirective
{
    public override string Name => "#!time";

    public override string Help => "Says how long the code of the cell took.";

    public override Task<CellError?> ApplyAsync(string argument, DirectiveContext context)
    {
        if (argument.Length > 0) throw new CellDirectiveException($"{Name} takes nothing after it; it was given {argument}");
        context.Timing.IsWanted = true;
        return Task.FromResult<CellError?>(null);
    }
}

/// <summary>`#!who` names the variables.</summary>
internal sealed class WhoDirective : ShowingDirective
{
    public override string Name => "#!who";

    public override string Help => "Names the variables that there are.";

    protected override void Show(DirectiveContext context) =>
        context.Kernel.Output.Write("stdout", string.Join("  ", context.Kernel.Variables.Select(variable => variable.Name)) + "\n");
}

/// <summary>`#!whos` names the variables with their types and values.</summary>
internal sealed class WhosDirective : ShowingDirective
{
    private const int MostOfAValue = 80;

    public override string Name => "#!whos";

    public override string Help => "Names the variables that there are, with their types and values.";

    protected override void Show(DirectiveContext context)
    {
        var rows = context.Kernel.Variables.Select(variable => (variable.Name, Type: TypeName.Of(variable.Type), Value: Short(variable.Value)))
            .Prepend((Name: "Name", Type: "Type", Value: "Value")).ToList();
        var (name, type) = (rows.Max(row => row.Name.Length), rows.Max(row => row.Type.Length));
        var text = new StringBuilder();
        foreach (var row in rows) text.Append(row.Name.PadRight(name + 2)).Append(row.Type.PadRight(type + 2)).Append(row.Value).Append('\n');
        context.Kernel.Output.Write("stdout", text.ToString());
    }

    private static string Short(object? value)
    {
        var text = (Convert.ToString(value, CultureInfo.InvariantCulture) ?? "<null>").ReplaceLineEndings(" ");
        return text.Length <= MostOfAValue ? text : text[..(MostOfAValue - 3)] + "...";
    }
}

/// <summary>`#!lsmagic` lists the directives.</summary>
internal sealed class MagicsDirective : ShowingDirective
{
    public override string Name => "#!lsmagic";

    public override string Help => "Lists what a cell can ask of the kernel.";

    protected override void Show(DirectiveContext context)
    {
        var text = new StringBuilder();
        foreach (var directive in CellDirectives.Known) text.Append($"{directive.Usage}\n    {directive.Help}\n");
        text.Append($"{string.Join(", ", CellParts.Selectors)}\n    What follows is in this language, up to the next such line.\n");
        context.Kernel.Output.Write("stdout", text.ToString());
    }
}

/// <summary>`#!about` says what is running.</summary>
internal sealed class AboutDirective : ShowingDirective
{
    public override string Name => "#!about";

    public override string Help => "Says which kernel, .NET and system this is.";

    protected override void Show(DirectiveContext context) => context.Kernel.Output.Write("stdout",
        $"EmpathyNotebooks kernel {Version}, C# by Roslyn, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}\n");

    /// <summary>The version of this kernel.</summary>
    public static string Version { get; } =
        typeof(AboutDirective).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}

/// <summary>The name of a type as C# writes it.</summary>
internal static class TypeName
{
    public static string Of(Type type)
    {
        if (type.IsArray) return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (!type.IsGenericType) return type.Name;
        var name = type.Name.Split('`')[0];
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }
}
