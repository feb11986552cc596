using System.Globalization;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>
/// Runs the code of a cell on a thread of its own, and stops waiting for it when it does not heed being stopped.
/// </summary>
internal sealed class Interruptible : SynchronizationContext
{
    // How long the code may take to come to a check, and then, woken from a wait, to unwind, before it is left behind.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    // A recursion without end is found sooner, and its exception has fewer calls to go through.
    private const int StackSize = 2 << 20;

    private readonly Action<Exception> _unhandled;

    private Interruptible(Action<Exception> unhandled) => _unhandled = unhandled;

    /// <summary>Runs the work; once it is stopped, ends soon after, with whatever exception the work ended in.</summary>
    /// <param name="work">The work; what comes after an await runs on the thread pool.</param>
    /// <param name="unhandled">Takes what an `async void` method throws, which would otherwise end the process.</param>
    /// <param name="stop">Stops the work.</param>
    public static async Task RunAsync(Func<Task> work, Action<Exception> unhandled, CancellationToken stop)
    {
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var context = new Interruptible(unhandled);
        var thread = new Thread(() => context.Execute(() => _ = CompleteAsync(work, completion)), StackSize)
        {
            IsBackground = true,
            Name = "Notebook cell",
            CurrentCulture = CultureInfo.InvariantCulture,
            CurrentUICulture = CultureInfo.InvariantCulture,
        };
        thread.Start();
        await using var registration = stop
            .UnsafeRegister(_ => new Thread(() => Stop(thread, completion, stop)) { IsBackground = true, Name = "Cell stop" }.UnsafeStart(), null);
        await completion.Task;
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) =>
        ThreadPool.QueueUserWorkItem(_ => Execute(() => d(state)), null);

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    private static async Task CompleteAsync(Func<Task> work, TaskCompletionSource completion)
    {
        try
        {
            await work();
            completion.TrySetResult();
        }
        catch (Exception fault)
        {
            completion.TrySetException(fault);
        }
    }

    // On a thread of its own: the cell may keep the whole pool busy.
    private static void Stop(Thread thread, TaskCompletionSource completion, CancellationToken stop)
    {
        var ended = ((IAsyncResult)completion.Task).AsyncWaitHandle;
        if (ended.WaitOne(Patience)) return;
        thread.Interrupt();
        ended.WaitOne(Patience);
        completion.TrySetCanceled(stop);
    }

    private void Execute(Action action)
    {
        var previous = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        catch (Exception fault)
        {
            _unhandled(fault);
        }
        finally
        {
            SetSynchronizationContext(previous);
        }
    }
}
