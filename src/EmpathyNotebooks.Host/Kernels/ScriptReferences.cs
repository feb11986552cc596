using System.Reflection;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using EmpathyNotebooks.Host.Kernels.Language;
using EmpathyNotebooks.Host.Kernels.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>
/// The assemblies that the cells of one kernel can use: all that the host was started with, and those it is given. All
/// live in the default load context, so that a type is the same type in a cell, in the library and in the formatters.
/// </summary>
internal sealed class ScriptReferences
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Platform = new(() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(path => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            .GroupBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key!, group => group.First(), StringComparer.OrdinalIgnoreCase));

    // The compiler keeps what it has read of an assembly in its reference. Two compilations that read at the same time would each find half of the
    // other's, and take one type for two. So one compilation reads all of it before any other and is kept for as long as the process lasts: every
    // kernel finds the whole of it there, and a kernel after the first costs a thirtieth of one that reads it again.
    private static readonly Lazy<(IReadOnlyList<MetadataReference> References, Compilation Reader)> OfPlatform = new(() =>
    {
        MetadataReference[] references = [.. Platform.Value.Values.Select(Reference)];
        var reader = CSharpScript.Create("", ScriptOptions.Default.WithReferences(references)).GetCompilation();
        foreach (var reference in references) reader.GetAssemblyOrModuleSymbol(reference);
        return (references, reader);
    });

    // What packages bring is found by name when something asks for it. The default load context is one for the process.
    private static readonly Dictionary<string, string> PackageAssemblies = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Dictionary<string, string> NativeLibraries = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Lock Packages = new();

    private readonly Dictionary<string, string> _added = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<MetadataReference> _own = [];

    static ScriptReferences()
    {
        AssemblyLoadContext.Default.Resolving += (context, name) => Find(PackageAssemblies, name.Name) is { } file ? context.LoadFromAssemblyPath(file) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            Find(NativeLibraries, name) is { } file ? NativeLibrary.Load(file) : IntPtr.Zero;
    }

    /// <summary>Gives the script engine the assemblies already loaded, so that it never loads a second copy.</summary>
    public InteractiveAssemblyLoader Loader { get; } = new();

    /// <summary>What cells are compiled with: what the host was started with, which all kernels share, then what this kernel was given, which is its own.</summary>
    public IEnumerable<MetadataReference> All => OfPlatform.Value.References.Concat(_own);

    /// <summary>The same assemblies, to be read anew: for completion, which compiles while cells do.</summary>
    public IEnumerable<string> Paths => Platform.Value.Values.Concat(_added.Values);

    /// <summary>An assembly with its documentation. Of its file the metadata alone are read: the code of some 240 assemblies, read for cells and again for completion, took another 200 MB.</summary>
    public static MetadataReference Reference(string path)
    {
        using var file = File.OpenRead(path);
        return AssemblyMetadata.Create(ModuleMetadata.CreateFromStream(file, PEStreamOptions.PrefetchMetadata)).GetReference(AssemblyDocumentation.For(path), filePath: path);
    }

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

    /// <summary>Adds the assemblies and native libraries of packages. What the process has already is taken as it is.</summary>
    /// <returns>A note for every assembly that is older than the one of its package.</returns>
    /// <exception cref="CellDirectiveException">A file is not a .NET assembly.</exception>
    public IReadOnlyList<string> Add(IReadOnlyList<RestoredPackage> packages)
    {
        lock (Packages)
        {
            foreach (var file in packages.SelectMany(package => package.Assemblies)) PackageAssemblies.TryAdd(Path.GetFileNameWithoutExtension(file), file);
            foreach (var file in packages.SelectMany(package => package.NativeFiles))
            {
                var name = Path.GetFileNameWithoutExtension(file);
                NativeLibraries.TryAdd(Path.GetFileName(file), file);
                NativeLibraries.TryAdd(name, file);
                if (name.StartsWith("lib", StringComparison.Ordinal)) NativeLibraries.TryAdd(name[3..], file);
            }
        }

        var notes = new List<string>();
        foreach (var package in packages)
        {
            foreach (var file in package.Assemblies)
            {
                if (Has(Path.GetFileNameWithoutExtension(file)))
                {
                    if (OlderThan(file) is { } older) notes.Add($"{package.Name} {package.Version} brings {older}");
                    continue;
                }

                try
                {
                    AddWithNeeds(AssemblyLoadContext.Default.LoadFromAssemblyPath(file), Path.GetDirectoryName(file)!);
                }
                catch (BadImageFormatException fault)
                {
                    throw new CellDirectiveException($"{package.Name} {package.Version}: {Path.GetFileName(file)} is not a .NET assembly.", fault);
                }
            }
        }

        return notes;
    }

    private static string? OlderThan(string file)
    {
        var wanted = AssemblyName.GetAssemblyName(file);
        var there = Assembly.Load(new AssemblyName(wanted.Name!)).GetName().Version;
        return there < wanted.Version
            ? $"{wanted.Name} {wanted.Version}; the kernel has {there} in use already, and that is used instead."
            : null;
    }

    private static string? Find(Dictionary<string, string> files, string? name)
    {
        lock (Packages)
        {
            return name is null ? null : files.GetValueOrDefault(name);
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
        if (!_added.TryAdd(assembly.GetName().Name!, assembly.Location))
        {
            return;
        }

        _own.Add(Reference(assembly.Location));

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
