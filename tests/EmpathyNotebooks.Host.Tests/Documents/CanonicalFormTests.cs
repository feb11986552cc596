using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Host.Tests.Documents;

public class CanonicalFormTests
{
    private static NotebookDocument New() => NotebookDocument.Create(
        [(NotebookCellType.Markdown, "# Title"), (NotebookCellType.Code, "1"), (NotebookCellType.Code, "2")], "n.ipynb");

    [Fact]
    public void A_created_notebook_is_canonical()
    {
        Assert.Empty(CanonicalForm.Check(New()));
        Assert.Equal(["cell-01", "cell-02", "cell-03"], New().Cells.Select(cell => cell.Id));
    }

    [Fact]
    public void Every_departure_is_listed_with_its_cell()
    {
        var document = New();
        document.Root["nbformat_minor"] = 4;
        document.Metadata["kernelspec"]!["name"] = "python3";
        document.Cells[0].Id = "has space";
        document.Cells[1].Id = "cell-03";
        document.Cells[1].ExecutionCount = 4;
        document.Cells[1].SetOutputs([new StreamOutput("stdout", "x")]);
        document.Cells[2].Metadata.Remove("polyglot_notebook");

        Assert.Equal(
            [
                "n.ipynb: the format is nbformat 4.4; it must be 4.5.",
                "n.ipynb: metadata kernelspec.name is \"python3\"; it must be \".net-csharp\".",
                "n.ipynb, cell 1: the id \"has space\" must be 1 to 64 letters, digits, - or _.",
                "n.ipynb, cell 2: execution_count is 4; it must be null.",
                "n.ipynb, cell 2: has 1 output(s); it must have none.",
                "n.ipynb, cell 3: the id \"cell-03\" is that of cell 2; ids must differ.",
                "n.ipynb, cell 3: metadata polyglot_notebook.kernelName is missing; it must be \"csharp\".",
            ],
            CanonicalForm.Check(document).Select(violation => violation.ToString()));
    }

    [Fact]
    public void Making_canonical_keeps_ids_and_unknown_metadata_and_mends_the_rest()
    {
        var path = Repository.PathTo("tests", "EmpathyNotebooks.Host.Tests", "Documents", "everything.ipynb");
        var document = NotebookDocument.Load(path);
        document.Cells[1].Id = "intro";
        document.Cells[3].Node.Remove("id");
        var before = document.ToJson();

        var canonical = CanonicalForm.Of(document);

        Assert.NotEmpty(CanonicalForm.Check(document));
        Assert.Empty(CanonicalForm.Check(canonical));
        Assert.Equal(["intro", "cell-02", "code-1", "cell-04"], canonical.Cells.Select(cell => cell.Id));
        Assert.NotNull(canonical.Metadata["another_tool"]);
        Assert.NotNull(canonical.Cells[0].Attachments);
        Assert.Equal(before, document.ToJson());
    }

    [Fact]
    public void A_new_id_avoids_those_in_use()
    {
        var document = New();
        document.Cells[0].Node.Remove("id");
        document.Cells[1].Id = "cell-01";

        Assert.Equal(["cell-01-2", "cell-01", "cell-03"], CanonicalForm.Of(document).Cells.Select(cell => cell.Id));
    }

    [Fact]
    public void A_file_with_other_bytes_is_not_canonical_and_the_line_is_named()
    {
        var path = Path.GetTempFileName();
        try
        {
            var text = New().ToJson();
            File.WriteAllText(path, text);
            Assert.Empty(CanonicalForm.CheckFile(path));

            File.WriteAllText(path, text.Replace("\n  {\n", "\n   {\n"));
            Assert.StartsWith("line 3 of the file", Assert.Single(CanonicalForm.CheckFile(path)).Fault);

            File.WriteAllText(path, text.TrimEnd());
            Assert.Single(CanonicalForm.CheckFile(path));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
