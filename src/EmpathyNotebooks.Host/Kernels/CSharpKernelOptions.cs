namespace EmpathyNotebooks.Host.Kernels;

/// <summary>How a <see cref="CSharpKernel"/> runs.</summary>
public sealed record CSharpKernelOptions
{
    private readonly string _folder = Environment.CurrentDirectory;
    private readonly TimeSpan _timeLimit = Timeout.InfiniteTimeSpan;
    private readonly long _memoryLimit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;

    /// <summary>The folder of the notebook, from which `#r` and `#load` find files. The current folder unless given.</summary>
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
        init => _timeLimit = value == Timeout.InfiniteTimeSpan || (value > TimeSpan.Zero && value.TotalMilliseconds <= int.MaxValue)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The time limit must be positive and at most 24 days.");
    }

    /// <summary>
    /// How many bytes the objects of this process may hold while a cell runs; three quarters of what the process may use unless
    /// given. A cell that begins near the limit or beyond it, because of what earlier ones hold, has a tenth of it to itself.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Zero or negative.</exception>
    public long MemoryLimit
    {
        get => _memoryLimit;
        init => _memoryLimit = value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The memory limit must be positive.");
    }

    /// <summary>Is told of all that cells show, as it comes.</summary>
    internal ICellListener? Listener { get; init; }

    /// <summary>Asks the reader for a line; null where there is nobody to ask.</summary>
    internal AskReader? Ask { get; init; }
}

/// <summary>Is told, in order and from any thread, what cells show as it comes.</summary>
internal interface ICellListener
{
    /// <summary>Text was written to `stdout` or `stderr`.</summary>
    void Wrote(string stream, string text);

    /// <summary>A value was displayed; as the value of the cell itself when it has an execution count.</summary>
    void Showed(string displayId, IReadOnlyDictionary<string, string> bundle, int? executionCount);

    /// <summary>A value that was displayed, by this cell or an earlier one, was replaced.</summary>
    void Replaced(string displayId, IReadOnlyDictionary<string, string> bundle);
}

/// <summary>Asks the reader for a line.</summary>
/// <param name="prompt">What the reader is shown.</param>
/// <param name="isPassword">True when what is typed must not be shown.</param>
/// <param name="stop">Gives up waiting.</param>
internal delegate Task<string> AskReader(string prompt, bool isPassword, CancellationToken stop);
