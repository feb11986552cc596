using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Cluster-robust inference for a fitted model: the same coefficients with standard errors that hold whatever the dependence within clusters is. The model serves as a working model
/// only; a good one makes estimates precise, a bad one does not make the errors wrong. Source: Hedges, Tipton &amp; Johnson 2010; Pustejovsky &amp; Tipton 2018, 2022. When not to use it: where
/// clusters themselves are dependent, and with so few that the degrees of freedom fall below 4 (Tipton 2015, Psychological Methods 20, 375-393).
/// </summary>
/// <remarks>Formulas: <see cref="SmallSampleCorrection.CR2"/> and its neighbours.</remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.29], [0.010, 0.022, 0.015, 0.012, 0.020, 0.020],
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "C", "D"])]);
/// RobustFit robust = MultilevelModel.Fit(effects, ["sample"], samplingCorrelation: 0.5).Robust();
/// Console.WriteLine($"{robust.Coefficients[0]}, df = {robust.Coefficients[0].DegreesOfFreedom}");
/// Console.WriteLine(RandomEffects.Fit(effects).Robust("sample"));
/// </code></example>
public sealed partial class RobustFit
{
    private const int FewDegreesOfFreedom = 4;
    private readonly RobustSource _source;
    private readonly WorkingFit _fit;
    private readonly ClusterSandwich _sandwich;
    private readonly int[] _clusters;
    private readonly string[] _names;
    private ImmutableArray<Coefficient> _coefficients;

    internal RobustFit(RobustSource source, string cluster, (int[] Groups, string[] Names) clusters, SmallSampleCorrection correction)
    {
        _source = source;
        (_clusters, _names) = clusters;
        Cluster = cluster;
        Correction = correction;
        var p = source.Design.Parameters;
        var needed = correction == SmallSampleCorrection.CR1p ? p + 1 : 2;
        if (_names.Length < needed)
        {
            throw new InsufficientStudiesException($"Cluster-robust inference by \"{cluster}\" for {StatisticText.Count(p, "coefficient")}", needed, _names.Length, StudyCount.Clusters);
        }
        if (source.Crossing(_clusters) is { } crossing)
        {
            throw new StudyDataException($"does not contain {crossing}, which ties its values together: robust inference needs independent clusters. "
                + "Take the outermost level", cluster, column: "cluster");
        }
        _fit = source.NewFitter(reestimate: false)([.. source.Effects.Effects]);
        _sandwich = new ClusterSandwich(source, _fit, _clusters, _names.Length, correction);
    }

    /// <summary>The effects used, which say where they come from.</summary>
    public StudyEffects Effects => _source.Effects;

    /// <summary>The column of clusters.</summary>
    public string Cluster { get; }

    /// <summary>How many clusters there are, J.</summary>
    public int ClusterCount => _names.Length;

    /// <summary>The small-sample correction.</summary>
    public SmallSampleCorrection Correction { get; }

    /// <summary>The level of all intervals.</summary>
    public double ConfidenceLevel => _source.Level;

    /// <summary>The coefficients with robust standard errors and t-tests, each with its own degrees of freedom under <see cref="SmallSampleCorrection.CR2"/>. A coefficient that one cluster
    /// alone determines, as a category has that no other cluster has, is without a standard error (<see cref="Coefficient.HasStandardError"/>): the model fits that cluster exactly, and no residual
    /// shows how uncertain it is. The others stand.</summary>
    public ImmutableArray<Coefficient> Coefficients => _coefficients.IsDefault
        ? _coefficients = [.. _source.Columns.Select((c, j) => Combination(c.Name, Unit(j)))]
        : _coefficients;

    /// <summary>The coefficient of that name.</summary>
    /// <param name="name">For example <c>rater: observer</c>, or <c>Intercept</c>.</param>
    /// <exception cref="StudyDataException">There is no such coefficient; the message suggests the nearest.</exception>
    public Coefficient this[string name] => Coefficients[IndexOf(name)];

    /// <summary>The robust covariance matrix of the coefficients, a copy.</summary>
    public double[,] CovarianceMatrix()
    {
        double[] s = [.. _sandwich.Covariance];
        _source.Design.ToCovariance(s);
        return DependentFit.Square(s, _source.Design.Parameters);
    }

    /// <summary>The mean effect on the scale a reader knows with its robust interval; null with moderators, or without a standard error.</summary>
    public BackTransformedEstimate? BackTransformed
    {
        get
        {
            if (_source.Columns is not [{ Term: -1 }] || !Coefficients[0].HasStandardError) return null;
            var measure = _source.Effects.Measure;
            return new(measure.ToDisplay(Coefficients[0].Estimate), Coefficients[0].ConfidenceInterval.Transform(measure.ToDisplay), null);
        }
    }

