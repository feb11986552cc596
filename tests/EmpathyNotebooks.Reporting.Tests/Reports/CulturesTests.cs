using System.Globalization;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Reporting.Tests.Reports;

/// <summary>A report has the same bytes whatever the culture of the computer: text, tables, figures, data, JSON and R code.</summary>
public sealed class CulturesTests
{
    [Theory]
    [InlineData("multilevel with moderators")]
    [InlineData("tables")]
    public void Reports_have_the_same_bytes_in_every_culture(string kind)
    {
        IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> Files() => Report.Of(Fits.Ask(kind)).Files([ReportFormat.Markdown, ReportFormat.Latex]);
        var plain = ForeignCultures.In(CultureInfo.InvariantCulture, Files);
        Assert.True(plain.Count > 4);
        Assert.Equal("\u061C\u22121,5", (-1.5).ToString(ForeignCultures.Worst));
        foreach (var culture in ForeignCultures.All)
        {
            var foreign = ForeignCultures.In(culture, Files);
            Assert.Equal(plain.Select(f => f.Path), foreign.Select(f => f.Path));
            foreach (var (one, other) in plain.Zip(foreign))
            {
                Assert.True(one.Content.Span.SequenceEqual(other.Content.Span), $"{one.Path} differs in {culture.Name}");
            }
        }
    }
}
