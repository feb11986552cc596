using System.Text.Json.Nodes;
using EmpathyNotebooks.Host.Kernels.Directives;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>What the kernel says of itself.</summary>
internal static class KernelInfo
{
    /// <summary>The language as the metadata of notebooks name it.</summary>
    public const string LanguageName = "C#";

    public static JsonObject Content() => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = WireFormat.ProtocolVersion,
        ["implementation"] = "EmpathyNotebooks",
        ["implementation_version"] = AboutDirective.Version,
        ["language_info"] = new JsonObject
        {
            ["name"] = LanguageName,
            ["version"] = "14.0",
            ["mimetype"] = "text/x-csharp",
            ["file_extension"] = ".cs",
            ["pygments_lexer"] = "csharp",
            ["codemirror_mode"] = "text/x-csharp",
        },
        ["banner"] = $"EmpathyNotebooks {AboutDirective.Version}: C# for meta-analysis. #!lsmagic lists what else a cell can ask for.",
        ["help_links"] = new JsonArray(),
        ["debugger"] = false,
    };
}
