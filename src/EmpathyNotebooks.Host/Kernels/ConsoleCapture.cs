using System.Text;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>
/// Sends what is written to the console to the kernel whose cell wrote it, following the async flow to other threads, so that
/// kernels can run side by side in one process. Everything else goes where it went before.
/// </summary>
internal static class ConsoleCapture
{
    private static readonly Lock Installing = new();
    private static TextWriter? _out;
    private static TextWriter? _error;

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
}
