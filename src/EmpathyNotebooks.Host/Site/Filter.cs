namespace EmpathyNotebooks.Host.Site;

/// <summary>A box that narrows a long list as one types. Without a script there is none.</summary>
internal static class Filter
{
    /// <summary>The id of the box, which no heading of its page may take.</summary>
    public const string Box = "filter";

    /// <summary>Its behaviour.</summary>
    public static SiteAsset Script { get; } = new("filter", "js", Asset.Read("Assets/filter.js"));

    /// <summary>The element.</summary>
    /// <param name="label">What it is for.</param>
    /// <param name="lines">Finds the lines, as CSS does.</param>
    /// <param name="one">What a line is.</param>
    /// <param name="many">What several are.</param>
    /// <param name="sections">Finds what is hidden when it has no line left; empty for nothing.</param>
    /// <param name="aside">Finds what is hidden while the list is narrowed; empty for nothing.</param>
    public static string Render(string label, string lines, string one, string many, string sections = "", string aside = "") => $"""
        <form class="filter" hidden data-lines="{HtmlText.Escape(lines)}" data-sections="{HtmlText.Escape(sections)}" data-aside="{HtmlText.Escape(aside)}" data-one="{one}" data-many="{many}"><label for="{Box}">{label}</label>
        <input type="search" id="{Box}" autocomplete="off" autocapitalize="off" spellcheck="false"><span role="status"></span></form>
        """;
}
