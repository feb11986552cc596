using System.CommandLine;
using System.Globalization;
using EmpathyNotebooks.Host.Conversion;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Host.Teaching;

namespace EmpathyNotebooks.Cli;

/// <summary><c>empathy run</c>, also without the verb: runs every notebook, writes the executed copies and builds the site.</summary>
internal static class RunCommand
{
    public static RootCommand Create(TextWriter output, TextWriter error)
    {
        var notebooks = new Option<string?>("--notebooks")
        {
            Description = "The folder of the notebooks (*.ipynb). Default: the folder notebooks of the repository around the current folder.",
            HelpName = "DIR",
        };
        var artifacts = new Option<string?>("--output")
        {
            Description = "Where the results go: executed copies to DIR/notebooks, the site to DIR/site. Default: artifacts beside the notebooks' folder.",
            HelpName = "DIR",
        };
        var only = new Option<string?>("--only")
        {
            Description = "Run only the notebooks whose file name contains TEXT; the site then holds only these, and no pages of the API.",
            HelpName = "TEXT",
        };
        var timeout = TimeLimit();
        var keepGoing = new Option<bool>("--keep-going")
        {
            Description = "Run on after a cell that fails, and build the site all the same. The exit code still is 1.",
        };
        var noSite = new Option<bool>("--no-site") { Description = "Run the notebooks only." };
        var student = new Option<bool>("--student")
        {
            Description = "Also write what is handed out and kept in class: DIR/student, the notebooks without the solutions of their exercises, with empty cells to work in; "
                + "DIR/teaching, the key, and the questions as Moodle GIFT and IMS QTI 2.1.",
        };
        var noAnswers = new Option<bool>("--no-answers") { Description = "With --student: leave the answers of \"Test your knowledge\" out of the student notebooks, too." };
        var singleFile = new Option<bool>("--single-file")
        {
            Description = "Write every page of the site as one file with everything in it, to be mailed (some 4 MB each), instead of pages that share the files in assets.",
        };

        var force = new Option<bool>("--force") { Description = "Replace files in the folder of the results that no run wrote, too. What a run wrote, a run replaces without it." };

        const string About = """
            Runs the empathy notebooks, each in a fresh C# kernel in this process, several at a time, and builds a site that needs no network. Relative paths in cells start from the folder of the notebooks.

            Examples:
              dotnet run --project src/EmpathyNotebooks.Cli
              dotnet run --project src/EmpathyNotebooks.Cli -- run --only 04 --no-site
              dotnet run --project src/EmpathyNotebooks.Cli -- run --student

            Exit codes: 0 all went well, 1 a cell failed, 2 an option, folder or file is at fault, 130 interrupted.
            """;
        var root = new RootCommand(About);
        var verb = new Command("run", About);
        foreach (var command in new Command[] { root, verb })
        {
            foreach (var option in new Option[] { notebooks, artifacts, only, timeout, keepGoing, noSite, singleFile, student, noAnswers, force }) command.Add(option);
            command.Validators.Add(result =>
            {
                if (result.GetValue(noAnswers) && !result.GetValue(student)) result.AddError("--no-answers says what is left out of the student notebooks; give --student with it.");
            });
            command.SetAction((parsed, interrupt) => RunAsync(new RunRequest(
                Workspace.Locate(parsed.GetValue(notebooks), parsed.GetValue(artifacts)), parsed.GetValue(only),
                new NotebookRunnerOptions { TimeLimit = TimeSpan.FromSeconds(parsed.GetValue(timeout)), KeepGoing = parsed.GetValue(keepGoing) },
                BuildSite: !parsed.GetValue(noSite), parsed.GetValue(singleFile) ? SiteForm.SingleFile : SiteForm.Shared, parsed.GetValue(student), KeepsAnswers: !parsed.GetValue(noAnswers), parsed.GetValue(force)), output, error, interrupt));
        }

        root.Add(verb);
        return root;
    }

