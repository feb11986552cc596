using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Host.Tests.Kernels;

public class NotebookLibraryTests
{
    private static readonly string Library = Repository.PathTo("artifacts", "lib");

    private const string FirstCell =
        """
        #r "../artifacts/lib/EmpathyNotebooks.Interactive.dll"
        using EmpathyNotebooks; using EmpathyNotebooks.Data; using EmpathyNotebooks.MetaAnalysis; using EmpathyNotebooks.Plotting;
        Notebook.Start()
        """;

    [Fact]
    public void A_build_leaves_the_library_with_all_it_needs_where_notebooks_look()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var files = Directory.GetFiles(Library, "*.dll");

        var missing = files.SelectMany(file => References(file).Select(name => (File: Path.GetFileName(file), Needs: name + ".dll")))
            .Where(pair => !File.Exists(Path.Combine(Library, pair.Needs)) && !File.Exists(Path.Combine(framework, pair.Needs)));

        Assert.Contains(Path.Combine(Library, "EmpathyNotebooks.Interactive.dll"), files);
        Assert.Empty(missing);
    }

    [Fact]
    public void Our_assemblies_come_with_their_documentation_and_nothing_comes_from_an_older_build()
    {
        var ours = Directory.GetFiles(Library, "EmpathyNotebooks.*.dll");

        Assert.All(ours, file => Assert.True(File.Exists(Path.ChangeExtension(file, ".xml")), file));
        Assert.All(ours, file => Assert.Equal(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, Path.GetFileName(file))), File.ReadAllBytes(file)));
    }

    [Fact]
    public async Task A_notebook_that_fits_and_draws_gives_the_same_bytes_twice()
    {
        string[] cells =
        [
            FirstCell,
            "var fit = RandomEffects.Fit(Datasets.Molloy2014().Correlations());\nfit",
            "fit.Heterogeneity.Display();\nConsole.WriteLine(fit.Estimate);",
            "ForestPlot.Create(fit)",
        ];

        var first = await Run(cells);
        var second = await Run(cells);

        Assert.Equal(first, second);
        Assert.Contains("<table", first);
        Assert.Contains("data-empathy-chart", first);
    }

    private static async Task<string> Run(string[] cells)
    {
        var document = NotebookDocument.Create(cells.Select(cell => (NotebookCellType.Code, cell)));
        var kernel = new CSharpKernel(new CSharpKernelOptions { Folder = Repository.PathTo("tests") });
        foreach (var cell in document.Cells)
        {
            var result = await kernel.ExecuteAsync(cell.Source, null, TestContext.Current.CancellationToken);
            Assert.True(result.Error is null, result.Error?.ToString());
            cell.SetOutputs(result.Outputs);
        }

        return document.ToJson();
    }

    private static IEnumerable<string> References(string file)
    {
        using var reader = new PEReader(File.OpenRead(file));
        var metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
