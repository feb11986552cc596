using System.CommandLine;
using EmpathyNotebooks.Cli.Analyze;
using EmpathyNotebooks.Cli.Check;
using EmpathyNotebooks.Cli.Convert;
using EmpathyNotebooks.Cli.Kernel;
using EmpathyNotebooks.Cli.New;
using EmpathyNotebooks.Cli.Prisma;
using EmpathyNotebooks.Cli.Simulate;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting.Files;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Cli;

/// <summary>The command line <c>empathy</c>: parses, and maps faults to exit codes. One file a verb; without a verb it runs the notebooks.</summary>
public static class EmpathyCommand
{
    /// <summary>Everything went well.</summary>
    public const int Success = 0;

    /// <summary>A cell of a notebook failed.</summary>
    public const int CellFailed = 1;

    /// <summary>Standard output took nothing more: it is closed, or leads to a full disk.</summary>
    public const int NotPrinted = 1;

    /// <summary>The input is at fault: an option, a folder, a file.</summary>
    public const int BadInput = 2;

    /// <summary>The user stopped it, as shells count it.</summary>
    public const int Interrupted = 130;

    /// <summary>Runs the command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Takes what is printed.</param>
    /// <param name="error">Takes what is wrong.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(string[] args, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        var root = RunCommand.Create(output, error);
        root.Add(AnalyzeCommand.Create(output, error));
        root.Add(CheckCommand.Create(output, error));
        root.Add(ConvertCommand.Create(output, error));
        root.Add(NewCommand.Create(output));
        root.Add(PrismaCommand.Create(output));
        root.Add(SimulateCommand.Create(output, error));
        root.Add(KernelCommand.Create(output));
        Paths.RequireNames(root);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var fault in parsed.Errors) await error.WriteLineAsync(fault.Message);
            await error.WriteLineAsync("Try --help for all options.");
            return BadInput;
        }
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        // A live kernel answers signals itself: Ctrl+C stops a cell, not the kernel.
        if (parsed.CommandResult.Command.Name == KernelCommand.StartName) configuration.ProcessTerminationTimeout = null;
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (StandardOutputException fault)
        {
            await error.WriteLineAsync(fault.Message);
            return NotPrinted;
        }
        catch (FileWriteException fault) when (StandardOutput.Is(fault.Path))
        {
            await error.WriteLineAsync(StandardOutput.Fault(fault.InnerException!).Message);
            return NotPrinted;
        }
        catch (Exception fault) when (fault is BadInputException or QuestionException or StudyDataException or InsufficientStudiesException or ConvergenceException or UndeterminedException
            or ArgumentException or IOException or UnauthorizedAccessException)
        {
            // .NET adds the name of a parameter, which means nothing outside the code.
            var parameter = fault is ArgumentException { ParamName: { } name } ? $" (Parameter '{name}')" : "";
            await error.WriteLineAsync(parameter.Length > 0 ? fault.Message.Replace(parameter, "", StringComparison.Ordinal) : fault.Message);
            return BadInput;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Interrupted.");
            return Interrupted;
        }
    }
}

/// <summary>What the user asked for cannot be done as asked; the message says what would be right.</summary>
internal sealed class BadInputException(string message) : Exception(message);
