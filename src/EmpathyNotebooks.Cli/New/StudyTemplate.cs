using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.New;

/// <summary>The files of a new study. The texts stand in the folder Template, with <c>{{names}}</c> where measure, title and version go.</summary>
/// <param name="measure">What is pooled.</param>
/// <param name="title">The title.</param>
internal sealed partial class StudyTemplate(TemplateMeasure measure, string title)
{
    private static readonly string Version = typeof(StudyTemplate).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Every file: its path within the folder, with /, and its text.</summary>
    public IReadOnlyList<(string Path, string Text)> Files() =>
    [
        ("README.md", Filled("about.md")),
        ("preregistration.md", Filled("preregistration.md")),
        ("codebook.md", Filled("codebook.md")),
        ("studies.csv", Resource($"studies-{measure.Table}.csv")),
        ("analysis.ipynb", Notebook()),
        (".devcontainer/devcontainer.json", Filled("devcontainer.json")),
        (".github/workflows/analysis.yml", Filled("analysis.yml")),
        (".gitignore", Filled("gitignore")),
    ];

    private string Notebook()
    {
        var cells = DibFormat.Parse(Filled("analysis.dib"), "analysis.dib").Cells;
        return NotebookDocument.Create(cells.Select(cell => (cell.Type, cell.Source)), "analysis.ipynb").ToJson();
    }

    private string Filled(string name) => Blank().Replace(Resource(name), blank => blank.Groups["name"].Value switch
    {
        "title" => InMarkdown(title),
        "titleJson" => JsonSerializer.Serialize(title, Readable),
        "version" => Version,
        "measure" => measure.Code,
        "measureName" => EffectMeasure.FromCode(measure.Code).Name,
        "measureWords" => $"of {measure.Holds}",
        "measureWhy" => measure.Why,
        "effects" => measure.Call,
        "effectWords" => measure.EffectWords,
        "meanWords" => measure.MeanWords.Length == 0 ? "" : " " + measure.MeanWords,
        "columns" => measure.Columns,
        "needed" => measure.Needed,
        "direction" => measure.Direction,
        "directionShort" => measure.Direction.Split('.')[0],
        "reversal" => measure.Reversal,
        "zeroRow" => measure.ZeroRow,
        "asymmetry" => measure.Asymmetry.Argument,
        "asymmetryWords" => measure.Asymmetry.Words,
        "asymmetryName" => measure.Asymmetry.Name,
        var other => throw new InvalidOperationException($"{name}: nothing is known of {{{{{other}}}}}."),
    });

    /// <summary>Text that a title may hold and Markdown would take for marks.</summary>
    internal static string InMarkdown(string text) => Mark().Replace(text, @"\$0");

    private static string Resource(string name)
    {
        using var stream = typeof(StudyTemplate).Assembly.GetManifestResourceStream("template/" + name) ?? throw new InvalidOperationException($"The template lacks {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"\{\{(?<name>\w+)\}\}")]
    private static partial Regex Blank();

    [GeneratedRegex(@"[\\`*_\[\]<>&$#|~!]")]
    private static partial Regex Mark();
}
