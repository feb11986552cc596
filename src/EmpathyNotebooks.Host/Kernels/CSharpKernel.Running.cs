using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using EmpathyNotebooks.Host.Kernels.Directives;
using EmpathyNotebooks.Host.Kernels.Language;
using Markdig;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace EmpathyNotebooks.Host.Kernels;

public sealed partial class CSharpKernel
{
    /// <summary>What every cell sees without a using.</summary>
    internal static readonly string[] Imports =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
        typeof(NotebookGlobals).FullName!, typeof(NotebookContent).FullName!,
    ];

    /// <summary>How the code of cells is read.</summary>
    internal static readonly CSharpParseOptions ScriptSyntax = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>The code that has run, for completion and help.</summary>
    internal SubmissionHistory Submissions { get; } = new();

    /// <summary>Runs code, part by part: C#, and Markdown, HTML or JavaScript that a cell changes to.</summary>
    internal async Task<CellError?> RunAsync(CodeSource source, CellStop stop)
    {
        _errors.Remember(source.Name, source.Code);
        foreach (var part in CellParts.Split(source.Code))
        {
            if (part.Language == PartLanguage.CSharp)
            {
                if (await RunAsync(source, part, stop) is { } error) return error;
            }
            else
            {
                Output.Show(NextDisplayId(), Bundle(part));
            }
        }

        return null;
    }

    private static Dictionary<string, string> Bundle(CellPart part) => part.Language switch
    {
        PartLanguage.Markdown => new()
        {
            ["text/html"] = Markdown.ToHtml(part.Text), ["text/markdown"] = part.Text, [MimeBundle.PlainText] = part.Text,
        },
        PartLanguage.Html => new() { ["text/html"] = part.Text, [MimeBundle.PlainText] = part.Text },
        _ => MimeBundle.OfScript(part.Text),
    };

    private async Task<CellError?> RunAsync(CodeSource source, CellPart part, CellStop stop)
    {
        var (code, directives) = CellDirectives.Split(part.Text);
        var timing = new PartTiming();
        foreach (var found in directives)
        {
            var directive = found.Directive;
            try
            {
                if (directive is null) throw CellDirectives.Unknown(found.Name);
                var error = await directive.ApplyAsync(found.Argument, new DirectiveContext(this, source, stop, timing));
                if (error is not null) return _errors.Through(source.Name, found.Line, error);
            }
            catch (CellDirectiveException fault)
            {
                return _errors.FromDirective(source.Name, found.Line, fault);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
            {
                var described = new CellDirectiveException($"{found.Name} {found.Argument}: {fault.Message}", fault);
                return _errors.FromDirective(source.Name, found.Line, described);
            }
            catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
            {
                return _errors.Stopped(source.Name, stop.Reason());
            }
        }

        if (!HasCode(code)) return null;
        var start = Stopwatch.GetTimestamp();
        var failure = await RunAsync(source.Name, code, stop, (state, script) =>
        {
            _state = state;
            _given += script.Options.MetadataReferences.Length;
            Submissions.Add(code);
            // What `display` gives back is for `Update`; it has been shown.
            if (source.ShowsValue && state.Exception is null && !FormatterDisplays.IsDisplayed(state.ReturnValue)
                && (state.ReturnValue is not null || EndsInAValue(script)))
            {
                Output.Show(NextDisplayId(), BundleOf(state.ReturnValue), _count);
            }
        });
        if (timing.IsWanted)
        {
            var time = string.Create(CultureInfo.InvariantCulture, $"Wall time: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.###} ms");
            Output.Show(NextDisplayId(), new Dictionary<string, string> { [MimeBundle.PlainText] = time });
        }

        return failure;
    }

    private static bool HasCode(string code) => CSharpSyntaxTree.ParseText(code, ScriptSyntax).GetRoot() is CompilationUnitSyntax unit
        && (unit.Members.Count > 0 || unit.Usings.Count > 0 || unit.Externs.Count > 0 || unit.AttributeLists.Count > 0 || unit.ContainsDiagnostics);

    /// <summary>
    /// The script that the code would be, after all that has run. It sees what those before it saw: given every reference and import anew, each
    /// would keep them all for each one before it, and the memory would grow with the square of the cells.
    /// </summary>
    internal Script<object> ScriptOf(string code, string name) => ScriptAfter(_state?.Script, _given, code, name);

    /// <summary>The script that the code would be after another, which with those before it was given so many of the references.</summary>
    internal Script<object> ScriptAfter(Script? last, int given, string code, string name) => last is null
        ? CSharpScript.Create<object>(code, OptionsOf(name).WithReferences(References.All).WithImports(Imports), assemblyLoader: References.Loader)
        : last.ContinueWith<object>(code, OptionsOf(name).WithReferences(References.All.Skip(given)));

    private static ScriptOptions OptionsOf(string name) => ScriptOptions.Default
        .WithLanguageVersion(LanguageVersion.Latest)
        .WithEmitDebugInformation(true)
        .WithFilePath(name)
        .WithFileEncoding(Encoding.UTF8);

    private async Task<CellError?> RunAsync(string name, string code, CellStop stop, Action<ScriptState<object>, Script<object>> ended)
    {
        ImmutableArray<Diagnostic> diagnostics = [];
        Compilation? compilation = null;
        try
        {
            // First with checks put in; should that not compile, as written, for the errors at their right columns.
            foreach (var text in new[] { StopChecks.Insert(code), code })
            {
                var script = ScriptOf(text, name);
                diagnostics = script.Compile(stop.Token);
                compilation = script.GetCompilation();
                if (!diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
                {
                    return await RunAsync(name, script, stop, ended);
                }
            }
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return _errors.Stopped(name, stop.Reason());
        }

        return _errors.FromDiagnostics(name, diagnostics, compilation);
    }

    private async Task<CellError?> RunAsync(string name, Script<object> script, CellStop stop, Action<ScriptState<object>, Script<object>> ended)
    {
        var output = Output;
        Exception? thrown = null;
        Exception? unhandled = null;

        async Task RunAndShow()
        {
            CellScope.Current = new CellScope(this, stop.Token);
            var state = await (_state is null
                ? script.RunAsync(globals: null, Catch, stop.Token)
                : script.RunFromAsync(_state, Catch, stop.Token));
            stop.Token.ThrowIfCancellationRequested();
            ended(state, script);
        }

        bool Catch(Exception fault)
        {
            thrown = fault;
            return !stop.Token.IsCancellationRequested;
        }

        void Report(Exception fault)
        {
            if (ReferenceEquals(Output, output))
            {
                Interlocked.CompareExchange(ref unhandled, fault, null);
            }
            else
            {
                Output.Write("stderr", $"{name}, which had ended: unhandled {fault.GetType().FullName}: {fault.Message}\n");
            }
        }

        stop.Begin();
        try
        {
            await Interruptible.RunAsync(RunAndShow, Report, stop.Token);
        }
        catch (Exception fault) when (stop.Token.IsCancellationRequested)
        {
            // A cell that is stopped ends in one of several exceptions: they say where, not why.
            return _errors.Stopped(name, stop.Reason(), thrown ?? fault);
        }
        catch (Exception fault)
        {
            // The value could not be formatted.
            return _errors.FromException(name, fault);
        }

        var cause = thrown ?? unhandled;
        return cause is null ? null : _errors.FromException(name, cause);
    }

    // Also a value that is null is shown; a call without value, and a line with a semicolon, is not.
    private static bool EndsInAValue(Script script)
    {
        var compilation = script.GetCompilation();
        var tree = compilation.SyntaxTrees.Single();
        return tree.GetCompilationUnitRoot().Members.LastOrDefault() is GlobalStatementSyntax
        {
            Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last,
        } && compilation.GetSemanticModel(tree).GetTypeInfo(last.Expression).Type is not { SpecialType: SpecialType.System_Void };
    }
}
