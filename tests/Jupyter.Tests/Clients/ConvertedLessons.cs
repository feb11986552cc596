using System.Text.Json.Nodes;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Jupyter.Tests.Clients;

/// <summary>
/// Lessons, run by nbconvert one after the other as one notebook, in one kernel: to start a Python and a kernel takes longer than a lesson. What a lesson
/// shows does not depend on what ran before it, and is compared with what it shows alone.
/// </summary>
public sealed class ConvertedLessons(JupyterInstallation jupyter)
{
    private readonly Lazy<Task<NotebookDocument>> _all = new(() => RunAsync(jupyter));

    public static IReadOnlyList<string> Names => Repository.FewLessons;

    /// <summary>The metadata of the notebook that holds the lessons, and the cells of one as they were run.</summary>
    public async Task<(JsonObject Metadata, IReadOnlyList<NotebookCell> Cells)> OfAsync(string name)
    {
        var all = await _all.Value;
        var before = Names.TakeWhile(other => other != name).Sum(other => Load(other).Cells.Count);
        return (all.Metadata, [.. all.Cells.Skip(before).Take(Load(name).Cells.Count)]);
    }

    public static NotebookDocument Load(string name) => NotebookDocument.Load(Repository.PathTo("notebooks", name));

    private static async Task<NotebookDocument> RunAsync(JupyterInstallation jupyter)
    {
        var python = jupyter.Python();
        // The folder looks to the lessons as the repository does.
        var folder = Directory.CreateDirectory(Path.Combine(jupyter.Folder, "lessons", "notebooks")).FullName;
        foreach (var beside in new[] { "artifacts", "data" }) Directory.CreateSymbolicLink(Path.Combine(folder, "..", beside), Repository.PathTo(beside));
        var root = (JsonObject)Load(Names[0]).Root.DeepClone();
        var cells = new JsonArray();
        foreach (var (number, name) in Names.Index())
        {
            foreach (var cell in (JsonArray)Load(name).Root["cells"]!)
            {
                var copy = cell!.DeepClone();
                copy["id"] = $"{number}-{(string)copy["id"]!}";
                cells.Add(copy);
            }
        }

        root["cells"] = cells;
        var file = Path.Combine(folder, "all.ipynb");
        await File.WriteAllTextAsync(file, root.ToJsonString());
        var (code, output) = await Program.RunAsync(python,
            ["-Xfrozen_modules=off", "-m", "nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=600", "--ExecutePreprocessor.startup_timeout=180", "--output-dir", jupyter.Folder, file],
            jupyter.Environment);
        Assert.True(code == 0, output);
        return NotebookDocument.Load(Path.Combine(jupyter.Folder, "all.ipynb"));
    }
}
