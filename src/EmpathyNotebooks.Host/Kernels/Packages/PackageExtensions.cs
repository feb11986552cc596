using System.Reflection;
using System.Runtime.Loader;

namespace EmpathyNotebooks.Host.Kernels.Packages;

/// <summary>
/// Runs the notebook extensions that packages bring for .NET Interactive as classes: they register how the package's values are shown. A class needs
/// .NET Interactive's own assemblies; where its package does not bring them, that is said.
/// </summary>
internal static class PackageExtensions
{
    /// <summary>Where a package keeps its extensions.</summary>
    public const string Folder = "interactive-extensions/dotnet";

    private const string Contract = "Microsoft.DotNet.Interactive.IKernelExtension";

    // What these register would load plotly.js from the network or stand in the way of the table that there is.
    private static readonly string[] ShownHere = ["Plotly.NET.Interactive", "Microsoft.Data.Analysis"];

    /// <summary>Runs the classes of a package.</summary>
    /// <returns>A line for each that could not be run.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(RestoredPackage package)
    {
        var folder = Path.Combine(package.Folder, Folder);
        if (ShownHere.Contains(package.Name, StringComparer.OrdinalIgnoreCase) || !Directory.Exists(folder)) return [];
        var notes = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
        {
            try
            {
                await RunAsync(AssemblyLoadContext.Default.LoadFromAssemblyPath(file)).ConfigureAwait(false);
            }
            catch (Exception fault)
            {
                // Whatever an extension does, the package itself is there, and its values are shown as others are.
                var cause = fault is TargetInvocationException { InnerException: { } inner } ? inner : fault;
                var reason = cause is FileNotFoundException or FileLoadException or TypeLoadException or ReflectionTypeLoadException
                    ? "it needs assemblies of .NET Interactive's own kernel" : $"{cause.GetType().Name}: {cause.Message}";
                notes.Add($"{package.Name} {package.Version} brings a notebook extension, {Path.GetFileName(file)}, that does not run here ({reason}); "
                    + "its values are shown without it.");
            }
        }

        return notes;
    }

    private static async Task RunAsync(Assembly assembly)
    {
        foreach (var type in assembly.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false }))
        {
            if (type.GetInterface(Contract) is not { } contract) continue;
            var load = contract.GetMethod("OnLoadAsync")!;
            // An extension is handed a kernel of .NET Interactive. This one answers nothing; what is registered with the formatter is for all.
            var kernel = load.GetParameters()[0].ParameterType.Assembly.GetType("Microsoft.DotNet.Interactive.CompositeKernel", throwOnError: true)!;
            await ((Task)load.Invoke(Activator.CreateInstance(type), [Activator.CreateInstance(kernel)])!).ConfigureAwait(false);
        }
    }
}
