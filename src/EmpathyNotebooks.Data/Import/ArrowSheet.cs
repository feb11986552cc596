using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>An Arrow file (Feather, version 2) or stream of plain columns; dictionaries, as R writes its factors, are read as their texts.</summary>
internal static class ArrowSheet
{
    public static ImportedSheet Read(byte[] bytes, string file, bool isStream)
    {
        try
        {
            var codecs = new CompressionCodecFactory();
            using var stream = new MemoryStream(bytes);
            using var reader = isStream ? new ArrowStreamReader(stream, codecs) : new ArrowFileReader(stream, codecs);
            List<string> names = [];
            List<List<object?>> columns = [];
            while (reader.ReadNextRecordBatch() is { } batch)
            {
                using (batch)
                {
                    for (var j = 0; j < batch.ColumnCount; j++)
                    {
                        if (columns.Count == j)
                        {
                            names.Add(batch.Schema.FieldsList[j].Name);
                            columns.Add([]);
                        }
                        for (var i = 0; i < batch.Length; i++) columns[j].Add(Value(batch.Column(j), i, names[j], file));
                    }
                }
            }
            return ImportedSheet.OfColumns("an Arrow file", names, columns);
        }
        catch (Exception fault) when (fault is not (StudyDataException or OutOfMemoryException))
        {
            // What a library stumbles over in a damaged file is of no fixed kind, and the answer the same.
            throw new StudyDataException("is no Arrow file that can be read; it is damaged, or uses what the reader does not know", file: file, kind: StudyDataFault.Form);
        }
    }

    private static object? Value(IArrowArray array, int i, string column, string file) => array switch
    {
        NullArray => null,
        _ when array.IsNull(i) => null,
        DoubleArray values => values.GetValue(i),
        FloatArray values => values.GetValue(i),
        Int32Array values => values.GetValue(i),
        Int64Array values => values.GetValue(i),
        Int16Array values => values.GetValue(i),
        Int8Array values => values.GetValue(i),
        UInt8Array values => values.GetValue(i),
        UInt16Array values => values.GetValue(i),
        UInt32Array values => values.GetValue(i),
        UInt64Array values => values.GetValue(i),
        Decimal128Array values => values.GetString(i),
        BooleanArray values => values.GetValue(i),
        StringArray values => values.GetString(i),
        LargeStringArray values => values.GetString(i),
        StringViewArray values => values.GetString(i),
        Date32Array values => values.GetDateTime(i),
        Date64Array values => values.GetDateTime(i),
        TimestampArray values => values.GetTimestamp(i),
        DictionaryArray values => Value(values.Dictionary, Convert.ToInt32(Value(values.Indices, i, column, file), CultureInfo.InvariantCulture), column, file),
        _ => throw new StudyDataException($"holds values of the type {array.Data.DataType.Name}, where a table has numbers and texts", column: column, file: file, kind: StudyDataFault.Form),
    };
}
