using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis;

/// <content>What the model expects at chosen values, and comparisons.</content>
public sealed partial class MetaRegressionFit
{
    /// <summary>The mean effect at some values of the moderators, with its confidence interval and that of a new study's true effect.</summary>
    /// <param name="values">One value for each column: <c>new() { ["rater"] = "client", ["year"] = 2010 }</c>, in the columns' own units.</param>
    /// <exception cref="StudyDataException">A column has no value, is not in the model, or has a value or combination that no study has.</exception>
    public Prediction Predict(ModeratorValues values) => Linear.Predict(_design.Encode(values), TauSquared, IsRandomEffects);

    /// <summary>The prediction for each study used.</summary>
    public ImmutableArray<Prediction> Predictions() =>
        [.. Enumerable.Range(0, Count).Select(i => Linear.Predict(Row(i), TauSquared, IsRandomEffects))];

    /// <summary>The difference of the mean effects at two sets of values, first less second.</summary>
    /// <param name="first">Values of all columns.</param>
    /// <param name="second">Values of all columns.</param>
    /// <exception cref="StudyDataException">As for <see cref="Predict"/>.</exception>
    public Coefficient Contrast(ModeratorValues first, ModeratorValues second)
    {
        double[] a = _design.Encode(first), b = _design.Encode(second);
        for (var j = 0; j < a.Length; j++) a[j] -= b[j];
        return Linear.Combination($"({first}) − ({second})", a);
    }

    /// <summary>Any linear combination Σcβ of the coefficients.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="factors">c, one for each coefficient, finite.</param>
    /// <exception cref="ArgumentException">There is not one factor for each coefficient, or one is not finite.</exception>
    public Coefficient LinearCombination(string name, params IReadOnlyList<double> factors)
    {
        ArgumentNullException.ThrowIfNull(factors);
        if (factors.Count != CoefficientCount || factors.Any(f => !double.IsFinite(f)))
        {
            throw new ArgumentException($"A linear combination needs {StatisticText.Count(CoefficientCount)} finite factors, one for each coefficient.", nameof(factors));
        }
        return Linear.Combination(name, [.. factors]);
    }

    /// <summary>The test that several linear combinations are 0 together.</summary>
    /// <param name="rows">One list of factors for each combination, independent of one another.</param>
    /// <exception cref="ArgumentException">A row has not one finite factor for each coefficient.</exception>
    public ModeratorTest TestTogether(params IReadOnlyList<double[]> rows)
    {
        CheckRows(rows);
        return Linear.TestRows(rows);
    }

    /// <summary>
    /// The test that a linear combination Σcβ of the coefficients equals a value, with the combination and its interval (metafor's <c>anova(X = , rhs = )</c>, which prints the
    /// combination less the value).
    /// </summary>
    /// <param name="name">What to call it.</param>
    /// <param name="factors">c, one for each coefficient, finite.</param>
    /// <param name="value">The value, finite.</param>
    /// <exception cref="ArgumentException">There is not one factor for each coefficient, or a number is not finite.</exception>
    public Coefficient LinearHypothesis(string name, IReadOnlyList<double> factors, double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentException("The value of a linear hypothesis must be finite.", nameof(value));
        var combination = LinearCombination(name, factors);
        var statistic = combination.Estimate == value ? 0 : (combination.Estimate - value) / combination.StandardError;
        return combination with { Statistic = statistic, PValue = Distributions.TwoSided(statistic, combination.DegreesOfFreedom) };
    }

    /// <summary>The test that several linear combinations equal some values together (metafor's <c>anova(X = , rhs = )</c>).</summary>
    /// <param name="rows">One list of factors for each combination, independent of one another.</param>
    /// <param name="values">One value for each combination, finite.</param>
    /// <exception cref="ArgumentException">A row has not one finite factor for each coefficient, or there is not one finite value for each row.</exception>
    public ModeratorTest TestHypotheses(IReadOnlyList<double[]> rows, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        CheckRows(rows);
        if (values.Count != rows.Count || values.Any(v => !double.IsFinite(v)))
        {
            throw new ArgumentException($"The test needs {StatisticText.Count(rows.Count)} finite values, one for each row.", nameof(values));
        }
        return Linear.TestRows(rows, values);
    }

