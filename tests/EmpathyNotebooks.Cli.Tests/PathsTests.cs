using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>A path that is empty, a folder for a file, a file for a folder: every command says so in its own words, and not in those of .NET.</summary>
public sealed class PathsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-paths-").FullName;

    public PathsTests()
    {
        Directory.CreateDirectory(At("dir"));
        Directory.CreateDirectory(At("nb"));
        File.WriteAllText(At("file"), "mine");
        File.WriteAllText(At("two.csv"), "study,r,n\nA,0.31,120\nB,0.12,85\nC,0.2,50\n");
        File.WriteAllText(At("c.json"), """{ "databases": { "PsycINFO": 812 }, "recordsExcluded": 700, "studiesIncluded": 55 }""");
        File.WriteAllText(At("design.json"), """{ "seed": 1, "replicates": 20, "measure": "GEN", "k": 5, "tau2": 0.1, "mean": 0, "v": 0.1, "methods": { "mean": { "tau2": "REML", "interval": "HK" } } }""");
        NotebookDocument.Create([(NotebookCellType.Markdown, "# One"), (NotebookCellType.Code, "6 * 7")]).Save(At("nb", "one.ipynb"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // What is asked, with ? for the path, and whether a file or a folder is wanted there.
    public static TheoryData<string, string> Places => new()
    {
        { "analyze ?", "read file" }, { "check ?", "read file" }, { "prisma ?", "read file" }, { "convert ? --to md", "read file" }, { "simulate ? --out @out", "read file" }, { "kernel start ?", "read file" },
        { "analyze @two.csv --r-code ?", "write file" }, { "analyze @two.csv --multiverse --multiverse-csv ?", "write file" }, { "check @two.csv --page ?", "write file" }, { "prisma @c.json --output ?", "write file" },
        { "convert @nb/one.ipynb --to md --output ?", "write file" },
        { "run --notebooks ?", "read folder" }, { "simulate merge ?", "read folder" }, { "new study --output ?", "read folder" },
        { "analyze @two.csv --report ?", "write folder" }, { "run --no-site --notebooks @nb --output ?", "write folder" }, { "simulate @design.json --out ?", "write folder" }, { "kernel install --prefix ?", "write folder" },
        { "kernel uninstall --prefix ?", "write folder" }, { "kernel list --prefix ?", "write folder" }, { "--no-site --notebooks @nb --output ?", "write folder" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task An_empty_path_is_said_to_be_empty(string command, string place)
    {
        foreach (var path in (string[])["", "  "])
        {
            var (code, error) = await RunAsync(command, path);
            Assert.Equal(EmpathyCommand.BadInput, code);
            Assert.Matches($@"^(--[a-z-]+|The argument [A-Za-z-]+) is empty; name a {place.Split(' ')[1]}\.\nTry --help for all options\.\n$", error);
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task What_is_of_the_other_kind_is_named(string command, string place)
    {
        var before = Snapshot();
        string[] wrong = place switch
        {
            "read file" => [At("dir"), At("nothing"), At("file", "below")],
            "write file" => [At("dir")],
            "read folder" => [At("file"), At("nothing"), At("file", "below")],
            _ => [At("file"), At("file", "below"), At("file", "deep", "below")],
        };
        foreach (var path in wrong)
        {
            var (code, error) = await RunAsync(command, path);
            Assert.True(code == EmpathyCommand.BadInput, $"{path}: {code} {error}");
            Assert.Contains(path, error, StringComparison.Ordinal);
            Assert.Matches(Directory.Exists(path) ? "is a folder" : place.EndsWith("folder", StringComparison.Ordinal) ? "is a file|there is no (such )?folder" : "there is no such file", error);
            Assert.DoesNotMatch(@"Parameter '|Could not find|Access to the path|Exception|\(os error", error);
        }
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task A_figure_has_one_of_some_endings()
    {
        var (code, error) = await RunAsync("prisma @c.json --output ?", At("flow.gif"));
        Assert.Equal((EmpathyCommand.BadInput, $"--output {At("flow.gif")}: give the file one of the endings .svg, .pdf, .png, .html."), (code, error.Trim()));
    }

    private async Task<(int Code, string Error)> RunAsync(string command, string path)
    {
        string[] words = [.. command.Split(' ').Select(word => word == "?" ? path : word.StartsWith('@') ? At(word[1..].Split('/')) : word)];
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await EmpathyCommand.InvokeAsync(words, output, error);
        return (code, error.ToString().Replace("\r", "", StringComparison.Ordinal));
    }

    private string Snapshot() => string.Join('\n', Directory.EnumerateFileSystemEntries(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => $"{path} {(File.Exists(path) ? File.ReadAllText(path).Length : 0)}"));

    private string At(params string[] parts) => Path.Combine([_folder, .. parts]);
}
