using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>The cells of this session and of earlier ones, for `history_request`.</summary>
/// <param name="file">Keeps them; null to keep them nowhere.</param>
internal sealed class ExecutionHistory(HistoryFile? file = null)
{
    // A cell that ends the process with it costs the others no more than this.
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly IReadOnlyList<HistoryEntry> _earlier = file?.Read() ?? [];
    private readonly List<HistoryEntry> _entries = [];
    private int _saved;
    private long _savedAt = long.MinValue;

    private int _session;

    // As the file numbers it; where it keeps nothing, the next after those it held.
    private int Session => _session > 0 ? _session : 1 + _earlier.Select(entry => entry.Session).DefaultIfEmpty(0).Max();

    public void Add(int line, string input, string? output)
    {
        lock (_lock)
        {
            _entries.Add(new HistoryEntry(0, line, input, output));
            if (_savedAt == long.MinValue || Environment.TickCount64 - _savedAt > SaveInterval.TotalMilliseconds) Save();
        }
    }

    /// <summary>Keeps what has not been kept yet.</summary>
    public void Save()
    {
        lock (_lock)
        {
            if (file is null || _saved == _entries.Count) return;
            if (file.Add(_entries[_saved..], ref _session)) _saved = _entries.Count;
            _savedAt = Environment.TickCount64;
        }
    }

    /// <summary>The entries that a request asks for, as Jupyter writes them.</summary>
    public JsonArray Find(JupyterMessage request)
    {
        List<HistoryEntry> entries;
        lock (_lock)
        {
            entries = [.. _earlier, .. _entries.Select(entry => entry with { Session = Session })];
        }

        var count = request.Number("n");
        IEnumerable<HistoryEntry> found = request.Text("hist_access_type") switch
        {
            "range" => Range(entries, request),
            "search" => Last(Search(entries, request), count),
            _ => Last(entries, count),
        };
        var withOutput = request.Flag("output", otherwise: false);
        return [.. found.Select(entry => (JsonNode)new JsonArray(entry.Session, entry.Line, withOutput
            ? new JsonArray(entry.Input, entry.Output) : entry.Input))];
    }

    // As IPython counts: 0 is this session, -1 the one before it, a positive number that session.
    private IEnumerable<HistoryEntry> Range(List<HistoryEntry> entries, JupyterMessage request)
    {
        var session = request.Number("session") ?? 0;
        if (session <= 0) session += Session;
        return entries.Where(entry => entry.Session == session
            && entry.Line >= (request.Number("start") ?? 0) && entry.Line < (request.Number("stop") ?? int.MaxValue));
    }

    private static IEnumerable<HistoryEntry> Search(List<HistoryEntry> entries, JupyterMessage request)
    {
        var pattern = Glob(request.Text("pattern") ?? "*");
        var found = entries.Where(entry => pattern.IsMatch(entry.Input));
        return request.Flag("unique", otherwise: false)
            ? found.Reverse().DistinctBy(entry => entry.Input, StringComparer.Ordinal).Reverse()
            : found;
    }

    private static IEnumerable<HistoryEntry> Last(IEnumerable<HistoryEntry> entries, int? count) => count is { } last and >= 0 ? entries.TakeLast(last) : entries;

    private static Regex Glob(string pattern)
    {
        var text = new StringBuilder("^");
        foreach (var c in pattern)
        {
            text.Append(c switch { '*' => ".*", '?' => ".", _ => Regex.Escape(c.ToString()) });
        }

        return new Regex(text.Append('$').ToString(), RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }
}
