using System.CommandLine;
using EmpathyNotebooks.Cli.Analyze;
using EmpathyNotebooks.Host.Conversion;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Cli.Convert;

/// <summary><c>empathy convert</c>: a notebook in another form.</summary>
internal static class ConvertCommand
{
    // Where nothing is written but what is printed.
    private const string Printed = "-";

    private static readonly string[] Forms = ["cs", "dib", "ipynb", "html", "md"];

    public static Command Create(TextWriter output, TextWriter error)
    {
        var file = new Argument<string>("notebook") { Description = "The notebook: an .ipynb of Jupyter or a .dib of .NET Interactive." };
        var to = new Option<string?>("--to")
        {
            Description = "cs: a program for dotnet run, which prints the same and writes the same charts. dib: the text form of .NET Interactive. ipynb: Jupyter's. "
                + "html: one page with everything in it. md: Markdown. Default: by the ending of --output.",
            HelpName = string.Join('|', Forms),
        };
        var target = new Option<string?>("--output") { Description = "The file to write; - for standard output. Default: beside the notebook, with the ending of the form.", HelpName = "FILE" };
        var run = new Option<bool>("--run") { Description = "For html and md: run the notebook first; relative paths in its cells start from its folder. Without it, the outputs that the file holds are shown." };
        var force = new Option<bool>("--force") { Description = "Replace the file to write, if there is one." };
        var timeout = RunCommand.TimeLimit();
        var command = new Command("convert",
            """
            Writes a notebook in another form.

            In Markdown a chart is its text alternative with a link to the HTML page, which is written beside it.

            Examples:
              dotnet run --project src/EmpathyNotebooks.Cli -- convert notebooks/04-pooling.ipynb --to html --run --output pooling.html
              dotnet run --project src/EmpathyNotebooks.Cli -- convert notebooks/04-pooling.ipynb --to cs --output pooling.cs
            """)
        {
            file, to, target, run, force, timeout,
        };
        command.SetAction((parsed, interrupt) => GuardAsync(async () =>
        {
            var source = parsed.GetValue(file)!;
            var (form, path) = Target(source, parsed.GetValue(to), parsed.GetValue(target));
            Paths.RequireFile(source);
            var replaces = parsed.GetValue(force);
            RequireFree(path, replaces);
            var document = NotebookFile.Load(source);
            var folder = Path.GetDirectoryName(Path.GetFullPath(source))!;
            if (parsed.GetValue(run))
            {
                if (form is not ("html" or "md")) throw new BadInputException("--run: only html and md show outputs.");
                using var here = CurrentFolder.In(folder);
                using var end = new EarlyEnd(error, null, interrupt);
                end.Start(document);
                var done = await new NotebookRunner(new NotebookRunnerOptions { TimeLimit = TimeSpan.FromSeconds(parsed.GetValue(timeout)) })
                    .RunAsync(document, folder, end, interrupt);
                if (!done.Succeeded)
                {
                    foreach (var failure in done.Failures) await error.WriteLineAsync(failure.ToString());
                    return EmpathyCommand.CellFailed;
                }

                document = done.Document;
            }
            else if (form is "html" or "md" && document.Cells.All(cell => cell.Outputs.Count == 0))
            {
                await error.WriteLineAsync($"{source} holds no outputs; add --run to run it first.");
            }

            if (path == Printed)
            {
                await output.WriteAsync(await TextAsync(document, form, page: null, folder, Environment.CurrentDirectory, interrupt));
                return EmpathyCommand.Success;
            }

            foreach (var written in await WriteAsync(document, form, path, folder, replaces, interrupt)) await output.WriteLineAsync($"Wrote {written}");
            return EmpathyCommand.Success;
        }));
        return command;
    }

    private static (string Form, string Path) Target(string source, string? to, string? output)
    {
        var form = to ?? (output is null ? null : Path.GetExtension(output).TrimStart('.').ToLowerInvariant());
        if (form is null) throw new BadInputException($"Say which form is wanted: --to {string.Join('|', Forms)}.");
        if (output == Printed && to is null) throw new BadInputException($"--output -: say which form is wanted: --to {string.Join('|', Forms)}.");
        if (!Forms.Contains(form))
        {
            throw new BadInputException(to is not null
                ? $"--to {to}: give one of {string.Join(", ", Forms)}."
                : $"--output {output}: its ending is none of {string.Join(", ", Forms)}; say which form is wanted by --to.");
        }

        if (output == Printed) return (form, Printed);
        var path = output ?? Path.ChangeExtension(source, form);
        if (Path.GetFullPath(path) == Path.GetFullPath(source)) throw new BadInputException($"{source} is in this form already; name another file with --output.");
        return (form, path);
    }

    private static async Task<IReadOnlyList<string>> WriteAsync(NotebookDocument document, string form, string path, string folder, bool replaces, CancellationToken interrupt)
    {
        if (form == "ipynb")
        {
            document.Save(path);
            return [path];
        }

        // A chart is shown by a page beside the Markdown.
        var page = form == "md" && MarkdownForm.HasCharts(document) ? Path.ChangeExtension(path, "html") : null;
        if (page is not null) RequireFree(page, replaces);
        var text = await TextAsync(document, form, Path.GetFileName(page), folder, Path.GetDirectoryName(Path.GetFullPath(path))!, interrupt);
        WholeFile.WriteAll(page is null ? [(path, text)] : [(page, Html(document)), (path, text)]);
        return page is null ? [path] : [path, page];
    }

    private static async Task<string> TextAsync(NotebookDocument document, string form, string? page, string folder, string target, CancellationToken interrupt) => form switch
    {
        "ipynb" => document.ToJson(),
        "dib" => DibFormat.Write(document),
        "html" => Html(document),
        "md" => MarkdownForm.Write(document, page),
        _ => await CSharpForm.WriteAsync(document, folder, Library(folder, target), interrupt),
    };

    private static void RequireFree(string path, bool replaces)
    {
        if (path != Printed) ForceOption.RequireFree(path, "--output", replaces);
    }

    private static string Html(NotebookDocument document) =>
        SiteBuilder.RenderPage(new SitePage(Path.ChangeExtension(document.Name, ".ipynb"), document));

    // The project where the notebook lies within the repository, else the package.
    private static string Library(string folder, string target)
    {
        var project = Path.Combine("src", "EmpathyNotebooks.Interactive", "EmpathyNotebooks.Interactive.csproj");
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            var file = Path.Combine(at.FullName, project);
            if (File.Exists(file)) return $"#:project {Path.GetRelativePath(target, file).Replace('\\', '/')}";
        }

        return CSharpLibrary.Package;
    }

    private static async Task<int> GuardAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception fault) when (fault is NotebookFormatException or ConversionException or SiteException)
        {
            throw new BadInputException(fault.Message);
        }
    }
}
