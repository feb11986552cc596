using System.Text;
using EmpathyNotebooks.Data;

namespace EmpathyNotebooks.Host.Site;

/// <summary>What a reader can take along: notebooks, programs, data. Files of the site, or in a single file a part of the page.</summary>
internal static class Downloads
{
    private const string Folder = "downloads";

    /// <summary>The data sets of the course, by file.</summary>
    public static IReadOnlyList<(string File, StudyTable? Table)> DataSets { get; } =
    [
        ("published-findings.csv", null), ("molloy2014.csv", Datasets.Molloy2014()), ("mcdaniel1994.csv", Datasets.McDaniel1994()), ("hackshaw1997.csv", Datasets.Hackshaw1997()),
        ("raudenbush1984.csv", Datasets.Raudenbush1984()), ("konstantopoulos2011.csv", Datasets.Konstantopoulos2011()), ("tannersmith2016.csv", Datasets.TannerSmith2016()),
        ("empathy-effects-simulated.csv", Datasets.EmpathyEffectsSimulated()),
    ];

    /// <summary>The files of a site.</summary>
    public static IEnumerable<SiteFile> Files(IEnumerable<ReadPage> lessons) =>
        lessons.SelectMany(Of).Select(one => new SiteFile($"{Folder}/{one.Name}", _ => one.Text))
            .Concat(DataSets.Select(set => new SiteFile($"{Folder}/data/{set.File}", _ => Data(set.File))));

    /// <summary>The line under a lesson.</summary>
    public static string Lesson(ReadPage lesson, PageFrame page, SiteMap site)
    {
        var files = Of(lesson).ToList();
        var notebook = Link(files[0], page, site, "application/x-ipynb+json");
        var program = files.Count > 1 ? $" The same as a program: {Link(files[1], page, site, "text/plain")}, for <code>dotnet run {HtmlText.Escape(files[1].Name)}</code>." : "";
        var data = site.Has(SiteMap.Home) ? $" The data sets are listed <a href=\"{page.Root}{SiteMap.Home}#data\">on the first page</a>." : "";
        return $"<p class=\"source\" id=\"downloads\">To take along: the notebook {notebook}, without outputs; open it in VS Code or Jupyter and run it.{program}{data}</p>\n";
    }

    /// <summary>A link to a data set.</summary>
    public static string Data(string file, PageFrame page, SiteMap site) => Link(($"data/{file}", Data(file)), page, site, "text/csv");

    private static string Data(string file) => HtmlText.UnixLines(Datasets.Text(file));

    private static IEnumerable<(string Name, string Text)> Of(ReadPage lesson)
    {
        var notebook = lesson.Document.Clone();
        foreach (var cell in notebook.Cells) cell.ClearOutputs();
        yield return (lesson.FileName, notebook.ToJson());
        if (lesson.Program is { } program) yield return (Path.ChangeExtension(lesson.FileName, ".cs"), program);
    }

    // A page that was sent by mail still gives its reader something to run.
    private static string Link((string Name, string Text) file, PageFrame page, SiteMap site, string mediaType)
    {
        var name = file.Name.Split('/')[^1];
        var address = site.Form == SiteForm.Shared
            ? page.Root + string.Join('/', $"{Folder}/{file.Name}".Split('/').Select(Uri.EscapeDataString))
            : $"data:{mediaType};base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(file.Text))}";
        return $"<a download=\"{HtmlText.Escape(name)}\" href=\"{address}\">{HtmlText.Escape(name)}</a>";
    }
}