    /// <summary>The test that no moderator matters, all coefficients but the intercept; without an intercept or moderators, that all are 0. See <see cref="Test"/>.</summary>
    public ModeratorTest ModeratorTest
    {
        get
        {
            var first = _source.HasIntercept && _source.Columns.Length > 1 ? 1 : 0;
            return TestRows([.. Enumerable.Range(first, _source.Columns.Length - first).Select(Unit)]);
        }
    }

    /// <summary>What a careful reader should know: which p-values rest on fewer than four degrees of freedom, where Satterthwaite's approximation is rough (Tipton 2015, Psychological Methods 20, 375-393).</summary>
    public ImmutableArray<string> Warnings
    {
        get
        {
            List<string> warnings = [];
            List<Coefficient> few = [.. Coefficients.Where(c => c.HasStandardError && c.DegreesOfFreedom < FewDegreesOfFreedom)];
            if (few.Count > 0)
            {
                warnings.Add($"Of {string.Join(", ", few.Select(c => $"{c.Name} ({StatisticText.DegreesOfFreedom(c.DegreesOfFreedom!.Value)})"))} the robust standard error has fewer than "
                    + $"{FewDegreesOfFreedom} degrees of freedom: do not trust {(few.Count == 1 ? "its p" : "their p")}.");
            }
            if (Coefficients.Length > 1 && FewWarning(ModeratorTest) is { } together) warnings.Add(together);
            return [.. warnings];
        }
    }

    /// <summary>What to say of a robust test of several coefficients with hardly any degrees of freedom; null where it has enough, or there is none.</summary>
    internal static string? FewWarning(ModeratorTest test) => test is { Exists: true, DegreesOfFreedom: > 1, DenominatorDegreesOfFreedom: { } df and < FewDegreesOfFreedom }
        ? $"The robust test of {StatisticText.Count(test.DegreesOfFreedom)} coefficients together has {StatisticText.DegreesOfFreedom(df)} denominator degrees of freedom: with fewer than {FewDegreesOfFreedom} do "
            + "not trust its p. Test fewer coefficients together, or use the wild bootstrap."
        : null;

    /// <summary>
    /// The test that the named coefficients are 0 together. With CR2 the approximate Hotelling test HTZ: F = (η - m + 1)/(ηm)·Q with m and η - m + 1 degrees of freedom
    /// (Tipton &amp; Pustejovsky 2015, Journal of Educational and Behavioral Statistics 40, 604-634); otherwise F = Q/m with J - 1 (CR1p: J - p) denominator degrees of freedom. There is no test
    /// (<see cref="ModeratorTest.Exists"/>) where some combination of the coefficients has no standard error, or where there are too few clusters for so many.
    /// </summary>
    /// <param name="coefficients">Their names.</param>
    /// <exception cref="StudyDataException">There is no such coefficient.</exception>
    /// <exception cref="ArgumentException">No name is given.</exception>
    public ModeratorTest Test(params IReadOnlyList<string> coefficients)
    {
        ArgumentNullException.ThrowIfNull(coefficients);
        if (coefficients.Count == 0) throw new ArgumentException("Name at least one coefficient to test.", nameof(coefficients));
        return TestRows([.. coefficients.Distinct().Select(name => Unit(IndexOf(name)))]);
    }

    /// <summary>The test that several linear combinations are 0 together, as <see cref="Test"/> has it.</summary>
    /// <param name="rows">One list of factors for each combination, independent of one another.</param>
    /// <exception cref="ArgumentException">A row has not one finite factor for each coefficient, or follows from the rows before it.</exception>
    public ModeratorTest TestTogether(params IReadOnlyList<double[]> rows) => TestRows(Checked(rows));

    /// <summary>Any linear combination Σcβ of the coefficients.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="factors">c, one for each coefficient, finite.</param>
    /// <exception cref="ArgumentException">There is not one finite factor for each coefficient.</exception>
    public Coefficient LinearCombination(string name, params IReadOnlyList<double> factors)
    {
        ArgumentNullException.ThrowIfNull(factors);
        return Combination(name, Checked([[.. factors]])[0]);
    }

