using System.Globalization;
using System.Text.Json;

namespace EmpathyNotebooks.Cli.Simulate;

/// <summary>A value of a design file that knows its place, so that every fault names file, path, value and what would be right.</summary>
internal readonly struct DesignNode(JsonElement element, string path, string file)
{
    private const int MostShown = 60;

    public string Path => path;

    public JsonElement Element => element;

    public BadInputException Fault(string problem)
    {
        var text = element.GetRawText();
        return new BadInputException($"{file}, {path}: {(text.Length > MostShown ? text[..MostShown] + "..." : text)} {problem}.");
    }

    /// <summary>A member that may be missing.</summary>
    public DesignNode? Find(string name) => element.TryGetProperty(name, out var value) ? new DesignNode(value, $"{path}.{name}", file) : null;

    /// <summary>A member that has to be there.</summary>
    public DesignNode Member(string name, string right) => Find(name) ?? throw new BadInputException($"{file}, {path}: there is no \"{name}\"; give {right}.");

    /// <summary>Refuses what is no object, and members that nobody reads: a misspelled name would go unheard.</summary>
    public DesignNode Object(params string[] names)
    {
        if (element.ValueKind != JsonValueKind.Object) throw Fault($"must be an object with {Names()}");
        foreach (var member in element.EnumerateObject())
        {
            if (!names.Contains(member.Name)) throw new BadInputException($"{file}, {path}.{member.Name}: there is no such member. There are: {string.Join(", ", names)}.");
        }
        return this;

        string Names() => string.Join(", ", names.Select(n => $"\"{n}\""));
    }

    /// <summary>The members of a list; a value alone is a list of one.</summary>
    public List<DesignNode> List(string right)
    {
        if (element.ValueKind != JsonValueKind.Array) return [this];
        var (own, name) = (path, file);
        List<DesignNode> nodes = [.. element.EnumerateArray().Select((value, i) => new DesignNode(value, string.Create(CultureInfo.InvariantCulture, $"{own}[{i}]"), name))];
        return nodes.Count > 0 ? nodes : throw Fault($"must not be empty; give {right}");
    }

    public double Number(Func<double, bool> isRight, string right) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && double.IsFinite(value) && isRight(value) ? value : throw Fault($"must be {right}");

    public int Whole(int least, int most, string right) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) && value >= least && value <= most ? value : throw Fault($"must be {right}");

    public ulong Unsigned(string right) => element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out var value) ? value : throw Fault($"must be {right}");

    /// <summary>One of some words, in any case.</summary>
    public T Choice<T>(IReadOnlyList<(string Word, T Value)> choices)
    {
        var text = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        foreach (var comparison in (StringComparison[])[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
        {
            foreach (var (word, value) in choices)
            {
                if (word.Equals(text, comparison)) return value;
            }
        }
        throw Fault($"must be one of {string.Join(", ", choices.Select(c => $"\"{c.Word}\""))}");
    }
}
