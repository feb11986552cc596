using System.Text;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>
/// Sends what is written to the console to the kernel whose cell wrote it, following the async flow to other threads, so that
/// kernels can run side by side in one process. Everything else goes where it went before. What a cell reads from the console is
/// asked of its reader.
/// </summary>
internal static class ConsoleCapture
{
    private static readonly Lock Installing = new();
    private static TextWriter? _out;
    private static TextWriter? _error;
    private static TextReader? _in;

    /// <summary>Puts the capture in place; again when someone has set another writer in between.</summary>
    public static void Ensure()
    {
        lock (Installing)
        {
            if (!ReferenceEquals(Console.Out, _out))
            {
                Console.SetOut(new Router("stdout", Console.Out));
                _out = Console.Out;
            }

            if (!ReferenceEquals(Console.Error, _error))
            {
                Console.SetError(new Router("stderr", Console.Error));
                _error = Console.Error;
            }

            if (!ReferenceEquals(Console.In, _in))
            {
                Console.SetIn(new Asker(Console.In));
                _in = Console.In;
            }
        }
    }

    private sealed class Router(string stream, TextWriter outside) : TextWriter
    {
        public override Encoding Encoding => outside.Encoding;

        public override void Write(char value) => Write([value]);

        public override void Write(string? value) => Write(value.AsSpan());

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer)
        {
            if (CSharpKernel.Current is { } kernel)
            {
                kernel.Output.Write(stream, buffer);
            }
            else
            {
                outside.Write(buffer);
            }
        }

        // The same line end on every system, in a cell; the system's own outside.
        public override void WriteLine() => Write(CSharpKernel.Current is null ? outside.NewLine : "\n");

        public override void WriteLine(string? value)
        {
            Write(value);
            WriteLine();
        }

        public override void Flush()
        {
            if (CSharpKernel.Current is null)
            {
                outside.Flush();
            }
        }
    }

    /// <summary>Reads line by line from whoever reads the notebook.</summary>
    private sealed class Asker(TextReader outside) : TextReader
    {
        private string _rest = "";

        public override int Peek() => CSharpKernel.Current is null ? outside.Peek() : _rest.Length > 0 ? _rest[0] : -1;

        public override int Read()
        {
            if (CSharpKernel.Current is null) return outside.Read();
            if (_rest.Length == 0) _rest = ReadLine() + "\n";
            var next = _rest[0];
            _rest = _rest[1..];
            return next;
        }

        public override string? ReadLine()
        {
            if (CSharpKernel.Current is not { } kernel) return outside.ReadLine();
            if (_rest.Length == 0) return kernel.Ask("", isPassword: false);
            var line = _rest.TrimEnd('\n');
            _rest = "";
            return line;
        }

        public override string ReadToEnd() => CSharpKernel.Current is null ? outside.ReadToEnd() : ReadLine() ?? "";
    }
}
