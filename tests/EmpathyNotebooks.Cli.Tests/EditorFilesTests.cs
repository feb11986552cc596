using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>What VS Code and a Codespace read when they open the repository.</summary>
public sealed class EditorFilesTests
{
    private static JsonElement Read(params string[] path) => JsonDocument.Parse(File.ReadAllText(Repository.PathTo(path)),
        new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = false }).RootElement;

    [Fact]
    public void The_Codespace_builds_installs_the_kernel_and_has_the_extensions_that_are_recommended()
    {
        var container = Read(".devcontainer", "devcontainer.json");

        Assert.Equal(
            Read(".vscode", "extensions.json").GetProperty("recommendations").EnumerateArray().Select(name => name.GetString()),
            container.GetProperty("customizations").GetProperty("vscode").GetProperty("extensions").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("dotnet build && dotnet run --no-build --project src/EmpathyNotebooks.Cli -- kernel install", container.GetProperty("postCreateCommand").GetString());
    }

    [Fact]
    public void Tasks_and_settings_name_files_that_are_there()
    {
        Assert.True(File.Exists(Repository.PathTo(Read(".vscode", "settings.json").GetProperty("dotnet.defaultSolution").GetString()!)));
        foreach (var task in Read(".vscode", "tasks.json").GetProperty("tasks").EnumerateArray())
        {
            var arguments = task.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()!).ToList();
            Assert.True(Directory.Exists(Repository.PathTo(arguments[arguments.IndexOf("--project") + 1])));
        }
    }
}
