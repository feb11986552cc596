using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>Lays out the forest plot of a multilevel model: a row for each group of the outermost level, its effects folded under it.</summary>
internal sealed class MultilevelForestBuilder
{
    private readonly MultilevelFit _fit;
    private readonly StudyEffects _effects;
    private readonly EffectMeasure _measure;
    private readonly ForestPlotOptions _options;
    private readonly ImmutableArray<GroupMean> _groups;
    private readonly StudyEffects _samples;
    private readonly ForestNumbers _numbers;
    private readonly StudyTexts _texts;
    private readonly ImmutableArray<ForestColumn> _columns;
    private readonly StudyColumn[] _extras;
    private readonly BackTransformedEstimate _pooled;
    private readonly IReadOnlyList<PredictedRange> _predictions;

    public MultilevelForestBuilder(MultilevelFit fit, ForestPlotOptions options)
    {
        if (options.Subgroup is not null) throw new ArgumentException("In the forest plot of a multilevel model the samples are the groups; leave out Subgroup.", nameof(options));
        _fit = fit;
        _effects = fit.Effects;
        _measure = _effects.Measure;
        _options = options;
        _groups = fit.GroupMeans();
        _predictions = new FitWords(fit).Predictions();
        _pooled = fit.BackTransformed!.Value;
        _samples = StudyEffects.Create([.. _groups.Select(g => g.Estimate)], [.. _groups.Select(g => g.Variance)], _measure, [.. _groups.Select(g => g.Group)],
            _effects.HasSampleSizes ? _groups.Select(g => g.Rows.Max(i => _effects.SampleSizes[i])).ToArray() : null,
            [.. _effects.Columns.Where(IsConstantWithinGroups).Select(OfGroups)], _effects.Origin);
        _numbers = new ForestNumbers(_measure, fit.ConfidenceLevel, options.Digits, Shown());
        _texts = new StudyTexts(_effects, fit.ConfidenceLevel, options.Digits);
        _extras = [.. options.LeftColumns.Concat(options.RightColumns).Select(_effects.Column), .. RiskMarks.Columns(options.RiskOfBias, _effects)];
        _columns = Columns();
    }

    public ForestPlotModel Build()
    {
        var axis = ForestModelBuilder.Axis(_options, _measure, _numbers.MeasureTitle, [.. Shown().Select(s => (s.Lower, s.Estimate, s.Upper))],
            [_pooled.ConfidenceInterval, _pooled.PredictionInterval!.Value]);
        var years = ForestOrders.Years(_samples, _options.YearColumn);
        ForestOrder[] orders = years is null
            ? [ForestOrder.AsGiven, ForestOrder.Name, ForestOrder.Effect, ForestOrder.Precision]
            : [ForestOrder.AsGiven, ForestOrder.Name, ForestOrder.Year, ForestOrder.Effect, ForestOrder.Precision];
        if (!orders.Contains(_options.Order))
        {
            throw new StudyDataException("is not there to order by, or has several values within a sample: name the column of years in YearColumn", column: "year");
        }
        var orderings = orders.Select(o => Ordering(o, ForestOrders.Rows(_samples, years, o))).ToImmutableArray();
        var active = Array.IndexOf(orders, _options.Order);

        var rows = new List<ForestRow>();
        foreach (var sample in ForestOrders.Rows(_samples, years, _options.Order))
        {
            rows.Add(Sample(sample, orderings[active].SamplePositions[sample], axis));
            if (_groups[sample].Rows.Length == 1) continue;
            foreach (var (at, effect) in _groups[sample].Rows.Index()) rows.Add(Effect(sample, at, effect, orderings[active].Positions[effect], axis));
        }
        var position = rows.Max(r => r.Position) + 1.4;
        rows.Add(Pooled(position, axis));
        foreach (var range in _predictions) rows.Add(Prediction(range, ++position, axis));
        return new ForestPlotModel
        {
            Title = _options.Title,
            Finding = _texts.Finding($"Forest plot of {new FitWords(_fit).Counted}. {Result()}; "
                + $"{PredictionTexts}; I² = {StatisticText.Percent(_fit.ISquared)}."),
            Origin = _effects.Origin,
            Measure = _measure,
            ConfidenceLevel = _fit.ConfidenceLevel,
            Columns = _columns,
            Rows = [.. rows],
            Orders = orderings,
            ActiveOrder = active,
            IsFolded = !_options.ShowEffects,
            Axis = axis,
            NullLine = _measure.HasNullValue && axis.Contains(_measure.DisplayNullValue) ? _measure.DisplayNullValue : null,
            PooledLine = axis.Contains(_pooled.Estimate) ? _pooled.Estimate : null,
            Summary = [$"{Result()}.", $"Heterogeneity: {_fit.Q}; {string.Join(", ", _fit.VarianceComponents.Select(c => $"σ² of {c.Level} = {StatisticText.Significant(c.SigmaSquared, 3)}"))}; "
                + $"I² = {StatisticText.Percent(_fit.ISquared)}; {PredictionTexts}.",
                .. _fit.Levels.Length > 1 ? [$"Squares: means of the effects of one {_fit.Levels[0]}; their intervals include how effects differ within it."] : Array.Empty<string>(), .. RiskMarks.Key(_options.RiskOfBias)],
            Notes = _fit.Warnings,
        };
    }