    /// <summary>The option by which the time of a cell is limited.</summary>
    internal static Option<double> TimeLimit() => new("--timeout")
    {
        Description = "How many seconds one cell may run.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86_400) return seconds;
            result.AddError($"--timeout {text}: give a number of seconds above 0, at most 86400.");
            return 0;
        },
    };

    private static async Task<int> RunAsync(RunRequest request, TextWriter output, TextWriter error, CancellationToken interrupt)
    {
        var workspace = request.Workspace;
        var documents = Load(workspace.Notebooks(request.Only));
        var planned = request.Plan(documents);
        workspace.Prepare(planned, request.Replaces);
        if (request.UnusedGuides(documents) is { } unused) await error.WriteLineAsync(unused);
        var display = new RunDisplay(output);
        List<NotebookRun> runs = [];
        await display.ShowAsync([.. documents.Select(d => d.Name)], async progress =>
        {
            using var here = CurrentFolder.In(workspace.NotebookFolder);
            using var end = new EarlyEnd(error, progress, interrupt);
            runs = await RunAsync(documents, request, end, interrupt);
        });

        workspace.WriteCopies(runs.Select(run => run.Document));
        var failures = runs.SelectMany(run => run.Failures).ToList();
        foreach (var failure in failures) await error.WriteLineAsync(failure.ToString());
        interrupt.ThrowIfCancellationRequested();
        if (failures.Count > 0 && !request.Options.KeepGoing) return EmpathyCommand.CellFailed;

        var missing = request.BuildSite ? MissingFiles(request, runs) : [];
        // What did not run, or failed, may have had the file to write.
        if (missing.Count > 0 && failures.Count == 0 && request.Only is null) throw new BadInputException(string.Join('\n', missing));
        foreach (var link in missing) await error.WriteLineAsync(link);

        PooledSummary.Print(output);
        if (request.BuildSite) await output.WriteLineAsync($"Site: {workspace.Relative(await BuildSiteAsync(request, runs, planned, error, interrupt))}");
        if (request.ForStudents) WriteForClass(workspace, runs, request.KeepsAnswers, output);
        await output.WriteLineAsync($"Executed notebooks: {workspace.Relative(workspace.CopyFolder)}");
        return failures.Count > 0 ? EmpathyCommand.CellFailed : EmpathyCommand.Success;
    }

    /// <summary>Runs as many notebooks at a time as there are processors. They start in their order; what lies behind one that failed is left out, so that the results do not depend on which was faster.</summary>
    private static async Task<List<NotebookRun>> RunAsync(List<NotebookDocument> documents, RunRequest request, EarlyEnd end, CancellationToken interrupt)
    {
        var runner = new NotebookRunner(request.Options);
        var runs = new NotebookRun?[documents.Count];
        var next = -1;
        var stopped = false;
        async Task Work()
        {
            while (!Volatile.Read(ref stopped) && Interlocked.Increment(ref next) is var i && i < documents.Count)
            {
                end.Start(documents[i]);
                runs[i] = await runner.RunAsync(documents[i], request.Workspace.NotebookFolder, end, interrupt);
                end.Done(documents[i]);
                if (interrupt.IsCancellationRequested || (!runs[i]!.Succeeded && !request.Options.KeepGoing)) Volatile.Write(ref stopped, true);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Math.Min(Environment.ProcessorCount, documents.Count)).Select(_ => Task.Run(Work, CancellationToken.None)));
        var results = new List<NotebookRun>();
        foreach (var run in runs.TakeWhile(run => run is not null))
        {
            results.Add(run!);
            if (!run!.Succeeded && (!request.Options.KeepGoing || interrupt.IsCancellationRequested)) break;
        }

        return results;
    }

    private static List<NotebookDocument> Load(IEnumerable<string> files)
    {
        try
        {
            return [.. files.Select(NotebookDocument.Load)];
        }
        catch (NotebookFormatException fault)
        {
            throw new BadInputException(fault.Message);
        }
    }

    private static async Task<string> BuildSiteAsync(RunRequest request, List<NotebookRun> runs, IReadOnlyList<string> planned, TextWriter error, CancellationToken interrupt)
    {
        var workspace = request.Workspace;
        var programs = new string?[runs.Count];
        var faults = new ConversionException?[runs.Count];
        await Parallel.ForAsync(0, runs.Count, interrupt, async (i, token) =>
        {
            try
            {
                programs[i] = await CSharpForm.WriteAsync(runs[i].Document, workspace.NotebookFolder, CSharpLibrary.Package, token);
            }
            catch (ConversionException fault)
            {
                faults[i] = fault;
            }
        });
        // Its page offers the notebook alone then.
        foreach (var fault in faults.OfType<ConversionException>()) await error.WriteLineAsync($"Without a program to download: {fault.Message}");
        try
        {
            workspace.Announce(planned.Select(path => Path.Combine(workspace.OutputFolder, path)).Where(path => path.StartsWith(workspace.SiteFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal)));
            var written = SiteBuilder.Build([.. Pages(runs).Select((page, i) => page with { Program = programs[i] })], workspace.SiteFolder, request.SiteOptions);
            workspace.Replace(workspace.SiteFolder, written);
            return written[0];
        }
        catch (SiteException fault)
        {
            throw new BadInputException(fault.Message);
        }
    }

    private static IReadOnlyList<string> MissingFiles(RunRequest request, List<NotebookRun> runs)
    {
        try
        {
            return SiteBuilder.MissingFiles(Pages(runs), request.Workspace.NotebookFolder);
        }
        catch (SiteException fault)
        {
            throw new BadInputException(fault.Message);
        }
    }

    private static void WriteForClass(Workspace workspace, IEnumerable<NotebookRun> runs, bool keepsAnswers, TextWriter output)
    {
        try
        {
            var pages = Pages(runs);
            // Both are made before either is written.
            var (students, lecturers) = (TeachingMaterial.ForStudents(pages, keepsAnswers), TeachingMaterial.ForLecturers(pages, keepsAnswers));
            Write(students, workspace.StudentFolder);
            output.WriteLine($"Student notebooks: {workspace.Relative(workspace.StudentFolder)}");
            if (Write(lecturers, workspace.TeachingFolder).Count > 0) output.WriteLine($"Key and questions: {workspace.Relative(workspace.TeachingFolder)}");
        }
        catch (SiteException fault)
        {
            throw new BadInputException(fault.Message);
        }

        IReadOnlyList<string> Write(IReadOnlyList<TeachingFile> files, string folder)
        {
            string[] paths = [.. files.Select(file => Path.Combine(folder, file.Path))];
            workspace.Announce(paths);
            var written = TeachingMaterial.Write(files, folder);
            workspace.Replace(folder, paths);
            return written;
        }
    }

    private static IReadOnlyList<SitePage> Pages(IEnumerable<NotebookRun> runs) => [.. runs.Select(run => new SitePage(run.Document.Name, run.Document))];
}
