using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>Turns messages into frames and back, as Jupyter's messaging 5.3 lays them out.</summary>
internal sealed class WireFormat(MessageSigner signer)
{
    /// <summary>The version of the protocol.</summary>
    public const string ProtocolVersion = "5.3";

    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _session = Guid.NewGuid().ToString("N");
    private long _sent;

    /// <summary>Reads a message.</summary>
    /// <param name="frames">Its frames.</param>
    /// <param name="fault">Why it is not one, when it is not.</param>
    public JupyterMessage? Read(IReadOnlyList<byte[]> frames, out string fault)
    {
        var start = 0;
        while (start < frames.Count && !frames[start].AsSpan().SequenceEqual(Delimiter)) start++;
        // Delimiter, signature, header, parent header, metadata, content; buffers may follow.
        const int Parts = 6;
        if (frames.Count < start + Parts)
        {
            fault = "frames are missing";
            return null;
        }

        byte[][] signed = [frames[start + 2], frames[start + 3], frames[start + 4], frames[start + 5]];
        if (!signer.IsValid(frames[start + 1], signed))
        {
            fault = "its signature is wrong";
            return null;
        }

        if (!signer.IsFirst(frames[start + 1]))
        {
            fault = "it has come before";
            return null;
        }

        try
        {
            fault = "";
            if (Parse(signed[0]) is not { } header || Text(header, "msg_type") is not { } type || Text(header, "msg_id") is null)
            {
                fault = "its header has no msg_type or msg_id";
                return null;
            }

            var parent = Parse(signed[1]);
            if (Parse(signed[3]) is not { } content)
            {
                fault = "its content is no object";
                return null;
            }

            // Names are read when the first is asked for: one that is no text is found here, and not by whoever asks.
            _ = content.Count;

            return new JupyterMessage([.. frames.Take(start)], signed[0], type, Text(header, "session") ?? "", parent is null ? null : Text(parent, "msg_id"), content);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The second is what text that is no Unicode leads to.
            fault = error.Message;
            return null;
        }
    }

    /// <summary>Writes a message.</summary>
    /// <param name="identities">Who gets it, or the topic of a broadcast.</param>
    /// <param name="type">`msg_type`.</param>
    /// <param name="content">The content.</param>
    /// <param name="parent">What it answers; null when nothing.</param>
    public List<byte[]> Write(IEnumerable<byte[]> identities, string type, JsonObject content, JupyterMessage? parent)
    {
        var header = new JsonObject
        {
            ["msg_id"] = string.Create(CultureInfo.InvariantCulture, $"{_session}_{Interlocked.Increment(ref _sent)}"),
            ["session"] = _session,
            ["username"] = "kernel",
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = ProtocolVersion,
        };
        byte[][] signed = [Bytes(header), parent?.HeaderBytes ?? "{}"u8.ToArray(), "{}"u8.ToArray(), Bytes(content)];
        return [.. identities, Delimiter, signer.Sign(signed), .. signed];
    }

    private static JsonObject? Parse(byte[] frame) => JsonNode.Parse(frame, documentOptions: Strict) as JsonObject;

    private static string? Text(JsonObject node, string property) => node[property] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    // A lone half of a surrogate pair cannot be sent; a cell may well print one.
    private static byte[] Bytes(JsonObject node) => Encoding.UTF8.GetBytes(node.ToJsonString(Readable));
}
