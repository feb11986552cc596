using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The effects of a set of studies: one value y and one sampling variance v a row, with labels, sample sizes and further columns.
/// Validated and copied once; everything after that can trust it.
/// </summary>
public sealed class StudyEffects
{
    private Content? _content;
    private readonly StudyEffects? _parent;
    private readonly int _left;
    private readonly EffectMeasure _measure;
    private EffectMeasure? _pooledMeasure;

    private StudyEffects(Content content, EffectMeasure measure, DataOrigin origin)
    {
        _content = content;
        Count = content.Effects.Length;
        _measure = measure;
        Origin = origin;
    }

    private StudyEffects(StudyEffects parent, int left)
    {
        _parent = parent;
        _left = left;
        Count = parent.Count - 1;
        _measure = parent._measure;
        Origin = parent.Origin;
    }

    /// <summary>Checks and copies the data.</summary>
    /// <param name="effects">The effects y on the scale that is pooled, finite.</param>
    /// <param name="variances">Their sampling variances v, positive and finite, one an effect.</param>
    /// <param name="measure">What they measure; <see cref="EffectMeasure.Generic"/> if not said.</param>
    /// <param name="labels">One label an effect; <c>Study 1</c>, <c>Study 2</c> ... if not said. They need not differ.</param>
    /// <param name="sampleSizes">One sample size an effect, at least 1, if known.</param>
    /// <param name="columns">Further columns, each with one value an effect.</param>
    /// <param name="origin">Where the data come from; the caller's own if not said.</param>
    /// <exception cref="StudyDataException">A value is not finite, a variance is not positive, or lengths differ. Names row, study, column and value.</exception>
    public static StudyEffects Create(IReadOnlyList<double> effects, IReadOnlyList<double> variances, EffectMeasure? measure = null,
        IReadOnlyList<string>? labels = null, IReadOnlyList<int>? sampleSizes = null, IReadOnlyList<StudyColumn>? columns = null,
        DataOrigin? origin = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(variances);
        var k = effects.Count;
        CheckCount("vi", variances.Count, k);
        if (labels is not null) CheckCount("label", labels.Count, k);
        if (sampleSizes is not null) CheckCount("n", sampleSizes.Count, k);
        foreach (var column in columns ?? []) CheckCount(column.Name, column.Count, k);
        if (columns?.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new StudyDataException("is the name of two columns; each needs a name of its own", twice.Key);
        }

        var yi = new double[k];
        var vi = new double[k];
        for (var i = 0; i < k; i++)
        {
            yi[i] = effects[i];
            vi[i] = variances[i];
            if (!double.IsFinite(yi[i])) throw Fault("yi", yi[i], "must be a finite effect", i);
            if (!(vi[i] > 0) || !double.IsFinite(vi[i])) throw Fault("vi", vi[i], "must be a positive, finite variance", i);
            if (sampleSizes is not null && sampleSizes[i] < 1) throw Fault("n", sampleSizes[i], "must be a sample size of at least 1", i);
        }
        var names = labels is null ? new StudyNames(k) : new StudyNames(labels.ToImmutableArray());
        return new StudyEffects(new Content(yi, vi, names, sampleSizes?.ToImmutableArray() ?? default, columns?.ToImmutableArray() ?? []),
            measure ?? EffectMeasure.Generic, origin ?? DataOrigin.Own);

        StudyDataException Fault(string column, double value, string expected, int i) =>
            new(expected, value.ToString(CultureInfo.InvariantCulture), i + 1, labels?[i], column);
    }

    /// <summary>Takes over effect sizes that share one measure.</summary>
    /// <inheritdoc cref="Create(IReadOnlyList{double}, IReadOnlyList{double}, EffectMeasure?, IReadOnlyList{string}?, IReadOnlyList{int}?, IReadOnlyList{StudyColumn}?, DataOrigin?)"/>
    /// <param name="effects">The effect sizes.</param>
    /// <param name="labels">One label an effect.</param>
    /// <param name="sampleSizes">One sample size an effect, if known.</param>
    /// <param name="columns">Further columns.</param>
    /// <param name="origin">Where the data come from.</param>
    public static StudyEffects Create(IReadOnlyList<EffectSize> effects, IReadOnlyList<string>? labels = null,
        IReadOnlyList<int>? sampleSizes = null, IReadOnlyList<StudyColumn>? columns = null, DataOrigin? origin = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        var measure = effects.Count == 0 ? EffectMeasure.Generic : effects[0].Measure;
        for (var i = 1; i < effects.Count; i++)
        {
            if (effects[i].Measure != measure)
            {
                throw new StudyDataException($"cannot be pooled with {measure.Code}, the measure of the first row", effects[i].Measure.Code,
                    i + 1, labels?[i], "measure");
            }
        }
        return Create([.. effects.Select(e => e.Value)], [.. effects.Select(e => e.Variance)], measure, labels, sampleSizes, columns, origin);
    }

