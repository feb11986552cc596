using System.Numerics.Tensors;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A k x p design X = QR: its columns as they are read, and orthonormal ones that span the same space, with which all sums are made. Both one
/// column after the other.
/// </summary>
internal sealed class DesignMatrix
{
    /// <summary>A column of which less than this share is left beside the columns before it is no column of its own; the limit of R's lm().</summary>
    private const double DependenceTolerance = 1e-7;

    private DesignMatrix(double[] columns, double[] orthonormal, double[] triangle, int count, int parameters)
    {
        Columns = columns;
        Orthonormal = orthonormal;
        Triangle = triangle;
        Count = count;
        Parameters = parameters;
    }

    public double[] Columns { get; }

    public double[] Orthonormal { get; }

    /// <summary>R in row order, upper triangle.</summary>
    public double[] Triangle { get; }

    public int Count { get; }

    public int Parameters { get; }

    /// <summary>The constant alone.</summary>
    public static DesignMatrix Constant(int count)
    {
        var ones = new double[count];
        var unit = new double[count];
        Array.Fill(ones, 1);
        Array.Fill(unit, 1 / Math.Sqrt(count));
        return new DesignMatrix(ones, unit, [Math.Sqrt(count)], count, 1);
    }

    /// <summary>The design of columns that <see cref="TryExtend"/> all accepted, with the basis it made.</summary>
    public static DesignMatrix Of(double[] columns, List<double[]> basis)
    {
        int p = basis.Count, k = basis[0].Length;
        var triangle = new double[p * p];
        for (var i = 0; i < p; i++)
        {
            for (var j = i; j < p; j++) triangle[i * p + j] = TensorPrimitives.Dot<double>(basis[i], columns.AsSpan(j * k, k));
        }
        return new DesignMatrix(columns, [.. basis.SelectMany(q => q)], triangle, k, p);
    }

    /// <summary>Some of the rows.</summary>
    /// <exception cref="StudyDataException">They do not determine all coefficients.</exception>
    public DesignMatrix ForRows(IReadOnlyList<int> rows) => TryForRows(rows) ?? throw Undetermined(rows.Count);

    /// <summary>Some of the rows; null where they do not determine all coefficients.</summary>
    public DesignMatrix? TryForRows(IReadOnlyList<int> rows)
    {
        var columns = new double[rows.Count * Parameters];
        var basis = new List<double[]>();
        for (var j = 0; j < Parameters; j++)
        {
            for (var i = 0; i < rows.Count; i++) columns[j * rows.Count + i] = Columns[j * Count + rows[i]];
            if (!TryExtend(basis, columns.AsSpan(j * rows.Count, rows.Count))) return null;
        }
        return Of(columns, basis);
    }

    /// <summary>Some effects do not determine all coefficients.</summary>
    public static StudyDataException Undetermined(int count) =>
        new($"The coefficients are not all determined by {(count == 1 ? "this one effect" : $"these {StatisticText.Count(count)} effects")}", kind: StudyDataFault.Undetermined);

