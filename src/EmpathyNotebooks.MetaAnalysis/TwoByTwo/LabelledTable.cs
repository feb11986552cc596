namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The table of one study.</summary>
/// <param name="Label">The study's name.</param>
/// <param name="Table">Its counts.</param>
public readonly record struct LabelledTable(string Label, TwoByTwo Table)
{
    /// <summary>The tables of many studies from columns of counts.</summary>
    /// <param name="labels">The studies' names.</param>
    /// <param name="a">First group, with the event.</param>
    /// <param name="b">First group, without it.</param>
    /// <param name="c">Second group, with the event.</param>
    /// <param name="d">Second group, without it.</param>
    /// <exception cref="StudyDataException">Columns differ in length, or a count cannot be used; names row, study and what would
    /// be right.</exception>
    public static IReadOnlyList<LabelledTable> Create(IReadOnlyList<string> labels, IReadOnlyList<double> a,
        IReadOnlyList<double> b,        IReadOnlyList<double> c, IReadOnlyList<double> d)
    {
        ArgumentNullException.ThrowIfNull(labels);
        foreach (var (name, column) in new[] { ("ai", a), ("bi", b), ("ci", c), ("di", d) })
        {
            ArgumentNullException.ThrowIfNull(column);
            if (column.Count != labels.Count)
            {
                throw new StudyDataException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                    $"has {column.Count} values where there are {labels.Count} studies; each study needs one"), column: name);
            }
        }
        var tables = new LabelledTable[labels.Count];
        for (var i = 0; i < tables.Length; i++)
        {
            try
            {
                tables[i] = new LabelledTable(labels[i], new TwoByTwo(a[i], b[i], c[i], d[i]));
            }
            catch (ArgumentOutOfRangeException fault)
            {
                throw new StudyDataException(ArgumentFault.Of(fault).Sentence,
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{fault.ActualValue}"), i + 1, labels[i],
                        fault.ParamName + "i");
            }
        }
        return tables;
    }
}
