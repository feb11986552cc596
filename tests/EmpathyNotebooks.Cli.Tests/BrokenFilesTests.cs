using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>Files with one fault each: the whole message, and that neither <c>analyze</c> nor <c>check</c> falls over them.</summary>
public sealed class BrokenFilesTests
{
    private static readonly string Folder = Repository.PathTo("tests/golden/broken");

    public static TheoryData<string, string> Files => [.. File.ReadLines(Path.Combine(Folder, "expected.tsv")).Select(line => line.Split('\t')).Select(cells => (cells[0], cells[1].Replace("|", "\n", StringComparison.Ordinal)))];

    [Fact]
    public void Each_file_has_its_message() => Assert.Equal(Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Where(name => name != "expected.tsv").Order(StringComparer.Ordinal), Files.Select(f => f.Data.Item1));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_broken_file_is_told_where_and_how_to_mend_it(string name, string message)
    {
        using StringWriter output = new(), error = new();
        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["analyze", Path.Combine(Folder, name)], output, error));
        Assert.Equal("", output.ToString());
        var said = string.Join('\n', error.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Where(line => !line.StartsWith("Taken from the header", StringComparison.Ordinal)))
            .Replace(Path.Combine(Folder, name), name, StringComparison.Ordinal);
        Assert.Equal(message, said);

        using StringWriter listed = new(), refused = new();
        Assert.Equal(EmpathyCommand.BadInput, await EmpathyCommand.InvokeAsync(["check", Path.Combine(Folder, name)], listed, refused));
        Assert.True(listed.ToString().Contains("Errors", StringComparison.Ordinal) || refused.ToString().Contains(name, StringComparison.Ordinal), listed.ToString() + refused);
    }
}
