using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A parameter of a selection function: the weight of an interval of p, or δ of another shape.</summary>
/// <param name="Name">For example <c>.025 &lt; p ≤ .5</c> or <c>δ</c>.</param>
/// <param name="Estimate">The estimate: a weight relative to the first interval, or δ.</param>
/// <param name="StandardError">Its standard error; null for what is given, and at a bound.</param>
/// <param name="ConfidenceInterval">By z: of weights and the beta function from the logarithm, of the others cut at 0; null without a standard error. <see cref="SelectionFit.ProfileInterval"/> is better with few studies.</param>
/// <param name="Count">How many effects a weight concerns; null for δ.</param>
/// <param name="IsGiven">True for a weight that was given.</param>
/// <param name="IsAtBound">True where the estimate is at the end of what is possible: 0 for δ, the weight before for a monotone step function.</param>
public sealed record SelectionParameter(string Name, double Estimate, double? StandardError, ConfidenceInterval? ConfidenceInterval, int? Count, bool IsGiven, bool IsAtBound)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {StatisticText.Significant(Estimate)}" + (ConfidenceInterval is { } interval ? $" {interval}" : IsGiven ? " (given)" : IsAtBound ? " (at its bound)" : "");
}

/// <summary>The weight of a p-value, relative to that of a significant one.</summary>
/// <param name="PValue">The p-value.</param>
/// <param name="Weight">w(p)/w(reference).</param>
/// <param name="ConfidenceInterval">Pointwise, by z for the logarithm; null where a parameter has no standard error.</param>
public readonly record struct SelectionWeight(double PValue, double Weight, ConfidenceInterval? ConfidenceInterval);

/// <summary>
/// A fitted selection model. The mean and τ² are those of all studies, published or not. All numbers are on the scale that is pooled.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.61, 0.45, 0.52, 0.20, 0.38, 0.05, 0.33, 0.72], [0.040, 0.022, 0.055, 0.012, 0.020, 0.018, 0.015, 0.090], EffectMeasure.FisherZ);
/// SelectionFit fit = RandomEffects.Fit(effects).WithSelection(SelectionFunction.Step(0.025));
/// Console.WriteLine(fit);
/// Console.WriteLine(fit.Adjusted);
/// </code></example>
public sealed partial class SelectionFit : IModelFit
{
    private readonly ModeratorDesign? _design;
    private readonly DesignMatrix _matrix;
    private readonly SelectionEngine _engine;
    private readonly SelectionSearch _search;

    /// <summary>Searches of smaller models overwrite the sums of the likelihood, so that one thread at a time does.</summary>
    private readonly Lock _searching = new();
    private readonly SelectionPoint _point;
    private readonly double[] _covariance;
    private readonly double[] _full;
    private readonly LinearInference _linear;
    private ImmutableArray<Coefficient> _coefficients;
    private ImmutableArray<SelectionParameter> _parameters;

    internal SelectionFit(StudyEffects effects, ModeratorDesign? design, DesignMatrix matrix, SelectionOptions options, EffectClusters? clusters, SelectionEngine engine, SelectionSearch search, SelectionPoint point)
    {
        (Effects, _design, _matrix, Options, Clusters, _engine, _search, _point) = (effects, design, matrix, options, clusters, engine, search, point);
        _full = search.Full(point.At);
        var q = matrix.Parameters;
        _covariance = SelectionEngine.Covariance(search, point)!;
        if (clusters is not null) _covariance = SelectionClusters.Sandwich(engine.Likelihood, search, point, _covariance, clusters, options.Penalty is not null);
        var n = search.Free;
        var block = new double[q * q];
        for (var i = 0; i < q; i++)
        {
            for (var j = 0; j < q; j++) block[i * q + j] = _covariance[i * n + j];
        }
        _linear = new LinearInference(matrix, [.. _full[..q].Select(g => engine.Sign * g)], block, null, options.ConfidenceLevel) { Origin = effects.Origin };
    }

    /// <summary>The effects used.</summary>
    public StudyEffects Effects { get; }

    /// <summary>The effects left out because a moderator is not known for them.</summary>
    public ImmutableArray<OmittedStudy> Omitted => _design?.Omitted ?? [];

    /// <summary>What was chosen, for the effects used.</summary>
    public SelectionOptions Options { get; }

    /// <summary>The selection function.</summary>
    public SelectionFunction Function => Options.Function!;

    /// <summary>How many effects were used, k.</summary>
    public int Count => Effects.Count;

    /// <summary>Which effects share a sample; null where they are taken as independent.</summary>
    public EffectClusters? Clusters { get; }

    /// <summary>ML, or EE for a model without tau².</summary>
    public string MethodCode => IsRandomEffects ? "ML" : "EE";

