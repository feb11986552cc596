using EmpathyNotebooks.Host.Kernels.Directives;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EmpathyNotebooks.Host.Kernels.Language;

/// <summary>Finds what a place of code means, and says what is known of it: its declaration, its overloads, its documentation.</summary>
internal sealed class ScriptHelp(CSharpKernel kernel)
{
    private static readonly SymbolDisplayFormat Declaration = SymbolDisplayFormat.MinimallyQualifiedFormat
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeContainingType | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue)
        .WithKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeNamespaceKeyword);

    /// <summary>Help on what stands at, or just before, the place; null when there is nothing to say.</summary>
    /// <param name="code">The code.</param>
    /// <param name="position">The place, in characters from 0 to the length of the code.</param>
    /// <param name="withDetails">Whether remarks and examples are wanted, too.</param>
    public HelpText? Find(string code, int position, bool withDetails)
    {
        if (FindDirective(code, position) is { } directive) return directive;
        var compilation = kernel.ScriptOf(CellDirectives.Split(code).Code, "help").GetCompilation();
        var tree = compilation.SyntaxTrees.Single();
        var model = compilation.GetSemanticModel(tree);
        foreach (var node in Candidates(tree.GetRoot(), position))
        {
            var symbols = SymbolsOf(model, node);
            if (symbols.Count > 0) return HelpText.Of([.. symbols.Select(symbol => Entry(symbol, withDetails))]);
        }

        return null;
    }

    private static HelpText? FindDirective(string code, int position)
    {
        var start = position == 0 ? 0 : code.LastIndexOf('\n', position - 1) + 1;
        var line = code[start..].Split('\n')[0].Trim();
        return line.StartsWith('#') && CellDirectives.Known.FirstOrDefault(known => line.Split(' ', '"')[0] == known.Name) is { } directive
            ? HelpText.Of([new HelpEntry(directive.Usage, directive.Help, [])])
            : null;
    }

    // The name that touches the place; else what is being called around it.
    private static IEnumerable<SyntaxNode> Candidates(SyntaxNode root, int position)
    {
        var token = root.FindToken(position);
        if (token.SpanStart >= position && token.GetPreviousToken() is { RawKind: not 0 } before
            && (before.Span.End == position || !token.IsKind(SyntaxKind.IdentifierToken)))
        {
            if (!IsName(token) || token.SpanStart > position) token = before;
        }

        if (IsName(token) && token.Parent is { } named) yield return named;
        foreach (var around in token.Parent?.AncestorsAndSelf() ?? [])
        {
            switch (around)
            {
                case ArgumentListSyntax { Parent: InvocationExpressionSyntax call }:
                    yield return call.Expression;
                    break;
                case ArgumentListSyntax { Parent: BaseObjectCreationExpressionSyntax creation }:
                    yield return creation;
                    break;
            }
        }
    }

    private static bool IsName(SyntaxToken token) => token.IsKind(SyntaxKind.IdentifierToken) || SyntaxFacts.IsPredefinedType(token.Kind());

    private static List<ISymbol> SymbolsOf(SemanticModel model, SyntaxNode node)
    {
        if (model.GetDeclaredSymbol(node) is { } declared) return [declared];
        // `x.Name` as a whole knows of the overloads, the name within it too.
        if (node is SimpleNameSyntax or MemberAccessExpressionSyntax && model.GetMemberGroup(node) is { Length: > 0 } group) return [.. group];
        var info = model.GetSymbolInfo(node);
        var found = info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols.ToList();
        if (node is BaseObjectCreationExpressionSyntax && found.FirstOrDefault() is IMethodSymbol constructor)
        {
            return [.. constructor.ContainingType.InstanceConstructors.Where(one => one.DeclaredAccessibility == Accessibility.Public)];
        }

        return found;
    }

    private static HelpEntry Entry(ISymbol symbol, bool withDetails)
    {
        var title = symbol.ToDisplayString(Declaration);
        var type = symbol switch
        {
            IFieldSymbol field => field.Type,
            ILocalSymbol local => local.Type,
            IPropertySymbol property => property.Type,
            IParameterSymbol parameter => parameter.Type,
            _ => null,
        };
        // A variable of a cell is a field of a class that nobody knows of.
        if (symbol is IFieldSymbol { ContainingType.IsScriptClass: true } variable) title = $"{variable.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} {variable.Name}";
        var (summary, sections) = DocumentationText.Of(symbol, withDetails);
        if (summary.Length == 0 && type is not null) (summary, sections) = DocumentationText.Of(type, withDetails);
        return new HelpEntry(title, summary, sections);
    }
}
