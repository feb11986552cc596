namespace EmpathyNotebooks.Plotting.Files;

/// <summary>Drafts that lay in folders before anything was written there, left by programs that were killed. A folder is read once, however many files go into it.</summary>
internal sealed class EarlierDrafts
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, string[]> _found = new(StringComparer.Ordinal);

    /// <summary>Removes those of one file that nobody writes any more.</summary>
    /// <param name="folder">The folder of the file.</param>
    /// <param name="prefix">What the names of its drafts begin with; a unique number and <see cref="FileDraft.Ending"/> follow.</param>
    public void Remove(string folder, string prefix)
    {
        if (!_found.TryGetValue(folder, out var drafts)) _found.Add(folder, drafts = Directory.GetFiles(folder, "*" + FileDraft.Ending));
        foreach (var file in drafts)
        {
            var name = Path.GetFileName(file);
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || !Guid.TryParseExact(name[prefix.Length..^FileDraft.Ending.Length], "N", out _)) continue;
            try
            {
                if (DateTime.UtcNow - File.GetLastWriteTimeUtc(file) < Abandoned) continue;
                // Whoever still writes it holds it.
                using (new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None)) { }
                File.Delete(file);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // In use, or another user's: it stays. Or gone already.
            }
        }
    }
}
