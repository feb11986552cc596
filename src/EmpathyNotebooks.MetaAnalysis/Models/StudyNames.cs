using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The labels of effects, made when somebody first wants to see one: where a hundred thousand sets of effects are fitted nobody does, and making them takes as long as a fit.</summary>
internal sealed class StudyNames
{
    private readonly int _count;
    private readonly StudyNames? _all;
    private readonly int[]? _rows;
    private ImmutableArray<string> _labels;

    /// <summary>Labels as they are given.</summary>
    public StudyNames(ImmutableArray<string> labels) => _labels = labels;

    /// <summary><c>Study 1</c>, <c>Study 2</c> and so on.</summary>
    public StudyNames(int count) => _count = count;

    private StudyNames(StudyNames all, int[] rows) => (_all, _rows) = (all, rows);

    /// <summary>One label an effect.</summary>
    // Two threads at once make the same labels twice, and either may stay.
    public ImmutableArray<string> Labels => _labels.IsDefault ? _labels = Made() : _labels;

    /// <summary>Those of some rows, which keep theirs.</summary>
    public StudyNames Select(int[] rows) => new(this, [.. rows]);

    private ImmutableArray<string> Made()
    {
        var labels = ImmutableArray.CreateBuilder<string>(_rows?.Length ?? _count);
        if (_all is null)
        {
            for (var i = 1; i <= _count; i++) labels.Add(string.Create(CultureInfo.InvariantCulture, $"Study {i}"));
            return labels.MoveToImmutable();
        }
        var all = _all.Labels;
        foreach (var row in _rows!) labels.Add(all[row]);
        return labels.MoveToImmutable();
    }
}
