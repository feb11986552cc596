using EmpathyNotebooks.Fuzz;
using SharpFuzz;

const string Usage = """
    fuzz READER --seeds DIR    writes the inputs that AFL++ begins with
    fuzz READER FILE...        reads files once each, for example those that AFL++ kept, and says what came of them
    fuzz READER                reads what AFL++ hands over
    READER: csv, ipynb, dib, wire
    """;

var folder = Directory.CreateTempSubdirectory("fuzz").FullName;
try
{
    if (args.Length == 0 || Reader.All(folder).FirstOrDefault(r => r.Name == args[0]) is not { } reader)
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }
    switch (args)
    {
        case [_]:
            // In a process of its own, so that a stack overflow or a hang is a finding and not the end.
            Fuzzer.OutOfProcess.Run(stream =>
            {
                using var memory = new MemoryStream();
                stream.CopyTo(memory);
                reader.Try(memory.ToArray());
            });
            return 0;
        case [_, "--seeds", var target]:
            Directory.CreateDirectory(target);
            foreach (var (name, bytes) in reader.Seeds) File.WriteAllBytes(Path.Combine(target, name), bytes);
            return 0;
        default:
            foreach (var file in args.Skip(1)) Console.WriteLine($"{file}: {reader.Try(File.ReadAllBytes(file))?.Message ?? "read"}");
            return 0;
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}
