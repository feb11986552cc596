using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>
/// The assemblies that the cells of one kernel can use: all that the host was started with, and those it is given. All
/// live in the
/// default load context, so that a type is the same type in a cell, in the library and in the formatters.
/// </summary>
internal sealed class ScriptReferences
{
    private static readonly Lazy<IReadOnlyDictionary<string, MetadataReference>> Platform = new(() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(path => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            .GroupBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(
                group => group.Key!,
                MetadataReference (group) => MetadataReference.CreateFromFile(group.First()),
                StringComparer.OrdinalIgnoreCase));

    private readonly Dictionary<string, MetadataReference> _added = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gives the script engine the assemblies already loaded, so that it never loads a second copy.</summary>
    public InteractiveAssemblyLoader Loader { get; } = new();

    public IEnumerable<MetadataReference> All => Platform.Value.Values.Concat(_added.Values);

    /// <summary>Adds an assembly and what it needs from its folder. One that is loaded already is taken as it is.</summary>
    /// <param name="path">The path, or the simple name of an assembly the host has.</param>
    /// <param name="folder">The folder a relative path starts from.</param>
    /// <exception cref="CellDirectiveException">There is no such file, or it is not a .NET assembly.</exception>
    public void Add(string path, string folder)
    {
        var isFile = path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || path.AsSpan().ContainsAny('/', '\\');
        var name = isFile ? Path.GetFileNameWithoutExtension(path.Replace('\\', '/')) : path;
        if (Has(name))
        {
            return;
        }

        if (!isFile)
        {
            throw new CellDirectiveException(
                $"#r \"{path}\": no assembly of that name is loaded; give the path of its .dll file.");
        }

        var file = Path.GetFullPath(path.Replace('\\', '/'), folder);
        if (!File.Exists(file))
        {
            throw new CellDirectiveException($"#r \"{path}\": there is no such file, seen from the folder of the notebook.");
        }

        try
        {
            AddWithNeeds(AssemblyLoadContext.Default.LoadFromAssemblyPath(file), Path.GetDirectoryName(file)!);
        }
        catch (BadImageFormatException fault)
        {
            throw new CellDirectiveException($"#r \"{path}\": the file is not a .NET assembly.", fault);
        }
    }

    private bool Has(string name)
    {
        if (Platform.Value.ContainsKey(name) || _added.ContainsKey(name))
        {
            return true;
        }

        var loaded = AssemblyLoadContext.Default.Assemblies.FirstOrDefault(
            assembly => string.Equals(assembly.GetName().Name, name, StringComparison.OrdinalIgnoreCase));
        if (loaded is not { Location.Length: > 0 })
        {
            return false;
        }

        AddWithNeeds(loaded, Path.GetDirectoryName(loaded.Location)!);
        return true;
    }

    private void AddWithNeeds(Assembly assembly, string folder)
    {
        if (!_added.TryAdd(assembly.GetName().Name!, MetadataReference.CreateFromFile(assembly.Location)))
        {
            return;
        }

        Loader.RegisterDependency(assembly);
        foreach (var need in assembly.GetReferencedAssemblies())
        {
            var beside = Path.Combine(folder, need.Name + ".dll");
            if (!Has(need.Name!) && File.Exists(beside))
            {
                AddWithNeeds(AssemblyLoadContext.Default.LoadFromAssemblyPath(beside), folder);
            }
        }
    }
}
