using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// A whole analysis as a report: data, model, heterogeneity, moderators, dependence, publication bias, sensitivity and meaning, each with sentences, tables and figures; methods with sources, a summary in
/// plain language, warnings, references, and code of R. It says what the <see cref="Questions"/> answer, and names what a fit cannot answer with the reason.
/// </summary>
/// <remarks>
/// The same fit, options and version give the same bytes on one system: no date, machine or folder stands in it. It is a draft for an author, who knows what the studies are about; it judges no study.
/// </remarks>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ));
/// Report report = Report.Of(fit, new() { Title = "Four studies", Figures = ReportFigures.Main });
/// report.Save("four-studies");          // a folder: pages, Word, LaTeX, Quarto, Markdown, figures, data, code of R
/// report.Save("four-studies.docx");     // or one file
/// </code></example>
public sealed partial class Report
{
    private const string ResultsFile = "results.json";
    private const int MostNamed = 3;

    private readonly ReportBuilder _built;

    private Report(ReportBuilder built, Document document) => (_built, Document) = (built, document);

    /// <summary>A report on a fit of any kind.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">What it has in it; everything if not said.</param>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    public static Report Of(IModelFit fit, ReportOptions? options = null)
    {
        options ??= new ReportOptions();
        return Of(Inquiry.Of(fit) with { Correction = fit is DependentFit ? options.Correction : null }, options);
    }

    /// <summary>A report on counts pooled as tables or rates.</summary>
    /// <param name="counts">The pooled counts.</param>
    /// <param name="options">What it has in it; everything if not said.</param>
    public static Report Of(TwoByTwoFit counts, ReportOptions? options = null) => Of(Inquiry.Of(counts), options);

