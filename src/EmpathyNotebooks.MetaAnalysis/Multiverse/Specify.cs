namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The options of which the choices of a multiverse consist. Functions of one's own must depend on nothing but what they are given, since several run at a time.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52], [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"]), StudyColumn.OfTexts("bias", ["low", "low", "high", "low", "low", "low", "high", "low"])]);
/// var result = Multiverse.Of(effects)
///     .Choose("model", "How effects of one sample depend on each other is not known.", Equivalence.Uncertain, Specify.Averaged("sample"), Specify.Multilevel("sample"), Specify.RobustVariance("sample"))
///     .Choose("correlation", "It is assumed, not estimated.", Equivalence.Uncertain, Specify.Correlation(0.4), Specify.Correlation(0.8))
///     .Choose("risk of bias", "Biased studies may mislead, few studies too.", Equivalence.Uncertain, Specify.AllStudies, Specify.Without("bias", "high"), Specify.WithoutInfluential("sample"))
///     .Run();
/// Console.WriteLine(result);
/// </code></example>
public static class Specify
{
    /// <summary>The effects that the multiverse is of, by a name.</summary>
    /// <param name="name">Its name.</param>
    public static MultiverseOption AsGiven(string name = "as given") => new(name, MultiverseStage.Effects) { Source = effects => effects };

    /// <summary>Other effects of the same studies, for example another measure computed from the same table.</summary>
    /// <param name="name">Its name, for example SMD.</param>
    /// <param name="effects">The effects. Studies are told apart by their labels, or by the samples that models name.</param>
    public static MultiverseOption Effects(string name, StudyEffects effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        return new(name, MultiverseStage.Effects) { Source = _ => effects };
    }

    /// <summary>Another measure, computed from what the effects were computed from (<see cref="StudyEffects.Ingredients"/>), where that allows it.</summary>
    /// <param name="measure">The measure.</param>
    /// <param name="options">Zero cells, variance formula, bias correction; the defaults if not said.</param>
    public static MultiverseOption Measure(EffectMeasure measure, EffectSizeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(measure);
        return new(measure.Code, MultiverseStage.Effects) { Source = effects => Computed(effects, measure, options) };
    }

    /// <summary>All studies.</summary>
    public static MultiverseOption AllStudies { get; } = new("all studies", MultiverseStage.Studies);

