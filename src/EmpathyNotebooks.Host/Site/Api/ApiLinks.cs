using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Host.Site.Api;

/// <summary>Where names of the library lead, seen from a page of the site.</summary>
/// <param name="library">The library.</param>
/// <param name="folder">The way from the page to the folder of API pages: <c>api/</c> from a lesson, nothing from an API page.</param>
internal sealed partial class ApiLinks(ApiLibrary library, string folder)
{
    /// <summary>The folder of API pages within the site.</summary>
    public const string Folder = "api/";

    /// <summary>The address of an identifier of documentation; null where it is none of the library's.</summary>
    public string? OfId(string? id) => id is not null && library.Find(id) is (var type, var member) ? Address(type, member?.Anchor) : null;

    /// <summary>The address of a type by its name, or of its member; null where there is none.</summary>
    /// <param name="type">The name of a type.</param>
    /// <param name="member">The name of one of its members.</param>
    public string? Of(string type, string? member = null)
    {
        if (library.Named(type) is not { } found) return null;
        if (member is null) return Address(found, null);
        return found.Members.FirstOrDefault(one => one.Symbol.Name == member) is { } there ? Address(found, there.Anchor) : null;
    }

    /// <summary>The members that a piece of code asks values for; those of variables where it declares them all.</summary>
    public ApiExpressions Expressions(Microsoft.CodeAnalysis.SyntaxNode code, bool isWhole) => new(code, library, isWhole);

    /// <summary>How a text names what an identifier stands for: <c>PooledFit.Estimate</c>.</summary>
    public string NameOf(string id)
    {
        if (library.Find(id) is (var type, var member))
            return member switch
            {
                null => type.Name,
                { Symbol: Microsoft.CodeAnalysis.IMethodSymbol { MethodKind: Microsoft.CodeAnalysis.MethodKind.Constructor } } => type.Name,
                _ => $"{type.Name}.{member.Name}",
            };
        var path = id[2..].Split('(')[0];
        return id.StartsWith("T:", StringComparison.Ordinal) || id.StartsWith("N:", StringComparison.Ordinal) ? path.Split('.')[^1].Split('`')[0]
            : string.Join('.', path.Split('.')[^2..]).Split('`')[0];
    }

    /// <summary>The address of a page.</summary>
    public string Address(ApiType type, string? anchor) => folder + Uri.EscapeDataString(type.FileName) + (anchor is null ? "" : "#" + Uri.EscapeDataString(anchor));

    /// <summary>A piece of code in a line of text as HTML: names of types, and of members behind them, lead to their pages.</summary>
    public string Inline(string code)
    {
        var html = new System.Text.StringBuilder();
        var at = 0;
        foreach (Match match in Names().Matches(code))
        {
            var (type, member) = (match.Groups["type"], match.Groups["member"]);
            if (Of(type.Value) is not { } address) continue;
            html.Append(HtmlText.Escape(code[at..type.Index])).Append(Link(address, type.Value));
            at = type.Index + type.Length;
            if (!member.Success || Of(type.Value, member.Value) is not { } there) continue;
            html.Append('.').Append(Link(there, member.Value));
            at = member.Index + member.Length;
            // EffectMeasure.FisherZ.At: a member of what the one before it is.
            for (var value = library.Named(type.Value)!.Members.First(one => one.Symbol.Name == member.Value).Symbol; Next().Match(code, at) is { Success: true } next;)
            {
                var of = value switch { Microsoft.CodeAnalysis.IPropertySymbol property => property.Type, Microsoft.CodeAnalysis.IFieldSymbol field => field.Type, _ => null };
                if (of is null || library.Member(of, next.Groups[1].Value) is not (var owner, var further)) break;
                html.Append('.').Append(Link(Address(owner, further.Anchor), next.Groups[1].Value));
                (at, value) = (next.Index + next.Length, further.Symbol);
            }
        }

        return html.Append(HtmlText.Escape(code[at..])).ToString();
    }

    /// <summary>A link that looks like the code around it.</summary>
    public static string Link(string address, string text) => $"<a class=\"api\" href=\"{address}\">{HtmlText.Escape(text)}</a>";

    // A name that follows a dot is a member of something else; one in quotation marks is a text.
    [GeneratedRegex("""(?<![\w."'])(?<type>[A-Z]\w*)(?:\.(?<member>[A-Z]\w*))?(?![\w"'])""")]
    private static partial Regex Names();

    [GeneratedRegex(@"\G\.([A-Z]\w*)")]
    private static partial Regex Next();
}
