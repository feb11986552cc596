using System.Text;
using Microsoft.CodeAnalysis;

namespace EmpathyNotebooks.Host.Site.Api;

/// <summary>Declarations as C# has them, coloured as the code of lessons, with links to the types in them.</summary>
/// <param name="links">Where names lead.</param>
internal sealed class Declaration(ApiLinks links)
{
    private const int LongestLine = 100;

    private static readonly SymbolDisplayFormat MemberForm = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        memberOptions: SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeParameters
            | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue,
        extensionMethodStyle: SymbolDisplayExtensionMethodStyle.StaticMethod,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeModifiers | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private static readonly SymbolDisplayFormat TypeForm = MemberForm.WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters);

    /// <summary>The declaration of a member as HTML, parameter by parameter where it is long.</summary>
    public string Of(ApiMember member)
    {
        var symbol = member.Symbol;
        if (symbol is IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum } value)
            return $"{HtmlText.Escape(value.Name)} = <span class=\"c-number\">{HtmlText.Escape(Convert.ToString(value.ConstantValue, System.Globalization.CultureInfo.InvariantCulture))}</span>";
        var parts = symbol.ToDisplayParts(MemberForm);
        var parameters = symbol switch { IMethodSymbol method => method.Parameters.Length, IPropertySymbol property => property.Parameters.Length, _ => 0 };
        return Write(parts, symbol, folded: parameters > 1 && parts.Sum(part => part.ToString().Length) > LongestLine);
    }

    /// <summary>The declaration of a type: its kind, bases and, of a record, what it is made from.</summary>
    public string Of(ApiType type)
    {
        var symbol = type.Symbol;
        if (symbol.TypeKind == TypeKind.Delegate) return Write(symbol.ToDisplayParts(MemberForm.WithDelegateStyle()), symbol, folded: false);
        var words = new List<string> { "public" };
        if (symbol.IsStatic) words.Add("static");
        else if (symbol is { TypeKind: TypeKind.Class, IsAbstract: true }) words.Add("abstract");
        else if (symbol is { TypeKind: TypeKind.Class, IsSealed: true }) words.Add("sealed");
        if (symbol.IsReadOnly) words.Add("readonly");
        words.Add(symbol.TypeKind switch
        {
            TypeKind.Enum => "enum",
            TypeKind.Interface => "interface",
            TypeKind.Struct => ApiNames.IsRecordStruct(symbol) ? "record struct" : "struct",
            _ => symbol.IsRecord ? "record" : "class",
        });
        var html = new StringBuilder($"<span class=\"c-keyword\">{string.Join(' ', words)}</span> <span class=\"c-type\">{HtmlText.Escape(type.Name)}</span>");
        // What the compiler adds to records says nothing.
        var bases = (symbol.BaseType is { SpecialType: SpecialType.None } from && symbol.TypeKind == TypeKind.Class ? [from] : Array.Empty<INamedTypeSymbol>())
            .Concat(symbol.Interfaces.Where(one => one.DeclaredAccessibility == Accessibility.Public && one.Name != "IEquatable")).ToList();
        for (var i = 0; i < bases.Count; i++) html.Append(i == 0 ? " : " : ", ").Append(TypeHtml(bases[i]));
        return html.ToString();
    }

    private string TypeHtml(ITypeSymbol type) => Write(type.ToDisplayParts(TypeForm), type, folded: false);

    private string Write(IEnumerable<SymbolDisplayPart> parts, ISymbol declared, bool folded)
    {
        var html = new StringBuilder();
        var depth = 0;
        foreach (var part in parts)
        {
            var text = part.ToString();
            if (text is "(" or "<" or "[") depth++;
            if (text is ")" or ">" or "]") depth--;
            html.Append(Html(part, text, declared));
            // Each parameter has a line of its own.
            if (folded && (text == "(" && depth == 1 || text == "," && depth == 1)) html.Append("\n   ");
            if (folded && text == "(" && depth == 1) html.Append(' ');
        }

        return html.ToString();
    }

    private string Html(SymbolDisplayPart part, string text, ISymbol declared)
    {
        var escaped = HtmlText.Escape(text);
        return part.Kind switch
        {
            SymbolDisplayPartKind.Keyword => $"<span class=\"c-keyword\">{escaped}</span>",
            SymbolDisplayPartKind.NumericLiteral => $"<span class=\"c-number\">{escaped}</span>",
            SymbolDisplayPartKind.StringLiteral => $"<span class=\"c-string\">{escaped}</span>",
            SymbolDisplayPartKind.MethodName or SymbolDisplayPartKind.ExtensionMethodName => $"<span class=\"c-method\">{escaped}</span>",
            SymbolDisplayPartKind.ClassName or SymbolDisplayPartKind.StructName or SymbolDisplayPartKind.InterfaceName or SymbolDisplayPartKind.EnumName or SymbolDisplayPartKind.DelegateName
                or SymbolDisplayPartKind.RecordClassName or SymbolDisplayPartKind.RecordStructName or SymbolDisplayPartKind.TypeParameterName => Type(part.Symbol, escaped, declared),
            SymbolDisplayPartKind.EnumMemberName when part.Symbol is not null && links.OfId(part.Symbol.GetDocumentationCommentId()) is { } address => Link(address, escaped),
            _ => escaped,
        };
    }

    private string Type(ISymbol? symbol, string escaped, ISymbol declared)
    {
        var coloured = $"<span class=\"c-type\">{escaped}</span>";
        return !SymbolEqualityComparer.Default.Equals(symbol, declared.ContainingType) && links.OfId(symbol?.OriginalDefinition.GetDocumentationCommentId()) is { } address ? Link(address, coloured) : coloured;
    }

    private static string Link(string address, string html) => $"<a class=\"api\" href=\"{address}\">{html}</a>";
}

file static class Forms
{
    public static SymbolDisplayFormat WithDelegateStyle(this SymbolDisplayFormat form) => new(
        typeQualificationStyle: form.TypeQualificationStyle, genericsOptions: form.GenericsOptions, memberOptions: form.MemberOptions, parameterOptions: form.ParameterOptions,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature, kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword, miscellaneousOptions: form.MiscellaneousOptions);
}
