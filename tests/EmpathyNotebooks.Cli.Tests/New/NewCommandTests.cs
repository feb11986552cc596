using System.Text.Json;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests.New;

/// <summary><c>empathy new</c> as a user meets it.</summary>
public sealed class NewCommandTests : IDisposable
{
    private static readonly string[] Listed =
    [
        ".devcontainer/devcontainer.json", ".github/workflows/analysis.yml", ".gitignore", "README.md", "analysis.ipynb", "codebook.md", "preregistration.md", "studies.csv",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-new-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public static TheoryData<string> Measures => ["ZCOR", "SMD", "MD", "OR", "RR", "IRR", "PLO", "GEN"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<int> Run(params string[] arguments) => EmpathyCommand.InvokeAsync(["new", .. arguments, "--output", _folder], _output, _error);

    private string PathTo(params string[] names) => Path.Combine([_folder, .. names]);

    private async Task<string> Make(params string[] arguments)
    {
        Assert.True(await Run(arguments) == EmpathyCommand.Success, _error.ToString());
        return PathTo(arguments[0]);
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Measures))]
    public async Task The_folder_is_whole_its_notebook_runs_and_its_table_is_analyzed(string measure)
    {
        var folder = await Make("study", "--measure", measure.ToLowerInvariant());

        Assert.Equal(Listed, Files(folder));
        var table = StudyTable.Read(Path.Combine(folder, "studies.csv"));
        var rows = Enumerable.Range(0, table.Count);
        Assert.All(rows, row => Assert.Equal(("Made-up", "made up"), (table.Column("study").Text(row)![..7], table.Column("source").Text(row))));
        var codebook = File.ReadLines(Path.Combine(folder, "codebook.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        Assert.Equal(table.Columns.Select(c => c.Name), codebook.Select(line => line.Split('`')[1]));
        Assert.All(codebook, line => Assert.Equal(5, line.Split('|').Length - 2));
        Assert.All(Listed.Except(["studies.csv", ".github/workflows/analysis.yml"]), file => Assert.DoesNotContain("{{", File.ReadAllText(Path.Combine(folder, file))));
        Assert.Contains($"({measure}) |", File.ReadLines(Path.Combine(folder, "preregistration.md")).Single(line => line.StartsWith("| Effect measure", StringComparison.Ordinal)));

        Assert.Empty(CanonicalForm.CheckFile(Path.Combine(folder, "analysis.ipynb")));
        var notebook = NotebookDocument.Load(Path.Combine(folder, "analysis.ipynb"));
        // A kernel finds files seen from where it was started, as a front end starts it in the folder; this process is elsewhere.
        foreach (var cell in notebook.Cells) cell.Source = cell.Source.Replace("Read(\"studies.csv\"", $"Read(@\"{Path.Combine(folder, "studies.csv")}\"", StringComparison.Ordinal);
        var run = await new NotebookRunner().RunAsync(notebook, folder, interrupt: TestContext.Current.CancellationToken);
        Assert.Empty(run.Failures);
        var code = run.Document.Cells.Where(cell => cell.Type == NotebookCellType.Code).ToList();
        Assert.All(code, cell => Assert.NotEmpty(cell.Outputs));
        Assert.All(code, cell => Assert.True(cell.Source.Split('\n').Length <= 12, cell.Source));
        Assert.Contains("Simulated data: 16 of 16 rows are made up", run.Document.ToJson());

        Assert.True(await EmpathyCommand.InvokeAsync(["check", Path.Combine(folder, "studies.csv"), "--measure", measure], _output, _error) == EmpathyCommand.Success, _output.ToString());
        Assert.Equal(EmpathyCommand.Success, await EmpathyCommand.InvokeAsync(["analyze", Path.Combine(folder, "studies.csv"), "--measure", measure, "--json"], _output, _error));
        Assert.Contains($"\"measure\": \"{measure}\"", _output.ToString());
    }

    [Fact]
    public async Task Its_README_says_what_works()
    {
        var folder = await Make("study");

        var readme = File.ReadAllText(Path.Combine(folder, "README.md"));
        var commands = readme.Split("```bash\n").Skip(1).SelectMany(part => part.Split("\n```")[0].Split('\n')).ToList();
        Assert.Equal(["dotnet tool install --global EmpathyNotebooks.Cli --version 0.1.0", "empathy check studies.csv --measure ZCOR", "empathy analyze studies.csv --measure ZCOR",
            "empathy convert analysis.ipynb --to html --run --output analysis.html --force", "empathy kernel install"], commands);
        // The notebook is run by another test, and a kernel is installed by that of the kernel.
        foreach (var command in commands.Where(c => c.StartsWith("empathy ", StringComparison.Ordinal)))
        {
            string[] arguments = [.. command.Split(' ').Skip(1).Where(word => word != "--run").Select(word => word.Contains('.') ? Path.Combine(folder, word) : word)];
            Assert.Equal(EmpathyCommand.Success, await EmpathyCommand.InvokeAsync(arguments is ["kernel", ..] ? [.. arguments, "--help"] : arguments, _output, _error));
        }
        var workflow = File.ReadAllText(Path.Combine(folder, ".github", "workflows", "analysis.yml"));
        Assert.Contains("analyze studies.csv --measure ZCOR --json > site/analysis.json", workflow);
        Assert.Contains("convert analysis.ipynb --to html --run --output site/index.html", workflow);
        Assert.All(Listed.Except(["README.md"]), file => Assert.Contains(file, readme));
    }

    [Fact]
    public async Task The_same_bytes_come_twice()
    {
        var first = await Make("one", "--title", "Same", "--measure", "OR");
        var second = await Make("two", "--title", "Same", "--measure", "OR");

        Assert.All(Listed, file => Assert.Equal(File.ReadAllBytes(Path.Combine(first, file)), File.ReadAllBytes(Path.Combine(second, file))));
        Assert.All(Listed, file => Assert.DoesNotContain((byte)'\r', File.ReadAllBytes(Path.Combine(first, file))));
    }

    [Fact]
    public async Task What_is_there_is_replaced_only_when_asked_to()
    {
        var folder = await Make("study");
        File.WriteAllText(PathTo("study", "studies.csv"), "mine");
        File.WriteAllText(PathTo("study", "notes.txt"), "mine");
        File.Delete(PathTo("study", "codebook.md"));

        Assert.Equal(EmpathyCommand.BadInput, await Run("study"));
        Assert.Contains("study: this folder is there already and holds .devcontainer, .github, .gitignore, .... Give another name, or add --force", _error.ToString());
        Assert.Equal("mine", File.ReadAllText(PathTo("study", "studies.csv")));
        Assert.False(File.Exists(PathTo("study", "codebook.md")));

        Assert.Equal(EmpathyCommand.Success, await Run("study", "--force"));
        Assert.StartsWith("study,outcome,r,n", File.ReadAllText(PathTo("study", "studies.csv")));
        Assert.Equal("mine", File.ReadAllText(PathTo("study", "notes.txt")));
        Assert.Contains("  studies.csv (replaced)", _output.ToString());
        Assert.Equal(Listed.Append("notes.txt").Order(StringComparer.Ordinal), Files(folder));
    }

    [Fact]
    public async Task An_empty_folder_is_filled_and_a_file_in_the_way_is_left_alone()
    {
        Directory.CreateDirectory(PathTo("empty"));
        File.WriteAllText(PathTo("file"), "mine");
        Directory.CreateDirectory(PathTo("mixed", "README.md"));
        File.WriteAllText(PathTo("mixed", ".github"), "mine");

        Assert.Equal(Listed, Files(await Make("empty")));
        Assert.Equal(EmpathyCommand.BadInput, await Run("file", "--force"));
        Assert.Equal(EmpathyCommand.BadInput, await Run("mixed", "--force"));
        Assert.Equal("mine", File.ReadAllText(PathTo("file")));
        Assert.Equal([".github"], Files(PathTo("mixed")));
        Assert.Contains("file: this is a file", _error.ToString());
        Assert.Contains("README.md: this is a folder", _error.ToString());
    }

    [Fact]
    public async Task On_a_disk_that_is_full_in_the_middle_nothing_is_left()
    {
        using var disk = SmallDisk.Mount(_folder);
        disk.Fill();
        using (var filler = new FileStream(Path.Combine(disk.Folder, SmallDisk.Filler), FileMode.Open)) filler.SetLength(filler.Length - 24_576);

        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["new", "study", "--output", disk.Folder], _output, _error));

        Assert.Matches(@"study was not made: .*study.\w+\.\w+ was not written: the disk is full", _error.ToString());
        Assert.Equal([SmallDisk.Filler], Directory.EnumerateFileSystemEntries(disk.Folder).Select(Path.GetFileName));
        Assert.Equal("", _output.ToString());
    }

