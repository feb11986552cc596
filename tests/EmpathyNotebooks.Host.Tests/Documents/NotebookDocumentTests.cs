using System.Text;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Host.Tests.Documents;

public class NotebookDocumentTests
{
    // Written by Python's json with the settings of nbformat, so that it is Jupyter's bytes and not ours.
    private static readonly string Everything =
        Repository.PathTo("tests", "EmpathyNotebooks.Host.Tests", "Documents", "everything.ipynb");

    [Fact]
    public void A_file_as_Jupyter_writes_it_comes_back_byte_for_byte()
    {
        var expected = File.ReadAllBytes(Everything);

        Assert.Equal(expected, Encoding.UTF8.GetBytes(NotebookDocument.Load(Everything).ToJson()));
    }

    [Fact]
    public void Saving_writes_no_byte_order_mark()
    {
        var path = Path.GetTempFileName();
        try
        {
            NotebookDocument.Load(Everything).Save(path);

            Assert.Equal(File.ReadAllBytes(Everything), File.ReadAllBytes(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Unsorted_keys_whole_texts_and_escapes_become_what_Jupyter_writes()
    {
        var document = NotebookDocument.Parse("""
            {"nbformat_minor": 5, "nbformat": 4, "metadata": {"b": 1.50, "a": "\u00e9"}, "cells":
            [{"source": "x\ny", "metadata": {}, "id": "i", "cell_type": "code", "execution_count": null, "outputs": [
              {"output_type": "display_data", "metadata": {}, "data": {"image/png": ["ab\n", "cd"], "text/html": "p\nq"}}]}]}
            """);

        Assert.Equal(
            """
            {
             "cells": [
              {
               "cell_type": "code",
               "execution_count": null,
               "id": "i",
               "metadata": {},
               "outputs": [
                {
                 "data": {
                  "image/png": "ab\ncd",
                  "text/html": [
                   "p\n",
                   "q"
                  ]
                 },
                 "metadata": {},
                 "output_type": "display_data"
                }
               ],
               "source": [
                "x\n",
                "y"
               ]
              }
             ],
             "metadata": {
              "a": "é",
              "b": 1.50
             },
             "nbformat": 4,
             "nbformat_minor": 5
            }

            """.ReplaceLineEndings("\n"),
            document.ToJson());
    }

    [Fact]
    public void Every_kind_of_cell_and_output_can_be_read()
    {
        var cells = NotebookDocument.Load(Everything).Cells;

        Assert.Equal([1, 2, 3, 4], cells.Select(cell => cell.Number));
        Assert.Equal(
            [NotebookCellType.Markdown, NotebookCellType.Raw, NotebookCellType.Code, NotebookCellType.Code],
            cells.Select(cell => cell.Type));
        Assert.EndsWith("\u0007bell 😀", cells[0].Source);
        Assert.Equal("iVBORw0KGgo=", (string?)cells[0].Attachments!["a.png"]!["image/png"]);
        Assert.Equal(["a", "b"], cells[2].Tags);
        Assert.Equal(7, cells[2].ExecutionCount);
        Assert.Empty(cells[3].Source);

        var outputs = cells[2].Outputs;
        var text = Assert.IsType<StreamOutput>(outputs[0]);
        Assert.Equal(("stdout", "one\ntwo"), (text.Name, text.Text));
        var shown = Assert.IsType<DisplayOutput>(outputs[2]);
        Assert.False(shown.IsResult);
        Assert.Equal("<p>\nx", shown.Text("text/plain"));
        Assert.Equal("""{"a":[1.5,{"c":null}],"b":1}""", shown.Text("application/vnd.x+json"));
        Assert.Null(shown.Text("text/latex"));
        Assert.True(Assert.IsType<DisplayOutput>(outputs[3]).IsResult);
        var error = Assert.IsType<ErrorOutput>(outputs[4]);
        Assert.Equal(("E", "bad", 2), (error.Name, error.Value, error.Traceback.Count));
        Assert.Equal("of_the_future", Assert.IsType<OtherOutput>(outputs[5]).OutputType);
    }

    [Fact]
    public void A_clone_shares_nothing()
    {
        var document = NotebookDocument.Load(Everything);
        var before = document.ToJson();
        var clone = document.Clone();

        clone.Cells[0].Source = "other";
        clone.Cells[2].SetOutputs([new StreamOutput("stdout", "x")]);

        Assert.Equal(before, document.ToJson());
        Assert.NotEqual(before, clone.ToJson());
    }

    [Fact]
    public void Outputs_belong_to_code_cells_only()
    {
        var markdown = NotebookDocument.Load(Everything).Cells[0];

        Assert.Throws<InvalidOperationException>(() => markdown.SetOutputs([]));
    }

    [Theory]
    [InlineData("[]", "n.ipynb: a notebook is a JSON object.")]
    [InlineData("null", "n.ipynb: a notebook is a JSON object.")]
    [InlineData("{\"a\": 1,", "n.ipynb: not valid JSON, as notebooks are (line 1, byte 8)")]
    [InlineData("{\"a\": 1, \"a\": 2}", "n.ipynb: not valid JSON")]
    [InlineData("{\"nbformat\": 3}", "n.ipynb: nbformat is 3; only 4 is understood.")]
    [InlineData("{}", "n.ipynb: nbformat is missing; only 4 is understood.")]
    [InlineData("{\"nbformat\": 4, \"nbformat_minor\": \"5\"}", "n.ipynb: nbformat_minor is \"5\"")]
    [InlineData("{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": 1}", "n.ipynb: cells is 1; it must be a list.")]
    public void A_file_that_is_no_notebook_is_refused_by_name(string json, string message)
    {
        var fault = Assert.Throws<NotebookFormatException>(() => NotebookDocument.Parse(json, "n.ipynb"));

        Assert.StartsWith(message, fault.Message);
        Assert.Null(fault.Cell);
    }

    [Theory]
    [InlineData("""7""", "a cell is a JSON object, not 7.")]
    [InlineData("""{"cell_type": "prose"}""", "cell_type is \"prose\"; it must be code, markdown or raw.")]
    [InlineData("""{"cell_type": "markdown", "source": "x"}""", "metadata is missing; it must be an object.")]
    [InlineData("""{"cell_type": "markdown", "metadata": {}, "source": [1]}""", "source is [1]; it must be a text or a list of texts.")]
    [InlineData("""{"cell_type": "markdown", "metadata": {}, "source": "", "id": 3}""", "id is 3; it must be a text.")]
    [InlineData("""{"cell_type": "code", "metadata": {}, "source": ""}""", "outputs is missing; it must be a list.")]
    [InlineData("""{"cell_type": "code", "metadata": {}, "source": "", "outputs": [{}]}""",
        "an output must be an object with an output_type.")]
    [InlineData("""{"cell_type": "code", "metadata": {}, "source": "", "outputs": [{"output_type": "stream", "name": "stdout"}]}""",
        "text is missing; it must be a text or a list of texts.")]
    [InlineData("""{"cell_type": "code", "metadata": {}, "source": "", "outputs": [], "execution_count": "1"}""",
        "execution_count is \"1\"; it must be null or a whole number.")]
    public void A_faulty_cell_is_named_by_its_number(string cell, string message)
    {
        var json = $$"""
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
             {"cell_type": "raw", "metadata": {}, "source": []}, {{cell}}]}
            """;

        var fault = Assert.Throws<NotebookFormatException>(() => NotebookDocument.Parse(json, "n.ipynb"));

        Assert.Equal($"n.ipynb, cell 2: {message}", fault.Message);
        Assert.Equal(2, fault.Cell);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [.. "{\"a\": \""u8, 0xE9, .. "\"}"u8]);

            Assert.Throws<NotebookFormatException>(() => NotebookDocument.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_written_as_the_sign_for_it_and_not_read()
    {
        var document = NotebookDocument.Create([(NotebookCellType.Code, "1")]);
        document.Cells[0].SetOutputs([new StreamOutput("stdout", "a\ud83d!\udc00 \ud83d\ude00")]);

        Assert.Contains("\"a\uFFFD!\uFFFD \ud83d\ude00\"", document.ToJson());
        var text = document.ToJson().Replace("\uFFFD!", "\\ud83d!", StringComparison.Ordinal);
        Assert.Contains("cells[0].outputs[0].text[0] holds half of a surrogate pair", Assert.Throws<NotebookFormatException>(() => NotebookDocument.Parse(text)).Message);
    }
}
