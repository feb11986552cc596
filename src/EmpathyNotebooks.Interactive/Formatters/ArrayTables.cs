using System.Globalization;
using System.Reflection;
using Deedle;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Reporting;
using MathNet.Numerics.LinearAlgebra;

namespace EmpathyNotebooks;

/// <summary>Tables of frames, series, matrices and vectors. Long ones are cut in the middle, and the table says so.</summary>
internal static class ArrayTables
{
    private const int MostRows = 20;
    private const int MostColumns = 16;

    public static Table Frame(IFrame frame) => frame.Apply(new FrameTable());

    /// <summary>A series of any key and value type, which only its run-time type tells.</summary>
    public static Table Series(object series)
    {
        var keyed = series.GetType().GetInterfaces().Single(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ISeries<>));
        return (Table)typeof(ArrayTables).GetMethod(nameof(SeriesOf), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(keyed.GetGenericArguments()).Invoke(null, [series])!;
    }

    private static Table SeriesOf<TKey>(ISeries<TKey> series)
        where TKey : notnull
    {
        var keys = series.Index.Keys;
        var table = new Table($"Series of {StatisticText.Count(keys.Count, "value")}", ("", Align.Left), ("value", Align.Right));
        foreach (var i in Shown(keys.Count, MostRows))
        {
            if (i < 0) table.Row("⋮", "⋮");
            else table.Row(Text(keys[i]), Text(series.TryGetObject(keys[i])));
        }
        return table;
    }

    public static Table Matrix(Matrix<double> matrix) => Numbers(
        string.Create(CultureInfo.InvariantCulture, $"Matrix, {matrix.RowCount} × {matrix.ColumnCount}"), matrix.RowCount, matrix.ColumnCount, (i, j) => matrix[i, j]);

    public static Table Vector(Vector<double> vector) => Numbers(
        string.Create(CultureInfo.InvariantCulture, $"Vector of {vector.Count}"), vector.Count, 1, (i, _) => vector[i]);

    private static Table Numbers(string title, int rows, int columns, Func<int, int, double> value)
    {
        var shown = Shown(columns, MostColumns);
        var table = new Table(title, [("", Align.Left), .. shown.Select(j => (j < 0 ? "…" : Text(j + 1), Align.Right))]);
        foreach (var i in Shown(rows, MostRows))
        {
            table.Row([i < 0 ? "⋮" : Text(i + 1), .. shown.Select(j => i < 0 ? "⋮" : j < 0 ? "…" : Text(value(i, j)))]);
        }
        return table;
    }

    /// <summary>The places to show, with -1 where some are left out.</summary>
    private static int[] Shown(int count, int most) => count <= most
        ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, most / 2), -1, .. Enumerable.Range(count - most / 2, most / 2)];

    internal static string Text(object? value) => value switch
    {
        null => "",
        double number => double.IsNaN(number) ? "" : number.ToString("G6", CultureInfo.InvariantCulture).Replace('-', '−'),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Text(OptionalValue<object> value) => value.HasValue ? Text(value.Value) : "";

    private sealed class FrameTable : IFrameOperation<Table>
    {
        public Table Invoke<TRow, TColumn>(Frame<TRow, TColumn> frame)
            where TRow : notnull
            where TColumn : notnull
        {
            var rowKeys = frame.RowKeys.ToList();
            var columnKeys = frame.ColumnKeys.ToList();
            var columns = Shown(columnKeys.Count, MostColumns);
            var cells = frame.GetFrameData();
            var values = cells.Columns.Select(c => c.Item2).ToList();
            var table = new Table(
                $"Frame, {StatisticText.Count(rowKeys.Count, "row")} × {StatisticText.Count(columnKeys.Count, "column")}",
                [("", Align.Left), .. columns.Select(j => (j < 0 ? "…" : Text(columnKeys[j]), j >= 0 && IsNumeric(cells.Columns.ElementAt(j).Item1) ? Align.Right : Align.Left))]);
            foreach (var i in Shown(rowKeys.Count, MostRows))
            {
                table.Row([i < 0 ? "⋮" : Text(rowKeys[i]),
                    .. columns.Select(j => i < 0 ? "⋮" : j < 0 ? "…" : Text(values[j].GetObject(i)))]);
            }
            return table;
        }

        private static bool IsNumeric(Type type) => type.IsPrimitive && type != typeof(bool) || type == typeof(decimal);
    }
}
