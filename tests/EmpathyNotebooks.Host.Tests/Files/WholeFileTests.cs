using EmpathyNotebooks.Data;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Plotting.Files;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Host.Tests.Files;

/// <summary>A file is there whole or not at all.</summary>
public sealed class WholeFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathTo(string name) => Path.Combine(_folder, name);

    private IEnumerable<string?> Files() => Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    [Fact]
    public void A_file_is_written_and_replaced_and_nothing_else_stays()
    {
        WholeFile.Write(PathTo("a.txt"), "r = -0,31 – é");
        WholeFile.Write(PathTo("a.txt"), "second");
        WholeFile.WriteAll([(PathTo("b.txt"), "b"), (PathTo("c.txt"), "c")]);

        Assert.Equal("second"u8.ToArray(), File.ReadAllBytes(PathTo("a.txt")));
        Assert.Equal(["a.txt", "b.txt", "c.txt"], Files());
    }

    [Fact]
    public void Permissions_of_what_is_replaced_are_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions.");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead;
        File.WriteAllText(PathTo("a.txt"), "first");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(PathTo("a.txt"), Mode);

        WholeFile.Write(PathTo("a.txt"), "second");
        WholeFile.Write(PathTo("own.txt"), "for me"u8.ToArray(), isPrivate: true);

        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(Mode, File.GetUnixFileMode(PathTo("a.txt")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathTo("own.txt")));
    }

    [Fact]
    public void A_symbolic_link_stays_one_and_the_file_behind_it_is_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets few make symbolic links.");
        Directory.CreateDirectory(PathTo("real"));
        File.WriteAllText(PathTo("real/file.txt"), "first");
        File.CreateSymbolicLink(PathTo("link.txt"), "real/file.txt");
        File.CreateSymbolicLink(PathTo("dangling.txt"), "real/new.txt");

        WholeFile.Write(PathTo("link.txt"), "second");
        WholeFile.Write(PathTo("dangling.txt"), "new");

        Assert.Equal("real/file.txt", new FileInfo(PathTo("link.txt")).LinkTarget);
        Assert.Equal(("second", "new"), (File.ReadAllText(PathTo("real/file.txt")), File.ReadAllText(PathTo("real/new.txt"))));
        Assert.Equal(2, Directory.EnumerateFiles(PathTo("real")).Count());
    }

    [Fact]
    public void What_cannot_be_written_is_named_with_its_reason()
    {
        Directory.CreateDirectory(PathTo("folder"));

        Check(PathTo("folder"), FileWriteFault.IsFolder, "this is a folder; name a file");
        Check(PathTo("none/a.txt"), FileWriteFault.NoFolder, $"there is no folder {PathTo("none")}");
        if (OperatingSystem.IsLinux()) Check("/dev/full", FileWriteFault.NoRoom, "the disk is full");
        Assert.Equal(["folder"], Files());

        static void Check(string path, FileWriteFault fault, string reason)
        {
            var thrown = Assert.Throws<FileWriteException>(() => WholeFile.Write(path, "text"));
            Assert.Equal((path, fault), (thrown.Path, thrown.Fault));
            Assert.StartsWith($"{path} was not written: {reason}", thrown.Message);
        }
    }

    [Fact]
    public void A_file_that_may_not_be_written_is_not_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "The superuser may write everything.");
        File.WriteAllText(PathTo("a.txt"), "first");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(PathTo("a.txt"), UnixFileMode.UserRead);

        Assert.Equal(FileWriteFault.NoRight, Assert.Throws<FileWriteException>(() => WholeFile.Write(PathTo("a.txt"), "second")).Fault);

        Assert.Equal("first", File.ReadAllText(PathTo("a.txt")));
        Assert.Equal(["a.txt"], Files());
    }

    [Fact]
    public async Task Several_that_write_at_once_leave_the_whole_of_one()
    {
        var texts = Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 300_000)).ToArray();
        File.WriteAllText(PathTo("a.txt"), texts[0]);
        using var end = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!end.IsCancellationRequested) Assert.Contains(File.ReadAllText(PathTo("a.txt")), texts);
        }, TestContext.Current.CancellationToken);

        Parallel.For(0, 64, i => WholeFile.Write(PathTo("a.txt"), texts[i % 8]));

        await end.CancelAsync();
        await reader;
        Assert.Contains(File.ReadAllText(PathTo("a.txt")), texts);
        Assert.Equal(["a.txt"], Files());
    }

    [Fact]
    public void What_a_program_that_was_killed_has_left_goes_with_the_next_write()
    {
        var left = PathTo($".a.txt.{Guid.NewGuid():N}.part");
        var young = PathTo($".a.txt.{Guid.NewGuid():N}.part");
        var held = PathTo($".a.txt.{Guid.NewGuid():N}.part");
        var others = PathTo(".a.txt.mine.part");
        foreach (var file in new[] { left, young, held, others }) File.WriteAllText(file, "half of");
        using var holder = new FileStream(held, FileMode.Open, FileAccess.Write, FileShare.None);
        foreach (var file in new[] { left, held, others }) File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-1));

        WholeFile.Write(PathTo("a.txt"), "whole");

        Assert.False(File.Exists(left));
        Assert.All(new[] { young, held, others }, file => Assert.True(File.Exists(file)));
    }

    [Fact]
    public void On_a_full_disk_every_writer_leaves_the_old_file_and_nothing_else()
    {
        using var disk = SmallDisk.Mount(_folder);
        var notebook = NotebookDocument.Create([(NotebookCellType.Markdown, "# First"), (NotebookCellType.Code, $"// {new string('x', 200_000)}")], "01-first.ipynb");
        var plot = ForestPlot.Create(RandomEffects.Fit(Datasets.Molloy2014().Correlations(r: "ri", n: "ni")));
        var writers = new (string Name, Action<string> Write)[]
        {
            ("a.ipynb", notebook.Save),
            ("a.svg", path => plot.Save(path)),
            ("a.pdf", path => plot.Save(path)),
            ("a.png", path => plot.Save(path)),
            ("a.txt", path => WholeFile.Write(path, new string('x', 200_000))),
            ("index.html", path => SiteBuilder.Build([new SitePage("01-first.ipynb", notebook)], Path.GetDirectoryName(path)!)),
        };
        foreach (var (name, _) in writers) File.WriteAllText(Path.Combine(disk.Folder, name), "before");
        disk.Fill();

        foreach (var (name, write) in writers)
        {
            var path = Path.Combine(disk.Folder, name);
            var thrown = Assert.Throws<FileWriteException>(() => write(path));
            Assert.Equal(FileWriteFault.NoRoom, thrown.Fault);
            Assert.StartsWith(Path.GetDirectoryName(path)!, thrown.Path);
            Assert.Contains("the disk is full", thrown.Message);
            Assert.Equal("before", File.ReadAllText(path));
        }

        Assert.Equal(writers.Select(writer => writer.Name).Append(SmallDisk.Filler).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(disk.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
