using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Host.Site;

/// <summary>A script or style sheet that pages share. Its name has the hash of its text, so that a browser never takes an older one for it.</summary>
/// <param name="Name">What it is, such as <c>site</c>: lower-case letters, digits, hyphens.</param>
/// <param name="Ending">What kind of file: <c>js</c> or <c>css</c>.</param>
/// <param name="Text">All of it. A script must hold no <c>&lt;/script</c>, a style sheet no <c>&lt;/style</c>: in a single file they are elements.</param>
internal sealed partial record SiteAsset(string Name, string Ending, string Text)
{
    /// <summary>The folder of the assets.</summary>
    public const string Folder = "assets";

    /// <summary>Where it lies in the site's folder.</summary>
    public string Path { get; } = $"{Folder}/{Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))[..12]}.{Ending}";

    /// <summary>Whether a file in the folder of the assets has a name such as these get: one of another build.</summary>
    public static bool IsOne(string fileName) => OurName().IsMatch(fileName);

    [GeneratedRegex("^[a-z0-9-]+-[0-9a-f]{12}\\.(js|css)$")]
    private static partial Regex OurName();
}
