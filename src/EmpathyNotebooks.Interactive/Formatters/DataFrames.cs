using System.Collections;
using System.Reflection;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks;

/// <summary>
/// The data frame of Microsoft.Data.Analysis, which a notebook may bring and nothing here refers to: it is read by the names of its members, as soon
/// as its assembly is loaded.
/// </summary>
internal static class DataFrames
{
    private const string AssemblyName = "Microsoft.Data.Analysis";
    private const int MostRows = 20;
    private const int MostColumns = 16;

    /// <summary>Calls back with the type of data frames: at once where it is loaded, and else when it is.</summary>
    public static void WhenLoaded(Action<Type> register)
    {
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies()) Offer(assembly);
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Offer(loaded.LoadedAssembly);

        void Offer(Assembly assembly)
        {
            if (!assembly.IsDynamic && assembly.GetName().Name == AssemblyName && assembly.GetType(AssemblyName + ".DataFrame") is { } type) register(type);
        }
    }

    public static Table Table(object frame)
    {
        var columns = ((IEnumerable)Get(frame, "Columns")!).Cast<IEnumerable>().ToList();
        var rows = columns.Count == 0 ? 0 : (long)Get(columns[0], "Length")!;
        var kept = columns.Take(MostColumns).ToList();
        var table = new Table($"DataFrame, {StatisticText.Count((int)rows, "row")} × {StatisticText.Count(columns.Count, "column")}",
            [("", Align.Left), .. kept.Select(column => ((string)Get(column, "Name")!, IsNumeric((Type)Get(column, "DataType")!) ? Align.Right : Align.Left))]);
        var cells = kept.Select(column => column.Cast<object?>().Take(MostRows).ToList()).ToList();
        for (var i = 0; i < Math.Min(rows, MostRows); i++)
        {
            table.Row([StatisticText.Count(i), .. cells.Select(column => ArrayTables.Text(column[i]))]);
        }
        if (rows > MostRows) table.Note($"... and {StatisticText.Count((int)rows - MostRows)} more rows.");
        if (columns.Count > MostColumns) table.Note($"... and {StatisticText.Count(columns.Count - MostColumns)} more columns.");
        return table;
    }

    private static object? Get(object value, string property) => value.GetType().GetProperty(property, BindingFlags.Public | BindingFlags.Instance)!.GetValue(value);

    private static bool IsNumeric(Type type) => (type.IsPrimitive && type != typeof(bool) && type != typeof(char)) || type == typeof(decimal);
}
