using System.Globalization;
using System.Text;

namespace EmpathyNotebooks.Reporting;

/// <summary>Text in LaTeX: nothing in it is read as a command. What pdfTeX has no letter for is collected, so that a document can declare it and compile all the same.</summary>
internal sealed class LatexText
{
    /// <summary>A word of more letters may break where it has no hyphen, as that of a very long label must in a column.</summary>
    private const int LongestWord = 16;

    /// <summary>So many letters of such a word stand together, unless there is a sign behind which it breaks better.</summary>
    private const int LongestPart = 6;

    /// <summary>Fewer letters are not parted from their word.</summary>
    private const int LeastLeft = 3;

    /// <summary>A place where a line ends only if it must.</summary>
    private const string Break = @"\maybreak{}";

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
        ['⁄'] = "/", ['‐'] = "-", ['‑'] = @"\mbox{-}", ['‒'] = @"\textendash{}", ['―'] = @"\textemdash{}", ['‚'] = @"\quotesinglbase{}", ['„'] = @"\quotedblbase{}", ['‹'] = @"\guilsinglleft{}", ['›'] = @"\guilsinglright{}",
        ['ʼ'] = @"\textquoteright{}", ['′'] = @"\ensuremath{{}'}", ['€'] = @"\texteuro{}", ['¢'] = @"\textcent{}", ['¥'] = @"\textyen{}", ['‰'] = @"\textperthousand{}", ['†'] = @"\textdagger{}", ['‡'] = @"\textdaggerdbl{}", ['¶'] = @"\textparagraph{}",
        ['•'] = @"\textbullet{}", ['©'] = @"\textcopyright{}", ['®'] = @"\textregistered{}", ['™'] = @"\texttrademark{}", ['ª'] = @"\textordfeminine{}", ['º'] = @"\textordmasculine{}", ['¼'] = @"\textonequarter{}", ['¾'] = @"\textthreequarters{}",
        ['÷'] = @"\ensuremath{\div}", ['¬'] = @"\ensuremath{\neg}", ['∑'] = @"\ensuremath{\sum}", ['∈'] = @"\ensuremath{\in}", ['ﬀ'] = "ff", ['ﬁ'] = "fi", ['ﬂ'] = "fl", ['ﬃ'] = "ffi", ['ﬄ'] = "ffl",
        ['\ufffd'] = "{[}U+FFFD{]}", ['\u00ad'] = @"\-", ['\u200b'] = @"\allowbreak{}",
    };

    /// <summary>Accents that stand as a character of their own behind their letter.</summary>
    private static readonly Dictionary<int, string> Accents = new()
    {
        [0x300] = @"\`", [0x301] = @"\'", [0x302] = @"\^", [0x303] = @"\~", [0x304] = @"\=", [0x306] = @"\u", [0x307] = @"\.", [0x308] = "\\\"", [0x30a] = @"\r", [0x30b] = @"\H", [0x30c] = @"\v", [0x323] = @"\d", [0x327] = @"\c", [0x328] = @"\k",
    };

    private readonly SortedSet<int> _foreign = [];

    /// <summary>A text, its statistical symbols in italics.</summary>
    public string Statistical(string text) => string.Concat(SymbolText.Runs(PlainCharacters.Line(text)).Select(run => run.IsItalic ? $@"\textit{{{Escape(run.Text)}}}" : Escape(run.Text)));

    /// <summary>A text.</summary>
    public string Of(string text) => Escape(PlainCharacters.Line(text));

    /// <summary>Lines of code in letters of one width, with their spaces.</summary>
    public string Code(string code) => string.Join("\\\\*\n", PlainCharacters.Lines(code).TrimEnd('\n').Split('\n').Select(line => @"\mbox{}" + Escape(line.Replace("\t", "    ", StringComparison.Ordinal)).Replace(" ", @"\ ", StringComparison.Ordinal)));

    private string Escape(string text)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        var escaped = new StringBuilder(text.Length + 16);
        var (part, wordEnd, isLong) = (0, -1, false);
        for (var i = 0; i < runes.Length; i++)
        {
            var value = runes[i].Value;
            if (i > wordEnd)
            {
                var length = 0;
                while (i + length < runes.Length && !IsSpace(runes[i + length])) length++;
                (part, wordEnd, isLong) = (0, i + length, length > LongestWord);
            }
            // -- and --- are dashes, and so are ,, and the like quotes.
            if (i > 0 && value == runes[i - 1].Value && value is '-' or ',' or '!' or '?') escaped.Append("{}");
            var isSign = IsSign(runes, i);
            if (isLong && part >= LongestPart && LettersFrom(runes, i, wordEnd) >= LeastLeft)
            {
                escaped.Append(Break);
                part = 0;
            }
            part++;
            if (IsGreek(runes[i]) && ((i > 0 && IsGreek(runes[i - 1])) || (i + 1 < runes.Length && IsGreek(runes[i + 1])))) Foreign(runes[i], escaped);
            else if (i + 1 < runes.Length && Accents.TryGetValue(runes[i + 1].Value, out var accent) && value < 0x80 && char.IsAsciiLetter((char)value)) escaped.Append(accent).Append('{').Append((char)runes[i++].Value).Append('}');
            else if (Names.TryGetValue(value, out var name)) escaped.Append(name);
            else if (IsKnown(runes[i])) escaped.Append(runes[i].ToString());
            else Foreign(runes[i], escaped);
            if (isLong && isSign && i + 1 < wordEnd)
            {
                escaped.Append(@"\allowbreak{}");
                part = 0;
            }
        }
        return escaped.ToString();
    }

    private void Foreign(Rune rune, StringBuilder escaped)
    {
        _foreign.Add(rune.Value);
        escaped.Append(rune.ToString());
    }

    /// <summary>How many letters stand here up to the next sign or the end of the word.</summary>
    private static int LettersFrom(Rune[] runes, int start, int wordEnd)
    {
        var end = start;
        while (end < wordEnd && !IsSign(runes, end)) end++;
        return end - start;
    }

    /// <summary>True for a sign behind which a long word breaks well: no point within a number, and no slash or colon before a slash.</summary>
    private static bool IsSign(Rune[] runes, int i)
    {
        var next = i + 1 < runes.Length ? runes[i + 1].Value : 0;
        return runes[i].Value switch
        {
            '.' or ',' => next is < '0' or > '9',
            '/' or ':' => next != '/',
            var value => value is '_' or '-' or ';' or '=' or '&' or '?' or '+' or '|' or '@',
        };
    }

    private static bool IsSpace(Rune rune) => rune.Value is ' ' or '\u00a0' or '\u2007' or '\u202f';

    /// <summary>One Greek letter is a symbol, several are a word: a name in Greek is not to stand in letters of formulas.</summary>
    private static bool IsGreek(Rune rune) => rune.Value is (>= 0x370 and <= 0x3ff) or (>= 0x1f00 and <= 0x1fff);

    /// <summary>Letters of European languages in Latin script, which fonts of the encoding T1 have.</summary>
    private static bool IsKnown(Rune rune) => rune.Value is < 0x80 or '§' or '£' or '¡' or '¿' or '«' or '»' or (>= 0xc0 and <= 0x17f) and not (0x126 or 0x127 or 0x138 or 0x13f or 0x140 or 0x149 or 0x166 or 0x167 or 0x17f) or (>= 0x218 and <= 0x21b);

    /// <summary>What the preamble says of letters beyond Latin script; nothing where there are none. A mark with its number stands where the font has no letter: no letter goes missing silently.</summary>
    public string Declarations() => _foreign.Count == 0 ? "" : "\\usepackage{newunicodechar}\n" + Marks(_foreign);

    /// <summary>The same for a text of Markdown, which Pandoc passes on to TeX as it is: Greek symbols, too, which the usual fonts do not have.</summary>
    public static string DeclarationsFor(string text)
    {
        SortedSet<int> symbols = [], signs = [], foreign = [];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value < 0x80 || IsKnown(rune)) continue;
            if (!Names.TryGetValue(rune.Value, out var name)) foreign.Add(rune.Value);
            else if (IsGreek(rune) || name.StartsWith(@"\textsubscript", StringComparison.Ordinal)) symbols.Add(rune.Value);
            else if (name.StartsWith(@"\ensuremath", StringComparison.Ordinal)) signs.Add(rune.Value);
        }
        // Fonts of XeTeX and LuaTeX have the signs of arithmetic.
        var ofPdfTeX = signs.Count == 0 ? "" : $"\\ifPDFTeX\n{Declared(signs)}\\fi\n";
        return "\\usepackage{iftex,newunicodechar}\n" + Declared(symbols) + ofPdfTeX + (foreign.Count > 0 ? Marks(foreign) : "");
    }

    private static string Declared(IEnumerable<int> values) => string.Concat(values.Select(value => $"\\newunicodechar{{{new Rune(value)}}}{{{Names[value]}}}\n"));

    private static string Marks(IEnumerable<int> letters) => """
        % Letters beyond Latin script. pdfLaTeX shows their numbers in Unicode. XeLaTeX and LuaLaTeX show those that their font has.
        % Choose one that has them, for example FreeSerif: \setmainfont{FreeSerif}, or in Quarto mainfont: FreeSerif.
        \ifPDFTeX
          \DeclareRobustCommand{\unicodeletter}[1]{[U+#1]\allowbreak}
        \else
          \DeclareRobustCommand{\unicodeletter}[1]{\iffontchar\font"#1 \symbol{"#1}\else[U+#1]\allowbreak\fi}
        \fi

        """.ReplaceLineEndings("\n") + string.Concat(letters.Select(value => string.Create(CultureInfo.InvariantCulture, $"\\newunicodechar{{{new Rune(value)}}}{{\\unicodeletter{{{value:X4}}}}}\n")));
}
