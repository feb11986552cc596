using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Coefficients with their covariance, and what can be asked of them: single linear combinations and tests of several. Everything is kept for
/// the orthonormal columns of the design and carried to the reader's columns at the end, which loses no digits to units such as years.
/// </summary>
internal sealed class LinearInference(DesignMatrix design, double[] gamma, double[] covariance, double? degreesOfFreedom, double level,
    KenwardRoger? kenwardRoger = null)
{
    private readonly int _p = design.Parameters;

    public double Level => level;

    /// <summary>Where the numbers come from, which every coefficient and test says.</summary>
    public DataOrigin Origin { get; init; } = DataOrigin.Own;

    public double? DegreesOfFreedom => degreesOfFreedom;

    /// <summary>The coefficients of the reader's columns.</summary>
    public double[] Estimates
    {
        get
        {
            double[] beta = [.. gamma];
            design.ToCoefficients(beta);
            return beta;
        }
    }

    /// <summary>Their covariance matrix in row order.</summary>
    public double[] Covariance
    {
        get
        {
            double[] s = [.. covariance];
            design.ToCovariance(s);
            return s;
        }
    }

    /// <summary>Estimate and variance of x'β.</summary>
    public (double Estimate, double Variance) At(ReadOnlySpan<double> row) => AtOrthonormal(design.ToOrthonormal(row));

    public (double Estimate, double Variance) AtOrthonormal(ReadOnlySpan<double> q)
    {
        double estimate = 0, variance = 0;
        for (var i = 0; i < _p; i++)
        {
            estimate += q[i] * gamma[i];
            double sum = 0;
            for (var j = 0; j < _p; j++) sum += covariance[i * _p + j] * q[j];
            variance += q[i] * sum;
        }
        // Rounding alone can bring it below 0, where weights are many decades apart.
        return (estimate, Math.Max(0, variance));
    }

    public Coefficient Combination(string name, double[] row)
    {
        var (estimate, variance) = At(row);
        var q = design.ToOrthonormal(row);
        var df = kenwardRoger is null ? degreesOfFreedom : kenwardRoger.DegreesOfFreedom(q);
        var se = Math.Sqrt(variance);
        var statistic = se == 0 && IsRounding(estimate, q) ? 0 : estimate / se;
        return new Coefficient(name, estimate, se, statistic, df, Distributions.TwoSided(statistic, df),
            Distributions.Interval(estimate, se, df, level)) { Origin = Origin };
    }

    /// <summary>True for an estimate of 0, and for what rounding makes of 0, which a standard error of 0 would turn into certainty.</summary>
    private bool IsRounding(double estimate, ReadOnlySpan<double> q)
    {
        // All coefficients round with the largest of them: a slope of equal effects is a rounding of their mean.
        double row = 0, size = 0;
        for (var i = 0; i < _p; i++) (row, size) = (row + q[i] * q[i], size + gamma[i] * gamma[i]);
        return Math.Abs(estimate) <= 1e-13 * Math.Sqrt(row * size);
    }

    public Prediction Predict(double[] row, double tau2, bool isRandom)
    {
        var (estimate, variance) = At(row);
        var df = kenwardRoger is null ? degreesOfFreedom : kenwardRoger.DegreesOfFreedom(design.ToOrthonormal(row));
        return new Prediction(estimate, Math.Sqrt(variance), Distributions.Interval(estimate, Math.Sqrt(variance), df, level),
            isRandom ? Distributions.Interval(estimate, Math.Sqrt(variance + tau2), df, level) : null) { Origin = Origin };
    }

    public ImmutableArray<Coefficient> Coefficients(ImmutableArray<DesignColumn> columns) =>
        [.. columns.Select((c, j) => Combination(c.Name, Unit(j)))];

    /// <summary>The Wald test that the coefficients given are all 0.</summary>
    public ModeratorTest Test(IReadOnlyList<int> coefficients) => TestRows([.. coefficients.Select(Unit)]);

    /// <summary>The Wald test that the combinations given are 0, or the values given.</summary>
    public ModeratorTest TestRows(IReadOnlyList<double[]> rows, IReadOnlyList<double>? values = null)
    {
        var m = rows.Count;
        CheckIndependent(rows);
        var l = new DenseMatrix(m, _p);
        for (var i = 0; i < m; i++) l.SetRow(i, design.ToOrthonormal(rows[i]));
        MathNet.Numerics.LinearAlgebra.Vector<double> estimate = l * new DenseVector(gamma);
        if (values is not null) estimate -= new DenseVector([.. values]);
        for (var i = 0; i < m; i++)
        {
            if (IsRounding(estimate[i], design.ToOrthonormal(rows[i]))) estimate[i] = 0;
        }
        if (Quadratic(estimate, l, new DenseMatrix(_p, _p, [.. covariance])) is not { } wald)
        {
            return ModeratorTest.None(m, "The covariance of these coefficients has no inverse in double precision, so that they cannot be tested together.");
        }
        if (kenwardRoger is not null)
        {
            if (kenwardRoger.Denominator(l) is not var (scale, df2))
            {
                return ModeratorTest.None(m, $"With so few effects Kenward and Roger's approximation has no F for {StatisticText.Count(m, "coefficient")} together: its degrees of freedom would not exceed 2. "
                    + "Look at the coefficients one by one, or choose Hartung-Knapp inference.");
            }
            var f = scale * wald / m;
            return new ModeratorTest(f, m, df2, Distributions.FUpper(f, m, df2)) { Origin = Origin };
        }
        return degreesOfFreedom is { } df
            ? new ModeratorTest(wald / m, m, df, Distributions.FUpper(wald / m, m, df)) { Origin = Origin }
            : new ModeratorTest(wald, m, null, Distributions.ChiSquaredUpper(wald, m)) { Origin = Origin };
    }

    /// <summary>Combinations that follow from one another cannot be tested together.</summary>
    public void CheckIndependent(IReadOnlyList<double[]> rows)
    {
        var basis = new List<double[]>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (!DesignMatrix.TryExtend(basis, design.ToOrthonormal(rows[i])))
            {
                throw new ArgumentException($"Row {StatisticText.Count(i + 1)} is 0 or follows from the rows before it: leave it out.", nameof(rows));
            }
        }
    }

    public double[] Unit(int coefficient)
    {
        var row = new double[_p];
        row[coefficient] = 1;
        return row;
    }

    /// <summary>b'(LSL')⁻¹b, with the rows scaled to unit variance first so that units cost no digits; null where it is singular.</summary>
    private static double? Quadratic(MathNet.Numerics.LinearAlgebra.Vector<double> b, DenseMatrix l, DenseMatrix s)
    {
        var m = b.Count;
        var v = l * s * l.Transpose();
        var factor = new double[m * m];
        var scaled = new double[m];
        for (var i = 0; i < m; i++)
        {
            // Without any scatter the covariance is 0: every coefficient that is not 0 then differs from 0 beyond doubt.
            if (v[i, i] == 0) return b.AbsoluteMaximum() > 0 ? double.PositiveInfinity : 0;
            scaled[i] = b[i] / Math.Sqrt(v[i, i]);
            for (var j = 0; j < m; j++) factor[i * m + j] = v[i, j] / (Math.Sqrt(v[i, i]) * Math.Sqrt(v[j, j]));
        }
        if (!BlockMatrix.TryCholesky(factor, m)) return null;
        BlockMatrix.SolveLower(factor, scaled, m, 1);
        return BlockMatrix.Dot(scaled, scaled);
    }
}
