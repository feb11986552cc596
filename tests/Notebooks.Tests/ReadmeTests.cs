using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>What the README shows works as it stands there.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task The_example_runs_and_prints_what_it_says()
    {
        var code = File.ReadAllText(Repository.PathTo("README.md")).Split("```csharp\n")[1].Split("\n```")[0];
        var folder = Directory.CreateTempSubdirectory("empathy-readme-");
        try
        {
            // A project has this using without saying so.
            var lines = "using System.IO;\n" + code.Replace("\"forest.html\"", $"@\"{Path.Combine(folder.FullName, "forest.html")}\"", StringComparison.Ordinal);
            var result = await new CSharpKernel().ExecuteAsync(lines, interrupt: TestContext.Current.CancellationToken);
            Assert.Null(result.Error);
            var printed = string.Concat(result.Outputs.OfType<Host.Documents.StreamOutput>().Select(o => o.Text));
            var said = code.Split('\n').Where(l => l.StartsWith("Console.WriteLine", StringComparison.Ordinal)).Select(l => l.Split("// ")[1].Trim());
            Assert.Equal(string.Join('\n', said) + "\n", printed.ReplaceLineEndings("\n"));
            Assert.Contains("plotly.js", File.ReadAllText(Path.Combine(folder.FullName, "forest.html")), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_file_it_links_to_is_there()
    {
        var text = File.ReadAllText(Repository.PathTo("README.md"));
        var links = System.Text.RegularExpressions.Regex.Matches(text, @"\]\((?!https?:)([^)#]+)").Select(m => m.Groups[1].Value).ToList();
        Assert.True(links.Count > 5);
        Assert.All(links, link => Assert.True(File.Exists(Repository.PathTo(link)), link));
    }
}
