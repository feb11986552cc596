using System.Text;
using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Cli;

/// <summary>Standard output took nothing more: it is closed, or leads to a full disk.</summary>
internal sealed class StandardOutputException(string reason, Exception? cause = null)
    : Exception($"Standard output was not written, or not all of it: {reason}.", cause);

/// <summary>
/// Standard output and error where they lead to a file or a pipe: given what there is, in large pieces, where a console takes a few letters at a time. A fault of standard output is told from one of a file that a command reads or writes.
/// </summary>
internal sealed class StandardOutput : Stream
{
    private const int Piece = 1 << 16;

    private readonly Stream _stream;
    private readonly bool _isError;

    private StandardOutput(Stream stream, bool isError) => (_stream, _isError) = (stream, isError);

    /// <summary>A writer to a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="isError">Whether it takes what is wrong: where that cannot be written, there is no place left to say so, and the exit code alone tells.</param>
    public static TextWriter To(Stream stream, bool isError = false) =>
        new StreamWriter(new StandardOutput(stream, isError), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Piece) { AutoFlush = true };

    /// <summary>Whether a path is another name of standard output.</summary>
    public static bool Is(string path) => path is "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1";

    /// <summary>What to say of a fault in writing there.</summary>
    public static StandardOutputException Fault(Exception fault) => new(
        fault is UnauthorizedAccessException or ObjectDisposedException ? "it is closed" : FileWriteException.Why("standard output", fault).Reason, fault);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _stream.Write(buffer);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            if (!_isError) throw Fault(fault);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        try
        {
            _stream.Flush();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            if (!_isError) throw Fault(fault);
        }
    }

    // The base class would write on another thread, and tell of a fault there.
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return Task.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
