using System.Globalization;
using CsvHelper;
using EmpathyNotebooks.MetaAnalysis;
using Parquet;
using Parquet.Schema;

namespace EmpathyNotebooks.Cli.Simulate;

/// <summary>How each method did in each cell, as a table of one row each: CSV and Parquet with the same columns. Numbers are written with all digits, and what is not defined is empty.</summary>
internal sealed class ResultTable(IReadOnlyList<SimulationPerformance> rows)
{
    private static readonly (string Name, Func<SimulationPerformance, MonteCarloEstimate?> Of)[] Measures =
    [
        ("coverage", r => r.Coverage), ("width", r => r.Width), ("bias", r => r.Bias), ("empirical_se", r => r.EmpiricalStandardError), ("mse", r => r.MeanSquaredError), ("rejection", r => r.Rejection),
        ("no_estimate", r => r.NoEstimate), ("endless", r => r.Endless),
    ];

    private static readonly Column[] Columns =
    [
        new("cell", r => r.Cell.Index + 1), new("k", r => r.Cell.Studies), new("tau2", r => r.Cell.TauSquared), new("mean", r => r.Cell.Mean), new("size", r => r.Cell.Sizes.ToString()),
        new("selection_p", r => r.Cell.Selection?.P), new("selection_weight", r => r.Cell.Selection?.Weight),
        new("effects", r => r.Cell.Effects is { } e ? string.Join(", ", e.Counts) : "1"), new("rho", r => r.Cell.Effects?.Correlation),
        new("target", r => MethodNames.Of(r.Method.Target)), new("estimator", r => r.Method.Estimator is { } e ? MethodNames.Of(e) : r.Method.Model is { } m ? MethodNames.Of(m) : null), new("interval", r => r.Method.Interval), new("replicates", r => (int)r.Replicates),
        .. Measures.SelectMany(m => (Column[])[new(m.Name, r => m.Of(r)?.Value), new(m.Name + "_mcse", r => m.Of(r)?.StandardError)]),
    ];

    /// <summary>The names of measures that a table can show.</summary>
    public static IReadOnlyList<string> MeasureNames { get; } = [.. Measures.Select(m => m.Name)];

    /// <summary>One measure of a row.</summary>
    public static MonteCarloEstimate? Of(SimulationPerformance row, string measure) => Measures.First(m => m.Name == measure).Of(row);

    public byte[] ToCsv()
    {
        using var stream = new MemoryStream();
        using (var writer = new StreamWriter(stream, new System.Text.UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" })
        using (var csv = CsvWriter.Create(writer, CsvWriterOptions.Default with { NewLine = "\n" }, leaveOpen: true))
        {
            foreach (var column in Columns) csv.WriteField(column.Name);
            csv.EndRecord();
            foreach (var row in rows)
            {
                foreach (var column in Columns) csv.WriteField(column.Of(row) is { } value ? System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? "" : "");
                csv.EndRecord();
            }
            csv.Flush();
        }
        return stream.ToArray();
    }

    public byte[] ToParquet() => ToParquetAsync().GetAwaiter().GetResult();

    private async Task<byte[]> ToParquetAsync()
    {
        using var stream = new MemoryStream();
        DataField[] fields = [.. Columns.Select(c => c.Field)];
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream).ConfigureAwait(false))
        {
            using var group = writer.CreateRowGroup();
            for (var j = 0; j < fields.Length; j++)
            {
                var column = Columns[j];
                switch (fields[j])
                {
                    case DataField<string>:
                        await group.WriteAsync(fields[j], rows.Select(r => (string?)column.Of(r)).ToArray()!).ConfigureAwait(false);
                        break;
                    case DataField<int>:
                        await group.WriteAsync<int>(fields[j], rows.Select(r => (int)column.Of(r)!).ToArray()).ConfigureAwait(false);
                        break;
                    default:
                        await group.WriteAsync<double>(fields[j], rows.Select(r => (double?)column.Of(r)).ToArray()).ConfigureAwait(false);
                        break;
                }
            }
            group.CompleteValidate();
        }
        return stream.ToArray();
    }

    /// <summary>A column of whole numbers, of numbers that may be missing, or of texts.</summary>
    private sealed class Column
    {
        public Column(string name, Func<SimulationPerformance, int> of) => (Name, Of, Field) = (name, r => of(r), new DataField<int>(name));

        public Column(string name, Func<SimulationPerformance, double?> of) => (Name, Of, Field) = (name, r => of(r), new DataField<double?>(name));

        public Column(string name, Func<SimulationPerformance, string?> of) => (Name, Of, Field) = (name, r => of(r), new DataField<string>(name));

        public string Name { get; }

        public Func<SimulationPerformance, object?> Of { get; }

        public DataField Field { get; }
    }
}
