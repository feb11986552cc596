using System.Diagnostics;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>Where standard output takes nothing, that is said, and not that some file cannot be written.</summary>
public sealed class StandardOutputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-stdout-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Commands =>
    [
        "--help", "analyze two.csv", "analyze two.csv --json", "analyze two.csv --r-code /dev/stdout", "check two.csv", "check two.csv --json", "prisma counts.json", "simulate design.json --out out", "new study", "kernel list",
        "convert one.ipynb --to md", "convert one.ipynb --to md --output -", "convert one.ipynb --to dib --output /dev/stdout", "run --notebooks . --output results --no-site",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task It_is_named_in_one_sentence(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A device that is always full is Linux's.");
        WriteFiles();
        var (code, error) = await RunAsync(command, "> /dev/full");
        Assert.Equal("Standard output was not written, or not all of it: the disk is full, or what this user may take of it.", error.Split('\n').Last(line => line.Length > 0));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(EmpathyCommand.NotPrinted, code);
    }

    [Fact]
    public async Task What_is_wrong_has_its_code_where_it_cannot_be_said()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A device that is always full is Linux's.");
        Assert.Equal((EmpathyCommand.BadInput, ""), await RunAsync("analyze nothing.csv", "2> /dev/full"));
        Assert.Equal((EmpathyCommand.BadInput, ""), await RunAsync("analyze nothing.csv", "> /dev/full 2> /dev/full"));
    }

    [Fact]
    public async Task A_closed_one_is_said_to_be_closed()
    {
        using var gone = new MemoryStream();
        gone.Dispose();
        var error = new StringWriter();
        Assert.Equal(EmpathyCommand.NotPrinted, await EmpathyCommand.InvokeAsync(["--help"], StandardOutput.To(gone), error));
        Assert.Equal("Standard output was not written, or not all of it: it is closed.", error.ToString().Trim());
        // Nobody can be told of what the error stream does not take.
        await StandardOutput.To(gone, isError: true).WriteLineAsync("lost");
    }

    [Theory]
    [InlineData("ipynb")]
    [InlineData("dib")]
    [InlineData("cs")]
    [InlineData("md")]
    [InlineData("html")]
    public async Task A_hyphen_prints_what_a_file_would_hold_and_writes_none(string form)
    {
        NotebookDocument.Create([(NotebookCellType.Markdown, "# One"), (NotebookCellType.Code, "6 * 7")]).Save(At("one.ipynb"));
        var source = At("one.ipynb");
        if (form == "ipynb")
        {
            Assert.Equal(EmpathyCommand.Success, await EmpathyCommand.InvokeAsync(["convert", source, "--to", "dib"], TextWriter.Null, TextWriter.Null));
            source = At("one.dib");
        }
        var (printed, file) = (new StringWriter(), At("written." + form));
        Assert.Equal(EmpathyCommand.Success, await EmpathyCommand.InvokeAsync(["convert", source, "--output", file], TextWriter.Null, TextWriter.Null));
        var there = Directory.GetFiles(_folder);
        Assert.Equal(EmpathyCommand.Success, await EmpathyCommand.InvokeAsync(["convert", source, "--to", form, "--output", "-"], printed, TextWriter.Null));
        Assert.Equal(File.ReadAllText(file), printed.ToString());
        Assert.Equal(there, Directory.GetFiles(_folder));
        Assert.False(File.Exists("-"));
    }

    [Fact]
    public async Task A_hyphen_has_no_ending()
    {
        NotebookDocument.Create([(NotebookCellType.Markdown, "# One")]).Save(At("one.ipynb"));
        var error = new StringWriter();
        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["convert", At("one.ipynb"), "--output", "-"], TextWriter.Null, error));
        Assert.Equal("--output -: say which form is wanted: --to cs|dib|ipynb|html|md.", error.ToString().Trim());
    }

    private void WriteFiles()
    {
        File.WriteAllText(At("two.csv"), "study,r,n\nA,0.31,120\nB,0.12,85\n");
        File.WriteAllText(At("counts.json"), """{ "databases": { "PsycINFO": 812 }, "recordsExcluded": 700, "studiesIncluded": 55 }""");
        File.WriteAllText(At("design.json"), """{ "seed": 1, "replicates": 20, "measure": "GEN", "k": 5, "tau2": 0.1, "mean": 0, "v": 0.1, "methods": { "mean": { "tau2": "REML", "interval": "HK" } } }""");
        NotebookDocument.Create([(NotebookCellType.Markdown, "# One"), (NotebookCellType.Code, "6 * 7")]).Save(At("one.ipynb"));
    }

    private async Task<(int Code, string Error)> RunAsync(string command, string redirection)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec \"$0\" \"$1\" {command} {redirection}", DotNetHost.Path, EmpathyProcess.Assembly]) { WorkingDirectory = _folder };
        var (code, _, error) = await ChildProcess.RunAsync(start);
        return (code, error);
    }

    private string At(string file) => Path.Combine(_folder, file);
}