    private string PredictionTexts => string.Join("; ", _predictions.Select(r => $"{_numbers.Level} prediction interval of {r.Of} {_numbers.Plain(r.Interval.Transform(_measure.ToDisplay))}"));

    private IEnumerable<(double Estimate, double Lower, double Upper)> Shown()
    {
        foreach (var group in _groups)
        {
            var interval = group.Interval.Transform(_measure.ToDisplay);
            yield return (_measure.ToDisplay(group.Estimate), interval.Lower, interval.Upper);
        }
        for (var i = 0; i < _effects.Count; i++)
        {
            var interval = Interval(i);
            yield return (_effects.EffectOf(i).DisplayValue, interval.Lower, interval.Upper);
        }
    }

    private ConfidenceInterval Interval(int effect) =>
        _effects.EffectOf(effect).Interval(_fit.ConfidenceLevel).Transform(_effects.MeasureOf(effect).ToDisplay);

    private bool IsConstantWithinGroups(StudyColumn column) => _groups.All(g => IsConstantWithin(g, column));

    private static bool IsConstantWithin(GroupMean group, StudyColumn column) => group.Rows.All(row => column.Text(row) == column.Text(group.Rows[0]));

    private StudyColumn OfGroups(StudyColumn column) => column.IsNumeric
        ? StudyColumn.OfNumbers(column.Name, _groups.Select(g => column.Number(g.Rows[0])))
        : StudyColumn.OfTexts(column.Name, _groups.Select(g => column.Text(g.Rows[0])));

    /// <summary>Samples in some order, the effects of each below it as they were given.</summary>
    private ForestOrdering Ordering(ForestOrder order, int[] sorted)
    {
        var samples = new double[_groups.Length];
        var effects = new double[_effects.Count];
        double position = 0;
        foreach (var sample in sorted)
        {
            samples[sample] = position++;
            var rows = _groups[sample].Rows;
            foreach (var effect in rows) effects[effect] = rows.Length == 1 ? samples[sample] : position++;
        }
        return new ForestOrdering(order, ForestOrders.Name(order), [.. effects]) { SamplePositions = [.. samples] };
    }

