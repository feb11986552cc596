using System.Reflection;

namespace EmpathyNotebooks.DotNetInteractive.Tests;

/// <summary>
/// A reader writes <c>using Deedle;</c> beside ours, in any lesson and in any order: a name that both have is an error at the reader's line.
/// </summary>
public class NameClashTests
{
    /// <summary>What is opened by itself in a cell of .NET Interactive, and what a reader of these notebooks opens.</summary>
    private static readonly string[] Opened =
    [
        "System", "System.IO", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq", "System.Globalization", "System.Numerics",
        "Microsoft.AspNetCore.Html", "Microsoft.DotNet.Interactive", "Microsoft.DotNet.Interactive.Formatting", "Microsoft.DotNet.Interactive.FSharp",
        "Deedle", "MathNet.Numerics", "MathNet.Numerics.Statistics", "MathNet.Numerics.Distributions", "MathNet.Numerics.LinearAlgebra", "Plotly.NET",
        "Microsoft.DotNet.Interactive.Commands", "Microsoft.DotNet.Interactive.Events",
    ];

    private static readonly string[] Libraries =
    [
        "System.Private.CoreLib", "System.Runtime", "System.Linq", "System.Collections", "System.Numerics.Tensors", "Deedle", "MathNet.Numerics", "Plotly.NET",
        "Microsoft.DotNet.Interactive", "Microsoft.DotNet.Interactive.Formatting",
    ];

    [Fact]
    public void No_public_name_is_also_a_name_of_a_library_that_is_opened_beside_ours()
    {
        var ours = new[] { typeof(Notebook).Assembly, typeof(Data.StudyTable).Assembly, typeof(MetaAnalysis.StudyEffects).Assembly, typeof(Plotting.ForestPlot).Assembly, typeof(Reporting.Report).Assembly }
            .SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => !type.IsNested)
            .ToLookup(type => type.Name);
        var theirs = Libraries.Select(Assembly.Load).SelectMany(assembly => assembly.GetExportedTypes()).Where(type => !type.IsNested && Opened.Contains(type.Namespace)).ToList();

        Assert.Contains(theirs, type => type.FullName == "Deedle.Direction");
        Assert.Contains(theirs, type => type.Namespace == "MathNet.Numerics.Statistics");
        Assert.Contains(theirs, type => type.Namespace == "Plotly.NET");
        Assert.Contains(theirs, type => type.Namespace == "Microsoft.DotNet.Interactive");
        Assert.Empty(theirs.Where(type => ours.Contains(type.Name)).Select(type => $"{type.FullName} and {ours[type.Name].First().FullName}").Distinct());
    }
}
