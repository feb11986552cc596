using System.Text;
using EmpathyNotebooks.Host.Site.Api;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Colours C# by the syntax tree of Roslyn, at build time, so that a page needs no highlighter.</summary>
/// <remarks>Without the compilation's symbols a name is a type where grammar or naming convention says so.</remarks>
internal static class CSharpColours
{
    private static readonly CSharpParseOptions Script =
        new(LanguageVersion.Preview, DocumentationMode.None, SourceCodeKind.Script);

    /// <summary>The code as HTML: every piece escaped, coloured pieces in <c>&lt;span class="c-..."&gt;</c>.</summary>
    /// <param name="code">The code.</param>
    /// <param name="links">Where names of the library's types and of members behind them lead; null when there are no pages of the API.</param>
    /// <param name="isWhole">Whether the code declares its variables itself, as an example does and a cell of a notebook need not, so that members asked of them lead somewhere, too.</param>
    public static string ToHtml(string code, ApiLinks? links = null, bool isWhole = false)
    {
        code = HtmlText.UnixLines(code);
        var root = CSharpSyntaxTree.ParseText(SourceText.From(code), Script).GetRoot();
        var variables = Variables(root);
        var expressions = links?.Expressions(root, isWhole);
        var html = new StringBuilder(code.Length * 2);
        var position = 0;

        foreach (var token in root.DescendantTokens())
        {
            foreach (var trivia in token.LeadingTrivia) Append(trivia.FullSpan, Class(trivia));
            Append(token.Span, Class(token, variables), links is null ? null : Address(token, variables, links, expressions));
            foreach (var trivia in token.TrailingTrivia) Append(trivia.FullSpan, Class(trivia));
        }
        html.Append(HtmlText.Escape(code[position..]));
        return html.ToString();

        void Append(TextSpan span, string? colour, string? address = null)
        {
            if (span.IsEmpty) return;
            html.Append(HtmlText.Escape(code[position..span.Start]));
            var text = HtmlText.Escape(code[span.Start..span.End]);
            var coloured = colour is null ? text : $"<span class=\"c-{colour}\">{text}</span>";
            html.Append(address is null ? coloured : $"<a class=\"api\" href=\"{address}\">{coloured}</a>");
            position = span.End;
        }
    }

    private static string? Class(SyntaxTrivia trivia) => trivia.Kind() switch
    {
        SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia or
        SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia => "comment",
        _ when trivia.IsDirective => "directive",
        _ => null,
    };

    private static string? Class(SyntaxToken token, HashSet<string> variables) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => "number",
        SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.InterpolatedStringTextToken or
        SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedStringEndToken or
        SyntaxKind.InterpolatedVerbatimStringStartToken or SyntaxKind.SingleLineRawStringLiteralToken or
        SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.InterpolatedSingleLineRawStringStartToken or
        SyntaxKind.InterpolatedMultiLineRawStringStartToken or SyntaxKind.InterpolatedRawStringEndToken or
        SyntaxKind.Utf8StringLiteralToken => "string",
        SyntaxKind.IdentifierToken => Name(token, variables),
        _ when token.IsKeyword() => "keyword",
        _ => null,
    };

    private static string? Name(SyntaxToken token, HashSet<string> variables)
    {
        if (token.Parent is IdentifierNameSyntax { IsVar: true } && token.ValueText == "var") return "keyword";
        return token.Parent switch
        {
            BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or TypeParameterSyntax or
                ConstructorDeclarationSyntax => "type",
            MethodDeclarationSyntax or LocalFunctionStatementSyntax => "method",
            GenericNameSyntax generic => IsInvoked(generic) ? "method" : "type",
            IdentifierNameSyntax name when IsInvoked(name) => "method",
            IdentifierNameSyntax name when IsTypeByGrammar(name) => "type",
            IdentifierNameSyntax name when IsTypeByConvention(name, variables) => "type",
            _ => null,
        };
    }

    // A name that grammar or convention takes for a type, and what stands behind one: RandomEffects.Fit, TauSquaredEstimator.PauleMandel.
    private static string? Address(SyntaxToken token, HashSet<string> variables, ApiLinks links, ApiExpressions? expressions) => token.Parent switch
    {
        _ when !token.IsKind(SyntaxKind.IdentifierToken) => null,
        SimpleNameSyntax name when expressions?.Member(name) is (var type, var member) => links.Address(type, member.Anchor),
        SimpleNameSyntax { Parent: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax type } access } name when access.Name == name && Name(type.Identifier, variables) == "type" =>
            links.Of(type.Identifier.ValueText, token.ValueText),
        SimpleNameSyntax when Name(token, variables) == "type" => links.Of(token.ValueText),
        _ => null,
    };

    private static bool IsInvoked(SimpleNameSyntax name) => name.Parent switch
    {
        InvocationExpressionSyntax call => call.Expression == name,
        MemberAccessExpressionSyntax member when member.Name == name =>
            member.Parent is InvocationExpressionSyntax call && call.Expression == member,
        MemberBindingExpressionSyntax member => member.Parent is InvocationExpressionSyntax,
        _ => false,
    };

    private static bool IsTypeByGrammar(IdentifierNameSyntax name) => name.Parent switch
    {
        UsingDirectiveSyntax or QualifiedNameSyntax { Parent: UsingDirectiveSyntax } => false,
        QualifiedNameSyntax qualified => qualified.Right == name && qualified.Parent is not QualifiedNameSyntax,
        VariableDeclarationSyntax declaration => declaration.Type == name,
        ParameterSyntax parameter => parameter.Type == name,
        ObjectCreationExpressionSyntax creation => creation.Type == name,
        CastExpressionSyntax cast => cast.Type == name,
        MethodDeclarationSyntax method => method.ReturnType == name,
        LocalFunctionStatementSyntax function => function.ReturnType == name,
        PropertyDeclarationSyntax property => property.Type == name,
        ForEachStatementSyntax loop => loop.Type == name,
        DeclarationExpressionSyntax declaration => declaration.Type == name,
        DeclarationPatternSyntax pattern => pattern.Type == name,
        BinaryExpressionSyntax binary =>
            binary.Right == name && binary.Kind() is SyntaxKind.IsExpression or SyntaxKind.AsExpression,
        TypeArgumentListSyntax or ArrayTypeSyntax or NullableTypeSyntax or TypeOfExpressionSyntax or BaseTypeSyntax
            or DefaultExpressionSyntax or RecursivePatternSyntax or TupleElementSyntax => true,
        _ => false,
    };

    // RandomEffects.Fit(...): the grammar cannot tell a type from a property here, the convention of capitals can.
    private static bool IsTypeByConvention(IdentifierNameSyntax name, HashSet<string> variables) =>
        name.Parent is MemberAccessExpressionSyntax member && member.Expression == name
        && char.IsUpper(name.Identifier.ValueText[0])
        && !variables.Contains(name.Identifier.ValueText);

    private static HashSet<string> Variables(SyntaxNode root) =>
        [.. root.DescendantNodes().Select(node => node switch
        {
            VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
            ParameterSyntax parameter => parameter.Identifier.ValueText,
            SingleVariableDesignationSyntax variable => variable.Identifier.ValueText,
            PropertyDeclarationSyntax property => property.Identifier.ValueText,
            _ => "",
        })];
}
