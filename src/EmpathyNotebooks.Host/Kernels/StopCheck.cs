using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>
/// What the kernel puts into the loops and functions of a cell, so that it can be stopped; not for use by hand.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StopCheck
{
    private static volatile bool _anyCellStopped;

    /// <summary>Ends the code that calls it if the cell it belongs to has been stopped.</summary>
    /// <exception cref="OperationCanceledException">The cell has been stopped.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Now()
    {
        if (_anyCellStopped)
        {
            ThrowIfStopped();
        }
    }

    /// <summary>As <see cref="Now"/>, at the start of a function: one that calls itself without end must not end the process.</summary>
    /// <exception cref="OperationCanceledException">The cell has been stopped.</exception>
    /// <exception cref="InsufficientExecutionStackException">The calls are nested too deeply.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Now();
    }

    internal static void CellStopped() => _anyCellStopped = true;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowIfStopped() => CellScope.Current?.Stop.ThrowIfCancellationRequested();
}

/// <summary>The cell that an async flow belongs to.</summary>
/// <param name="Kernel">Its kernel.</param>
/// <param name="Stop">Is cancelled when the cell is stopped.</param>
internal sealed record CellScope(CSharpKernel Kernel, CancellationToken Stop)
{
    private static readonly AsyncLocal<CellScope?> Flow = new();

    public static CellScope? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }
}
