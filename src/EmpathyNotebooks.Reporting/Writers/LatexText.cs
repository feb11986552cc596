using System.Globalization;
using System.Text;

namespace EmpathyNotebooks.Reporting;

/// <summary>Text in LaTeX: nothing in it is read as a command. What pdfTeX has no letter for is collected, so that a document can declare it and compile all the same.</summary>
internal sealed class LatexText
{
    /// <summary>After so many letters without a space a line may break, as that of a very long label must.</summary>
    private const int LongestRun = 30;

    private static readonly Dictionary<int, string> Names = new()
    {
        ['\\'] = @"\textbackslash{}", ['{'] = @"\{", ['}'] = @"\}", ['$'] = @"\$", ['&'] = @"\&", ['#'] = @"\#", ['%'] = @"\%", ['_'] = @"\_", ['^'] = @"\textasciicircum{}", ['~'] = @"\textasciitilde{}",
        ['<'] = @"\textless{}", ['>'] = @"\textgreater{}", ['|'] = @"\textbar{}", ['"'] = @"\textquotedbl{}", ['`'] = @"\textasciigrave{}", ['\''] = @"\textquotesingle{}", ['['] = "{[}", [']'] = "{]}", ['*'] = "{*}",
        ['\u00a0'] = "~", ['\u2007'] = "~", ['\u202f'] = @"\,", ['–'] = @"\textendash{}", ['—'] = @"\textemdash{}", ['‘'] = @"\textquoteleft{}", ['’'] = @"\textquoteright{}", ['“'] = @"\textquotedblleft{}", ['”'] = @"\textquotedblright{}",
        ['…'] = @"\textellipsis{}", ['−'] = @"\ensuremath{-}", ['²'] = @"\textsuperscript{2}", ['³'] = @"\textsuperscript{3}", ['×'] = @"\ensuremath{\times}", ['±'] = @"\ensuremath{\pm}", ['·'] = @"\ensuremath{\cdot}", ['½'] = @"\textonehalf{}",
        ['≤'] = @"\ensuremath{\leq}", ['≥'] = @"\ensuremath{\geq}", ['≠'] = @"\ensuremath{\neq}", ['≈'] = @"\ensuremath{\approx}", ['√'] = @"\ensuremath{\surd}", ['∞'] = @"\ensuremath{\infty}", ['→'] = @"\ensuremath{\rightarrow}", ['←'] = @"\ensuremath{\leftarrow}",
        ['°'] = @"\textdegree{}", ['∆'] = @"\ensuremath{\Delta}", ['Σ'] = @"\ensuremath{\Sigma}", ['Δ'] = @"\ensuremath{\Delta}", ['Φ'] = @"\ensuremath{\Phi}", ['Ω'] = @"\ensuremath{\Omega}",
        ['α'] = @"\ensuremath{\alpha}", ['β'] = @"\ensuremath{\beta}", ['γ'] = @"\ensuremath{\gamma}", ['δ'] = @"\ensuremath{\delta}", ['ε'] = @"\ensuremath{\varepsilon}", ['η'] = @"\ensuremath{\eta}", ['θ'] = @"\ensuremath{\theta}", ['κ'] = @"\ensuremath{\kappa}",
        ['λ'] = @"\ensuremath{\lambda}", ['μ'] = @"\ensuremath{\mu}", ['µ'] = @"\ensuremath{\mu}", ['ν'] = @"\ensuremath{\nu}", ['π'] = @"\ensuremath{\pi}", ['ρ'] = @"\ensuremath{\rho}", ['σ'] = @"\ensuremath{\sigma}", ['τ'] = @"\ensuremath{\tau}",
        ['φ'] = @"\ensuremath{\varphi}", ['χ'] = @"\ensuremath{\chi}", ['ψ'] = @"\ensuremath{\psi}", ['ω'] = @"\ensuremath{\omega}", ['₀'] = @"\textsubscript{0}", ['₁'] = @"\textsubscript{1}", ['₂'] = @"\textsubscript{2}", ['⁻'] = @"\textsuperscript{-}", ['¹'] = @"\textsuperscript{1}",
        ['\u00ad'] = @"\-", ['\u200b'] = @"\allowbreak{}",
    };

    private readonly SortedSet<int> _foreign = [];

    /// <summary>Characters that pdfTeX does not know, in their order.</summary>
    public IEnumerable<int> Foreign => _foreign;

    /// <summary>A text, its statistical symbols in italics.</summary>
    public string Statistical(string text) => string.Concat(SymbolText.Runs(PlainCharacters.Line(text)).Select(run => run.IsItalic ? $@"\textit{{{Escape(run.Text)}}}" : Escape(run.Text)));

    /// <summary>A text.</summary>
    public string Of(string text) => Escape(PlainCharacters.Line(text));

    /// <summary>Lines of code in letters of one width, with their spaces.</summary>
    public string Code(string code) => string.Join("\\\\*\n", PlainCharacters.Lines(code).TrimEnd('\n').Split('\n').Select(line => @"\mbox{}" + Escape(line.Replace("\t", "    ", StringComparison.Ordinal)).Replace(" ", @"\ ", StringComparison.Ordinal)));

    private string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        var run = 0;
        var last = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            run = rune.Value == ' ' ? 0 : run + 1;
            if (run > LongestRun)
            {
                escaped.Append(@"\allowbreak{}");
                run = 1;
            }
            // -- and --- are dashes, and so are ,, and the like quotes.
            if (rune.Value == last && rune.Value is '-' or ',' or '!' or '?') escaped.Append("{}");
            last = rune.Value;
            if (Names.TryGetValue(rune.Value, out var name)) escaped.Append(name);
            else
            {
                if (!IsKnown(rune)) _foreign.Add(rune.Value);
                escaped.Append(rune.ToString());
            }
        }
        return escaped.ToString();
    }

    /// <summary>Letters of European languages in Latin script, which fonts of the encoding T1 have.</summary>
    private static bool IsKnown(Rune rune) => rune.Value is < 0x80 or '§' or '£' or '¡' or '¿' or '«' or '»' or (>= 0xc0 and <= 0x17f) and not (0x126 or 0x127 or 0x138 or 0x13f or 0x140 or 0x149 or 0x166 or 0x167 or 0x17f);

    /// <summary>The declarations of what pdfTeX does not know: a mark with its number in place of the letter. XeTeX and LuaTeX show the letter where their font has it.</summary>
    public string Declarations() => string.Concat(_foreign.Select(value => string.Create(CultureInfo.InvariantCulture, $"  \\DeclareUnicodeCharacter{{{value:X4}}}{{[U+{value:X4}]}}\n")));
}
