namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>How a <see cref="JupyterKernel"/> lives beside its cells.</summary>
public sealed record JupyterKernelSettings
{
    /// <summary>True to live on when the program that started the kernel is gone; else it ends then, as far as the system tells.</summary>
    public bool OutlivesParent { get; init; }

    /// <summary>Where cells are kept for the history of later sessions; null, as it is unless given, to keep them nowhere.</summary>
    public string? HistoryFile { get; init; }
}
