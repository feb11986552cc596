using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>Lays out the rows of a forest plot.</summary>
internal sealed class ForestModelBuilder
{
    private readonly IModelFit _fit;
    private readonly StudyEffects _effects;
    private readonly EffectMeasure _measure;
    private readonly ForestPlotOptions _options;
    private readonly ForestTexts _texts;
    private readonly ImmutableArray<ForestColumn> _columns;
    private readonly StudyColumn[] _extras;
    private readonly List<string> _notes = [];
    private readonly FitWords _words;
    private FitSubgroups? _subgroups;
    private readonly ImmutableArray<double> _weights;
    private readonly ImmutableArray<double> _expected;

    public ForestModelBuilder(IModelFit fit, ForestPlotOptions options)
    {
        _fit = fit;
        _effects = fit.Effects;
        _measure = fit.Effects.Measure;
        _options = options;
        _words = new FitWords(fit);
        _weights = fit.Weights;
        _expected = fit.Mean is null ? fit.FittedValues : [];
        _texts = new ForestTexts(fit, options.Digits);
        _extras = [.. options.LeftColumns.Concat(options.RightColumns).Select(_effects.Column), .. RiskMarks.Columns(options.RiskOfBias, _effects)];
        _columns = Columns();
    }

    public ForestPlotModel Build()
    {
        var groups = Groups();
        var axis = Axis(groups);
        var years = ForestOrders.Years(_effects, _options.YearColumn);
        if (_options.Order == ForestOrder.Year && years is null)
        {
            throw new StudyDataException("is not there to order by: name the column of years in YearColumn", column: "year");
        }

        var first = ForestOrders.Rows(_effects, years, _options.Order);
        var rows = new List<ForestRow>();
        var places = new List<List<double>>();
        var groupOf = new int[_effects.Count];
        double position = 0;
        foreach (var group in groups)
        {
            if (group.Name is not null) rows.Add(Text(ForestRowKind.GroupHeading, $"{_options.NameOf(_options.Subgroup!)}: {group.Name}", position++, group.Name));
            var place = new List<double>();
            foreach (var study in first.Where(i => group.Rows.Contains(i)))
            {
                groupOf[study] = places.Count;
                place.Add(position);
                rows.Add(Study(study, position++, group.Name, axis));
            }
            places.Add(place);
            if (group.Name is null) continue;
            if (group.Fit?.Mean is not null) rows.Add(Pooled(ForestRowKind.GroupPooled, group.Fit, position++, group, axis));
            rows.Add(Text(ForestRowKind.GroupNote, _texts.GroupNote(group.Rows.Count, group.Fit, group.Absence), position++, group.Name));
            position += 0.4;
        }
        position += groups[0].Name is null ? 0.4 : 0.1;
        if (_fit.Mean is not null) rows.Add(Pooled(ForestRowKind.Pooled, _fit, position++, null, axis));
        foreach (var range in _texts.Predictions) rows.Add(Prediction(range, position++, axis));

        ForestOrder[] orders = years is null
            ? [ForestOrder.AsGiven, ForestOrder.Name, ForestOrder.Effect, ForestOrder.Precision]
            : [ForestOrder.AsGiven, ForestOrder.Name, ForestOrder.Year, ForestOrder.Effect, ForestOrder.Precision];
        double? pooled = _fit.Mean is { } mean ? _measure.ToDisplay(mean.Estimate) : null;
        var between = Between(groups);
        return new ForestPlotModel
        {
            Title = _options.Title,
            Finding = _texts.Finding(groups) + (between is null ? "" : " " + between),
            Origin = _effects.Origin,
            Measure = _measure,
            ConfidenceLevel = _fit.ConfidenceLevel,
            Columns = _columns,
            Rows = [.. rows],
            Orders = [.. orders.Select(o => new ForestOrdering(o, ForestOrders.Name(o),
                ForestOrders.Positions(ForestOrders.Rows(_effects, years, o), groupOf, places)))],
            ActiveOrder = Array.IndexOf(orders, _options.Order),
            Axis = axis,
            NullLine = _measure.HasNullValue && axis.Contains(_measure.DisplayNullValue) ? _measure.DisplayNullValue : null,
            PooledLine = pooled is { } at && axis.Contains(at) ? at : null,
            Summary = [.. _texts.Summary(), .. between is null ? Array.Empty<string>() : [between], .. RiskMarks.Key(_options.RiskOfBias)],
            Notes = [.. _fit.Warnings, .. _notes, .. _measure.DisplayNote is { } display ? [display] : Array.Empty<string>()],
        };
    }

