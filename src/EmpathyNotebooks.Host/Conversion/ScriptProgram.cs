using System.Text;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Host.Kernels.Directives;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace EmpathyNotebooks.Host.Conversion;

/// <summary>
/// Collects the cells of a notebook as the parts of one program. What is legal between cells and not within a program is mended by
/// the compiler's own knowledge of what each name means: a name declared again gets a number, types move to the end.
/// </summary>
internal sealed class ScriptProgram(string notebook, string folder)
{
    private readonly CSharpKernel _kernel = new(new CSharpKernelOptions { Folder = folder });
    private readonly StringBuilder _statements = new();
    private readonly StringBuilder _types = new();
    private readonly List<string> _usings = [];
    private readonly List<string> _packages = [];
    private readonly ProgramNames _names = new();
    private Script<object>? _last;
    private int _given;

    public IReadOnlyList<string> Usings => _usings;

    public IReadOnlyList<string> Packages => _packages;

    public string Statements => _statements.ToString();

    public string Types => _types.Length == 0 ? "" : "\n" + _types;

    /// <summary>Adds prose, as a comment.</summary>
    public void AddWords(string text)
    {
        _statements.Append('\n');
        foreach (var line in text.TrimEnd().Split('\n')) _statements.Append($"// {line}".TrimEnd()).Append('\n');
    }

    /// <summary>Adds a code cell.</summary>
    public async Task AddCodeAsync(NotebookCell cell, CancellationToken interrupt)
    {
        await AddAsync(cell.Number, new CodeSource($"cell {cell.Number}", cell.Source, folder, []), interrupt).ConfigureAwait(false);
    }

    private async Task AddAsync(int cell, CodeSource source, CancellationToken interrupt)
    {
        foreach (var part in CellParts.Split(source.Code))
        {
            if (part.Language != PartLanguage.CSharp)
            {
                AddWords(part.Text);
                continue;
            }

            var (code, directives) = CellDirectives.Split(part.Text);
            foreach (var found in directives) await AddAsync(cell, found, source, interrupt).ConfigureAwait(false);
            AddCode(cell, code, source.ShowsValue);
        }
    }

    private async Task AddAsync(int cell, CellDirectives.Found found, CodeSource source, CancellationToken interrupt)
    {
        try
        {
            switch (found.Directive)
            {
                case null:
                    throw CellDirectives.Unknown(found.Name);
                case ReferenceDirective when found.Argument.Contains("nuget:", StringComparison.OrdinalIgnoreCase):
                    var package = Kernels.Packages.PackageReference.Parse(found.Argument.Trim('"').Trim());
                    // Ours is named already.
                    if (package.Name.StartsWith("EmpathyNotebooks.", StringComparison.OrdinalIgnoreCase)) break;
                    // Also done, so that the compiler knows what is in it.
                    await ApplyAsync(found, source, interrupt).ConfigureAwait(false);
                    _packages.Add($"#:package {package.Name}@{package.Version}");
                    break;
                case ReferenceDirective:
                    if (!found.Argument.Contains("EmpathyNotebooks.", StringComparison.Ordinal))
                    {
                        throw new CellDirectiveException($"{found.Name} {found.Argument}: a file of C# can name projects and packages, but no assembly file.");
                    }

                    break;
                case SourceDirective:
                    await ApplyAsync(found, source, interrupt).ConfigureAwait(false);
                    _statements.Append($"// {found.Name} {found.Argument}: name the feed in a nuget.config beside this file.\n");
                    break;
                case CodeDirective other:
                    foreach (var inner in other.Sources(found.Argument, source))
                    {
                        _statements.Append($"\n// From {inner.Name}\n");
                        await AddAsync(cell, inner, interrupt).ConfigureAwait(false);
                    }

                    break;
                default:
                    _statements.Append($"// {found.Name} is for notebooks.\n");
                    break;
            }
        }
        catch (CellDirectiveException fault)
        {
            throw new ConversionException(notebook, cell, fault.Message, fault);
        }
    }

    private Task<CellError?> ApplyAsync(CellDirectives.Found found, CodeSource source, CancellationToken interrupt) =>
        found.Directive!.ApplyAsync(found.Argument, new DirectiveContext(_kernel, source, new CellStop(new CSharpKernelOptions(), interrupt), new PartTiming()));

    private void AddCode(int cell, string code, bool showsValue)
    {
        var script = _kernel.ScriptAfter(_last, _given, code, $"cell {cell}");
        var compilation = script.GetCompilation();
        if (compilation.GetDiagnostics().FirstOrDefault(one => one.Severity == DiagnosticSeverity.Error) is { } error)
        {
            throw new ConversionException(notebook, cell, $"the code does not compile: {error}");
        }

        _last = script;
        _given += script.Options.MetadataReferences.Length;
        var tree = compilation.SyntaxTrees.Single();
        var model = compilation.GetSemanticModel(tree);
        var root = (CompilationUnitSyntax)_names.Rename(tree.GetRoot(), model);
        foreach (var one in root.Usings) AddOnce(_usings, one.WithoutTrivia().ToString());
        var original = tree.GetCompilationUnitRoot().Members;
        _statements.Append('\n');
        for (var i = 0; i < root.Members.Count; i++)
        {
            var isLast = i == root.Members.Count - 1;
            Add(cell, root.Members[i], isLast && showsValue && IsValue(original[i], model), isLast);
        }
    }

