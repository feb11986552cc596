using System.CommandLine;

namespace EmpathyNotebooks.Cli;

/// <summary>The names of files and folders that a user gives: what is wrong with one is said in words before anything reads or writes it.</summary>
internal static class Paths
{
    private const string File = "FILE", Folder = "DIR";

    /// <summary>Has every option and argument that takes a path refuse an empty one, which a shell makes of a variable that is not set.</summary>
    public static void RequireNames(Command root)
    {
        // The command that runs without a verb shares its options with the verb.
        var guarded = new HashSet<Symbol>();
        Guard(root);

        void Guard(Command command)
        {
            foreach (var option in command.Options.Where(option => option.HelpName is File or Folder && guarded.Add(option)))
            {
                option.Validators.Add(result =>
                {
                    if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value))) result.AddError($"{option.Name} is empty; name a {(option.HelpName == File ? "file" : "folder")}.");
                });
            }
            // The name of a new study has rules of its own.
            foreach (var argument in command.Arguments.Where(argument => argument.ValueType == typeof(string) && command.Name != "new" && guarded.Add(argument)))
            {
                argument.Validators.Add(result =>
                {
                    if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value))) result.AddError($"The argument {argument.Name} is empty; name a {(argument.Name == "dir" ? "folder" : "file")}.");
                });
            }
            foreach (var further in command.Subcommands) Guard(further);
        }
    }

    /// <summary>Refuses what is no file that is there.</summary>
    /// <exception cref="BadInputException">There is none, or it is a folder.</exception>
    public static void RequireFile(string path)
    {
        if (!System.IO.File.Exists(path)) throw new BadInputException(Directory.Exists(path) ? $"{path}: is a folder; name a file." : $"{path}: there is no such file.");
    }

    /// <summary>Refuses the name of a folder where a file stands in its place, or in that of one above it.</summary>
    /// <exception cref="BadInputException">It is so.</exception>
    public static void RequireFolder(string path, string option)
    {
        if (System.IO.File.Exists(path)) throw new BadInputException($"{option} {path}: this is a file; name a folder.");
        for (var parent = Path.GetDirectoryName(Path.GetFullPath(path)); parent is not null; parent = Path.GetDirectoryName(parent))
        {
            if (System.IO.File.Exists(parent)) throw new BadInputException($"{option} {path}: {parent} is a file; name another folder.");
        }
    }
}
