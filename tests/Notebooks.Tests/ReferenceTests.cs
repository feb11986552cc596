using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>What a notebook must reference.</summary>
public sealed class ReferenceTests
{
    [Theory]
    [InlineData("ForestPlot.Create(fit)", true)]
    [InlineData("ForestPlot.Create(fit).ToFigure().ToHtml()", true)]
    [InlineData("FunnelPlot.Create(fit).ToSvg(PrintOptions.OneColumn)", true)]
    [InlineData("ForestPlot.Create(fit).ToFigure().ToPlotly()", false)]
    public void Charts_are_made_shown_and_printed_without_a_reference_to_Plotly_NET(string code, bool compiles)
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var compilation = CSharpCompilation.Create("notebook",
            [CSharpSyntaxTree.ParseText($"using EmpathyNotebooks.MetaAnalysis; using EmpathyNotebooks.Plotting; class C {{ object M(PooledFit fit) => {code}; }}",
                cancellationToken: TestContext.Current.CancellationToken)],
            [
                .. Directory.EnumerateFiles(framework, "System.*.dll").Where(f => !f.Contains("Native", StringComparison.Ordinal)).Append(Path.Combine(framework, "netstandard.dll"))
                    .Select(f => MetadataReference.CreateFromFile(f)),
                MetadataReference.CreateFromFile(typeof(PooledFit).Assembly.Location), MetadataReference.CreateFromFile(typeof(ForestPlot).Assembly.Location),
            ],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var errors = compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        if (compiles) Assert.Empty(errors);
        // Only who takes the figure out needs the library it is of.
        else Assert.Contains(errors, e => e.GetMessage(System.Globalization.CultureInfo.InvariantCulture).Contains("Plotly.NET", StringComparison.Ordinal));
    }
}
