using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>
/// Puts a <see cref="StopCheck"/> into every loop and every function with a body of a cell, without moving any line. Unlike
/// aborting the thread it works on every thread, never stops the library half way, and leaves the runtime sound: a thread
/// that was aborted in a tight loop cannot be suspended again for a garbage collection (dotnet/runtime#130144).
/// </summary>
internal static class StopChecks
{
    private const string Check = " global::EmpathyNotebooks.Host.Kernels.StopCheck.Now(); ";
    private const string Enter = " global::EmpathyNotebooks.Host.Kernels.StopCheck.Enter(); ";

    private static readonly CSharpParseOptions Script = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    public static string Insert(string code)
    {
        var insertions = new List<(int Position, string Text)>();
        var arrows = new HashSet<int>();
        foreach (var node in CSharpSyntaxTree.ParseText(code, Script).GetRoot().DescendantNodes())
        {
            switch (node)
            {
                case WhileStatementSyntax loop:
                    AddTo(loop.Statement);
                    break;
                case ForStatementSyntax loop:
                    AddTo(loop.Statement);
                    break;
                case CommonForEachStatementSyntax loop:
                    AddTo(loop.Statement);
                    break;
                case DoStatementSyntax loop:
                    AddTo(loop.Statement);
                    break;
                case LabeledStatementSyntax label:
                    insertions.Add((label.ColonToken.Span.End, Check));
                    break;
                case BlockSyntax { Parent: BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax
                    or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax } body:
                    insertions.Add((body.OpenBraceToken.Span.End, Enter));
                    break;
                case LambdaExpressionSyntax { ExpressionBody: { } value } when IsSurelyAValue(value):
                    insertions.Add((value.SpanStart, "{" + Check + "return "));
                    insertions.Add((value.Span.End, ";}"));
                    break;
                case LocalFunctionStatementSyntax { ExpressionBody: { } arrow } function:
                    AddToArrow(arrow, function.SemicolonToken, ReturnsNothing(function.ReturnType, function.Modifiers));
                    break;
                case MethodDeclarationSyntax { ExpressionBody: { } arrow } method:
                    AddToArrow(arrow, method.SemicolonToken, ReturnsNothing(method.ReturnType, method.Modifiers));
                    break;
                case BaseMethodDeclarationSyntax { ExpressionBody: { } arrow } method:
                    AddToArrow(arrow, method.SemicolonToken, method is ConstructorDeclarationSyntax or DestructorDeclarationSyntax);
                    break;
                case AccessorDeclarationSyntax { ExpressionBody: { } arrow } accessor:
                    AddToArrow(arrow, accessor.SemicolonToken, !accessor.IsKind(SyntaxKind.GetAccessorDeclaration));
                    break;
                case PropertyDeclarationSyntax { ExpressionBody: { } arrow } property:
                    AddToArrow(arrow, property.SemicolonToken, returnsNothing: false, "{ get {", "}}");
                    break;
                case IndexerDeclarationSyntax { ExpressionBody: { } arrow } indexer:
                    AddToArrow(arrow, indexer.SemicolonToken, returnsNothing: false, "{ get {", "}}");
                    break;
            }
        }

        if (insertions.Count == 0)
        {
            return code;
        }

        var text = new StringBuilder();
        var start = 0;
        foreach (var (position, insertion) in insertions.OrderBy(insertion => insertion.Position))
        {
            text.Append(code, start, position - start).Append(insertion);
            start = arrows.Contains(position) ? position + 2 : position;
        }

        return text.Append(code, start, code.Length - start).ToString();

        // `=> x;` becomes `{ check; return x; }`: recursion is most often written so.
        void AddToArrow(ArrowExpressionClauseSyntax arrow, SyntaxToken semicolon, bool returnsNothing, string open = "{", string close = "}")
        {
            if (semicolon.IsMissing) return;
            var isStatement = returnsNothing || arrow.Expression is ThrowExpressionSyntax;
            arrows.Add(arrow.ArrowToken.SpanStart);
            insertions.Add((arrow.ArrowToken.SpanStart, open + Enter + (isStatement ? "" : "return ")));
            insertions.Add((semicolon.Span.End, close));
        }

        void AddTo(StatementSyntax statement)
        {
            if (statement is BlockSyntax block)
            {
                insertions.Add((block.OpenBraceToken.Span.End, Check));
            }
            else
            {
                insertions.Add((statement.Span.Start, "{" + Check));
                insertions.Add((statement.Span.End, "}"));
            }
        }
    }

    private static bool ReturnsNothing(TypeSyntax type, SyntaxTokenList modifiers) =>
        type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword }
        || (modifiers.Any(SyntaxKind.AsyncKeyword)
            && type.DescendantTokens().Last().ValueText is nameof(Task) or nameof(ValueTask));

    // A call, for instance, may as well be done for its effect, and only the compiler knows.
    private static bool IsSurelyAValue(ExpressionSyntax body) => body is not (InvocationExpressionSyntax or AssignmentExpressionSyntax
        or PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax or AwaitExpressionSyntax or ConditionalAccessExpressionSyntax
        or ThrowExpressionSyntax or RefExpressionSyntax);
}
