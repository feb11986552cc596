using System.Text;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Jupyter;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Host.Tests.Fuzz;

/// <summary>What the fuzz has found: JSON may hold names and texts that are no text, which .NET tells whoever asks for them first.</summary>
public sealed class FoundTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("found").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("x.ipynb", """{"cells":[],"metadata":{"\ud800":1},"nbformat":4,"nbformat_minor":5}""")]
    [InlineData("x.ipynb", """{"\udfff":1,"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5}""")]
    [InlineData("x.dib", "#!meta\n\n{\"kernelInfo\":{\"\\ud800\":1}}\n\n#!csharp\n\n1\n")]
    public void A_name_that_is_half_a_character_is_a_fault_of_the_notebook(string name, string text) =>
        Assert.Contains("half of a surrogate pair", Assert.Throws<NotebookFormatException>(() => NotebookFile.Parse(text, name)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_twice_in_the_head_of_a_dib_is_a_fault_of_the_notebook() =>
        Assert.Throws<NotebookFormatException>(() => NotebookFile.Parse("#!meta\n\n{\"a\":1,\"a\":2}\n\n#!csharp\n\n1\n", "x.dib"));

    [Theory]
    [InlineData("\"\\ud800\":1")]
    [InlineData("\"x\":\"\u00FF\"")]
    public void A_connection_file_that_is_no_text_is_named(string member)
    {
        var path = Path.Combine(_folder, "kernel.json");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes($$"""{"shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5,"ip":"127.0.0.1","key":"k","transport":"tcp",{{member}}}"""));
        Assert.Contains(path, Assert.Throws<ConnectionFileException>(() => ConnectionFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_whose_content_has_a_name_that_is_no_text_is_refused_as_a_whole()
    {
        byte[][] signed = ["""{"msg_id":"1","msg_type":"execute_request"}"""u8.ToArray(), "{}"u8.ToArray(), "{}"u8.ToArray(), """{"\ud800":1,"code":"1"}"""u8.ToArray()];
        Assert.Null(new WireFormat(new MessageSigner("key")).Read(["<IDS|MSG>"u8.ToArray(), new MessageSigner("key").Sign(signed), .. signed], out var fault));
        Assert.NotEqual("", fault);
    }

    [Fact]
    public void A_box_of_a_flow_whose_name_is_no_text_is_refused() =>
        Assert.Contains("half of a character", Assert.Throws<FormatException>(() => PrismaFlowFile.Parse("""{ "databases": { "\ud83d": 1 }, "studiesIncluded": 1 }""", isJson: true)).Message, StringComparison.Ordinal);
}
