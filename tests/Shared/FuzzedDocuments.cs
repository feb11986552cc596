using EmpathyNotebooks.Host.Conversion;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Jupyter;

namespace EmpathyNotebooks.Tests;

/// <summary>Notebooks and messages of Jupyter that fuzzers change, and what a program asks of each. The seeded fuzz and the coverage-guided one share it.</summary>
internal static class FuzzedDocuments
{
    public static readonly (string Name, byte[] Bytes)[] Notebooks =
    [
        ("everything.ipynb", File.ReadAllBytes(Repository.PathTo("tests/EmpathyNotebooks.Host.Tests/Documents/everything.ipynb"))),
        ("small.ipynb", """{"cells":[{"cell_type":"markdown","id":"a","metadata":{},"source":["# T\n","x"]},{"cell_type":"code","id":"b","execution_count":1,"metadata":{"tags":["x"]},"outputs":[{"output_type":"stream","name":"stdout","text":"1"},{"output_type":"execute_result","execution_count":1,"data":{"text/plain":["1"]},"metadata":{}},{"output_type":"error","ename":"E","evalue":"v","traceback":["t"]}],"source":"1"}],"metadata":{"kernelspec":{"name":".net-csharp","display_name":".NET (C#)","language":"C#"},"language_info":{"name":"polyglot-notebook"}},"nbformat":4,"nbformat_minor":5}"""u8.ToArray()),
        ("small.dib", "#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\",\"items\":[{\"name\":\"csharp\"}]}}\n\n#!csharp\n\nvar x = 1;\n\n#!markdown\n\n# T\n\n#!fsharp\n\nlet x = 1\n"u8.ToArray()),
        ("plain.dib", "#!csharp\n1 + 1\n#!markdown\ntext\n"u8.ToArray()),
    ];

    public static readonly (string Name, byte[] Bytes)[] Messages =
    [
        ("execute", """{"msg_id":"1","session":"s","username":"u","date":"2026-01-01T00:00:00Z","msg_type":"execute_request","version":"5.3"}|{}|{}|{"code":"1+1","silent":false,"store_history":true,"user_expressions":{},"allow_stdin":true,"stop_on_error":true}"""u8.ToArray()),
        ("complete", """{"msg_id":"2","session":"s","msg_type":"complete_request","version":"5.3"}|{"msg_id":"1"}|{}|{"code":"Math.","cursor_pos":5}"""u8.ToArray()),
        ("comm", """{"msg_id":"3","msg_type":"comm_info_request"}|{}|{"x":[1,2]}|{"target_name":null}|buffer"""u8.ToArray()),
    ];

    /// <summary>True for the exception that says what is wrong with a notebook.</summary>
    public static bool IsDocumentedOfNotebook(Exception fault) => fault is NotebookFormatException;

    /// <summary>True for what <see cref="ReadMessage"/> throws where the kernel says why it takes no notice of a message.</summary>
    public static bool IsDocumentedOfMessage(Exception fault) => fault is FormatException;

    /// <summary>Reads a notebook from a file, writes it again in every form and reads that.</summary>
    /// <param name="folder">Takes the file.</param>
    /// <param name="name">Its name, whose ending is its form.</param>
    /// <param name="bytes">What it holds.</param>
    public static void ReadNotebook(string folder, string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        var notebook = NotebookFile.Load(path);
        foreach (var cell in notebook.Cells) _ = (cell.Source, cell.Type, cell.Outputs.Count);
        var text = notebook.ToJson();
        // What was read is written as a notebook that reads the same.
        Same(text, NotebookDocument.Parse(text, "again.ipynb").ToJson());
        var canonical = CanonicalForm.Of(notebook).ToJson();
        Same(canonical, CanonicalForm.Of(NotebookDocument.Parse(canonical, "again.ipynb")).ToJson());
        Convert(() => DibFormat.Write(notebook));
        Convert(() => MarkdownForm.Write(notebook, page: null));
    }

    /// <summary>Reads a message, whose frames are told apart by |, as one signed by who has the key and as one signed by who has not: nobody may bring the kernel down.</summary>
    /// <param name="bytes">The frames.</param>
    public static void ReadMessage(byte[] bytes)
    {
        var signer = new MessageSigner("key");
        var wire = new WireFormat(new MessageSigner("key"));
        var parts = Split(bytes);
        var message = parts.Count < 4 ? null : wire.Read([[1, 2], "<IDS|MSG>"u8.ToArray(), signer.Sign([.. parts.Take(4)]), .. parts], out _);
        if (wire.Read([.. parts, bytes, bytes], out var fault) is not null || fault.Length == 0) throw new InvalidDataException("A message that nobody signed was taken, or refused without a reason.");
        if (message is null) throw new FormatException();
        _ = (message.Text("code"), message.Number("cursor_pos"), message.Flag("silent", false), message.ParentId, message.Session);
        _ = wire.Write(message.Identities, "status", [], message);
    }

    private static void Same(string first, string second)
    {
        if (first != second) throw new InvalidDataException($"What was written reads otherwise:\n{first}\n{second}");
    }

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
