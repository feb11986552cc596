using System.Globalization;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>Why and when a cell is stopped: the reader asked for it, it ran too long, or it took too much memory.</summary>
internal sealed class CellStop
{
    // Never disposed: what the cell leaves behind may still look at the token.
    private readonly CancellationTokenSource _limit = new();
    private readonly CancellationTokenSource _memory = new();
    private readonly CSharpKernelOptions _options;
    private CellWatch? _watch;
    private long _used;
    private bool _hasBegun;

    public CellStop(CSharpKernelOptions options, CancellationToken interrupt)
    {
        _options = options;
        Interrupt = interrupt;
        Token = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, _memory.Token, interrupt).Token;
        Token.UnsafeRegister(static _ => StopCheck.CellStopped(), null);
    }

    /// <summary>Is cancelled when the cell is to stop, for whichever reason.</summary>
    public CancellationToken Token { get; }

    /// <summary>Is cancelled when the reader wants the cell stopped.</summary>
    public CancellationToken Interrupt { get; }

    /// <summary>Starts the clock and the watch, once: fetching packages and compiling do not count.</summary>
    public void Begin()
    {
        if (_hasBegun) return;
        _hasBegun = true;
        _watch = new CellWatch(_options.TimeLimit, _limit.Cancel, _options.MemoryLimit, used =>
        {
            _used = used;
            _memory.Cancel();
        });
    }

    /// <summary>Stops the clock and the watch.</summary>
    public void End() => _watch?.Dispose();

    /// <summary>What a stopped cell ends with.</summary>
    public Exception Reason()
    {
        if (_memory.IsCancellationRequested)
        {
            return new InsufficientMemoryException(string.Create(CultureInfo.InvariantCulture,
                $"The cell was stopped because it took the memory in use to {Size(_used)}, beyond the limit of {Size(_options.MemoryLimit)}."));
        }

        return _limit.IsCancellationRequested
            ? new TimeoutException(string.Create(CultureInfo.InvariantCulture,
                $"The cell was stopped because it ran longer than its limit of {_options.TimeLimit.TotalSeconds:0.###} s."))
            : new OperationCanceledException("The cell was interrupted.");
    }

    private static string Size(long bytes) => bytes < 1 << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):0} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.0} GiB");
}

/// <summary>Looks at the clock and the memory in use while a cell runs, on a thread of its own, which no busy thread pool delays.</summary>
internal sealed class CellWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    private readonly ManualResetEventSlim _end = new();

    public CellWatch(TimeSpan timeLimit, Action late, long memoryLimit, Action<long> exceeded)
    {
        var most = Math.Max(memoryLimit, GC.GetTotalMemory(forceFullCollection: false) + memoryLimit / 10);
        new Thread(() => Watch(timeLimit, late, most, exceeded)) { IsBackground = true, Name = "Cell watch" }.UnsafeStart();
    }

    public void Dispose() => _end.Set();

    private void Watch(TimeSpan timeLimit, Action late, long most, Action<long> exceeded)
    {
        var begin = System.Diagnostics.Stopwatch.GetTimestamp();
        var pause = Interval;
        while (!_end.Wait(pause))
        {
            pause = Interval;
            if (timeLimit != Timeout.InfiniteTimeSpan && System.Diagnostics.Stopwatch.GetElapsedTime(begin) >= timeLimit)
            {
                late();
                return;
            }

            if (GC.GetTotalMemory(forceFullCollection: false) <= most) continue;
            // What nobody holds any more does not count; but do not spend the cell's time on collecting it.
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            GC.Collect(2, GCCollectionMode.Forced, blocking: true);
            pause = Interval + 4 * System.Diagnostics.Stopwatch.GetElapsedTime(start);
            if (GC.GetTotalMemory(forceFullCollection: false) is var used && used > most)
            {
                exceeded(used);
                return;
            }
        }
    }
}