    private void Add(int cell, MemberDeclarationSyntax member, bool isShown, bool isLast)
    {
        switch (member)
        {
            case GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } value }:
                var text = value.Expression.WithoutTrivia().ToFullString();
                _statements.Append(value.GetLeadingTrivia().ToFullString()).Append(isShown ? $"display({text});\n" : $"{text};\n");
                break;
            case GlobalStatementSyntax { Statement: ReturnStatementSyntax { Expression: { } value } } when isLast:
                _statements.Append(member.GetLeadingTrivia().ToFullString()).Append($"display({value.WithoutTrivia().ToFullString()});\n");
                break;
            case GlobalStatementSyntax { Statement: var statement } when statement.DescendantNodesAndSelf(node => node is not (LambdaExpressionSyntax or LocalFunctionStatementSyntax))
                .Any(node => node is ReturnStatementSyntax):
                throw new ConversionException(notebook, cell, "a return within the cell would end the whole program.");
            case GlobalStatementSyntax:
                Append(member.ToFullString());
                break;
            case FieldDeclarationSyntax field:
                Append(WithDefaults(field).WithModifiers(OnlyConst(field.Modifiers, field)).ToFullString());
                break;
            case MethodDeclarationSyntax method when method.ParameterList.Parameters.FirstOrDefault()?.Modifiers.Any(SyntaxKind.ThisKeyword) == true:
                _types.Append($"static class {method.Identifier.ValueText}Extension\n{{\n{Public(method)}}}\n");
                break;
            case MethodDeclarationSyntax method:
                Append(method.WithModifiers(WithoutAccess(method.Modifiers, method)).ToFullString());
                break;
            case BaseTypeDeclarationSyntax or DelegateDeclarationSyntax:
                _types.Append(member.ToFullString().Trim('\n')).Append('\n');
                break;
            default:
                throw new ConversionException(notebook, cell, $"a {member.Kind()} can stand in a cell, but not among the statements of a program.");
        }
    }

    private void Append(string text) => _statements.Append(text.TrimEnd()).Append('\n');

    private static string Public(MethodDeclarationSyntax method) =>
        method.WithModifiers([SyntaxFactory.Token(SyntaxKind.PublicKeyword).WithTrailingTrivia(SyntaxFactory.Space),
            SyntaxFactory.Token(SyntaxKind.StaticKeyword).WithTrailingTrivia(SyntaxFactory.Space),
            .. method.Modifiers.Where(modifier => modifier.IsKind(SyntaxKind.AsyncKeyword))]).ToFullString().TrimEnd() + "\n";

    // A variable of a cell has its type's default before it is assigned.
    private static FieldDeclarationSyntax WithDefaults(FieldDeclarationSyntax field) => field.ReplaceNodes(
        field.Declaration.Variables.Where(variable => variable.Initializer is null),
        (variable, _) => variable.WithInitializer(SyntaxFactory.EqualsValueClause(SyntaxFactory.ParseExpression(" default"))));

    private static SyntaxTokenList OnlyConst(SyntaxTokenList modifiers, SyntaxNode member) =>
        Keep(modifiers, member, modifier => modifier.IsKind(SyntaxKind.ConstKeyword));

    private static SyntaxTokenList WithoutAccess(SyntaxTokenList modifiers, SyntaxNode member) =>
        Keep(modifiers, member, modifier => modifier.Kind() is SyntaxKind.AsyncKeyword or SyntaxKind.UnsafeKeyword);

    private static SyntaxTokenList Keep(SyntaxTokenList modifiers, SyntaxNode member, Func<SyntaxToken, bool> keep)
    {
        if (modifiers.Count == 0 || modifiers.All(keep)) return modifiers;
        SyntaxToken[] kept = [.. modifiers.Where(keep)];
        if (kept.Length > 0) kept[0] = kept[0].WithLeadingTrivia(member.GetLeadingTrivia());
        return SyntaxFactory.TokenList(kept);
    }

    private static bool IsValue(MemberDeclarationSyntax member, SemanticModel model) =>
        member is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }
        && model.GetTypeInfo(last.Expression).Type is not { SpecialType: SpecialType.System_Void };

    private static void AddOnce(List<string> lines, string line)
    {
        if (!lines.Contains(line, StringComparer.Ordinal)) lines.Add(line);
    }
}
