using System.Globalization;
using EmpathyNotebooks.Cli;

// The same output wherever it runs; a cell that wants another culture names it.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
if (Console.IsOutputRedirected) Console.SetOut(StandardOutput.To(Console.OpenStandardOutput()));
if (Console.IsErrorRedirected) Console.SetError(StandardOutput.To(Console.OpenStandardError(), isError: true));
return await EmpathyCommand.InvokeAsync(args, Console.Out, Console.Error);
