using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Host.Site;

/// <summary>One notebook of the site.</summary>
/// <param name="FileName">The notebook's name without a folder, such as <c>01-the-question.ipynb</c>; names the page too.</param>
/// <param name="Document">The notebook, executed.</param>
public sealed record SitePage(string FileName, NotebookDocument Document)
{
    /// <summary>The same as a program of C#, to be downloaded; null where there is none.</summary>
    public string? Program { get; init; }
}
