using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Computes the analyses of a battery one after the other; what has no answer is listed with the reason.</summary>
internal sealed class BatteryRun
{
    private const string OneEach = "Every study has one effect, so that it would be the overall analysis again.";
    private const string NoStudy = "Which effects come from one study is not known: name the column of studies.";

    private readonly StudyEffects _effects;
    private readonly BatteryOptions _options;
    private readonly List<KeyValuePair<string, List<int>>>? _studies;
    private readonly Lazy<StudyEffects> _averages;
    private readonly Lazy<PooledFit> _base;

    public BatteryRun(StudyEffects effects, BatteryOptions options)
    {
        (_effects, _options) = (effects, options);
        _studies = options.Study is { } column ? effects.RowsBy(column) : null;
        // A column or value that is not there is a slip of whoever asks, and said before anything is computed.
        if (options.LowRisk is { } low) _ = low.Rows(effects);
        _averages = new(() => HasSeveral ? effects.AverageWithin(options.Study!, options.Correlation) : effects);
        _base = new(() => Pool(Base));
    }

    private bool HasSeveral => _studies is not null && _studies.Count < _effects.Count;

    private bool RemovesAverages => _options.RemoveFrom == BatteryBase.Combined && HasSeveral;

    private StudyEffects Base => RemovesAverages ? _averages.Value : _effects.AsIndependent();

    public BatteryResult Run()
    {
        var rows = ImmutableArray.CreateBuilder<BatteryRow>();
        var without = ImmutableArray.CreateBuilder<MethodWithoutEstimate>();
        foreach (var variant in _options.Variants)
        {
            try
            {
                rows.Add(Row(variant));
            }
            catch (NotComputed reason)
            {
                without.Add(new(Name(variant), reason.Message));
            }
            catch (Exception fault) when (fault is InsufficientStudiesException or ImpossibleChoiceException or UndeterminedException or ConvergenceException or StudyDataException { Kind: StudyDataFault.AveragedAway })
            {
                without.Add(new(Name(variant), fault.Message));
            }
        }
        return new BatteryResult(_effects, _options, rows.ToImmutable(), without.ToImmutable());
    }

    private BatteryRow Row(BatteryVariant variant) => variant switch
    {
        BatteryVariant.Overall => Overall(Of(variant, Pool(_effects.AsIndependent()))),
        BatteryVariant.Combined => Of(variant, Pool(Several(_averages.Value))),
        BatteryVariant.Lowest => Extreme(variant, -1),
        BatteryVariant.Highest => Extreme(variant, 1),
        BatteryVariant.WithoutOutliers => Without(variant, Outliers(_base.Value)),
        BatteryVariant.WithoutInfluential => Without(variant, Influential()),
        BatteryVariant.LowRiskOfBias => LowRisk(variant),
        BatteryVariant.ThreeLevel => Levels(variant, 0),
        BatteryVariant.CorrelatedAndHierarchical => Levels(variant, _options.Correlation),
        BatteryVariant.TrimAndFill => Filled(variant),
        BatteryVariant.Limit => Limit(variant),
        _ => Selected(variant),
    };

    private string Name(BatteryVariant variant) => variant switch
    {
        BatteryVariant.Overall => "Overall",
        BatteryVariant.Combined => "Combined (one a study)",
        BatteryVariant.Lowest => "Lowest (one a study)",
        BatteryVariant.Highest => "Highest (one a study)",
        BatteryVariant.WithoutOutliers => "Outliers removed",
        BatteryVariant.WithoutInfluential => "Influential removed",
        BatteryVariant.LowRiskOfBias => _options.LowRisk is { } low ? $"Low risk ({low})" : "Low risk of bias",
        BatteryVariant.ThreeLevel => "Three levels (CR2)",
        BatteryVariant.CorrelatedAndHierarchical => "CHE (CR2)",
        BatteryVariant.TrimAndFill => "Trim and fill",
        BatteryVariant.Limit => "Limit meta-analysis",
        _ => "Selection model",
    };

