using System.Diagnostics;
using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.DotNetInteractive.Tests;

/// <summary>What the genuine kernel gave for one cell.</summary>
/// <param name="Error">Why it failed; null when it succeeded.</param>
/// <param name="Printed">What it wrote to the console.</param>
/// <param name="Forms">What it showed, each value by media type, in order.</param>
internal sealed record GenuineResult(string? Error, string Printed, IReadOnlyList<IReadOnlyDictionary<string, string>> Forms);

/// <summary>The tool `dotnet-interactive` as a process, driven by its `stdio` protocol: one JSON command a line, and its events.</summary>
internal sealed class GenuineTool : IDisposable
{
    private readonly Process _process;
    private int _count;

    /// <summary>Starts it where the notebooks are, so that relative paths start there.</summary>
    public GenuineTool(string path, string folder)
    {
        var start = new ProcessStartInfo(path, ["stdio", "--default-kernel", "csharp"])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE"] = "1";
        _process = ChildProcess.Start(start);
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
    }

    /// <summary>Where `.ci/run` has installed the tool; null where it is not installed.</summary>
    public static string? Path
    {
        get
        {
            var file = Repository.PathTo("artifacts", "dotnet-interactive", OperatingSystem.IsWindows() ? "dotnet-interactive.exe" : "dotnet-interactive");
            return File.Exists(file) ? file : null;
        }
    }

    /// <summary>Runs a cell.</summary>
    public async Task<GenuineResult> RunAsync(string code, CancellationToken stop)
    {
        var token = FormattableString.Invariant($"cell-{++_count}");
        var command = JsonSerializer.Serialize(new { commandType = "SubmitCode", command = new { code, targetKernelName = "csharp" }, token });
        await _process.StandardInput.WriteLineAsync(command.AsMemory(), stop);
        await _process.StandardInput.FlushAsync(stop);
        var printed = "";
        var forms = new List<IReadOnlyDictionary<string, string>>();
        while (true)
        {
            var line = await _process.StandardOutput.ReadLineAsync(stop) ?? throw new InvalidOperationException("The tool ended before the cell did.");
            if (!line.StartsWith('{')) continue;
            using var message = JsonDocument.Parse(line);
            // Commands that this one gives rise to have tokens of their own.
            if (!message.RootElement.TryGetProperty("command", out var of) || of.ValueKind != JsonValueKind.Object || of.GetProperty("token").GetString() != token) continue;
            var data = message.RootElement.GetProperty("event");
            switch (message.RootElement.GetProperty("eventType").GetString())
            {
                case "CommandSucceeded":
                    return new GenuineResult(null, printed, forms);
                case "CommandFailed":
                    return new GenuineResult(data.GetProperty("message").GetString()!, printed, forms);
                case "StandardOutputValueProduced":
                    printed += string.Concat(Values(data).Values);
                    break;
                case "ReturnValueProduced" or "DisplayedValueProduced":
                    forms.Add(Values(data));
                    break;
            }
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Dictionary<string, string> Values(JsonElement data) => data.GetProperty("formattedValues").EnumerateArray()
        .ToDictionary(one => one.GetProperty("mimeType").GetString()!, one => one.GetProperty("value").GetString()!, StringComparer.Ordinal);
}
