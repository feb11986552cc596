using System.Text;
using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Tests;

/// <summary>An answer of a question in GIFT.</summary>
internal sealed record GiftAnswer(bool IsRight, string Text, string Feedback);

/// <summary>A multiple-choice question in GIFT.</summary>
internal sealed record GiftQuestion(string Category, string Title, string Format, string Stem, IReadOnlyList<GiftAnswer> Answers);

/// <summary>Reads Moodle's GIFT, strictly: what Moodle would read as something else than was meant is a fault. Multiple choice only, written from the format's description and not from our writer.</summary>
internal static partial class GiftReader
{
    private const string Special = "~=#{}:\\";

    public static IReadOnlyList<GiftQuestion> Read(string text)
    {
        var questions = new List<GiftQuestion>();
        var category = "";
        // Questions are separated by empty lines; a comment is a line of its own.
        foreach (var block in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)).ToList();
            if (lines.All(line => line.Trim().Length == 0)) continue;
            if (lines[0].StartsWith("$CATEGORY:", StringComparison.Ordinal))
            {
                category = lines[0]["$CATEGORY:".Length..].Trim();
                if (lines.Count(line => line.Trim().Length > 0) > 1) throw new FormatException($"A category has to stand alone: {block}");
                continue;
            }
            questions.Add(Question(string.Join('\n', lines).Trim(), category));
        }
        return questions;
    }

    private static GiftQuestion Question(string block, string category)
    {
        if (!block.StartsWith("::", StringComparison.Ordinal)) throw new FormatException($"A question begins with its ::title::. {block}");
        var titleEnd = Find(block, 2, "::");
        var open = Find(block, titleEnd + 2, "{");
        var close = Find(block, open + 1, "}");
        if (block[(close + 1)..].Trim().Length > 0) throw new FormatException($"Words stand behind the answers: {block[(close + 1)..]}");
        var stem = block[(titleEnd + 2)..open];
        var format = "moodle";
        if (stem.StartsWith('[')) (format, stem) = (stem[1..stem.IndexOf(']', StringComparison.Ordinal)], stem[(stem.IndexOf(']', StringComparison.Ordinal) + 1)..]);
        var answers = new List<GiftAnswer>();
        var inside = block[(open + 1)..close];
        var at = Next(inside, 0, "=~");
        if (inside[..at].Trim().Length > 0) throw new FormatException($"Words stand before the first answer: {inside[..at]}");
        while (at < inside.Length)
        {
            var end = Next(inside, at + 1, "=~");
            var answer = inside[(at + 1)..end];
            var hash = Next(answer, 0, "#");
            // Moodle reads a weight, or the name of a format, and no sign escapes them.
            if (Meant().IsMatch(answer)) throw new FormatException($"The beginning is a weight or a format: {answer}");
            if (hash < answer.Length && Meant().IsMatch(answer[(hash + 1)..])) throw new FormatException($"The beginning is a format: {answer}");
            answers.Add(new GiftAnswer(inside[at] == '=', Plain(answer[..hash]).Trim(), hash < answer.Length ? Plain(answer[(hash + 1)..]).Trim() : ""));
            at = end;
        }
        return new GiftQuestion(category, Plain(block[2..titleEnd]), format, Plain(stem).Trim(), answers);
    }

    [GeneratedRegex(@"^\s*(?:%-*[0-9]{1,2}\.?[0-9]*%|\[)")]
    private static partial Regex Meant();

    private static int Find(string text, int from, string mark)
    {
        for (var i = from; i + mark.Length <= text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (string.CompareOrdinal(text, i, mark, 0, mark.Length) == 0) return i;
        }
        throw new FormatException($"{mark} is missing in: {text}");
    }

    private static int Next(string text, int from, string marks)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (marks.Contains(text[i])) return i;
        }
        return text.Length;
    }

    // A backslash may only stand before what is special, and n; anything special without one would have ended the text.
    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                if (++i == text.Length || !(Special.Contains(text[i]) || text[i] == 'n')) throw new FormatException($"A backslash escapes nothing in: {text}");
                plain.Append(text[i] == 'n' ? '\n' : text[i]);
            }
            else if (Special.Contains(text[i])) throw new FormatException($"{text[i]} has no backslash in: {text}");
            else plain.Append(text[i]);
        }
        return plain.ToString();
    }
}
