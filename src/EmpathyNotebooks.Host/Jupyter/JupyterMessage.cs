using System.Text.Json.Nodes;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>A message that was received.</summary>
/// <param name="Identities">Who sent it: the frames that an answer begins with.</param>
/// <param name="HeaderBytes">The header as it came: the parent header of whatever it leads to.</param>
/// <param name="Type">`msg_type`.</param>
/// <param name="Session">`session`: the front end that sent it.</param>
/// <param name="ParentId">`msg_id` of the parent header; null when there is none.</param>
/// <param name="Content">The content.</param>
internal sealed record JupyterMessage(
    IReadOnlyList<byte[]> Identities, byte[] HeaderBytes, string Type, string Session, string? ParentId, JsonObject Content)
{
    /// <summary>A truth value of the content; the default when it is missing or something else.</summary>
    public bool Flag(string property, bool otherwise) =>
        Content[property] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : otherwise;

    /// <summary>A text of the content; null when it is missing or something else.</summary>
    public string? Text(string property)
    {
        try
        {
            return Content[property] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: no text.
            return null;
        }
    }

    /// <summary>A whole number of the content; null when it is missing or something else.</summary>
    public int? Number(string property) => Content[property] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