    private List<ForestGroup> Groups()
    {
        if (_options.Subgroup is not { } column) return [new ForestGroup(null, [.. Enumerable.Range(0, _effects.Count)], null, null)];
        // Each needs a group, which this checks.
        string[] names = [.. _effects.GroupBy(column).Select(g => g.Key)];
        _subgroups = names.Length > 1 ? _fit.Subgroups(column) : null;
        var subgroups = _subgroups?.Groups.ToDictionary(g => _effects.Column(column).Text(g.Rows[0])!) ?? [];
        var groups = new List<ForestGroup>();
        foreach (var name in names)
        {
            var (rows, fit, absence) = subgroups.TryGetValue(name, out var group) ? (group.Rows, group.Fit, group.Absence) : ([.. Enumerable.Range(0, _effects.Count)], _fit, null);
            // One study is what it is; nothing was pooled.
            if (rows.Length == 1) fit = null;
            groups.Add(new ForestGroup(name, [.. rows], fit, absence));
            if (fit is not null) _notes.AddRange(fit.Warnings.Select(w => $"Group \"{name}\": {w}"));
            else if (rows.Length == 1) _notes.Add($"Group \"{name}\" has one {_words.Effects(1)}, which is shown and counts in the overall effect; one {_words.Effects(1)} is not pooled.");
            else _notes.Add($"Group \"{name}\" is not pooled: {absence}");
        }
        return [.. _options.InOrder(groups, g => g.Name, column)];
    }

    /// <summary>The test of the pooled groups against each other; null where there is none.</summary>
    private string? Between(List<ForestGroup> groups)
    {
        if (_subgroups is not { Between: { Exists: true } test } analysis) return null;
        var few = groups.Any(g => g.Fit is { Count: < 10 });
        if (_fit is not PooledFit) _notes.AddRange(analysis.Warnings);
        else if (few) _notes.Add("The test between groups takes their standard errors as known; with fewer than 10 studies in a group it finds differences too easily. A meta-regression allows for that.");
        return $"Between groups of {_options.NameOf(_options.Subgroup!)}: {new QTest(test.Statistic, test.DegreesOfFreedom, test.PValue)}.";
    }

    private PlotAxis Axis(List<ForestGroup> groups)
    {
        var studies = Enumerable.Range(0, _effects.Count).Select(i =>
        {
            var interval = Interval(i);
            return (interval.Lower, _effects.EffectOf(i).DisplayValue, interval.Upper);
        }).ToArray();
        var pooled = groups.Select(g => g.Fit).OfType<IModelFit>().Append(_fit).Select(ForestTexts.Interval).OfType<ConfidenceInterval>()
            .Concat(_texts.Predictions.Select(r => r.Interval.Transform(_measure.ToDisplay))).ToList();
        return Axis(_options, _measure, _texts.Numbers.MeasureTitle, studies, pooled);
    }

