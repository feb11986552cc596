using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>What the READMEs show works as it stands there.</summary>
public sealed partial class ReadmeTests
{
    /// <summary>Those that show code, in the order in which one goes on from the other.</summary>
    private static readonly string[] WithCode = ["README.md", "src/EmpathyNotebooks.Plotting/README.md"];

    public static TheoryData<string> Readmes => ["README.md", "CONTRIBUTING.md", .. Directory.EnumerateFiles(Repository.PathTo("src"), "README.md", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')).Where(file => !file.Split('/').Any(part => part is "bin" or "obj")).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Their_examples_run_one_after_the_other_and_print_what_they_say()
    {
        string[] blocks = [.. WithCode.SelectMany(file => File.ReadAllText(Repository.PathTo(file)).Split("```csharp\n").Skip(1)).Select(part => part.Split("\n```")[0])];
        Assert.True(blocks.Length >= 3);
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

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Every_file_and_heading_it_links_to_is_there(string readme)
    {
        var links = Link().Matches(File.ReadAllText(Repository.PathTo(readme))).Select(m => (File: m.Groups[1].Value, Heading: m.Groups[2].Value)).ToList();
        if (readme == "README.md") Assert.True(links.Count > 5);
        Assert.All(links, link =>
        {
            var file = link.File.Length == 0 ? Repository.PathTo(readme) : Path.GetFullPath(link.File, Path.GetDirectoryName(Repository.PathTo(readme))!);
            Assert.True(File.Exists(file), link.File);
            if (link.Heading.Length > 0) Assert.Contains(link.Heading, File.ReadLines(file).Where(line => line.StartsWith('#')).Select(Anchor));
        });
    }

    /// <summary>How a page of the repository names a heading.</summary>
    private static string Anchor(string heading) => NoAnchor().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [System.Text.RegularExpressions.GeneratedRegex(@"\]\((?!https?:)([^)#]*)#?([^)]*)\)")]
    private static partial System.Text.RegularExpressions.Regex Link();

    [System.Text.RegularExpressions.GeneratedRegex(@"[^\w\- ]")]
    private static partial System.Text.RegularExpressions.Regex NoAnchor();

    /// <summary>The files an example writes; those it only reads about stand in comments.</summary>
    [System.Text.RegularExpressions.GeneratedRegex("(?<!Read\\()\"([\\w-]+\\.(?:html|pdf|svg|png))\"")]
    private static partial System.Text.RegularExpressions.Regex FileName();
}
