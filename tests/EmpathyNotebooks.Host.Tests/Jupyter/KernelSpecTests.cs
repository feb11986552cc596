using System.Text.Json.Nodes;
using EmpathyNotebooks.Host.Jupyter;

namespace EmpathyNotebooks.Host.Tests.Jupyter;

public sealed class KernelSpecTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("empathy-spec-");
    private readonly string _kernels;
    private readonly string _program;

    public KernelSpecTests()
    {
        _kernels = Path.Combine(_folder.FullName, "kernels");
        _program = _folder.CreateSubdirectory("program").FullName;
        Directory.CreateDirectory(Path.Combine(_program, "runtimes", "native"));
        File.WriteAllText(Path.Combine(_program, "empathy.dll"), "program");
        File.WriteAllText(Path.Combine(_program, "runtimes", "native", "lib.so"), "library");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private KernelSpec Install(string? name = null, string? displayName = null) => KernelSpec.Install(_kernels, name, displayName, _program);

    private void OtherKernel(string name)
    {
        Directory.CreateDirectory(Path.Combine(_kernels, name));
        File.WriteAllText(Path.Combine(_kernels, name, "kernel.json"), "{\"argv\":[\"dotnet-interactive\"],\"display_name\":\".NET (C#)\",\"language\":\"C#\"}");
    }

    [Fact]
    public void It_takes_the_name_that_the_notebooks_ask_for_and_copies_the_program()
    {
        var spec = Install();

        Assert.Equal((".net-csharp", ".NET (C#)", Path.Combine(_kernels, ".net-csharp"), "0.1.0"), (spec.Name, spec.DisplayName, spec.Folder, spec.Version));
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(spec.Folder, "kernel.json")))!;
        var arguments = json["argv"]!.AsArray().Select(argument => (string)argument!).ToList();
        var host = Path.GetDirectoryName(arguments[1])!;
        Assert.Equal((spec.Folder, "empathy.dll"), (Path.GetDirectoryName(host), Path.GetFileName(arguments[1])));
        Assert.Equal(["kernel", "start", "{connection_file}"], arguments[2..]);
        Assert.Equal(("C#", "message"), ((string?)json["language"], (string?)json["interrupt_mode"]));
        // The build it came from may go.
        Directory.Delete(_program, recursive: true);
        Assert.Equal("program", File.ReadAllText(arguments[1]));
        // Notebooks ask the Jupyter server for it, which hands out the files of this folder.
        Assert.Equal(Plotting.ChartLibrary.Script, File.ReadAllText(Path.Combine(spec.Folder, Plotting.ChartLibrary.FileName)));
        Assert.True(File.Exists(Path.Combine(host, "runtimes", "native", "lib.so")));
    }

    [Fact]
    public void Another_kernel_of_that_name_is_left_alone()
    {
        OtherKernel(".net-csharp");

        Assert.Equal("empathy-csharp", Install().Name);
        Assert.Equal("empathy-csharp", Install().Name);
        Assert.Contains("dotnet-interactive", File.ReadAllText(Path.Combine(_kernels, ".net-csharp", "kernel.json")));
        Assert.Contains("is another kernel", Assert.Throws<KernelSpecException>(() => Install(".net-csharp")).Message);
    }

    [Fact]
    public void It_replaces_its_own()
    {
        var before = Install();
        // As versions before this one installed it.
        Directory.CreateDirectory(Path.Combine(before.Folder, "host"));
        File.WriteAllText(Path.Combine(before.Folder, "host", "old.dll"), "left over");
        Directory.CreateDirectory(before.Folder + ".new");

        var after = Install(displayName: "My C#");

        Assert.Equal((before.Folder, "My C#"), (after.Folder, after.DisplayName));
        Assert.False(Directory.Exists(Path.Combine(after.Folder, "host")));
        Assert.Single(Directory.EnumerateDirectories(after.Folder));
        Assert.Equal([".net-csharp"], Directory.EnumerateDirectories(_kernels).Select(Path.GetFileName));
    }

    [Fact]
    public void It_lists_and_removes_what_it_installed_and_nothing_else()
    {
        OtherKernel("ir");
        File.WriteAllText(Path.Combine(_folder.CreateSubdirectory("kernels/broken").FullName, "kernel.json"), "{");
        Install("one");
        Install("two", "Two");

        Assert.Equal(["one", "two"], KernelSpec.List(_kernels).Select(spec => spec.Name));
        Assert.Contains("it has: one, two.", Assert.Throws<KernelSpecException>(() => KernelSpec.Uninstall(_kernels, "ir")).Message);
        Assert.Equal(["one"], KernelSpec.Uninstall(_kernels, "one").Select(spec => spec.Name));
        Assert.Equal(["two"], KernelSpec.Uninstall(_kernels).Select(spec => spec.Name));
        Assert.Empty(KernelSpec.Uninstall(_kernels));
        Assert.Equal(["broken", "ir"], Directory.EnumerateDirectories(_kernels).Select(Path.GetFileName).Order());
        Assert.Empty(KernelSpec.List(Path.Combine(_folder.FullName, "none")));
    }

    [Fact]
    public void One_that_cannot_be_completed_leaves_the_old_kernel_as_it_was()
    {
        var before = Install();
        var json = File.ReadAllText(Path.Combine(before.Folder, "kernel.json"));

        Assert.Throws<DirectoryNotFoundException>(() => KernelSpec.Install(_kernels, program: Path.Combine(_program, "none")));

        Assert.Equal(json, File.ReadAllText(Path.Combine(before.Folder, "kernel.json")));
        Assert.True(File.Exists((string)JsonNode.Parse(json)!["argv"]![1]!));
        Assert.Single(Directory.EnumerateDirectories(before.Folder));
    }

    [Fact]
    public void What_an_install_that_was_ended_has_left_is_no_other_kernel()
    {
        File.WriteAllText(Path.Combine(_folder.CreateSubdirectory("kernels/.net-csharp/host-0").FullName, "empathy.dll"), "half of");

        var spec = Install();

        Assert.Equal(".net-csharp", spec.Name);
        Assert.Single(Directory.EnumerateDirectories(spec.Folder));
    }

    [Fact]
    public async Task Several_at_once_follow_one_another()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Install())));

        var spec = Assert.Single(KernelSpec.List(_kernels));
        Assert.Equal(".net-csharp", spec.Name);
        var program = (string)JsonNode.Parse(File.ReadAllText(Path.Combine(spec.Folder, "kernel.json")))!["argv"]![1]!;
        Assert.Equal("program", File.ReadAllText(program));
        Assert.Equal([Path.GetDirectoryName(program)], Directory.EnumerateDirectories(spec.Folder));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("../up")]
    [InlineData("")]
    public void A_name_that_is_none_is_refused(string name) =>
        Assert.Contains("no name of a kernel", Assert.Throws<KernelSpecException>(() => Install(name)).Message);
}