    private ForestRow Sample(int sample, double position, PlotAxis axis)
    {
        var group = _groups[sample];
        var (estimate, interval) = (_measure.ToDisplay(group.Estimate), group.Interval.Transform(_measure.ToDisplay));
        long? n = _samples.HasSampleSizes ? _samples.SampleSizes[sample] : null;
        var only = group.Rows.Length == 1 ? group.Rows[0] : (int?)null;
        var details = new List<PlotDetail> { new(_numbers.EstimateHeader, $"{_numbers.Text(estimate)} {_numbers.Plain(interval)}") };
        if (only is { } effect)
        {
            // The sample is its one effect, with all that is known of it; the interval above is the sample's.
            details.AddRange(_texts.Details(effect, group.Weight).Skip(1));
        }
        else
        {
            details.Add(new("effects", StatisticText.Count(group.Rows.Length)));
            if (n is { } people) details.Add(new("n", StatisticText.Count(people)));
            details.Add(new("weight", StatisticText.Percent(group.Weight)));
            details.AddRange(_samples.Columns.Where(c => c.Name != _fit.Levels[0]).Select(c => new PlotDetail(c.Name, ForestTexts.Value(c, sample))));
        }
        return Placed(axis, new ForestRow
        {
            Kind = ForestRowKind.Sample,
            Label = only is { } single ? _effects.Labels[single] : group.Group,
            Position = position,
            Sample = sample,
            Estimate = estimate,
            Lower = interval.Lower,
            Upper = interval.Upper,
            Weight = group.Weight,
            SquareSide = Math.Sqrt(group.Weight / _groups.Max(g => g.Weight)),
            Cells = Cells(group.Group, group.Rows.Length, n, _numbers.Estimate(estimate, interval), group.Weight,
                column => IsConstantWithin(group, column) ? ForestTexts.Value(column, group.Rows[0]) : ""),
            Details = [.. details],
        });
    }

    private ForestRow Effect(int sample, int at, int effect, double position, PlotAxis axis)
    {
        var (estimate, interval) = (_effects.EffectOf(effect).DisplayValue, Interval(effect));
        var weight = _groups[sample].EffectWeights[at];
        return Placed(axis, new ForestRow
        {
            Kind = ForestRowKind.Study,
            Label = _effects.Labels[effect],
            Position = position,
            Group = _groups[sample].Group,
            Sample = sample,
            Study = effect,
            Estimate = estimate,
            Lower = interval.Lower,
            Upper = interval.Upper,
            Weight = weight,
            SquareSide = 0.5,
            Cells = Cells("\u00a0\u00a0\u00a0" + ShortLabel(sample, effect), null, _effects.HasSampleSizes ? _effects.SampleSizes[effect] : null, _numbers.Estimate(estimate, interval), weight,
                column => ForestTexts.Value(column, effect)),
            Details = _texts.Details(effect, weight),
        });
    }

    /// <summary>The label without the name of the sample, which stands above.</summary>
    private string ShortLabel(int sample, int effect)
    {
        var (label, name) = (PlotText.Clean(_effects.Labels[effect]), PlotText.Clean(_groups[sample].Group));
        var rest = label.StartsWith(name, StringComparison.Ordinal) ? label[name.Length..].TrimStart(' ', ',', ';', ':', '-', '/') : label;
        return rest.Length > 0 ? rest : FormattableString.Invariant($"effect {_groups[sample].Rows.IndexOf(effect) + 1}");
    }

    private ForestRow Pooled(double position, PlotAxis axis)
    {
        var (estimate, interval, _) = _pooled;
        var label = $"Multilevel model ({_fit.MethodCode}{(_fit.Inference == Inference.Normal ? "" : ", t")})";
        var details = new List<PlotDetail>
        {
            new(_numbers.EstimateHeader, $"{_numbers.Text(estimate)} {_numbers.Plain(interval)}"), new("effects", StatisticText.Count(_fit.Count)),
            new("groups", StatisticText.Count(_groups.Length)),
        };
        if (_measure.HasNullValue) details.Add(new("p", StatisticText.PValue(_fit.Coefficients[0].PValue)));
        details.AddRange(_fit.VarianceComponents.Select(c => new PlotDetail($"σ² of {c.Level}", StatisticText.Significant(c.SigmaSquared, 3))));
        return Placed(axis, new ForestRow
        {
            Kind = ForestRowKind.Pooled,
            Label = label,
            Position = position,
            Estimate = estimate,
            Lower = interval.Lower,
            Upper = interval.Upper,
            Weight = 1,
            Diamond = ForestAxis.Diamond(interval.Lower, estimate, interval.Upper, position, axis),
            Cells = Cells(label, _fit.Count, _samples.TotalSampleSize, _numbers.Estimate(estimate, interval), 1, _ => ""),
            Details = [.. details],
        });
    }

