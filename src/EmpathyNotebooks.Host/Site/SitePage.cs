using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Host.Site;

/// <summary>One notebook of the site.</summary>
/// <param name="FileName">The notebook's file name without a folder, such as <c>01-the-question.ipynb</c>; its page is named likewise.</param>
/// <param name="Document">The notebook, executed.</param>
public sealed record SitePage(string FileName, NotebookDocument Document);
