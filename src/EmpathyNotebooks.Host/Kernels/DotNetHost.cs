using System.Runtime.InteropServices;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>The `dotnet` that runs this process.</summary>
public static class DotNetHost
{
    /// <summary>Its whole path; `dotnet`, to be found on the path, where it does not lie above the runtime.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var root = System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..");
        var file = System.IO.Path.GetFullPath(System.IO.Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(file) ? file : "dotnet";
    }
}
