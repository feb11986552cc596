using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>A run writes over nothing that no run wrote: that is said before a cell runs.</summary>
public sealed class RunFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-files-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public RunFilesTests()
    {
        Directory.CreateDirectory(At("notebooks"));
        foreach (var name in (string[])["01-first", "02-second"])
            NotebookDocument.Create([(NotebookCellType.Markdown, $"# {name}"), (NotebookCellType.Code, $"System.IO.File.WriteAllText(@\"{At("notebooks", name)}.ran\", \"\");")]).Save(At("notebooks", name + ".ipynb"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("site/index.html")]
    [InlineData("site/02-second.html")]
    [InlineData("site/downloads/01-first.cs")]
    [InlineData("site/downloads/data/molloy2014.csv")]
    [InlineData("site/api/RandomEffects.html")]
    [InlineData("notebooks/01-first.ipynb")]
    [InlineData("student/01-first.ipynb")]
    public async Task What_somebody_else_put_there_is_named_and_replaced_by_force_alone(string path)
    {
        Put(path);
        // The thousand pages of the API are made where they are asked about.
        string[] options = path.StartsWith("site/api/", StringComparison.Ordinal) ? ["--student"] : ["--student", "--only", "0"];
        Assert.Equal(EmpathyCommand.BadInput, await Run(options));
        Assert.Contains($"says that one wrote it: {path}. Add --force to replace this file, or name another folder for the results with --output DIR.", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(At("out", path)));
        Assert.Empty(Directory.EnumerateFiles(At("notebooks"), "*.ran"));
        Assert.Equal([At("out", path)], Directory.EnumerateFiles(At("out"), "*", SearchOption.AllDirectories));

        Assert.Equal(EmpathyCommand.Success, await Run([.. options, "--force"]));
        Assert.NotEqual("mine", File.ReadAllText(At("out", path)));
        // From then on it is a run's.
        Assert.Equal(EmpathyCommand.Success, await Run(options));
    }

    [Fact]
    public async Task Of_many_files_the_first_are_named_and_those_of_no_concern_are_not()
    {
        foreach (var path in (string[])["notebooks/01-first.ipynb", "notebooks/02-second.ipynb", "notebooks/03-mine.ipynb", "site/mine.html", "site/index.html", "site/01-first.html", "student/01-first.ipynb"]) Put(path);
        Assert.Equal(EmpathyCommand.BadInput, await Run());
        Assert.Contains(": notebooks/01-first.ipynb, notebooks/02-second.ipynb, site/01-first.html and 1 more. Add --force to replace these files,", _error.ToString(), StringComparison.Ordinal);

        // What the run does not write stands in nobody's way.
        foreach (var path in (string[])["notebooks/01-first.ipynb", "notebooks/02-second.ipynb"]) File.Delete(At("out", path));
        Assert.Equal(EmpathyCommand.Success, await Run("--no-site"));
        Assert.Equal("mine", File.ReadAllText(At("out", "site", "index.html")));
    }

    [Fact]
    public async Task A_link_that_leads_to_another_file_is_nobody_s_result()
    {
        Directory.CreateDirectory(At("out", "notebooks"));
        try
        {
            File.CreateSymbolicLink(At("out", "notebooks", "01-first.ipynb"), At("elsewhere.ipynb"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Assert.Skip("This system makes no links: " + fault.Message);
        }
        Assert.Equal(EmpathyCommand.BadInput, await Run("--no-site"));
        Assert.Contains("says that one wrote it: notebooks/01-first.ipynb.", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(At("elsewhere.ipynb")));
    }

    [Fact]
    public async Task What_a_version_without_a_list_wrote_is_replaced_as_before()
    {
        Assert.Equal(EmpathyCommand.Success, await Run("--student"));
        File.Delete(At("out", RunFiles.Name));
        Assert.Equal(EmpathyCommand.Success, await Run("--student"));
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task The_folder_artifacts_of_the_repository_holds_results_alone()
    {
        File.WriteAllText(At("EmpathyNotebooks.sln"), "");
        string[] there = ["artifacts/notebooks/01-first.ipynb", "artifacts/site/01-first.html"];
        foreach (var path in there) Put(path, "");
        Assert.Equal(EmpathyCommand.Success, await EmpathyCommand.InvokeAsync(["run", "--notebooks", At("notebooks"), "--only", "0"], _output, _error));
        Assert.All(there, path => Assert.NotEqual("mine", File.ReadAllText(At(path))));
    }

    [Fact]
    public async Task A_run_that_is_killed_before_it_can_say_so_has_said_so()
    {
        RunFiles.Announce(Directory.CreateDirectory(At("out")).FullName, ["notebooks/01-first.ipynb", "site/index.html"]);
        Put("notebooks/01-first.ipynb");
        Assert.Equal(EmpathyCommand.Success, await Run("--no-site"));
        Assert.Equal(["notebooks/01-first.ipynb", "notebooks/02-second.ipynb", "site/index.html"], File.ReadAllLines(At("out", RunFiles.Name)).Skip(1));
    }

    [Fact]
    public async Task A_list_that_no_run_wrote_is_neither_believed_nor_written_over()
    {
        var list = Path.Combine(_folder, "out", RunFiles.Name);
        var mine = Path.Combine(_folder, "out", "site", "mine.html");
        Directory.CreateDirectory(Path.GetDirectoryName(mine)!);
        File.WriteAllText(mine, "mine");
        File.WriteAllText(list, "what I ran\nsite/mine.html\n");
        Assert.Equal(EmpathyCommand.BadInput, await Run());
        Assert.Contains("no run wrote this file", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("what I ran\nsite/mine.html\n", File.ReadAllText(list));
        Assert.Equal("mine", File.ReadAllText(mine));
        Assert.False(Directory.Exists(Path.Combine(_folder, "out", "notebooks")));

        File.Delete(list);
        Directory.CreateDirectory(list);
        Assert.Equal(EmpathyCommand.BadInput, await Run());
        Assert.Contains($"{RunFiles.Name} is a folder", _error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "out", "notebooks")));
    }

    [Fact]
    public void Of_what_a_list_names_nothing_is_removed_behind_a_link_nor_what_cannot_be_a_name()
    {
        var results = Path.Combine(_folder, "out");
        string In(string path) => Path.Combine(results, path);
        foreach (var folder in (string[])["site/api", "site/downloads", "mine"]) Directory.CreateDirectory(In(folder));
        foreach (var file in (string[])["site/old.html", "site/New.html", "site/new.html", "site/api/old.html", "mine/a.csv"]) File.WriteAllText(In(file), file);
        RunFiles.Replace(results, "site", new[] { "site/old.html", "site/New.html", "site/api/old.html", "site/downloads/data/a.csv" }.Select(In));
        File.AppendAllText(In(RunFiles.Name), "site/a\0b.html\nsite/api\n");
        try
        {
            Directory.CreateSymbolicLink(In("site/downloads/data"), In("mine"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Assert.Skip("This system makes no links: " + fault.Message);
        }
        var isCaseKept = Directory.EnumerateFiles(In("site")).Count() == 3;

        RunFiles.Replace(results, "site", [In("site/new.html")]);

        Assert.Equal("mine/a.csv", File.ReadAllText(In("mine/a.csv")));
        Assert.Equal("site/new.html", File.ReadAllText(In("site/new.html")));
        if (isCaseKept) Assert.False(File.Exists(In("site/New.html")));
        Assert.False(File.Exists(In("site/old.html")) || File.Exists(In("site/api/old.html")));
        Assert.Equal(["site/new.html"], File.ReadAllLines(In(RunFiles.Name)).Skip(1));
    }

    [Fact]
    public async Task A_site_of_single_files_leaves_no_empty_folder_of_the_one_before()
    {
        string[] Folders() => [.. Directory.EnumerateDirectories(At("out", "site"), "*", SearchOption.AllDirectories).Select(folder => Path.GetRelativePath(At("out", "site"), folder).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        Assert.Equal(EmpathyCommand.Success, await Run());
        Assert.Equal(["api", "assets", "downloads", "downloads/data"], Folders());
        Assert.Equal(EmpathyCommand.Success, await Run("--single-file", "--only", "0"));
        Assert.Empty(Folders());

        Assert.Equal(EmpathyCommand.Success, await Run("--only", "0"));
        Put("site/assets/mine.css");
        Put("site/downloads/data/mine.csv");
        Directory.CreateDirectory(At("out", "site", "own"));
        Assert.Equal(EmpathyCommand.Success, await Run("--single-file", "--only", "0"));
        Assert.Equal(["assets", "downloads", "downloads/data", "own"], Folders());
        Assert.Equal(["mine.css"], Directory.EnumerateFiles(At("out", "site", "assets")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("site/index.html", true, "site/index.html: this is a folder, where a run writes a file.")]
    [InlineData("notebooks/01-first.ipynb", true, "01-first.ipynb: this is a folder, where a run writes a file.")]
    [InlineData("site", false, "site: this is a file, where a run makes a folder.")]
    [InlineData("site/api", false, "api: this is a file, where a run makes a folder.")]
    [InlineData("notebooks", false, "notebooks: this is a file, where a run makes a folder.")]
    public async Task A_folder_for_a_file_and_a_file_for_a_folder_are_said_before_a_cell_runs(string path, bool isFolder, string fault)
    {
        if (isFolder) Directory.CreateDirectory(At("out", path));
        else Put(path);
        Assert.Equal(EmpathyCommand.BadInput, await Run("--force"));
        Assert.Contains(fault, _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(At("notebooks"), "*.ran"));
    }

    private void Put(string path, string under = "out")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(under, path))!);
        File.WriteAllText(At(under, path), "mine");
    }

    private string At(params string[] parts) => Path.Combine([_folder, .. parts]);

    private Task<int> Run(params string[] options) => EmpathyCommand.InvokeAsync(["run", "--notebooks", At("notebooks"), "--output", At("out"), .. options], _output, _error);
}