    /// <summary>
    /// The cluster wild bootstrap of the test that the named coefficients are 0 together (Joshi, Pustejovsky &amp; Beretvas 2022, Research Synthesis Methods 13, 457-477): residuals of the model
    /// without them are multiplied by one random sign a cluster, and the model is fitted to the new effects again and again. The p-value is the share of robust F (CR0) as large as the
    /// observed one. It keeps its error rate with few clusters and unbalanced moderators, and has more power than HTZ for several coefficients.
    /// </summary>
    /// <param name="coefficients">Their names; those of <see cref="ModeratorTest"/> if null.</param>
    /// <param name="options">Replications, seed and weights.</param>
    /// <param name="progress">Takes the share that is done, from 0 to 1; null for nobody.</param>
    /// <param name="cancellation">Ends the bootstrap early, without a result.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="StudyDataException">There is no such coefficient.</exception>
    /// <exception cref="InvalidOperationException">Some combination of the coefficients has no robust standard error.</exception>
    public BootstrapTest WildBootstrap(IReadOnlyList<string>? coefficients = null, WildBootstrapOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var first = _source.HasIntercept && _source.Columns.Length > 1 ? 1 : 0;
        int[] tested = coefficients is null
            ? [.. Enumerable.Range(first, _source.Columns.Length - first)]
            : [.. coefficients.Select(IndexOf).Distinct().Order()];
        if (tested.Length == 0) throw new ArgumentException("Name at least one coefficient to test.", nameof(coefficients));
        if (_sandwich.HotellingDegreesOfFreedom([.. tested.Select(j => _source.Design.ToOrthonormal(Unit(j)))]) is null) throw new InvalidOperationException(Undetermined(tested.Length));
        return new ClusterWildBootstrap(_source, _clusters, _names.Length, tested).Run(_fit, options ?? new WildBootstrapOptions(), progress, cancellation);
    }

    /// <summary>One line, for example <c>Intercept = 0.28 [0.22, 0.34], p &lt; .001 (CR2, 82 clusters of sample)</c>.</summary>
    public override string ToString() =>
        $"{string.Join("; ", Coefficients)} ({Correction}, {StatisticText.Count(ClusterCount, "cluster")} of {Cluster})"
        + (_source.Effects.Origin.IsSimulated ? " [simulated data]" : "");

    private Coefficient Combination(string name, double[] row)
    {
        var q = _source.Design.ToOrthonormal(row);
        var (estimate, variance) = new LinearInference(_source.Design, _fit.Gamma, _sandwich.Covariance, null, ConfidenceLevel).AtOrthonormal(q);
        if (!_sandwich.Determines(q)) return Coefficient.Without(name, estimate, WhyUndetermined(q)) with { Origin = _source.Effects.Origin };
        if (!_sandwich.HasScatter(q, variance))
        {
            return Coefficient.Without(name, estimate,
                "The effects lie exactly on the fitted ones, so that the robust standard error would be 0, which says nothing about how uncertain the estimate is.");
        }
        var df = Correction switch
        {
            SmallSampleCorrection.CR2 => _sandwich.DegreesOfFreedom(q),
            SmallSampleCorrection.CR1p => ClusterCount - _source.Design.Parameters,
            _ => ClusterCount - 1,
        };
        var se = Math.Sqrt(variance);
        return new Coefficient(name, estimate, se, estimate / se, df, Distributions.TwoSided(estimate / se, df), Distributions.Interval(estimate, se, df, ConfidenceLevel)) { Origin = _source.Effects.Origin };
    }

    private string WhyUndetermined(double[] q)
    {
        var (heaviest, share) = _sandwich.Heaviest(q);
        return share > 1 - 1e-9
            ? $"{Cluster} \"{_names[heaviest]}\" alone determines it. The model fits that cluster exactly, so that no residual shows how uncertain the estimate is."
            : $"Only clusters that the model fits exactly determine it, most of all {Cluster} \"{_names[heaviest]}\", so that no residual shows how uncertain the estimate is.";
    }

    private string Undetermined(int tested) => tested == 1 ? $"Only clusters of {Cluster} that the model fits exactly determine this coefficient, so that no residual shows how uncertain it is."
        : $"Some combination of these {StatisticText.Count(tested, "coefficient")} is determined by clusters of {Cluster} alone that the model fits exactly, so that no residual shows how uncertain it is: "
            + "they cannot be tested together.";

