using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

/// <summary>Reads every public member of a result, and of the results in it: none may be NaN, an interval has its ends in order, and a member throws nothing but what its documentation names.</summary>
internal static class Walk
{
    private const int Deepest = 4;
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Members = new();

    /// <param name="result">A result of the library.</param>
    /// <param name="report">Takes the member and its value where something is wrong.</param>
    /// <param name="number">Takes every number with its place, where that is wanted.</param>
    public static void Over(object? result, Action<string, string> report, Action<string, double>? number = null) =>
        new Reader(report, number).Over(result, result?.GetType().Name ?? "", 0);

    private static bool IsDefault(object list) => list.GetType() is { IsGenericType: true } type && type.GetProperty("IsDefault")?.GetValue(list) is true;

    private sealed class Reader(Action<string, string> report, Action<string, double>? number)
    {
        private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);

        public void Over(object? value, string path, int depth)
        {
            switch (value)
            {
                case null or string or StudyEffects or EffectMeasure or ModelOptions or Enum or Delegate:
                    return;
                case double read:
                    number?.Invoke(path, read);
                    if (double.IsNaN(read)) report($"{path} is NaN", "NaN");
                    return;
                case ConfidenceInterval interval:
                    number?.Invoke(path + ".Lower", interval.Lower);
                    number?.Invoke(path + ".Upper", interval.Upper);
                    if (!(interval.Lower <= interval.Upper)) report($"{path} is no interval", string.Create(CultureInfo.InvariantCulture, $"[{interval.Lower:R}, {interval.Upper:R}]"));
                    return;
            }
            var type = value.GetType();
            if (type.IsPrimitive || depth > Deepest || !type.IsValueType && !_seen.Add(value)) return;
            if (value is IEnumerable list)
            {
                if (value is Array or IList && !IsDefault(value)) foreach (var item in list) Over(item, path + "[]", depth + 1);
                return;
            }
            if (type.Namespace?.StartsWith("EmpathyNotebooks", StringComparison.Ordinal) != true) return;
            foreach (var member in Members.GetOrAdd(type, t => [.. t.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0)]))
            {
                object? inner;
                try
                {
                    inner = member.GetValue(value);
                }
                catch (TargetInvocationException fault) when (fault.InnerException is { } cause)
                {
                    var isNamed = FuzzRun.IsDocumented(cause) || cause is InvalidOperationException && value is Coefficient { HasStandardError: false } or ModeratorTest { Exists: false };
                    if (!isNamed) report($"{path}.{member.Name} throws {cause.GetType().Name}", cause.Message);
                    continue;
                }
                Over(inner, $"{path}.{member.Name}", depth + 1);
            }
            if (value.ToString() is { } text && text.Contains("NaN", StringComparison.Ordinal)) report($"{path} says NaN", text);
        }
    }
}
