using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace EmpathyNotebooks.Host.Kernels.Formatting;

/// <summary>
/// Whether a value is nested deeper than anybody reads. It looks only into what holds its parts already, so that nothing is computed and no sequence
/// is run through, and of each level only into as many parts as are shown.
/// </summary>
internal static class Nesting
{
    private const int Deepest = 100;
    private const int MostParts = 20;
    private const int MostVisits = 20_000;

    public static bool IsDeep(object value)
    {
        // Not by calling itself: that is what it guards against.
        var open = new Stack<(object Value, int Depth)>();
        var deepest = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        open.Push((value, 0));
        for (var visits = 0; visits < MostVisits && open.TryPop(out var next); visits++)
        {
            if (next.Depth > Deepest) return true;
            // Another way to the same value matters only where it is longer.
            if (deepest.TryGetValue(next.Value, out var known) && known >= next.Depth) continue;
            deepest[next.Value] = next.Depth;
            foreach (var part in Parts(next.Value)) open.Push((part, next.Depth + 1));
        }

        return false;
    }

    /// <summary>Whether the parts of such a value are such values again, made when they are asked for: there may be no end of it.</summary>
    public static bool HoldsItsOwnKind(Type type) => !typeof(ICollection).IsAssignableFrom(type) && !typeof(JsonNode).IsAssignableFrom(type)
        && type != typeof(string) && type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEnumerable<>)
            && one.GetGenericArguments()[0] is var part && part != typeof(object) && part.IsAssignableFrom(type));

    private static IEnumerable<object> Parts(object value) => (value switch
    {
        string => [],
        ITuple tuple => Enumerable.Range(0, Math.Min(tuple.Length, MostParts)).Select(i => tuple[i]),
        Exception { InnerException: { } cause } => [cause],
        JsonArray array => array.Take(MostParts),
        JsonObject obj => obj.Take(MostParts).Select(pair => (object?)pair.Value),
        IDictionary dictionary => dictionary.Values.Cast<object?>().Take(MostParts),
        Array array when array.GetType().GetElementType() is { IsPrimitive: true } => [],
        ICollection collection => collection.Cast<object?>().Take(MostParts),
        _ => [],
    }).OfType<object>().Where(part => !part.GetType().IsPrimitive && part is not string);
}
