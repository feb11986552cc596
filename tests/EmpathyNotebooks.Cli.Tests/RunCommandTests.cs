using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>The command line as a user meets it: what it prints, what it writes, its exit codes.</summary>
public sealed class RunCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-cli-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Runs_notebooks_writes_copies_and_builds_the_site()
    {
        Write("01-first.ipynb", "# First\n\nSome words.", "var x = 6 * 7;\nx");
        Write("02-second.ipynb", "# Second\n\nMore words.", "Console.WriteLine(\"hello\");");

        Assert.Equal(EmpathyCommand.Success, await Run());

        Assert.Equal("", _error.ToString());
        Assert.Contains("01-first.ipynb: 1 cell in ", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("pooled here: r = .28, 95% CI [.23, .33]", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("published: Elliott et al. (2018)", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("index.html", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("42", File.ReadAllText(Path.Combine(_folder, "out", "notebooks", "01-first.ipynb")), StringComparison.Ordinal);
        Assert.Equal(["01-first.html", "02-second.html", "index.html"],
            Directory.EnumerateFiles(Path.Combine(_folder, "out", "site")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_run_removes_what_the_last_one_wrote_and_no_file_of_anybody_else()
    {
        var results = Path.Combine(_folder, "out");
        string[] own = ["site/api/notes.html", "site/mine.html", "site/downloads/data/mine.csv", "notebooks/mine.ipynb", "student/mine.ipynb"];
        foreach (var file in own)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(results, file))!);
            File.WriteAllText(Path.Combine(results, file), "mine");
        }
        string[] Files() => [.. Directory.EnumerateFiles(results, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(results, file).Replace('\\', '/'))];

        WriteLesson("01-first.ipynb");
        WriteLesson("02-second.ipynb");
        Assert.Equal(EmpathyCommand.Success, await RunWhole("--student"));
        var all = Files();
        string[] ofFirst = ["notebooks/01-first.ipynb", "site/01-first.html", "site/downloads/01-first.cs", "site/downloads/01-first.ipynb", "site/slides/01-first.html", "student/01-first.ipynb"];
        Assert.Empty(ofFirst.Except(all));
        Assert.Contains("site/api/RandomEffects.html", all);
        Assert.Equal(all.Except([.. own, RunFiles.Name]).Order(StringComparer.Ordinal), File.ReadAllLines(Path.Combine(results, RunFiles.Name)).Skip(1));

        // Somebody writes into the list what was never written.
        var elsewhere = Path.Combine(_folder, "elsewhere.html");
        File.WriteAllText(elsewhere, "mine");
        File.AppendAllText(Path.Combine(results, RunFiles.Name), $"site/../../elsewhere.html\nsite/api/../../../elsewhere.html\n");
        File.Delete(Path.Combine(_folder, "01-first.ipynb"));
        Assert.Equal(EmpathyCommand.Success, await Run("--only", "02"));
        // Without --student what is handed out stays as it was.
        Assert.Equal(ofFirst[^1..], Files().Intersect(ofFirst));
        Assert.DoesNotContain("site/api/RandomEffects.html", Files());
        Assert.Empty(own.Except(Files()));
        Assert.True(File.Exists(elsewhere));

        Assert.Equal(EmpathyCommand.Success, await Run("--student"));
        Assert.Empty(Files().Intersect(ofFirst));
        Assert.Empty(own.Except(Files()));
    }

    [Fact]
    public async Task Results_never_take_the_place_of_the_notebooks_behind_a_link()
    {
        Write("01-first.ipynb", "# First", "1 + 1");
        var before = File.ReadAllText(Path.Combine(_folder, "01-first.ipynb"));
        Directory.CreateDirectory(Path.Combine(_folder, "out"));
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(_folder, "out", "student"), _folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Assert.Skip("This system makes no links: " + fault.Message);
        }
        Assert.Equal(EmpathyCommand.BadInput, await Run("--student"));
        Assert.Contains("would write over them", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(_folder, "01-first.ipynb")));
    }

    [Fact]
    public async Task Results_never_take_the_place_of_the_notebooks()
    {
        var notebooks = Path.Combine(_folder, "notebooks");
        Directory.CreateDirectory(notebooks);
        Write("01-first.ipynb", "# First\n\nSome words.", "1 + 1");
        File.Move(Path.Combine(_folder, "01-first.ipynb"), Path.Combine(notebooks, "01-first.ipynb"));
        var before = File.ReadAllText(Path.Combine(notebooks, "01-first.ipynb"));
        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["run", "--notebooks", notebooks, "--output", _folder], _output, _error));
        Assert.Contains("would write over them", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(notebooks, "01-first.ipynb")));
        Assert.Equal([notebooks], Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Student_writes_what_is_handed_out_and_what_is_kept()
    {
        WriteLesson("04-sums.ipynb");
        Write("05-notes.ipynb", "# Notes", "1");
        var student = Path.Combine(_folder, "out", "student");
        Assert.Equal(EmpathyCommand.Success, await Run("--student", "--no-answers"));

        Assert.Equal(["04-sums.ipynb", "05-notes.ipynb"], Names(student));
        var text = File.ReadAllText(Path.Combine(student, "04-sums.ipynb"));
        Assert.Contains("Add two numbers.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("forty-two", text, StringComparison.Ordinal);
        Assert.DoesNotContain("It is so.", text, StringComparison.Ordinal);
        Assert.Equal(["exercise-key.html", "exercise-key.md", "questions-qti.zip", "questions.gift", "student-notebooks.zip"], Names(Path.Combine(_folder, "out", "teaching")));
        Assert.Contains("forty-two", File.ReadAllText(Path.Combine(_folder, "out", "teaching", "exercise-key.md")), StringComparison.Ordinal);
        Assert.Equal(["04-sums.html"], Names(Path.Combine(_folder, "out", "site", "slides")));
        Assert.True(File.Exists(Path.Combine(_folder, "out", "site", "teaching.html")));
        Assert.Contains("Student notebooks: ", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Key and questions: ", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_is_not_complete_is_named_and_nothing_is_written()
    {
        WriteLesson("04-sums.ipynb", answer: "It is so.");
        Assert.Equal(EmpathyCommand.BadInput, await Run("--student"));
        Assert.Contains("04-sums.ipynb, cell 3: Test your knowledge 1: the answer has to begin with the letter of the right option", _error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "out", "site")));
        Assert.False(Directory.Exists(Path.Combine(_folder, "out", "student")));
    }

    [Theory]
    [InlineData("glossary.md", "# Glossary\n\n### word\n\nSee [it](nothing.md).", "glossary.md, line 5: the link to \"nothing.md\" leads nowhere")]
    [InlineData("teaching/plan.md", "# Plan\n\n![x](nothing.png)", "teaching/plan.md, line 3: there is no picture \"nothing.png\"")]
    [InlineData("teaching/plan.md", "# Plan\n\n[x](../04-sums.ipynb#nothing)", "teaching/plan.md, line 3: the link to \"../04-sums.ipynb#nothing\" leads nowhere: 04-sums.ipynb has no heading \"nothing\".")]
    [InlineData("05-notes.ipynb", "# Notes\n\n[x](#nothing)", "05-notes.ipynb, cell 1: the link to \"#nothing\" leads nowhere")]
    [InlineData("05-notes.ipynb", "# Notes\n\n[x](data/nothing.csv)", "05-notes.ipynb, cell 1: the link to \"data/nothing.csv\" leads nowhere: there is no file \"data/nothing.csv\", seen from the folder of the notebook, and no cell names one.")]
    [InlineData("05-notes.ipynb", "# Notes\n\n[x][y]\n\n[y]: /etc/passwd", "05-notes.ipynb, cell 1: the link to \"/etc/passwd\" leads nowhere")]
    public async Task A_fault_of_the_words_is_named_before_a_cell_runs(string file, string text, string fault)
    {
        WriteLesson("04-sums.ipynb");
        Directory.CreateDirectory(Path.Combine(_folder, "teaching"));
        if (file.EndsWith(".ipynb", StringComparison.Ordinal)) Write(file, text, "1");
        else File.WriteAllText(Path.Combine(_folder, file), text);
        Assert.Equal(EmpathyCommand.BadInput, await Run());
        Assert.StartsWith(fault, _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _output.ToString());
        Assert.False(Directory.Exists(Path.Combine(_folder, "out")));
    }

    [Fact]
    public async Task Guides_that_no_lesson_belongs_to_are_named()
    {
        Write("01-first.ipynb", "# First", "1");
        Directory.CreateDirectory(Path.Combine(_folder, "teaching"));
        Assert.Equal(EmpathyCommand.Success, await Run());
        Assert.Equal("", _error.ToString());
        File.WriteAllText(Path.Combine(_folder, "teaching", "plan.md"), "# Plan");
        Assert.Equal(EmpathyCommand.Success, await Run("--no-site"));
        Assert.Equal("", _error.ToString());
        Assert.Equal(EmpathyCommand.Success, await Run());
        Assert.Contains("teaching is left out (plan.md): pages for teaching are made where a notebook is a lesson", _error.ToString(), StringComparison.Ordinal);
        WriteLesson("04-sums.ipynb");
        _error.GetStringBuilder().Clear();
        Assert.Equal(EmpathyCommand.Success, await Run());
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Run_is_its_name()
    {
        Write("01-first.ipynb", "# First", "6 * 7");
        Assert.Equal(EmpathyCommand.Success, await EmpathyCommand.InvokeAsync(["run", "--notebooks", _folder, "--output", Path.Combine(_folder, "out"), "--only", "01"], _output, _error));
        Assert.Contains("01-first.ipynb: 1 cell in ", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lies_behind_a_failure_is_left_out_however_fast_it_was()
    {
        Write("01-first.ipynb", "# First", "System.Threading.Thread.Sleep(1500); throw new InvalidOperationException(\"slow\");");
        Write("02-second.ipynb", "# Second", "1");
        Write("03-third.ipynb", "# Third", "throw new InvalidOperationException(\"fast\");");
        Assert.Equal(EmpathyCommand.CellFailed, await Run());
        Assert.Contains("slow", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("fast", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "out", "notebooks", "02-second.ipynb")));
    }

    [Fact]
    public async Task Each_notebook_has_a_kernel_of_its_own()
    {
        Write("01-first.ipynb", "# First", "var shared = 1;");
        Write("02-second.ipynb", "# Second", "shared");
        Assert.Equal(EmpathyCommand.CellFailed, await Run());
        Assert.Contains("02-second.ipynb, cell 2, line 1", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_cell_is_named_with_its_line_and_exception()
    {
        Write("01-first.ipynb", "# First", "int Half(int n) => n / 0.Equals(1).CompareTo(false);\nvar a = 1;\nConsole.WriteLine(Half(a));");
        Write("02-second.ipynb", "# Second", "1");
        Assert.Equal(EmpathyCommand.CellFailed, await Run());
        Assert.Contains("01-first.ipynb, cell 2, line 1", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("int Half(int n)", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("System.DivideByZeroException", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "out", "site", "index.html")));
        Assert.False(File.Exists(Path.Combine(_folder, "out", "notebooks", "02-second.ipynb")));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_said_before_a_cell_runs()
    {
        Write("01-first.ipynb", "# First", $"File.WriteAllText({System.Text.Json.JsonSerializer.Serialize(Path.Combine(_folder, "ran.txt"))}, \"\");");
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(
            ["--notebooks", _folder, "--output", Path.Combine(_folder, "file", "out")], _output, _error));
        Assert.Contains($"{Path.Combine(_folder, "file")} is a file; name another folder.", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "ran.txt")));
    }

    [Fact]
    public async Task The_site_is_a_folder_of_files_that_pages_share_or_single_files()
    {
        Write("01-first.ipynb", "# First", "1 + 1");
        Write("02-second.ipynb", "# Second", "2");
        var site = Path.Combine(_folder, "out", "site");
        string[] Kinds() => [.. Directory.EnumerateFiles(site, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(site, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("assets/", StringComparison.Ordinal) && !file.StartsWith("downloads/data/", StringComparison.Ordinal) && !file.StartsWith("api/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

        Assert.Equal(EmpathyCommand.Success, await RunWhole());
        Assert.Equal(["01-first.html", "02-second.html", "downloads/01-first.cs", "downloads/01-first.ipynb", "downloads/02-second.cs", "downloads/02-second.ipynb", "index.html"], Kinds());
        Assert.StartsWith("#:package EmpathyNotebooks.Interactive@", File.ReadAllText(Path.Combine(site, "downloads", "01-first.cs")), StringComparison.Ordinal);
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(site, "assets")));
        Assert.True(File.Exists(Path.Combine(site, "api", "RandomEffects.html")));

        Assert.Equal(EmpathyCommand.Success, await Run("--only", "02"));
        Assert.Equal(["02-second.html", "downloads/02-second.cs", "downloads/02-second.ipynb", "index.html"], Kinds());
        Assert.False(File.Exists(Path.Combine(site, "api", "RandomEffects.html")));

        Assert.Equal(EmpathyCommand.Success, await Run("--single-file"));
        Assert.Equal(["01-first.html", "02-second.html", "index.html"], Kinds());
        Assert.Empty(Directory.EnumerateDirectories(site));
        Assert.DoesNotContain("src=\"assets/", File.ReadAllText(Path.Combine(site, "01-first.html")), StringComparison.Ordinal);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task A_notebook_that_cannot_be_a_program_is_named_and_its_page_offers_the_notebook_alone()
    {
        Write("01-first.ipynb", "# First", "if (Environment.ProcessorCount > 0) return 1;\n2");
        Assert.Equal(EmpathyCommand.Success, await Run());
        Assert.Matches("Without a program to download: 01-first.ipynb, cell 2: .*return", _error.ToString());
        var downloads = Path.Combine(_folder, "out", "site", "downloads");
        Assert.Equal(["01-first.ipynb"], Directory.EnumerateFiles(downloads).Select(file => Path.GetFileName(file)!));
    }

    [Fact]
    public async Task Keep_going_runs_the_rest_and_still_fails()
    {
        Write("01-first.ipynb", "# First", "throw new InvalidOperationException(\"no luck\");");
        Write("02-second.ipynb", "# Second", "1");
        Assert.Equal(EmpathyCommand.CellFailed, await Run("--keep-going"));
        Assert.Contains("no luck", _error.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "out", "site", "02-second.html")));
    }

    [Fact]
    public async Task A_cell_without_end_is_stopped()
    {
        Write("01-first.ipynb", "# First", "while (true) { }");
        Assert.Equal(EmpathyCommand.CellFailed, await Run("--timeout", "0.3"));
        Assert.Contains("01-first.ipynb, cell 2", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_stops_the_cell_that_runs_and_says_which()
    {
        Signals.Require();
        Write("01-first.ipynb", "# First", "System.IO.File.WriteAllText(\"started\", \"\");\nwhile (true) { }");
        Write("02-second.ipynb", "# Second", "1");
        using var process = Signals.Start(EmpathyProcess.With(["--notebooks", _folder, "--output", Path.Combine(_folder, "out"), "--only", "0", "--keep-going"], _folder));
        while (!process.HasExited && !File.Exists(Path.Combine(_folder, "started"))) await Task.Delay(50, TestContext.Current.CancellationToken);
        Signals.SendInterrupt(process);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(EmpathyCommand.Interrupted, process.ExitCode);
        Assert.Contains("01-first.ipynb, cell 2, line 2", error, StringComparison.Ordinal);
        Assert.Contains("The cell was interrupted.\nInterrupted.", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "out", "notebooks", "02-second.ipynb")));
    }

    [Theory]
    [InlineData("--no-site")]
    [InlineData("convert", "01-first.ipynb", "--to", "md", "--run")]
    public async Task A_cell_that_ends_the_program_is_a_failure_with_a_name(params string[] arguments)
    {
        Write("01-first.ipynb", "# First", "Environment.Exit(0);");
        string[] folders = arguments[0] == "convert" ? [] : ["--notebooks", _folder, "--output", Path.Combine(_folder, "out")];
        var (code, _, error) = await EmpathyProcess.RunAsync([.. arguments, .. folders], _folder);

        Assert.Equal(EmpathyCommand.CellFailed, code);
        Assert.Equal("01-first.ipynb, cell 2: the cell ended the whole program. Take out its Environment.Exit.", error.Trim());
    }

    [Theory]
    [InlineData("--timeout", "0")]
    [InlineData("--timeout", "soon")]
    [InlineData("--only", "nothing-like-this")]
    [InlineData("--unknown")]
    [InlineData("--no-answers")]
    public async Task Bad_options_say_what_would_be_right(params string[] options)
    {
        Write("01-first.ipynb", "# First", "1");
        Assert.Equal(EmpathyCommand.BadInput, await Run(options));
        Assert.NotEqual("", _error.ToString());
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_bad_input()
    {
        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["--notebooks", Path.Combine(_folder, "none")], _output, _error));
        Assert.Contains("there is no such folder", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(EmpathyCommand.BadInput, await Run());
        Assert.Contains("holds no notebook", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_notebook_is_bad_input()
    {
        File.WriteAllText(Path.Combine(_folder, "01-broken.ipynb"), "{ not json");
        Assert.Equal(EmpathyCommand.BadInput, await Run());
        Assert.Contains("01-broken.ipynb", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_explains_every_option()
    {
        Assert.Equal(EmpathyCommand.Success, await EmpathyCommand.InvokeAsync(["--help"], _output, _error));
        foreach (var option in new[] { "--notebooks", "--output", "--only", "--timeout", "--keep-going", "--no-site", "--single-file", "--student", "--no-answers", "--force" })
        {
            Assert.Contains(option, _output.ToString(), StringComparison.Ordinal);
        }
    }

    /// <summary>Runs all notebooks of the folder, whose names begin with 0, without the thousand pages of the API.</summary>
    private Task<int> Run(params string[] options) => RunWhole(options.Contains("--only") ? options : ["--only", "0", .. options]);

    private Task<int> RunWhole(params string[] options) => EmpathyCommand.InvokeAsync(
        ["--notebooks", _folder, "--output", Path.Combine(_folder, "out"), .. options], _output, _error);

    private static IEnumerable<string> Names(string folder) => Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    private void WriteLesson(string name, string answer = "**B.** It is so.") => NotebookDocument.Create(
    [
        (NotebookCellType.Markdown, "# Sums"),
        (NotebookCellType.Code, "6 * 7"),
        (NotebookCellType.Markdown, $"> **Test your knowledge 1**\n>\n> Which?\n>\n> - [ ] A. one\n> - [ ] B. two\n\n<details>\n<summary>Answer</summary>\n\n{answer}\n\n- *A*: no, it is not.\n\n</details>"),
        (NotebookCellType.Markdown, "> **Exercise 1**\n>\n> Add two numbers.\n\n<details>\n<summary>Solution</summary>\n\nIt is forty-two.\n\n</details>"),
    ]).Save(Path.Combine(_folder, name));

    private void Write(string name, string text, string code) =>
        NotebookDocument.Create([(NotebookCellType.Markdown, text), (NotebookCellType.Code, code)]).Save(Path.Combine(_folder, name));
}
