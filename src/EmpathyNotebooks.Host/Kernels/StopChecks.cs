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

    private static readonly CSharpParseOptions Script = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    public static string Insert(string code)
    {
        var insertions = new List<(int Position, string Text)>();
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
                    AddTo(body);
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
            start = position;
        }

        return text.Append(code, start, code.Length - start).ToString();

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
}
