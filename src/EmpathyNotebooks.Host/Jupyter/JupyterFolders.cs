namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>Where Jupyter looks for kernels, on Linux, macOS and Windows.</summary>
public static class JupyterFolders
{
    /// <summary>The folder of this user's kernels; `JUPYTER_DATA_DIR` is honoured.</summary>
    public static string User => Path.Combine(UserData(), "kernels");

    /// <summary>The file of this user that keeps what cells were run; `JUPYTER_DATA_DIR` is honoured.</summary>
    public static string History => Path.Combine(UserData(), "empathy-notebooks", "history.json");

    /// <summary>The folder of kernels under a prefix, such as that of a Python environment.</summary>
    /// <param name="prefix">The prefix.</param>
    public static string Under(string prefix) => Path.Combine(Path.GetFullPath(prefix), "share", "jupyter", "kernels");

    /// <summary>Every folder of kernels that Jupyter looks into besides that of the user, as far as it can be known without Jupyter.</summary>
    public static IReadOnlyList<string> Shared()
    {
        var data = (Environment.GetEnvironmentVariable("JUPYTER_PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).ToList();
        if (OperatingSystem.IsWindows())
        {
            data.Add(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "jupyter"));
        }
        else
        {
            data.AddRange(["/usr/local/share/jupyter", "/usr/share/jupyter"]);
        }

        foreach (var environment in new[] { "VIRTUAL_ENV", "CONDA_PREFIX" })
        {
            if (Environment.GetEnvironmentVariable(environment) is { Length: > 0 } prefix) data.Add(Path.Combine(prefix, "share", "jupyter"));
        }

        return [.. data.Select(folder => Path.Combine(folder, "kernels"))];
    }

    private static string UserData()
    {
        if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } given) return Path.GetFullPath(given);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsWindows()) return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
        if (OperatingSystem.IsMacOS()) return Path.Combine(home, "Library", "Jupyter");
        return Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data
            ? Path.Combine(data, "jupyter")
            : Path.Combine(home, ".local", "share", "jupyter");
    }
}
