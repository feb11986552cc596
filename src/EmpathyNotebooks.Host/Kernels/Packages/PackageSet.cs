namespace EmpathyNotebooks.Host.Kernels.Packages;

/// <summary>The packages of one kernel: resolved together, so that what they share is one version.</summary>
internal sealed class PackageSet
{
    private readonly List<PackageReference> _wanted = [];
    private readonly List<string> _sources = [];
    private readonly Dictionary<string, string> _there = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Fetches from a further feed, too.</summary>
    public void AddSource(string source)
    {
        if (!_sources.Contains(source, StringComparer.Ordinal)) _sources.Add(source);
    }

    /// <summary>Fetches a package and what it needs.</summary>
    /// <param name="package">The package.</param>
    /// <param name="folder">The folder of the notebook: NuGet settings are looked for in it and above.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The packages that were not there before.</returns>
    /// <exception cref="CellDirectiveException">NuGet cannot fetch it; the message says what it said.</exception>
    public async Task<IReadOnlyList<RestoredPackage>> AddAsync(PackageReference package, string folder, CancellationToken stop)
    {
        if (_wanted.FirstOrDefault(other => other.Name.Equals(package.Name, StringComparison.OrdinalIgnoreCase)) is { } known)
        {
            return known.Version == package.Version || package.Version == "*"
                ? []
                : throw new CellDirectiveException($"#r \"nuget: {package.Name}, {package.Version}\": this kernel already uses {known}. "
                    + "Restart the kernel to use another version.");
        }

        var all = await PackageRestore.RunAsync([.. _wanted, package], _sources, folder, stop).ConfigureAwait(false);
        _wanted.Add(package);
        var added = all.Where(restored => !_there.ContainsKey(restored.Name)).ToList();
        foreach (var restored in added) _there.Add(restored.Name, restored.Version);
        return added;
    }
}
