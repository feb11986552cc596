using System.Globalization;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels.Directives;
using EmpathyNotebooks.Host.Kernels.Packages;
using Microsoft.CodeAnalysis.Scripting;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>
/// Runs C# cells one after the other in this process; variables, functions, types and usings last from cell to cell, also
/// after a cell that threw. Every kernel starts empty. What is static in a library is shared by all kernels of the process.
/// </summary>
/// <remarks>
/// The imports are those of .NET Interactive's C# kernel. A cell that is past its limit of time or memory is stopped at its next turn
/// of a loop or call of a function, or woken from its wait. A library that it called and that does not come back is left behind on
/// its thread, and the kernel goes on. Not for code one does not trust: a cell may do whatever this process may.
/// </remarks>
public sealed partial class CSharpKernel
{
    private static CSharpKernel? _only;

    // What is awaited here goes on where it was called: a live kernel has a thread of its own.

    private readonly CSharpKernelOptions _options;
    private readonly CellErrors _errors = new();
    private readonly SemaphoreSlim _oneAtATime = new(1);
    // A front end keeps the displays of a session that was restarted: their ids must not come again where there is one.
    private readonly string _displayPrefix;
    private ScriptState<object>? _state;
    // How many references the submissions up to the state have brought.
    private int _given;
    private int _count;
    private int _displays;
    private int _unnamed;
    private bool _pageHasLibrary;

    /// <summary>Creates a kernel without state.</summary>
    /// <param name="options">How it runs; the defaults when null.</param>
    public CSharpKernel(CSharpKernelOptions? options = null)
    {
        _options = options ?? new CSharpKernelOptions();
        FormatterDisplays.Ensure();
        _displayPrefix = _options.Listener is null ? "display-" : Guid.NewGuid().ToString("N") + "-";
        Output = new CellOutput(_options.Listener);
    }

    /// <summary>The kernel whose cell the present async flow belongs to; in a process with one kernel, that one.</summary>
    internal static CSharpKernel? Current => CellScope.Current?.Kernel ?? _only;

    /// <summary>Takes what the running cell shows; between cells, what earlier ones still write, for the next cell.</summary>
    internal CellOutput Output { get; private set; }

    /// <summary>The folder of the notebook.</summary>
    internal string Folder => _options.Folder;

    /// <summary>The assemblies that cells can use.</summary>
    internal ScriptReferences References { get; } = new();

    /// <summary>The packages that cells have asked for.</summary>
    internal PackageSet Packages { get; } = new();

    /// <summary>How many cells have been counted.</summary>
    internal int ExecutionCount => _count;

    /// <summary>The variables that there are, by name.</summary>
    internal IEnumerable<ScriptVariable> Variables => (_state?.Variables ?? [])
        .GroupBy(variable => variable.Name).Select(same => same.Last()).OrderBy(variable => variable.Name, StringComparer.Ordinal);

    /// <summary>Asks the reader for a line.</summary>
    internal string Ask(string prompt, bool isPassword) => AskAsync(prompt, isPassword).GetAwaiter().GetResult();

    /// <summary>Asks the reader for a line.</summary>
    internal Task<string> AskAsync(string prompt, bool isPassword) => _options.Ask is { } ask
        ? ask(prompt, isPassword, CellScope.Current?.Stop ?? CancellationToken.None)
        : throw new InvalidOperationException("The cell asks its reader for input, and here is nobody to ask. "
            + "Run the notebook in VS Code or Jupyter, or put the value into the code.");

    /// <summary>Runs one cell.</summary>
    /// <param name="code">The code of the cell.</param>
    /// <param name="name">What messages call the cell; `cell 3` for the third one unless given. Distinct for each cell.</param>
    /// <param name="interrupt">Stops the cell.</param>
    /// <returns>Its outputs, and its error if it did not come to its end. An exception in the cell is never thrown
    /// here.</returns>
    public Task<CellResult> ExecuteAsync(string code, string? name = null, CancellationToken interrupt = default) =>
        ExecuteAsync(new CellRequest(code, name), interrupt);

    /// <summary>Makes this the kernel that gets all output of the process, whichever thread it comes from.</summary>
    internal void TakeProcess()
    {
        _only = this;
        ConsoleCapture.Ensure();
    }

