using System.Text;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Tests;

/// <summary>Tables that fuzzers change, and what a program asks of each. The seeded fuzz and the coverage-guided one share it.</summary>
internal static class FuzzedTables
{
    private static readonly string[] Texts =
    [
        "study,r,n\nA,0.31,120\nB,-0.05,85\nC,0.40,33\n", "study;r;n\r\nA;0,31;120\r\nB;-0,05;85\r\n", "\"study, year\"\tyi\tvi\n\"A \"\"x\"\"\"\t0.1\t0.02\nB\t.2\t.03\n", "study,d,lower,upper\nA,0.2,0.1,0.3\nB,0.4,,\n",
        "study,tpos,tneg,cpos,cneg\nA,4,119,11,128\nB,0,300,29,274\n", "Title of it\n\nstudy,n1i,m1i,sd1i,n2i,m2i,sd2i\nA,1,2,3,4,5,6\nTotal,1,2,3,4,5,6\n", "study,\"a\nb\",r,n\nA,\"x\ny\",0.1,20\n",
    ];

    public static readonly (string Name, byte[] Bytes)[] Csv =
    [
        .. Texts.Select((text, i) => ($"text{i}.csv", Encoding.UTF8.GetBytes(text))), ("wide.csv", Encoding.Unicode.GetBytes("\uFEFF" + Texts[0])), ("old.csv", Encoding.Latin1.GetBytes("study;r;n\nMüller;0,1;20\n")),
        .. Directory.EnumerateFiles(Repository.PathTo("data"), "*.csv").Concat(Directory.EnumerateFiles(Repository.PathTo("tests/golden/broken"), "*.csv")).Where(f => new FileInfo(f).Length < 8000).Order(StringComparer.Ordinal).Select(OfFile),
    ];

    /// <summary>True for the exception that says what is wrong with a file.</summary>
    public static bool IsDocumented(Exception fault) => fault is StudyDataException;

    /// <summary>All that a program asks of a file whose columns it does not know.</summary>
    public static void Read(string name, byte[] bytes)
    {
        var table = TableFile.Read(bytes, name, new StudyTableOptions());
        _ = table.Notes;
        _ = table.Check().ToString();
        _ = table.Recognise();
        try
        {
            _ = table.Effects();
        }
        catch (Exception fault) when (fault is StudyDataException or ImpossibleChoiceException)
        {
            // Most tables that were changed do not tell what to pool; how they say it is tested elsewhere.
        }
        using var written = new StringWriter();
        table.WriteCsv(written);
    }

    public static (string Name, byte[] Bytes) OfFile(string path) => (Path.GetFileName(path), File.ReadAllBytes(path));
}
