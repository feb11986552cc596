namespace EmpathyNotebooks.Cli.Tests.Prisma;

/// <summary>The verb <c>prisma</c>.</summary>
public sealed class PrismaCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prisma").FullName;

    [Fact]
    public async Task A_flow_is_printed_drawn_and_not_overwritten()
    {
        var counts = Path.Combine(_folder, "counts.json");
        await File.WriteAllTextAsync(counts, """{ "databases": { "PsycINFO": 120 }, "duplicates": 20, "recordsExcluded": 60, "reportsExcluded": { "no control group": 25 }, "studiesIncluded": 15 }""", TestContext.Current.CancellationToken);
        var (code, said) = await Run(counts);
        Assert.Equal(EmpathyCommand.Success, code);
        Assert.Contains("Screened: 100; excluded: 60.", said, StringComparison.Ordinal);
        foreach (var name in (string[])["flow.svg", "flow.pdf", "flow.png", "flow.html"])
        {
            var path = Path.Combine(_folder, name);
            Assert.Equal(EmpathyCommand.Success, (await Run(counts, "--output", path)).Code);
            Assert.True(new FileInfo(path).Length > 1000);
        }
        var (refused, why) = await Run(counts, "--output", Path.Combine(_folder, "flow.svg"));
        Assert.Equal(EmpathyCommand.BadInput, refused);
        Assert.Contains("--force", why, StringComparison.Ordinal);
        Assert.Equal(EmpathyCommand.Success, (await Run(counts, "--output", Path.Combine(_folder, "flow.svg"), "--force")).Code);
    }

    [Fact]
    public async Task Counts_that_do_not_add_up_name_the_file_the_box_and_both_numbers()
    {
        var counts = Path.Combine(_folder, "counts.csv");
        await File.WriteAllTextAsync(counts, "databases,PsycINFO,100\nscreened,,90\nstudiesIncluded,,3\n", TestContext.Current.CancellationToken);
        var (code, said) = await Run(counts);
        Assert.Equal(EmpathyCommand.BadInput, code);
        Assert.Contains("counts.csv: Records screened: 90 is given", said, StringComparison.Ordinal);
        Assert.Contains("100", said, StringComparison.Ordinal);
        Assert.Equal(EmpathyCommand.BadInput, (await Run(Path.Combine(_folder, "none.json"))).Code);
        Assert.Equal(EmpathyCommand.BadInput, (await Run(counts, "--force")).Code);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<(int Code, string Said)> Run(params string[] args)
    {
        using StringWriter output = new(), error = new();
        var code = await EmpathyCommand.InvokeAsync(["prisma", .. args], output, error);
        return (code, output.ToString() + error);
    }
}
