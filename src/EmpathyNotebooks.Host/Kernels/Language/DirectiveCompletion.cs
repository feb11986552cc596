using EmpathyNotebooks.Host.Kernels.Directives;

namespace EmpathyNotebooks.Host.Kernels.Language;

/// <summary>
/// What could stand in a line that begins with `#`: directives and, in quotation marks, packages that NuGet has on this machine with their versions.
/// Never names of C#.
/// </summary>
internal static class DirectiveCompletion
{
    private const int Most = 100;

    /// <summary>Where NuGet keeps the packages of this user, a folder for each with one for each version.</summary>
    private static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The answer, possibly without items; null where the line is C#.</summary>
    /// <param name="code">The code.</param>
    /// <param name="position">The place in it.</param>
    public static CompletionAnswer? Find(string code, int position)
    {
        var start = position == 0 ? 0 : code.LastIndexOf('\n', position - 1) + 1;
        var line = code[start..position];
        var typed = line.TrimStart();
        // A line of a longer string or comment may begin like this, too; nothing is offered there.
        if (!typed.StartsWith('#')) return null;
        if (!typed.AsSpan().ContainsAny(' ', '"'))
        {
            var names = CellDirectives.Known.Select(directive => directive.Name).Concat(CellParts.Selectors);
            return Answer(typed, position, names.Where(name => name.StartsWith(typed, StringComparison.Ordinal)), "keyword");
        }

        var quoted = typed.Split('"') is ["#r" or "#r ", var text] ? text : null;
        if (quoted is null || !quoted.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase)) return new CompletionAnswer(position, position, []);
        var asked = quoted["nuget:".Length..];
        return asked.Split(',') switch
        {
            [var name] => Answer(name.TrimStart(), position, Folders(Packages, name.Trim()), "module"),
            [var name, var version] => Answer(version.TrimStart(), position, Folders(Path.Combine(Packages, name.Trim().ToLowerInvariant()), version.Trim()), "value"),
            _ => new CompletionAnswer(position, position, []),
        };
    }

    private static CompletionAnswer Answer(string typed, int position, IEnumerable<string> items, string kind) =>
        new(position - typed.Length, position, [.. items.Order(StringComparer.Ordinal).Take(Most).Select(item => (item, kind))]);

    private static List<string> Folders(string folder, string start)
    {
        try
        {
            return Directory.Exists(folder)
                ? [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)!).Where(name => name.StartsWith(start, StringComparison.OrdinalIgnoreCase))]
                : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A folder that cannot be listed offers nothing.
            return [];
        }
    }
}
