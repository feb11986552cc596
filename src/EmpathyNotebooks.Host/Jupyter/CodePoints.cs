namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>Jupyter counts the characters of code as Unicode does, .NET in halves of surrogate pairs.</summary>
internal static class CodePoints
{
    /// <summary>The place in a .NET text, kept within it.</summary>
    public static int ToIndex(string text, int count)
    {
        var index = 0;
        for (; count > 0 && index < text.Length; count--) index += Step(text, index);
        return index;
    }

    /// <summary>The number of characters before a place in a .NET text.</summary>
    public static int Count(string text, int index)
    {
        var count = 0;
        for (var place = 0; place < index; count++) place += Step(text, place);
        return count;
    }

    private static int Step(string text, int index) => char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]) ? 2 : 1;
}