    [Theory]
    [InlineData("my study", "My study")]
    [InlineData("O'Brien & Søn", "O'Brien & Søn")]
    [InlineData("meta_2026-v1", "Meta 2026 v1")]
    [InlineData("---x", null)]
    [InlineData("__", "__")]
    [InlineData("共感", "共感")]
    public async Task Any_name_that_every_system_has_will_do(string name, string? title)
    {
        if (title is null)
        {
            Assert.Equal(EmpathyCommand.BadInput, await Run("--", name));
            return;
        }
        var folder = await Make(name);

        using var container = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, ".devcontainer", "devcontainer.json")), new() { CommentHandling = JsonCommentHandling.Skip });
        Assert.Equal(title, container.RootElement.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("../x", "without a path")]
    [InlineData("a/b", "without a path")]
    [InlineData("a\\b", "without a path")]
    [InlineData("/tmp", "without a path")]
    [InlineData("..", "without a path")]
    [InlineData("con", "keeps this name for a device")]
    [InlineData("LPT1.txt", "keeps this name for a device")]
    [InlineData("a\"b", "has no \" in names")]
    [InlineData("a:b", "has no : in names")]
    [InlineData("a*", "has no * in names")]
    [InlineData("a\nb", "cannot be printed")]
    [InlineData(" a", "leave out blanks")]
    [InlineData("a.", "full stops")]
    [InlineData("", "give the folder a name")]
    public async Task Other_names_are_refused_with_the_reason(string name, string reason)
    {
        Assert.Equal(EmpathyCommand.BadInput, await Run(name));

        Assert.Contains(reason, _error.ToString());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("--measure d: give one of ZCOR, SMD", "--measure", "d")]
    [InlineData("--title: give a title", "--title", " ")]
    [InlineData("give one line", "--title", "a\nb")]
    [InlineData("at most 200", "--title", "long")]
    public async Task Bad_requests_say_what_would_be_right(string message, string option, string value)
    {
        Assert.Equal(EmpathyCommand.BadInput, await Run("study", option, value == "long" ? new string('x', 201) : value));

        Assert.Contains(message, _error.ToString());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_title_is_a_title_whatever_it_holds()
    {
        const string Title = "A & <b> $x$ *y* [z](q) | `c` {{version}} \"quoted\" # \\";
        var folder = await Make("study", "--title", Title);

        var page = Path.Combine(folder, "page.html");
        Assert.Equal(EmpathyCommand.Success, await EmpathyCommand.InvokeAsync(["convert", Path.Combine(folder, "analysis.ipynb"), "--output", page], _output, _error));

        Assert.Contains(System.Net.WebUtility.HtmlEncode(Title).Replace("&#39;", "'", StringComparison.Ordinal) + " ·", File.ReadAllText(page));
    }
}
