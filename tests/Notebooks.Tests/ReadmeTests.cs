using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>What the README shows works as it stands there.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task Its_examples_run_one_after_the_other_and_print_what_they_say()
    {
        string[] blocks = [.. File.ReadAllText(Repository.PathTo("README.md")).Split("```csharp\n").Skip(1).Select(part => part.Split("\n```")[0])];
        Assert.True(blocks.Length >= 2);
        var folder = Directory.CreateTempSubdirectory("empathy-readme-");
        try
        {
            var kernel = new CSharpKernel();
            // A project has this using without saying so.
            Assert.Null((await kernel.ExecuteAsync("using System.IO;", interrupt: TestContext.Current.CancellationToken)).Error);
            foreach (var code in blocks)
            {
                var files = FileName().Matches(code).Select(m => m.Groups[1].Value).Distinct().ToList();
                var lines = FileName().Replace(code, m => $"@\"{Path.Combine(folder.FullName, m.Groups[1].Value)}\"");
                var result = await kernel.ExecuteAsync(lines, interrupt: TestContext.Current.CancellationToken);
                Assert.Null(result.Error);
                var printed = string.Concat(result.Outputs.OfType<Host.Documents.StreamOutput>().Select(o => o.Text));
                var said = code.Split('\n').Where(l => l.StartsWith("Console.WriteLine", StringComparison.Ordinal)).Select(l => l.Split("// ")[1].Trim() + "\n");
                Assert.Equal(string.Concat(said), printed.ReplaceLineEndings("\n"));
                Assert.All(files, file => Assert.True(new FileInfo(Path.Combine(folder.FullName, file)).Length > 1000, file));
            }
            Assert.Contains("plotly.js", File.ReadAllText(Path.Combine(folder.FullName, "forest.html")), StringComparison.Ordinal);
            Assert.Contains("data-empathy-explorer", File.ReadAllText(Path.Combine(folder.FullName, "explorer.html")), StringComparison.Ordinal);
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

    /// <summary>The files an example writes; those it only reads about stand in comments.</summary>
    [System.Text.RegularExpressions.GeneratedRegex("(?<!Read\\()\"([\\w-]+\\.(?:html|pdf|svg|png))\"")]
    private static partial System.Text.RegularExpressions.Regex FileName();
}
