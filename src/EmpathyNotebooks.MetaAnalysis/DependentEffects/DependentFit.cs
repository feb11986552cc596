using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What every fitted model with dependent effects has: coefficients, tests, heterogeneity, predictions. All numbers are on the scale that is pooled.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// DependentFit fit = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6);
/// Console.WriteLine($"{fit.Coefficients[0]}; {fit.Q}; AIC = {fit.FitStatistics.Aic:F1}");
/// </code></example>
public abstract partial class DependentFit : IModelFit
{
    private readonly DependentData _data;
    private readonly VarianceSearch _search;
    private readonly Lock _searching = new();
    private readonly double[] _gamma;
    private readonly double[] _covariance;
    private readonly double[] _degreesOfFreedom;
    private ImmutableArray<Coefficient> _coefficients;
    private double[]? _expectedInformation;

    private protected DependentFit(DependentData data, MixedModel model, DependentOptions options, SamplingCovariance? covariance)
    {
        _data = data;
        SamplingCovariance = covariance;
        Model = model;
        Common = options;

        // Without any random term: Q and the typical sampling variance.
        var df = model.Count - model.Parameters;
        var (q, trace) = WithoutTerms(model);
        Q = new QTest(q, df, Distributions.ChiSquaredUpper(q, df)) { Origin = data.Effects.Origin };
        TypicalVariance = df / trace;

        _search = new VarianceSearch(model);
        Theta = model.Start is { } start ? _search.Climb(start, fixedParameter: -1) : _search.Maximize();
        Iterations = _search.Iterations;
        Elements = model.ElementsAt(Theta);
        _search.ValueAt(Theta);
        var likelihood = _search.Likelihood;
        (_gamma, _covariance) = data.Weights is { } weights ? Weighted(weights) : (likelihood.Gamma, likelihood.Covariance);
        LogLikelihood = likelihood.LogLikelihood;
        if (!double.IsFinite(LogLikelihood) || _gamma.Concat(_covariance).Any(x => !double.IsFinite(x)))
        {
            throw new ConvergenceException("The model", "the effects or variances are too large or too small for double precision", Iterations, NonConvergence.Precision);
        }
        CheckIdentified();
        _degreesOfFreedom = options.DegreesOfFreedom == DegreesOfFreedomMethod.Residual
            ? [.. Enumerable.Repeat((double)df, model.Parameters)]
            : data.ContainedDegreesOfFreedom(model.Terms);
    }

    /// <summary>The effects used: those given less <see cref="Omitted"/>.</summary>
    public StudyEffects Effects => _data.Effects;

    /// <summary>The effects left out because a moderator is not known for them.</summary>
    public ImmutableArray<OmittedStudy> Omitted => _data.Omitted;

    /// <summary>The moderators, or null when there are none.</summary>
    public Moderator? Moderators => _data.Moderators;

    /// <summary>How sampling errors were taken to go together, or null for independent ones.</summary>
    public SamplingCovariance? SamplingCovariance { get; }

    /// <summary>V, the covariance matrix of the sampling errors, as the model has it: a new array of k rows and columns, with the variances on its diagonal.</summary>
    public double[,] SamplingCovarianceMatrix()
    {
        var v = new double[Count, Count];
        for (var i = 0; i < Count; i++) v[i, i] = Model.Errors.Variances[i];
        foreach (var (rows, matrix) in Model.Errors.Clusters)
        {
            for (var a = 0; a < rows.Length; a++)
            {
                for (var b = 0; b < rows.Length; b++) v[rows[a], rows[b]] = matrix[a * rows.Length + b];
            }
        }
        return v;
    }

    /// <summary>How many effects were used, k.</summary>
    public int Count => Model.Count;

    /// <summary>How many coefficients there are, p.</summary>
    public int CoefficientCount => Model.Parameters;

    /// <summary>True when the first coefficient is the intercept.</summary>
    public bool HasIntercept => _data.HasIntercept;

    /// <summary>Restricted or full likelihood.</summary>
    public LikelihoodMethod Method => Common.Method;

    /// <summary>z or t.</summary>
    public Inference Inference => Common.Inference;

    /// <summary>The level of all intervals.</summary>
    public double ConfidenceLevel => Common.ConfidenceLevel;

    /// <summary>metafor's abbreviation of the method, REML or ML.</summary>
    public string MethodCode => Model.IsRestricted ? "REML" : "ML";

