using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// Which letters of a text are statistical symbols and stand in italics: r, d, p, k, t, F, Q, z, I², N, M, SD, SE and the like, but no Greek letters and no CI (Publication Manual of the APA, 7th ed., 2020,
/// 6.44). Known by what follows (<c>p = </c>, <c>t(15)</c>, <c>I²</c>, <c>p value</c>) or by standing alone in a cell, so that the initial in "Smith, F. (2010)" stays upright.
/// </summary>
internal static partial class SymbolText
{
    /// <summary>The text in stretches that stand in italics or not; together they are the text.</summary>
    /// <param name="text">The text.</param>
    public static ImmutableArray<TextRun> Runs(string text)
    {
        if (Alone().IsMatch(text))
        {
            var end = text.AsSpan().IndexOfAny("(²_");
            return end < 0 ? [new TextRun(text, true)] : [new TextRun(text[..end], true), new TextRun(text[end..])];
        }
        List<TextRun> runs = [];
        var at = 0;
        foreach (Match match in Within().Matches(text))
        {
            if (match.Index > at) runs.Add(new TextRun(text[at..match.Index]));
            runs.Add(new TextRun(match.Value, true));
            at = match.Index + match.Length;
        }
        if (at < text.Length || runs.Count == 0) runs.Add(new TextRun(text[at..]));
        return [.. runs];
    }

    [GeneratedRegex(@"^(?:SD|SE|MD|OR|RR|RD|IRR|df|[rRdgpPknNtzFQMbBGHI])(?:²|\([\d.,\u2007\u00a0 ]+\))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Alone();

    [GeneratedRegex(@"(?<![\p{L}\p{N}_'’.@/\\-])(?:[IHRG](?=²)|(?:SD|SE|MD|OR|RR|RD|IRR|df|[rRdgpknNtzFQMbBX])(?=(?:_?[MEmB])?(?:²)?(?:\([\d.,\u2007\u00a0 ]+\))?[\u00a0 ]?[=<>≤≥≈])|[tFQzr](?=\([\d.,\u2007\u00a0 ]+\))|[ptzFQr](?=[- \u00a0](?:values?|tests?|distributions?|statistics?|curve|uniform|hacking)\b))", RegexOptions.CultureInvariant)]
    private static partial Regex Within();
}
