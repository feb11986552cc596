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
    // What draws at random is asked of the kind that has the fewest methods; that each of them gives the same twice stands with its own tests.
    [InlineData("random effects", ReportSection.PublicationBias)]
    [InlineData("multilevel", ReportSection.Sensitivity)]
    [InlineData("tables", ReportSection.Sensitivity)]
    public void The_whole_folder_with_figures_is_the_same_twice(string kind, ReportSection without)
    {
        var options = new ReportOptions { Title = "A title", Sections = [.. ReportOptions.AllSections.Except([without])] };
        var files = Report.Of(Few(kind), options).Files(interrupt: TestContext.Current.CancellationToken);
        var again = Report.Of(Few(kind), options).Files(interrupt: TestContext.Current.CancellationToken);

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

    private static Inquiry Few(string kind) => kind == "tables" ? Fits.Ask(kind) : Fits.Ask(kind, ("--bootstrap", 99UL), ("--permutations", 99UL));

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

    [Theory]
    [InlineData(5, true)]
    [InlineData(9, true)]
    [InlineData(10, false)]
    public void Few_studies_are_warned_of_once_at_the_head_of_publication_bias(int count, bool warns)
    {
        double[] y = [0.3, 0.1, 0.45, 0.2, 0.38, 0.05, 0.33, 0.12, 0.28, 0.02], v = [0.01, 0.02, 0.015, 0.012, 0.02, 0.018, 0.014, 0.02, 0.013, 0.011];
        var fit = RandomEffects.Fit(StudyEffects.Create(y[..count], v[..count], EffectMeasure.FisherZ));
        const string warning = "with fewer than 10 tests of funnel asymmetry can hardly tell bias from chance";
        var report = Report.Of(fit, new() { Sections = [ReportSection.PublicationBias, ReportSection.Limitations], Figures = ReportFigures.None });
        Note[] notes = [.. report.Document.Blocks.OfType<Note>().Where(n => n.Text.Contains(warning, StringComparison.Ordinal))];
        Assert.Equal(warns ? 1 : 0, notes.Length);
        if (warns) Assert.IsType<Heading>(report.Document.Blocks[report.Document.Blocks.IndexOf(notes[0]) - 1]);
        // The same of all methods asked together elsewhere.
        var answers = Questions.Ask(Inquiry.Of(fit) with { Said = new OptionValues(new Dictionary<string, object> { ["--bias"] = true, ["--seed"] = 3UL }) });
        Assert.Equal(warns ? 1 : 0, answers.Count(a => a.Blocks is [Note { Text: var text }] && text.Contains(warning, StringComparison.Ordinal)));
        Assert.Equal(warns, answers.SelectMany(a => a.Warnings).Any(w => w.Contains(warning, StringComparison.Ordinal)));
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
    public void A_name_from_data_is_no_symbol_and_a_title_says_that_data_are_simulated()
    {
        var fit = RandomEffects.Fit(StudyEffects.Create([0.3, 0.1, 0.4, 0.2], [0.01, 0.02, 0.015, 0.012], EffectMeasure.FisherZ, ["A", "B", "F", "k"], origin: new(DataKind.Simulated, "four draws")));
        var few = new OptionValues(new Dictionary<string, object> { ["--bootstrap"] = 99UL, ["--permutations"] = 99UL });
        var report = Report.Of(Inquiry.Of(fit) with { Said = few }, new() { Sections = [ReportSection.Model, ReportSection.Sensitivity, ReportSection.Appendix], Figures = ReportFigures.None });
        var markdown = MarkdownFileWriter.Write(report.Document);

        Assert.DoesNotMatch(@"\| \*[BFk]\* \|", markdown.Replace("| *k* | *N*", "", StringComparison.Ordinal));
        Assert.Equal("Meta-analysis of simulated data: four draws", report.Title);
        Assert.Contains(",origin\n", Encoding.UTF8.GetString(report.Files([], TestContext.Current.CancellationToken).Single(f => f.Path == "data.csv").Content.Span), StringComparison.Ordinal);
        Assert.Contains("\"data\": \"simulated\"", Encoding.UTF8.GetString(report.Files([], TestContext.Current.CancellationToken).Single(f => f.Path == "results.json").Content.Span), StringComparison.Ordinal);
        // Notes in a row are sentences, each with its stop.
        Assert.DoesNotContain("Note: ", markdown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("location-scale")]
    [InlineData("multilevel with moderators")]
    [InlineData("tables")]
    public void No_reason_names_an_option_of_the_command_line(string kind)
    {
        var report = Report.Of(Fits.Ask(kind), new() { Sections = [ReportSection.PublicationBias, ReportSection.Limitations], Figures = ReportFigures.All });

        Assert.NotEmpty(report.LeftOut);
        Assert.All(report.LeftOut, u => Assert.DoesNotContain("--", u.Reason, StringComparison.Ordinal));
        Assert.DoesNotContain("--", string.Join('\n', report.Document.Blocks.OfType<Paragraph>().Select(p => p.Text)), StringComparison.Ordinal);
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
            // It is replaced as a whole, so that what no report wrote is in the way, and nothing of the old one stays.
            Assert.Contains("mine.txt", Assert.Throws<IOException>(() => report.Save(folder, overwrite: true)).Message, StringComparison.Ordinal);
            Assert.Equal("mine", File.ReadAllText(Path.Combine(folder, "mine.txt")));
            File.Delete(Path.Combine(folder, "mine.txt"));
            Directory.CreateDirectory(Path.Combine(folder, "figures"));
            File.WriteAllText(Path.Combine(folder, "figures", "figure-9-old.svg"), "old");
            report.Save(folder, overwrite: true, formats: [ReportFormat.Markdown]);
            Assert.Equal(["analysis.R", "data.csv", "references.bib", "report.md", "results.json"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            var other = Directory.CreateDirectory(Path.Combine(parent.FullName, "other")).FullName;
            File.WriteAllText(Path.Combine(other, "results.json"), "{\"provenance\": {\"program\": \"another\"}}");
            Assert.Contains("no report", Assert.Throws<IOException>(() => report.Save(other, overwrite: true)).Message, StringComparison.Ordinal);
            Directory.Delete(other, recursive: true);

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
