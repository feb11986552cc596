using System.CommandLine;
using EmpathyNotebooks.Cli.Analyze;
using EmpathyNotebooks.Host.Jupyter;
using EmpathyNotebooks.Host.Kernels;

namespace EmpathyNotebooks.Cli.Kernel;

/// <summary><c>empathy kernel</c>: brings the C# kernel to Jupyter and VS Code.</summary>
internal static class KernelCommand
{
    /// <summary>The verb that Jupyter calls.</summary>
    public const string StartName = "start";

    private const string HistoryVariable = "EMPATHY_HISTORY";

    public static Command Create(TextWriter output)
    {
        var command = new Command("kernel",
            """
            Brings the C# kernel of the notebooks to VS Code, JupyterLab and every other front end of Jupyter.

            Examples:
              dotnet run --project src/EmpathyNotebooks.Cli -- kernel install
              dotnet run --project src/EmpathyNotebooks.Cli -- kernel list
            """);
        command.Add(Install(output));
        command.Add(Uninstall(output));
        command.Add(List(output));
        command.Add(Start());
        return command;
    }

    private static Option<string?> Prefix() => new("--prefix")
    {
        Description = "Look under DIR/share/jupyter, as for a Python environment. Default: Jupyter's folder of this user (JUPYTER_DATA_DIR is honoured).",
        HelpName = "DIR",
    };

    private static string Folder(ParseResult parsed, Option<string?> prefix)
    {
        if (parsed.GetValue(prefix) is not { } given) return JupyterFolders.User;
        Paths.RequireFolder(given, prefix.Name);
        return JupyterFolders.Under(given);
    }

    private static Command Install(TextWriter output)
    {
        var name = new Option<string?>("--name")
        {
            Description = "The name by which notebooks ask for the kernel. Default: .net-csharp, which the notebooks ask for, if no other kernel has it; else empathy-csharp.",
            HelpName = "NAME",
        };
        var displayName = new Option<string?>("--display-name") { Description = "What a reader sees in the list of kernels. Default: by the name.", HelpName = "TEXT" };
        var prefix = Prefix();
        var command = new Command("install", "Installs the kernel, or replaces the one installed before. It is a copy of this program: no later build changes it.")
        {
            name, displayName, prefix,
        };
        command.SetAction(parsed =>
        {
            var folder = Folder(parsed, prefix);
            KernelSpec spec;
            try
            {
                spec = Guard(() => KernelSpec.Install(folder, parsed.GetValue(name), parsed.GetValue(displayName)));
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new BadInputException($"The kernel cannot be written to {folder} ({fault.Message.TrimEnd('.')}). Name another place with --prefix DIR.");
            }

            output.WriteLine($"Installed {spec.Name} (\"{spec.DisplayName}\") in {spec.Folder}");
            return EmpathyCommand.Success;
        });
        return command;
    }

    private static Command Uninstall(TextWriter output)
    {
        var name = new Option<string?>("--name") { Description = "Remove only the kernel of this name. Default: all that this program installed.", HelpName = "NAME" };
        var prefix = Prefix();
        var command = new Command("uninstall", "Removes what install has installed. Kernels of others are left alone.") { name, prefix };
        command.SetAction(parsed =>
        {
            var removed = Guard(() => KernelSpec.Uninstall(Folder(parsed, prefix), parsed.GetValue(name)));
            foreach (var spec in removed) output.WriteLine($"Removed {spec.Name} from {spec.Folder}");
            if (removed.Count == 0) output.WriteLine("There was nothing to remove.");
            return EmpathyCommand.Success;
        });
        return command;
    }

    private static Command List(TextWriter output)
    {
        var prefix = Prefix();
        var command = new Command("list", "Lists what install has installed: name, version, folder.") { prefix };
        command.SetAction(parsed =>
        {
            var found = KernelSpec.List(Folder(parsed, prefix));
            foreach (var spec in found) output.WriteLine($"{spec.Name}  {spec.Version}  {spec.Folder}");
            if (found.Count == 0) output.WriteLine($"None in {Folder(parsed, prefix)}. Install it with: kernel install");
            return EmpathyCommand.Success;
        });
        return command;
    }

    private static Command Start()
    {
        var file = new Argument<string>("connection-file") { Description = "The file that says where to listen; Jupyter writes it." };
        const ulong mostMebibytes = 1 << 30;
        var memory = OptionOf.WholeNumber("--memory-limit", "How many MiB objects may take before the cell that makes them is stopped. Default: three quarters of the memory.", "MIB", "2048", 1, mostMebibytes);
        var outlive = new Option<bool>("--outlive") { Description = "Live on when the program that started the kernel is gone. Default: end then, as far as the system tells." };
        var noHistory = new Option<bool>("--no-history")
        {
            Description = $"Keep no cells for the history of later sessions. {HistoryVariable}=off does the same for every kernel.",
        };
        var command = new Command(StartName, "Runs the kernel for one notebook. Jupyter calls this, not you.") { file, memory, outlive, noHistory };
        command.SetAction(async (parsed, stop) =>
        {
            var options = new CSharpKernelOptions();
            if (parsed.GetValue(memory) is { } mebibytes) options = options with { MemoryLimit = (long)mebibytes << 20 };
            var settings = new JupyterKernelSettings
            {
                OutlivesParent = parsed.GetValue(outlive),
                HistoryFile = parsed.GetValue(noHistory) || Environment.GetEnvironmentVariable(HistoryVariable) is "off" or "0" ? null : JupyterFolders.History,
            };
            using var kernel = Guard(() => new JupyterKernel(ConnectionFile.Read(parsed.GetValue(file)!), options, settings));
            await kernel.RunAsync(stop);
            return EmpathyCommand.Success;
        });
        return command;
    }

    private static T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception fault) when (fault is KernelSpecException or ConnectionFileException)
        {
            throw new BadInputException(fault.Message);
        }
    }
}
