using System.Collections.Concurrent;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

/// <summary>What a run found wrong, by its kind with the shortest example, and how often each question had an answer: a run in which everything is refused tests nothing.</summary>
internal sealed class Findings
{
    private const string Answer = "answers";

    private readonly ConcurrentDictionary<string, (int Count, string Example)> _wrong = new();
    private readonly ConcurrentDictionary<(string Question, string Outcome), int> _answers = new();

    /// <param name="kind">The kind, the same for all sets that show it.</param>
    /// <param name="what">The set and the numbers.</param>
    public void Wrong(string kind, string what) => _wrong.AddOrUpdate(kind, _ => (1, what), (_, old) => (old.Count + 1, what.Length < old.Example.Length ? what : old.Example));

    /// <param name="question">What was asked.</param>
    /// <param name="refusal">The documented exception that was the answer; null where there was one.</param>
    public void Asked(string question, Exception? refusal) =>
        _answers.AddOrUpdate((question, refusal is ConvergenceException { Kind: var kind } ? $"no convergence ({kind})" : refusal?.GetType().Name ?? Answer), 1, (_, count) => count + 1);

    /// <summary>How often each question was asked, and how often it had an answer or was refused with which exception.</summary>
    public IEnumerable<string> Answers => _answers.GroupBy(a => a.Key.Question).OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => $"{g.Key}: {string.Join(", ", g.OrderBy(a => a.Key.Outcome, StringComparer.Ordinal).Select(a => $"{a.Value} {a.Key.Outcome}"))}");

    /// <summary>All that is wrong, the most frequent first; empty where nothing is.</summary>
    /// <param name="fewest">How often a question has to be asked before it has to have had an answer.</param>
    public string Words(int fewest) => string.Join("\n",
    [
        .. _wrong.OrderByDescending(w => w.Value.Count).Select(w => $"{w.Value.Count} times: {w.Key}: {w.Value.Example}"),
        .. _answers.GroupBy(a => a.Key.Question).Where(g => g.Sum(a => a.Value) >= fewest && g.All(a => a.Key.Outcome != Answer)).Select(g => $"{g.Key} had no answer to {g.Sum(a => a.Value)} sets"),
    ]);
}
