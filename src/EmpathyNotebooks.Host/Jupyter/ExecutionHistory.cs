using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>The cells of this session, for `history_request`.</summary>
internal sealed class ExecutionHistory
{
    private const int Session = 1;

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];

    private sealed record Entry(int Line, string Input, string? Output);

    public void Add(int line, string input, string? output)
    {
        lock (_lock)
        {
            _entries.Add(new Entry(line, input, output));
        }
    }

    /// <summary>The entries that a request asks for, as Jupyter writes them.</summary>
    public JsonArray Find(JupyterMessage request)
    {
        List<Entry> entries;
        lock (_lock)
        {
            entries = [.. _entries];
        }

        var count = request.Number("n");
        IEnumerable<Entry> found = request.Text("hist_access_type") switch
        {
            "range" => Range(entries, request),
            "search" => Last(Search(entries, request), count),
            _ => Last(entries, count),
        };
        var withOutput = request.Flag("output", otherwise: false);
        return [.. found.Select(entry => (JsonNode)new JsonArray(Session, entry.Line, withOutput
            ? new JsonArray(entry.Input, entry.Output) : entry.Input))];
    }

    // Sessions before this one are not kept: 0 is this one, as its own number is.
    private static IEnumerable<Entry> Range(List<Entry> entries, JupyterMessage request) => request.Number("session") is null or 0 or Session
        ? entries.Where(entry => entry.Line >= (request.Number("start") ?? 0) && entry.Line < (request.Number("stop") ?? int.MaxValue))
        : [];

    private static IEnumerable<Entry> Search(List<Entry> entries, JupyterMessage request)
    {
        var pattern = Glob(request.Text("pattern") ?? "*");
        var found = entries.Where(entry => pattern.IsMatch(entry.Input));
        return request.Flag("unique", otherwise: false)
            ? found.Reverse().DistinctBy(entry => entry.Input, StringComparer.Ordinal).Reverse()
            : found;
    }

    private static IEnumerable<Entry> Last(IEnumerable<Entry> entries, int? count) => count is { } last and >= 0 ? entries.TakeLast(last) : entries;

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
