namespace EmpathyNotebooks.MetaAnalysis.Tests;

/// <summary>Cells of CSV: nothing in a text splits a line or is computed, and numbers stay numbers.</summary>
public sealed class CsvFormTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("-0.3", "-0.3")]
    [InlineData("1E-05", "1E-05")]
    [InlineData("-x", "'-x")]
    [InlineData("+49 30", "'+49 30")]
    [InlineData("@x", "'@x")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData(" a", "\" a\"")]
    [InlineData("＝1", "'＝1")]
    [InlineData("", "")]
    public void A_cell_is_no_formula_and_splits_nothing(string text, string cell) => Assert.Equal($"x,{cell},x\n", Written("x", CsvForm.Inert(text), "x"));

    /// <summary>A table that is read again keeps its texts as they are.</summary>
    [Fact]
    public void A_text_changes_only_where_it_is_asked() => Assert.Equal("=1+1,-x\n", Written("=1+1", "-x"));

    private static string Written(params string[] cells)
    {
        using var text = new StringWriter();
        CsvForm.Line(text, cells);
        return text.ToString();
    }
}
