namespace EmpathyNotebooks.Host.Kernels.Directives;

/// <summary>The magics of .NET Interactive's own kernel that this one does not have, each with what to do instead.</summary>
internal static class OtherKernels
{
    private const string Languages = "this kernel runs C# and shows Markdown, HTML and JavaScript";
    private const string Sharing = "here all cells are C#, and a variable of one is there in every later one by its name";

    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["#!share"] = Sharing,
        ["#!value"] = "here a text is a variable, as in var text = \"\"\"...\"\"\"; or File.ReadAllText(\"...\")",
        ["#!set"] = Sharing,
        ["#!connect"] = "here there is this one kernel, and databases and services are reached by their packages (#r \"nuget: ...\")",
        ["#!fsharp"] = Languages,
        ["#!f#"] = Languages,
        ["#!pwsh"] = Languages,
        ["#!powershell"] = Languages,
        ["#!sql"] = Languages,
        ["#!kql"] = Languages,
        ["#!python"] = Languages,
        ["#!r"] = Languages,
        ["#!http"] = "here requests are made by System.Net.Http.HttpClient",
        ["#!mermaid"] = "here a drawing is SVG(\"...\") or a picture's file: the program that draws Mermaid's is not part of this kernel",
        ["#!vscode"] = Languages,
        ["#!log"] = "here is nothing like it",
        ["#!meta"] = "here is nothing like it",
    };

    /// <summary>The error for a magic that only .NET Interactive's own kernel has; null when it has none of that name either.</summary>
    public static CellDirectiveException? Refusal(string name) => Known.TryGetValue(name, out var instead)
        ? new CellDirectiveException($"{name} is known to .NET Interactive's own kernel, and not to this one; {instead}.")
        : null;
}