    private ModeratorTest TestRows(IReadOnlyList<double[]> rows)
    {
        var m = rows.Count;
        var df = Correction == SmallSampleCorrection.CR1p ? ClusterCount - _source.Design.Parameters : ClusterCount - 1;
        var linear = new LinearInference(_source.Design, _fit.Gamma, _sandwich.Covariance, df, ConfidenceLevel) { Origin = _source.Effects.Origin };
        linear.CheckIndependent(rows);
        double[][] turned = [.. rows.Select(r => _source.Design.ToOrthonormal(r))];
        if (_sandwich.HotellingDegreesOfFreedom(turned) is not { } eta) return ModeratorTest.None(m, Undetermined(m));
        var denominator = eta - m + 1;
        if (Correction == SmallSampleCorrection.CR2 && !(denominator > 0))
        {
            return ModeratorTest.None(m, $"{StatisticText.Count(ClusterCount, "cluster")} {(ClusterCount == 1 ? "is" : "are")} too few to test {StatisticText.Count(m, "coefficient")} together: the degrees of freedom of the "
                + $"Hotelling test would be {StatisticText.Number(denominator, 1)}. Use WildBootstrap, or test fewer.");
        }
        var naive = linear.TestRows(rows);
        if (!naive.Exists || !turned.All(q => _sandwich.HasScatter(q, linear.AtOrthonormal(q).Variance)))
        {
            return ModeratorTest.None(m, $"The robust covariance of {(m == 1 ? "this coefficient" : $"these {StatisticText.Count(m, "coefficient")}")} has no inverse: "
                + $"the residuals of {StatisticText.Count(ClusterCount, "cluster")} do not scatter in so many directions. Test fewer coefficients together.");
        }
        if (Correction != SmallSampleCorrection.CR2) return naive;
        var f = denominator / eta * naive.Statistic;
        return new ModeratorTest(f, m, denominator, Distributions.FUpper(f, m, denominator)) { Origin = _source.Effects.Origin };
    }

    private IReadOnlyList<double[]> Checked(IReadOnlyList<double[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var p = _source.Design.Parameters;
        if (rows.Count == 0 || rows.Any(r => r is null || r.Length != p || r.Any(f => !double.IsFinite(f))))
        {
            throw new ArgumentException($"Each row needs {StatisticText.Count(p)} finite factors, one for each coefficient.", nameof(rows));
        }
        return rows;
    }

    private int IndexOf(string name)
    {
        var index = _source.Columns.ToList().FindIndex(c => c.Name == name);
        return index >= 0 ? index : throw new StudyDataException("is not a coefficient: " + NearestName.Hint(name, _source.Columns.Select(c => c.Name)), name, kind: StudyDataFault.NoSuchName)
        {
            Choices = [.. _source.Columns.Select(c => c.Name)],
        };
    }

    private double[] Unit(int coefficient)
    {
        var row = new double[_source.Design.Parameters];
        row[coefficient] = 1;
        return row;
    }
}

/// <summary>Robust inference for models of independent effects, where several effects come from one sample after all.</summary>
/// <remarks>Formulas: <see cref="SmallSampleCorrection.CR2"/> and its neighbours.</remarks>
public static class RobustInference
{
    /// <summary>Cluster-robust inference for a pooled effect. The working model takes effects as independent; <see cref="MultilevelModel"/> is a better one.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="cluster">The column of clusters.</param>
    /// <param name="correction">The small-sample correction.</param>
    /// <exception cref="StudyDataException">There is no such column, or a row has no cluster.</exception>
    /// <exception cref="InsufficientStudiesException">There are fewer than two clusters.</exception>
    /// <exception cref="ArgumentException">The effects were pooled with weights other than the model's.</exception>
    public static RobustFit Robust(this PooledFit fit, string cluster, SmallSampleCorrection correction = SmallSampleCorrection.CR2)
    {
        ArgumentNullException.ThrowIfNull(fit);
        CheckWeights(fit.PoolingWeights is not null);
        var source = new IndependentSource(fit.Effects, DesignMatrix.Constant(fit.Count), [new DesignColumn("Intercept", -1)], true, fit.Model, fit.TauSquared)
        {
            TrueEffectVariance = _ => fit.IsRandomEffects ? fit.TauSquared : null,
        };
        return new RobustFit(source, cluster, LevelReader.Code(LevelReader.Keys(fit.Effects, cluster)), correction);
    }

    /// <summary>Cluster-robust inference for a meta-regression.</summary>
    /// <inheritdoc cref="Robust(PooledFit, string, SmallSampleCorrection)"/>
    public static RobustFit Robust(this MetaRegressionFit fit, string cluster, SmallSampleCorrection correction = SmallSampleCorrection.CR2)
    {
        ArgumentNullException.ThrowIfNull(fit);
        CheckWeights(fit.Core.FitWeights is not null);
        var source = new IndependentSource(fit.Effects, fit.Design.Matrix, fit.Design.Columns, fit.HasIntercept, fit.Model, fit.TauSquared)
        {
            Moderators = fit.Design,
            TrueEffectVariance = _ => fit.IsRandomEffects ? fit.TauSquared : null,
        };
        return new RobustFit(source, cluster, LevelReader.Code(LevelReader.Keys(fit.Effects, cluster)), correction);
    }

    private static void CheckWeights(bool own)
    {
        if (own) throw new ImpossibleChoiceException("Robust inference is defined here for the model's own weights 1/(v + tau²)", ChoiceFault.NeedsOwnWeights);
    }
}
