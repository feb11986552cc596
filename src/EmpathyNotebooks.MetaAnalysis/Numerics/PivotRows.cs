using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// p rows of a design that determine its coefficients, chosen for the weight they carry, and all other rows as combinations of them. Weights of
/// studies can be sixteen decades apart; X'WX then has no inverse in double precision. Seen from the heaviest independent rows it is a diagonal matrix plus
/// what the others add, which has.
/// </summary>
internal readonly ref struct PivotRows
{
    private readonly ReadOnlySpan<double> _columns;
    private readonly int _k;
    private readonly int _p;
    private readonly Span<double> _x;
    private readonly Span<double> _directions;
    private readonly Span<double> _triangle;
    private readonly Span<int> _rows;

    /// <param name="columns">The orthonormal columns, one after the other.</param>
    /// <param name="count">k.</param>
    /// <param name="parameters">p.</param>
    /// <param name="scratch">Room for kp + 2p² + p numbers.</param>
    public PivotRows(ReadOnlySpan<double> columns, int count, int parameters, Span<double> scratch)
    {
        _columns = columns;
        (_k, _p) = (count, parameters);
        _x = scratch[..(_k * _p)];
        _directions = scratch.Slice(_k * _p, _p * _p);
        _triangle = scratch.Slice(_k * _p + _p * _p, _p * _p);
        _rows = MemoryMarshal.Cast<double, int>(scratch.Slice(_k * _p + 2 * _p * _p, _p));
    }

    public static int ScratchLength(int count, int parameters) => count * parameters + 2 * parameters * parameters + parameters;

    /// <summary>Which rows they are.</summary>
    public ReadOnlySpan<int> Rows => _rows[.._p];

    /// <summary>All rows as combinations of these, one column after the other; these themselves are unit vectors.</summary>
    public ReadOnlySpan<double> Combinations => _x;

    /// <summary>Chooses the rows for some weights; false when rows with weight do not determine all coefficients.</summary>
    /// <param name="weights">One weight a row.</param>
    /// <param name="work">Room for k numbers.</param>
    public bool TryChoose(ReadOnlySpan<double> weights, Span<double> work)
    {
        _columns.CopyTo(_x);
        for (var step = 0; step < _p; step++)
        {
            // What is left of each row beside the ones chosen, weighted.
            work.Clear();
            for (var j = 0; j < _p; j++) TensorPrimitives.MultiplyAdd(Column(j), Column(j), work, work);
            TensorPrimitives.Multiply(work, weights, work);
            foreach (var chosen in _rows[..step]) work[chosen] = 0;
            var row = TensorPrimitives.IndexOfMax<double>(work);
            if (!(work[row] > 0) || !double.IsFinite(work[row])) return false;
            _rows[step] = row;
            var direction = _directions.Slice(step * _p, _p);
            for (var j = 0; j < _p; j++) direction[j] = _x[j * _k + row];
            TensorPrimitives.Divide(direction, TensorPrimitives.Norm<double>(direction), direction);
            work.Clear();
            for (var j = 0; j < _p; j++) TensorPrimitives.MultiplyAdd(Column(j), direction[j], work, work);
            for (var j = 0; j < _p; j++) TensorPrimitives.MultiplyAdd(work, -direction[j], Column(j), Column(j));
        }

        // In the coordinates of the directions the chosen rows are a triangle.
        _x.Clear();
        for (var s = 0; s < _p; s++)
        {
            for (var j = 0; j < _p; j++) TensorPrimitives.MultiplyAdd(_columns.Slice(j * _k, _k), _directions[s * _p + j], Column(s), Column(s));
        }
        for (var t = 0; t < _p; t++)
        {
            for (var s = 0; s < _p; s++) _triangle[t * _p + s] = s <= t ? _x[s * _k + _rows[t]] : 0;
        }
        for (var s = _p - 1; s >= 0; s--)
        {
            for (var t = s + 1; t < _p; t++) TensorPrimitives.MultiplyAdd(Column(t), -_triangle[t * _p + s], Column(s), Column(s));
            TensorPrimitives.Divide(Column(s), _triangle[s * _p + s], Column(s));
        }
        for (var t = 0; t < _p; t++)
        {
            for (var s = 0; s < _p; s++) _x[s * _k + _rows[t]] = s == t ? 1 : 0;
        }
        return true;
    }

    /// <summary>The coefficients of the orthonormal columns that give these values in the chosen rows; what went in is lost.</summary>
    public void ToCoefficients(Span<double> values, Span<double> coefficients)
    {
        SmallMatrix.SolveLower(_triangle, values);
        coefficients.Clear();
        for (var s = 0; s < _p; s++) TensorPrimitives.MultiplyAdd(_directions.Slice(s * _p, _p), values[s], coefficients, coefficients);
    }

    /// <summary>ln of the squared determinant of the chosen rows.</summary>
    public double LogSquaredDeterminant()
    {
        double sum = 0;
        for (var s = 0; s < _p; s++) sum += Math.Log(Math.Abs(_triangle[s * _p + s]));
        return 2 * sum;
    }

    private Span<double> Column(int j) => _x.Slice(j * _k, _k);
}
