using EmpathyNotebooks.Host.Teaching.Slides;

namespace EmpathyNotebooks.Host.Tests.Teaching;

/// <summary>A slide never ends in the middle of a sentence.</summary>
public sealed class SentencesTests
{
    [Theory]
    [InlineData("One. Two.", "One.|Two.")]
    [InlineData("Smith et al. (2018) found it. So did others.", "Smith et al. (2018) found it.|So did others.")]
    [InlineData("It is small (see Table 1. It is long). Next.", "It is small (see Table 1. It is long).|Next.")]
    [InlineData("With $r = .28. X$ it holds. And on.", "With $r = .28. X$ it holds.|And on.")]
    [InlineData("Call `a. B`. Then stop.", "Call `a. B`.|Then stop.")]
    [InlineData("A mean of .15. A spread of 0.09.", "A mean of .15.|A spread of 0.09.")]
    [InlineData("**Bold words. More of them.** Plain.", "**Bold words. More of them.**|Plain.")]
    [InlineData("He asked: \"Is it so?\" She said no.", "He asked: \"Is it so?\"|She said no.")]
    [InlineData("J. Smith wrote it. It was read.", "J. Smith wrote it.|It was read.")]
    [InlineData("Broken\nover lines. And\nagain.", "Broken over lines.|And again.")]
    [InlineData("e.g. This stays. Next.", "e.g. This stays.|Next.")]
    [InlineData("Price \\$5. Next.", "Price \\$5.|Next.")]
    public void Sentences_end_where_they_end(string paragraph, string expected) => Assert.Equal(expected.Split('|'), Sentences.Of(paragraph));

    [Theory]
    [InlineData("One two three. Four five six. Seven.", 6, "One two three. Four five six.")]
    [InlineData("One two three. Four five six. Seven.", 1, "One two three.")]
    [InlineData("One two. Here they are:", 50, "One two.")]
    [InlineData("Here they are:", 50, "")]
    public void The_first_sentences_are_whole(string paragraph, int words, string expected) => Assert.Equal(expected, Sentences.First(paragraph, words));
}
