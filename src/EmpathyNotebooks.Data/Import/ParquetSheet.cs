using System.Text;
using EmpathyNotebooks.MetaAnalysis;
using Parquet;
using Parquet.Schema;

namespace EmpathyNotebooks.Data;

/// <summary>A Parquet file of plain columns.</summary>
internal static class ParquetSheet
{
    public static ImportedSheet Read(byte[] bytes, string file)
    {
        try
        {
            return ReadAsync(bytes, file).GetAwaiter().GetResult();
        }
        catch (Exception fault) when (fault is not (StudyDataException or OutOfMemoryException))
        {
            // What a library stumbles over in a damaged file is of no fixed kind, and the answer the same.
            throw new StudyDataException("is no Parquet file that can be read; it is damaged, or uses what the reader does not know", file: file, kind: StudyDataFault.Form);
        }
    }

    private static async Task<ImportedSheet> ReadAsync(byte[] bytes, string file)
    {
        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(bytes)).ConfigureAwait(false);
        DataField[] fields = reader.Schema.GetDataFields();
        if (Array.Find(fields, field => field.IsArray || field.MaxRepetitionLevel > 0 || field.Path.Length > 1) is { } nested)
        {
            throw new StudyDataException("holds lists or records, where a table has one value a cell", column: nested.Path.ToString(), file: file, kind: StudyDataFault.Form);
        }
        var columns = Array.ConvertAll(fields, _ => new List<object?>());
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            using var rows = reader.OpenRowGroupReader(group);
            for (var j = 0; j < fields.Length; j++) columns[j].AddRange(await ColumnAsync(rows, fields[j], file).ConfigureAwait(false));
        }
        return ImportedSheet.OfColumns("a Parquet file", Array.ConvertAll(fields, field => field.Name), columns);
    }

    private static async Task<IEnumerable<object?>> ColumnAsync(ParquetRowGroupReader rows, DataField field, string file)
    {
        if (field.ClrType == typeof(ReadOnlyMemory<byte>) || field.ClrType == typeof(byte[]))
        {
            // Older writers keep texts as bytes and do not say that they are texts.
            var bytes = new byte[]?[rows.RowCount];
            await rows.ReadAsync(field, bytes.AsMemory()).ConfigureAwait(false);
            return bytes.Select(value => value is null ? null : TextOf(value, field.Name, file));
        }
        if (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            var texts = new string?[rows.RowCount];
            await rows.ReadAsync(field, texts.AsMemory()).ConfigureAwait(false);
            return texts;
        }
        return field.ClrType switch
        {
            var t when t == typeof(double) => await OfAsync<double>().ConfigureAwait(false),
            var t when t == typeof(float) => await OfAsync<float>().ConfigureAwait(false),
            var t when t == typeof(int) => await OfAsync<int>().ConfigureAwait(false),
            var t when t == typeof(long) => await OfAsync<long>().ConfigureAwait(false),
            var t when t == typeof(short) => await OfAsync<short>().ConfigureAwait(false),
            var t when t == typeof(sbyte) => await OfAsync<sbyte>().ConfigureAwait(false),
            var t when t == typeof(byte) => await OfAsync<byte>().ConfigureAwait(false),
            var t when t == typeof(ushort) => await OfAsync<ushort>().ConfigureAwait(false),
            var t when t == typeof(uint) => await OfAsync<uint>().ConfigureAwait(false),
            var t when t == typeof(ulong) => await OfAsync<ulong>().ConfigureAwait(false),
            var t when t == typeof(decimal) => await OfAsync<decimal>().ConfigureAwait(false),
            var t when t == typeof(bool) => await OfAsync<bool>().ConfigureAwait(false),
            var t when t == typeof(DateTime) => await OfAsync<DateTime>().ConfigureAwait(false),
            _ => throw new StudyDataException($"holds values of the type {field.ClrType.Name}, where a table has numbers and texts", column: field.Name, file: file, kind: StudyDataFault.Form),
        };

        static string TextOf(byte[] value, string column, string file)
        {
            try
            {
                return new UTF8Encoding(false, true).GetString(value);
            }
            catch (DecoderFallbackException)
            {
                throw new StudyDataException("holds bytes that are no text in UTF-8, where a table has numbers and texts", column: column, file: file, kind: StudyDataFault.Form);
            }
        }

        async Task<IEnumerable<object?>> OfAsync<T>()
            where T : struct
        {
            if (field.IsNullable)
            {
                var optional = new T?[rows.RowCount];
                await rows.ReadAsync(field, optional.AsMemory()).ConfigureAwait(false);
                return optional.Cast<object?>();
            }
            var values = new T[rows.RowCount];
            await rows.ReadAsync(field, values.AsMemory()).ConfigureAwait(false);
            return values.Cast<object?>();
        }
    }
}
