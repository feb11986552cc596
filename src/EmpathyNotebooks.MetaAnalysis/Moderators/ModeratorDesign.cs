using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A study that was left out of a fit because a moderator is not known for it.</summary>
/// <param name="Index">Its row among the effects given, counted from 0.</param>
/// <param name="Label">Its label.</param>
/// <param name="MissingColumns">The moderators without a value.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfNumbers("sessions", [8, 16, null, 20, 12])]);
/// foreach (OmittedStudy study in MetaRegression.Fit(effects, Moderator.Number("sessions")).Omitted)
///     Console.WriteLine($"{study.Label} has no {string.Join(" and ", study.MissingColumns)}"); // Study 3 has no sessions
/// </code></example>
public sealed record OmittedStudy(int Index, string Label, ImmutableArray<string> MissingColumns)
{
    /// <summary>One line, for example <c>Study 3: no sessions</c>.</summary>
    public override string ToString() => $"{Label}: no {string.Join(" and no ", MissingColumns)}";
}

/// <summary>A column of a design: its name and the term it belongs to, -1 for the intercept.</summary>
internal readonly record struct DesignColumn(string Name, int Term);

/// <summary>Moderators applied to effects: the rows used, the design, and how to make a row of it from any values.</summary>
internal sealed class ModeratorDesign
{
    private readonly ImmutableArray<ModeratorTerm> _terms;
    private readonly Dictionary<string, VariableCoding> _codings = new(StringComparer.Ordinal);
    private readonly int _fullTerm = -1;
    private readonly List<int> _kept = [];
    private readonly List<(int Column, double[] FromKept)> _dropped = [];
    private readonly int _width;

    private ModeratorDesign(StudyEffects effects, Moderator moderators)
    {
        _terms = moderators.Terms;
        HasIntercept = moderators.HasIntercept;
        var variables = _terms.SelectMany(t => t.Factors).DistinctBy(f => f.Description).ToList();
        (var used, Omitted) = Known(effects, moderators);
        if (used.Length == 0) throw new InsufficientStudiesException("A meta-regression on " + moderators, 2, 0);
        Effects = Omitted.IsEmpty ? effects : effects.Select(used);
        foreach (var variable in variables) _codings[variable.Description] = variable.Learn(effects.Column(variable.Column), used);
        if (!HasIntercept) _fullTerm = _terms.ToList().FindIndex(t => t.Factors is [CategoryModerator]);

        var names = Names();
        _width = names.Count;
        var k = used.Length;
        var data = new double[k * _width];
        var row = new double[_width];
        for (var i = 0; i < k; i++)
        {
            var at = used[i];
            EncodeAll(variable => VariableCoding.ValueOf(effects.Column(variable.Column), at), row);
            for (var j = 0; j < _width; j++) data[j * k + i] = row[j];
        }

        // Where a combination of categories has no study, their interaction has fewer coefficients; what the others say stays the same.
        var basis = new List<double[]>();
        for (var j = 0; j < _width; j++)
        {
            if (DesignMatrix.TryExtend(basis, Column(j))) _kept.Add(j);
            else if (!IsCategoryInteraction(names[j]) || EmptyCellsOf(names[j].Term, used, effects).Count == 0)
            {
                throw _kept.Count == k ? TooFew(_width, k) : Dependent(names[j]);
            }
        }
        Matrix = DesignMatrix.Of([.. _kept.SelectMany(j => Column(j))], basis);
        Columns = [.. _kept.Select(j => names[j])];
        foreach (var j in Enumerable.Range(0, _width).Except(_kept)) _dropped.Add((j, Matrix.Regress(Column(j))));
        EmptyCells = [.. _dropped.Select(d => names[d.Column].Term).Distinct().SelectMany(t => EmptyCellsOf(t, used, effects))];

        ArraySegment<double> Column(int j) => new(data, j * k, k);
    }

    private ModeratorDesign(ModeratorDesign all, StudyEffects effects, DesignMatrix matrix)
    {
        (_terms, _codings, _fullTerm, _kept, _dropped, _width) = (all._terms, all._codings, all._fullTerm, all._kept, all._dropped, all._width);
        (HasIntercept, Columns, EmptyCells, Omitted) = (all.HasIntercept, all.Columns, all.EmptyCells, []);
        Effects = effects;
        Matrix = matrix;
    }

    /// <summary>The same columns for some of the rows: centres, units and categories stay those of all.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="matrix">Their part of <see cref="Matrix"/>.</param>
    public ModeratorDesign ForRows(IReadOnlyList<int> rows, DesignMatrix matrix) => new(this, Effects.Select(rows), matrix);