    /// <summary>Studies with one of these values of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="values">The values, as texts.</param>
    public static MultiverseOption Only(string column, params IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] wanted = [.. values];
        return Rows($"{column}: {string.Join(" or ", wanted)}", column, wanted, keeps: true);
    }

    /// <summary>Studies without these values of a column; those whose value is not known stay.</summary>
    /// <param name="column">The column.</param>
    /// <param name="values">The values, as texts.</param>
    public static MultiverseOption Without(string column, params IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] unwanted = [.. values];
        return Rows($"without {column} {string.Join(" or ", unwanted)}", column, unwanted, keeps: false);
    }

    /// <summary>Studies for which something holds.</summary>
    /// <param name="name">Its name, for example n ≥ 50.</param>
    /// <param name="holds">Takes the effects and a row of them, counted from 0. It looks at columns, labels and sample sizes, not at effects; for that see <see cref="Studies"/>.</param>
    public static MultiverseOption Where(string name, Func<StudyEffects, int, bool> holds)
    {
        ArgumentNullException.ThrowIfNull(holds);
        return new(name, MultiverseStage.Studies) { Keep = effects => [.. Enumerable.Range(0, effects.Count).Where(i => holds(effects, i))] };
    }

    /// <summary>Studies by a rule that may look at their effects.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="keep">The rows that stay, counted from 0.</param>
    public static MultiverseOption Studies(string name, Func<StudyEffects, IReadOnlyList<int>> keep)
    {
        ArgumentNullException.ThrowIfNull(keep);
        return new(name, MultiverseStage.Studies) { Keep = keep, ReadsEffects = true };
    }

    /// <summary>A change of the data: effects corrected for unreliability, an outlying one moved to the limit.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="change">The changed effects.</param>
    public static MultiverseOption Changed(string name, Func<StudyEffects, StudyEffects> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new(name, MultiverseStage.Studies) { Change = change, ReadsEffects = true };
    }

    /// <summary>
    /// Without outlying studies: those whose studentised deleted residual in a random-effects model (REML) lies beyond ±<paramref name="limit"/>, with the usual standard errors (Viechtbauer &amp; Cheung 2010, Research Synthesis
    /// Methods 1, 112-125). The rule is the same in all specifications, whatever their estimator, so that they differ in one thing at a time.
    /// </summary>
    /// <param name="cluster">The column of samples: averages of samples are judged, and whole samples left out. Null for independent effects.</param>
    /// <param name="limit">The limit; 1.96 by default.</param>
    public static MultiverseOption WithoutOutlying(string? cluster = null, double limit = 1.96)
    {
        if (!(limit > 0) || !double.IsFinite(limit)) throw new ArgumentOutOfRangeException(nameof(limit), limit, "The limit of a residual is positive and finite; 1.96 is usual.");
        return Judged("without outlying", cluster, row => row.StudentizedResidual is { } residual && Math.Abs(residual) > limit);
    }

    /// <summary>Without influential studies: those that <see cref="Sensitivity.Influence(PooledFit)"/> marks in a random-effects model (REML).</summary>
    /// <param name="cluster">The column of samples: averages of samples are judged, and whole samples left out. Null for independent effects.</param>
    public static MultiverseOption WithoutInfluential(string? cluster = null) => Judged("without influential", cluster, row => row.IsInfluential);

    /// <summary>Effects taken as independent, each by itself.</summary>
    /// <param name="cluster">The column of samples, for cluster-robust inference; null where there is none.</param>
    public static MultiverseOption Independent(string? cluster = null) => new("independent effects", MultiverseStage.Model) { Model = new PooledSpecification(cluster, null) };

    /// <summary>One effect a sample, the average of its effects (<see cref="EffectAggregation.AverageWithin"/>), with a correlation of 0.6 where none is a choice.</summary>
    /// <param name="cluster">The column of samples.</param>
    /// <param name="weights">By inverse variance or equal.</param>
    public static MultiverseOption Averaged(string cluster, AverageWeights weights = AverageWeights.InverseVariance)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(cluster);
        return new(weights == AverageWeights.Equal ? "plain averages" : "averages", MultiverseStage.Model) { Model = new PooledSpecification(cluster, weights) };
    }

    /// <summary>
    /// Correlated and hierarchical effects: <see cref="MultilevelModel"/> with samples and effects within them, by REML unless ML is a choice, cluster-robust (CR2) unless z or t is, with a correlation of 0.6 where none
    /// is a choice.
    /// </summary>
    /// <param name="cluster">The column of samples.</param>
    public static MultiverseOption Multilevel(string cluster)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(cluster);
        return new("multilevel (CHE)", MultiverseStage.Model) { Model = new MultilevelSpecification(cluster) };
    }

    /// <summary>Robust variance estimation (<see cref="RobustVarianceModel"/>), which has an estimator and a test of its own, with a correlation of 0.6 where none is a choice.</summary>
    /// <param name="cluster">The column of samples.</param>
    /// <param name="model">What the weights take the dependence to be.</param>
    public static MultiverseOption RobustVariance(string cluster, WorkingModel model = WorkingModel.Correlated)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(cluster);
        return new(model == WorkingModel.Hierarchical ? "RVE (HIER)" : "RVE (CORR)", MultiverseStage.Model) { Model = new RobustVarianceSpecification(cluster, model) };
    }

    /// <summary>A model of one's own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="fit">Fits it, without moderators; takes what was chosen of estimator, test and correlation, and the effects.</param>
    /// <param name="cluster">The column of samples whose effects go together, null where there is none: in the test their signs change together.</param>
    public static MultiverseOption Model(string name, Func<SpecificationSettings, StudyEffects, IModelFit> fit, string? cluster = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return new(name, MultiverseStage.Model) { Model = new OwnSpecification(fit, cluster) };
    }

    /// <summary>The assumed correlation of sampling errors within samples.</summary>
    /// <param name="correlation">ρ, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside.</exception>
    public static MultiverseOption Correlation(double correlation)
    {
        if (correlation is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(correlation), correlation, "The correlation within a sample must lie in [0, 1).");
        return new("ρ = " + StatisticText.Number(correlation, correlation * 10 == Math.Round(correlation * 10) ? 1 : 2, leadingZero: false), MultiverseStage.Correlation) { Correlation = correlation };
    }

    /// <summary>An estimator of tau².</summary>
    /// <param name="estimator">The estimator.</param>
    public static MultiverseOption Estimator(TauSquaredEstimator estimator) => new(TauSquaredEstimators.Code(estimator), MultiverseStage.Estimator) { Estimator = estimator };

    /// <summary>Equal effects: no tau².</summary>
    public static MultiverseOption EqualEffects { get; } = new("EE", MultiverseStage.Estimator);

    /// <summary>Standard error, test and interval.</summary>
    /// <param name="inference">The kind of inference.</param>
    public static MultiverseOption Test(Inference inference) => new(Inferences.Name(inference), MultiverseStage.Test) { Inference = inference };

    /// <summary>What each model has against small samples: Hartung-Knapp of independent effects and averages, CR2 where effects share samples; z of equal effects.</summary>
    public static MultiverseOption SmallSampleTest { get; } = new("small-sample test", MultiverseStage.Test);

    /// <summary>Cluster-robust inference.</summary>
    /// <param name="correction">The small-sample correction.</param>
    public static MultiverseOption RobustTest(SmallSampleCorrection correction = SmallSampleCorrection.CR2)
    {
        if (!Enum.IsDefined(correction)) throw new ArgumentOutOfRangeException(nameof(correction), correction, "There is no such correction.");
        return new($"cluster-robust ({correction})", MultiverseStage.Test) { Robust = correction };
    }

    /// <summary>The mean as it stands.</summary>
    public static MultiverseOption Unadjusted { get; } = new("unadjusted", MultiverseStage.Adjustment);

    /// <summary>Trim and fill; where effects share samples, of their averages.</summary>
    /// <param name="estimator">How the number of missing studies is estimated.</param>
    public static MultiverseOption TrimAndFill(TrimAndFillEstimator estimator = TrimAndFillEstimator.L0)
    {
        var option = Adjustment($"trim and fill ({estimator})", fit => SpecificationEstimate.Of(fit.TrimAndFill(estimator).Fit), model => model.IsPooled ? EstimatorUse.Each : EstimatorUse.None, usesTest: true);
        return option with { Adjustment = option.Adjustment! with { TellsDependentModelsApart = false } };
    }

    /// <summary>PET-PEESE, of independent effects or by the fitted model of dependent ones.</summary>
    /// <param name="options">Direction and level of the rule; the defaults if not said.</param>
    public static MultiverseOption PetPeese(PetPeeseOptions? options = null) => Adjustment("PET-PEESE", fit => fit switch
    {
        PooledFit pooled => SpecificationEstimate.Of(pooled.PetPeese(options).Estimate, null, fit.Count),
        DependentFit dependent => SpecificationEstimate.Of(dependent.PetPeese(options).Estimate, null, fit.Count),
        RobustVarianceFit robust => SpecificationEstimate.Of(robust.PetPeese(options).Estimate, null, fit.Count),
        _ => throw new ImpossibleChoiceException("PET-PEESE is defined for pooled, multilevel and robust variance models", ChoiceFault.UndefinedForFit),
    }, model => model.IsPooled ? EstimatorUse.None : EstimatorUse.Each, usesTest: false);

    /// <summary>A selection model.</summary>
    /// <param name="function">How publication depends on p; a step at .025 if not said.</param>
    /// <param name="options">Side of selection and penalties; the defaults if not said.</param>
    public static MultiverseOption Selection(SelectionFunction? function = null, SelectionOptions? options = null)
    {
        var shape = function ?? SelectionFunction.Step(0.025);
        var option = Adjustment($"selection, {shape}", fit => SpecificationEstimate.Of(fit.WithSelection(shape, options)), _ => EstimatorUse.EqualOrRandom, usesTest: false);
        return option with { Adjustment = option.Adjustment! with { TellsDependentModelsApart = false, UsesCorrelation = false } };
    }

    /// <summary>Limit meta-analysis of independent effects.</summary>
    public static MultiverseOption Limit() => Adjustment("limit meta-analysis", fit => Pooled(fit, "A limit meta-analysis").LimitMetaAnalysis() is var limit ? SpecificationEstimate.Of(limit.Estimate, limit.TauSquared, limit.Count) : null,
        _ => EstimatorUse.Each, usesTest: false);

    /// <summary>The weighted average of the adequately powered (WAAP), or of all studies by unrestricted weighted least squares where fewer than two are.</summary>
    public static MultiverseOption AdequatelyPowered() => Adjustment("WAAP", fit => Pooled(fit, "WAAP").Waap() is var mean ? SpecificationEstimate.Of(mean.Estimate, null, mean.Count) : null, _ => EstimatorUse.None, usesTest: false);

    /// <summary>An adjustment of one's own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="adjust">The adjusted mean of a fit; null where there is none.</param>
    public static MultiverseOption Adjusted(string name, Func<IModelFit, SpecificationEstimate?> adjust)
    {
        ArgumentNullException.ThrowIfNull(adjust);
        return Adjustment(name, adjust, _ => EstimatorUse.Each, usesTest: true);
    }

    private static MultiverseOption Adjustment(string name, Func<IModelFit, SpecificationEstimate?> adjust, Func<SpecificationModel, EstimatorUse> estimator, bool usesTest) =>
        new(name, MultiverseStage.Adjustment) { Adjustment = new(adjust, estimator, usesTest) };

    private static PooledFit Pooled(IModelFit fit, string method) => fit as PooledFit ?? throw new ImpossibleChoiceException($"{method} is defined for independent effects and averages", ChoiceFault.UndefinedForFit);

    private static MultiverseOption Rows(string name, string column, string[] values, bool keeps)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        if (values.Length == 0) throw new ArgumentException("Name at least one value of the column.", nameof(values));
        return new(name, MultiverseStage.Studies)
        {
            Keep = effects =>
            {
                var cells = effects.Column(column);
                return [.. Enumerable.Range(0, effects.Count).Where(i => (cells.Text(i) is { } text && values.Contains(text)) == keeps)];
            },
        };
    }

    private static MultiverseOption Judged(string name, string? cluster, Func<InfluenceRow, bool> isOut) => new(name, MultiverseStage.Studies)
    {
        ReadsEffects = true,
        Keep = effects =>
        {
            var units = cluster is null ? effects : effects.AverageWithin(cluster, SpecificationModel.UsualCorrelation);
            // Without a study two must be left for the model.
            if (units.Count < 3) throw new InsufficientStudiesException($"To leave out {name["without ".Length..]} studies", 3, units.Count, cluster is null ? StudyCount.Studies : StudyCount.Clusters);
            var unwanted = RandomEffects.Fit(units, new() { Inference = Inference.Normal }).Influence().Rows.Where(isOut).Select(row => row.Index).ToHashSet();
            var groups = cluster is null ? null : effects.RowsBy(cluster);
            return groups is null ? [.. Enumerable.Range(0, effects.Count).Where(i => !unwanted.Contains(i))] : [.. groups.Where((_, g) => !unwanted.Contains(g)).SelectMany(g => g.Value).Order()];
        },
    };

    private static StudyEffects Computed(StudyEffects effects, EffectMeasure measure, EffectSizeOptions? options)
    {
        if (effects.Ingredients.IsEmpty)
        {
            throw new ImpossibleChoiceException("These effects do not say what they were computed from: compute them by the table's EffectSizes, or give each measure by Specify.Effects", ChoiceFault.Incomplete);
        }
        var rows = Enumerable.Range(0, effects.Count).Select(IReadOnlyDictionary<string, double> (i) =>
            effects.Ingredients.ToDictionary(c => c.Name, c => c.Number(i) ?? double.NaN, StringComparer.Ordinal)).ToList();
        return StudyEffects.Create(EffectSizeCalculator.Compute(measure, rows, effects.Labels, options), effects.Labels, effects.HasSampleSizes ? effects.SampleSizes : null, effects.Columns, effects.Origin)
            .WithIngredients(effects.Ingredients);
    }
}
