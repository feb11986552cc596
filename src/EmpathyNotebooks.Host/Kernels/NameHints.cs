using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>What a line that does not compile may have meant: the nearest name, the namespace of a type, the arguments that a method takes.</summary>
internal static class NameHints
{
    private const int MostSignatures = 3;

    private static readonly SymbolDisplayFormat Signature = new(
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeContainingType,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>A sentence for an error of the compiler; null when there is nothing to say.</summary>
    public static string? For(Diagnostic error, Compilation compilation)
    {
        if (!error.Location.IsInSource) return null;
        var tree = error.Location.SourceTree!;
        var node = tree.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true);
        var model = compilation.GetSemanticModel(tree);
        return error.Id switch
        {
            "CS0117" or "CS1061" => Member(node, model),
            "CS0103" => Name(node, model, compilation, isType: false),
            "CS0246" => Name(node, model, compilation, isType: true),
            "CS1501" or "CS7036" or "CS1503" or "CS1739" or "CS1729" => Arguments(node, model),
            _ => null,
        };
    }

    private static string? Member(SyntaxNode node, SemanticModel model)
    {
        var name = node.FirstAncestorOrSelf<SimpleNameSyntax>();
        if (name?.Parent is not MemberAccessExpressionSyntax access || access.Name != name) return null;
        var symbol = model.GetSymbolInfo(access.Expression).Symbol;
        var isStatic = symbol is INamedTypeSymbol;
        var type = symbol as ITypeSymbol ?? model.GetTypeInfo(access.Expression).Type;
        if (type is null or IErrorTypeSymbol) return null;
        var names = model.LookupSymbols(access.SpanStart, type, includeReducedExtensionMethods: !isStatic)
            .Where(member => member.CanBeReferencedByName && member.IsStatic == isStatic || member is IMethodSymbol { MethodKind: MethodKind.ReducedExtension })
            .Select(member => member.Name);
        return Nearest(name.Identifier.ValueText, names) is { } nearest ? $"Did you mean {(isStatic ? type.Name + "." : "")}{nearest}?" : null;
    }

    private static string? Name(SyntaxNode node, SemanticModel model, Compilation compilation, bool isType)
    {
        if (node.FirstAncestorOrSelf<SimpleNameSyntax>() is not { } name) return null;
        var text = name.Identifier.ValueText;
        // A type that is there under this very name, in a namespace that the notebook does not use, is what was meant.
        if (Namespace(text, compilation.GlobalNamespace) is { } place) return $"{text} is in {place}: add using {place};";
        var names = model.LookupSymbols(node.SpanStart)
            .Where(symbol => symbol.CanBeReferencedByName && (!isType || symbol is INamespaceOrTypeSymbol)).Select(symbol => symbol.Name);
        return Nearest(text, names) is { } nearest ? $"Did you mean {nearest}?" : null;
    }

    private static string? Arguments(SyntaxNode node, SemanticModel model)
    {
        SyntaxNode? call = node.FirstAncestorOrSelf<SyntaxNode>(one => one is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax);
        // The error of a call stands at the name that is called.
        if (call is null) return null;
        var candidates = (call is InvocationExpressionSyntax invocation ? model.GetMemberGroup(invocation.Expression) : model.GetMemberGroup(call))
            .OfType<IMethodSymbol>().ToList();
        if (candidates.Count == 0) return null;
        var shown = candidates.Take(MostSignatures).Select(method => method.ToDisplayString(Signature));
        var more = candidates.Count > MostSignatures ? $", and {candidates.Count - MostSignatures} more" : "";
        return $"It is called as {string.Join(" or ", shown)}{more}.";
    }

    private static string? Namespace(string name, INamespaceSymbol root)
    {
        var found = new List<string>();
        Look(root);
        // Ours first, then the shortest: a reader of these notebooks means them.
        return found.OrderBy(place => !place.StartsWith("EmpathyNotebooks", StringComparison.Ordinal)).ThenBy(place => place.Length)
            .ThenBy(place => place, StringComparer.Ordinal).FirstOrDefault();

        void Look(INamespaceSymbol space)
        {
            if (!space.IsGlobalNamespace && space.GetTypeMembers(name).Any(type => type.DeclaredAccessibility == Accessibility.Public)) found.Add(space.ToDisplayString());
            foreach (var inner in space.GetNamespaceMembers()) Look(inner);
        }
    }

    /// <summary>The name that differs only in capitals, or by few letters; null when none is near.</summary>
    internal static string? Nearest(string name, IEnumerable<string> names)
    {
        string? best = null;
        var bestDistance = Math.Max(1, name.Length / 3) + 1;
        foreach (var other in names.Distinct(StringComparer.Ordinal).Where(other => other != name).Order(StringComparer.Ordinal))
        {
            var distance = other.Equals(name, StringComparison.OrdinalIgnoreCase) ? 0 : Math.Max(1, Distance(name.ToUpperInvariant(), other.ToUpperInvariant(), bestDistance));
            if (distance < bestDistance) (best, bestDistance) = (other, distance);
        }

        return best;
    }

    // Letters put in, left out, changed or swapped with their neighbour.
    private static int Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) >= limit) return limit;
        var before = new int[b.Length + 1];
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) current[j] = Math.Min(current[j], before[j - 2] + 1);
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }
}
