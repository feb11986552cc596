using System.Globalization;
using System.Text;
using EmpathyNotebooks.Cli;

// The same output wherever it runs; a cell that wants another culture names it.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
// A console takes a few letters at a time; a file or a pipe is given what there is.
if (Console.IsOutputRedirected) Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16) { AutoFlush = true });
return await EmpathyCommand.InvokeAsync(args, Console.Out, Console.Error);