    /// <summary>The coefficients β = (X'M⁻¹X)⁻¹X'M⁻¹y with their tests, the intercept first.</summary>
    public ImmutableArray<Coefficient> Coefficients => _coefficients.IsDefault
        ? _coefficients = [.. _data.Columns.Select((c, j) => Combination(c.Name, Unit(j)))]
        : _coefficients;

    /// <summary>The coefficient of that name.</summary>
    /// <param name="name">For example <c>rater: observer</c>, or <c>Intercept</c>.</param>
    /// <exception cref="StudyDataException">There is no such coefficient; the message suggests the nearest.</exception>
    public Coefficient this[string name] => Coefficients.Any(c => c.Name == name) ? Coefficients.First(c => c.Name == name)
        : throw new StudyDataException("is not a coefficient: " + NearestName.Hint(name, Coefficients.Select(c => c.Name)), name, kind: StudyDataFault.NoSuchName) { Choices = [.. Coefficients.Select(c => c.Name)] };

    /// <summary>The covariance matrix of the coefficients, a copy.</summary>
    public double[,] CovarianceMatrix() => Square(Linear(null).Covariance, CoefficientCount);

    /// <summary>
    /// The test that no moderator matters: all coefficients but the intercept are 0; without an intercept or moderators, that all are 0. Wald's QM with chi², or F
    /// with the smallest of the coefficients' degrees of freedom.
    /// </summary>
    public ModeratorTest ModeratorTest => Test(TestedCoefficients);

    /// <summary>The test of each term with the others in the model; empty without moderators.</summary>
    public ImmutableArray<TermTest> TermTests => _data.Design is not { } design ? [] :
    [
        .. design.TermNames.Select((name, t) => (name, Columns: Enumerable.Range(0, CoefficientCount).Where(j => _data.Columns[j].Term == t).ToArray()))
            .Where(t => t.Columns.Length > 0).Select(t => new TermTest(t.name, Test(t.Columns))),
    ];

    /// <summary>Cochran's test with the whole sampling covariance: y'Py at Σ = 0 (QE).</summary>
    public QTest Q { get; }

    /// <summary>The typical sampling variance s² = (k - p)/tr(P) at Σ = 0.</summary>
    public double TypicalVariance { get; }

    /// <summary>The log-likelihood of the method at the estimates.</summary>
    public double LogLikelihood { get; }

    /// <summary>Log-likelihood and information criteria.</summary>
    public FitStatistics FitStatistics => new(LogLikelihood, Model.IsRestricted, Model.IsRestricted ? Count - CoefficientCount : Count,
        CoefficientCount + Model.VarianceParameters);

    /// <summary>How often score and information were computed.</summary>
    public int Iterations { get; }

    /// <summary>What a careful reader should know about this fit.</summary>
    public ImmutableArray<string> Warnings { get; private protected set; } = [];

    /// <summary>The mean effect the model expects for each effect used.</summary>
    public ImmutableArray<double> FittedValues
    {
        get
        {
            var linear = Linear(null);
            return [.. Enumerable.Range(0, Count).Select(i => linear.At(_data.Row(i)).Estimate)];
        }
    }

    /// <summary>The effects less the fitted values.</summary>
    public ImmutableArray<double> Residuals => [.. FittedValues.Select((f, i) => Effects.Effects[i] - f)];

    /// <summary>
    /// The mean effect at some values of the moderators, with its confidence interval and the prediction interval of a new true effect, whose variance is that of all
    /// levels together.
    /// </summary>
    /// <param name="values">One value for each column, in the columns' own units.</param>
    /// <exception cref="InvalidOperationException">The model has no moderators.</exception>
    /// <exception cref="StudyDataException">A column has no value, is not in the model, or has a value or combination that no study has.</exception>
    public Prediction Predict(ModeratorValues values)
    {
        if (_data.Design is not { } design) throw new InvalidOperationException("A model without moderators expects the same mean everywhere: its first coefficient.");
        var row = design.Encode(values);
        return PredictAt(row, TrueEffectVariance(values));
    }

    /// <summary>The difference of the mean effects at two sets of values, first less second.</summary>
    /// <param name="first">Values of all columns.</param>
    /// <param name="second">Values of all columns.</param>
    /// <exception cref="InvalidOperationException">The model has no moderators.</exception>
    /// <exception cref="StudyDataException">As for <see cref="Predict"/>.</exception>
    public Coefficient Contrast(ModeratorValues first, ModeratorValues second)
    {
        if (_data.Design is not { } design) throw new InvalidOperationException("A model without moderators has nothing to contrast.");
        double[] a = design.Encode(first), b = design.Encode(second);
        for (var j = 0; j < a.Length; j++) a[j] -= b[j];
        return Combination($"({first}) − ({second})", a);
    }