    /// <summary>The same columns for other effects, whose design is known.</summary>
    public ModeratorDesign For(StudyEffects effects, DesignMatrix matrix) => new(this, effects, matrix);

    /// <summary>Reads the columns of the effects.</summary>
    /// <exception cref="StudyDataException">A column is missing or constant, or a term depends on the others.</exception>
    public static ModeratorDesign Create(StudyEffects effects, Moderator moderators) => new(effects, moderators);

    /// <summary>The rows for which all columns of these terms are known, and those for which one is not.</summary>
    public static (int[] Rows, ImmutableArray<OmittedStudy> Omitted) Known(StudyEffects effects, params ReadOnlySpan<Moderator?> moderators)
    {
        var columns = new List<StudyColumn>();
        foreach (var moderator in moderators)
        {
            if (moderator is not null) columns.AddRange(moderator.Terms.SelectMany(t => t.Factors).Select(f => effects.Column(f.Column)));
        }
        columns = [.. columns.DistinctBy(c => c.Name)];
        var rows = new List<int>();
        var omitted = ImmutableArray.CreateBuilder<OmittedStudy>();
        for (var i = 0; i < effects.Count; i++)
        {
            ImmutableArray<string> missing = [.. columns.Where(c => c.Text(i) is null).Select(c => c.Name)];
            if (missing.IsEmpty) rows.Add(i);
            else omitted.Add(new OmittedStudy(i, effects.Labels[i], missing));
        }
        return ([.. rows], omitted.ToImmutable());
    }

    /// <summary>The effects used.</summary>
    public StudyEffects Effects { get; }

    public ImmutableArray<OmittedStudy> Omitted { get; }

    public DesignMatrix Matrix { get; }

    public ImmutableArray<DesignColumn> Columns { get; }

    public ImmutableArray<string> EmptyCells { get; }

    public bool HasIntercept { get; }

    public ImmutableArray<string> TermNames => [.. _terms.Select(t => t.Name)];

    /// <summary>The columns of the data that the terms use.</summary>
    public IEnumerable<string> DataColumns => _terms.SelectMany(t => t.Factors).Select(f => f.Column).Distinct();

    /// <summary>The values a grid of typical studies takes for a column.</summary>
    public ImmutableArray<ModeratorValue> TypicalValues(string column) =>
        _codings.Values.First(c => c.Variable.Column == column).TypicalValues;

    public bool IsCategory(string column) => _codings.Values.Any(c => c.Variable.Column == column && c is CategoryCoding);

