namespace EmpathyNotebooks.Cli;

/// <summary>How a program of C# names the library.</summary>
internal static class CSharpLibrary
{
    /// <summary>As the package of this version.</summary>
    public static string Package => $"#:package EmpathyNotebooks.Interactive@{typeof(Notebook).Assembly.GetName().Version!.ToString(3)}";
}
