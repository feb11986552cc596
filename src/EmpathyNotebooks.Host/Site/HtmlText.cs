using System.Text;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Escaping of text for HTML content and quoted attributes.</summary>
internal static class HtmlText
{
    /// <summary>Line ends as the browser's parser makes them. Other separators, such as U+2028, stay.</summary>
    public static string UnixLines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    public static string Escape(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var html = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            switch (character)
            {
                case '&': html.Append("&amp;"); break;
                case '<': html.Append("&lt;"); break;
                case '>': html.Append("&gt;"); break;
                case '"': html.Append("&quot;"); break;
                case '\'': html.Append("&#39;"); break;
                // A browser drops control characters; their pictures (U+2400 ff.) show what the notebook holds.
                case < ' ' and not ('\t' or '\n' or '\r'): html.Append((char)('\u2400' + character)); break;
                default: html.Append(character); break;
            }
        }
        return html.ToString();
    }
}
