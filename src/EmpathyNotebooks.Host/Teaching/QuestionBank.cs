using System.Text;
using EmpathyNotebooks.Host.Site;

namespace EmpathyNotebooks.Host.Teaching;

/// <summary>The questions of the lessons' tests in the forms that learning platforms read.</summary>
public static class QuestionBank
{
    /// <summary>Moodle's GIFT: one text with a category a lesson. Formulas stand between <c>\(</c> and <c>\)</c>; each option says why it is right or wrong.</summary>
    /// <param name="lessons">The lessons in their order.</param>
    public static string ToGift(IReadOnlyList<Lesson> lessons)
    {
        ArgumentNullException.ThrowIfNull(lessons);
        return GiftWriter.Write(lessons);
    }

    /// <summary>An IMS QTI 2.1 package (zip): an item a question, a test with a section a lesson. The same lessons give the same bytes.</summary>
    /// <param name="lessons">The lessons in their order.</param>
    /// <exception cref="SiteException">A question holds what QTI cannot.</exception>
    public static byte[] ToQti(IReadOnlyList<Lesson> lessons)
    {
        ArgumentNullException.ThrowIfNull(lessons);
        return DeterministicZip.Pack(QtiWriter.Files(lessons));
    }
}
