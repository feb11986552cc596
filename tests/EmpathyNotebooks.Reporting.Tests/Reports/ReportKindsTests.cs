using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Every kind of fit has a report in every form, without what it cannot answer.</summary>
public sealed class ReportKindsTests
{
    // What takes long is asked of two kinds below.
    private static readonly ReportOptions Quick = new() { Sections = [.. ReportOptions.AllSections.Except([ReportSection.PublicationBias, ReportSection.Sensitivity])], Figures = ReportFigures.None };

    public static TheoryData<string> Kinds => Fits.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_fit_in_every_form(string kind)
    {
        var report = Report.Of(Fits.Ask(kind), Quick);

        FileForms.Check(report.Document);
        var headings = report.Document.Blocks.OfType<Heading>().Select(h => h.Text).ToArray();
        Assert.Contains("Results", headings);
        Assert.Contains("Model", headings);
        Assert.Equal(kind is "regression" or "means of categories" or "multilevel with moderators" or "hierarchical effects" or "multivariate" or "location-scale", headings.Contains("Moderators"));
        // No heading stands over nothing.
        for (var i = 0; i + 1 < report.Document.Blocks.Length; i++)
        {
            if (report.Document.Blocks[i] is Heading { Level: 2 }) Assert.IsNotType<Heading>(report.Document.Blocks[i + 1]);
        }
        // The estimate stands in every form as the table has it.
        var table = report.Document.Blocks.OfType<Table>().First();
        var estimate = table.Rows.SelectMany(r => r.Skip(1)).First(c => c.Length > 0);
        Assert.Contains(estimate, FileForms.WordText(WordWriter.Write(report.Document)).Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.Contains(estimate.Replace('−', '-'), FileForms.MarkdownText(MarkdownFileWriter.Write(report.Document)).Replace('−', '-'), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("random effects")]
    [InlineData("multilevel")]
    [InlineData("tables")]
    public void The_whole_folder_with_figures_is_the_same_twice(string kind)
    {
        var options = new ReportOptions { Title = "A title", Sections = [.. ReportOptions.AllSections.Except([ReportSection.Sensitivity])] };
        var files = Report.Of(Fits.Ask(kind), options).Files();
        var again = Report.Of(Fits.Ask(kind), options).Files();

        Assert.Equal(files.Select(f => f.Path), again.Select(f => f.Path));
        foreach (var (one, other) in files.Zip(again)) Assert.True(one.Content.Span.SequenceEqual(other.Content.Span), one.Path);
        foreach (var name in (string[])["report.html", "report.docx", "report.tex", "report.qmd", "report.md", "references.bib", "analysis.R", "data.csv", "results.json"]) Assert.Contains(name, files.Select(f => f.Path));
        // What the texts name stands beside them.
        var tex = Encoding.UTF8.GetString(files.Single(f => f.Path == "report.tex").Content.Span);
        var figures = Regex.Matches(tex, @"\{(figures/[^}]*)\}").Select(m => m.Groups[1].Value).ToArray();
        Assert.NotEmpty(figures);
        Assert.All(figures, name => Assert.Contains(name, files.Select(f => f.Path)));
        using var json = JsonDocument.Parse(files.Single(f => f.Path == "results.json").Content);
        Assert.Equal(JsonReport.Version, json.RootElement.GetProperty("provenance").GetProperty("version").GetString());
        Assert.True(json.RootElement.GetProperty("analysis").GetProperty("k").GetInt32() > 2);
    }

    [Fact]
    public void A_Word_file_holds_no_time_and_a_text_for_every_picture()
    {
        var docx = WordWriter.Write(Report.Of(Fits.Ask("random effects").Fit!, new() { Sections = [ReportSection.Model, ReportSection.PublicationBias], Figures = ReportFigures.Main }).Document);

        FileForms.Word(docx);
        using var zip = new ZipArchive(new MemoryStream(docx));
        Assert.All(zip.Entries, entry => Assert.Equal(1980, entry.LastWriteTime.Year));
        var core = new StreamReader(zip.GetEntry("docProps/core.xml")!.Open()).ReadToEnd();
        Assert.DoesNotContain("dcterms", core, StringComparison.Ordinal);
        var document = new StreamReader(zip.GetEntry("word/document.xml")!.Open()).ReadToEnd();
        Assert.Equal(2, Regex.Count(document, "<wp:docPr [^>]*descr=\"[^\"]{20,}\""));
        Assert.Equal(Regex.Count(document, "<w:tr>|<w:tr "), Regex.Count(document, "<w:cantSplit"));
    }

    [Fact]
    public void Simulated_data_are_called_so_in_every_form()
    {
        var fit = RandomEffects.Fit(StudyEffects.Create([0.3, 0.1, 0.4, 0.2], [0.01, 0.02, 0.015, 0.012], EffectMeasure.FisherZ, origin: new(DataKind.Simulated, "four draws")));
        var report = Report.Of(fit, Quick with { Figures = ReportFigures.Main });
        var tables = report.Document.Blocks.OfType<Table>().Count();

        foreach (var text in (string[])[HtmlPageWriter.Write(report.Document), FileForms.WordText(WordWriter.Write(report.Document)), LatexWriter.Write(report.Document), MarkdownFileWriter.Write(report.Document), MarkdownFileWriter.WriteQuarto(report.Document)])
        {
            Assert.True(Regex.Count(text, "Simulated data") > tables / 2, text[..200]);
        }
    }

    [Fact]
    public void What_is_left_out_is_named_with_its_reason()
    {
        var report = Report.Of(Fits.Ask("regression"), new() { Sections = [ReportSection.Model, ReportSection.Meaning, ReportSection.Limitations], Figures = ReportFigures.None });

        Assert.Contains(report.LeftOut, u => u.Method == "what the effect means" && u.Reason.Contains("without moderators", StringComparison.Ordinal));
        Assert.DoesNotContain(report.LeftOut, u => u.Reason.Contains("--", StringComparison.Ordinal));
        Assert.DoesNotContain("What the effect means", report.Document.Blocks.OfType<Heading>().Select(h => h.Text));
    }

    [Fact]
    public void Save_writes_a_folder_or_a_file_and_replaces_nothing_unasked()
    {
        var parent = Directory.CreateTempSubdirectory("report");
        try
        {
            var report = Report.Of(Fits.Ask("equal effects"), Quick);
            var folder = Path.Combine(parent.FullName, "one");
            report.Save(folder, formats: [ReportFormat.Html]);
            Assert.Equal(["analysis.R", "data.csv", "references.bib", "report.html", "results.json"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            File.WriteAllText(Path.Combine(folder, "mine.txt"), "mine");
            Assert.Contains("there already", Assert.Throws<IOException>(() => report.Save(folder)).Message, StringComparison.Ordinal);
            report.Save(folder, overwrite: true, formats: [ReportFormat.Html]);
            Assert.Equal("mine", File.ReadAllText(Path.Combine(folder, "mine.txt")));

            var page = Path.Combine(parent.FullName, "two.html");
            report.Save(page);
            Assert.Contains("there already", Assert.Throws<IOException>(() => report.Save(page)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => report.Save(Path.Combine(parent.FullName, "three.tex")));
            Assert.Equal(["one", "two.html"], Directory.EnumerateFileSystemEntries(parent.FullName).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }
}
