using System.Collections.Immutable;
using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The data frame of a script: the effects and the columns that the model uses, under names that R takes as they are.</summary>
internal sealed partial class RData
{
    private static readonly HashSet<string> Taken = ["study", "yi", "vi", "weight", "dat", "fit", "V", "say", "T", "F"];
    private readonly StudyEffects? _effects;
    private readonly List<(string Name, string Values, string? Original)> _columns = [];
    private readonly Dictionary<(string Column, bool AsText), string> _names = [];

    public RData(StudyEffects effects)
        : this(effects.Labels)
    {
        _effects = effects;
        AddNumbers("yi", effects.Effects);
        AddNumbers("vi", effects.Variances);
    }

    /// <summary>A data frame with labels alone.</summary>
    public RData(IEnumerable<string> labels) => _columns.Add(("study", RText.Vector(labels.Select(RText.Quote)), null));

    /// <summary>Adds numbers under a name that no column of the data has.</summary>
    public void AddNumbers(string name, IEnumerable<double> values) => _columns.Add((name, RText.Vector(values), null));

    /// <summary>Adds weights.</summary>
    public void AddWeights(IEnumerable<double> weights) => AddNumbers("weight", weights);

    /// <summary>A column of numbers, as R calls it: <c>dat$year</c>.</summary>
    public string Numbers(string column) => Named(column, false, c => RText.Vector(Enumerable.Range(0, c.Count).Select(i => c.Number(i)!.Value)));

    /// <summary>A column of texts, as R calls it. A column of numbers is written as the texts by which its values are told apart.</summary>
    public string Texts(string column) => Named(column, true, c => RText.Vector(Enumerable.Range(0, c.Count).Select(i => RText.Quote(c.Text(i)!))));

    /// <summary>The code of the data frame.</summary>
    public string Code()
    {
        var renamed = string.Concat(_columns.Where(c => c.Original is not null).Select(c => $"# {c.Name} is the column {RText.Quote(c.Original!)}.\n"));
        return renamed + "dat <- data.frame(\n  " + string.Join(",\n  ", _columns.Select(c => $"{c.Name} = {c.Values}")) + ",\n  stringsAsFactors = FALSE)\n";
    }

    private string Named(string column, bool asText, Func<StudyColumn, string> values)
    {
        var data = _effects!.Column(column);
        asText = asText || !data.IsNumeric;
        if (_names.TryGetValue((column, asText), out var known)) return known;
        var isPlain = PlainName().IsMatch(column) && !Taken.Contains(column) && _columns.TrueForAll(c => c.Name != column);
        var name = isPlain ? column : $"column{_columns.Count}";
        _columns.Add((name, values(data), isPlain ? null : column));
        return _names[(column, asText)] = "dat$" + name;
    }

    // Names such as x1 are given to the columns of the design, column1 to those whose own name R would not take; words of R's grammar have no digit or underscore at the end.
    [GeneratedRegex("^(?!(if|else|repeat|while|function|for|next|break|TRUE|FALSE|NULL|Inf|NaN|NA|NA_.*|in|[xz][0-9]+|level[0-9]+|column[0-9]+)$)[A-Za-z][A-Za-z0-9_]*$")]
    private static partial Regex PlainName();
}
