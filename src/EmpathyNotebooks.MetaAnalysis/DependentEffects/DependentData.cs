using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The effects used with their design, with or without moderators.</summary>
internal sealed class DependentData
{
    private DependentData(StudyEffects effects, DesignMatrix matrix, ImmutableArray<DesignColumn> columns, Moderator? moderators, ModeratorDesign? design)
    {
        Effects = effects;
        Matrix = matrix;
        Columns = columns;
        Moderators = moderators;
        Design = design;
    }

    public StudyEffects Effects { get; }

    public DesignMatrix Matrix { get; }

    public ImmutableArray<DesignColumn> Columns { get; }

    public Moderator? Moderators { get; }

    public ModeratorDesign? Design { get; }

    public ImmutableArray<OmittedStudy> Omitted => Design?.Omitted ?? [];

    public bool HasIntercept => Design?.HasIntercept ?? true;

    /// <summary>Weights of the effects used, or null for the model's own.</summary>
    public double[]? Weights { get; private set; }

    public static DependentData Create(StudyEffects effects, Moderator? moderators, IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        DependentData data;
        if (moderators is null)
        {
            if (effects.Count < 2) throw new InsufficientStudiesException("A model with dependent effects", 2, effects.Count, StudyCount.Effects);
            data = new DependentData(effects, DesignMatrix.Constant(effects.Count), [new DesignColumn("Intercept", -1)], null, null);
        }
        else
        {
            var design = ModeratorDesign.Create(effects, moderators);
            data = new DependentData(design.Effects, design.Matrix, design.Columns, moderators, design);
        }
        var p = data.Matrix.Parameters;
        if (data.Effects.Count <= p)
        {
            throw new InsufficientStudiesException($"A model with {StatisticText.Count(p, "coefficient")}", p + 1, data.Effects.Count, StudyCount.Effects);
        }
        data.Weights = data.WeightsOf(weights, effects);
        return data;
    }

    /// <summary>Some of the rows, with the columns of the design as they are.</summary>
    public DependentData ForRows(IReadOnlyList<int> rows, DesignMatrix matrix) => For(Effects.Select(rows), matrix, Weights is null ? null : [.. rows.Select(i => Weights[i])]);

    /// <summary>Other effects, whose design is known.</summary>
    public DependentData For(StudyEffects effects, DesignMatrix matrix, double[]? weights) => new(effects, matrix, Columns, Moderators, Design?.For(effects, matrix)) { Weights = weights };

    /// <summary>Those of the weights, one an effect given, that belong to the effects used; null for none.</summary>
    private double[]? WeightsOf(IReadOnlyList<double>? given, StudyEffects effects)
    {
        if (StudyWeights.Check(given, effects) is not { } weights) return null;
        var omitted = Omitted.Select(o => o.Index).ToHashSet();
        return [.. Enumerable.Range(0, weights.Length).Where(i => !omitted.Contains(i)).Select(i => weights[i])];
    }

    /// <summary>A row of the design as the reader has it.</summary>
    public double[] Row(int study)
    {
        var row = new double[Matrix.Parameters];
        for (var j = 0; j < row.Length; j++) row[j] = Matrix.Columns[j * Matrix.Count + study];
        return row;
    }

    /// <summary>The containment degrees of freedom of each coefficient; see <see cref="DegreesOfFreedomMethod.Contained"/>.</summary>
    public double[] ContainedDegreesOfFreedom(IReadOnlyList<RandomTerm> terms)
    {
        var (k, p) = (Matrix.Count, Matrix.Parameters);
        var df = new double[p];
        Array.Fill(df, k);
        foreach (var (groups, count) in terms.SelectMany(Groupings))
        {
            for (var j = 0; j < p; j++)
            {
                if (count < df[j] && IsConstantWithin(Matrix.Columns.AsSpan(j * k, k), groups, count)) df[j] = count;
            }
        }
        for (var j = 0; j < p; j++) df[j] = Math.Max(1, df[j] - p);
        return df;
    }

    private static IEnumerable<(int[] Groups, int Count)> Groupings(RandomTerm term)
    {
        if (term.Relation is not null)
        {
            yield return (term.Inner, term.InnerNames.Length);
            yield break;
        }
        yield return (term.Groups, term.GroupNames.Length);
        if (term.Dimension == 1) yield break;
        var (cells, names) = LevelReader.Code([.. term.Groups.Select((g, i) => FormattableString.Invariant($"{g} {term.Inner[i]}"))]);
        yield return (cells, names.Length);
    }

    private static bool IsConstantWithin(ReadOnlySpan<double> column, ReadOnlySpan<int> groups, int count)
    {
        var first = new double[count];
        Array.Fill(first, double.NaN);
        for (var i = 0; i < groups.Length; i++)
        {
            ref var value = ref first[groups[i]];
            if (double.IsNaN(value)) value = column[i];
            else if (value != column[i]) return false;
        }
        return true;
    }
}