    /// <summary>The axis asked for, or one that shows what can be shown.</summary>
    public static PlotAxis Axis(ForestPlotOptions options, EffectMeasure measure, string title, IReadOnlyList<(double Lower, double Estimate, double Upper)> studies,
        IEnumerable<ConfidenceInterval> pooled)
    {
        var (minimum, maximum) = ForestAxis.Choose(studies, pooled.Select(i => (i.Lower, i.Upper)), measure);
        minimum = Math.Max(options.AxisMinimum ?? minimum, measure.DisplayMinimum);
        maximum = Math.Min(options.AxisMaximum ?? maximum, measure.DisplayMaximum);
        if (measure.AxisSpacing == AxisSpacing.Logarithmic && minimum <= 0)
        {
            throw new ArgumentException(FormattableString.Invariant($"The axis of a ratio begins above 0; it would begin at {minimum:G4}."));
        }
        if (!(minimum < maximum))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The axis must end above where it begins; it would run from {minimum:G4} to {maximum:G4}."));
        }
        return new PlotAxis(options.AxisTitle ?? title, minimum, maximum, measure.HasLeadingZero) { Spacing = measure.AxisSpacing };
    }

    /// <summary>A further column of the data.</summary>
    public static ForestColumn Extra(StudyEffects effects, string name, ColumnSide side, ColumnPlotOptions options) => new(ForestColumnKind.Extra, options.NameOf(name), side,
        effects.Column(name).IsNumeric ? ColumnAlignment.Right : ColumnAlignment.Left);

    private ConfidenceInterval Interval(int study) =>
        _effects.EffectOf(study).Interval(_fit.ConfidenceLevel).Transform(_effects.MeasureOf(study).ToDisplay);

    private ForestRow Study(int study, double position, string? group, PlotAxis axis)
    {
        var interval = Interval(study);
        var estimate = _effects.EffectOf(study).DisplayValue;
        var weight = _weights[study];
        return new ForestRow
        {
            Kind = ForestRowKind.Study,
            Label = _effects.Labels[study],
            Position = position,
            Group = group,
            Study = study,
            Estimate = estimate,
            Lower = interval.Lower,
            Upper = interval.Upper,
            Weight = weight,
            // With effects that go closely together a weight can be negative.
            SquareSide = Math.Sqrt(Math.Max(0, weight) / _weights.Max()),
            Expected = _expected.IsEmpty ? null : _measure.ToDisplay(_expected[study]),
            LeavesLeft = Math.Min(interval.Lower, estimate) < axis.Minimum,
            LeavesRight = Math.Max(interval.Upper, estimate) > axis.Maximum,
            Cells = Cells(_effects.Labels[study], _effects.HasSampleSizes ? _effects.SampleSizes[study] : null,
                _texts.Numbers.Estimate(estimate, interval), weight, study),
            Details = _texts.StudyDetails(study, estimate, interval, group is null ? null : _options.Subgroup),
        };
    }

    private ForestRow Pooled(ForestRowKind kind, IModelFit fit, double position, ForestGroup? group, PlotAxis axis)
    {
        var estimate = fit.Measure.ToDisplay(fit.Mean!.Value.Estimate);
        var own = ForestTexts.Interval(fit);
        var interval = own ?? new ConfidenceInterval(estimate, estimate, _fit.ConfidenceLevel);
        var weight = group is null ? 1 : group.Rows.Sum(i => _weights[i]);
        var label = group is null ? _texts.PooledLabel() : FormattableString.Invariant($"Pooled (k = {group.Rows.Count})");
        return new ForestRow
        {
            Kind = kind,
            Label = label,
            Position = position,
            Group = group?.Name,
            Estimate = estimate,
            Lower = interval.Lower,
            Upper = interval.Upper,
            Weight = weight,
            LeavesLeft = interval.Lower < axis.Minimum,
            LeavesRight = interval.Upper > axis.Maximum,
            Diamond = ForestAxis.Diamond(interval.Lower, estimate, interval.Upper, position, axis),
            // Effects of one sample are of the same people, who would count several times.
            Cells = Cells(label, _words.IsClustered ? null : fit.Effects.TotalSampleSize, own is null ? _texts.Numbers.Text(estimate) : _texts.Numbers.Estimate(estimate, interval), weight, null),
            Details = _texts.PooledDetails(fit),
        };
    }

    private ForestRow Prediction(PredictedRange range, double position, PlotAxis axis) =>
        Prediction(_texts.Numbers, range, range.Interval.Transform(_measure.ToDisplay), _measure.ToDisplay(_fit.Mean!.Value.Estimate), position, axis, (label, limits) => Cells(label, null, limits, null, null));

    /// <summary>The row of a prediction interval.</summary>
    public static ForestRow Prediction(ForestNumbers numbers, PredictedRange range, ConfidenceInterval interval, double estimate, double position, PlotAxis axis,
        Func<string, string, ImmutableArray<string>> cells)
    {
        var label = $"{numbers.Level} prediction interval{(range.Of == "a new study" ? "" : ", " + range.Of)}";
        var what = range.Of.StartsWith("the mean", StringComparison.Ordinal) ? $"The mean of the true effects of {range.Of["the mean of ".Length..]}" : $"The true effect of {range.Of}";
        return new ForestRow
        {
            Kind = ForestRowKind.PredictionInterval,
            Label = label,
            Position = position,
            Estimate = estimate,
            Lower = interval.Lower,
            Upper = interval.Upper,
            LeavesLeft = interval.Lower < axis.Minimum,
            LeavesRight = interval.Upper > axis.Maximum,
            Cells = cells(label, numbers.Limits(interval)),
            Details = [new PlotDetail("", $"{what} like these: {numbers.Limits(interval)}")],
        };
    }

    private ForestRow Text(ForestRowKind kind, string text, double position, string group) => new()
    {
        Kind = kind, Label = text, Position = position, Group = group, Cells = Cells(text, null, "", null, null),
    };

    private ImmutableArray<string> Cells(string label, long? n, string estimate, double? weight, int? study)
    {
        var extra = 0;
        return [.. _columns.Select(c => c.Kind switch
        {
            ForestColumnKind.Label => PlotText.Clean(label),
            ForestColumnKind.SampleSize => n is { } count ? StatisticText.Count(count) : "",
            ForestColumnKind.Estimate => estimate,
            ForestColumnKind.Weight => weight is { } w ? StatisticText.Percent(w) : "",
            _ => Extra(_extras[extra++]),
        })];

        string Extra(StudyColumn column) => study is { } row ? ForestTexts.Value(column, row) : "";
    }

    private ImmutableArray<ForestColumn> Columns()
    {
        var columns = new List<ForestColumn> { new(ForestColumnKind.Label, _words.IsClustered ? "Effect" : "Study", ColumnSide.Left, ColumnAlignment.Left) };
        if (_options.ShowSampleSizes && _effects.HasSampleSizes)
        {
            columns.Add(new(ForestColumnKind.SampleSize, "n", ColumnSide.Left, ColumnAlignment.Right));
        }
        columns.AddRange(_options.LeftColumns.Select(name => Extra(_effects, name, ColumnSide.Left, _options)));
        columns.Add(new(ForestColumnKind.Estimate, _texts.Numbers.EstimateHeader, ColumnSide.Right, ColumnAlignment.Right));
        if (_options.ShowWeights) columns.Add(new(ForestColumnKind.Weight, "Weight", ColumnSide.Right, ColumnAlignment.Right));
        columns.AddRange(_options.RightColumns.Select(name => Extra(_effects, name, ColumnSide.Right, _options)));
        columns.AddRange(RiskMarks.Heads(_options.RiskOfBias));
        return [.. columns];
    }
}

/// <summary>A group of studies; without a name when there are no subgroups, without a fit, and why, when it is not pooled.</summary>
internal sealed record ForestGroup(string? Name, HashSet<int> Rows, IModelFit? Fit, string? Absence);
