using EmpathyNotebooks.Cli;

return await EmpathyCommand.InvokeAsync(args, Console.Out, Console.Error);
