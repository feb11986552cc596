using System.CommandLine;
using EmpathyNotebooks.Data;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>The verb <c>analyze</c>: a meta-analysis of a table from the command line.</summary>
internal static class AnalyzeCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var (table, effects, model, questions, rCode) = (new TableOptions(), new EffectOptions(), new ModelOptionsOfCommand(), new QuestionOptions(), new RCodeOption());
        var (report, force) = (new ReportOption(), new ForceOption());
        Option[] writing = [.. rCode.All, report.All.First(), .. questions.Files];
        var command = new Command("analyze",
            """
            Pools the studies of a table: effects as they are, or computed from correlations, means, tables and counts.

            Examples:
              empathy analyze studies.csv --ri r --ni n --label study
              empathy analyze trials.csv --measure OR --ai ev_t --bi no_t --ci ev_c --di no_c --moderator year --json
              empathy analyze studies.csv --report my-report --report-title "Empathy and outcome"

            Columns that are not named are taken when the header leaves no doubt, and that is said. Exit codes: 0 good, 1 standard output is closed or full, 2 the input is at fault, 130 interrupted.
            """)
        {
            table.File,
        };
        foreach (var option in (Option[])[.. effects.All, .. model.All, .. questions.All, .. rCode.All, .. report.All, .. force.All, .. table.All, .. effects.Columns]) command.Add(option);
        command.SetAction(async (parsed, interrupt) =>
        {
            StudyTable? read = null;
            try
            {
                var print = await ProgressBars.RunAsync(error, progress =>
                {
                    Action print = () => { };
                    RemedyWords.OfTheCommandLine(() =>
                    {
                        var said = effects.Read(parsed, model.PoolsCounts(parsed));
                        var replaces = force.Read(parsed, writing);
                        var script = rCode.Read(parsed, questions.IsJson(parsed), replaces);
                        var folder = report.Read(parsed, table.Path(parsed), replaces);
                        var asked = questions.Read(parsed);
                        ForceOption.RequireFree(asked, replaces);
                        read = table.Read(parsed);
                        var line = new CommandLine([.. parsed.Tokens.Select(t => t.Value).SkipWhile(t => t == "analyze")]);
                        print = new Analysis(read, table.FileName(parsed), said, model.Read(parsed, read), asked, line) { Progress = progress, Interrupt = interrupt, RCode = script, Report = folder }
                            .Answered(questions.IsJson(parsed), output, error);
                    });
                    return print;
                });
                RemedyWords.OfTheCommandLine(print);
            }
            catch (Exception) when (read is not null)
            {
                // What was passed over or named is part of the reason why something is not found.
                foreach (var note in AnalysisNotes.Of(read, null, [], [])) await error.WriteLineAsync(note);
                throw;
            }
        });
        return command;
    }
}
