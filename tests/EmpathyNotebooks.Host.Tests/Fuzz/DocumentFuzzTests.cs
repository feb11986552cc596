using System.Text;
using EmpathyNotebooks.Host.Conversion;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Jupyter;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Reporting;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Host.Tests.Fuzz;

/// <summary>Notebooks, messages of Jupyter, connection files and counts of a flow diagram that were changed: each is read, or refused with the exception that its reader documents.</summary>
public sealed class DocumentFuzzTests : IDisposable
{
    private static readonly (string Name, byte[] Bytes)[] Notebooks =
    [
        ("everything.ipynb", File.ReadAllBytes(Repository.PathTo("tests/EmpathyNotebooks.Host.Tests/Documents/everything.ipynb"))),
        ("small.ipynb", """{"cells":[{"cell_type":"markdown","id":"a","metadata":{},"source":["# T\n","x"]},{"cell_type":"code","id":"b","execution_count":1,"metadata":{"tags":["x"]},"outputs":[{"output_type":"stream","name":"stdout","text":"1"},{"output_type":"execute_result","execution_count":1,"data":{"text/plain":["1"]},"metadata":{}},{"output_type":"error","ename":"E","evalue":"v","traceback":["t"]}],"source":"1"}],"metadata":{"kernelspec":{"name":".net-csharp","display_name":".NET (C#)","language":"C#"},"language_info":{"name":"polyglot-notebook"}},"nbformat":4,"nbformat_minor":5}"""u8.ToArray()),
        ("small.dib", "#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\",\"items\":[{\"name\":\"csharp\"}]}}\n\n#!csharp\n\nvar x = 1;\n\n#!markdown\n\n# T\n\n#!fsharp\n\nlet x = 1\n"u8.ToArray()),
        ("plain.dib", "#!csharp\n1 + 1\n#!markdown\ntext\n"u8.ToArray()),
    ];

    private static readonly (string Name, byte[] Bytes)[] Messages =
    [
        ("execute", """{"msg_id":"1","session":"s","username":"u","date":"2026-01-01T00:00:00Z","msg_type":"execute_request","version":"5.3"}|{}|{}|{"code":"1+1","silent":false,"store_history":true,"user_expressions":{},"allow_stdin":true,"stop_on_error":true}"""u8.ToArray()),
        ("complete", """{"msg_id":"2","session":"s","msg_type":"complete_request","version":"5.3"}|{"msg_id":"1"}|{}|{"code":"Math.","cursor_pos":5}"""u8.ToArray()),
        ("comm", """{"msg_id":"3","msg_type":"comm_info_request"}|{}|{"x":[1,2]}|{"target_name":null}|buffer"""u8.ToArray()),
    ];

    private static readonly (string Name, byte[] Bytes)[] Connections =
        [("kernel.json", """{"shell_port":57503,"iopub_port":40885,"stdin_port":52597,"control_port":50160,"hb_port":42540,"ip":"127.0.0.1","key":"a0436f6c","transport":"tcp","signature_scheme":"hmac-sha256","kernel_name":""}"""u8.ToArray())];

    private static readonly (string Name, byte[] Bytes)[] Flows =
    [
        ("flow.json", """{ "databases": { "PsycINFO": 120, "PubMed": 30 }, "registers": 4, "duplicates": 24, "recordsExcluded": 60, "reportsExcluded": { "no control group": 25 }, "studiesIncluded": 15 }"""u8.ToArray()),
        ("flow.csv", "box,name,count\ndatabases,PsycINFO,120\nduplicates,,20\nrecordsExcluded,,60\nreportsExcluded,\"no \"\"control\"\" group\",25\nstudiesIncluded,,15\n"u8.ToArray()),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("fuzz").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Notebooks_that_were_changed() => ByteFuzz.Run(800, 2, Notebooks, (name, bytes) =>
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        var notebook = NotebookFile.Load(path);
        foreach (var cell in notebook.Cells) _ = (cell.Source, cell.Type, cell.Outputs.Count);
        var text = notebook.ToJson();
        // What was read is written as a notebook that reads the same.
        Assert.Equal(text, NotebookDocument.Parse(text, "again.ipynb").ToJson());
        var canonical = CanonicalForm.Of(notebook).ToJson();
        Assert.Equal(canonical, CanonicalForm.Of(NotebookDocument.Parse(canonical, "again.ipynb")).ToJson());
        Convert(() => DibFormat.Write(notebook));
        Convert(() => MarkdownForm.Write(notebook, page: null));
    }, fault => fault is NotebookFormatException);

    [Fact]
    public void Messages_that_were_changed() => ByteFuzz.Run(3000, 1, Messages, (name, bytes) =>
    {
        var signer = new MessageSigner("key");
        var wire = new WireFormat(new MessageSigner("key"));
        var parts = Split(bytes);
        // Signed by who has the key, and by who has not: nobody may bring the kernel down.
        var message = parts.Count < 4 ? null : wire.Read([[1, 2], "<IDS|MSG>"u8.ToArray(), signer.Sign([.. parts.Take(4)]), .. parts], out _);
        Assert.Null(wire.Read([.. parts, bytes, bytes], out var fault));
        Assert.NotEqual("", fault);
        if (message is null) throw new FormatException();
        _ = (message.Text("code"), message.Number("cursor_pos"), message.Flag("silent", false), message.ParentId, message.Session);
        _ = wire.Write(message.Identities, "status", [], message);
    }, fault => fault is FormatException);

    [Fact]
    public void Connection_files_that_were_changed() => ByteFuzz.Run(800, 4, Connections, (name, bytes) =>
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        var file = ConnectionFile.Read(path);
        _ = file.Endpoint(file.ShellPort);
    }, fault => fault is ConnectionFileException);

    [Fact]
    public void Counts_of_a_flow_that_were_changed() => ByteFuzz.Run(1500, 1, Flows, (name, bytes) => _ = PrismaFlowFile.Parse(Encoding.UTF8.GetString(bytes), name.EndsWith("json", StringComparison.Ordinal)).ToString(),
        fault => fault is FormatException or PrismaCountException or ArgumentException);

    private static void Convert(Func<string> convert)
    {
        try
        {
            _ = convert();
        }
        catch (ConversionException)
        {
            // A notebook may hold what a form has no place for.
        }
    }

    private static List<byte[]> Split(byte[] bytes)
    {
        var (parts, from) = (new List<byte[]>(), 0);
        for (var i = 0; i <= bytes.Length; i++)
        {
            if (i < bytes.Length && bytes[i] != '|') continue;
            parts.Add(bytes[from..i]);
            from = i + 1;
        }
        return parts;
    }
}
