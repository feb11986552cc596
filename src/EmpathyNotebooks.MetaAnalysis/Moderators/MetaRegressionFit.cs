using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A fitted meta-regression. All numbers are on the scale that is pooled; <see cref="Prediction.BackTransform"/> leads to the scale a reader knows.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020],
///     columns: [StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer", "client"])]);
/// MetaRegressionFit fit = MetaRegression.Fit(effects, Moderator.Category("rater"));
/// Console.WriteLine(fit.Predict(new() { ["rater"] = "client" }).ConfidenceInterval);
/// foreach (var mean in fit.MarginalMeans("rater")) Console.WriteLine(mean);
/// </code></example>
public sealed partial class MetaRegressionFit : IModelFit
{
    private readonly ModeratorDesign _design;
    private ImmutableArray<Coefficient> _coefficients;
    private ImmutableArray<TermTest> _termTests;
    private ResidualHeterogeneity? _heterogeneity;
    private StrongBox<double?>? _rSquared;

    internal MetaRegressionFit(MetaRegressionOptions options, ModeratorDesign design, PooledModel model, RegressionCore core)
    {
        Options = options;
        _design = design;
        Model = model;
        Core = core;
        Linear = new LinearInference(design.Matrix, core.Gamma, core.Covariance,
            model.Inference == Inference.Normal ? null : design.Matrix.Count - design.Matrix.Parameters, model.Level, core.KenwardRoger) { Origin = design.Effects.Origin };
    }

    /// <summary>The effects used: those given less <see cref="Omitted"/>.</summary>
    public StudyEffects Effects => _design.Effects;

    /// <summary>The studies left out because a moderator is not known for them.</summary>
    public ImmutableArray<OmittedStudy> Omitted => _design.Omitted;

    /// <summary>
    /// Combinations of categories that no study has, so that their interaction has fewer coefficients; the mean effect of such a combination is not
    /// known and not predicted.
    /// </summary>
    public ImmutableArray<string> EmptyCombinations => _design.EmptyCells;

    /// <summary>The terms fitted.</summary>
    public Moderator Moderators => Options.Moderators!;

    /// <summary>What was chosen, for the effects used.</summary>
    public MetaRegressionOptions Options { get; }

    /// <summary>How many effects were used, k.</summary>
    public int Count => Effects.Count;

    /// <summary>How many coefficients there are, p.</summary>
    public int CoefficientCount => _design.Matrix.Parameters;

    /// <summary>True when the first coefficient is the intercept.</summary>
    public bool HasIntercept => _design.HasIntercept;

    /// <summary>The estimator of tau², or null for a model without.</summary>
    public TauSquaredEstimator? Estimator => Model.Estimator;

    /// <summary>True for a model in which true effects differ beyond what the moderators explain.</summary>
    public bool IsRandomEffects => Estimator is not null;

    /// <summary>How standard errors, tests and intervals were found.</summary>
    public Inference Inference => Model.Inference;

    /// <summary>The level of all intervals.</summary>
    public double ConfidenceLevel => Model.Level;

    /// <summary>metafor's abbreviation of the model, for example REML.</summary>
    public string MethodCode => Model.Code;

    /// <summary>The coefficients β with their tests, the intercept first.</summary>
    public ImmutableArray<Coefficient> Coefficients =>
        _coefficients.IsDefault ? _coefficients = Linear.Coefficients(_design.Columns) : _coefficients;

    /// <summary>The coefficient of that name.</summary>
    /// <param name="name">For example <c>rater: observer</c>.</param>
    /// <exception cref="StudyDataException">There is no such coefficient; the message suggests the nearest.</exception>
    public Coefficient this[string name] => Coefficients.Any(c => c.Name == name) ? Coefficients.First(c => c.Name == name)
        : throw new StudyDataException("is not a coefficient: " + NearestName.Hint(name, Coefficients.Select(c => c.Name)), name, kind: StudyDataFault.NoSuchName) { Choices = [.. Coefficients.Select(c => c.Name)] };