    /// <summary>A report on what is asked about, with the options that were said.</summary>
    /// <param name="inquiry">What is asked about; its progress is told, and it can be ended.</param>
    /// <param name="options">What it has in it; everything if not said.</param>
    /// <exception cref="QuestionException">Something was asked by name that this kind of fit does not answer.</exception>
    public static Report Of(Inquiry inquiry, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inquiry);
        var builder = new ReportBuilder(inquiry, options ?? new ReportOptions());
        return new Report(builder, builder.Build());
    }

    /// <summary>The title.</summary>
    public string Title => Document.Title;

    /// <summary>The report as blocks, for any writer.</summary>
    public Document Document { get; }

    /// <summary>What was left out, with the reason.</summary>
    public ImmutableArray<Unanswered> LeftOut => _built.LeftOut;

    /// <summary>The keys of the sources it names.</summary>
    public ImmutableArray<string> Sources => _built.Sources;

    /// <summary>The code of R that gives the same numbers; null where R's packages do not have the method, which <see cref="LeftOut"/> says.</summary>
    public string? RCode => _built.RCode;

    /// <summary>The files of the report, as they stand in its folder.</summary>
    /// <param name="formats">The forms; all if not said.</param>
    /// <param name="interrupt">Ends it.</param>
    public IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> Files(IReadOnlyCollection<ReportFormat>? formats = null, CancellationToken interrupt = default)
    {
        formats ??= Enum.GetValues<ReportFormat>();
        List<(string, ReadOnlyMemory<byte>)> files = [];
        foreach (var format in Enum.GetValues<ReportFormat>().Where(formats.Contains))
        {
            interrupt.ThrowIfCancellationRequested();
            files.Add(("report" + EndingOf(format), Content(format)));
        }
        foreach (var (figure, name) in new NumberedDocument(Document).Figures)
        {
            interrupt.ThrowIfCancellationRequested();
            files.Add(($"figures/{name}.svg", Encoding.UTF8.GetBytes(figure.Plot.ToSvg(ReportPrint.Options))));
            files.Add(($"figures/{name}.pdf", figure.Plot.ToPdf(ReportPrint.Options)));
            files.Add(($"figures/{name}.png", figure.Plot.ToPng(ReportPrint.Options)));
        }
        files.Add(("references.bib", Utf8(Bibliography.BibTeX(Sources))));
        if (RCode is { } code) files.Add(("analysis.R", Utf8(code)));
        files.Add(("data.csv", Utf8(AnalysedData.Csv(_built.Inquiry))));
        files.Add((ResultsFile, Utf8(ReportJson.Write(_built))));
        return files;
    }

    /// <summary>Writes the report: a folder with all of it, or one page or Word file where the name ends with .html or .docx. Whole or not at all.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="overwrite">Whether a file or a folder that a report wrote may be replaced, the folder as a whole; false, the default, refuses.</param>
    /// <param name="formats">The forms that a folder has; all if not said.</param>
    /// <exception cref="ArgumentException">The name ends with .tex, .qmd or .md: their figures stand beside them, in a folder.</exception>
    /// <exception cref="IOException">The place is taken, or cannot be written to; nothing has changed then.</exception>
    public void Save(string path, bool overwrite = false, IReadOnlyCollection<ReportFormat>? formats = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var ending = Path.GetExtension(path).ToLowerInvariant();
        ReportFormat? single = Enum.GetValues<ReportFormat>().Where(format => EndingOf(format) == ending).Select(format => (ReportFormat?)format).FirstOrDefault();
        switch (single)
        {
            case null:
                if (overwrite)
                {
                    // Before anything is computed.
                    RequireReplaceable(path);
                    Replace(path, Files(formats), default);
                    return;
                }
                if (WholeFolder.Holds(path) is { } there) throw new IOException($"{path}: this folder is there already and holds {there}. Give another name, or allow to replace a report by overwrite: true.");
                WholeFolder.Write(path, Files(formats), replaces: false, default);
                return;
            case ReportFormat.Html or ReportFormat.Word:
                if (!overwrite && File.Exists(path)) throw new IOException($"{path}: this file is there already. Give another name, or allow to replace it by overwrite: true.");
                WholeFile.Write(path, Content(single.Value));
                return;
            default:
                throw new ArgumentException($"A report ending with {ending} has its figures beside it: name a folder. Files that stand alone are .html and .docx.", nameof(path));
        }
    }

    /// <summary>Refuses a folder that no report may replace: one without the results.json of a report, or with anything that no report writes and that would be lost.</summary>
    /// <param name="folder">The folder; one that is empty or not there may be taken.</param>
    /// <exception cref="IOException">It may not be replaced; the message names what is in the way.</exception>
    public static void RequireReplaceable(string folder)
    {
        if (WholeFolder.Holds(folder) is not { } there) return;
        if (!IsReport(Path.Combine(folder, ResultsFile))) throw new IOException($"{folder}: this folder is there already and holds {there}. It is no report, which alone may be replaced; give another name.");
        string[] others = [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Where(path => !OfReport().IsMatch(path)).Order(StringComparer.Ordinal)];
        if (others.Length > 0) throw new IOException($"{folder}: this report is replaced as a whole, and no report wrote {string.Join(", ", others.Take(MostNamed))}{(others.Length > MostNamed ? ", ..." : "")}, which would be lost. Move it away, or give another name.");
    }

    /// <summary>Writes files in the place of a report and of all that it holds. Until the new one is complete the old one stays as it is.</summary>
    /// <param name="folder">The folder; one that is not there is made.</param>
    /// <param name="files">Its files, as <see cref="Files"/> gives them.</param>
    /// <param name="interrupt">Stops before anything has taken its place.</param>
    /// <exception cref="IOException">It may not be replaced, or cannot be written; nothing has changed then.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; nothing has changed.</exception>
    public static void Replace(string folder, IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> files, CancellationToken interrupt = default)
    {
        RequireReplaceable(folder);
        WholeFolder.Replace(folder, files, interrupt);
    }

    private static bool IsReport(string results)
    {
        if (!File.Exists(results)) return false;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(results));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("provenance", out var by) && by.ValueKind == JsonValueKind.Object && by.TryGetProperty("program", out var program) && program.ValueKind == JsonValueKind.String && program.ValueEquals("EmpathyNotebooks");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // What is no JSON, or has names that are no text, was written by something else.
            return false;
        }
    }

    [GeneratedRegex(@"^(?:report\.(?:html|docx|tex|qmd|md)|references\.bib|analysis\.R|data\.csv|results\.json|figures(?:/figure-\d+-[a-z0-9-]+\.(?:svg|pdf|png))?)$")]
    private static partial Regex OfReport();

    /// <summary>One form of the report.</summary>
    /// <param name="format">The form.</param>
    public ReadOnlyMemory<byte> Content(ReportFormat format) => format switch
    {
        ReportFormat.Html => Utf8(HtmlPageWriter.Write(Document)),
        ReportFormat.Word => WordWriter.Write(Document),
        ReportFormat.Latex => Utf8(LatexWriter.Write(Document)),
        ReportFormat.Quarto => Utf8(MarkdownFileWriter.WriteQuarto(Document)),
        ReportFormat.Markdown => Utf8(MarkdownFileWriter.Write(Document)),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such form."),
    };

    /// <summary>The ending of a form's file, with its point.</summary>
    internal static string EndingOf(ReportFormat format) => format switch
    {
        ReportFormat.Html => ".html",
        ReportFormat.Word => ".docx",
        ReportFormat.Latex => ".tex",
        ReportFormat.Quarto => ".qmd",
        ReportFormat.Markdown => ".md",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such form."),
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Title}: a report of {StatisticText.Count(Document.Blocks.OfType<Table>().Count(), "table")} and {StatisticText.Count(Document.Blocks.OfType<FigureBlock>().Count(), "figure")}; report.Save(\"folder\") writes it.";

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}

/// <summary>A form of a report.</summary>
public enum ReportFormat
{
    /// <summary>One page with everything in it.</summary>
    Html,

    /// <summary>A file for Word and LibreOffice.</summary>
    Word,

    /// <summary>An article in LaTeX, with figures beside it.</summary>
    Latex,

    /// <summary>A file for Quarto, with figures and sources beside it.</summary>
    Quarto,

    /// <summary>Markdown, with figures beside it.</summary>
    Markdown,
}
