using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EmpathyNotebooks.Host.Site.Api;

/// <summary>Which members of the library a piece of code asks values for: <c>fit.Heterogeneity</c> behind <c>var fit = RandomEffects.Fit(effects);</c>.</summary>
/// <remarks>By the declarations of the library alone, without a compilation: what does not follow from these is not followed.</remarks>
internal sealed class ApiExpressions
{
    private readonly ApiLibrary _library;
    private readonly Dictionary<string, SyntaxNode?> _variables = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Reads the variables of a piece of code.</summary>
    /// <param name="root">Its syntax.</param>
    /// <param name="library">The library.</param>
    /// <param name="isWhole">Whether it declares its variables itself; those of a cell may be others' that an earlier cell has declared, so that none is followed.</param>
    public ApiExpressions(SyntaxNode root, ApiLibrary library, bool isWhole)
    {
        _library = library;
        foreach (var node in root.DescendantNodes())
        {
            var name = node switch
            {
                VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
                ForEachStatementSyntax loop => loop.Identifier.ValueText,
                ParameterSyntax parameter => parameter.Identifier.ValueText,
                SingleVariableDesignationSyntax variable => variable.Identifier.ValueText,
                _ => null,
            };
            // One name for several things: none of them.
            if (name is not null && !_variables.TryAdd(name, isWhole ? node : null)) _variables[name] = null;
        }
    }

    /// <summary>The member that a name stands for; null when it is none of the library's, or that does not follow.</summary>
    public (ApiType Type, ApiMember Member)? Member(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Name == name => Owner(access.Expression) is { } owner ? _library.Member(owner, name.Identifier.ValueText) : null,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax { Parent: ExpressionSyntax made } } set when set.Left == name => Type(made) is { } type ? _library.Member(type, name.Identifier.ValueText) : null,
        _ => null,
    };

    // What stands before a dot: a type, or a value of one.
    private ITypeSymbol? Owner(ExpressionSyntax expression) => expression is IdentifierNameSyntax name && !_variables.ContainsKey(name.Identifier.ValueText) ? _library.Named(name.Identifier.ValueText)?.Symbol : Type(expression);

    private ITypeSymbol? Type(ExpressionSyntax? expression) => expression switch
    {
        IdentifierNameSyntax name => _variables.GetValueOrDefault(name.Identifier.ValueText) is { } declared ? Declared(name.Identifier.ValueText, declared) : null,
        MemberAccessExpressionSyntax access => Member(access.Name)?.Member.Symbol switch
        {
            IPropertySymbol property => property.Type,
            IFieldSymbol field => field.Type,
            _ => null,
        },
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax call } => Member(call.Name) is (var type, { Symbol: IMethodSymbol method }) ? Returned(type, method.Name) : null,
        ObjectCreationExpressionSyntax made => Named(made.Type),
        CastExpressionSyntax cast => Named(cast.Type),
        ParenthesizedExpressionSyntax inner => Type(inner.Expression),
        PostfixUnaryExpressionSyntax inner => Type(inner.Operand),
        WithExpressionSyntax changed => Type(changed.Expression),
        ElementAccessExpressionSyntax element => Element(Type(element.Expression)),
        _ => null,
    };

    private ITypeSymbol? Declared(string name, SyntaxNode declared)
    {
        // A variable that is made of itself.
        if (!_asked.Add(name)) return null;
        try
        {
            return declared switch
            {
                VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type.IsVar: true } } variable => Type(variable.Initializer?.Value),
                VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } => Named(declaration.Type),
                ForEachStatementSyntax { Type.IsVar: true } loop => Element(Type(loop.Expression)),
                ForEachStatementSyntax loop => Named(loop.Type),
                ParameterSyntax { Type: { } type } => Named(type),
                _ => null,
            };
        }
        finally
        {
            _asked.Remove(name);
        }
    }

    private INamedTypeSymbol? Named(TypeSyntax type) => type is IdentifierNameSyntax name ? _library.Named(name.Identifier.ValueText)?.Symbol : null;

    // Overloads that give different things leave it open.
    private static ITypeSymbol? Returned(ApiType type, string method)
    {
        ITypeSymbol[] all = [.. type.Members.Select(member => member.Symbol).OfType<IMethodSymbol>().Where(one => one.Name == method).Select(one => one.ReturnType).Distinct<ITypeSymbol>(SymbolEqualityComparer.Default)];
        return all is [not ITypeParameterSymbol and var only] ? only : null;
    }

    private static ITypeSymbol? Element(ITypeSymbol? list) => list switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { TypeArguments: [var element], Name: "ImmutableArray" or "IReadOnlyList" or "IEnumerable" or "IReadOnlyCollection" or "List" } => element,
        _ => null,
    };
}
