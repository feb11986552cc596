using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Site;

namespace EmpathyNotebooks.Host.Tests.Teaching;

/// <summary>A lesson in the form of the course, small. Its numbers are made up.</summary>
internal static class SampleLesson
{
    public const string Begin = """
        # Sums: what they say

        *20 minutes · first steps · nothing needed before*

        A sum is more than its parts. This is the second sentence.

        > **Puzzle**
        >
        > What is $1 + 1$?
        >
        > - [ ] A. 1
        > - [ ] B. 2

        <details>
        <summary>Reveal</summary>

        **B.** One and one.

        - *A*: that is a product.

        </details>

        > **Learning goals**
        >
        > - add
        > - subtract
        > - stop
        """;

    public const string Test = """
        > **Test your knowledge 1**
        >
        > Which holds: a = b, {c} ~ d, or e#f: $\frac{1}{2} = .5$?
        >
        > - [ ] A. the first, `a = b`
        > - [ ] B. none; 5 < 7 & "so on"
        > - [ ] C. $x_{1}$

        <details>
        <summary>Answer</summary>

        **B.** It is so.

        And a second paragraph.

        - *A*: it is ~not~ so.
        - *C*: no,
          since $\tau^2$ is larger.

        </details>
        """;

    public const string Exercise = """
        ## Exercises

        > **Exercise 1**
        >
        > Change a number.

        <details>
        <summary>Solution</summary>

        ```csharp
        var solved = 40 + 2;
        solved
        ```

        The secret is 42.

        </details>
        """;

    public const string Open = """
        > **Exercise 2**
        >
        > Open. What did you learn?

        <details>
        <summary>Solution</summary>

        There is no single answer.

        </details>
        """;

    public static NotebookDocument Document(string begin = Begin, string test = Test, string exercise = Exercise) => NotebookDocument.Create(
    [
        (NotebookCellType.Markdown, begin),
        (NotebookCellType.Code, "var x = 6 * 7;\nx"),
        (NotebookCellType.Markdown, "## One section\n\nIt begins with a sentence, e.g. this one (see $x. Y$). Here is another.\n\n> **Watch out**\n>\n> Be careful."),
        (NotebookCellType.Code, "Console.WriteLine(\"a\"); Console.WriteLine(\"b\");"),
        (NotebookCellType.Markdown, "Two lines. What they say:"),
        (NotebookCellType.Markdown, "## Another\n\n<!-- slide: Words of its own. -->\n\nHere they are:\n\n> **Report it**\n>\n> We added."),
        (NotebookCellType.Markdown, test),
        (NotebookCellType.Markdown, exercise),
        (NotebookCellType.Markdown, Open),
        (NotebookCellType.Markdown, "## Further reading\n\n- A source."),
    ], "07-sums.ipynb");

    public static SitePage Page(NotebookDocument? document = null) => new("07-sums.ipynb", document ?? Document());
}
