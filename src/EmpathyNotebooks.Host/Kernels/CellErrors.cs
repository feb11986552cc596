using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>Turns faults into <see cref="CellError"/>s that name the line of the cell.</summary>
/// <remarks>Frames outside the cells are left out: inlining makes them differ from run to run.</remarks>
internal sealed class CellErrors
{
    private const int MostFrames = 12;

    private readonly Dictionary<string, string[]> _sources = new(StringComparer.Ordinal);

    /// <summary>Remembers the code of a cell, to quote its lines.</summary>
    public void Remember(string cell, string code) => _sources[cell] = code.ReplaceLineEndings("\n").Split('\n');

    public CellError FromException(string cell, Exception fault)
    {
        fault = Unwrap(fault);
        var frames = Frames(fault);
        var here = frames.Where(frame => frame.Cell == cell).Select(frame => (int?)frame.Line).FirstOrDefault();
        var traceback = new List<string> { $"{NameOf(fault)}: {fault.Message}" };
        for (var cause = fault.InnerException; cause is not null; cause = cause.InnerException)
        {
            traceback.Add($"caused by {NameOf(cause)}: {cause.Message}");
        }

        if (fault is CultureNotFoundException && Cultures.WhyNone is { } why) traceback.Add(why);
        traceback.AddRange(frames.Take(MostFrames).Select(frame => Quote(frame.Cell, frame.Line)));
        if (frames.Count > MostFrames)
        {
            traceback.Add(string.Create(CultureInfo.InvariantCulture, $"  ... and {frames.Count - MostFrames:N0} more lines, up to"));
            traceback.Add(Quote(frames[^1].Cell, frames[^1].Line));
        }

        return new CellError(NameOf(fault), fault.Message, here, LineOf(cell, here), traceback, fault);
    }

    public CellError FromDirective(string cell, int line, CellDirectiveException fault) => new(
        NameOf(fault), fault.Message, line, LineOf(cell, line),
        [$"{NameOf(fault)}: {fault.Message}", Quote(cell, line)], fault);

    /// <summary>An error of code that a line of the cell made run: the cell failed at that line.</summary>
    public CellError Through(string cell, int line, CellError inner) => inner with
    {
        Line = line,
        LineText = LineOf(cell, line),
        Traceback = [.. inner.Traceback, Quote(cell, line)],
    };

    /// <param name="cell">The cell.</param>
    /// <param name="diagnostics">What the compiler says.</param>
    /// <param name="compilation">What it compiled, to look for names that are near; null for no such hint.</param>
    public CellError FromDiagnostics(string cell, ImmutableArray<Diagnostic> diagnostics, Compilation? compilation = null)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        var traceback = new List<string>();
        var hints = new Dictionary<Diagnostic, string?>();
        foreach (var error in errors)
        {
            traceback.Add(Describe(error));
            if (error.Location.IsInSource)
            {
                var position = error.Location.GetLineSpan().StartLinePosition;
                var quoted = _sources[cell].ElementAtOrDefault(position.Line) ?? "";
                traceback.Add("  " + quoted);
                traceback.Add("  " + new string([.. quoted.Take(position.Character).Select(c => c == '\t' ? c : ' ')]) + "^");
                if (Hint(error) is { } hint) traceback.Add("  " + hint);
            }
        }

        var line = errors.Where(error => error.Location.IsInSource)
            .Select(error => (int?)error.Location.GetLineSpan().StartLinePosition.Line + 1).FirstOrDefault();
        var message = string.Join('\n', errors.Select(error => Hint(error) is { } hint ? $"{Describe(error)} {hint}" : Describe(error)));
        return new CellError("CompilationError", message, line, LineOf(cell, line), traceback, null);

        string? Hint(Diagnostic error) => compilation is null ? null : hints.TryGetValue(error, out var known) ? known : hints[error] = NameHints.For(error, compilation);
    }

    public CellError Stopped(string cell, Exception fault, Exception? where = null)
    {
        var line = where is null
            ? null
            : Frames(Unwrap(where)).Where(frame => frame.Cell == cell).Select(frame => (int?)frame.Line).FirstOrDefault();
        List<string> traceback = [$"{NameOf(fault)}: {fault.Message}"];
        if (line is { } known)
        {
            traceback.Add(Quote(cell, known));
        }

        return new CellError(NameOf(fault), fault.Message, line, LineOf(cell, line), traceback, fault);
    }

    private static Exception Unwrap(Exception fault)
    {
        while (fault is TargetInvocationException or AggregateException { InnerExceptions.Count: 1 }
            && fault.InnerException is { } inner)
        {
            fault = inner;
        }

        return fault;
    }

    private static string NameOf(Exception fault) => fault.GetType() is { FullName: { } name } type
        // The name of a class declared in a cell begins with the submission it was compiled into.
        ? type.DeclaringType?.Name.StartsWith("Submission#", StringComparison.Ordinal) == true ? type.Name : name
        : fault.GetType().Name;

    private static string Describe(Diagnostic error)
    {
        var message = error.GetMessage(CultureInfo.InvariantCulture);
        if (!error.Location.IsInSource)
        {
            return $"error {error.Id}: {message}";
        }

        var position = error.Location.GetLineSpan().StartLinePosition;
        return string.Create(CultureInfo.InvariantCulture,
            $"({position.Line + 1},{position.Character + 1}): error {error.Id}: {message}");
    }

    private List<(string Cell, int Line)> Frames(Exception fault)
    {
        var frames = new List<(string Cell, int Line)>();
        foreach (var frame in new StackTrace(fault, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetFileName() is { } file && _sources.ContainsKey(file) && frame.GetFileLineNumber() is > 0 and var line
                && (frames.Count == 0 || frames[^1] != (file, line)))
            {
                frames.Add((file, line));
            }
        }

        return frames;
    }

    private string Quote(string cell, int line) =>
        string.Create(CultureInfo.InvariantCulture, $"  {cell}, line {line}: {LineOf(cell, line)}");

    private string LineOf(string cell, int? line)
    {
        var lines = _sources[cell];
        return (line is { } known
            ? lines.ElementAtOrDefault(known - 1)
            : lines.FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)))?.Trim() ?? "";
    }
}
