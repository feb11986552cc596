using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>Links of notebooks to files beside them: there, written by a cell, or named as what they are.</summary>
public sealed class RunLinksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-links-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("[x](made.csv)", "File.WriteAllText(\"made.csv\", \"a\");")]
    [InlineData("[x](made%20here/)", "Directory.CreateDirectory(\"made here\");")]
    [InlineData("[x](./made/table.html#top)", "Directory.CreateDirectory(\"made\"); File.WriteAllText(Path.Combine(\"made\", \"table\" + \".html\"), \"a\");")]
    [InlineData("[x](figure-1.svg)", "foreach (var i in new[] { 1, 2 }) File.WriteAllText($\"figure-{i}.svg\", \"a\");")]
    [InlineData("[x](own.txt), [y](https://example.org/nothing.csv), ![z](data:image/gif;base64,R0lGODlhAQABAAAAACw=)", "1")]
    public async Task A_file_that_is_there_or_that_a_cell_writes_can_be_linked_to(string text, string code)
    {
        File.WriteAllText(Path.Combine(_folder, "own.txt"), "a");
        Write("01-first.ipynb", "# First\n\n" + text, "using System.IO;\n" + code);
        Assert.Equal(EmpathyCommand.Success, await RunWhole());
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task A_file_that_no_cell_wrote_in_the_end_is_named()
    {
        const string Fault = "02-second.ipynb, cell 1: the link to \"made.csv\" leads nowhere: there is no file \"made.csv\", seen from the folder of the notebook, and no cell has written one.";
        Write("01-first.ipynb", "# First", "var name = \"made.csv\";");
        Write("02-second.ipynb", "# Second\n\n[x](made.csv)", "\"made.csv\".Length");
        Assert.Equal(EmpathyCommand.BadInput, await RunWhole());
        Assert.Equal(Fault, _error.ToString().TrimEnd());
        Assert.False(Directory.Exists(Path.Combine(_folder, "out", "site")));

        // Another notebook may write it, or a cell that failed: then it is said, and the site is built.
        _error.GetStringBuilder().Clear();
        Assert.Equal(EmpathyCommand.Success, await RunWhole("--only", "02"));
        Assert.Equal(Fault, _error.ToString().TrimEnd());
        _error.GetStringBuilder().Clear();
        Write("01-first.ipynb", "# First", "throw new Exception(\"made.csv\");");
        Assert.Equal(EmpathyCommand.CellFailed, await RunWhole("--keep-going"));
        Assert.EndsWith(Fault, _error.ToString().TrimEnd(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "out", "site", "02-second.html")));
        _error.GetStringBuilder().Clear();
        Assert.Equal(EmpathyCommand.CellFailed, await RunWhole("--keep-going", "--no-site"));
        Assert.DoesNotContain("leads nowhere", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunWhole(params string[] options) => EmpathyCommand.InvokeAsync(["--notebooks", _folder, "--output", Path.Combine(_folder, "out"), .. options], _output, _error);

    private void Write(string name, string text, string code) =>
        NotebookDocument.Create([(NotebookCellType.Markdown, text), (NotebookCellType.Code, code)]).Save(Path.Combine(_folder, name));
}
