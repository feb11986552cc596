using System.Text;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Data.Tests.Fuzz;

/// <summary>What the fuzz has found in files of tables.</summary>
public sealed class FoundTests
{
    [Theory]
    [InlineData("""[{"study":"A","\ud83d":0.3}]""")]
    [InlineData("""[{"study":"\ud83d","r":0.3}]""")]
    [InlineData("{\"study\":\"A\",\"r\":1}\n{\"study\":\"B\",\"\\udc00\":1}")]
    public void Half_a_character_in_JSON_is_a_fault_of_the_file(string text)
    {
        var fault = Assert.Throws<StudyDataException>(() => Read("x.json", text));
        Assert.StartsWith("x.json: holds half of a character", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\\u2028")]
    [InlineData("\\n")]
    public void A_name_of_blanks_is_no_name(string name)
    {
        var table = Read("x.json", $$"""[{"study":"A","{{name}}":0.31},{"study":"B","{{name}}":0.2}]""");
        Assert.Equal(["study", "column 2"], table.Columns.Select(c => c.Name));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(47)]
    [InlineData(67)]
    [InlineData(75)]
    public void A_damaged_head_of_an_old_workbook_makes_no_room_for_gigabytes(int place)
    {
        var bytes = File.ReadAllBytes(Repository.PathTo("tests/golden/import/studies.xls"));
        bytes[place] |= 0x10;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("is no workbook that can be read", Assert.Throws<StudyDataException>(() => TableFile.Read(bytes, "x.xls", new StudyTableOptions())).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    private static StudyTable Read(string name, string text) => TableFile.Read(Encoding.UTF8.GetBytes(text), name, new StudyTableOptions());
}
