using System.Collections.Immutable;

namespace EmpathyNotebooks.Reporting;

/// <summary>What was done, for the methods section of a paper: every choice with its source.</summary>
public static class MethodsParagraph
{
    /// <summary>The choices of a fit and of what was asked of it; nothing that was not done.</summary>
    /// <param name="inquiry">What was asked about.</param>
    /// <param name="answers">What <see cref="Questions.Ask"/> answered.</param>
    public static Passage Of(Inquiry inquiry, IEnumerable<Answer> answers)
    {
        ArgumentNullException.ThrowIfNull(inquiry);
        ArgumentNullException.ThrowIfNull(answers);
        return new Passage([new Paragraph($"Effects are {inquiry.Measure.Code}.")], []);
    }
}