    /// <summary>How many effects there are, k.</summary>
    public int Count { get; }

    /// <summary>The effects y on the scale that is pooled.</summary>
    public ImmutableArray<double> Effects => ImmutableCollectionsMarshal.AsImmutableArray(Rows.Effects);

    /// <summary>The sampling variances v.</summary>
    public ImmutableArray<double> Variances => ImmutableCollectionsMarshal.AsImmutableArray(Rows.Variances);

    /// <summary>
    /// What the effects measure. Where the way back to the scale shown needs a sample size (PFT, IRFT), it is the one for pooled values, with the harmonic
    /// mean of the sizes that the variances tell; see <see cref="MeasureOf"/> for single studies.
    /// </summary>
    public EffectMeasure Measure => _measure.NeedsSize && Count > 0 ? _pooledMeasure ??= _measure.ForVariances(Variances.AsSpan()) : _measure;

    /// <summary>What one study's effect is shown with: <see cref="Measure"/>, for PFT and IRFT with the study's own size.</summary>
    /// <param name="row">The row, counted from 0.</param>
    public EffectMeasure MeasureOf(int row) => _measure.NeedsSize ? _measure.ForVariance(Variances[row]) : _measure;

    /// <summary>The effect of one study.</summary>
    /// <param name="row">The row, counted from 0.</param>
    public EffectSize EffectOf(int row) => new(Effects[row], Variances[row], MeasureOf(row));

    /// <summary>One label an effect.</summary>
    public ImmutableArray<string> Labels => Rows.Names.Labels;

    /// <summary>One sample size an effect; see <see cref="HasSampleSizes"/>.</summary>
    public ImmutableArray<int> SampleSizes => Rows.SampleSizes;

    /// <summary>True when sample sizes are known.</summary>
    public bool HasSampleSizes => !SampleSizes.IsDefault;

    /// <summary>The sum of the sample sizes, or null when they are not known. People in two effects of one sample count twice.</summary>
    public long? TotalSampleSize => HasSampleSizes ? SampleSizes.Sum(n => (long)n) : null;

    /// <summary>The further columns.</summary>
    public ImmutableArray<StudyColumn> Columns => Rows.Columns;

    /// <summary>Where the data come from.</summary>
    public DataOrigin Origin { get; }

    /// <summary>What names the studies where rows share one; null where nothing does.</summary>
    public string? SharedBy => Rows.SharedBy;

    /// <summary>
    /// The warning of every model that takes effects as independent, where some share a study: their standard error, and the interval of the mean, come out too small. Null where none do.
    /// </summary>
    public string? SharingWarning
    {
        get
        {
            if (Rows.SharedBy is not { } by || Rows.Studies is not { } studies) return null;
            var counts = new Dictionary<int, int>();
            foreach (var study in studies) counts[study] = counts.GetValueOrDefault(study) + 1;
            var repeated = counts.Values.Count(n => n > 1);
            return repeated == 0 ? null : $"{StatisticText.Count(repeated)} of {StatisticText.Count(counts.Count, "study", "studies")} ({by}) {(repeated == 1 ? "has" : "have")} more than one effect, and this model takes all {StatisticText.Count(Count, "effect")} as "
                + "independent: standard errors come out too small if effects of one study share people. " + Advice.SharedStudies;
        }
    }

