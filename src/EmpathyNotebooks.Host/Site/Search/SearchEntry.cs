namespace EmpathyNotebooks.Host.Site.Search;

/// <summary>Something of the site that a reader may look for.</summary>
/// <param name="Group">What it is found under, such as <c>Lessons</c>.</param>
/// <param name="Page">The page it stands on, in words.</param>
/// <param name="Title">Its heading or name.</param>
/// <param name="Address">Where it is, from the site's folder.</param>
/// <param name="Text">What it says, without code.</param>
internal sealed record SearchEntry(string Group, string Page, string Title, string Address, string Text)
{
    /// <summary>The group of sections of lessons.</summary>
    public const string Lessons = "Lessons";

    /// <summary>The group of words of the glossary.</summary>
    public const string Glossary = "Glossary";

    /// <summary>The group of types and their members.</summary>
    public const string Api = "API";

    /// <summary>The names of its members, each at <c>#name</c> of its address; none for what has no members.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];
}
