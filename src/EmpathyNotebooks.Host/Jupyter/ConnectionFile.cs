using System.Net;
using System.Text.Json;
using System.Text.Unicode;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>Where a kernel listens and how its messages are signed, as the front end wrote it.</summary>
/// <param name="Address">The address of this machine to listen at, `*` for all.</param>
/// <param name="ShellPort">For requests.</param>
/// <param name="ControlPort">For requests that must not wait: interrupt, shutdown.</param>
/// <param name="IopubPort">For what every front end sees: status and outputs.</param>
/// <param name="StdinPort">For questions to the reader.</param>
/// <param name="HeartbeatPort">For the question whether the kernel is alive.</param>
/// <param name="Key">The key of the signatures; empty when messages are not signed.</param>
public sealed record ConnectionFile(
    string Address, int ShellPort, int ControlPort, int IopubPort, int StdinPort, int HeartbeatPort, string Key)
{
    /// <summary>Reads the file that Jupyter names on the command line of a kernel.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ConnectionFileException">It is missing or does not say what is needed; the message names the property.</exception>
    public static ConnectionFile Read(string path)
    {
        try
        {
            return Parse(path);
        }
        catch (InvalidOperationException fault)
        {
            // Names and texts are read when they are asked for.
            throw new ConnectionFileException(path, "it holds half of a surrogate pair, which is no Unicode text.", fault);
        }
    }

    private static ConnectionFile Parse(string path)
    {
        if (!File.Exists(path)) throw new ConnectionFileException(path, Directory.Exists(path) ? "it is a folder." : "there is no such file.");
        JsonDocument document;
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (!Utf8.IsValid(bytes)) throw new ConnectionFileException(path, "it is no UTF-8.");
            document = JsonDocument.Parse(bytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ConnectionFileException(path, fault.Message, fault);
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new ConnectionFileException(path, "it must hold a JSON object.");
            var transport = Text(root, "transport", path);
            if (transport != "tcp") throw new ConnectionFileException(path, $"transport is \"{transport}\"; this kernel speaks tcp.");
            var key = Text(root, "key", path);
            var scheme = root.TryGetProperty("signature_scheme", out _) ? Text(root, "signature_scheme", path) : "hmac-sha256";
            if (key.Length > 0 && scheme != "hmac-sha256")
            {
                throw new ConnectionFileException(path, $"signature_scheme is \"{scheme}\"; this kernel signs by hmac-sha256.");
            }

            var address = Text(root, "ip", path);
            if (address != "*" && address != "localhost" && !IPAddress.TryParse(address, out _))
            {
                throw new ConnectionFileException(path, $"ip is \"{address}\"; it must be an address such as 127.0.0.1, or *.");
            }

            return new ConnectionFile(address, Port(root, "shell_port", path), Port(root, "control_port", path), Port(root, "iopub_port", path),
                Port(root, "stdin_port", path), Port(root, "hb_port", path), key);
        }
    }

    /// <summary>The endpoint of a port.</summary>
    internal string Endpoint(int port)
    {
        var host = IPAddress.TryParse(Address, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? $"[{Address}]" : Address;
        return FormattableString.Invariant($"tcp://{host}:{port}");
    }

    private static string Text(JsonElement root, string property, string path) =>
        root.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new ConnectionFileException(path, $"{property} is missing or not a text.");

    private static int Port(JsonElement root, string property, string path) =>
        root.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var port) && port is > 0 and < 65536
            ? port
            : throw new ConnectionFileException(path, $"{property} is missing or not a port from 1 to 65535.");
}

/// <summary>A connection file that a kernel cannot start from.</summary>
public sealed class ConnectionFileException : Exception
{
    internal ConnectionFileException(string path, string fault, Exception? innerException = null)
        : base($"The connection file {path} cannot be used: {fault}", innerException)
    {
    }
}
