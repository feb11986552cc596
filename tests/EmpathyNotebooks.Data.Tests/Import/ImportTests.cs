using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;
using Parquet;
using Parquet.Schema;
using Parquet.Serialization;

namespace EmpathyNotebooks.Data.Tests.Import;

/// <summary>Files that are no CSV.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Fixture(string name) => Repository.PathTo($"tests/golden/import/{name}");

    private static string?[] Texts(StudyTable table, string column) => [.. Enumerable.Range(0, table.Count).Select(table.Column(column).Text)];

    private static double?[] Numbers(StudyTable table, string column) => [.. Enumerable.Range(0, table.Count).Select(table.Column(column).Number)];

    private string Write(string name, string text, Encoding? encoding = null)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text, encoding ?? new UTF8Encoding(false));
        return path;
    }

    [Fact]
    public void A_workbook_is_read_with_its_title_and_says_what_it_passed_over()
    {
        var table = StudyTable.Read(Fixture("studies.xlsx"));

        Assert.Equal(["study", "year", "r", "n", "rater", "published"], table.Columns.Select(c => c.Name));
        Assert.Equal(["Study 01", "Study 02", "Study 03", "Study 04", "Müller & Søn"], Texts(table, "study"));
        // The third is a text in the workbook.
        Assert.Equal([0.31, -0.2, 0.15, null, 0.3], Numbers(table, "r"));
        Assert.Equal(["true", "false", "true", "true", "true"], Texts(table, "published"));
        Assert.Equal(4, table.LineOf(0));
        Assert.Equal([TableNoteKind.Sheet, TableNoteKind.Title], table.Notes.Select(n => n.Kind));
        Assert.Contains("\"Data\" was read, and not \"Codebook\", \"Old\" (hidden)", table.Notes[0].Text);
    }

    [Fact]
    public void Another_sheet_is_read_by_its_name_and_one_that_is_not_there_is_named()
    {
        Assert.Equal(["X"], Texts(StudyTable.Read(Fixture("studies.xlsx"), new() { Sheet = "Old" }), "study"));

        var fault = Assert.Throws<StudyDataException>(() => StudyTable.Read(Fixture("studies.xlsx"), new() { Sheet = "Date" }));
        Assert.Equal(StudyDataFault.NoSuchSheet, fault.Kind);
        Assert.Equal("studies.xlsx: \"Date\" is not a sheet: did you mean \"Data\"? There are: Data, Codebook, Old (StudyTableOptions.Sheet names it).", fault.Message);
    }

    [Fact]
    public void A_workbook_of_old_is_read_too() =>
        Assert.Equal([0.5, 0.25, 0.125], Numbers(StudyTable.Read(Fixture("studies.xls")), "yi"));

    [Fact]
    public void Merged_cells_and_dates_are_said()
    {
        var table = StudyTable.Read(Fixture("awkward.xlsx"));

        Assert.Equal(["A", null, "C", "D"], Texts(table, "study"));
        Assert.Contains("Rows 2 to 3 of column A are one merged cell: its value \"A\" stands in the first row alone", table.Notes.Single(n => n.Kind == TableNoteKind.MergedCells).Text);
        var fault = Assert.Throws<StudyDataException>(() => table.RequireOneKind("dose"));
        Assert.Contains("\"1-2\"", fault.Message);
    }

    [Fact]
    public void A_date_among_texts_is_said_and_one_among_numbers_is_a_fault()
    {
        var table = StudyTable.Parse("study,items,dose,day\nA,1-2,2,2024-01-02\nB,4-Mar,2024-03-04,2024-03-04\nC,5-9,3,2024-05-01\n");

        Assert.Equal("Column items holds dates among other texts (\"4-Mar\" in row 3): spreadsheets make them of 1-2 or 3/4. Check the values.", table.Notes.Single(n => n.Kind == TableNoteKind.Dates).Text);
        Assert.Contains("is a date, as spreadsheets make of 1-2 or 3/4", Assert.Throws<StudyDataException>(() => table.RequireOneKind("dose")).Message);
    }

    [Fact]
    public void An_error_of_a_spreadsheet_is_named() =>
        Assert.Contains("\"#DIV/0!\" is an error of a spreadsheet; mend its formula", Assert.Throws<StudyDataException>(() =>
            StudyTable.Parse("study,r,n\nA,.3,40\nB,#DIV/0!,50\n").RequireOneKind("r")).Message);

    [Theory]
    [InlineData("a.json", """[{"study":"A","r":0.31,"n":120},{"study":"B","r":-0.2,"n":null,"note":"x"}]""")]
    [InlineData("b.json", """{"study":["A","B"],"r":[0.31,-0.2],"n":[120,null],"note":[null,"x"]}""")]
    [InlineData("c.json", """{"title":"made up","rows":[{"study":"A","r":0.31,"n":120},{"study":"B","r":-0.2,"note":"x"}]}""")]
    [InlineData("pandas.json", """{"study":{"0":"A","1":"B"},"r":{"0":0.31,"1":-0.2},"n":{"1":null,"0":120},"note":{"0":null,"1":"x"}}""")]
    [InlineData("d.jsonl", "{\"study\":\"A\",\"r\":0.31,\"n\":120}\n\n{\"study\":\"B\",\"r\":-0.2,\"note\":\"x\"}\n")]
    public void Json_in_each_form(string name, string text)
    {
        var table = StudyTable.Read(Write(name, text));

        Assert.Equal(["study", "r", "n", "note"], table.Columns.Select(c => c.Name));
        Assert.Equal([0.31, -0.2], Numbers(table, "r"));
        Assert.Equal([120, null], Numbers(table, "n"));
        Assert.Equal(2, table.LineOf(1));
    }

    [Theory]
    [InlineData("""[{"study":"A","r":[1]}]""", "row 1, column r: is a list or a record, where a table has one value a cell")]
    [InlineData("""{"study":["A","B"],"r":[1]}""", "column r: has 1 values where study has 2")]
    [InlineData("""[{"study":"A"},7]""", "row 2: must be a record like")]
    [InlineData("""{"a":1}""", "must hold a list of records")]
    [InlineData("""[{"study":"A","r":0.1,"r":0.5}]""", "row 1, column r: is there twice in one record; give each value a name of its own")]
    [InlineData("""{"study":["A"],"r":[0.1],"r":[0.5]}""", "column r: is there twice in one record")]
    [InlineData("""{"study":{"0":"A","1":"B"},"r":{"0":0.1}}""", "column r: has values for other rows than study")]
    [InlineData("""[["study","r"],["A",0.1]]""", "row 1: must be a record like {\"study\": \"A\", \"r\": 0.3}, and is a list")]
    [InlineData("""[{"study":"A","r":NaN}]""", "NaN and Infinity, as Python writes them, are no values of JSON: write null")]
    [InlineData("[]", "holds no record")]
    [InlineData("{\"study\": \"A\",\n \"r\": .3}", "row 2: is no JSON")]
    [InlineData("", "is empty")]
    public void Json_that_is_no_table_says_why(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<StudyDataException>(() => StudyTable.Read(Write("x.json", text))).Message);

    [Fact]
    public async Task A_Parquet_file_is_read()
    {
        var schema = new ParquetSchema(new DataField<string>("study"), new DataField<double?>("r"), new DataField<int>("n"), new DataField<bool>("published"), new DataField<DateTime>("day"));
        var path = Path.Combine(_folder, "x.parquet");
        await using (var stream = File.Create(path))
        {
            await ParquetSerializer.SerializeUntypedAsync(
            [
                new Dictionary<string, object?> { ["study"] = "A", ["r"] = 0.31, ["n"] = 120, ["published"] = true, ["day"] = new DateTime(2024, 3, 4, 0, 0, 0, DateTimeKind.Utc) }!,
                new Dictionary<string, object?> { ["study"] = "B", ["r"] = null, ["n"] = 85, ["published"] = false, ["day"] = new DateTime(2024, 3, 5, 0, 0, 0, DateTimeKind.Utc) }!,
            ], schema, stream, cancellationToken: TestContext.Current.CancellationToken);
        }

        var table = StudyTable.Read(path);

        Assert.Equal(["A", "B"], Texts(table, "study"));
        Assert.Equal([0.31, null], Numbers(table, "r"));
        Assert.Equal([120, 85], Numbers(table, "n"));
        Assert.Equal(["true", "false"], Texts(table, "published"));
        Assert.Equal(["2024-03-04", "2024-03-05"], Texts(table, "day"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_Arrow_file_and_stream_are_read_with_factors_as_texts(bool isStream)
    {
        var levels = new StringArray.Builder().AppendRange(["client", "observer"]).Build();
        var rater = new DictionaryArray(new Apache.Arrow.Types.DictionaryType(Apache.Arrow.Types.Int32Type.Default, Apache.Arrow.Types.StringType.Default, false), new Int32Array.Builder().AppendRange([1, 0]).Build(), levels);
        var batch = new RecordBatch.Builder().Append("study", false, new StringArray.Builder().AppendRange(["A", "B"]).Build())
            .Append("r", true, new DoubleArray.Builder().Append(0.31).AppendNull().Build()).Append("n", false, new Int64Array.Builder().AppendRange([120L, 85L]).Build())
            .Append("rater", false, rater).Build();
        var path = Path.Combine(_folder, isStream ? "x.arrows" : "x.feather");
        using (var stream = File.Create(path))
        {
            using ArrowStreamWriter writer = isStream ? new ArrowStreamWriter(stream, batch.Schema) : new ArrowFileWriter(stream, batch.Schema);
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }

        var table = StudyTable.Read(path);

        Assert.Equal(["A", "B"], Texts(table, "study"));
        Assert.Equal([0.31, null], Numbers(table, "r"));
        Assert.Equal([120, 85], Numbers(table, "n"));
        Assert.Equal(["observer", "client"], Texts(table, "rater"));
    }

    [Theory]
    [InlineData("PAR1 and nothing else", "is no Parquet file that can be read")]
    [InlineData("ARROW1 and nothing else", "is no Arrow file that can be read")]
    [InlineData("PK\u0003\u0004 and nothing else", "is no workbook that can be read")]
    [InlineData("$FL2@(#) SPSS DATA FILE", "is an SPSS file, which cannot be read")]
    [InlineData("<stata_dta><header>", "is a Stata file, which cannot be read")]
    [InlineData("%PDF-1.7", "is a PDF, and no table")]
    public void A_file_that_cannot_be_read_is_named_with_the_way_out(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<StudyDataException>(() => StudyTable.Read(Write("x.bin", text))).Message);

    [Fact]
    public void A_damaged_workbook_is_a_fault_and_no_crash()
    {
        var whole = File.ReadAllBytes(Fixture("studies.xlsx"));
        for (var cut = 100; cut < whole.Length; cut += 311)
        {
            var path = Path.Combine(_folder, "cut.xlsx");
            File.WriteAllBytes(path, whole[..cut]);
            Assert.Throws<StudyDataException>(() => StudyTable.Read(path));
        }
    }

    [Fact]
    public void An_encoding_that_is_said_is_taken()
    {
        var latin2 = CodePagesEncodingProvider.Instance.GetEncoding("iso-8859-2")!;
        var path = Write("x.csv", "study,r,n\nDvořák,.3,40\nŁuk,.2,50\n", latin2);

        Assert.Equal(["Dvořák", "Łuk"], Texts(StudyTable.Read(path, new() { Encoding = latin2 }), "study"));
        Assert.Contains("is not valid utf-8", Assert.Throws<StudyDataException>(() => StudyTable.Read(path, new() { Encoding = Encoding.UTF8 })).Message);
        var other = Assert.Throws<StudyDataException>(() => StudyTable.Read(Fixture("studies.xlsx"), new() { Encoding = Encoding.UTF8 }));
        Assert.Equal((StudyDataFault.OptionOfOtherFile, "Encoding"), (other.Kind, other.Option));
        Assert.Equal(StudyDataFault.OptionOfOtherFile, Assert.Throws<StudyDataException>(() => StudyTable.Read(path, new() { Sheet = "Data" })).Kind);
    }

    [Fact]
    public void A_review_of_RevMan_has_a_row_for_each_study_in_each_analysis()
    {
        var table = StudyTable.Read(Write("review.rm5", """
            <?xml version="1.0" encoding="UTF-8"?>
            <COCHRANE_REVIEW TITLE="A made-up review">
              <STUDIES_AND_REFERENCES><STUDIES><INCLUDED_STUDIES>
                <STUDY ID="STD-A" NAME="Study A" YEAR="2001"/><STUDY ID="STD-B" NAME="Study B &amp; C" YEAR=""/>
              </INCLUDED_STUDIES></STUDIES></STUDIES_AND_REFERENCES>
              <ANALYSES_AND_DATA>
                <COMPARISON NO="1"><NAME>Empathy training against none</NAME>
                  <DICH_OUTCOME NO="1" EFFECT_MEASURE="RR"><NAME>Dropout</NAME>
                    <DICH_SUBGROUP NO="1"><NAME>Adults</NAME>
                      <DICH_DATA STUDY_ID="STD-A" EVENTS_1="5" TOTAL_1="20" EVENTS_2="8" TOTAL_2="21"/>
                    </DICH_SUBGROUP>
                    <DICH_DATA STUDY_ID="STD-B" EVENTS_1="2" TOTAL_1="30" EVENTS_2="6" TOTAL_2="31"/>
                    <DICH_DATA STUDY_ID="STD-C" EVENTS_1="0" TOTAL_1="0" EVENTS_2="0" TOTAL_2="0"/>
                  </DICH_OUTCOME>
                  <CONT_OUTCOME NO="2" EFFECT_MEASURE="SMD"><NAME>Symptoms</NAME>
                    <CONT_DATA STUDY_ID="STD-A" MEAN_1="10" SD_1="4" TOTAL_1="20" MEAN_2="12" SD_2="5" TOTAL_2="21"/>
                  </CONT_OUTCOME>
                  <IV_OUTCOME NO="3"><NAME>Alliance</NAME><IV_DATA STUDY_ID="STD-B" ESTIMATE="0.3" SE="0.1" TOTAL_1="0" TOTAL_2="0"/></IV_OUTCOME>
                </COMPARISON>
              </ANALYSES_AND_DATA>
            </COCHRANE_REVIEW>
            """));

        Assert.Equal(["Study A", "Study B & C", "STD-C", "Study A", "Study B & C"], Texts(table, "study"));
        Assert.Equal(["Dropout", "Dropout", "Dropout", "Symptoms", "Alliance"], Texts(table, "outcome"));
        Assert.Equal(["Adults", null, null, null, null], Texts(table, "subgroup"));
        Assert.Equal([5, 2, null, null, null], Numbers(table, "events_1"));
        Assert.Equal([null, null, null, null, 0.1], Numbers(table, "se"));
        Assert.Contains("has 3 outcomes in one table", table.Notes.Single(n => n.Kind == TableNoteKind.SeveralAnalyses).Text);
        var dropout = table.Where("outcome", "Dropout").WithoutMissing("events_1").Table.Effects(label: "study");
        Assert.Equal(EffectMeasure.OddsRatio, dropout.Measure);
        Assert.Equal(Math.Log(5.0 * 13 / (15 * 8)), dropout.Effects[0], 12);
    }

    [Fact]
    public void References_in_RIS_and_BibTeX_become_rows()
    {
        var ris = StudyTable.Read(Write("list.ris", "TY  - JOUR\nAU  - Doe, Jane\nAU  - Roe, R.\nPY  - 2011/05/01\nTI  - A made-up title\n  that goes on\nJO  - Journal\nSP  - 12\nEP  - 19\nDO  - 10.1000/x\nER  - \n\nTY  - JOUR\nA1  - Poe\nY1  - 2014\nER  -\n"));
        Assert.Equal(["Doe, Jane; Roe, R.", "Poe"], Texts(ris, "authors"));
        Assert.Equal([2011, 2014], Numbers(ris, "year"));
        Assert.Equal(["A made-up title that goes on", null], Texts(ris, "title"));
        Assert.Equal(["12-19", null], Texts(ris, "pages"));

        var bib = StudyTable.Read(Write("list.bib", """
            % made up
            @string{jj = "Journal of " # "Made-Up Results"}
            @comment{ignored {really}}
            @article{doe2011,
              author = {Doe, Jane and M{\"u}ller, S{\o}ren and Ho\v{r}e\c{c}, \'{E}.},
              title = "The {BIG} \& long
                 title",
              journal = jj, year = 2011, pages = {12--19}, doi = {10.1000/x_y}
            }
            @book(poe, date = {2014-05-01}, author = {Poe})
            """));
        Assert.Equal(["doe2011", "poe"], Texts(bib, "key"));
        Assert.Equal(["Doe, Jane; Müller, Søren; Hořeç, É.", "Poe"], Texts(bib, "authors"));
        Assert.Equal(["The BIG & long title", null], Texts(bib, "title"));
        Assert.Equal(["Journal of Made-Up Results", null], Texts(bib, "journal"));
        Assert.Equal([2011, 2014], Numbers(bib, "year"));
        Assert.Equal(["12-19", null], Texts(bib, "pages"));
    }

    [Theory]
    [InlineData("x.ris", "AU  - Doe\n", "row 1: \"AU  - Doe\" stands outside a reference")]
    [InlineData("x.ris", "TY  - JOUR\nAU  - Doe\n", "ends within a reference")]
    [InlineData("x.bib", "@article{doe, author = {Doe}", "row 1: \"@article{doe, author\" is an entry that never ends")]
    [InlineData("x.bib", "@article{doe,\n author = {Doe\n", "row 2: \"{Doe\" is a brace that is never closed")]
    [InlineData("x.bib", "nothing", "holds no reference")]
    public void A_damaged_list_of_references_says_where(string name, string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<StudyDataException>(() => StudyTable.Read(Write(name, text))).Message);

    [Theory]
    [InlineData("Study,Std diff in means,Std Err\nA,.3,.1\nB,.2,.2\n", "SMD")]
    [InlineData("Study,Hedges's g,Std Err\nA,.3,.1\nB,.2,.2\n", "SMD")]
    [InlineData("Analysis name,Study,Study year,Experimental cases,Experimental N,Control cases,Control N,Weight\nx,A,2001,5,20,8,21,50\nx,B,2002,2,30,6,31,50\n", "OR")]
    [InlineData("Study,Experimental mean,Experimental SD,Experimental N,Control mean,Control SD,Control N\nA,1,2,20,2,2,20\nB,1,2,20,2,2,20\n", "SMD")]
    [InlineData("Study,GIV Mean,GIV SE\nA,.3,.1\nB,.2,.2\n", "GEN")]
    [InlineData("\"\",\"study\",\"yi\",\"vi\"\n\"1\",\"A\",.3,.1\n\"2\",\"B\",.2,.2\n", "GEN")]
    public void Columns_of_other_programs_are_known(string text, string measure) => Assert.Equal(measure, StudyTable.Parse(text).Effects().Measure.Code);

    [Fact]
    public void Rows_without_values_are_left_out_and_named()
    {
        var (table, omitted) = StudyTable.Parse("study,r,n\nA,.3,40\nB,NA,50\nC,.1,60\nD,.2,\n").WithoutMissing("r", "n");

        Assert.Equal(["A", "C"], Texts(table, "study"));
        Assert.Equal([new OmittedRow(3, "r"), new OmittedRow(5, "n")], omitted);
        Assert.Equal(4, table.LineOf(1));
        Assert.Throws<StudyDataException>(() => StudyTable.Parse("study,r\nA,NA\nB,\n").WithoutMissing("r"));
    }

    [Fact]
    public void Categories_come_in_the_order_said()
    {
        var table = StudyTable.Parse("study,yi,vi,dose\nA,.3,.02,high\nB,.1,.03,low\nC,.2,.03,middle\nD,.3,.03,low\nE,.2,.05,high\nF,.1,.01,middle\n").InOrder("dose", "low", "middle", "high");
        var fit = MetaRegression.Fit(table.Effects(), Moderator.Category("dose"));

        Assert.Equal(["Intercept", "dose: middle", "dose: high"], fit.Coefficients.Select(c => c.Name));
        Assert.Equal(["low", "middle", "high"], table.Where("study", "A").Column("dose").Levels);
        Assert.Equal("text, row 3, column dose: \"low\" is not among the categories in order (middle, high): name every value of the column.",
            Assert.Throws<StudyDataException>(() => table.InOrder("dose", "middle", "high")).Message);
    }

    [Fact]
    public void Errors_of_formulas_and_hidden_rows_of_a_workbook_are_named()
    {
        var table = StudyTable.Read(Fixture("errors.xlsx"));
        Assert.Contains("row 3 (\"B\"), column r: \"#DIV/0!\" is an error of a spreadsheet; mend its formula", Assert.Throws<StudyDataException>(() => table.RequireOneKind("r")).Message);
        // A program wrote the formula, and nobody computed it.
        Assert.Contains("row 5 (\"D\"), column n: \"=40*2\" is a formula without its value", Assert.Throws<StudyDataException>(() => table.RequireOneKind("n")).Message);
        var hidden = StudyTable.Read(Fixture("errors.xlsx")).Notes.Single(n => n.Kind == TableNoteKind.HiddenRows);
        Assert.Equal((4, "Row 4 is hidden in the workbook, by a filter or by hand, and read like the others. Delete what is not meant to be pooled."), (hidden.Row!.Value, hidden.Text));
    }

    [Theory]
    [InlineData("a.xls", "<html><body><table><tr><td>study</td></tr></table></body></html>", "is a web page (HTML), whatever its name says; open it in a spreadsheet and save it as .xlsx or CSV UTF-8")]
    [InlineData("b.xls", "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:x\"></Workbook>", "is XML, whatever its name says")]
    [InlineData("c.txt", "study|r|n\nA|.1|50\nB|.2|60\n", "row 1: has cells that seem to be separated by bars (|); separate them by commas, semicolons or tabs")]
    [InlineData("d.txt", "\"study\" \"r\" \"n\"\n\"1\" \"A b\" 0.1 50\n\"2\" \"C d\" 0.2 60\n", "row 1: has cells that seem to be separated by blanks")]
    [InlineData("e.csv", ",Treatment,,Control,\nstudy,mean,sd,mean,sd\nA,5,1,4,1\nB,6,1,4,2\n", "row 2: holds no number, where every row below has one in 4 columns (\"mean\" in column 2); it seems to be a second row of names, or of units")]
    [InlineData("f.csv", "study,r,n\nA,.1,50\nB,.2,60\n,,\nstudy,d,n\nX,.5,40\n", "row 4: has no value at all, and below it, in row 5, another table seems to begin; put each table in a file or sheet of its own")]
    public void Files_that_are_no_table_of_cells_say_what_they_are(string name, string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<StudyDataException>(() => StudyTable.Read(Write(name, text))).Message);

    [Fact]
    public void What_only_looks_like_these_is_read()
    {
        Assert.Equal(["group size", "r", "n"], StudyTable.Read(Write("a.csv", "\"group\nsize\",r,n\nA,.1,50\nB,.2,60\n")).Columns.Select(c => c.Name));
        Assert.Equal(["study name"], StudyTable.Read(Write("b.csv", "study name\nSmith 2001\nLee 2002\n"), new() { Delimiter = CsvDelimiter.Comma }).Columns.Select(c => c.Name));
        Assert.Equal(["x", "<1"], Texts(StudyTable.Read(Write("c.csv", "<1,n\nx,2\n<1,3\n")), "<1"));
    }
}
