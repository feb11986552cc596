using System.IO.Compression;

namespace EmpathyNotebooks.Host.Teaching;

/// <summary>Packs files so that the same files give the same bytes: without times, and uncompressed, since compressors differ from version to version.</summary>
internal static class DeterministicZip
{
    // The first day that the format knows.
    private static readonly DateTimeOffset Start = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The archive.</summary>
    /// <param name="files">Paths within it, with /, and contents.</param>
    public static byte[] Pack(IEnumerable<(string Path, byte[] Content)> files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                var entry = zip.CreateEntry(path, CompressionLevel.NoCompression);
                entry.LastWriteTime = Start;
                using var stream = entry.Open();
                stream.Write(content);
            }
        }
        return bytes.ToArray();
    }
}