    /// <summary>The covariance matrix of the coefficients, a copy.</summary>
    public double[,] CovarianceMatrix()
    {
        var p = CoefficientCount;
        var flat = Linear.Covariance;
        var matrix = new double[p, p];
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++) matrix[i, j] = flat[i * p + j];
        }
        return matrix;
    }

    /// <summary>
    /// The omnibus test that no moderator matters: all coefficients but the intercept are 0. Without an intercept, that all coefficients are 0,
    /// which is another question. Wald's QM with chi², or F = QM/m with k - p denominator degrees of freedom.
    /// </summary>
    public ModeratorTest ModeratorTest => Linear.Test([.. Enumerable.Range(HasIntercept ? 1 : 0, CoefficientCount - (HasIntercept ? 1 : 0))]);

    /// <summary>
    /// The test of each term with the others in the model. Beside an interaction, the test of a main effect asks about the reference category, or
    /// with sum contrasts about the mean of the categories.
    /// </summary>
    public ImmutableArray<TermTest> TermTests => _termTests.IsDefault ? _termTests = [.. _design.TermNames.Select((name, t) => (name, Columns: ColumnsOf(t)))
        .Where(t => t.Columns.Length > 0).Select(t => new TermTest(t.name, Linear.Test(t.Columns)))] : _termTests;

    /// <summary>The variance of true effects that the moderators leave, tau²; 0 for a model without.</summary>
    public double TauSquared => Core.TauSquared;

    /// <summary>Its square root.</summary>
    public double Tau => Math.Sqrt(TauSquared);

    /// <summary>The standard error of tau², or null for a model without.</summary>
    public double? TauSquaredStandardError => Core.Estimate?.StandardError;

    /// <summary>How many iterations the estimator of tau² made.</summary>
    public int Iterations => Core.Estimate?.Iterations ?? 0;

    /// <summary>How much effects differ beyond what the moderators explain: QE, I², H², tau² with intervals.</summary>
    public ResidualHeterogeneity Heterogeneity => _heterogeneity ??= new ResidualHeterogeneity(this);

    /// <summary>
    /// The share of the heterogeneity that the moderators explain, as a fraction, not below 0: (tau₀² - tau²)/tau₀² with tau₀² of the model
    /// without moderators (Raudenbush 2009); for a model without tau² the adjusted R² of the weighted regression. Null where the model has no constant to
    /// compare with. Imprecise with few studies (López-López et al. 2014, British Journal of Mathematical and Statistical Psychology 67, 30-48).
    /// </summary>
    /// <remarks>$$R^2 = \max\!\left(0, \frac{\hat\tau_0^2 - \hat\tau^2}{\hat\tau_0^2}\right)$$</remarks>
    public double? RSquared
    {
        get
        {
            // In a box, so that another thread sees it whole or not at all.
            return (_rSquared ??= new StrongBox<double?>(ComputeRSquared())).Value;
        }
    }

    /// <summary>Log-likelihood and information criteria.</summary>
    public FitStatistics FitStatistics
    {
        get
        {
            var restricted = Estimator == TauSquaredEstimator.RestrictedMaximumLikelihood;
            var logLikelihood = FitStatistics.LogLikelihoodOf(restricted, Count, CoefficientCount,
                WeightedSums.LogDeterminant(TauSquared, Effects.Variances.AsSpan()), Core.LogInformation, Core.ResidualSum);
            return new FitStatistics(logLikelihood, restricted, restricted ? Count - CoefficientCount : Count,
                CoefficientCount + (IsRandomEffects ? 1 : 0));
        }
    }

    /// <summary>Each study's share of the weights; they sum to 1.</summary>
    public ImmutableArray<double> Weights
    {
        get
        {
            double[] weights = Core.FitWeights ?? [.. Effects.Variances.Select(v => 1 / (v + TauSquared))];
            var sum = weights.Sum();
            return [.. weights.Select(w => w / sum)];
        }
    }

    /// <summary>The mean effect the model expects for each study used.</summary>
    public ImmutableArray<double> FittedValues => [.. Enumerable.Range(0, Count).Select(i => Linear.At(Row(i)).Estimate)];

    /// <summary>The effects less the fitted values.</summary>
    public ImmutableArray<double> Residuals => [.. FittedValues.Select((f, i) => Effects.Effects[i] - f)];

    /// <summary>What a careful reader should know about this fit.</summary>
    public ImmutableArray<string> Warnings => field.IsDefault ? field = [.. Warn(), .. IsRandomEffects && TauSquared == 0 ? (ImmutableArray<string>)[NewTrueEffects.ZeroWarning] : [], .. Effects.SharingWarning is { } sharing ? (ImmutableArray<string>)[sharing] : []] : field;

    internal PooledModel Model { get; }

    internal RegressionCore Core { get; }

    internal LinearInference Linear { get; }

    internal ModeratorDesign Design => _design;

    internal ModelData Data => new(Effects, _design.Matrix);

    /// <summary>One line, for example <c>rater + year: F(2, 13) = 4.01, p = .044, R² = 21.3% (REML, Hartung-Knapp, k = 16)</c>.</summary>
    public override string ToString()
    {
        var explained = RSquared is { } r ? $", R² = {StatisticText.Percent(r)}" : "";
        var text = $"{Moderators}: {ModeratorTest}{explained} ({MethodCode}, {Inferences.Name(Inference)}, k = {StatisticText.Count(Count)})";
        return Effects.Origin.IsSimulated ? text + " [simulated data]" : text;
    }

    /// <summary>A row of the design.</summary>
    internal double[] Row(int study)
    {
        var row = new double[CoefficientCount];
        for (var j = 0; j < row.Length; j++) row[j] = _design.Matrix.Columns[j * Count + study];
        return row;
    }

    private int[] ColumnsOf(int term) => [.. Enumerable.Range(0, CoefficientCount).Where(j => _design.Columns[j].Term == term)];

    private double? ComputeRSquared()
    {
        if (!_design.Matrix.SpansConstant()) return null;
        if (Estimator is { } estimator)
        {
            var sums = new InterceptSums(Effects.Effects.AsSpan(), Effects.Variances.AsSpan());
            var without = TauSquaredEstimate.Of(estimator, ref sums, Model.Weights).Value;
            return without == 0 ? 0 : Math.Max(0, (without - TauSquared) / without);
        }
        ReadOnlySpan<double> w = Model.Weights ?? [.. Effects.Variances.Select(v => 1 / v)];
        double sum = 0, mean = 0, total = 0, residual = 0;
        for (var i = 0; i < Count; i++)
        {
            sum += w[i];
            mean += w[i] * Effects.Effects[i];
        }
        mean /= sum;
        var residuals = Residuals;
        for (var i = 0; i < Count; i++)
        {
            total += w[i] * (Effects.Effects[i] - mean) * (Effects.Effects[i] - mean);
            residual += w[i] * residuals[i] * residuals[i];
        }
        var df = Count - CoefficientCount;
        return total == 0 || df == 0 ? 0 : Math.Max(0, 1 - residual / df / (total / (Count - 1)));
    }

    private IEnumerable<string> Warn()
    {
        if (!Omitted.IsEmpty)
        {
            yield return $"{StatisticText.Count(Omitted.Length)} of {StatisticText.Count(Omitted.Length + Count, "study", "studies")} {(Omitted.Length == 1 ? "is" : "are")} left out because a moderator is not known for them: "
                + string.Join(", ", Omitted.Take(5).Select(o => o.Label)) + (Omitted.Length > 5 ? $" and {StatisticText.Count(Omitted.Length - 5)} more" : "") + ".";
        }
        if (!EmptyCombinations.IsEmpty)
        {
            yield return $"No study has {string.Join(" or ", EmptyCombinations)}; their interaction has a coefficient fewer for each.";
        }
        if (Core.Scale == 0) yield return Inferences.ExactWarning;
        else if (Inferences.IsNarrowed(Core.Scale, Count - CoefficientCount, ConfidenceLevel)) yield return Inferences.NarrowedWarning;
        if (Core.KenwardRoger is not null && Coefficients.Min(c => c.DegreesOfFreedom) is { } few and < KenwardRoger.FewDegreesOfFreedom) yield return KenwardRoger.FewWarning(few);
        if (Count < 10 * (CoefficientCount - (HasIntercept ? 1 : 0)))
        {
            yield return "There are fewer than ten studies for each coefficient: a pattern found here may be chance (Borenstein et al. 2009, ch. 20).";
        }
    }
}

/// <summary>How much effects differ beyond what the moderators of a fit explain.</summary>
/// <inheritdoc cref="HeterogeneityMeasures"/>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, 2018])]);
/// ResidualHeterogeneity left = MetaRegression.Fit(effects, Moderator.Number("year").CenteredAt(2010)).Heterogeneity;
/// Console.WriteLine($"{left}; tau² {left.TauSquaredInterval}");
/// </code></example>
public sealed class ResidualHeterogeneity : HeterogeneityMeasures
{
    internal ResidualHeterogeneity(MetaRegressionFit fit)
        : base(fit.Data, fit.TauSquared, fit.Estimator, fit.ConfidenceLevel)
    {
        Fit = fit;
    }

    /// <summary>The fit these belong to.</summary>
    public MetaRegressionFit Fit { get; }
}
