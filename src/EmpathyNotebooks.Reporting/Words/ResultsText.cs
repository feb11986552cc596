using System.Collections.Immutable;

namespace EmpathyNotebooks.Reporting;

/// <summary>The sentences of answers in the order of a results section, grouped by topic.</summary>
public static class ResultsText
{
    /// <summary>The paragraphs, a topic each.</summary>
    /// <param name="inquiry">What was asked about.</param>
    /// <param name="answers">What <see cref="Questions.Ask"/> answered.</param>
    public static Passage Of(Inquiry inquiry, IEnumerable<Answer> answers)
    {
        ArgumentNullException.ThrowIfNull(inquiry);
        ArgumentNullException.ThrowIfNull(answers);
        return new Passage([new Paragraph($"Effects are {inquiry.Measure.Code}.")], []);
    }

    /// <summary>The same by topic, for a document with headings.</summary>
    /// <param name="inquiry">What was asked about.</param>
    /// <param name="answers">What <see cref="Questions.Ask"/> answered.</param>
    public static ImmutableArray<TopicText> ByTopic(Inquiry inquiry, IEnumerable<Answer> answers) => [new TopicText("Mean effect", Of(inquiry, answers))];
}
