namespace EmpathyNotebooks.Host.Site;

/// <summary>A Markdown file that is no notebook: its faults are told by line, and what it shows and leads to lies in folders.</summary>
/// <param name="Name">Its name as authors know it, seen from the folder of the notebooks, such as <c>teaching/README.md</c>.</param>
/// <param name="Folder">The folder it lies in; null where that is not known, so that files cannot be looked for.</param>
/// <param name="FirstLines">The lines at which its parts begin, from 1.</param>
internal sealed record ProseSource(string Name, string? Folder, params IReadOnlyList<int> FirstLines)
{
    private static readonly Dictionary<string, string> Pictures = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".gif"] = "image/gif", [".svg"] = "image/svg+xml", [".webp"] = "image/webp",
    };

    /// <summary>Whether a file or folder of this name is there, as far as can be known.</summary>
    public bool Has(string path) => Folder is null || (!System.IO.Path.IsPathRooted(path) && (File.Exists(Place(path)) || Directory.Exists(Place(path))));

    /// <summary>A picture as an address that holds it, since a page has no file beside it.</summary>
    /// <param name="address">Its path, seen from this file, or an address that holds it already.</param>
    /// <param name="fault">What is wrong where there is no such picture.</param>
    public string? Picture(string address, out string fault)
    {
        fault = "";
        if (address.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return address;
        var path = Uri.UnescapeDataString(address);
        if (address.Contains("://", StringComparison.Ordinal) || address.StartsWith("//", StringComparison.Ordinal)) fault = $"the picture \"{address}\" would be loaded from elsewhere, and a page has to stand alone. Put it beside the file.";
        else if (!Pictures.TryGetValue(System.IO.Path.GetExtension(path), out var type)) fault = $"\"{address}\" is no picture that a page shows; it shows {string.Join(", ", Pictures.Keys.Select(ending => ending[1..]))}.";
        else if (Folder is null) fault = $"the picture \"{address}\" would be another file, and a page has to stand alone. Use a data: address.";
        else if (System.IO.Path.IsPathRooted(path) || !File.Exists(Place(path))) fault = $"there is no picture \"{address}\", seen from the folder of {Name}.";
        else return $"data:{type};base64,{Convert.ToBase64String(File.ReadAllBytes(Place(path)))}";
        return null;
    }

    private string Place(string path) => System.IO.Path.Combine(Folder!, path);
}
