using Microsoft.AspNetCore.Html;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>
/// What every cell can call without a prefix, named as in .NET Interactive so that a notebook runs unchanged in both. It belongs
/// to the host, not to the assembly that notebooks reference: there the genuine kernel has its own.
/// </summary>
public static class NotebookGlobals
{
#pragma warning disable IDE1006 // The name is that of the genuine kernel.
    /// <summary>Shows a value at this place among the outputs of the cell.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The media types to show it in; the preferred ones of its type when none is given.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static DisplayedValue display(object? value, params string[] mimeTypes) => Show(value, mimeTypes);
#pragma warning restore IDE1006

    /// <summary>Shows this value at this place among the outputs of the cell.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The media types to show it in; the preferred ones of its type when none is given.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) => Show(value, mimeTypes);

    /// <summary>HTML that is shown as it is, not as text.</summary>
    /// <param name="content">The HTML.</param>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    private static DisplayedValue Show(object? value, string[] mimeTypes)
    {
        var kernel = CSharpKernel.Current
            ?? throw new InvalidOperationException("A value can be displayed only while a notebook cell is running.");
        return new DisplayedValue(kernel.Output.Show(MimeBundle.Of(value, mimeTypes)), mimeTypes);
    }
}

/// <summary>A value shown by `display`, whose place can be given another value.</summary>
public sealed class DisplayedValue
{
    private readonly Action<IReadOnlyDictionary<string, string>> _replace;
    private readonly string[] _mediaTypes;

    internal DisplayedValue(Action<IReadOnlyDictionary<string, string>> replace, string[] mediaTypes)
    {
        _replace = replace;
        _mediaTypes = mediaTypes;
    }

    /// <summary>Shows another value in this place.</summary>
    /// <param name="updatedValue">The other value.</param>
    public void Update(object? updatedValue) => _replace(MimeBundle.Of(updatedValue, _mediaTypes));
}
