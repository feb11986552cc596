using System.Text;
using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Marks words of the glossary in the prose of one page: the first use of each in every section, also in the plural with s.</summary>
internal sealed partial class TermMarks
{
    // References are titles of other people's, and no place to learn a word.
    private const string References = "Further reading";

    private readonly Regex _words;
    private readonly Dictionary<string, GlossaryTerm> _byForm = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, GlossaryTerm> _byFormula = new(StringComparer.Ordinal);
    private readonly HashSet<GlossaryTerm> _inSection = [];
    private readonly HashSet<GlossaryTerm> _onPage = [];
    private bool _isOff;

    public TermMarks(Glossary glossary)
    {
        Glossary = glossary;
        foreach (var term in glossary.Terms)
        {
            foreach (var form in term.Forms) _byForm.Add(form, term);
            foreach (var formula in term.Formulas) _byFormula.Add(formula, term);
        }
        // The longest first: "confidence interval" before "interval".
        var forms = _byForm.Keys.OrderByDescending(form => form.Length).ThenBy(form => form, StringComparer.Ordinal).Select(form => IsName(form) ? Regex.Escape(form) : $"(?i:{Regex.Escape(form)})");
        // A glossary of single letters has no word to look for; (?!) matches nothing.
        _words = new Regex(_byForm.Count == 0 ? "(?!)" : $@"(?<![\w-])({string.Join('|', forms)})s?(?![\w-])", RegexOptions.CultureInvariant);
    }

    /// <summary>The words that can be marked.</summary>
    public Glossary Glossary { get; }

    /// <summary>The words that were marked, in the order of the glossary.</summary>
    public IEnumerable<GlossaryTerm> Used => Glossary.Terms.Where(_onPage.Contains);

    /// <summary>Begins a section: words are marked again.</summary>
    public void Begin(string heading)
    {
        _inSection.Clear();
        _isOff = heading == References;
    }

    /// <summary>A text as HTML, its words marked.</summary>
    public string Text(string text)
    {
        if (_isOff) return HtmlText.Escape(text);
        var html = new StringBuilder();
        var end = 0;
        foreach (Match match in _words.Matches(text))
        {
            // The sign of kelvin matches a k, and is none.
            if (!_byForm.TryGetValue(match.Groups[1].Value, out var term) || !_inSection.Add(term)) continue;
            html.Append(HtmlText.Escape(text[end..match.Index])).Append(Mark(term, HtmlText.Escape(match.Value)));
            end = match.Index + match.Length;
        }
        return html.Append(HtmlText.Escape(text[end..])).ToString();
    }

    /// <summary>A formula of the text, marked when it is one of the glossary's.</summary>
    public string Formula(string tex, string html) => !_isOff && _byFormula.TryGetValue(tex.Trim(), out var term) && _inSection.Add(term) ? Mark(term, html, $" aria-label=\"{Tag().Replace(html, "")}: {HtmlText.Escape(term.Title)}\"") : html;

    /// <summary>The id of a word's entry on a page.</summary>
    public static string IdOf(GlossaryTerm term) => "word-" + term.Id;

    // MathML gives a link no name of its own; one that is given has to hold what is seen.
    private string Mark(GlossaryTerm term, string html, string label = "")
    {
        _onPage.Add(term);
        return $"<a class=\"term\" href=\"#{IdOf(term)}\" aria-describedby=\"{IdOf(term)}\"{label}>{html}</a>";
    }

    // "CHE" is a name, "che" is not; "Bayes factor" begins a sentence or not.
    private static bool IsName(string form) => form.Zip(form.Skip(1)).Any(pair => char.IsAsciiLetterUpper(pair.First) && char.IsAsciiLetterUpper(pair.Second));

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