    internal async Task<CellResult> ExecuteAsync(CellRequest request, CancellationToken interrupt = default)
    {
        ArgumentNullException.ThrowIfNull(request.Code);
        await _oneAtATime.WaitAsync(interrupt);
        try
        {
            ConsoleCapture.Ensure();
            if (request.IsCounted) _count++;
            if (request.IsSilent) Output = new CellOutput(isSilent: true);
            var name = request.Name ?? (request.IsCounted
                ? string.Create(CultureInfo.InvariantCulture, $"cell {_count}")
                : string.Create(CultureInfo.InvariantCulture, $"unnumbered cell {++_unnamed}"));
            var stop = new CellStop(_options, interrupt);
            var error = await RunAsync(new CodeSource(name, request.Code, Folder, []), stop);
            stop.End();
            var output = Output;
            output.Close();
            Output = new CellOutput(_options.Listener);
            var outputs = output.ToOutputs();
            return new CellResult(_count, error is null ? outputs : [.. outputs, ToOutput(error)], error);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>The values of expressions by media type, or their errors; nothing of it stays.</summary>
    internal async Task<IReadOnlyDictionary<string, EvaluatedValue>> EvaluateAsync(
        IReadOnlyDictionary<string, string> expressions, CancellationToken interrupt)
    {
        await _oneAtATime.WaitAsync(interrupt);
        try
        {
            var values = new Dictionary<string, EvaluatedValue>(StringComparer.Ordinal);
            foreach (var (key, expression) in expressions)
            {
                var stop = new CellStop(_options, interrupt);
                var name = string.Create(CultureInfo.InvariantCulture, $"expression {++_unnamed}");
                _errors.Remember(name, expression);
                IReadOnlyDictionary<string, string> bundle = new Dictionary<string, string>();
                var error = await RunAsync(name, expression, stop, (state, _) => bundle = MimeBundle.Of(state.ReturnValue));
                stop.End();
                values.Add(key, new EvaluatedValue(bundle, error));
            }

            return values;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>The value of an expression, with the variables, functions and usings of the cells that have run; nothing of it stays for later cells.</summary>
    /// <param name="expression">C# without a semicolon: <c>fit.Estimate</c>.</param>
    /// <param name="interrupt">Stops it.</param>
    /// <exception cref="InvalidOperationException">The expression cannot be compiled, throws, or was stopped; the message says why.</exception>
    public async Task<object?> ValueAsync(string expression, CancellationToken interrupt = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(expression);
        await _oneAtATime.WaitAsync(interrupt);
        try
        {
            var stop = new CellStop(_options, interrupt);
            var name = string.Create(CultureInfo.InvariantCulture, $"expression {++_unnamed}");
            _errors.Remember(name, expression);
            object? value = null;
            var error = await RunAsync(name, expression, stop, (state, _) => value = state.ReturnValue);
            stop.End();
            return error is null ? value : throw new InvalidOperationException($"{expression}: {error.ExceptionType}: {error.Message}");
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Shows a value among the outputs of the running cell.</summary>
    internal DisplayedValue Show(IReadOnlyDictionary<string, string> bundle, string[] mediaTypes)
    {
        var id = NextDisplayId();
        Output.Show(id, bundle);
        return new DisplayedValue(this, id, mediaTypes);
    }

    /// <summary>The value by media type, to be shown; the first chart of a notebook that did not start the library brings what draws it.</summary>
    internal IReadOnlyDictionary<string, string> BundleOf(object? value, params IEnumerable<string> mediaTypes)
    {
        var bundle = MimeBundle.Of(value, mediaTypes);
        if (_pageHasLibrary || !bundle.TryGetValue("text/html", out var html)) return bundle;
        var isStart = value is NotebookStart;
        if (!isStart && !FormatterDisplays.NeedsLibrary(html)) return bundle;
        _pageHasLibrary = true;
        return isStart ? bundle : FormatterDisplays.WithLibrary(bundle);
    }

    private static ErrorOutput ToOutput(CellError error) => new(error.ExceptionType, error.Message, error.Traceback);

    private string NextDisplayId() => _displayPrefix + Interlocked.Increment(ref _displays).ToString(CultureInfo.InvariantCulture);
}

/// <summary>A cell to run.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">What messages call it; by its count unless given.</param>
/// <param name="IsCounted">Whether it gets a new execution count.</param>
/// <param name="IsSilent">Whether all that it shows is dropped.</param>
internal sealed record CellRequest(string Code, string? Name = null, bool IsCounted = true, bool IsSilent = false);

/// <summary>What an expression gave.</summary>
/// <param name="Bundle">The value by media type; empty when there is an error.</param>
/// <param name="Error">Why there is no value.</param>
internal sealed record EvaluatedValue(IReadOnlyDictionary<string, string> Bundle, CellError? Error);
