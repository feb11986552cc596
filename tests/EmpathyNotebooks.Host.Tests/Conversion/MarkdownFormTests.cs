using EmpathyNotebooks.Host.Conversion;
using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Host.Tests.Conversion;

public class MarkdownFormTests
{
    [Fact]
    public void Prose_stands_as_it_is_and_outputs_follow_their_code()
    {
        var document = NotebookDocument.Create([(NotebookCellType.Markdown, "# Title\n\n$r = .28$"), (NotebookCellType.Code, "1 + 1"), (NotebookCellType.Raw, "raw")]);
        document.Cells[1].SetOutputs(
        [
            new StreamOutput("stdout", "printed ``` fence\n"),
            new DisplayOutput(new Dictionary<string, string> { ["text/plain"] = "2", ["text/html"] = "<b>2</b>" }, 1),
            new DisplayOutput(new Dictionary<string, string> { ["text/html"] = "<figure class=\"empathy-chart\">...", ["text/plain"] = "Simulated data: x\nForest plot." }),
            new DisplayOutput(new Dictionary<string, string> { ["image/png"] = "aGVs\nbG8=", ["text/plain"] = "a picture" }),
            new ErrorOutput("E", "wrong", ["E: wrong", "  cell 2, line 1"]),
        ]);

        Assert.True(MarkdownForm.HasCharts(document));
        Assert.Equal(
            """
            # Title

            $r = .28$

            ```csharp
            1 + 1
            ```

            ````text
            printed ``` fence
            ````

            ```text
            2
            ```

            > **Chart.** Simulated data: x  
            > Forest plot.  
            > [The interactive chart](my%20page.html)

            ![a picture](data:image/png;base64,aGVsbG8=)

            ```text
            E: wrong
              cell 2, line 1
            ```

            ```text
            raw
            ```

            """, MarkdownForm.Write(document, "my page.html"));
    }

    [Fact]
    public void Without_a_page_a_chart_is_its_words()
    {
        var document = NotebookDocument.Create([(NotebookCellType.Code, "chart")]);
        document.Cells[0].SetOutputs([new DisplayOutput(new Dictionary<string, string> { ["text/html"] = "<figure class=\"empathy-chart\">", ["text/plain"] = "Words." })]);

        Assert.EndsWith("> **Chart.** Words.\n", MarkdownForm.Write(document, page: null));
    }
}
