using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EmpathyNotebooks.Host.Conversion;

/// <summary>Gives what cells declare names that are unique in one program.</summary>
internal sealed class ProgramNames
{
    // A name at the top is there for the whole program; one within a block must differ from it, but not from that of another block.
    private readonly HashSet<string> _atTop = new(StringComparer.Ordinal);
    private readonly HashSet<string> _within = new(StringComparer.Ordinal);
    private readonly HashSet<ISymbol> _declared = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, string> _renamed = new(SymbolEqualityComparer.Default);

    /// <summary>The code with the names that the program has for what it declares and uses.</summary>
    public SyntaxNode Rename(SyntaxNode root, SemanticModel model)
    {
        foreach (var node in root.DescendantNodes())
        {
            if (model.GetDeclaredSymbol(node) is { } symbol) Declare(symbol, node);
        }

        var tokens = new Dictionary<SyntaxToken, string>();
        foreach (var node in root.DescendantNodes())
        {
            var symbol = node is SimpleNameSyntax ? model.GetSymbolInfo(node).Symbol : model.GetDeclaredSymbol(node);
            if (symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor) symbol = constructor.ContainingType;
            if (symbol is not null && _renamed.TryGetValue(symbol.OriginalDefinition, out var name) && NameToken(node, symbol.Name) is { } token) tokens[token] = name;
        }

        return tokens.Count == 0 ? root : root.ReplaceTokens(tokens.Keys, (token, _) =>
            SyntaxFactory.Identifier(token.LeadingTrivia, tokens[token], token.TrailingTrivia));
    }

    private void Declare(ISymbol symbol, SyntaxNode node)
    {
        var isAtTop = symbol is IFieldSymbol or INamedTypeSymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary } && symbol.ContainingType?.IsScriptClass == true;
        var isWithin = symbol is ILocalSymbol or IRangeVariableSymbol && !node.Ancestors().Any(ancestor => ancestor is AnonymousFunctionExpressionSyntax
            or BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or BaseTypeDeclarationSyntax or PropertyDeclarationSyntax);
        if ((!isAtTop && !isWithin) || !_declared.Add(symbol)) return;
        var name = symbol.Name;
        for (var n = 2; _atTop.Contains(name) || (isAtTop && _within.Contains(name)); n++) name = string.Create(CultureInfo.InvariantCulture, $"{symbol.Name}{n}");
        (isAtTop ? _atTop : _within).Add(name);
        if (name != symbol.Name) _renamed.Add(symbol, name);
    }

    private static SyntaxToken? NameToken(SyntaxNode node, string name)
    {
        var token = node switch
        {
            SimpleNameSyntax simple => simple.Identifier,
            VariableDeclaratorSyntax variable => variable.Identifier,
            SingleVariableDesignationSyntax designation => designation.Identifier,
            ForEachStatementSyntax loop => loop.Identifier,
            FromClauseSyntax clause => clause.Identifier,
            LetClauseSyntax clause => clause.Identifier,
            JoinClauseSyntax clause => clause.Identifier,
            CatchDeclarationSyntax declaration => declaration.Identifier,
            MethodDeclarationSyntax method => method.Identifier,
            ConstructorDeclarationSyntax constructor => constructor.Identifier,
            BaseTypeDeclarationSyntax type => type.Identifier,
            DelegateDeclarationSyntax type => type.Identifier,
            _ => default,
        };
        return token.ValueText == name ? token : null;
    }
}
