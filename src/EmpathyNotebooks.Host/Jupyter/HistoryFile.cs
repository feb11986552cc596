using System.Text;
using System.Text.Json;
using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>One cell that was run.</summary>
/// <param name="Session">The number of its session, from 1.</param>
/// <param name="Line">Its execution count.</param>
/// <param name="Input">Its code.</param>
/// <param name="Output">Its value as text; null when it had none.</param>
internal sealed record HistoryEntry(int Session, int Line, string Input, string? Output);

/// <summary>
/// Cells of all sessions in one file of this user: the last thousand, a mebibyte at most. It is for this user alone, and always whole; kernels that
/// write at once follow one another. What cannot be read is taken for empty, and what cannot be written is said once: no cell fails over it.
/// </summary>
/// <param name="path">The file; its folder is made when missing.</param>
/// <param name="log">Takes what is wrong.</param>
internal sealed class HistoryFile(string path, TextWriter log)
{
    private const int MostEntries = 1_000;
    private const int MostCharacters = 1 << 20;
    private const int MostOfOne = 100_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private bool _hasFailed;

    /// <summary>The cells that the file holds, in their order.</summary>
    public IReadOnlyList<HistoryEntry> Read()
    {
        try
        {
            return JsonSerializer.Deserialize<List<HistoryEntry>>(File.ReadAllBytes(path))?
                .Where(entry => entry is { Input: not null }).ToList() ?? [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            // Missing, not ours, or of another form: as if nothing had been kept.
            return [];
        }
    }

    /// <summary>Adds cells to what the file holds now.</summary>
    /// <param name="added">The cells.</param>
    /// <param name="session">The number of their session; the next that is free when it is 0.</param>
    /// <returns>False when they cannot be kept.</returns>
    public bool Add(IReadOnlyList<HistoryEntry> added, ref int session)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var _ = Lock();
            var all = Read().ToList();
            if (session == 0) session = 1 + all.Select(entry => entry.Session).DefaultIfEmpty(0).Max();
            foreach (var entry in added.Where(entry => entry.Input.Length <= MostOfOne))
            {
                all.Add(entry with { Session = session, Output = entry.Output?.Length > MostOfOne ? null : entry.Output });
            }

            var (first, room) = (all.Count, MostCharacters);
            while (first > 0 && all.Count - first < MostEntries && (room -= all[first - 1].Input.Length + (all[first - 1].Output?.Length ?? 0)) >= 0) first--;
            WholeFile.Write(path, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(all[first..])), isPrivate: true);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (!_hasFailed) log.WriteLine($"The history is not kept: {fault.Message}");
            _hasFailed = true;
            return false;
        }
    }

    private FileStream Lock()
    {
        for (var start = Environment.TickCount64; ; Thread.Sleep(20))
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 - start < Patience.TotalMilliseconds)
            {
                // Another kernel writes.
            }
        }
    }
}
