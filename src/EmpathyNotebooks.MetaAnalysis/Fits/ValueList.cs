using System.Collections;
using System.Runtime.CompilerServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A list that does not change and is equal to another with the same values, so that records of options compare by what they say.</summary>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Of))]
internal sealed class ValueList<T>(T[] values) : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    public int Count => values.Length;

    public T this[int index] => values[index];

    public bool Equals(ValueList<T>? other) => other is not null && values.AsSpan().SequenceEqual(other.Values, EqualityComparer<T>.Default);

    public override bool Equals(object? obj) => obj is ValueList<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in values) hash.Add(value);
        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"[{string.Join(", ", values)}]";

    private ReadOnlySpan<T> Values => values;
}

/// <summary>Makes such lists.</summary>
internal static class ValueList
{
    public static ValueList<T> Of<T>(ReadOnlySpan<T> values) => new(values.ToArray());

    /// <summary>A copy of the values, or null of null.</summary>
    public static ValueList<T>? Copy<T>(IReadOnlyList<T>? values) => values is null ? null : values as ValueList<T> ?? new ValueList<T>([.. values]);
}