    private ForestRow Prediction(PredictedRange range, double position, PlotAxis axis) =>
        ForestModelBuilder.Prediction(_numbers, range, range.Interval.Transform(_measure.ToDisplay), _pooled.Estimate, position, axis, (label, limits) => Cells(label, null, null, limits, null, _ => ""));

    private static ForestRow Placed(PlotAxis axis, ForestRow row) => row with
    {
        LeavesLeft = Math.Min(row.Lower!.Value, row.Estimate!.Value) < axis.Minimum, LeavesRight = Math.Max(row.Upper!.Value, row.Estimate.Value) > axis.Maximum,
    };

    private string Result()
    {
        var mean = _fit.Coefficients[0];
        var result = $"Multilevel model, {_fit.MethodCode}: {_numbers.Sentence(_pooled.Estimate, _pooled.ConfidenceInterval)}";
        if (!_measure.HasNullValue) return result;
        var test = mean.DegreesOfFreedom is { } df ? $"t({(df % 1 == 0 ? StatisticText.Count((long)df) : StatisticText.Number(df))})" : "z";
        return $"{result}, {test} = {StatisticText.Number(mean.Statistic)}, "
            + StatisticText.PValueWithSymbol(mean.PValue);
    }

    private ImmutableArray<string> Cells(string label, int? count, long? n, string estimate, double? weight, Func<StudyColumn, string> extra)
    {
        var next = 0;
        return [.. _columns.Select(c => c.Kind switch
        {
            ForestColumnKind.Label => PlotText.Clean(label),
            ForestColumnKind.EffectCount => count is { } k ? StatisticText.Count(k) : "",
            ForestColumnKind.SampleSize => n is { } people ? StatisticText.Count(people) : "",
            ForestColumnKind.Estimate => estimate,
            ForestColumnKind.Weight => weight is { } w ? StatisticText.Percent(w) : "",
            _ => extra(_extras[next++]),
        })];
    }

    private ImmutableArray<ForestColumn> Columns()
    {
        var level = _fit.Levels[0];
        var columns = new List<ForestColumn>
        {
            new(ForestColumnKind.Label, char.ToUpperInvariant(level[0]) + level[1..], ColumnSide.Left, ColumnAlignment.Left),
            new(ForestColumnKind.EffectCount, "k", ColumnSide.Left, ColumnAlignment.Right),
        };
        if (_options.ShowSampleSizes && _samples.HasSampleSizes) columns.Add(new(ForestColumnKind.SampleSize, "n", ColumnSide.Left, ColumnAlignment.Right));
        columns.AddRange(_options.LeftColumns.Select(name => ForestModelBuilder.Extra(_effects, name, ColumnSide.Left, _options)));
        columns.Add(new(ForestColumnKind.Estimate, _numbers.EstimateHeader, ColumnSide.Right, ColumnAlignment.Right));
        if (_options.ShowWeights) columns.Add(new(ForestColumnKind.Weight, "Weight", ColumnSide.Right, ColumnAlignment.Right));
        columns.AddRange(_options.RightColumns.Select(name => ForestModelBuilder.Extra(_effects, name, ColumnSide.Right, _options)));
        columns.AddRange(RiskMarks.Heads(_options.RiskOfBias));
        return [.. columns];
    }
}
