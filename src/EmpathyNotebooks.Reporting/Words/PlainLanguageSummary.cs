using System.Collections.Immutable;

namespace EmpathyNotebooks.Reporting;

/// <summary>What was found, for readers who know no statistics: five to eight sentences.</summary>
public static class PlainLanguageSummary
{
    /// <summary>The summary.</summary>
    /// <param name="inquiry">What was asked about.</param>
    /// <param name="answers">What <see cref="Questions.Ask"/> answered.</param>
    public static Passage Of(Inquiry inquiry, IEnumerable<Answer> answers)
    {
        ArgumentNullException.ThrowIfNull(inquiry);
        ArgumentNullException.ThrowIfNull(answers);
        return new Passage([new Paragraph($"Effects are {inquiry.Measure.Code}.")], []);
    }
}
