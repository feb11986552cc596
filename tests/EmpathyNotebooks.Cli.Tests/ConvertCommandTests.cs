using EmpathyNotebooks.Cli.Tests.Packaging;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary><c>empathy convert</c> as a user meets it.</summary>
public sealed class ConvertCommandTests : IDisposable
{
    private static readonly string Lesson = Repository.PathTo("notebooks", "04-pooling.ipynb");

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-convert-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<int> Run(params string[] arguments) => EmpathyCommand.InvokeAsync(["convert", .. arguments], _output, _error);

    private string PathTo(string name) => Path.Combine(_folder, name);

    [Fact]
    public async Task A_lesson_runs_as_a_program_prints_the_same_and_writes_its_charts_beside_it()
    {
        Assert.Equal(EmpathyCommand.Success, await Run(Lesson, "--to", "cs", "--output", PathTo("lesson.cs")));

        var (code, printed) = await PackageFeed.RunAsync(Repository.Root, "run", PathTo("lesson.cs"));

        Assert.True(code == 0, printed);
        var run = await new NotebookRunner().RunAsync(NotebookDocument.Load(Lesson), Repository.PathTo("notebooks"), interrupt: TestContext.Current.CancellationToken);
        var shown = string.Concat(run.Document.Cells.SelectMany(cell => cell.Outputs).Select(output => output switch
        {
            StreamOutput stream => stream.Text,
            DisplayOutput display => display.Text("text/plain")!.TrimEnd('\n') + "\n",
            _ => "",
        }));
        Assert.Equal(shown, string.Concat(printed.ReplaceLineEndings("\n").Split('\n').Where(line => !line.StartsWith("Chart: ", StringComparison.Ordinal)).Select(line => line + "\n"))[..^1]);
        // Two forest plots, a caterpillar plot and two explorers.
        Assert.Equal(Enumerable.Range(1, 5).Select(number => $"04-pooling-chart-{number}.html"), Directory.EnumerateFiles(_folder, "*.html").Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_lesson_goes_to_dib_and_comes_back()
    {
        Assert.Equal(EmpathyCommand.Success, await Run(Lesson, "--output", PathTo("lesson.dib")));
        Assert.Equal(EmpathyCommand.Success, await Run(PathTo("lesson.dib"), "--to", "ipynb"));

        Assert.Equal(File.ReadAllBytes(Lesson), File.ReadAllBytes(PathTo("lesson.ipynb")));
        Assert.Contains("#!csharp\n\nvar effects = Datasets.Molloy2014().Correlations();\nvar equal = EqualEffects.Fit(effects);\nequal\n", File.ReadAllText(PathTo("lesson.dib")));
    }

    [Fact]
    public async Task A_notebook_becomes_a_page_or_Markdown_with_its_outputs()
    {
        Assert.Equal(EmpathyCommand.Success, await Run(Lesson, "--to", "html", "--run", "--output", PathTo("page.html")));
        Assert.Equal(EmpathyCommand.Success, await Run(Lesson, "--to", "md", "--run", "--output", PathTo("lesson.md")));

        var html = File.ReadAllText(PathTo("page.html"));
        Assert.Contains("data-empathy-chart=", html);
        Assert.DoesNotContain("href=\"index.html\"", html);
        Assert.Equal(html, File.ReadAllText(PathTo("lesson.html")));
        var markdown = File.ReadAllText(PathTo("lesson.md"));
        Assert.Contains("[The interactive chart](lesson.html)", markdown);
        Assert.Contains("> **Chart.** Published data: Molloy et al. (2014)  \n> Forest plot of 16 studies.", markdown);
        Assert.Contains("Q(15) = 38.16", markdown);
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task A_notebook_without_a_title_or_outputs_still_becomes_a_page()
    {
        NotebookDocument.Create([(NotebookCellType.Code, "6 * 7")]).Save(PathTo("plain.ipynb"));

        Assert.Equal(EmpathyCommand.Success, await Run(PathTo("plain.ipynb"), "--to", "html"));

        Assert.Contains("<title>plain", File.ReadAllText(PathTo("plain.html")));
        Assert.Contains("holds no outputs; add --run", _error.ToString());
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_when_asked_to()
    {
        NotebookDocument.Create([(NotebookCellType.Code, "1")]).Save(PathTo("plain.ipynb"));
        File.WriteAllText(PathTo("plain.dib"), "mine");

        Assert.Equal(EmpathyCommand.BadInput, await Run(PathTo("plain.ipynb"), "--to", "dib"));
        Assert.Equal("mine", File.ReadAllText(PathTo("plain.dib")));
        Assert.Contains($"{PathTo("plain.dib")}: this file is there already; add --force to replace it", _error.ToString());

        Assert.Equal(EmpathyCommand.Success, await Run(PathTo("plain.ipynb"), "--to", "dib", "--force"));
        Assert.Contains("#!csharp", File.ReadAllText(PathTo("plain.dib")));
    }

    [Theory]
    [InlineData("html")]
    [InlineData("md")]
    [InlineData("dib")]
    [InlineData("cs")]
    public async Task On_a_full_disk_the_old_file_stays_and_the_file_and_the_reason_are_named(string form)
    {
        using var disk = SmallDisk.Mount(_folder);
        NotebookDocument.Create([(NotebookCellType.Code, $"1 // {new string('x', 300_000)}")]).Save(PathTo("plain.ipynb"));
        var file = Path.Combine(disk.Folder, "plain." + form);
        File.WriteAllText(file, "before");
        disk.Fill();

        Assert.Equal(EmpathyCommand.BadInput, await Run(PathTo("plain.ipynb"), "--to", form, "--output", file, "--force"));

        Assert.Contains($"{file} was not written: the disk is full", _error.ToString());
        Assert.Equal("before", File.ReadAllText(file));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(disk.Folder).Count());
    }

    [Fact]
    public async Task A_cell_that_fails_is_named()
    {
        NotebookDocument.Create([(NotebookCellType.Code, "int.Parse(\"x\")")]).Save(PathTo("bad.ipynb"));

        Assert.Equal(EmpathyCommand.CellFailed, await Run(PathTo("bad.ipynb"), "--to", "html", "--run"));

        Assert.Contains("bad.ipynb, cell 1, line 1", _error.ToString());
        Assert.False(File.Exists(PathTo("bad.html")));
    }

    [Theory]
    [InlineData("give one of cs, dib, ipynb, html, md", "plain.ipynb", "--to", "pdf")]
    [InlineData("Say which form is wanted", "plain.ipynb")]
    [InlineData("its ending is none of", "plain.ipynb", "--output", "plain.txt")]
    [InlineData("is in this form already", "plain.ipynb", "--to", "ipynb")]
    [InlineData("there is no such file", "none.ipynb", "--to", "md")]
    [InlineData("is a folder; name a file", ".", "--to", "md")]
    [InlineData("only html and md show outputs", "plain.ipynb", "--to", "dib", "--run")]
    [InlineData("not valid JSON", "broken.ipynb", "--to", "md")]
    [InlineData("indent it by a space", "lines.ipynb", "--to", "dib")]
    [InlineData("a return within the cell", "returns.ipynb", "--to", "cs")]
    public async Task Bad_requests_say_what_would_be_right(string message, string file, params string[] options)
    {
        NotebookDocument.Create([(NotebookCellType.Code, "1")]).Save(PathTo("plain.ipynb"));
        NotebookDocument.Create([(NotebookCellType.Code, "#!meta")]).Save(PathTo("lines.ipynb"));
        NotebookDocument.Create([(NotebookCellType.Code, "if (true) return 1;\n2")]).Save(PathTo("returns.ipynb"));
        File.WriteAllText(PathTo("broken.ipynb"), "{");

        Assert.Equal(EmpathyCommand.BadInput, await Run([PathTo(file), .. options]));

        Assert.Contains(message, _error.ToString());
    }

    [Theory]
    [InlineData("convert", "--to", "--output", "--run", "--timeout")]
    [InlineData("new", "--measure", "--title", "--output", "--force")]
    [InlineData("kernel install", "--name", "--display-name", "--prefix")]
    [InlineData("kernel uninstall", "--name", "--prefix")]
    [InlineData("kernel list", "--prefix")]
    [InlineData("kernel start", "--memory-limit", "connection-file")]
    public async Task Help_explains_every_option(string command, params string[] options)
    {
        Assert.Equal(EmpathyCommand.Success, await EmpathyCommand.InvokeAsync([.. command.Split(' '), "--help"], _output, _error));

        Assert.All(options, option => Assert.Matches($@"{option}[^\n]*  \S", _output.ToString()));
    }
}
