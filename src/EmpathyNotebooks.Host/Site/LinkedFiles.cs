using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Files beside the notebooks that their words link to. A page only names them, so that one that is not there would be shown without a word.</summary>
internal static class LinkedFiles
{
    /// <summary>The links of notebooks to files that are not there.</summary>
    /// <param name="lessons">The notebooks, read.</param>
    /// <param name="folder">The folder they lie in.</param>
    /// <param name="areToRun">True before the cells have run: what a cell may write is no fault yet.</param>
    public static IEnumerable<SiteException> Missing(IReadOnlyList<ReadPage> lessons, string folder, bool areToRun)
    {
        var beside = new ProseSource("", folder);
        var links = new SiteLinks(lessons);
        var code = areToRun ? string.Join('\n', lessons.SelectMany(lesson => lesson.Document.Cells).Where(cell => cell.Type == NotebookCellType.Code).Select(cell => cell.Source)) : "";
        foreach (var lesson in lessons)
        {
            foreach (var cell in lesson.Document.Cells.Where(cell => cell.Type == NotebookCellType.Markdown))
            {
                foreach (var link in lesson.Prose(cell.Number).Document.Descendants<LinkInline>().Where(link => !link.IsImage))
                {
                    var url = link.GetDynamicUrl?.Invoke() ?? link.Url ?? "";
                    if (links.Resolve(lesson, cell.Number, url) is not LinkTarget.RepositoryFile) continue;
                    var path = Uri.UnescapeDataString(url.Split('#', '?')[0]);
                    if (beside.Has(path) || MayBeWritten(path, code)) continue;
                    yield return new SiteException(lesson.Name, cell.Number, $"the link to \"{url}\" leads nowhere: there is no file \"{path}\", seen from the folder of the notebook, and "
                        + (areToRun ? "no cell names one." : "no cell has written one."));
                }
            }
        }
    }

    /// <summary>Whether code speaks of the file: by its name or that of a folder on the way, with or without its ending, or by an ending behind a name that is put together.</summary>
    private static bool MayBeWritten(string path, string code)
    {
        string[] parts = [.. path.Split('/').Where(part => part is not ("" or "." or ".."))];
        if (code.Length == 0 || parts.Length == 0) return false;
        var ending = System.IO.Path.GetExtension(parts[^1]);
        return parts.Append(System.IO.Path.GetFileNameWithoutExtension(parts[^1])).Any(part => Quoted(part).IsMatch(code))
            || (ending.Length > 1 && PutTogether(ending).IsMatch(code));
    }

    // The whole of a text or of a part of a path: "n" is in every program.
    private static Regex Quoted(string part) => new($$"""(?<=["/\\}]){{Regex.Escape(part)}}(?=["/\\.])""");

    /// <summary>"figure-{i}.svg", name + ".svg".</summary>
    private static Regex PutTogether(string ending) => new($$"""(\}[^"\n]*|"){{Regex.Escape(ending)}}\b""");
}
