using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;

namespace EmpathyNotebooks.Host.Tests.Kernels;

public sealed class MagicTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("empathy-magic-");
    private readonly CSharpKernel _kernel;

    public MagicTests() =>
        _kernel = new CSharpKernel(new CSharpKernelOptions { Folder = _folder.FullName, TimeLimit = TimeSpan.FromMinutes(3) });

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<CellResult> Run(string code) => _kernel.ExecuteAsync(code, null, TestContext.Current.CancellationToken);

    private async Task<IReadOnlyList<NotebookOutput>> Outputs(string code)
    {
        var result = await Run(code);
        Assert.True(result.Error is null, result.Error?.ToString());
        return result.Outputs;
    }

    private async Task<string> Text(string code) => string.Concat((await Outputs(code)).Select(output => output switch
    {
        StreamOutput stream => stream.Text,
        DisplayOutput display => display.Text("text/plain") + "\n",
        _ => output.OutputType,
    }));

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    [Fact]
    public async Task A_file_is_loaded_from_the_folder_of_the_notebook_and_what_it_loads_from_its_own()
    {
        Write("lib/outer.csx", "#load \"inner/deep.cs\"\nusing System.Globalization;\nint Twice(int x) => Two * x;\nTwice(1)");
        Write("lib/inner/deep.cs", "const int Two = 2;");

        Assert.Equal("42 ivl\n", await Text("#load \"lib/outer.csx\"\n$\"{Twice(21)} {CultureInfo.InvariantCulture.ThreeLetterISOLanguageName}\""));
        Assert.Equal("2\n", await Text("Two"));
    }

    [Fact]
    public async Task An_error_in_a_loaded_file_names_its_line_and_that_of_the_cell()
    {
        Write("bad.csx", "var a = 1;\n\nthrow new InvalidOperationException(\"inside\");");
        Write("wrong.csx", "\nnope();");

        var thrown = await Run("var b = 1;\n#load \"bad.csx\"\nb");
        var uncompiled = await Run("#load \"wrong.csx\"");

        Assert.Equal((2, "#load \"bad.csx\"", "inside"), (thrown.Error!.Line, thrown.Error.LineText, thrown.Error.Message));
        Assert.Equal(["  bad.csx, line 3: throw new InvalidOperationException(\"inside\");", "  cell 1, line 2: #load \"bad.csx\""],
            thrown.Error.Traceback.Skip(1));
        Assert.Contains("(2,1): error CS0103", uncompiled.Error!.Message);
    }

    [Theory]
    [InlineData("#load \"none.csx\"", "#load none.csx: there is no such file, seen from the folder of the notebook.")]
    [InlineData("#load \"self.csx\"", "#load self.csx: the file loads itself: self.csx -> self.csx.")]
    [InlineData("#load none.csx", "#load takes one text in quotation marks")]
    [InlineData("#!import none.ipynb", "#!import none.ipynb: there is no such file")]
    [InlineData("#!import", "#!import takes the path of a notebook")]
    [InlineData("#!import broken.ipynb", "#!import broken.ipynb: broken.ipynb: not valid JSON")]
    [InlineData("#load \"a\0b.csx\"", "#load \"a\0b.csx\": ")]
    [InlineData("#load \".\"", "#load .: ")]
    [InlineData("#!time 3", "#!time takes nothing after it; it was given 3")]
    [InlineData("#!who x", "#!who takes nothing after it; it was given x")]
    public async Task What_cannot_be_done_is_said(string code, string message)
    {
        Write("self.csx", "#load \"self.csx\"");
        Write("broken.ipynb", "{");

        Assert.StartsWith(message, (await Run(code)).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notebook_is_imported_with_what_its_cells_show()
    {
        NotebookDocument.Create([(NotebookCellType.Markdown, "# Title"), (NotebookCellType.Code, "var a = 20;\na"), (NotebookCellType.Code, "var b = a + 2;")])
            .Save(Path.Combine(_folder.FullName, "other.ipynb"));
        Write("third.dib", "#!markdown\n\nwords\n\n#!csharp\n\nvar c = a + b;\n");

        Assert.Equal("20\n42\n", await Text("#!import other.ipynb\n#!import \"third.dib\"\nc"));
    }

    [Fact]
    public async Task An_error_in_an_imported_notebook_names_its_cell()
    {
        NotebookDocument.Create([(NotebookCellType.Markdown, "# Title"), (NotebookCellType.Code, "\nint.Parse(\"x\")")])
            .Save(Path.Combine(_folder.FullName, "other.ipynb"));

        var error = (await Run("#!import other.ipynb")).Error!;

        Assert.Equal("  other.ipynb cell 2, line 2: int.Parse(\"x\")", error.Traceback[^2]);
        Assert.Equal(1, error.Line);
    }

    [Fact]
    public async Task The_time_of_the_code_is_said() =>
        Assert.Matches(@"^5\nWall time: \d+(\.\d+)? ms\n$", await Text("#!time\nawait Task.Delay(20);\n5"));

    [Fact]
    public async Task Variables_are_named()
    {
        await Outputs("var studies = 82; string name = \"empathy\"; List<double> z = [.28];");

        Assert.Equal("name  studies  z\n", await Text("#!who"));
        Assert.Equal(
            """
            Name     Type          Value
            name     String        empathy
            studies  Int32         82
            z        List<Double>  System.Collections.Generic.List`1[System.Double]

            """, await Text("#!whos"));
    }

    [Fact]
    public async Task Magics_and_kernel_are_described()
    {
        var magics = await Text("#!lsmagic");

        foreach (var name in new[] { "#r \"nuget: Name, Version\"", "#load", "#!import", "#!time", "#!who", "#!markdown" }) Assert.Contains(name, magics);
        Assert.StartsWith("EmpathyNotebooks kernel 0.1.0, C# by Roslyn, .NET 10.", await Text("#!about"));
    }

    [Fact]
    public async Task A_cell_can_change_its_language_and_back()
    {
        var outputs = await Outputs(
            "var a = 1;\n#!markdown\nSome *words*, it's \"open\n#!csharp\na\n#!html\n<b>bold</b>\n#!javascript\nlet x = '</script>';\n#!csharp\na + 1");

        Assert.Equal(
            ["Some *words*, it's \"open", "1", "<b>bold</b>", "let x = '</script>';", "2"],
            outputs.Cast<DisplayOutput>().Select(output => output.Text("text/plain")));
        Assert.Equal("<p>Some <em>words</em>, it's &quot;open</p>\n", ((DisplayOutput)outputs[0]).Text("text/html"));
        Assert.Equal("<script type=\"text/javascript\">let x = '<\\/script>';</script>", ((DisplayOutput)outputs[3]).Text("text/html"));
    }

    [Fact]
    public async Task Lines_keep_their_numbers_after_a_change_of_language() =>
        Assert.Equal(4, (await Run("#!markdown\nwords\n#!csharp\nint.Parse(\"x\")")).Error!.Line);

    [Fact]
    public async Task A_change_of_language_within_a_string_is_none() =>
        Assert.Equal("\n#!markdown\n\n", await Text("var s = @\"\n#!markdown\n\"; s"));

    [Fact]
    public async Task A_cell_of_one_language_line_is_that_language() =>
        Assert.Equal("3\n", await Text("#!csharp\n1 + 2"));

    [Fact]
    public async Task JavaScript_and_styles_go_into_the_page()
    {
        var outputs = await Outputs("Javascript(\"let a = 1;\"); CSS(\"b { color: red }\");");

        Assert.Equal(["<script type=\"text/javascript\">let a = 1;</script>", "<style>b { color: red }</style>"],
            outputs.Cast<DisplayOutput>().Select(output => output.Text("text/html")));
    }
}