    /// <summary>True for a model with tau².</summary>
    public bool IsRandomEffects => !Options.TakesEffectsAsEqual;

    /// <summary>The level of all intervals.</summary>
    public double ConfidenceLevel => Options.ConfidenceLevel;

    /// <summary>The coefficients of the mean, the intercept first.</summary>
    public ImmutableArray<Coefficient> Coefficients => _coefficients.IsDefault ? _coefficients = _linear.Coefficients(_design?.Columns ?? [new DesignColumn("Intercept", -1)]) : _coefficients;

    /// <summary>The mean adjusted for selection; null with moderators.</summary>
    public Coefficient? Mean => Options.Moderators is null ? Coefficients[0] : null;

    /// <summary>The variance of true effects; 0 for a model without.</summary>
    public double TauSquared => _full[_matrix.Parameters];

    /// <summary>Its standard error; null for a model without, and where the estimate is 0.</summary>
    public double? TauSquaredStandardError => IsRandomEffects && !_point.IsHeld[_matrix.Parameters] ? Math.Sqrt(_covariance[_matrix.Parameters * (_search.Free + 1)]) : null;

    /// <summary>The parameters of the selection function: of a step function the weights of the intervals after the first.</summary>
    public ImmutableArray<SelectionParameter> Parameters => _parameters.IsDefault ? _parameters = DescribeParameters() : _parameters;

    /// <summary>How many effects each interval of a step function has, the first included; empty for the others.</summary>
    public ImmutableArray<int> IntervalCounts => _engine.Likelihood.Kernel is StepKernel kernel ? [.. kernel.Counts()] : [];

    /// <summary>The value at which a truncated distribution is cut; null for the others.</summary>
    public double? CutValue => _engine.Cut;

    /// <summary>The log-likelihood at the estimates, without penalties; of clustered effects the composite one, as if they were independent.</summary>
    public double LogLikelihood
    {
        get
        {
            if (Options.Penalty is null) return _point.Objective;
            lock (_searching) return field != 0 ? field : field = _engine.Likelihood.Evaluate(_full, default, default);
        }
    }

    /// <summary>
    /// The test that there is no selection: twice the rise of the log-likelihood over the same model without, against chi² with one degree of freedom for each parameter estimated. Null where no parameter is
    /// estimated, with clusters and with penalties, for which it has no such distribution. A parameter that cannot fall below 0 makes it conservative. A test that is not significant is no sign that there is
    /// no selection: it has little power.
    /// </summary>
    public LikelihoodRatioTest? LikelihoodRatio
    {
        get
        {
            using var alone = _searching.EnterScope();
            if (field is not null || Clusters is not null || Options.Penalty is not null || _engine.FreeSelection == 0) return field;
            var (search, point) = _engine.WithoutSelection();
            var statistic = Math.Max(0, 2 * (LogLikelihood - point.Objective));
            return field = new LikelihoodRatioTest(statistic, _engine.FreeSelection, Distributions.ChiSquaredUpper(statistic, _engine.FreeSelection), FitStatistics!.Value, new FitStatistics(point.Objective, false, Count, search.Free)) { Origin = Effects.Origin };
        }
    }

    /// <summary>The likelihood-ratio test of tau² = 0 with selection, against chi² with one degree of freedom, which is conservative; null without tau², with clusters and with penalties, and where the model without tau² has no maximum.</summary>
    public LikelihoodRatioTest? HeterogeneityTest
    {
        get
        {
            using var alone = _searching.EnterScope();
            if (field is not null || !IsRandomEffects || Clusters is not null || Options.Penalty is not null || Function.Shape == SelectionShape.TruncatedAtEstimate) return field;
            SelectionSearch search;
            SelectionPoint point;
            try
            {
                (search, point) = _engine.Maximize(isRandom: false);
            }
            catch (UndeterminedException)
            {
                // The smaller model has no maximum, so that there is nothing to compare with.
                return null;
            }
            var statistic = Math.Max(0, 2 * (LogLikelihood - point.Objective));
            return field = new LikelihoodRatioTest(statistic, 1, Distributions.ChiSquaredUpper(statistic, 1), FitStatistics!.Value, new FitStatistics(point.Objective, false, Count, search.Free)) { Origin = Effects.Origin };
        }
    }

    /// <summary>Log-likelihood and information criteria; null with clusters and with penalties.</summary>
    public FitStatistics? FitStatistics => Clusters is not null || Options.Penalty is not null ? null : new FitStatistics(LogLikelihood, false, Count, _search.Free + (Function.Shape == SelectionShape.TruncatedAtEstimate ? 1 : 0));

    /// <summary>How many steps the search made from the best start.</summary>
    public int Iterations => _point.Iterations;