    private PooledFit Pool(StudyEffects effects) => RandomEffects.Fit(effects, new() { TauSquared = _options.TauSquared, Inference = _options.Inference, ConfidenceLevel = _options.ConfidenceLevel });

    private T Several<T>(T value) => HasSeveral ? value : throw new NotComputed(_studies is null ? NoStudy : OneEach);

    private BatteryRow Extreme(BatteryVariant variant, int sign)
    {
        _ = Several(true);
        int[] rows = [.. _studies!.Select(s => s.Value.MinBy(i => -sign * _effects.Effects[i]))];
        return Of(variant, Pool(_effects.AsIndependent().Select(rows)));
    }

    private static int[] Outliers(PooledFit fit)
    {
        var z = Distributions.NormalQuantile(0.5 + fit.ConfidenceLevel / 2);
        var pooled = fit.ConfidenceInterval;
        var (y, v) = (fit.Effects.Effects, fit.Effects.Variances);
        return [.. Enumerable.Range(0, fit.Count).Where(i => y[i] + z * Math.Sqrt(v[i]) < pooled.Lower || y[i] - z * Math.Sqrt(v[i]) > pooled.Upper)];
    }

    /// <summary>As metafor's influence() of a model with its own standard errors; the fit without them has the inference chosen.</summary>
    private int[] Influential() => [.. RandomEffects.Fit(Base, new() { TauSquared = _options.TauSquared, Inference = Inference.Normal }).Influence().Influential.Select(r => r.Index)];

    private BatteryRow Without(BatteryVariant variant, int[] removed)
    {
        var what = removed.Length == 0 ? "none found, so that it is the " + (RemovesAverages ? "combined" : "overall") + " analysis again" : $"{StatisticText.Count(removed.Length)} of {StatisticText.Count(Base.Count)} left out";
        return Kept(variant, [.. Enumerable.Range(0, Base.Count).Except(removed)]) with { Note = what };
    }

    private BatteryRow LowRisk(BatteryVariant variant)
    {
        if (_options.LowRisk is not { } condition) throw new NotComputed("Which studies have a low risk of bias is not known: give a condition, such as rob=low.");
        var kept = condition.Rows(Base);
        if (kept.IsEmpty) throw new NotComputed($"No study has {condition}.");
        var column = Base.Column(condition.Column);
        var unknown = Enumerable.Range(0, Base.Count).Count(i => column.Text(i) is null);
        var row = Kept(variant, kept) with { Note = $"{StatisticText.Count(Base.Count - kept.Length)} of {StatisticText.Count(Base.Count)} left out" };
        return unknown == 0 ? row : row with { Warnings = row.Warnings.Add($"{StatisticText.Count(unknown, "effect")} without a value of {condition.Column} {(unknown == 1 ? "is" : "are")} left out with those of higher risk.") };
    }

    private BatteryRow Kept(BatteryVariant variant, ImmutableArray<int> kept) => Of(variant, Pool(Base.Select(kept))) with { LeftOut = [.. Enumerable.Range(0, Base.Count).Except(kept).Select(i => Base.Labels[i])] };

    private BatteryRow Levels(BatteryVariant variant, double correlation)
    {
        _ = Several(true);
        var fit = MultilevelModel.Fit(_effects, new MultilevelOptions
        {
            Levels = [_options.Study!, MultilevelModel.EachEffect], Inference = Inference.StudentT, SamplingCorrelation = correlation, ConfidenceLevel = _options.ConfidenceLevel,
        });
        var robust = fit.Robust();
        var mean = robust.Coefficients[0];
        if (!mean.HasStandardError) throw new NotComputed(mean.WhyNoStandardError!);
        return Of(variant, mean, fit, robust.Predict().PredictionInterval) with
        {
            Note = string.Join(", ", fit.VarianceComponents.Select(c => $"σ² {(c.Level == MultilevelModel.EachEffect ? "within" : "between")} {StatisticText.Significant(c.SigmaSquared, 3)}")),
            Warnings = [.. fit.Warnings, .. robust.Warnings],
        };
    }

