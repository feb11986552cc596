using Microsoft.CodeAnalysis;

namespace EmpathyNotebooks.Host.Site.Api;

/// <summary>What metadata hold under other names than source does.</summary>
internal static class ApiNames
{
    private static readonly Dictionary<string, string> Operators = new(StringComparer.Ordinal)
    {
        ["op_Addition"] = "+", ["op_Subtraction"] = "-", ["op_Multiply"] = "*", ["op_Division"] = "/", ["op_UnaryNegation"] = "-", ["op_BitwiseOr"] = "|", ["op_BitwiseAnd"] = "&",
        ["op_Equality"] = "==", ["op_Inequality"] = "!=", ["op_LessThan"] = "<", ["op_GreaterThan"] = ">", ["op_LessThanOrEqual"] = "<=", ["op_GreaterThanOrEqual"] = ">=",
        ["op_LogicalNot"] = "!", ["op_Modulus"] = "%", ["op_ExclusiveOr"] = "^",
    };

    /// <summary>The sign of an operator.</summary>
    public static string Operator(string metadataName) => Operators.GetValueOrDefault(metadataName, metadataName);

    /// <summary>Whether the compiler wrote the comparison of a struct, as it does for records alone.</summary>
    public static bool IsRecordStruct(INamedTypeSymbol type) => type.TypeKind == TypeKind.Struct
        && type.GetMembers("op_Equality").Any(member => member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute"));

    /// <summary>The name as code has it: <c>Outer.Inner</c>, <c>Of&lt;T&gt;</c>.</summary>
    public static string Of(INamedTypeSymbol type)
    {
        var name = type.TypeParameters.Length == 0 ? type.Name : $"{type.Name}<{string.Join(", ", type.TypeParameters.Select(parameter => parameter.Name))}>";
        return type.ContainingType is { } outer ? $"{Of(outer)}.{name}" : name;
    }
}