    /// <summary>The estimate as a row of a table of adjusted estimates; null with moderators.</summary>
    public AdjustedEstimate? Adjusted => Mean is { } mean ? new AdjustedEstimate($"Selection model, {Function}", mean.Estimate, mean.HasStandardError ? mean.ConfidenceInterval : null, Count, Assumption, Warnings) : null;

    /// <summary>In a sentence, what must hold for the estimate to be right.</summary>
    public string Assumption => (Function.Shape switch
    {
        SelectionShape.Step => "Publication depends on the interval that p falls in",
        SelectionShape.Truncated or SelectionShape.TruncatedAtEstimate => $"Publication depends on lying beyond {StatisticText.Significant(CutValue!.Value)}",
        _ => $"Publication is a {Function} of p",
    }) + $" ({Side}).";

    private string Side => Options.Alternative switch
    {
        Alternative.Greater => "one-sided, effects above 0",
        Alternative.Less => "one-sided, effects below 0",
        _ => "two-sided",
    };

    /// <summary>What a careful reader should know about this fit.</summary>
    public ImmutableArray<string> Warnings => field.IsDefault ? field = [.. Warn()] : field;

    /// <summary>
    /// The weight of a p-value relative to that of the first interval, of the p-value up to which all is published, or for the beta function of p = .025 (two-sided .05), with its pointwise interval: what a plot of the
    /// weight function draws. Where precision matters too, of the least precise study.
    /// </summary>
    /// <param name="p">A p-value in [0, 1], of the side that is selected.</param>
    /// <exception cref="ArgumentOutOfRangeException">The p-value is not in [0, 1].</exception>
    /// <exception cref="ImpossibleChoiceException">The distribution is truncated: its weights do not depend on p.</exception>
    public SelectionWeight WeightAt(double p)
    {
        if (p is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "A p-value lies in [0, 1].");
        if (CutValue is not null) throw new ImpossibleChoiceException("The weights of a truncated distribution depend on the effect, not on p", ChoiceFault.UndefinedEstimate);
        var d = _engine.Likelihood.Kernel.Parameters;
        var theta = _full.AsSpan(_matrix.Parameters + 1);
        Span<double> slope = new double[d], reference = new double[d];
        double log;
        if (_engine.IsStep)
        {
            var j = 0;
            while (j < Function.Steps.Count && p > Function.Steps[j]) j++;
            if (j == 0) return new SelectionWeight(p, 1, new ConfidenceInterval(1, 1, ConfidenceLevel));
            (log, slope[j - 1]) = (theta[j - 1], 1);
        }
        else
        {
            log = ContinuousKernel.LogWeightAt(Function, p, theta, slope);
            if (Function.Shape == SelectionShape.Beta)
            {
                log -= ContinuousKernel.LogWeightAt(Function, Options.Alternative == Alternative.TwoSided ? 0.05 : 0.025, theta, reference);
                for (var j = 0; j < d; j++) slope[j] -= reference[j];
            }
        }
        double variance = 0;
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++) variance += slope[i] * ThetaCovariance(i, j) * slope[j];
        }
        var isKnown = Parameters.All(parameter => parameter.StandardError is not null || parameter.IsGiven);
        return new SelectionWeight(p, Math.Exp(log), isKnown ? Distributions.Interval(log, Math.Sqrt(Math.Max(0, variance)), null, ConfidenceLevel).Transform(Math.Exp) : null);
    }

    /// <summary>One line, for example <c>Intercept = 0.222 [0.1710, 0.2730], p &lt; .001, τ² = 0.02905; selection χ²(1) = 0.61, p = .436 (step function (0.025), ML, k = 160)</c>.</summary>
    public override string ToString()
    {
        var mean = Mean is { } one ? one.ToString() : $"{Options.Moderators}: {ModeratorTest}";
        var text = mean + (IsRandomEffects ? $", τ² = {StatisticText.Significant(TauSquared)}" : "") + (LikelihoodRatio is { } test ? $"; selection {test}" : "")
            + $" ({Function}{(Options.Penalty is null ? "" : ", penalised")}, {MethodCode}, k = {StatisticText.Count(Count)}{(Clusters is { } clusters ? $" in {StatisticText.Count(clusters.Count)} clusters" : "")})";
        return Effects.Origin.IsSimulated ? text + " [simulated data]" : text;
    }

    /// <summary>The covariance of two parameters θ of the selection function, weights in logarithms.</summary>
    private double ThetaCovariance(int row, int column)
    {
        var (first, n) = (_search.Free - _search.SelectionMap.Columns, _search.Free);
        var map = _search.SelectionMap;
        double sum = 0;
        for (var a = 0; a < map.Columns; a++)
        {
            for (var b = 0; b < map.Columns; b++) sum += map.Values[row * map.Columns + a] * _covariance[(first + a) * n + first + b] * map.Values[column * map.Columns + b];
        }
        return sum;
    }
}
