using System.CommandLine;
using System.Text;
using EmpathyNotebooks.Cli.Analyze;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Plotting.Files;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Cli.Prisma;

/// <summary>The verb <c>prisma</c>: a PRISMA 2020 flow diagram from counts.</summary>
internal static class PrismaCommand
{
    private static readonly string[] Endings = [".svg", ".pdf", ".png", ".html"];

    public static Command Create(TextWriter output)
    {
        var file = new Argument<string>("file") { Description = "The counts, .json or .csv." };
        var into = new Option<string?>("--output") { Description = "The file to write: .svg, .pdf, .png, or .html for a page. Without it the flow is printed in words.", HelpName = "FILE" };
        var title = new Option<string?>("--title") { Description = "A title above the diagram.", HelpName = "TEXT" };
        var force = OptionOf.Flag("--force", "Replace the file, if there is one.");
        var command = new Command("prisma",
            """
            Draws the PRISMA 2020 flow diagram of a review. What follows from other counts can be left out; counts that do not add up are named with both numbers.

            counts.json: { "databases": { "PsycINFO": 812, "PubMed": 433 }, "registers": 12, "duplicates": 257, "recordsExcluded": 870,
                           "reportsExcluded": { "no correlation": 75 }, "studiesIncluded": 55 }
            Further members: markedByAutomation, removedOtherwise, screened, reportsSought, reportsNotRetrieved, reportsAssessed, otherMethods, otherSought,
            otherNotRetrieved, otherAssessed, otherExcluded, reportsIncluded, previousStudies, previousReports, totalStudies, totalReports.
            counts.csv: a line a count, box,name,count: databases,PsycINFO,812

            Examples:
              empathy prisma counts.json
              empathy prisma counts.csv --output flow.svg
            """)
        {
            file, into, title, force,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            var plot = Read(path, parsed.GetValue(title) ?? "");
            if (parsed.GetValue(into) is not { } target)
            {
                parsed.Needs(force, false, "--output");
                output.WriteLine(plot.Finding);
                return EmpathyCommand.Success;
            }
            ForceOption.RequireFree(target, "--output", parsed.GetValue(force));
            if (!Endings.Contains(Path.GetExtension(target), StringComparer.OrdinalIgnoreCase)) throw new BadInputException($"--output {target}: give the file one of the endings {string.Join(", ", Endings)}.");
            if (Path.GetExtension(target).Equals(".html", StringComparison.OrdinalIgnoreCase)) WholeFile.Write(target, PlotlyHtml.Page(plot.Title.Length > 0 ? plot.Title : "PRISMA 2020 flow diagram", [plot.ToFigure()]));
            else plot.Save(target);
            output.WriteLine($"Wrote {target}.");
            return EmpathyCommand.Success;
        });
        return command;
    }

    private static PrismaFlowPlot Read(string path, string title)
    {
        Paths.RequireFile(path);
        var isJson = Path.GetExtension(path).ToLowerInvariant() switch { ".json" => true, ".csv" => false, var other => throw new BadInputException($"{path}: counts are read from .json or .csv, not from \"{other}\".") };
        try
        {
            return PrismaFlowPlot.Create(PrismaFlowFile.Parse(File.ReadAllText(path, Encoding.UTF8), isJson), new() { Title = title });
        }
        catch (Exception fault) when (fault is FormatException or PrismaCountException or ArgumentException)
        {
            throw new BadInputException($"{path}: {fault.Message}");
        }
    }
}
