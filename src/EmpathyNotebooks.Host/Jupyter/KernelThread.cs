using System.Collections.Concurrent;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>A thread of the kernel's own: what is awaited on it goes on there. Compiling and the wait for the next request still use the thread pool.</summary>
internal sealed class KernelThread : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Work, object? State)> _queue = [];

    private KernelThread()
    {
    }

    /// <summary>Starts the work on a new thread, which ends with the process.</summary>
    public static void Start(string name, Func<Task> work)
    {
        var context = new KernelThread();
        new Thread(() =>
        {
            SetSynchronizationContext(context);
            _ = work();
            foreach (var (next, state) in context._queue.GetConsumingEnumerable()) next(state);
        }) { IsBackground = true, Name = name }.UnsafeStart();
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) => _queue.Add((d, state));

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
