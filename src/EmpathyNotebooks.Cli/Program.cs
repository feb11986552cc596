using System.Globalization;
using EmpathyNotebooks.Cli;

// The same output wherever it runs; a cell that wants another culture names it.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
return await EmpathyCommand.InvokeAsync(args, Console.Out, Console.Error);
