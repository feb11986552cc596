using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels.Directives;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>How a <see cref="CSharpKernel"/> runs.</summary>
public sealed record CSharpKernelOptions
{
    private readonly string _folder = Environment.CurrentDirectory;
    private readonly TimeSpan _timeLimit = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>The folder of the notebook, from which `#r` finds files. The current folder unless given.</summary>
    /// <exception cref="ArgumentException">Empty.</exception>
    public string Folder
    {
        get => _folder;
        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            _folder = Path.GetFullPath(value);
        }
    }

    /// <summary>How long one cell may run. Without limit unless given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Zero, negative, or beyond 24 days.</exception>
    public TimeSpan TimeLimit
    {
        get => _timeLimit;
        init => _timeLimit = value == System.Threading.Timeout.InfiniteTimeSpan
            || (value > TimeSpan.Zero && value.TotalMilliseconds <= int.MaxValue)
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "The time limit must be positive and at most 24 days.");
    }
}

/// <summary>
/// Runs C# cells one after the other in this process; variables, functions, types and usings last from cell to cell, also
/// after a cell that threw. Every kernel starts empty. What is static in a library is shared by all kernels of the process.
/// </summary>
/// <remarks>
/// The imports are those of .NET Interactive's C# kernel. A cell that is past its limit is stopped at its next turn of a loop or
/// call of a function, or woken from its wait. A library that it called and that does not come back is left behind on
/// its thread, and the kernel goes on. Not for code one does not trust: a cell may do whatever this process may.
/// </remarks>
public sealed class CSharpKernel
{
    private static readonly string[] Imports =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
        typeof(NotebookGlobals).FullName!,
    ];

    private readonly CSharpKernelOptions _options;
    private readonly ScriptReferences _references = new();
    private readonly CellErrors _errors = new();
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private ScriptState<object>? _state;
    private int _count;

    /// <summary>Creates a kernel without state.</summary>
    /// <param name="options">How it runs; the defaults when null.</param>
    public CSharpKernel(CSharpKernelOptions? options = null) => _options = options ?? new CSharpKernelOptions();

    /// <summary>The kernel whose cell the present async flow belongs to.</summary>
    internal static CSharpKernel? Current => CellScope.Current?.Kernel;

    /// <summary>Takes what the running cell shows; between cells, what earlier ones still write, for the next cell.</summary>
    internal CellOutput Output { get; private set; } = new();

    /// <summary>Runs one cell.</summary>
    /// <param name="code">The code of the cell.</param>
    /// <param name="name">What messages call the cell; `cell 3` for the third one unless given. Distinct for each cell.</param>
    /// <param name="interrupt">Stops the cell.</param>
    /// <returns>Its outputs, and its error if it did not come to its end. An exception in the cell is never thrown
    /// here.</returns>
    public async Task<CellResult> ExecuteAsync(string code, string? name = null, CancellationToken interrupt = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        await _oneAtATime.WaitAsync(interrupt).ConfigureAwait(false);
        try
        {
            ConsoleCapture.Ensure();
            var count = ++_count;
            name ??= string.Create(CultureInfo.InvariantCulture, $"cell {count}");
            _errors.Remember(name, code);
            var error = await RunAsync(name, code, interrupt).ConfigureAwait(false);
            var output = Output;
            Output = new CellOutput();
            IReadOnlyList<NotebookOutput> outputs = output.ToOutputs(count);
            return new CellResult(count, error is null ? outputs : [.. outputs, ToOutput(error)], error);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private static ErrorOutput ToOutput(CellError error) => new(error.ExceptionType, error.Message, error.Traceback);

    private async Task<CellError?> RunAsync(string name, string code, CancellationToken interrupt)
    {
        var (compilable, directives) = CellDirectives.Split(code);
        foreach (var found in directives)
        {
            try
            {
                Apply(found);
            }
            catch (CellDirectiveException fault)
            {
                return _errors.FromDirective(name, found.Line, fault);
            }
        }

        var options = ScriptOptions.Default
            .WithLanguageVersion(LanguageVersion.Latest)
            .WithImports(Imports)
            .WithReferences(_references.All)
            .WithEmitDebugInformation(true)
            .WithFilePath(name)
            .WithFileEncoding(Encoding.UTF8);
        ImmutableArray<Diagnostic> diagnostics = [];
        try
        {
            // First with checks put in; should that not compile, as written, for the errors at their right columns.
            foreach (var text in new[] { StopChecks.Insert(compilable), compilable })
            {
                var script = _state is null
                    ? CSharpScript.Create<object>(text, options, assemblyLoader: _references.Loader)
                    : _state.Script.ContinueWith<object>(text, options);
                diagnostics = script.Compile(interrupt);
                if (!diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
                {
                    return await RunAsync(name, script, interrupt).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            return _errors.Stopped(name, Interrupted());
        }

        return _errors.FromDiagnostics(name, diagnostics);
    }

    private void Apply(CellDirectives.Found found)
    {
        if (found.Directive is null)
        {
            var known = string.Join(", ", CellDirectives.Known.Select(directive => directive.Usage));
            throw new CellDirectiveException($"{found.Name} is not understood here; known are: {known}");
        }

        found.Directive.Apply(found.Argument, new DirectiveContext(_options.Folder, _references));
    }

    private async Task<CellError?> RunAsync(string name, Script<object> script, CancellationToken interrupt)
    {
        // Not disposed: what the cell leaves behind may still look at the token.
        var limit = new CancellationTokenSource(_options.TimeLimit);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, interrupt);
        stop.Token.UnsafeRegister(static _ => StopCheck.CellStopped(), null);
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
            _state = state;
            if (state.Exception is null && (state.ReturnValue is not null || EndsInAValue(script)))
            {
                output.Show(MimeBundle.Of(state.ReturnValue), isResult: true);
            }
        }

        bool Catch(Exception fault)
        {
            thrown = fault;
            return !stop.IsCancellationRequested;
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

        try
        {
            await Interruptible.RunAsync(RunAndShow, Report, stop.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (stop.IsCancellationRequested)
        {
            // A cell that is stopped ends in one of several exceptions: they say where, not why.
            return _errors.Stopped(name, Stop(limit), thrown ?? fault);
        }
        catch (Exception fault)
        {
            // The value could not be formatted.
            return _errors.FromException(name, fault);
        }
        finally
        {
            limit.CancelAfter(System.Threading.Timeout.InfiniteTimeSpan);
        }

        var cause = thrown ?? unhandled;
        return cause is null ? null : _errors.FromException(name, cause);
    }

    private Exception Stop(CancellationTokenSource limit) => limit.IsCancellationRequested
        ? new TimeoutException(string.Create(CultureInfo.InvariantCulture,
            $"The cell was stopped because it ran longer than its limit of {_options.TimeLimit.TotalSeconds:0.###} s."))
        : Interrupted();

    private static OperationCanceledException Interrupted() => new("The cell was interrupted.");

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
