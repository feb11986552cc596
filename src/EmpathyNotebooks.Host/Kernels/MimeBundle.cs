using EmpathyNotebooks.Host.Kernels.Formatting;
using Microsoft.DotNet.Interactive.Formatting;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>Formats values through Microsoft.DotNet.Interactive.Formatting, as the genuine kernel does.</summary>
internal static class MimeBundle
{
    public const string PlainText = "text/plain";

    /// <summary>JavaScript that runs where it is shown.</summary>
    public static Dictionary<string, string> OfScript(string code) => new()
    {
        // A script that is written into a page ends at the first such tag, also within a string.
        ["text/html"] = $"<script type=\"text/javascript\">{code.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)}</script>",
        [PlainText] = code,
    };

    /// <summary>The value by media type: always in plain text, and in each type that is asked for or, else, preferred.</summary>
    public static IReadOnlyDictionary<string, string> Of(object? value, params IEnumerable<string> mediaTypes)
    {
        var wanted = mediaTypes.ToList();
        if (wanted.Count == 0)
        {
            wanted.AddRange(Formatter.GetPreferredMimeTypesFor(value?.GetType() ?? typeof(object)));
        }

        return BoundedFormat.Bundle(value, wanted.Append(PlainText).Distinct(StringComparer.Ordinal));
    }
}
