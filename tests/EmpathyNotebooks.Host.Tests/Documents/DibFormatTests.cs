using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Host.Tests.Documents;

public class DibFormatTests
{
    public static TheoryData<string> Notebooks() =>
        new(Directory.EnumerateFiles(Repository.PathTo("notebooks"), "*.ipynb").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void A_lesson_comes_back_byte_for_byte(string name)
    {
        var document = NotebookDocument.Load(Repository.PathTo("notebooks", name));

        Assert.Equal(document.ToJson(), DibFormat.Parse(DibFormat.Write(document), name).ToJson());
    }

    [Theory]
    [InlineData("\n\nblank lines around\n\n\n")]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("   ")]
    [InlineData("one\r\ntwo\rthree")]
    [InlineData("#!time\nvar x = 1; // #!csharp")]
    [InlineData(" #!csharp\n\t#!markdown")]
    [InlineData("#!meta data\n#!csharpest\n# !markdown")]
    [InlineData("é 😀 \u2028 line \\u2028 \0")]
    [InlineData("#!html\n<b>x</b>\n\n")]
    [InlineData("#!javascript\nlet a = 1;")]
    public void Tricky_text_comes_back_as_it_was(string text)
    {
        foreach (var type in new[] { NotebookCellType.Code, NotebookCellType.Markdown, NotebookCellType.Raw })
        {
            if (type != NotebookCellType.Code && text.StartsWith("#!html", StringComparison.Ordinal) || text.StartsWith("#!javascript", StringComparison.Ordinal) && type != NotebookCellType.Code) continue;
            var document = NotebookDocument.Create([(NotebookCellType.Markdown, "before"), (type, text), (NotebookCellType.Code, "after"), (type, text)]);

            var back = DibFormat.Parse(DibFormat.Write(document));

            Assert.Equal(document.Cells.Select(cell => (cell.Type, cell.Id, cell.Source)), back.Cells.Select(cell => (cell.Type, cell.Id, cell.Source)));
        }
    }

    [Fact]
    public void Ids_tags_attachments_and_metadata_come_back()
    {
        var document = CanonicalForm.Of(NotebookDocument.Load(Repository.PathTo("tests", "EmpathyNotebooks.Host.Tests", "Documents", "everything.ipynb")));

        Assert.Equal(document.ToJson(), DibFormat.Parse(DibFormat.Write(document)).ToJson());
    }

    [Theory]
    [InlineData(NotebookCellType.Markdown, "words\n#!csharp\nmore")]
    [InlineData(NotebookCellType.Markdown, "#!meta")]
    [InlineData(NotebookCellType.Markdown, "#!csharp \n #!csharp\n  #!csharp")]
    [InlineData(NotebookCellType.Code, "1\n#!markdown \nwords")]
    [InlineData(NotebookCellType.Code, "#!csharp\n1")]
    [InlineData(NotebookCellType.Code, "#!csharp")]
    [InlineData(NotebookCellType.Code, "#!csharp\n#!markdown\n")]
    [InlineData(NotebookCellType.Code, "#!html\n<b>\n#!csharp\n1\n\n")]
    [InlineData(NotebookCellType.Code, "var s = \"\"\"\n#!csharp\n\"\"\";")]
    [InlineData(NotebookCellType.Raw, "#!fsharp")]
    public void A_line_that_would_begin_a_cell_comes_back_too(NotebookCellType type, string text)
    {
        var document = NotebookDocument.Create([(NotebookCellType.Code, "1"), (type, text), (NotebookCellType.Markdown, "between"), (type, text)], "nb.ipynb");

        var back = DibFormat.Parse(DibFormat.Write(document));

        Assert.Equal(document.Cells.Select(cell => (cell.Type, cell.Id, cell.Source)), back.Cells.Select(cell => (cell.Type, cell.Id, cell.Source)));
    }

    [Fact]
    public void A_cell_in_several_languages_is_several_for_other_tools()
    {
        var text = DibFormat.Write(NotebookDocument.Create([(NotebookCellType.Code, "1\n#!markdown\nwords"), (NotebookCellType.Markdown, "#!csharp")]));

        Assert.Equal([(NotebookCellType.Code, "1"), (NotebookCellType.Markdown, "words"), (NotebookCellType.Markdown, " #!csharp")],
            DibFormat.Parse(text[text.IndexOf("#!csharp", StringComparison.Ordinal)..]).Cells.Select(cell => (cell.Type, cell.Source)));
    }

    [Fact]
    public void The_line_of_the_form_itself_is_refused_within_code()
    {
        var fault = Assert.Throws<NotebookFormatException>(() => DibFormat.Write(NotebookDocument.Create([(NotebookCellType.Code, "1"), (NotebookCellType.Code, "#!meta\n1")], "nb.ipynb")));

        Assert.Equal(2, fault.Cell);
        Assert.Contains("indent it by a space", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_tool_is_read()
    {
        var document = DibFormat.Parse(
            "#!meta\r\n\r\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\",\"items\":[]}}\r\n\r\n#!markdown\r\n\r\n# Title\r\n\r\n#!c#\r\n\r\n#!time\r\nvar x = 1;\r\nx\r\n\r\n\r\n#!html\r\n<b>bold</b>\r\n");

        Assert.Equal([(NotebookCellType.Markdown, "# Title"), (NotebookCellType.Code, "#!time\nvar x = 1;\nx"), (NotebookCellType.Code, "#!html\n<b>bold</b>")],
            document.Cells.Select(cell => (cell.Type, cell.Source)));
        Assert.Empty(CanonicalForm.Check(document));
        Assert.Equal("1 + 1", Assert.Single(DibFormat.Parse("1 + 1\n").Cells).Source);
        Assert.Empty(DibFormat.Parse("").Cells);
    }

    [Fact]
    public void Cells_that_another_tool_added_leave_the_text_right()
    {
        var text = DibFormat.Write(NotebookDocument.Create([(NotebookCellType.Code, "1"), (NotebookCellType.Code, "2")])) + "\n#!markdown\n\nadded\n";

        Assert.Equal(["1", "2", "added"], DibFormat.Parse(text).Cells.Select(cell => cell.Source));
    }

    [Theory]
    [InlineData("#!fsharp\n\nlet x = 1\n", "cell 1: the cell is in the language fsharp; this kernel runs csharp, markdown, html and javascript.")]
    [InlineData("#!meta\n\n{\n\n#!csharp\n\n1\n", "#!meta is not valid JSON")]
    [InlineData("#!meta\n\n[]\n\n#!csharp\n\n1\n", "#!meta must hold a JSON object.")]
    public void What_cannot_be_read_is_said(string text, string fault) =>
        Assert.Contains(fault, Assert.Throws<NotebookFormatException>(() => DibFormat.Parse(text, "x.dib")).Message);
}
