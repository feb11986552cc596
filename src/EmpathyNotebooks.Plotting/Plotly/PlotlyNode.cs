using System.Collections;
using System.Globalization;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// A JSON object of a Plotly figure: names in the order in which they were set, values of strings, numbers, booleans, nodes and lists of
/// them. What is null is left out.
/// </summary>
internal sealed class PlotlyNode : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <summary>Stands for "remove this" in a difference.</summary>
    private static readonly object Removed = new();

    /// <summary>Sets a property; null is left out. Also what a collection initializer calls.</summary>
    public void Add(string name, object? value)
    {
        if (value is not null) _values[name] = Normal(value);
    }

    public bool IsEmpty => _values.Count == 0;

    public object? this[string name] => _values.GetValueOrDefault(name);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Dictionaries, lists and plain values of its own, so that whoever takes them can change them.</summary>
    public Dictionary<string, object?> ToPlain() =>
        _values.ToDictionary(p => p.Key, p => ReferenceEquals(p.Value, Removed) ? null : Plain(p.Value), StringComparer.Ordinal);

    /// <summary>What has to change in this node to make it the other one: nodes are compared by property, all else as a whole.</summary>
    public PlotlyNode DifferenceTo(PlotlyNode other)
    {
        var difference = new PlotlyNode();
        foreach (var (name, value) in other._values)
        {
            if (_values.TryGetValue(name, out var old))
            {
                if (old is PlotlyNode from && value is PlotlyNode to)
                {
                    var inner = from.DifferenceTo(to);
                    if (!inner.IsEmpty) difference._values[name] = inner;
                    continue;
                }
                if (AreEqual(old, value)) continue;
            }
            difference._values[name] = value;
        }
        foreach (var name in _values.Keys)
        {
            if (!other._values.ContainsKey(name)) difference._values[name] = Removed;
        }
        return difference;
    }

    private static bool AreEqual(object? a, object? b) => (a, b) switch
    {
        (PlotlyNode x, PlotlyNode y) => x.DifferenceTo(y).IsEmpty,
        (object?[] x, object?[] y) => x.Length == y.Length && x.Zip(y).All(p => AreEqual(p.First, p.Second)),
        _ => Equals(a, b),
    };

    private static object? Plain(object? value) => value switch
    {
        PlotlyNode node => node.ToPlain(),
        object?[] list => list.Select(Plain).ToArray(),
        _ => value,
    };

    private static object Normal(object value) => value switch
    {
        PlotlyNode or string or bool or int => value,
        double number => Rounded(number),
        ThemeColor color => color.Light,
        IEnumerable list => list.Cast<object?>().Select(item => item is null ? null : Normal(item)).ToArray(),
        _ => throw new ArgumentException($"A Plotly figure holds no {value.GetType().Name}.", nameof(value)),
    };

    /// <summary>Twelve digits: the last ones of a double may differ between systems, and the file must not.</summary>
    private static double Rounded(double number)
    {
        if (!double.IsFinite(number)) throw new ArgumentException("A Plotly figure holds finite numbers; a gap is null.", nameof(number));
        return double.Parse(number.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + 0.0;
    }
}
