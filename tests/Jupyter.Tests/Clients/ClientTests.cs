using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Jupyter.Tests.Clients;

/// <summary>The kernel as Jupyter's own programs meet it.</summary>
public sealed class ClientTests(JupyterInstallation jupyter, ConvertedLessons lessons) : IClassFixture<ConvertedLessons>
{
    public static TheoryData<string> Notebooks() => new(ConvertedLessons.Names);

    [Fact]
    public async Task Jupyters_conformance_suite_passes()
    {
        var environment = jupyter.Environment;
        environment["EMPATHY_KERNEL"] = ".net-csharp";

        var (code, output) = await Program.RunAsync(jupyter.Python(),
            ["-Xfrozen_modules=off", Repository.PathTo("tests", "Jupyter.Tests", "Clients", "conformance.py")], environment, jupyter.Folder);

        Assert.True(code == 0, output);
        // It has a test for clearing output and one for a pager, which this kernel does not have; all others ran.
        Assert.Contains("Ran 12 tests", output);
        Assert.Contains("OK (skipped=2)", output);
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task Nbconvert_runs_a_notebook_to_the_same_outputs(string name)
    {
        jupyter.Python();
        var (metadata, executed) = await lessons.OfAsync(name);
        var ours = await new NotebookRunner().RunAsync(ConvertedLessons.Load(name), Repository.PathTo("notebooks"), interrupt: TestContext.Current.CancellationToken);
        Assert.Empty(ours.Failures);
        Assert.Equal("C#", (string?)metadata["language_info"]!["name"]);
        Assert.Equal(ours.Document.Cells.Count, executed.Count);
        foreach (var (theirs, cell) in executed.Zip(ours.Document.Cells))
        {
            Assert.Equal(cell.Source, theirs.Source);
            Assert.Equal(cell.Outputs.Select(Describe), theirs.Outputs.Select(Describe));
        }
    }

    private static string Describe(NotebookOutput output) => output switch
    {
        StreamOutput stream => $"{stream.Name}: {stream.Text}",
        DisplayOutput display => $"{display.OutputType}: {string.Join(", ", display.MediaTypes.Order())}: {display.Text("text/plain")}: {display.Text("text/html")}",
        _ => output.Node.ToJsonString(),
    };
}