    /// <summary>One average a study: methods of adjustment take effects as independent.</summary>
    private (PooledFit Fit, string Note) Adjusted()
    {
        if (!_effects.Measure.HasNullValue) throw new NotComputed($"No value of {_effects.Measure.Name} means no effect, so that there is nothing that results could be selected by.");
        return (Pool(_averages.Value.AsIndependent()), HasSeveral ? "of averages; " : "");
    }

    private BatteryRow Filled(BatteryVariant variant)
    {
        var (fit, note) = Adjusted();
        var filled = fit.TrimAndFill();
        return Of(variant, filled.Fit) with
        {
            StudyCount = Studies(fit.Effects), Participants = People(fit.Effects), Warnings = filled.Warnings,
            Note = note + (filled.Missing == 0 ? "none filled in" : $"{StatisticText.Count(filled.Missing)} filled in on the {(filled.Side == FunnelSide.Left ? "left" : "right")}"),
        };
    }

    private BatteryRow Limit(BatteryVariant variant)
    {
        var (fit, note) = Adjusted();
        var limit = fit.LimitMetaAnalysis();
        return Of(variant, limit.Estimate, fit.Effects) with { Note = note + "expected effect of studies without sampling error", Warnings = limit.Warnings };
    }

    private BatteryRow Selected(BatteryVariant variant)
    {
        var (fit, note) = Adjusted();
        var side = fit.Estimate < 0 ? Alternative.Less : Alternative.Greater;
        var selected = fit.WithSelection(SelectionFunction.Step(0.025), new() { Alternative = side });
        return Of(variant, selected.Coefficients[0], selected, selected.Predict()?.PredictionInterval) with
        {
            Note = $"{note}weight of results not significant {(side == Alternative.Less ? "below" : "above")} 0: {StatisticText.Significant(selected.Parameters[^1].Estimate, 2)}",
        };
    }

    private BatteryRow Of(BatteryVariant variant, PooledFit fit) => Of(variant, fit.Mean, fit, fit.PredictionInterval) with { ISquaredInterval = fit.Heterogeneity.ISquaredInterval };

    private BatteryRow Of(BatteryVariant variant, Coefficient mean, IModelFit fit, ConfidenceInterval? prediction) => Of(variant, mean, fit.Effects) with
    {
        ISquared = fit.ISquared, PredictionInterval = prediction, Fit = fit, Warnings = fit.Warnings,
    };

    private BatteryRow Of(BatteryVariant variant, Coefficient mean, StudyEffects effects) => new(variant, Name(variant), effects.Count, Studies(effects), People(effects), effects.Measure, mean, null, null, null)
    {
        NumberNeeded = Needed(effects.Measure, mean),
    };

    private MeaningStatement? Needed(EffectMeasure measure, Coefficient mean)
    {
        try
        {
            return EffectMeaning.Of(measure, mean, new() { BaseRate = _options.BaseRate })[MeaningKind.NumberNeeded];
        }
        catch (ImpossibleChoiceException)
        {
            // Means, proportions and the like have no number needed.
            return null;
        }
        catch (ArgumentOutOfRangeException)
        {
            // The effect, or a limit of it, leaves what rates can be at this base rate.
            return null;
        }
    }

    private int Studies(StudyEffects effects) => _options.Study is { } column && effects.Columns.Any(c => c.Name == column) ? effects.RowsBy(column).Count : effects.Count;

    private long? People(StudyEffects effects)
    {
        if (!effects.HasSampleSizes) return null;
        return _options.Study is { } column && effects.Columns.Any(c => c.Name == column) ? effects.RowsBy(column).Sum(s => (long)s.Value.Max(i => effects.SampleSizes[i])) : effects.TotalSampleSize;
    }

    private BatteryRow Overall(BatteryRow row) => !HasSeveral ? row : row with
    {
        Note = "effects taken as independent",
        Warnings = row.Warnings.Add($"{StatisticText.Count(_effects.Count, "effect")} of {StatisticText.Count(_studies!.Count, "study", "studies")} are taken as independent, which makes the interval too narrow; the models with levels are the ones to rely on."),
    };

    /// <summary>Why an analysis is not computed.</summary>
    private sealed class NotComputed(string reason) : Exception(reason);
}
