using System.Collections.Concurrent;
using System.Diagnostics;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests.Simulate;

/// <summary>A folder with a small design, and ways to run it.</summary>
public abstract class SimulationFolder : IDisposable
{
    /// <summary>Every measure of time is short: 4 cells of 5 blocks, with methods of all targets.</summary>
    protected const string Design =
        """
        {
          "seed": 5, "replicates": 4500, "measure": "ZCOR", "k": [4, 9], "tau2": 0.02, "mean": 0.2, "n": { "from": 20, "to": 150 }, "selection": [null, { "p": 0.025, "weight": 0.3 }],
          "methods": { "mean": { "tau2": ["REML", "DL"], "interval": ["z", "HK", "KR"] }, "tau2": { "tau2": "REML", "interval": ["QP", "PL"] },
            "prediction": { "tau2": "REML", "interval": "HK" }, "bias": ["PET-PEESE", "UWLS"] }
        }
        """;

    protected static readonly string[] ResultFiles = ["simulation.csv", "simulation.parquet"];

    /// <summary>The design with one block in each of its cells, for tests that ask for no more.</summary>
    protected static readonly string SmallDesign = Design.Replace("4500", "500", StringComparison.Ordinal);

    private static readonly ConcurrentDictionary<string, Lazy<Task<(string Name, byte[] Bytes)[]>>> OneRuns = new(StringComparer.Ordinal);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("empathy-simulate-");

    protected SimulationFolder() => File.WriteAllText(At("design.json"), Design);

    protected StringWriter Output { get; } = new();

    protected StringWriter Error { get; } = new();

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string At(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);

    protected Task<int> RunAsync(params string[] arguments) => EmpathyCommand.InvokeAsync(["simulate", .. arguments], Output, Error);

    protected async Task<string> GoodAsync(params string[] arguments)
    {
        Output.GetStringBuilder().Clear();
        Error.GetStringBuilder().Clear();
        Assert.True(await RunAsync(arguments) == EmpathyCommand.Success, Error.ToString());
        Assert.Equal("", Error.ToString());
        return Output.ToString();
    }

    protected async Task<string> FaultAsync(params string[] arguments)
    {
        Error.GetStringBuilder().Clear();
        Assert.Equal(EmpathyCommand.BadInput, await RunAsync(arguments));
        return Error.ToString().Trim();
    }

    /// <summary>The results of one run, which all other ways have to give to the byte, with its folder. A design is run once, and its folder laid out anew for each test that asks for it.</summary>
    protected async Task<byte[][]> OfOneRunAsync()
    {
        var design = await File.ReadAllTextAsync(At("design.json"), TestContext.Current.CancellationToken);
        var files = await OneRuns.GetOrAdd(design, _ => new(async () =>
        {
            await GoodAsync(At("design.json"), "--out", At("once"), "--threads", "2");
            var found = Directory.GetFiles(At("once")).Select(path => (Path.GetFileName(path), File.ReadAllBytes(path))).ToArray();
            Directory.Delete(At("once"), recursive: true);
            return found;
        })).Value;
        Directory.CreateDirectory(At("whole"));
        foreach (var (name, bytes) in files) await File.WriteAllBytesAsync(At("whole", name), bytes, TestContext.Current.CancellationToken);
        return Results("whole");
    }

    protected byte[][] Results(string folder) => [.. ResultFiles.Select(f => File.ReadAllBytes(At(folder, f)))];

    protected static ProcessStartInfo Program(params string[] arguments) => EmpathyProcess.With(["simulate", .. arguments]);

    /// <summary>Fails where everything has to be there, and skips elsewhere.</summary>
    protected static void RequireTools(params string[] names)
    {
        string[] missing = [.. names.Where(name => Find(name) is null)];
        if (missing.Length == 0) return;
        if (Repository.IsContinuousIntegration) Assert.Fail($"Not installed: {string.Join(", ", missing)}; .ci/run installs them.");
        Assert.Skip($"Not installed: {string.Join(", ", missing)}.");
    }

    /// <summary>A program on the path, or where administrators' programs are.</summary>
    protected static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':').Where(d => d.Length > 0).Select(d => Path.Combine(d, name)).FirstOrDefault(File.Exists);
}
