using System.CommandLine;

namespace EmpathyNotebooks.Cli.New;

/// <summary><c>empathy new</c>: a folder with all that a meta-analysis begins with, which runs at once.</summary>
internal static class NewCommand
{
    public static Command Create(TextWriter output)
    {
        var name = new Argument<string>("name") { Description = "The name of the folder to make." };
        var measure = new Option<string>("--measure")
        {
            Description = "What is pooled, which chooses the columns of the table: " + string.Join("; ", TemplateMeasure.All.Select(m => $"{m.Code} ({m.Holds})")) + ".",
            HelpName = string.Join('|', TemplateMeasure.All.Select(m => m.Code)),
            DefaultValueFactory = _ => TemplateMeasure.All[0].Code,
        };
        var title = new Option<string?>("--title") { Description = "The title of the study. Default: made of the name.", HelpName = "TEXT" };
        var parent = new Option<string?>("--output") { Description = "The folder in which to make it. Default: the current one.", HelpName = "DIR" };
        var force = new Option<bool>("--force") { Description = "Write into a folder that is not empty, and replace its files of the same names, studies.csv with your rows, too. Other files stay." };
        var command = new Command("new",
            """
            Makes a folder for a meta-analysis: a table with made-up rows, its codebook, a notebook that runs at once, a form for the preregistration, a README, a devcontainer, and a workflow for GitHub that publishes the page of the analysis when
            the table changes.

            Examples:
              empathy new my-study
              empathy new trials --measure OR --title "Exercise and falls"
            """)
        {
            name, measure, title, parent, force,
        };
        command.SetAction((parsed, interrupt) =>
        {
            var folderName = StudyName.Checked(parsed.GetValue(name)!);
            var code = parsed.GetValue(measure)!;
            var chosen = TemplateMeasure.All.FirstOrDefault(m => m.Code.Equals(code, StringComparison.OrdinalIgnoreCase))
                ?? throw new BadInputException($"--measure {code}: give one of {string.Join(", ", TemplateMeasure.All.Select(m => m.Code))}. For any other measure begin with the nearest, and change columns and notebook.");
            var study = new StudyTemplate(chosen, parsed.GetValue(title) is { } said ? StudyName.CheckedTitle(said) : StudyName.TitleOf(folderName));
            var into = parsed.GetValue(parent);
            if (into is not null) Paths.RequireFolder(into, "--output");
            if (into is not null && !Directory.Exists(into)) throw new BadInputException($"--output {into}: there is no such folder.");
            var folder = into is null ? folderName : Path.Combine(into, folderName);
            var written = StudyFolder.Write(folder, study.Files(), parsed.GetValue(force), interrupt);
            output.WriteLine($"Wrote {folder}:");
            foreach (var file in written) output.WriteLine($"  {file}");
            output.WriteLine("Every row of studies.csv is made up. README.md says how to run the analysis, and how to put in your studies.");
            return Task.FromResult(EmpathyCommand.Success);
        });
        return command;
    }
}