    private void CheckRows(IReadOnlyList<double[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0 || rows.Any(r => r.Length != CoefficientCount || r.Any(f => !double.IsFinite(f))))
        {
            throw new ArgumentException($"Each row needs {StatisticText.Count(CoefficientCount)} finite factors, one for each coefficient.", nameof(rows));
        }
    }

    /// <summary>
    /// Estimated marginal means: the mean effect for each value of a category, the other categories counted as equally frequent and numbers at
    /// their mean (Searle, Speed &amp; Milliken 1980, The American Statistician 34, 216-221). Their tests ask whether a mean is 0.
    /// </summary>
    /// <param name="column">A category of the model.</param>
    /// <exception cref="StudyDataException">The column is not a category of the model, or some combination has no study.</exception>
    public ImmutableArray<Coefficient> MarginalMeans(string column) =>
        [.. _design.MarginalRows(column).Select(r => Linear.Combination(r.Name, r.Row))];

    /// <summary>
    /// The differences of all pairs of marginal means, later less earlier, with p-values for each and adjusted for their number (Holm 1979).
    /// </summary>
    /// <param name="column">A category of the model.</param>
    /// <exception cref="StudyDataException">The column is not a category of the model, or some combination has no study.</exception>
    public ImmutableArray<PairwiseContrast> PairwiseContrasts(string column)
    {
        var rows = _design.MarginalRows(column);
        var contrasts = new List<Coefficient>();
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = i + 1; j < rows.Count; j++)
            {
                contrasts.Add(Linear.Combination($"{rows[j].Name} − {rows[i].Name}", [.. rows[j].Row.Zip(rows[i].Row, (b, a) => b - a)]));
            }
        }
        var adjusted = Holm([.. contrasts.Select(c => c.PValue)]);
        return [.. contrasts.Select((c, i) => new PairwiseContrast(c, adjusted[i]))];
    }

    /// <summary>
    /// How much the variance of each coefficient but the intercept is inflated because moderators go together: the diagonal of the inverse of
    /// the coefficients' correlation matrix; 1 when they do not (Fox &amp; Monette 1992, Journal of the American Statistical Association 87, 178-183).
    /// </summary>
    public ImmutableArray<VarianceInflation> VarianceInflationFactors() =>
        [.. Enumerable.Range(HasIntercept ? 1 : 0, CoefficientCount - (HasIntercept ? 1 : 0))
            .Select(j => new VarianceInflation(_design.Columns[j].Name, 1, Inflation([j])) { Origin = Effects.Origin })];

    /// <summary>The same for each term as a whole (generalised VIF): |R₁||R₂|/|R| with the correlation matrices of its coefficients, of the others, of all.</summary>
    public ImmutableArray<VarianceInflation> TermInflationFactors() =>
        [.. _design.TermNames.Select((name, t) => (name, Columns: ColumnsOf(t))).Where(t => t.Columns.Length > 0)
            .Select(t => new VarianceInflation(t.name, t.Columns.Length, Inflation(t.Columns)) { Origin = Effects.Origin })];

    /// <summary>The likelihood-ratio test against a model with fewer moderators.</summary>
    /// <param name="reduced">A fit of the same effects whose terms are among those of this one.</param>
    /// <exception cref="ArgumentException">The fits are not by maximum likelihood (or both without tau²), of other effects, or not nested.</exception>
    public LikelihoodRatioTest CompareWith(MetaRegressionFit reduced)
    {
        ArgumentNullException.ThrowIfNull(reduced);
        return LikelihoodRatioTest.Create(this, reduced.Data, reduced.Estimator, reduced.FitStatistics);
    }

    /// <summary>The likelihood-ratio test against the model without moderators.</summary>
    /// <param name="reduced">A fit of the same effects, those left out here left out there too: <c>RandomEffects.Fit(fit.Effects, ...)</c>.</param>
    /// <exception cref="ArgumentException">The fits are not by maximum likelihood (or both without tau²), or of other effects.</exception>
    public LikelihoodRatioTest CompareWith(PooledFit reduced)
    {
        ArgumentNullException.ThrowIfNull(reduced);
        return LikelihoodRatioTest.Create(this, reduced.Data, reduced.Estimator, reduced.FitStatistics);
    }

    private double Inflation(int[] columns)
    {
        var p = CoefficientCount;
        // A scale of 0 takes the covariance away, not what moderators have in common.
        double[] flat = [.. Core.Scale == 0 ? Core.UnscaledCovariance : Core.Covariance];
        _design.Matrix.ToCovariance(flat);
        var covariance = new DenseMatrix(p, p, flat);
        var correlation = DenseMatrix.Create(p, p, (i, j) => covariance[i, j] / (Math.Sqrt(covariance[i, i]) * Math.Sqrt(covariance[j, j])));
        int[] all = [.. Enumerable.Range(HasIntercept ? 1 : 0, p - (HasIntercept ? 1 : 0))];
        return Determinant(columns) * Determinant([.. all.Except(columns)]) / Determinant(all);

        double Determinant(int[] rows) => rows.Length == 0 ? 1
            : DenseMatrix.Create(rows.Length, rows.Length, (i, j) => correlation[rows[i], rows[j]]).Determinant();
    }

    private static double[] Holm(double[] p)
    {
        int[] order = [.. Enumerable.Range(0, p.Length).OrderBy(i => p[i])];
        var adjusted = new double[p.Length];
        var highest = 0.0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            highest = Math.Max(highest, Math.Min(1, (p.Length - rank) * p[order[rank]]));
            adjusted[order[rank]] = highest;
        }
        return adjusted;
    }
}

