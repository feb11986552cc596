using EmpathyNotebooks.Host.Kernels.Directives;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;

namespace EmpathyNotebooks.Host.Kernels.Language;

/// <summary>What could stand at a place of code.</summary>
/// <param name="Start">Where what is typed already begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Items">What it could be, best first: the text and its kind, such as `method`.</param>
internal sealed record CompletionAnswer(int Start, int End, IReadOnlyList<(string Text, string Kind)> Items);

/// <summary>Completes code by Roslyn, which sees all that the kernel has run as earlier submissions.</summary>
internal sealed class ScriptCompletion(CSharpKernel kernel)
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Dictionary<string, MetadataReference> _references = new(StringComparer.Ordinal);
    private Solution? _solution;
    private ProjectId? _last;
    private int _known;

    /// <summary>What could stand at the place.</summary>
    /// <param name="code">The code.</param>
    /// <param name="position">The place, in characters from 0 to the length of the code.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<CompletionAnswer> CompleteAsync(string code, int position, CancellationToken stop = default)
    {
        if (DirectiveCompletion.Find(code, position) is { } directive) return directive;
        await _oneAtATime.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            var document = Document(CellDirectives.Split(code).Code);
            var service = CompletionService.GetService(document)!;
            var list = await service.GetCompletionsAsync(document, position, cancellationToken: stop).ConfigureAwait(false);
            var typed = code[list.Span.Start..position];
            var items = list.ItemsList
                .Where(item => Text(item).StartsWith(typed, StringComparison.OrdinalIgnoreCase))
                .OrderBy(item => Text(item).StartsWith(typed, StringComparison.Ordinal) ? 0 : 1)
                .ThenBy(item => item.SortText, StringComparer.OrdinalIgnoreCase)
                .Select(item => (Text(item), Kind(item)))
                .Distinct();
            return new CompletionAnswer(list.Span.Start, Math.Max(position, list.Span.End), [.. items]);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>
    /// Does beforehand what the next completion would wait for: JupyterLab drops an answer that takes more than a second, and the first one
    /// after new references or cells reads all of them.
    /// </summary>
    public async Task WarmUpAsync()
    {
        // Two kinds of places: after a dot, and where any name may stand.
        await CompleteAsync("Console.", "Console.".Length).ConfigureAwait(false);
        await CompleteAsync("Con", "Con".Length).ConfigureAwait(false);
    }

    private static string Text(CompletionItem item) =>
        item.Properties.TryGetValue("InsertionText", out var text) ? text : item.DisplayText;

    private static string Kind(CompletionItem item) => item.Tags.Length > 0 ? item.Tags[0].ToLowerInvariant() : "";

    private Document Document(string code)
    {
        // Made when first needed: composing Roslyn's services takes most of a second.
        _solution ??= new AdhocWorkspace(MefHostServices.Create(MefHostServices.DefaultAssemblies)).CurrentSolution;
        foreach (var earlier in kernel.Submissions.After(_known))
        {
            (_solution, var added) = Add(_solution, earlier);
            _last = added.ProjectId;
            _known++;
        }

        var (solution, document) = Add(_solution, code);
        return solution.GetDocument(document)!;
    }

    private (Solution Solution, DocumentId Document) Add(Solution solution, string code)
    {
        var id = ProjectId.CreateNewId();
        var name = $"Submission{_known}";
        var project = ProjectInfo.Create(id, VersionStamp.Create(), name, name, LanguageNames.CSharp, isSubmission: true,
            parseOptions: CSharpKernel.ScriptSyntax,
            compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, usings: CSharpKernel.Imports),
            metadataReferences: [.. kernel.References.Paths.Select(Reference)],
            projectReferences: _last is null ? [] : [new ProjectReference(_last)]);
        var document = DocumentId.CreateNewId(id);
        solution = solution.AddProject(project).AddDocument(DocumentInfo.Create(document, name, sourceCodeKind: SourceCodeKind.Script,
            loader: TextLoader.From(TextAndVersion.Create(SourceText.From(code), VersionStamp.Create()))));
        return (solution, document);
    }

    private MetadataReference Reference(string path)
    {
        if (!_references.TryGetValue(path, out var reference)) _references.Add(path, reference = ScriptReferences.Reference(path));
        return reference;
    }
}
