namespace EmpathyNotebooks.Host.Kernels.Language;

/// <summary>The code that a kernel has run, without directives, in its order.</summary>
internal sealed class SubmissionHistory
{
    private readonly Lock _lock = new();
    private readonly List<string> _codes = [];

    public void Add(string code)
    {
        lock (_lock)
        {
            _codes.Add(code);
        }
    }

    /// <summary>All that came after the first ones.</summary>
    public IReadOnlyList<string> After(int count)
    {
        lock (_lock)
        {
            return _codes[count..];
        }
    }
}