    /// <summary>
    /// The likelihood-ratio test against a smaller model of the same effects: fewer levels or simpler structures, or by full maximum likelihood fewer moderators. Where it tests that a
    /// variance is 0, at its bound, the p-value is too large; half of it is right for one variance (Self &amp; Liang 1987, Journal of the American Statistical Association
    /// 82, 605-610).
    /// </summary>
    /// <param name="reduced">A fit whose levels and moderators are among those of this one, with the same sampling covariance.</param>
    /// <exception cref="ArgumentException">The fits are of other effects, sampling covariances or methods; the smaller one has not fewer parameters; or moderators differ under REML.</exception>
    public LikelihoodRatioTest CompareWith(DependentFit reduced)
    {
        ArgumentNullException.ThrowIfNull(reduced);
        if (!Model.Effects.AsSpan().SequenceEqual(reduced.Model.Effects) || !SameErrors(Model.Errors, reduced.Model.Errors))
        {
            throw new ImpossibleChoiceException("A likelihood-ratio test compares models of the same effects with the same sampling covariance", ChoiceFault.NotComparable);
        }
        if (Method != reduced.Method) throw new ImpossibleChoiceException("A likelihood-ratio test needs both models fitted by the same method", ChoiceFault.NotComparable);
        if (Model.IsRestricted && !_data.Matrix.Columns.AsSpan().SequenceEqual(reduced._data.Matrix.Columns))
        {
            throw new ImpossibleChoiceException("Restricted likelihoods of models with different moderators cannot be compared", ChoiceFault.NeedsFullLikelihood);
        }
        var df = FitStatistics.ParameterCount - reduced.FitStatistics.ParameterCount;
        if (df < 1) throw new ImpossibleChoiceException("A likelihood-ratio test needs nested models: the smaller one must have fewer parameters", ChoiceFault.NotComparable);
        var statistic = 2 * (LogLikelihood - reduced.LogLikelihood);
        if (statistic < -1e-6 * (1 + Math.Abs(LogLikelihood)))
        {
            throw new ImpossibleChoiceException("The model with more parameters is less likely than the other, so that they are not nested", ChoiceFault.NotComparable);
        }
        statistic = Math.Max(0, statistic);
        return new LikelihoodRatioTest(statistic, df, Distributions.ChiSquaredUpper(statistic, df), FitStatistics, reduced.FitStatistics) { Origin = Effects.Origin };
    }

    /// <summary>The model as it was fitted.</summary>
    internal MixedModel Model { get; }

    /// <summary>The variance parameters.</summary>
    internal double[] Theta { get; }

    /// <summary>The elements of the random terms' covariance matrices.</summary>
    internal double[] Elements { get; }

    internal DependentOptions Common { get; }

    internal DependentData Data => _data;

    internal double[] Gamma => _gamma;

    internal int[] TestedCoefficients => HasIntercept && CoefficientCount > 1
        ? [.. Enumerable.Range(1, CoefficientCount - 1)]
        : [.. Enumerable.Range(0, CoefficientCount)];

    /// <summary>The variance of a true effect around its expected mean; null where the values do not say whose.</summary>
    private protected abstract double? TrueEffectVariance(ModeratorValues? values);

    private protected Prediction PredictAt(double[] row, double? variance)
    {
        var linear = Linear(DegreesOfFreedomOf(row));
        return linear.Predict(row, variance ?? 0, variance is not null);
    }

    private protected Prediction? PooledPrediction => Moderators is null ? PredictAt([1], TrueEffectVariance(null)) : null;

    /// <summary>Expected information of the variance parameters in row order.</summary>
    private protected double[] ExpectedInformation
    {
        get
        {
            lock (_searching) return _expectedInformation ??= _search.ExpectedInformation(Theta);
        }
    }

