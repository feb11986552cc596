using System.Text.Json.Nodes;

namespace EmpathyNotebooks.Jupyter.Tests;

/// <summary><c>empathy kernel</c> as a user calls it.</summary>
public sealed class KernelCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("empathy-install-");

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> Empathy(int exitCode, params string[] arguments)
    {
        var (code, output) = await Program.EmpathyAsync(["kernel", .. arguments], new Dictionary<string, string> { ["JUPYTER_DATA_DIR"] = _folder.FullName });
        Assert.True(code == exitCode, output);
        return output;
    }

    [Fact]
    public async Task It_installs_lists_and_uninstalls_in_the_folder_of_this_user()
    {
        Assert.StartsWith("None in ", await Empathy(0, "list"));
        Assert.Equal($"Installed my-csharp (\"My C#\") in {_folder.FullName}/kernels/my-csharp\n",
            (await Empathy(0, "install", "--name", "my-csharp", "--display-name", "My C#")).ReplaceLineEndings("\n").Replace('\\', '/'));
        Assert.Contains("my-csharp  0.1.0  ", await Empathy(0, "list"));
        Assert.Contains("has no kernel \"other\"", await Empathy(2, "uninstall", "--name", "other"));
        Assert.StartsWith("Removed my-csharp", await Empathy(0, "uninstall"));
        Assert.False(Directory.Exists(Path.Combine(_folder.FullName, "kernels", "my-csharp")));
        Assert.StartsWith("There was nothing to remove.", await Empathy(0, "uninstall"));
    }

    [Fact]
    public async Task A_file_where_a_folder_is_to_be_is_named()
    {
        var file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "");
        var prefix = Path.Combine(file, "prefix");
        Assert.Contains($"--prefix {prefix}: {file} is a file; name another folder.", await Empathy(2, "install", "--prefix", prefix));
    }

    [Fact]
    public async Task Under_a_prefix_it_is_where_Jupyter_looks_and_runs_from_its_own_copy_alone()
    {
        await Empathy(0, "install", "--prefix", _folder.FullName);
        var folder = Path.Combine(_folder.FullName, "share", "jupyter", "kernels", ".net-csharp");
        var arguments = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!["argv"]!.AsArray().Select(argument => (string)argument!).ToList();

        // Nothing of it lies where it was built.
        Assert.StartsWith(folder, arguments[1]);
        Assert.DoesNotContain("run", arguments);
        var (code, output) = await Program.RunAsync(arguments[0], [.. arguments[1..^1], Path.Combine(folder, "none.json")], folder: _folder.FullName);
        Assert.Equal(2, code);
        Assert.Contains("none.json cannot be used", output);
    }
}
