using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>Relative paths of cells start from their notebook, those of the command line from where it was called.</summary>
public sealed class CurrentFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-here-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("run --notebooks notes --output results --no-site", "results/notebooks/01-first.ipynb")]
    [InlineData("--notebooks notes --output results --no-site", "results/notebooks/01-first.ipynb")]
    [InlineData("convert notes/01-first.ipynb --run --output first.md", "first.md")]
    public async Task Cells_read_and_write_beside_their_notebook_and_results_go_where_the_command_was_called(string command, string result)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "notes"));
        File.WriteAllText(Path.Combine(_folder, "notes", "data.txt"), "the file beside");
        NotebookDocument.Create([(NotebookCellType.Markdown, "# First"), (NotebookCellType.Code, "System.IO.File.WriteAllText(\"written.txt\", \"\");\nSystem.IO.File.ReadAllText(\"data.txt\")")])
            .Save(Path.Combine(_folder, "notes", "01-first.ipynb"));
        var (code, _, error) = await EmpathyProcess.RunAsync(command.Split(' '), _folder);
        Assert.Equal((EmpathyCommand.Success, ""), (code, error));
        Assert.Contains("the file beside", File.ReadAllText(Path.Combine(_folder, result)), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "notes", "written.txt")));
    }

    [Fact]
    public void Of_several_current_folders_the_last_that_is_left_counts()
    {
        string[] folders = [.. ((string[])["a", "b"]).Select(name => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName)];
        var first = CurrentFolder.In(folders[0]);
        var second = CurrentFolder.In(folders[1]);
        first.Dispose();
        first.Dispose();
        // Other tests of this process can be in a folder of their own.
        Assert.NotEqual(folders[0], Environment.CurrentDirectory);
        second.Dispose();
        Assert.DoesNotContain(Environment.CurrentDirectory, folders);
    }
}
