using System.Diagnostics;
using System.Globalization;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests.Simulate;

/// <summary>Simulation studies from the command line: parts, threads and interrupts change no byte of the results.</summary>
public sealed class SimulateCommandTests : SimulationFolder
{
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public async Task Shards_give_the_bytes_of_one_run(int shards)
    {
        var whole = await OfOneRunAsync();
        foreach (var i in Enumerable.Range(1, shards).Reverse())
        {
            Assert.Contains("When all", await GoodAsync(At("design.json"), "--out", At("parts"), "--shard", $"{i}/{shards}", "--threads", i % 2 == 0 ? "1" : "3"), StringComparison.Ordinal);
        }
        Assert.Equal(shards + 1, Directory.GetFiles(At("parts")).Length);

        Assert.Contains("4 cells, 10 methods, 18,000 simulated meta-analyses", await GoodAsync("merge", At("parts")), StringComparison.Ordinal);

        Assert.Equal(whole, Results("parts"));
    }

    [Fact]
    public async Task Threads_and_cultures_change_nothing_and_Parquet_has_the_numbers_of_the_CSV()
    {
        var whole = await OfOneRunAsync();
        var before = CultureInfo.CurrentCulture;
        try
        {
            // Numbers as de-DE writes them, also where the system knows no cultures.
            CultureInfo.CurrentCulture = new CultureInfo("", useUserOverride: false) { NumberFormat = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };
            await GoodAsync(At("design.json"), "--out", At("german"), "--threads", "1");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        Assert.Equal(whole, Results("german"));

        var (csv, parquet) = (StudyTable.Read(At("whole", "simulation.csv")), StudyTable.Read(At("whole", "simulation.parquet")));
        Assert.Equal((40, 40), (csv.Count, parquet.Count));
        Assert.Equal(csv.Columns.Select(c => c.Name), parquet.Columns.Select(c => c.Name));
        Assert.Contains("4,9,0.02,0.2,20 to 150,0.025,0.3,1,,bias,,UWLS,4500,", await File.ReadAllTextAsync(At("whole", "simulation.csv"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        foreach (var column in csv.Columns.Where(c => c.IsNumeric)) Assert.Equal(Enumerable.Range(0, 40).Select(column.Number), Enumerable.Range(0, 40).Select(parquet.Columns.Single(c => c.Name == column.Name).Number));
    }

    [Fact]
    public async Task A_killed_run_keeps_its_blocks_and_goes_on()
    {
        var whole = await OfOneRunAsync();
        // Long enough to be caught.
        await File.WriteAllTextAsync(At("long.json"), Design.Replace("4500", "12000", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var part = At("long", "shard-1-of-2.part");
        string[] line = [At("long.json"), "--out", At("long"), "--shard", "1/2", "--threads", "1"];
        using (var process = ChildProcess.Start(Program(line)))
        {
            await UntilAsync(() => File.Exists(part) && new FileInfo(part).Length > 8_000);
            Assert.False(process.HasExited);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        Assert.False(File.Exists(At("long", "shard-1-of-2.sums")));
        // A record that was torn is cut off.
        await using (var torn = new FileStream(part, FileMode.Append)) torn.Write(new byte[77]);

        Assert.Matches(@"^\d+ of 24 blocks were there already", await GoodAsync(line));

        Assert.False(File.Exists(part));
        await GoodAsync(At("long.json"), "--out", At("long"), "--shard", "2/2");
        await GoodAsync("merge", At("long"));
        await GoodAsync(At("long.json"), "--out", At("once"));
        Assert.Equal(Results("once"), Results("long"));
        Assert.NotEqual(whole, Results("once"));
        // What is done is not done again.
        Assert.StartsWith("24 of 24 blocks were there already", await GoodAsync(line), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_ends_with_130_and_says_what_is_kept()
    {
        Signals.Require();
        await File.WriteAllTextAsync(At("long.json"), Design.Replace("4500", "9000000", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        using var process = Signals.Start(Program(At("long.json"), "--out", At("long")));
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            var part = At("long", "shard-1-of-1.part");
            await UntilAsync(() => File.Exists(part) && new FileInfo(part).Length > 10_000);
            Assert.False(process.HasExited);
            Signals.SendInterrupt(process);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

            Assert.Equal(EmpathyCommand.Interrupted, process.ExitCode);
            Assert.Equal("", await output);
            Assert.Matches(@"^[1-9]\d* of 3,600 blocks are kept in .*long; the same command goes on from there\.\s+Interrupted\.\s*$", await error);
            Assert.True(File.Exists(part));
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    [Fact]
    public async Task A_table_says_that_it_is_simulated_and_shows_what_varies()
    {
        var text = await GoodAsync(At("design.json"), "--out", At("t"), "--table", "coverage", "--target", "mean");
        var lines = text.Split('\n');
        Assert.StartsWith("Simulated: coverage in percent, 4,500 replicates a cell, largest Monte Carlo standard error 0.", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("; τ² = 0.02, μ = 0.2, n = 20 to 150.", lines[0], StringComparison.Ordinal);
        Assert.Equal("| k | selection | REML z | REML HK | REML KR | DL z | DL HK |", lines[2]);
        Assert.StartsWith("| 4 | 0.3 of p > 0.025 | ", lines[5], StringComparison.Ordinal);
        Assert.Contains("no method of this study for prediction has it", await FaultAsync("merge", At("t"), "--table", "bias", "--target", "prediction"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Studies_with_several_effects_are_named_in_table_and_results()
    {
        await File.WriteAllTextAsync(At("several.json"), """
            { "seed": 1, "replicates": 100, "measure": "SMD", "k": 5, "tau2": 0, "mean": 0, "n": 40, "effects": [null, { "each": [1, 3], "rho": 0.6 }],
              "methods": { "mean": { "tau2": "REML", "interval": "HK" }, "robust": { "model": "CORR", "interval": ["CR2", "CR1"] } } }
            """, TestContext.Current.CancellationToken);
        var lines = (await GoodAsync(At("several.json"), "--out", At("s"), "--table", "rejection")).Split('\n');
        Assert.Equal("| effects | ρ | REML HK | CORR CR1 | CORR CR2 |", lines[2]);
        Assert.StartsWith("| 1 |  | ", lines[4], StringComparison.Ordinal);
        Assert.StartsWith("| 1, 3 | 0.6 | ", lines[5], StringComparison.Ordinal);
        var csv = await File.ReadAllTextAsync(At("s", "simulation.csv"), TestContext.Current.CancellationToken);
        Assert.Contains("2,5,0,0,40,,,\"1, 3\",0.6,mean,CORR,CR2,100,", csv, StringComparison.Ordinal);
        Assert.Equal(StudyTable.Read(At("s", "simulation.csv")).Columns.Select(c => c.Name), StudyTable.Read(At("s", "simulation.parquet")).Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task Another_study_in_the_folder_and_other_results_are_not_replaced()
    {
        UseSmallDesign();
        await OfOneRunAsync();
        await File.WriteAllTextAsync(At("other.json"), SmallDesign.Replace("\"seed\": 5", "\"seed\": 6", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Contains("this folder has another study, see design.json there", await FaultAsync(At("other.json"), "--out", At("whole")), StringComparison.Ordinal);
        await File.AppendAllTextAsync(At("whole", "simulation.csv"), "mine", TestContext.Current.CancellationToken);
        Assert.Contains("other results are there already; add --force", await FaultAsync("merge", At("whole")), StringComparison.Ordinal);
        await GoodAsync(At("other.json"), "--out", At("whole"), "--force");
        Assert.DoesNotContain("mine", await File.ReadAllTextAsync(At("whole", "simulation.csv"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        // A design in its own folder stays as its author wrote it.
        await GoodAsync(At("design.json"), "--out", At());
        Assert.Equal(SmallDesign, await File.ReadAllTextAsync(At("design.json"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Merge_names_what_is_missing_damaged_or_from_elsewhere()
    {
        UseSmallDesign();
        Assert.Contains("there is no such folder", await FaultAsync("merge", At("none")), StringComparison.Ordinal);
        Directory.CreateDirectory(At("m"));
        Assert.Contains("there is no finished shard", await FaultAsync("merge", At("m")), StringComparison.Ordinal);
        await GoodAsync(At("design.json"), "--out", At("m"), "--shard", "1/3");
        var missing = await FaultAsync("merge", At("m"));
        Assert.Contains("of 3 shards 2 are not finished: 2, 3.", missing, StringComparison.Ordinal);
        Assert.EndsWith("--shard 2/3", missing, StringComparison.Ordinal);
        await GoodAsync(At("design.json"), "--out", At("m"), "--shard", "2/3");
        await GoodAsync(At("design.json"), "--out", At("m"), "--shard", "3/3");
        var file = At("m", "shard-2-of-3.sums");
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        File.Copy(At("m", "shard-1-of-3.sums"), At("m", "shard-11-of-3.sums"));
        Assert.Contains("shard 1/3 is there twice", await FaultAsync("merge", At("m")), StringComparison.Ordinal);
        File.Delete(At("m", "shard-11-of-3.sums"));
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        Assert.Contains("shard-2-of-3.sums: this is no whole shard", await FaultAsync("merge", At("m")), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(At("m"), "simulation.*"));
        await File.WriteAllTextAsync(At("other.json"), SmallDesign.Replace("\"seed\": 5", "\"seed\": 6", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await GoodAsync(At("other.json"), "--out", At("o"), "--shard", "2/3");
        File.Copy(At("o", "shard-2-of-3.sums"), file, overwrite: true);
        Assert.Contains("shard-2-of-3.sums: this shard is of another design than shard-1-of-3.sums", await FaultAsync("merge", At("m")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shards_of_processors_that_add_in_other_ways_are_not_merged()
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.Avx2.IsSupported, "This processor adds in one way only.");
        UseSmallDesign();
        await GoodAsync(At("design.json"), "--out", At("p"), "--shard", "1/2");
        var narrow = Program(At("design.json"), "--out", At("p"), "--shard", "2/2");
        narrow.Environment["DOTNET_EnableAVX2"] = "0";
        var (code, output, error) = await ChildProcess.RunAsync(narrow);
        Assert.True(code == 0, error + output);
        Assert.Contains("shard-2-of-2.sums: its processor (X64, 2 numbers at a time) adds up in another way than that of shard-1-of-2.sums (X64, 4 numbers", await FaultAsync("merge", At("p")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("simulate needs the file of a design")]
    [InlineData("there is no such file", "none.json")]
    [InlineData("--shard 4/3: give the part and how many there are, such as 3/8", "design.json", "--shard", "4/3")]
    [InlineData("--shard 0/3: give", "design.json", "--shard", "0/3")]
    [InlineData("21 parts are more than there are blocks of replicates, 20", "design.json", "--shard", "1/21")]
    [InlineData("--shards needs --slurm or --parallel", "design.json", "--shards", "3")]
    [InlineData("--dry-run needs --slurm", "design.json", "--dry-run")]
    [InlineData("give one", "design.json", "--slurm", "--parallel")]
    [InlineData("--shard computes one part here", "design.json", "--slurm", "--shard", "1/2")]
    [InlineData("--table needs a run of the whole study", "design.json", "--shard", "1/2", "--table", "bias")]
    [InlineData("--target needs --table", "design.json", "--target", "mean")]
    [InlineData("--threads 0: give a whole number from 1", "design.json", "--threads", "0")]
    public async Task What_cannot_be_done_is_said(string words, params string[] arguments)
    {
        Assert.Contains(words, await FaultAsync([.. arguments.Select(a => a.EndsWith(".json", StringComparison.Ordinal) ? At(a) : a)]), StringComparison.Ordinal);
        Assert.False(Directory.Exists("design-results"));
    }

    [Fact]
    public async Task Help_is_as_it_was()
    {
        var golden = Repository.PathTo("tests", "EmpathyNotebooks.Cli.Tests", "Simulate", "help.txt");
        var text = "";
        foreach (var line in (string[][])[["--help"], ["merge", "--help"]])
        {
            text += (await ChildProcess.RunAsync(Program(line))).Output.ReplaceLineEndings("\n");
        }
        text = string.Join('\n', text.Split('\n').Select(l => l.TrimEnd())).TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("EMPATHY_WRITE_GOLDEN") is not null) await File.WriteAllTextAsync(golden, text, TestContext.Current.CancellationToken);
        Assert.Equal((await File.ReadAllTextAsync(golden, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n"), text);
    }

    private void UseSmallDesign() => File.WriteAllText(At("design.json"), SmallDesign);

    private static async Task UntilAsync(Func<bool> isSo)
    {
        var watch = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), "It did not begin within a minute.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
