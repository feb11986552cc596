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
        Assert.Equal(Path.Combine(spec.Folder, "host", "empathy.dll"), arguments[1]);
        Assert.Equal(["kernel", "start", "{connection_file}"], arguments[2..]);
        Assert.Equal(("C#", "message"), ((string?)json["language"], (string?)json["interrupt_mode"]));
        // The build it came from may go.
        Directory.Delete(_program, recursive: true);
        Assert.Equal("program", File.ReadAllText(arguments[1]));
        // Notebooks ask the Jupyter server for it, which hands out the files of this folder.
        Assert.Equal(Plotting.ChartLibrary.Script, File.ReadAllText(Path.Combine(spec.Folder, Plotting.ChartLibrary.FileName)));
        Assert.True(File.Exists(Path.Combine(spec.Folder, "host", "runtimes", "native", "lib.so")));
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
        File.WriteAllText(Path.Combine(before.Folder, "host", "old.dll"), "left over");

        var after = Install(displayName: "My C#");

        Assert.Equal((before.Folder, "My C#"), (after.Folder, after.DisplayName));
        Assert.False(File.Exists(Path.Combine(after.Folder, "host", "old.dll")));
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

    [Theory]
    [InlineData("a b")]
    [InlineData("../up")]
    [InlineData("")]
    public void A_name_that_is_none_is_refused(string name) =>
        Assert.Contains("no name of a kernel", Assert.Throws<KernelSpecException>(() => Install(name)).Message);
}
