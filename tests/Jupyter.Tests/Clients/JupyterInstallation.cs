using EmpathyNotebooks.Tests;

[assembly: AssemblyFixture(typeof(EmpathyNotebooks.Jupyter.Tests.Clients.JupyterInstallation))]

namespace EmpathyNotebooks.Jupyter.Tests.Clients;

/// <summary>The Jupyter of this machine, if it has one, with our kernel installed in a folder of its own.</summary>
public sealed class JupyterInstallation : IAsyncLifetime
{
    private const string Missing = "There is no Jupyter; on Debian: apt-get install python3-jupyter-kernel-test jupyter-nbconvert python3-notebook.";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("empathy-jupyter-");
    private string? _python;

    /// <summary>Where a test may write.</summary>
    public string Folder => _folder.FullName;

    /// <summary>What a client has to see.</summary>
    public Dictionary<string, string> Environment => new()
    {
        ["JUPYTER_DATA_DIR"] = Path.Combine(Folder, "data"), ["JUPYTER_CONFIG_DIR"] = Path.Combine(Folder, "config"),
        ["JUPYTER_RUNTIME_DIR"] = Path.Combine(Folder, "runtime"), ["PYTHONWARNINGS"] = "ignore", ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1",
    };

    public async ValueTask InitializeAsync()
    {
        // The system's own Python has Debian's packages, whichever comes first on the path.
        foreach (var python in new[] { "/usr/bin/python3", "python3", "python" })
        {
            try
            {
                var (code, _) = await Program.RunAsync(python, ["-c", "import jupyter_kernel_test, nbconvert, notebook"]);
                if (code != 0) continue;
                _python = python;
                break;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // There is no such program.
            }
        }

        if (_python is null) return;
        var (installed, output) = await Program.EmpathyAsync(["kernel", "install", "--name", ".net-csharp"], Environment);
        Assert.True(installed == 0, output);
    }

    /// <summary>The Python that has Jupyter. Skips the test where there is none; on the build machine that is a failure.</summary>
    public string Python()
    {
        if (_python is not null) return _python;
        Assert.False(Repository.IsContinuousIntegration, Missing);
        Assert.Skip(Missing);
        return "";
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
