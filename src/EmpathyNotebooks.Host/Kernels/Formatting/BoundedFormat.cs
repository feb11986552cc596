using System.Globalization;
using System.Net;
using System.Runtime.ExceptionServices;
using Microsoft.DotNet.Interactive.Formatting;

namespace EmpathyNotebooks.Host.Kernels.Formatting;

/// <summary>
/// Formats any value in bounded time, room and depth: one that contains itself, is nested a hundred thousand deep, or has no end must not
/// end the process. Nothing can be done once the stack has run over, so that the depth is looked at before and while a value is written.
/// </summary>
internal static class BoundedFormat
{
    // What calls itself without writing, such as a record that holds itself, stops at the end of it.
    private const int StackSize = 4 << 20;
    private const int MostShown = 2_000;

    /// <summary>The value in media types; where it is too deep or too long to be shown whole, the beginning of its text with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Bundle(object? value, IEnumerable<string> mediaTypes)
    {
        // Text comes first: within a page, formatters write what lies deep as text, where nobody can look at how deep they are.
        string? cut = null;
        var text = Text(value, MimeBundle.PlainText, ref cut);
        if (cut is null && value is not null && Nesting.HoldsItsOwnKind(value.GetType())) cut = text;
        return mediaTypes.ToDictionary(type => type, type => type == MimeBundle.PlainText ? text : Text(value, type, ref cut), StringComparer.Ordinal);
    }

    private static string Text(object? value, string mediaType, ref string? cut)
    {
        if (cut is null)
        {
            if (TryText(value, mediaType, out var text, out var reason)) return text;
            // Half of a page is no page.
            cut = text.Length > 0 && mediaType == MimeBundle.PlainText
                ? $"{text[..Math.Min(MostShown, text.Length)]} ...\n[{reason}]"
                : $"[{reason}]";
        }

        return mediaType == "text/html" ? $"<pre>{WebUtility.HtmlEncode(cut)}</pre>" : cut;
    }

    private static bool TryText(object? value, string mediaType, out string text, out string reason)
    {
        (text, reason) = ("", "");
        // As much as a cell may write to the console.
        if (value is string { Length: > CellOutput.MostCharacters } letters)
        {
            text = letters[..MostShown];
            reason = $"This is too long to be shown whole: {letters.Length.ToString("N0", CultureInfo.InvariantCulture)} characters.";
            return false;
        }

        // What has a form of its own ends by itself.
        if (value is null or string || value.GetType().IsPrimitive)
        {
            text = value.ToDisplayString(mediaType);
            return true;
        }

        reason = $"{value.GetType().ToDisplayString(MimeBundle.PlainText)} contains itself, or is nested too deeply to be shown whole.";
        if (Nesting.IsDeep(value)) return false;
        using var writer = new BoundedWriter();
        var thrown = Format(value, mediaType, writer);
        if (thrown is InsufficientExecutionStackException) return false;
        text = writer.ToString();
        if (writer.IsTooLong) reason = "This is too long to be shown whole.";
        if (thrown is not null && !writer.IsTooLong && !writer.IsTooDeep) ExceptionDispatchInfo.Throw(thrown);
        return thrown is null;
    }

    private static Exception? Format(object value, string mediaType, BoundedWriter writer)
    {
        Exception? thrown = null;
        var (culture, uiCulture) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        var thread = new Thread(() =>
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, uiCulture);
            try
            {
                writer.Begin();
                value.FormatTo(new FormatContext(writer), mediaType);
            }
            catch (Exception fault)
            {
                thrown = fault;
            }
        }, StackSize) { IsBackground = true, Name = "Formatting" };
        thread.Start();
        thread.Join();
        return thrown;
    }
}
