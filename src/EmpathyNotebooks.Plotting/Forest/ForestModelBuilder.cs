using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>Lays out the rows of a forest plot.</summary>
internal sealed class ForestModelBuilder
{
    private readonly PooledFit _fit;
    private readonly StudyEffects _effects;
    private readonly EffectMeasure _measure;
    private readonly ForestPlotOptions _options;
    private readonly ForestTexts _texts;
    private readonly ImmutableArray<ForestColumn> _columns;
    private readonly StudyColumn[] _extras;
    private readonly List<string> _notes = [];

    public ForestModelBuilder(PooledFit fit, ForestPlotOptions options)
    {
        _fit = fit;
        _effects = fit.Effects;
        _measure = fit.Effects.Measure;
        _options = options;
        _texts = new ForestTexts(fit, options.Digits);
        _extras = [.. options.LeftColumns.Concat(options.RightColumns).Select(_effects.Column)];
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
            if (group.Fit is not null) rows.Add(Pooled(ForestRowKind.GroupPooled, group.Fit, position++, group, axis));
            rows.Add(Text(ForestRowKind.GroupNote, _texts.GroupNote(group.Rows.Count, group.Fit), position++, group.Name));
            position += 0.4;
        }
        position += groups[0].Name is null ? 0.4 : 0.1;
        rows.Add(Pooled(ForestRowKind.Pooled, _fit, position++, null, axis));
        if (_fit.PredictionInterval is not null) rows.Add(Prediction(position, axis));