    /// <summary>Adds what is new in a column to an orthonormal basis; false when nothing is.</summary>
    public static bool TryExtend(List<double[]> basis, ReadOnlySpan<double> column)
    {
        var rest = column.ToArray();
        var norm = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(rest));
        if (norm == 0) return false;
        // Twice, since the first pass leaves rounding of the size of the column.
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var q in basis) TensorPrimitives.MultiplyAdd(q, -TensorPrimitives.Dot<double>(q, rest), rest, rest);
        }
        var left = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(rest));
        if (left < DependenceTolerance * norm) return false;
        TensorPrimitives.Divide(rest, left, rest);
        basis.Add(rest);
        return true;
    }

    /// <summary>β = R⁻¹γ from coefficients γ of the orthonormal columns, in place.</summary>
    public void ToCoefficients(Span<double> gamma)
    {
        var p = Parameters;
        for (var i = p - 1; i >= 0; i--)
        {
            var sum = gamma[i];
            for (var m = i + 1; m < p; m++) sum -= Triangle[i * p + m] * gamma[m];
            gamma[i] = sum / Triangle[i * p + i];
        }
    }

    /// <summary>R⁻¹SR⁻ᵀ from a covariance S of coefficients of the orthonormal columns, in place.</summary>
    public void ToCovariance(Span<double> s)
    {
        var p = Parameters;
        var column = new double[p];
        for (var pass = 0; pass < 2; pass++)
        {
            for (var j = 0; j < p; j++)
            {
                for (var i = 0; i < p; i++) column[i] = s[i * p + j];
                ToCoefficients(column);
                for (var i = 0; i < p; i++) s[i * p + j] = column[i];
            }
            for (var i = 0; i < p; i++)
            {
                for (var j = 0; j < i; j++) (s[i * p + j], s[j * p + i]) = (s[j * p + i], s[i * p + j]);
            }
        }
    }

    /// <summary>γ = Rβ of coefficients of the reader's columns.</summary>
    public double[] FromCoefficients(ReadOnlySpan<double> beta)
    {
        var gamma = new double[Parameters];
        for (var i = 0; i < Parameters; i++)
        {
            for (var j = i; j < Parameters; j++) gamma[i] += Triangle[i * Parameters + j] * beta[j];
        }
        return gamma;
    }

    /// <summary>RSR' of a covariance S of coefficients of the reader's columns, in row order.</summary>
    public double[] FromCovariance(ReadOnlySpan<double> s)
    {
        var p = Parameters;
        var half = new double[p * p];
        for (var j = 0; j < p; j++) FromCoefficients(s.Slice(j * p, p)).CopyTo(half.AsSpan(j * p));
        var whole = new double[p * p];
        var column = new double[p];
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++) column[j] = half[j * p + i];
            FromCoefficients(column).CopyTo(whole.AsSpan(i * p));
        }
        return whole;
    }

    /// <summary>The orthonormal coordinates x'R⁻¹ of a row x, so that x'β is their product with γ.</summary>
    public double[] ToOrthonormal(ReadOnlySpan<double> row)
    {
        var p = Parameters;
        var q = row.ToArray();
        for (var j = 0; j < p; j++)
        {
            for (var m = 0; m < j; m++) q[j] -= q[m] * Triangle[m * p + j];
            q[j] /= Triangle[j * p + j];
        }
        return q;
    }

    /// <summary>The coefficients of a column regressed on these, without weights.</summary>
    public double[] Regress(ReadOnlySpan<double> column)
    {
        var gamma = new double[Parameters];
        for (var j = 0; j < Parameters; j++)
        {
            for (var i = 0; i < Count; i++) gamma[j] += Orthonormal[j * Count + i] * column[i];
        }
        ToCoefficients(gamma);
        return gamma;
    }

    /// <summary>True when the constant is among what the columns span, as with an intercept or one column a group.</summary>
    public bool SpansConstant()
    {
        double squares = 0;
        for (var j = 0; j < Parameters; j++)
        {
            double sum = 0;
            for (var i = 0; i < Count; i++) sum += Orthonormal[j * Count + i];
            squares += sum * sum;
        }
        return Math.Abs(squares / Count - 1) < 1e-10;
    }
}

/// <summary>Effects with their design; none stands for the constant alone, which has faster sums.</summary>
internal sealed record ModelData(StudyEffects Effects, DesignMatrix? Design)
{
    public int Count => Effects.Count;

    public int Parameters => Design?.Parameters ?? 1;

    /// <summary>Runs a computation on the sums that suit the model.</summary>
    public TResult Run<TOperation, TResult>(in TOperation operation) where TOperation : struct, IModelOperation<TResult>
    {
        var yi = Effects.Effects.AsSpan();
        var vi = Effects.Variances.AsSpan();
        if (Design is null)
        {
            var sums = new InterceptSums(yi, vi);
            return operation.Run(ref sums);
        }
        var design = new DesignSums(yi, vi, Design.Orthonormal, Design.Parameters,
            new double[DesignSums.ScratchLength(yi.Length, Design.Parameters)]);
        return operation.Run(ref design);
    }
}

/// <summary>A computation on the sums of any model.</summary>
internal interface IModelOperation<TResult>
{
    TResult Run<TModel>(ref TModel model) where TModel : struct, IModelSums, allows ref struct;
}
