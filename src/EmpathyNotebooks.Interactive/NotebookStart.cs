using System.Reflection;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks;

/// <summary>What <see cref="Notebook.Start"/> returns: shown, it says what is loaded.</summary>
public sealed class NotebookStart
{
    internal NotebookStart()
    {
    }

    /// <summary>The version of EmpathyNotebooks.</summary>
    public string Version { get; } =
        typeof(NotebookStart).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>How tables and charts mark where their numbers come from.</summary>
    public static string DataLabels =>
        $"Every table and chart says where its numbers come from: “{new DataOrigin(DataKind.Published, "source").Label}” are printed in a "
        + $"publication, “{new DataOrigin(DataKind.Simulated, "name").Label}” were drawn by a random generator and are no evidence.";

    /// <summary>The same in plain text.</summary>
    public override string ToString() => $"EmpathyNotebooks {Version}. {DataLabels}";
}
