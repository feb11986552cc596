using System.Text;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>Reads the entries of a BibTeX file one after the other. Accents written in TeX become letters; braces vanish; other commands stay as they are.</summary>
internal sealed class BibTeXScanner(string text, string file)
{
    // Letters, and the same with the accent: what Unicode composes them to, also where the program runs without the data of cultures.
    private static readonly Dictionary<char, (string Plain, string Accented)> Accents = new()
    {
        ['"'] = ("AEHIOUWXYaehiotuwxy", "ÄËḦÏÖÜẄẌŸäëḧïöẗüẅẍÿ"),
        ['\''] = ("ACEGIKLMNOPRSUWYZacegiklmnoprsuwyz", "ÁĆÉǴÍḰĹḾŃÓṔŔŚÚẂÝŹáćéǵíḱĺḿńóṕŕśúẃýź"),
        ['`'] = ("AEINOUWYaeinouwy", "ÀÈÌǸÒÙẀỲàèìǹòùẁỳ"),
        ['^'] = ("ACEGHIJOSUWYZaceghijosuwyz", "ÂĈÊĜĤÎĴÔŜÛŴŶẐâĉêĝĥîĵôŝûŵŷẑ"),
        ['~'] = ("AEINOUVYaeinouvy", "ÃẼĨÑÕŨṼỸãẽĩñõũṽỹ"),
        ['='] = ("AEGIOUYaegiouy", "ĀĒḠĪŌŪȲāēḡīōūȳ"),
        ['.'] = ("ABCDEFGHIMNOPRSTWXYZabcdefghmnoprstwxyz", "ȦḂĊḊĖḞĠḢİṀṄȮṖṘṠṪẆẊẎŻȧḃċḋėḟġḣṁṅȯṗṙṡṫẇẋẏż"),
        ['c'] = ("CDEGHKLNRSTcdeghklnrst", "ÇḐȨĢḨĶĻŅŖŞŢçḑȩģḩķļņŗşţ"),
        ['v'] = ("ACDEGHIKLNORSTUZacdeghijklnorstuz", "ǍČĎĚǦȞǏǨĽŇǑŘŠŤǓŽǎčďěǧȟǐǰǩľňǒřšťǔž"),
        ['u'] = ("AEGIOUaegiou", "ĂĔĞĬŎŬăĕğĭŏŭ"),
        ['H'] = ("OUou", "ŐŰőű"),
        ['r'] = ("AUauwy", "ÅŮåůẘẙ"),
        ['k'] = ("AEIOUaeiou", "ĄĘĮǪŲąęįǫų"),
    };

    private static readonly Dictionary<string, string> Letters = new(StringComparer.Ordinal)
    {
        ["ss"] = "ß", ["ae"] = "æ", ["AE"] = "Æ", ["oe"] = "œ", ["OE"] = "Œ", ["aa"] = "å", ["AA"] = "Å", ["o"] = "ø", ["O"] = "Ø", ["l"] = "ł", ["L"] = "Ł", ["i"] = "i", ["j"] = "j",
        ["&"] = "&", ["%"] = "%", ["$"] = "$", ["#"] = "#", ["_"] = "_", ["{"] = "{", ["}"] = "}",
    };

    private readonly Dictionary<string, string> _strings = new(StringComparer.OrdinalIgnoreCase);
    private int _at;

    /// <summary>The next entry, or null at the end. Comments, preambles and abbreviations are passed over or kept.</summary>
    public (string Type, string Key, List<(string Name, string Value)> Fields)? NextEntry()
    {
        while (true)
        {
            var sign = text.IndexOf('@', _at);
            if (sign < 0) return null;
            _at = sign + 1;
            var type = Word().ToLowerInvariant();
            Blanks();
            if (type == "comment")
            {
                if (Peek is '{' or '(') _ = Braced();
                continue;
            }
            if (Peek is not ('{' or '(')) throw Fault("must be an entry such as @article{key, author = {…}}", sign);
            if (type == "preamble")
            {
                _ = Braced();
                continue;
            }
            var close = text[_at++] == '{' ? '}' : ')';
            Blanks();
            if (type == "string")
            {
                foreach (var (name, value) in Fields(close, sign)) _strings[name] = value;
                continue;
            }
            var start = _at;
            while (_at < text.Length && text[_at] != ',' && text[_at] != close) _at++;
            var key = text[start.._at].Trim();
            if (Peek == ',') _at++;
            return (type, key, Fields(close, sign));
        }
    }