    /// <summary>The same effects with the study of each, so that models for independent effects can say where effects are not.</summary>
    /// <param name="by">What names the studies, for example <c>study_id</c>.</param>
    /// <param name="studies">The study of each effect, the same number for the same study.</param>
    /// <exception cref="StudyDataException">There is not one study an effect.</exception>
    public StudyEffects SharingStudies(string by, IReadOnlyList<int> studies)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        ArgumentNullException.ThrowIfNull(studies);
        CheckCount("studies", studies.Count, Count);
        return new StudyEffects(Rows with { SharedBy = by, Studies = [.. studies] }, Measure, Origin);
    }

    /// <summary>The same effects without the studies they share, for who knows that they do not depend on each other: different people of one report.</summary>
    public StudyEffects AsIndependent() => Rows.SharedBy is null ? this : new StudyEffects(Rows with { SharedBy = null, Studies = null }, Measure, Origin);

    /// <summary>The further column of that name.</summary>
    /// <exception cref="StudyDataException">There is no such column; the message suggests the nearest name.</exception>
    public StudyColumn Column(string name) => Columns.FirstOrDefault(c => c.Name == name) ?? throw NoColumn(name);

    /// <summary>The columns that averaging left out, each with the reason.</summary>
    public ImmutableArray<LeftOutColumn> LeftOutColumns => Rows.LeftOut;

    /// <summary>Why a column is not there.</summary>
    internal StudyDataException NoColumn(string name, StudyDataFault kind = StudyDataFault.NoSuchColumn) => LeftOutColumns.FirstOrDefault(c => c.Name == name) is { } gone
        ? new StudyDataException($"is no longer a column: it {gone.Reason}", name, kind: StudyDataFault.AveragedAway)
        : new StudyDataException($"is not a column: {NearestName.Hint(name, Columns.Select(c => c.Name))}", name, kind: kind) { Choices = [.. Columns.Select(c => c.Name)] };

    /// <summary>The same effects, which remember columns they no longer have.</summary>
    internal StudyEffects WithLeftOut(IEnumerable<LeftOutColumn> columns) => new(Rows with { LeftOut = [.. columns] }, Measure, Origin);

    /// <summary>
    /// What the effects were computed from, by metafor's names of the ingredients (ai, bi, ci, di, n1i, n2i …), where that is known: tests of two-by-two tables need the counts. They are not among the
    /// <see cref="Columns"/>, so that nobody takes them for moderators.
    /// </summary>
    public ImmutableArray<StudyColumn> Ingredients => Rows.Ingredients;

    /// <summary>The same effects with what they were computed from.</summary>
    /// <param name="ingredients">Columns of numbers, by metafor's names of the ingredients.</param>
    /// <exception cref="StudyDataException">A column has not one value an effect, or holds texts.</exception>
    public StudyEffects WithIngredients(IReadOnlyList<StudyColumn> ingredients)
    {
        ArgumentNullException.ThrowIfNull(ingredients);
        foreach (var ingredient in ingredients)
        {
            CheckCount(ingredient.Name, ingredient.Count, Count);
            if (!ingredient.IsNumeric) throw new StudyDataException("holds texts where effects are computed from numbers", column: ingredient.Name, kind: StudyDataFault.TextForNumber);
        }
        return new StudyEffects(Rows with { Ingredients = [.. ingredients] }, _measure, Origin);
    }

    /// <summary>
    /// The same effects with the sign of some turned round, for studies in which a high score means the opposite. Columns stay as they are; what the effects were computed from (<see cref="Ingredients"/>) is
    /// dropped, since counts of turned effects would be those of the other group.
    /// </summary>
    /// <param name="isReversed">Says of a row, counted from 0, whether it is turned round; all if not said.</param>
    /// <exception cref="InvalidOperationException">The measure has no null value about which its effects could be turned (<see cref="EffectMeasure.HasNullValue"/>).</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.3, -0.2], [0.01, 0.02]);
    /// Console.WriteLine(effects.Reversed(row => row == 1).Effects[1] == 0.2);
    /// </code></example>
    public StudyEffects Reversed(Func<int, bool>? isReversed = null)
    {
        if (!Measure.HasNullValue) throw new InvalidOperationException($"{Measure.Name} has no value of no effect about which it could be turned round.");
        return new StudyEffects(Rows with { Effects = [.. Rows.Effects.Select((y, i) => isReversed is null || isReversed(i) ? -y : y)], Ingredients = [] }, _measure, Origin);
    }

    /// <summary>The same effects with a further column, whose name none of theirs has.</summary>
    internal StudyEffects WithColumn(StudyColumn column) => new(Rows with { Columns = [.. Rows.Columns, column] }, _measure, Origin);

    /// <summary>The effects of the rows given, counted from 0, in that order.</summary>
    public StudyEffects Select(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new StudyEffects(Rows.Select([.. rows]), _measure, Origin);
    }

    /// <summary>The same studies with other effects, as a resampling makes them.</summary>
    internal StudyEffects WithEffects(double[] effects) => new(Rows with { Effects = effects }, _measure, Origin);

    /// <summary>Rows drawn with replacement. What is drawn twice has two names in the column of clusters, since it stands for two of them.</summary>
    /// <param name="rows">The rows, counted from 0.</param>
    /// <param name="draws">With which draw each came.</param>
    /// <param name="cluster">The column of clusters; null, or no column, for none.</param>
    internal StudyEffects Drawn(int[] rows, int[] draws, string? cluster)
    {
        var drawn = Rows.Select(rows);
        return Columns.FirstOrDefault(c => c.Name == cluster) is not { } column ? new StudyEffects(drawn, _measure, Origin) : new StudyEffects(drawn with
        {
            Columns = [.. drawn.Columns.Select(c => c.Name == cluster ? StudyColumn.OfTexts(c.Name, rows.Select((row, i) => string.Create(CultureInfo.InvariantCulture, $"{column.Text(row)} (draw {draws[i] + 1})"))) : c)],
        }, _measure, Origin);
    }

    /// <summary>The same effects with another word on where they come from.</summary>
    internal StudyEffects WithOrigin(DataOrigin origin) => new(Rows, _measure, origin);

    /// <summary>The effects without one row. Nothing is copied before it is asked for, so that a refit costs no more than its arithmetic.</summary>
    internal StudyEffects Without(int row) => new(this, row);

    /// <summary>The effects whose column has one value, for example <c>Where("rater", "client")</c>.</summary>
    /// <exception cref="StudyDataException">There is no such column, or no row has that value; the message suggests the nearest.</exception>
    public StudyEffects Where(string column, string value)
    {
        var values = Column(column);
        int[] rows = [.. Enumerable.Range(0, Count).Where(i => values.Text(i) == value)];
        return rows.Length > 0 ? Select(rows) : throw new StudyDataException(
            "is the value of no row: " + NearestName.Hint(value, GroupNames(column)), value, column: column, kind: StudyDataFault.NoSuchName) { Choices = [.. GroupNames(column)] };
    }

    /// <summary>The effects that meet a condition, for example <c>Where(StudyCondition.Parse("rob=low"))</c>.</summary>
    /// <param name="condition">The condition.</param>
    /// <exception cref="StudyDataException">There is no such column or value, or no effect meets it.</exception>
    public StudyEffects Where(StudyCondition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var rows = condition.Rows(this);
        return rows.IsEmpty ? throw new StudyDataException($"leaves no effect: none has {condition}", column: condition.Column) : Select(rows);
    }

    /// <summary>The effects by the values of a column, in the order in which the values first appear.</summary>
    /// <exception cref="StudyDataException">There is no such column, or a row has no value in it.</exception>
    public IReadOnlyList<KeyValuePair<string, StudyEffects>> GroupBy(string column) =>
        [.. RowsBy(column).Select(g => KeyValuePair.Create(g.Key, Select(g.Value)))];

    /// <summary>The row numbers by the values of a column, in the order in which the values first appear.</summary>
    internal List<KeyValuePair<string, List<int>>> RowsBy(string column)
    {
        var values = Column(column);
        var groups = new List<KeyValuePair<string, List<int>>>();
        var place = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < Count; i++)
        {
            var key = values.Text(i)
                ?? throw new StudyDataException("must have a value to group by", "", i + 1, Labels[i], column);
            if (!place.TryGetValue(key, out var rows))
            {
                place[key] = rows = [];
                groups.Add(KeyValuePair.Create(key, rows));
            }
            rows.Add(i);
        }
        return groups;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{StatisticText.Count(Count, "effect")}, {Measure.Name}" + (Origin.Label.Length > 0 ? $" ({Origin.Label})" : "");

    private Content Rows => _content ??= _parent!.Rows.Select([.. Enumerable.Range(0, Count).Select(i => i < _left ? i : i + 1)]);

    private IEnumerable<string> GroupNames(string column)
    {
        var values = Column(column);
        return Enumerable.Range(0, Count).Select(i => values.Text(i)).OfType<string>().Distinct();
    }

    private static void CheckCount(string column, int count, int k)
    {
        if (count != k)
        {
            throw new StudyDataException(string.Create(CultureInfo.InvariantCulture,
                $"has {count} values where there are {k} effects; each effect needs one"), column);
        }
    }

    private sealed record Content(double[] Effects, double[] Variances, StudyNames Names, ImmutableArray<int> SampleSizes,
        ImmutableArray<StudyColumn> Columns)
    {
        public string? SharedBy { get; init; }

        public int[]? Studies { get; init; }

        public ImmutableArray<LeftOutColumn> LeftOut { get; init; } = [];

        public ImmutableArray<StudyColumn> Ingredients { get; init; } = [];

        public Content Select(int[] rows) => new([.. rows.Select(i => Effects[i])], [.. rows.Select(i => Variances[i])],
            Names.Select(rows), SampleSizes.IsDefault ? default : [.. rows.Select(i => SampleSizes[i])],
            [.. Columns.Select(c => c.Select(rows))])
        {
            SharedBy = SharedBy,
            Studies = Studies is null ? null : [.. rows.Select(i => Studies[i])],
            LeftOut = LeftOut,
            Ingredients = [.. Ingredients.Select(c => c.Select(rows))],
        };
    }
}
