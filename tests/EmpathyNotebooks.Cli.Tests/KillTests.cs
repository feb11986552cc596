using System.Diagnostics;
using System.Text.Json.Nodes;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>Programs that are killed at a moment drawn at random leave what was there or what was to be there, whole. A build kills each a few times, <c>EMPATHY_FUZZ</c> many times.</summary>
public sealed class KillTests : IDisposable
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("EMPATHY_FUZZ") is { Length: > 0 };

    private readonly string _folder = Directory.CreateTempSubdirectory("kill").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_report_is_the_old_one_or_the_new_one()
    {
        var target = PathTo("out", "report");
        Directory.CreateDirectory(PathTo("out"));
        File.WriteAllText(PathTo("two.csv"), "study,r,n\nA,0.31,120\nB,0.12,85\n");
        string[] Words(string title) => ["analyze", PathTo("two.csv"), "--report", target, "--report-format", "md", "--report-title", title, "--force"];
        await Here(Words("New"));
        var fresh = Contents(target);
        var took = await Run(Words("Old"));
        var old = Contents(target);
        Assert.NotEqual(old, fresh);

        var (there, replaced) = (old, 0);
        await Repeat(3, took, () => Words(there == old ? "New" : "Old"), () => Directory.EnumerateDirectories(PathTo("out"), ".*").Any(), () =>
        {
            var left = Contents(target);
            Assert.True(left == old || left == fresh, left);
            if (left != there) replaced++;
            there = left;
            // As if they had been killed long ago.
            foreach (var draft in Directory.EnumerateDirectories(PathTo("out"), ".*")) Directory.Delete(draft, recursive: true);
        });
        Directory.CreateDirectory(PathTo("out", ".report.0123abcd.part"));
        Directory.CreateDirectory(PathTo("out", "..report.0123abcd.new.89abcdef.part"));
        Directory.CreateDirectory(PathTo("out", ".report.keep"));
        foreach (var left in Directory.EnumerateDirectories(PathTo("out"), ".*")) Directory.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddHours(-1));
        await Here(Words("New"));
        Assert.Equal(fresh, Contents(target));
        // What was left by those that were killed went with the next one that was not.
        Assert.Equal([".report.keep", "report"], Directory.EnumerateFileSystemEntries(PathTo("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine($"{replaced} had taken the place");
    }

    [Fact]
    public async Task A_file_of_another_form_is_the_old_one_or_the_new_one()
    {
        var file = PathTo("large.dib");
        NotebookDocument.Create([(NotebookCellType.Code, new string('x', 20_000_000))]).Save(PathTo("large.ipynb"));
        string[] words = ["convert", PathTo("large.ipynb"), "--to", "dib", "--force"];
        var took = await Run(words);
        var fresh = File.ReadAllText(file);
        File.WriteAllText(file, "old");
        await Repeat(5, took, () => words, () => Directory.EnumerateFiles(_folder, "*.part").Any(), () =>
        {
            var left = File.ReadAllText(file);
            Assert.True(left == "old" || left == fresh, $"{left.Length} letters");
            File.WriteAllText(file, "old");
        });
    }

    [Fact]
    public async Task Every_page_of_a_run_is_the_old_one_or_the_new_one()
    {
        // Without the thousand pages of the API, which are written in the same way.
        string[] words = ["run", "--notebooks", PathTo("notebooks"), "--output", PathTo("out"), "--only", "01"];
        Write("new");
        await Here(words);
        var fresh = Files(PathTo("out"));
        Directory.Delete(PathTo("out"), recursive: true);
        Write("old");
        var took = await Run(words);
        var old = Files(PathTo("out"));
        Write("new");
        await Repeat(3, took, () => words, () => Directory.EnumerateFiles(PathTo("out"), "*.part", SearchOption.AllDirectories).Any(), () =>
        {
            foreach (var (path, bytes) in Files(PathTo("out")))
            {
                Assert.True(old.TryGetValue(path, out var before) && before.SequenceEqual(bytes) || fresh.TryGetValue(path, out var after) && after.SequenceEqual(bytes), $"{path} is neither: {bytes.Length} bytes");
            }
        });
        await Here(words);
        Assert.Equal(fresh.Keys.Order(StringComparer.Ordinal), Files(PathTo("out")).Keys.Order(StringComparer.Ordinal));
        Assert.All(Files(PathTo("out")), file => Assert.Equal(fresh[file.Key], file.Value));

        void Write(string said)
        {
            Directory.CreateDirectory(PathTo("notebooks"));
            NotebookDocument.Create([(NotebookCellType.Markdown, $"# First\n\nIt is {said}."), (NotebookCellType.Code, $"\"{said}\"")]).Save(PathTo("notebooks", "01-first.ipynb"));
        }
    }

    /// <summary>One study takes the place of another in its folder: what is there is of the one or of the other, file by file, and the same command ends with the bytes of a run that nobody killed.</summary>
    [Fact]
    public async Task A_simulation_goes_on_to_the_bytes_of_one_run()
    {
        string[] Words(string seed, string folder) => ["simulate", PathTo(seed + ".json"), "--out", PathTo(folder), "--threads", "1", "--force"];
        foreach (var seed in (string[])["1", "2"])
        {
            File.WriteAllText(PathTo(seed + ".json"), $$"""{ "seed": {{seed}}, "replicates": 20000, "measure": "GEN", "k": 10, "tau2": [0, 0.1], "mean": 0, "v": 0.1, "methods": { "mean": { "tau2": "REML", "interval": ["HK", "KR"] } } }""");
        }
        await Here(Words("1", "first"));
        var took = await Run(Words("2", "second"));
        var (first, second) = (Files(PathTo("first")), Files(PathTo("second")));
        Assert.Equal(first.Keys.Order(StringComparer.Ordinal), second.Keys.Order(StringComparer.Ordinal));
        Assert.All(first, file => Assert.NotEqual(file.Value, second[file.Key]));

        var (next, kept, finished) = ("2", 0, 0);
        Directory.CreateDirectory(PathTo("out"));
        foreach (var (path, bytes) in first) File.WriteAllBytes(PathTo("out", path), bytes);
        string Journal() => PathTo("out", "shard-1-of-1.part");
        // As soon as it has begun, in the midst of its 40 blocks, or while it writes a file that is to be whole.
        var round = 0;
        bool IsAt() => (round % 3) switch
        {
            0 => File.Exists(Journal()),
            1 => Directory.EnumerateFiles(PathTo("out"), ".*.part").Any(),
            _ => new FileInfo(Journal()) is { Exists: true, Length: > 6_000 },
        };
        await Repeat(3, took, () => Words(next, "out"), IsAt, async () =>
        {
            round++;
            var (old, fresh) = next == "2" ? (first, second) : (second, first);
            foreach (var (path, bytes) in Files(PathTo("out"))) Assert.True(bytes.AsSpan().SequenceEqual(old[path]) || bytes.AsSpan().SequenceEqual(fresh[path]), $"{path} is neither: {bytes.Length} bytes");
            if (File.Exists(Journal())) kept++;
            if (Contents(PathTo("out")) == Contents(PathTo(next == "2" ? "second" : "first"))) finished++;
            await Here(Words(next, "out"));
            Assert.Equal(Contents(PathTo(next == "2" ? "second" : "first")), Contents(PathTo("out")));
            Assert.False(File.Exists(Journal()));
            next = next == "2" ? "1" : "2";
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{kept} had begun, {finished} had finished");
    }

    [Fact]
    public async Task A_kernel_is_the_old_one_or_the_new_one_with_its_whole_program()
    {
        var folder = PathTo("share", "jupyter", "kernels", "mine");
        string[] Words(string title) => ["kernel", "install", "--prefix", _folder, "--name", "mine", "--display-name", title];
        var took = await Run(Words("Old"));
        var (name, program) = Installed();
        Assert.Equal("Old", name);
        var whole = Sizes(program);
        await Repeat(5, took, () => Words("New"), () => Directory.EnumerateDirectories(folder).Count() > 1, () =>
        {
            var (said, host) = Installed();
            Assert.True(said is "Old" or "New", said);
            Assert.Equal(whole, Sizes(host));
        });
        await Run(Words("Last"));
        Assert.Equal("Last", Installed().Name);
        Assert.Single(Directory.EnumerateDirectories(folder));

        (string Name, string Program) Installed()
        {
            var spec = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!;
            return ((string)spec["display_name"]!, Path.GetDirectoryName((string)spec["argv"]![1]!)!);
        }
    }

    [Fact]
    public async Task On_a_full_disk_and_in_a_folder_that_takes_nothing_the_old_report_stays()
    {
        using var disk = SmallDisk.Mount(_folder);
        File.WriteAllText(PathTo("two.csv"), "study,r,n\nA,0.31,120\nB,0.12,85\n");
        var target = Path.Combine(disk.Folder, "report");
        string[] words = ["analyze", PathTo("two.csv"), "--report", target, "--report-format", "md", "--force"];
        Directory.CreateDirectory(target);
        File.WriteAllText(Path.Combine(target, "results.json"), """{"provenance":{"program":"EmpathyNotebooks"}}""");
        File.WriteAllText(Path.Combine(target, "report.md"), "old");
        var old = Contents(target);
        disk.Fill();
        Assert.Matches("report was not made: .*the disk is full", await Refusal(words));
        Assert.Equal(old, Contents(target));
        Assert.Equal([SmallDisk.Filler, "report"], Directory.EnumerateFileSystemEntries(disk.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        disk.TakeNothing();
        Assert.Contains($"{target} was not made: ", await Refusal(words), StringComparison.Ordinal);
        Assert.Equal(old, Contents(target));
    }

    private static async Task<string> Refusal(string[] words)
    {
        using StringWriter output = new(), error = new();
        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(words, output, error));
        return error.ToString();
    }

    /// <summary>Starts, waits for a moment drawn from a seed, kills and looks: half of the times as soon as something is being written, else any time.</summary>
    private static Task Repeat(int few, TimeSpan took, Func<string[]> words, Func<bool> isWriting, Action look) => Repeat(few, took, words, isWriting, () =>
    {
        look();
        return Task.CompletedTask;
    });

    private static async Task Repeat(int few, TimeSpan took, Func<string[]> words, Func<bool> isWriting, Func<Task> look)
    {
        var random = new Random(20260101);
        for (var i = 0; i < (IsLong ? 50 : few); i++)
        {
            using var process = ChildProcess.Start(EmpathyProcess.With(words()));
            var watch = Stopwatch.StartNew();
            var wait = took * (0.5 + 0.7 * random.NextDouble());
            if (i % 2 == 0)
            {
                // Not a moment that is already past: what another left may lie there.
                while (!process.HasExited && watch.Elapsed < took * 0.3) await Task.Delay(1, TestContext.Current.CancellationToken);
                while (!process.HasExited && !isWriting()) await Task.Delay(1, TestContext.Current.CancellationToken);
                await Task.Delay(random.Next(20), TestContext.Current.CancellationToken);
            }
            else
            {
                while (!process.HasExited && watch.Elapsed < wait) await Task.Delay(1, TestContext.Current.CancellationToken);
            }
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await look();
        }
    }

    /// <summary>Runs in this process, where the code is compiled already; the bytes are those of any process.</summary>
    private static async Task Here(string[] words)
    {
        using StringWriter output = new(), error = new();
        Assert.True(await EmpathyCommand.InvokeAsync(words, output, error) == EmpathyCommand.Success, output.ToString() + error);
    }

    private static async Task<TimeSpan> Run(string[] words)
    {
        var watch = Stopwatch.StartNew();
        var (code, output, error) = await EmpathyProcess.RunAsync(words);
        Assert.True(code == 0, output + error);
        return watch.Elapsed;
    }

    private static string Contents(string folder) => string.Join("\n", Files(folder).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key} {System.Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(f.Value))}"));

    private static Dictionary<string, byte[]> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".part", StringComparison.Ordinal)).ToDictionary(path => Path.GetRelativePath(folder, path), File.ReadAllBytes);

    private static string Sizes(string folder) => string.Join("\n", new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(f => f.FullName, StringComparer.Ordinal).Select(f => $"{Path.GetRelativePath(folder, f.FullName)} {f.Length}"));

    private string PathTo(params string[] parts) => Path.Combine([_folder, .. parts]);
}