        ForestOrder[] orders = years is null
            ? [ForestOrder.AsGiven, ForestOrder.Name, ForestOrder.Effect, ForestOrder.Precision]
            : [ForestOrder.AsGiven, ForestOrder.Name, ForestOrder.Year, ForestOrder.Effect, ForestOrder.Precision];
        var pooled = _fit.BackTransformed.Estimate;
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
            PooledLine = axis.Contains(pooled) ? pooled : null,
            Summary = between is null ? _texts.Summary() : [.. _texts.Summary(), between],
            Notes = [.. _fit.Warnings, .. _notes, .. _measure.DisplayNote is { } display ? [display] : Array.Empty<string>()],
        };
    }

    private List<ForestGroup> Groups()
    {
        if (_options.Subgroup is not { } column) return [new ForestGroup(null, [.. Enumerable.Range(0, _effects.Count)], null)];
        var values = _effects.Column(column);
        var weights = GivenWeights();
        var groups = new List<ForestGroup>();
        foreach (var (name, effects) in _effects.GroupBy(column))
        {
            HashSet<int> rows = [.. Enumerable.Range(0, _effects.Count).Where(i => values.Text(i) == name)];
            var fit = effects.Count < 2 ? null : Refit(effects, weights is null ? null : [.. rows.Order().Select(i => weights.Value[i])]);
            groups.Add(new ForestGroup(name, rows, fit));
            if (fit is null) _notes.Add($"Group \"{name}\" has one study, which is shown and counts in the overall effect; one study is not pooled.");
            else _notes.AddRange(fit.Warnings.Select(w => $"Group \"{name}\": {w}"));
        }
        return [.. _options.InOrder(groups, g => g.Name, column)];
    }

    /// <summary>The test of the pooled groups against each other (Borenstein et al. 2009, eq. 19.17); null where fewer than two are pooled, or one has no standard error.</summary>
    private string? Between(List<ForestGroup> groups)
    {
        PooledFit[] fits = [.. groups.Select(g => g.Fit).OfType<PooledFit>()];
        if (fits.Length < 2 || fits.Any(f => !(f.StandardError > 0))) return null;
        if (fits.Any(f => f.Count < 10))
        {
            _notes.Add("The test between groups takes their standard errors as known; with fewer than 10 studies in a group it finds differences too easily. A meta-regression allows for that.");
        }
        var q = EqualEffects.Fit(StudyEffects.Create([.. fits.Select(f => f.Estimate)], [.. fits.Select(f => f.StandardError * f.StandardError)])).Heterogeneity.Q;
        return $"Between groups of {_options.NameOf(_options.Subgroup!)}: {q}.";
    }

    /// <summary>The model of the whole, for the studies of one group.</summary>
    private PooledFit Refit(StudyEffects effects, double[]? weights)
    {
        if (_fit.Estimator is { } estimator)
        {
            return RandomEffects.Fit(effects,
                new() { TauSquared = estimator, Inference = _fit.Inference, ConfidenceLevel = _fit.ConfidenceLevel, Weights = weights });
        }
        var options = new EqualEffectsOptions { Inference = _fit.Inference, ConfidenceLevel = _fit.ConfidenceLevel, Weights = weights };
        return _fit.MethodCode == "FE" ? FixedEffects.Fit(effects, options) : EqualEffects.Fit(effects, options);
    }

    /// <summary>
    /// The weights that were given for the fit, up to a factor, which changes nothing; null where they are the model's own. A fit has only its
    /// weights, so they are compared with what the model would have taken.
    /// </summary>
    private ImmutableArray<double>? GivenWeights()
    {
        var offset = _fit.Estimator == TauSquaredEstimator.GeneralizedQ ? _effects.Variances.Average() : _fit.TauSquared;
        var own = _effects.Variances.Select(v => 1 / (v + offset)).ToArray();
        var sum = own.Sum();
        return own.Zip(_fit.Weights).All(p => Math.Abs(p.First / sum - p.Second) <= 1e-9) ? null : _fit.Weights;
    }

    private PlotAxis Axis(List<ForestGroup> groups)
    {
        var studies = Enumerable.Range(0, _effects.Count).Select(i =>
        {
            var interval = Interval(i);
            return (interval.Lower, _effects.EffectOf(i).DisplayValue, interval.Upper);
        }).ToArray();
        var pooled = groups.Select(g => g.Fit).OfType<PooledFit>().Append(_fit).Select(f => f.BackTransformed.ConfidenceInterval).ToList();
        if (_fit.BackTransformed.PredictionInterval is { } prediction) pooled.Add(prediction);
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
        var weight = _fit.Weights[study];
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
            SquareSide = Math.Sqrt(weight / _fit.Weights.Max()),
            LeavesLeft = Math.Min(interval.Lower, estimate) < axis.Minimum,
            LeavesRight = Math.Max(interval.Upper, estimate) > axis.Maximum,
            Cells = Cells(_effects.Labels[study], _effects.HasSampleSizes ? _effects.SampleSizes[study] : null,
                _texts.Numbers.Estimate(estimate, interval), weight, study),
            Details = _texts.StudyDetails(study, estimate, interval, group is null ? null : _options.Subgroup),
        };
    }

    private ForestRow Pooled(ForestRowKind kind, PooledFit fit, double position, ForestGroup? group, PlotAxis axis)
    {
        var (estimate, interval, _) = fit.BackTransformed;
        var weight = group is null ? 1 : group.Rows.Sum(i => _fit.Weights[i]);
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
            Cells = Cells(label, fit.Effects.TotalSampleSize, _texts.Numbers.Estimate(estimate, interval), weight, null),
            Details = _texts.PooledDetails(fit),
        };
    }

    private ForestRow Prediction(double position, PlotAxis axis)
    {
        var interval = _fit.BackTransformed.PredictionInterval!.Value;
        var label = $"{StatisticText.Level(_fit.ConfidenceLevel)} prediction interval";
        return new ForestRow
        {
            Kind = ForestRowKind.PredictionInterval,
            Label = label,
            Position = position,
            Estimate = _fit.BackTransformed.Estimate,
            Lower = interval.Lower,
            Upper = interval.Upper,
            LeavesLeft = interval.Lower < axis.Minimum,
            LeavesRight = interval.Upper > axis.Maximum,
            Cells = Cells(label, null, _texts.Numbers.Limits(interval), null, null),
            Details = [new PlotDetail("", $"The true effect of a new study like these: {_texts.Numbers.Limits(interval)}")],
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
        var columns = new List<ForestColumn> { new(ForestColumnKind.Label, "Study", ColumnSide.Left, ColumnAlignment.Left) };
        if (_options.ShowSampleSizes && _effects.HasSampleSizes)
        {
            columns.Add(new(ForestColumnKind.SampleSize, "n", ColumnSide.Left, ColumnAlignment.Right));
        }
        columns.AddRange(_options.LeftColumns.Select(name => Extra(_effects, name, ColumnSide.Left, _options)));
        columns.Add(new(ForestColumnKind.Estimate, _texts.Numbers.EstimateHeader, ColumnSide.Right, ColumnAlignment.Right));
        if (_options.ShowWeights) columns.Add(new(ForestColumnKind.Weight, "Weight", ColumnSide.Right, ColumnAlignment.Right));
        columns.AddRange(_options.RightColumns.Select(name => Extra(_effects, name, ColumnSide.Right, _options)));
        return [.. columns];
    }
}

/// <summary>A group of studies; without a name when there are no subgroups, without a fit when it is one study.</summary>
internal sealed record ForestGroup(string? Name, HashSet<int> Rows, PooledFit? Fit);
