using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Host.Teaching;

namespace EmpathyNotebooks.Cli;

/// <summary>What a run is asked for.</summary>
internal sealed record RunRequest(Workspace Workspace, string? Only, NotebookRunnerOptions Options, bool BuildSite, SiteForm Form, bool ForStudents, bool KeepsAnswers, bool Replaces)
{
    private SiteOptions? _site;

    /// <summary>What the site is made of beside the notebooks.</summary>
    public SiteOptions SiteOptions => _site ??= new SiteOptions { Form = Form, Folder = Workspace.NotebookFolder, Glossary = Workspace.Glossary(), Guides = Workspace.Guides(), HasApi = Only is null };

    /// <summary>Looks through everything that the run is made of, so that nobody waits for cells to hear of a fault in the words around them.</summary>
    /// <param name="documents">The notebooks, not yet run.</param>
    /// <returns>The paths that the run may write, within the folder of results, with /. Scripts and styles of the site, whose names hold what is in them, are left out.</returns>
    /// <exception cref="BadInputException">A lesson, the glossary or a guide cannot be shown.</exception>
    public IReadOnlyList<string> Plan(IReadOnlyList<NotebookDocument> documents)
    {
        SitePage[] pages = [.. documents.Select(document => new SitePage(document.Name, document))];
        try
        {
            return
            [
                .. documents.Select(document => In(Workspace.CopyFolder, document.Name)),
                .. BuildSite ? SiteBuilder.Check(pages, SiteOptions).Select(path => In(Workspace.SiteFolder, path)) : [],
                .. ForStudents ? TeachingMaterial.ForStudents(pages, KeepsAnswers).Select(file => In(Workspace.StudentFolder, file.Path)) : [],
                .. ForStudents ? TeachingMaterial.ForLecturers(pages, KeepsAnswers).Select(file => In(Workspace.TeachingFolder, file.Path)) : [],
            ];
        }
        catch (SiteException fault)
        {
            throw new BadInputException(fault.Message);
        }
    }

    /// <summary>What to say where there are guides for lecturers, and the site has no pages for teaching because no notebook is a lesson; null for nothing.</summary>
    public string? UnusedGuides(IReadOnlyList<NotebookDocument> documents) =>
        !BuildSite || SiteOptions.Guides is not { Count: > 0 } guides || TeachingMaterial.Lessons([.. documents.Select(document => new SitePage(document.Name, document))]).Count > 0 ? null
            : $"{Workspace.Relative(Path.Combine(Workspace.NotebookFolder, "teaching"))} is left out ({string.Join(", ", guides.Select(guide => guide.FileName))}): "
                + "pages for teaching are made where a notebook is a lesson, with boxes such as \"> **Test your knowledge 1**\" or \"> **Exercise 1**\", and none of these is.";

    private static string In(string folder, string path) => $"{Path.GetFileName(folder)}/{path}";
}
