using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>Faults of single cells, gathered so that whoever mends a table sees all of them at once and not one in each run.</summary>
internal sealed class CellFaults
{
    /// <summary>A table of a million wrong cells need not be looked at to its end.</summary>
    private const int MostCounted = 1000;

    private readonly List<StudyDataException> _found = [];

    /// <summary>True where there is one.</summary>
    public bool Any => _found.Count > 0;

    /// <summary>True where there are so many that no more are looked for.</summary>
    public bool AreEnough => _found.Count >= MostCounted;

    /// <summary>True for a fault of a cell, and not of a whole column or table.</summary>
    public static bool IsOfCell(StudyDataException fault) => fault.Row is not null
        && fault.Kind is StudyDataFault.Value or StudyDataFault.MixedColumn or StudyDataFault.OtherDecimalMark or StudyDataFault.ZeroCount or StudyDataFault.Disagreement;

    /// <summary>Takes note of a fault of a cell, and says whether it did: one of a whole column or table ends the search. For a filter of exceptions, which must not throw.</summary>
    public bool Takes(StudyDataException fault)
    {
        if (!IsOfCell(fault)) return false;
        _found.Add(fault);
        return true;
    }

    /// <summary>Throws them together where there are any.</summary>
    public void ThrowIfAny()
    {
        if (Any) throw StudyDataException.Together(_found, countsAll: !AreEnough);
    }
}
