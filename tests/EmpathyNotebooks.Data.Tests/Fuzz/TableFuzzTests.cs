using System.IO.Compression;
using System.Text;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Data.Tests.Fuzz;

/// <summary>Files that once were tables: each is read, or refused with a <see cref="StudyDataException"/>.</summary>
public sealed class TableFuzzTests
{
    private static readonly (string Name, byte[] Bytes)[] Others =
    [
        ("rows.json", """[{"study":"A","r":0.31,"n":120},{"study":"B","r":null,"n":85}]"""u8.ToArray()), ("columns.json", """{"study":["A","B"],"yi":[0.1,2e-3],"vi":[0.01,0.02]}"""u8.ToArray()), ("lines.jsonl", "{\"study\":\"A\",\"r\":0.1,\"n\":9}\n{\"study\":\"B\",\"r\":0.2,\"n\":8}\n"u8.ToArray()),
        ("list.ris", "TY  - JOUR\nAU  - Doe, Jane\nPY  - 2011/05/01\nTI  - A made-up title\n  that goes on\nSP  - 12\nER  - \n\nTY  - JOUR\nA1  - Poe\nER  -\n"u8.ToArray()),
        ("list.bib", "@string{jj = \"Journal of \" # \"It\"}\n@comment{x {y}}\n@article{doe2011,\n author = {Doe, Jane and M{\\\"u}ller, S{\\o}ren}, title = \"The {BIG} \\& long\",\n journal = jj, year = 2011, pages = {12--19}\n}\n@book(poe, date = {2014-05-01})\n"u8.ToArray()),
        ("review.rm5", """<?xml version="1.0" encoding="UTF-8"?><COCHRANE_REVIEW TITLE="Made up"><STUDY ID="STD-A" NAME="A" YEAR="2001"/><ANALYSES_AND_DATA><COMPARISON NO="1"><NAME>C</NAME><DICH_OUTCOME NO="1" EFFECT_MEASURE="RR"><NAME>D</NAME><DICH_DATA STUDY_ID="STD-A" EVENTS_1="5" TOTAL_1="20" EVENTS_2="8" TOTAL_2="21"/></DICH_OUTCOME></COMPARISON></ANALYSES_AND_DATA></COCHRANE_REVIEW>"""u8.ToArray()),
    ];

    private static readonly (string Name, byte[] Bytes)[] Workbooks = [.. Directory.EnumerateFiles(Repository.PathTo("tests/golden/import"), "*.xls*").Order(StringComparer.Ordinal).Select(FuzzedTables.OfFile)];

    [Fact]
    public void Csv_that_was_changed() => ByteFuzz.Run(2500, 1, FuzzedTables.Csv, FuzzedTables.Read, FuzzedTables.IsDocumented);

    [Fact]
    public void Json_references_and_reviews_that_were_changed() => ByteFuzz.Run(1500, 1, Others, FuzzedTables.Read, FuzzedTables.IsDocumented);

    [Fact]
    public void Workbooks_that_were_changed() => ByteFuzz.Run(60, 10, Workbooks, FuzzedTables.Read, FuzzedTables.IsDocumented, ChangePart);

    /// <summary>A workbook is an archive: a change within one of its parts gets further than one of the archive.</summary>
    private static byte[] ChangePart(Random random, byte[] workbook)
    {
        if (!workbook.AsSpan().StartsWith("PK"u8)) return ByteFuzz.Change(random, workbook, Workbooks);
        try
        {
            using var changed = new MemoryStream();
            using (var from = new ZipArchive(new MemoryStream(workbook)))
            using (var to = new ZipArchive(changed, ZipArchiveMode.Create, leaveOpen: true))
            {
                var chosen = random.Next(from.Entries.Count);
                for (var i = 0; i < from.Entries.Count; i++)
                {
                    using var part = new MemoryStream();
                    using (var open = from.Entries[i].Open()) open.CopyTo(part);
                    var entry = to.CreateEntry(from.Entries[i].FullName, CompressionLevel.Fastest);
                    // The same bytes tomorrow.
                    entry.LastWriteTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
                    using var written = entry.Open();
                    written.Write(i == chosen ? ByteFuzz.Change(random, part.ToArray(), [("part", part.ToArray())]) : part.ToArray());
                }
            }
            return changed.ToArray();
        }
        catch (InvalidDataException)
        {
            // A change before this one broke the archive.
            return ByteFuzz.Change(random, workbook, Workbooks);
        }
    }
}