    /// <summary>A row of the design for any values.</summary>
    /// <exception cref="StudyDataException">A column has no value, one that no study has, or there is a column that the model does not have.</exception>
    public double[] Encode(ModeratorValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var (column, _) in values)
        {
            if (!DataColumns.Contains(column))
            {
                throw new StudyDataException("is not a moderator of this fit: " + NearestName.Hint(column, DataColumns), column, kind: StudyDataFault.NoSuchName) { Choices = [.. DataColumns] };
            }
        }
        var all = new double[_width];
        EncodeAll(variable => values.Contains(variable.Column) ? values[variable.Column]
            : throw new StudyDataException("needs a value: the prediction depends on it", column: variable.Column), all);
        double[] kept = [.. _kept.Select(j => all[j])];
        foreach (var (column, fromKept) in _dropped)
        {
            // What a column left out would add is known only as far as it follows from the others in the studies as well as here.
            var follows = kept.Zip(fromKept, (x, b) => x * b).Sum();
            if (Math.Abs(all[column] - follows) > 1e-9 * (1 + Math.Abs(follows)))
            {
                throw new StudyDataException($"is a combination that no study of this fit has (there is none with {string.Join(" or ", EmptyCells)})",
                    values.ToString());
            }
        }
        return kept;
    }

    /// <summary>For each value of a category the mean row of the design over all values of the other categories, numbers at their mean.</summary>
    public List<(string Name, double[] Row)> MarginalRows(string column)
    {
        if (!DataColumns.Contains(column) || !IsCategory(column))
        {
            throw new StudyDataException("is not a category of this model: "
                + NearestName.Hint(column, DataColumns.Where(IsCategory)), column, kind: StudyDataFault.NoSuchName) { Choices = [.. DataColumns.Where(IsCategory)] };
        }
        string[] others = [.. DataColumns.Where(c => c != column)];
        var rows = new List<(string, double[])>();
        foreach (var level in TypicalValues(column))
        {
            List<ModeratorValues> grid = [new() { [column] = level }];
            foreach (var other in others)
            {
                grid = [.. grid.SelectMany(_ => TypicalValues(other), (values, value) =>
                {
                    var next = new ModeratorValues { [other] = value };
                    foreach (var (name, known) in values) next[name] = known;
                    return next;
                })];
            }
            var mean = new double[Matrix.Parameters];
            foreach (var values in grid)
            {
                var row = Encode(values);
                for (var j = 0; j < mean.Length; j++) mean[j] += row[j] / grid.Count;
            }
            rows.Add((level.ToString(), mean));
        }
        return rows;
    }

    /// <summary>Values were given for a model without moderators.</summary>
    public static StudyDataException NoModerator(ModeratorValues values) =>
        new("is not a moderator of this fit, which has none: its mean is the same everywhere", column: values.Select(v => v.Key).First(), kind: StudyDataFault.NoSuchName);

    private bool IsCategoryInteraction(DesignColumn column) => column.Term >= 0
        && _terms[column.Term].Factors is { Length: > 1 } factors && factors.All(f => f is CategoryModerator);

    /// <summary>The combinations of the categories of a term that no study used has.</summary>
    private List<string> EmptyCellsOf(int term, int[] used, StudyEffects effects)
    {
        var factors = _terms[term].Factors;
        var present = used.Select(row => string.Join('\n', factors.Select(f => effects.Column(f.Column).Text(row)))).ToHashSet(StringComparer.Ordinal);
        List<string[]> cells = [[]];
        foreach (var factor in factors)
        {
            cells = [.. cells.SelectMany(_ => _codings[factor.Description].TypicalValues, (cell, value) => (string[])[.. cell, value.ToString()])];
        }
        return [.. cells.Where(cell => !present.Contains(string.Join('\n', cell)))
            .Select(cell => string.Join(" × ", cell.Zip(factors, (value, factor) => $"{factor.Column}: {value}")))];
    }

    private List<DesignColumn> Names()
    {
        var names = new List<DesignColumn>();
        if (HasIntercept) names.Add(new DesignColumn("Intercept", -1));
        for (var t = 0; t < _terms.Length; t++)
        {
            IEnumerable<string> products = [""];
            foreach (var factor in _terms[t].Factors)
            {
                var coding = _codings[factor.Description];
                // The first factor varies fastest, as in every table of interactions.
                products = [.. Enumerable.Range(0, coding.Width(t == _fullTerm)).SelectMany(_ => products,
                    (j, p) => p.Length == 0 ? coding.Name(j, t == _fullTerm) : $"{p} × {coding.Name(j, t == _fullTerm)}")];
            }
            foreach (var name in products) names.Add(new DesignColumn(name, t));
        }
        return names;
    }

    /// <summary>How each column is made from the data.</summary>
    public ImmutableArray<DesignRecipe> Recipes()
    {
        List<ImmutableArray<DesignFactor>> all = HasIntercept ? [[]] : [];
        for (var t = 0; t < _terms.Length; t++)
        {
            List<ImmutableArray<DesignFactor>> products = [[]];
            foreach (var factor in _terms[t].Factors)
            {
                var coding = _codings[factor.Description];
                products = [.. Enumerable.Range(0, coding.Width(t == _fullTerm)).SelectMany(_ => products, (j, product) => product.Add(coding.Factor(j, t == _fullTerm)))];
            }
            all.AddRange(products);
        }
        return [.. _kept.Select((j, place) => new DesignRecipe(Columns[place].Name, all[j]))];
    }

    private void EncodeAll(Func<VariableModerator, ModeratorValue> valueOf, double[] into)
    {
        var place = 0;
        if (HasIntercept) into[place++] = 1;
        for (var t = 0; t < _terms.Length; t++)
        {
            double[] products = [1];
            foreach (var factor in _terms[t].Factors)
            {
                var coding = _codings[factor.Description];
                var values = new double[coding.Width(t == _fullTerm)];
                coding.Encode(valueOf(factor), t == _fullTerm, values);
                products = [.. values.SelectMany(_ => products, (v, p) => v * p)];
            }
            products.CopyTo(into, place);
            place += products.Length;
        }
    }

    private static InsufficientStudiesException TooFew(int coefficients, int k) =>
        new($"A meta-regression with {StatisticText.Count(coefficients, "coefficient")}", coefficients, k);

    private StudyDataException Dependent(DesignColumn column) => column.Term < 0
        ? new StudyDataException("is not determined by these studies", column.Name, kind: StudyDataFault.Undetermined)
        : new StudyDataException(
            $"cannot be told from the terms before it: \"{column.Name}\" follows from {(column.Term == 0 ? "the intercept" : string.Join(", ", TermNames[..column.Term].Prepend(HasIntercept ? "the intercept" : "").Where(n => n.Length > 0)))}. Leave one of them out",
            TermNames[column.Term], kind: StudyDataFault.Undetermined);
}