/// <summary>The difference of two marginal means.</summary>
/// <param name="Difference">The difference with its own test.</param>
/// <param name="AdjustedPValue">The p-value adjusted for the number of pairs by Holm's method.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.35, 0.18, 0.22, 0.41, 0.09, 0.27, 0.30, 0.15],
///     [0.010, 0.022, 0.015, 0.012, 0.020, 0.018, 0.009, 0.025], EffectMeasure.FisherZ, columns: [
///     StudyColumn.OfTexts("rater", ["client", "observer", "therapist", "client", "observer", "therapist", "client", "observer"])]);
/// foreach (PairwiseContrast pair in MetaRegression.Fit(effects, Moderator.Category("rater")).PairwiseContrasts("rater"))
///     Console.WriteLine($"{pair.Difference}, Holm p = {pair.AdjustedPValue:F3}");
/// </code></example>
public readonly record struct PairwiseContrast(Coefficient Difference, double AdjustedPValue) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin => Difference.Origin;
}

/// <summary>How much variance a coefficient or term has because moderators go together.</summary>
/// <param name="Name">The coefficient or term.</param>
/// <param name="CoefficientCount">How many coefficients it has.</param>
/// <param name="Factor">The (generalised) variance inflation factor, at least 1.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.35, 0.18, 0.22, 0.41, 0.09, 0.27, 0.30, 0.15],
///     [0.010, 0.022, 0.015, 0.012, 0.020, 0.018, 0.009, 0.025], EffectMeasure.FisherZ, columns: [
///     StudyColumn.OfTexts("rater", ["client", "observer", "therapist", "client", "observer", "therapist", "client", "observer"]),
///     StudyColumn.OfNumbers("year", [1998, 2001, 2003, 2006, 2009, 2011, 2014, 2016])]);
/// var fit = MetaRegression.Fit(effects, Moderator.Category("rater") + Moderator.Number("year").CenteredAt(2005));
/// foreach (VarianceInflation term in fit.TermInflationFactors())
///     Console.WriteLine($"{term.Name}: GVIF = {term.Factor:F2}, standard errors x {term.StandardErrorInflation:F2}");
/// </code></example>
public readonly record struct VarianceInflation(string Name, int CoefficientCount, double Factor) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <summary>The inflation of a standard error: the factor to the power 1/(2m), comparable between terms of different m.</summary>
    public double StandardErrorInflation => Math.Pow(Factor, 1.0 / (2 * CoefficientCount));
}