    /// <summary>Standard errors of the variance parameters that are not at their bound.</summary>
    private protected double?[] ParameterStandardErrors()
    {
        var n = Theta.Length;
        int[] free = [.. Enumerable.Range(0, n).Where(j => Theta[j] != 0)];
        var errors = new double?[n];
        var factor = new double[free.Length * free.Length];
        for (var i = 0; i < free.Length; i++)
        {
            for (var j = 0; j < free.Length; j++) factor[i * free.Length + j] = ExpectedInformation[free[i] * n + free[j]];
        }
        if (!BlockMatrix.TryCholesky(factor, free.Length)) return errors;
        var inverse = new double[factor.Length];
        SmallMatrix.Invert(factor, inverse, free.Length);
        for (var i = 0; i < free.Length; i++) errors[free[i]] = Math.Sqrt(inverse[i * free.Length + i]);
        return errors;
    }

    private protected string Header => Moderators is null ? "" : Moderators + ": " + ModeratorTest + "; ";

    private protected string Simulated => Effects.Origin.IsSimulated ? " [simulated data]" : "";

    internal static double[,] Square(ReadOnlySpan<double> flat, int p)
    {
        var matrix = new double[p, p];
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++) matrix[i, j] = flat[i * p + j];
        }
        return matrix;
    }

    internal Coefficient Combination(string name, double[] row) => Linear(DegreesOfFreedomOf(row)).Combination(name, row);

    private ModeratorTest Test(int[] coefficients) =>
        Linear(Inference == Inference.Normal ? null : coefficients.Min(j => _degreesOfFreedom[j])).Test(coefficients);

    private double? DegreesOfFreedomOf(double[] row) => Inference == Inference.Normal ? null
        : Enumerable.Range(0, row.Length).Where(j => row[j] != 0).Select(j => _degreesOfFreedom[j]).DefaultIfEmpty(_degreesOfFreedom.Min()).Min();

    private LinearInference Linear(double? df) => new(_data.Matrix, _gamma, _covariance, df, ConfidenceLevel);

    private double[] Unit(int coefficient)
    {
        var row = new double[CoefficientCount];
        row[coefficient] = 1;
        return row;
    }

    /// <summary>y'Py and tr P of the sampling covariance alone.</summary>
    private static (double Q, double TraceP) WithoutTerms(MixedModel model)
    {
        if (model.Errors.Clusters.Count == 0)
        {
            var sums = new DesignSums(model.Effects, model.Errors.Variances, model.Design.Orthonormal, model.Parameters,
                new double[DesignSums.ScratchLength(model.Count, model.Parameters)]);
            sums.MoveTo(0);
            if (double.IsFinite(sums.Q) && double.IsFinite(sums.LogInformation)) return (sums.Q, sums.TraceP);
        }
        else
        {
            var blocks = new BlockLikelihood(model with { Terms = [] });
            if (blocks.TryMoveTo([])) return (blocks.Q, blocks.TraceP());
        }
        throw new ConvergenceException("The model", "the variances are too large or too small for double precision", 0, NonConvergence.Precision);
    }

    /// <summary>A level whose groups the moderators explain completely has no variance left to estimate.</summary>
    private void CheckIdentified()
    {
        if (!Model.IsRestricted || Theta.Length == 0) return;
        _search.DerivativesAt(Theta);
        var expected = _search.Likelihood.ExpectedInformation;
        var total = Elements.Sum(Math.Abs);
        var e = 0;
        foreach (var term in Model.Terms)
        {
            var size = total + TypicalVariance;
            var known = new double[term.ElementCount];
            for (var i = 0; i < term.ElementCount; i++, e++) known[i] = expected[e * Elements.Length + e] * size * size;
            if (term.ParameterCount > 0)
            {
                // Where fewer parameters than elements share them, one that says something is enough.
                if ((term.ParameterCount < term.ElementCount ? known.Max() : known.Min()) < 1e-9)
                {
                    throw new StudyDataException(term.Dimension > 1 && term.Relation is null
                        ? "has outcomes of whose variance or correlation the data say nothing once their means are fitted, for instance since only one group has both: hold it, leave an "
                            + "outcome out, or take a common mean"
                        : "has no variance that could be estimated: the moderators tell its groups apart completely", term.Name, column: "levels", kind: StudyDataFault.Undetermined);
                }
            }
        }
    }

    private static bool SameErrors(SamplingErrors a, SamplingErrors b) => a.Variances.AsSpan().SequenceEqual(b.Variances)
        && a.Clusters.Count == b.Clusters.Count
        && a.Clusters.Zip(b.Clusters).All(c => c.First.Rows.AsSpan().SequenceEqual(c.Second.Rows) && c.First.Matrix.AsSpan().SequenceEqual(c.Second.Matrix));
}
