using System.Globalization;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Plotting.Tests;

/// <summary>Every plot is the same figure whatever the culture of the computer.</summary>
public sealed class CulturesTests
{
    [Fact]
    public void Figures_are_the_same_in_a_foreign_culture()
    {
        foreach (var (name, fewest, create) in PlotSet.All)
        {
            string Figure() => create(PlotSet.Fit(Math.Max(5, fewest), MetaAnalysis.DataOrigin.Own)).ToFigure().ToJson();
            Assert.True(ForeignCultures.In(CultureInfo.InvariantCulture, Figure) == ForeignCultures.In(ForeignCultures.Worst, Figure), name);
        }
    }
}
