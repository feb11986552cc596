namespace EmpathyNotebooks.Host.Site;

/// <summary>How the files of a site hang together.</summary>
public enum SiteForm
{
    /// <summary>Pages share what draws their charts, their styles and their scripts, as files in <c>assets/</c>; what can be downloaded lies in <c>downloads/</c>.</summary>
    Shared,

    /// <summary>Every page is one file with everything in it, to be mailed.</summary>
    SingleFile,
}
