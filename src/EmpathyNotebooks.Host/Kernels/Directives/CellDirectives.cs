using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EmpathyNotebooks.Host.Kernels.Directives;

/// <summary>
/// Finds the directives of a cell by the compiler's own parser, so that text inside a string is never taken for one.
/// </summary>
internal static class CellDirectives
{
    /// <summary>The directives the kernel answers.</summary>
    public static IReadOnlyList<CellDirective> Known { get; } =
    [
        new ReferenceDirective(), new SourceDirective(), new LoadDirective(), new ImportDirective(), new TimeDirective(),
        new WhoDirective(), new WhosDirective(), new MagicsDirective(), new AboutDirective(),
    ];

    private static readonly CSharpParseOptions Script = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>One directive: where it stands, the one that answers it (null when none does), and its argument.</summary>
    public sealed record Found(int Line, int Start, int End, string Name, string Argument, CellDirective? Directive);

    /// <summary>Splits code into its directives and the rest with those lines blanked, so that line numbers stay.</summary>
    public static (string Code, IReadOnlyList<Found> Directives) Split(string code)
    {
        if (!code.Contains('#'))
        {
            return (code, []);
        }

        var text = code.ToCharArray();
        var found = new List<Found>();
        foreach (var (directive, isActive) in Find(code))
        {
            if (isActive) found.Add(directive);
            // Also in code that an #if leaves out: the compiler would look for the file there, too.
            Array.Fill(text, ' ', directive.Start, directive.End - directive.Start);
        }

        return (new string(text), found);
    }

    /// <summary>The error for a line that nothing answers.</summary>
    public static CellDirectiveException Unknown(string name) => OtherKernels.Refusal(name) ?? new(
        $"{name} is not understood here; known are: {string.Join(", ", Usages)}");

    /// <summary>How every directive and change of language is written.</summary>
    public static IEnumerable<string> Usages => Known.Select(directive => directive.Usage).Concat(CellParts.Selectors);

    internal static IEnumerable<(Found Directive, bool IsActive)> Find(string code)
    {
        var root = CSharpSyntaxTree.ParseText(code, Script).GetRoot();
        foreach (var trivia in root.DescendantTrivia().Where(trivia => trivia.IsDirective))
        {
            var syntax = (DirectiveTriviaSyntax)trivia.GetStructure()!;
            if (IsForTheCompiler(syntax))
            {
                continue;
            }

            var line = syntax.SyntaxTree.GetLineSpan(syntax.Span).StartLinePosition.Line;
            // To the end of the line: the parser ends a directive it does not know after its name.
            var end = code.IndexOfAny(['\r', '\n'], syntax.SpanStart);
            end = end < 0 ? code.Length : end;
            var (name, argument) = Parts(code[syntax.SpanStart..end]);
            var known = Known.FirstOrDefault(directive => directive.Name == name);
            yield return (new Found(line + 1, syntax.SpanStart, end, name, argument, known), syntax.IsActive);
        }
    }

    private static bool IsForTheCompiler(DirectiveTriviaSyntax syntax) => syntax.Kind() is
        SyntaxKind.IfDirectiveTrivia or SyntaxKind.ElifDirectiveTrivia or SyntaxKind.ElseDirectiveTrivia
        or SyntaxKind.EndIfDirectiveTrivia or SyntaxKind.RegionDirectiveTrivia or SyntaxKind.EndRegionDirectiveTrivia
        or SyntaxKind.DefineDirectiveTrivia or SyntaxKind.UndefDirectiveTrivia or SyntaxKind.ErrorDirectiveTrivia
        or SyntaxKind.WarningDirectiveTrivia or SyntaxKind.LineDirectiveTrivia or SyntaxKind.LineSpanDirectiveTrivia
        or SyntaxKind.PragmaWarningDirectiveTrivia or SyntaxKind.PragmaChecksumDirectiveTrivia
        or SyntaxKind.NullableDirectiveTrivia;

    private static (string Name, string Argument) Parts(string line)
    {
        var end = line.IndexOfAny([' ', '\t', '"']);
        return end < 0 ? (line.Trim(), "") : (line[..end], line[end..].Trim());
    }
}
