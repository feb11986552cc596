using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace EmpathyNotebooks.Host.Site.Api;

/// <summary>A public member of a type with what its documentation says.</summary>
/// <param name="Symbol">The member.</param>
/// <param name="Id">Its identifier in documentation.</param>
/// <param name="Documentation">What is said of it, that of its base where it refers there.</param>
internal sealed record ApiMember(ISymbol Symbol, string Id, XElement Documentation)
{
    /// <summary>The name a reader looks for; that of the type for what makes one.</summary>
    public string Name => Symbol switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor } => Symbol.ContainingType.Name,
        IPropertySymbol { IsIndexer: true } => "this[]",
        IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator } => $"operator {ApiNames.Operator(Symbol.Name)}",
        IMethodSymbol { MethodKind: MethodKind.Conversion } => $"{(Symbol.Name == "op_Implicit" ? "implicit" : "explicit")} operator",
        _ => Symbol.Name,
    };

    /// <summary>Where it stands on the page of its type; overloads stand together.</summary>
    public string Anchor => Symbol switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor } => "-ctor",
        IPropertySymbol { IsIndexer: true } => "Item",
        _ => Symbol.Name,
    };
}

/// <summary>A public type of the library.</summary>
internal sealed class ApiType
{
    /// <summary>The type.</summary>
    public required INamedTypeSymbol Symbol { get; init; }

    /// <summary>Its name as code has it, with that of the type around it.</summary>
    public required string Name { get; init; }

    /// <summary>Its identifier in documentation.</summary>
    public required string Id { get; init; }

    /// <summary>Its assembly without the product's name, such as MetaAnalysis.</summary>
    public required string Library { get; init; }

    /// <summary>The folder of its source within the library, such as Models; empty where it lies in none.</summary>
    public required string Room { get; init; }

    /// <summary>The file it is written in, within the repository; null without symbols.</summary>
    public required string? Source { get; init; }

    /// <summary>What is said of it.</summary>
    public required XElement Documentation { get; init; }

    /// <summary>The documentation file that says it.</summary>
    public required string DocumentationFile { get; init; }

    /// <summary>Its members in the order of their source, overloads together.</summary>
    public required IReadOnlyList<ApiMember> Members { get; init; }

    /// <summary>The file name of its page.</summary>
    public string FileName => $"{Name.Replace('<', '-').Replace(">", "", StringComparison.Ordinal)}.html";

    /// <summary>What kind of type it is.</summary>
    public string Kind => Symbol switch
    {
        { TypeKind: TypeKind.Enum } => "enumeration",
        { TypeKind: TypeKind.Interface } => "interface",
        { TypeKind: TypeKind.Delegate } => "delegate",
        { TypeKind: TypeKind.Struct } => ApiNames.IsRecordStruct(Symbol) ? "record struct" : "struct",
        { IsRecord: true } => "record",
        { IsStatic: true } => "static class",
        _ => "class",
    };
}
