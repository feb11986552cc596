using EmpathyNotebooks.Host.Kernels.Packages;

namespace EmpathyNotebooks.Host.Kernels.Directives;

/// <summary>`#r "x.dll"` lets cells use an assembly, `#r "nuget: Name, Version"` a package.</summary>
internal sealed class ReferenceDirective : CellDirective
{
    public override string Name => "#r";

    public override string Usage => "#r \"path/to/assembly.dll\", #r \"nuget: Name, Version\"";

    public override string Help => "Lets cells use an assembly file, seen from the notebook, or a NuGet package (without a version, its newest).";

    public override async Task<CellError?> ApplyAsync(string argument, DirectiveContext context)
    {
        var what = Quoted(argument);
        if (!what.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
        {
            context.References.Add(what, context.Source.Folder);
            return null;
        }

        var package = PackageReference.Parse(what);
        if (IsOfThisHost(package))
        {
            var start = new CodeSource($"{package.Name}/extension.dib", "EmpathyNotebooks.Notebook.Start()", context.Source.Folder, context.Source.Files);
            return await context.Kernel.RunAsync(start, context.Stop).ConfigureAwait(false);
        }

        var added = await context.Kernel.Packages.AddAsync(package, context.Kernel.Folder, context.Stop.Interrupt).ConfigureAwait(false);
        // One line, however many assemblies it is about.
        if (context.References.Add(added) is { Count: > 0 } notes)
        {
            var others = notes.Count == 1 ? "" : FormattableString.Invariant($" So it is with {notes.Count - 1} more of its assemblies.");
            context.Kernel.Output.Write("stderr", notes[0] + others + "\n");
        }

        return await ExtensionAsync(added, context).ConfigureAwait(false);
    }

    // This program brings its own packages with it, published or not.
    private static bool IsOfThisHost(PackageReference package) =>
        package.Name.StartsWith("EmpathyNotebooks.", StringComparison.OrdinalIgnoreCase) && (package.Version == "*" || package.Version == AboutDirective.Version);

    // As .NET Interactive does: a package may bring a class or a script that registers how its values are shown.
    private static async Task<CellError?> ExtensionAsync(IReadOnlyList<RestoredPackage> added, DirectiveContext context)
    {
        foreach (var package in added)
        {
            foreach (var note in await PackageExtensions.RunAsync(package).ConfigureAwait(false)) context.Kernel.Output.Write("stderr", note + "\n");
            var file = Path.Combine(package.Folder, PackageExtensions.Folder, "extension.dib");
            if (!File.Exists(file)) continue;
            var cells = ImportDirective.SourcesOf(file, $"{package.Name}/extension.dib", context.Source);
            if (await CodeFile.RunAsync(cells, context).ConfigureAwait(false) is { } error) return error;
        }

        return null;
    }
}

/// <summary>`#i "nuget: place"` names another place to fetch packages from.</summary>
internal sealed class SourceDirective : CellDirective
{
    public override string Name => "#i";

    public override string Usage => "#i \"nuget: folder or address of a feed\"";

    public override string Help => "Fetches packages from a further NuGet feed, too; a folder is seen from the notebook.";

    public override Task<CellError?> ApplyAsync(string argument, DirectiveContext context)
    {
        var what = Quoted(argument);
        if (!what.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase) || what["nuget:".Length..].Trim() is not { Length: > 0 } place)
        {
            throw new CellDirectiveException($"#i {argument}: only NuGet feeds are known, as in {Usage}");
        }

        var isAddress = place.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || place.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isAddress)
        {
            place = context.PathOf(place);
            if (!Directory.Exists(place)) throw new CellDirectiveException($"#i {argument}: there is no such folder, seen from the folder of the notebook.");
        }

        context.Kernel.Packages.AddSource(place);
        return Task.FromResult<CellError?>(null);
    }
}
