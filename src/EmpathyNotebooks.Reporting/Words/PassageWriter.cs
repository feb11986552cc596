using System.Collections.Immutable;

namespace EmpathyNotebooks.Reporting;

/// <summary>Collects sentences and the sources they name.</summary>
internal sealed class PassageWriter
{
    private readonly List<string> _sentences = [];
    private readonly List<string> _keys = [];
    private readonly List<Block> _blocks = [];

    /// <summary>Sources in parentheses: " (Viechtbauer, 2005)".</summary>
    public string Cite(params IReadOnlyList<string> keys)
    {
        Remember(keys);
        return $" ({Bibliography.InText(keys)})";
    }

    /// <summary>A source as part of the sentence: "Viechtbauer (2005)".</summary>
    public string Named(string key)
    {
        Remember([key]);
        return Bibliography.Entry(key).InText(CitationForm.Narrative);
    }

    /// <summary>A sentence; nothing for null.</summary>
    public void Say(string? sentence)
    {
        if (!string.IsNullOrEmpty(sentence)) _sentences.Add(sentence);
    }

    /// <summary>Ends the paragraph.</summary>
    public void End()
    {
        if (_sentences.Count > 0) _blocks.Add(new Paragraph(string.Join(' ', _sentences)));
        _sentences.Clear();
    }

    public Passage ToPassage()
    {
        End();
        return new Passage([.. _blocks], [.. _keys]);
    }

    private void Remember(IReadOnlyList<string> keys) => _keys.AddRange(keys.Where(k => !_keys.Contains(k)));
}
