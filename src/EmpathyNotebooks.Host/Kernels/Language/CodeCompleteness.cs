using EmpathyNotebooks.Host.Kernels.Directives;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EmpathyNotebooks.Host.Kernels.Language;

/// <summary>Whether code that is being typed could be run as it stands.</summary>
internal static class CodeCompleteness
{
    private const int IndentSize = 4;

    /// <summary>The status by Jupyter's word, and for incomplete code the spaces that the next line begins with.</summary>
    public static (string Status, string Indent) Of(string code)
    {
        var parts = CellParts.Split(code);
        if (parts.Count == 0 || parts[^1].Language != PartLanguage.CSharp) return ("complete", "");
        var (text, _) = CellDirectives.Split(parts[^1].Text);
        var tree = CSharpSyntaxTree.ParseText(text, CSharpKernel.ScriptSyntax);
        if (ClosesWhatIsNotOpen(text)) return ("invalid", "");
        if (!SyntaxFactory.IsCompleteSubmission(tree)) return ("incomplete", Indent(tree.GetRoot()));
        return (tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) ? "invalid" : "complete", "");
    }

    // The compiler takes such a bracket for the end of what is still to come; nothing that follows it can mend it.
    private static bool ClosesWhatIsNotOpen(string text)
    {
        var open = new Stack<SyntaxKind>();
        foreach (var token in SyntaxFactory.ParseTokens(text, options: CSharpKernel.ScriptSyntax))
        {
            var opener = token.Kind() switch
            {
                SyntaxKind.CloseParenToken => SyntaxKind.OpenParenToken,
                SyntaxKind.CloseBracketToken => SyntaxKind.OpenBracketToken,
                SyntaxKind.CloseBraceToken => SyntaxKind.OpenBraceToken,
                _ => SyntaxKind.None,
            };
            if (opener != SyntaxKind.None && (!open.TryPop(out var last) || last != opener)) return true;
            if (token.Kind() is SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken or SyntaxKind.OpenBraceToken) open.Push(token.Kind());
        }

        return false;
    }

    private static string Indent(SyntaxNode root)
    {
        var depth = 0;
        foreach (var token in root.DescendantTokens().Where(token => !token.IsMissing))
        {
            if (token.IsKind(SyntaxKind.OpenBraceToken)) depth++;
            if (token.IsKind(SyntaxKind.CloseBraceToken)) depth--;
        }

        return new string(' ', Math.Max(0, depth) * IndentSize);
    }
}