    private char Peek => _at < text.Length ? text[_at] : '\0';

    private List<(string Name, string Value)> Fields(char close, int sign)
    {
        List<(string, string)> fields = [];
        while (true)
        {
            Blanks();
            if (Peek == '\0') throw Fault("is an entry that never ends; a brace is missing", sign);
            if (Peek == close)
            {
                _at++;
                return fields;
            }
            if (Peek == ',')
            {
                _at++;
                continue;
            }
            var name = Word().ToLowerInvariant();
            Blanks();
            if (name.Length == 0 || Peek != '=') throw Fault("must be a field such as year = 2011", _at);
            _at++;
            var value = new StringBuilder();
            do
            {
                Blanks();
                value.Append(Peek switch { '{' => Plain(Braced()), '"' => Plain(Quoted()), _ => Bare() });
                Blanks();
            }
            while (Peek == '#' && _at++ >= 0);
            fields.Add((name, string.Join(' ', value.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        }
    }

    private string Word()
    {
        var start = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or '-' or ':' or '.' or '+')) _at++;
        return text[start.._at];
    }

    private void Blanks()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
    }

    private string Bare()
    {
        var start = _at;
        var word = Word();
        if (word.Length == 0) throw Fault("must be a value in braces or quotation marks, or a number", start);
        return _strings.GetValueOrDefault(word, word);
    }

    private string Braced()
    {
        var start = _at;
        var depth = 0;
        for (; _at < text.Length; _at++)
        {
            if (text[_at] == '\\') _at++;
            else if (text[_at] is '{' or '(' && (text[_at] == text[start])) depth++;
            else if (text[_at] == (text[start] == '{' ? '}' : ')') && --depth == 0) return text[(start + 1)..(_at++)];
        }
        throw Fault("is a brace that is never closed", start);
    }

    private string Quoted()
    {
        var start = _at++;
        var depth = 0;
        for (; _at < text.Length; _at++)
        {
            if (text[_at] == '\\') _at++;
            else if (text[_at] == '{') depth++;
            else if (text[_at] == '}') depth--;
            else if (text[_at] == '"' && depth == 0) return text[(start + 1)..(_at++)];
        }
        throw Fault("is a quotation mark that is never closed", start);
    }

    /// <summary>From TeX to text: <c>M{\"u}ller</c> is Müller.</summary>
    private static string Plain(string value)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c is '{' or '}') continue;
            if (c == '~')
            {
                plain.Append(' ');
                continue;
            }
            if (c != '\\' || i + 1 == value.Length)
            {
                plain.Append(c);
                continue;
            }
            var command = value[i + 1].ToString();
            if (char.IsAsciiLetter(command[0]))
            {
                var end = i + 1;
                while (end < value.Length && char.IsAsciiLetter(value[end])) end++;
                command = value[(i + 1)..end];
            }
            var next = i + 1 + command.Length;
            if (command.Length == 1 && Accents.TryGetValue(command[0], out var accent) && !(char.IsAsciiLetter(command[0]) && next < value.Length && char.IsAsciiLetter(value[next])))
            {
                while (next < value.Length && value[next] is '{' or ' ' or '\\') next++;
                if (next < value.Length && accent.Plain.IndexOf(value[next], StringComparison.Ordinal) is >= 0 and var place)
                {
                    plain.Append(accent.Accented[place]);
                    i = next;
                    continue;
                }
            }
            if (Letters.TryGetValue(command, out var letter))
            {
                plain.Append(letter);
                i = next - 1;
                if (char.IsAsciiLetter(command[0]) && next < value.Length && value[next] == ' ') i++;
                continue;
            }
            plain.Append(c);
        }
        return plain.ToString();
    }

    private StudyDataException Fault(string expected, int at) => new(expected, text[at..Math.Min(text.Length, at + 20)].Split('\n')[0], 1 + text.AsSpan(0, at).Count('\n'), file: file, kind: StudyDataFault.Form);
}
