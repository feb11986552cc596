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
    public void Notebooks_that_were_changed() => ByteFuzz.Run(800, 2, FuzzedDocuments.Notebooks, (name, bytes) => FuzzedDocuments.ReadNotebook(_folder, name, bytes), FuzzedDocuments.IsDocumentedOfNotebook);

    [Fact]
    public void Messages_that_were_changed() => ByteFuzz.Run(3000, 1, FuzzedDocuments.Messages, (_, bytes) => FuzzedDocuments.ReadMessage(bytes), FuzzedDocuments.IsDocumentedOfMessage);

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
}
