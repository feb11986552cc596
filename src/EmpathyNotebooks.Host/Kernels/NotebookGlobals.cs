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
    // A span, so that the compiler prefers it to the method of this name that the formatting package puts into System.
    public static DisplayedValue Display(this object? value, params ReadOnlySpan<string> mimeTypes) => Show(value, mimeTypes.ToArray());

    /// <summary>HTML that is shown as it is, not as text.</summary>
    /// <param name="content">The HTML.</param>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    /// <summary>Runs JavaScript in the page of the notebook.</summary>
    /// <param name="scriptContent">The JavaScript.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void Javascript(string scriptContent) => Running().Show(MimeBundle.OfScript(scriptContent), []);

    /// <summary>Adds styles to the page of the notebook.</summary>
    /// <param name="content">The CSS.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void CSS(string content) => Running().Show(
        new Dictionary<string, string> { ["text/html"] = $"<style>{content}</style>", [MimeBundle.PlainText] = content }, []);

#pragma warning disable IDE1006 // These names, too.
    /// <summary>Asks the reader for a line.</summary>
    /// <param name="prompt">What the reader is shown.</param>
    /// <exception cref="InvalidOperationException">No cell is running, or there is nobody to ask.</exception>
    public static string input(string prompt = "") => Running().Ask(prompt, isPassword: false);

    /// <summary>Asks the reader for a line that is not shown while it is typed.</summary>
    /// <param name="prompt">What the reader is shown.</param>
    /// <exception cref="InvalidOperationException">No cell is running, or there is nobody to ask.</exception>
    public static string password(string prompt = "") => Running().Ask(prompt, isPassword: true);
#pragma warning restore IDE1006

    /// <summary>Asks the reader for a line.</summary>
    /// <param name="prompt">What the reader is shown.</param>
    /// <exception cref="InvalidOperationException">No cell is running, or there is nobody to ask.</exception>
    public static Task<string> GetInputAsync(string prompt = "") => Running().AskAsync(prompt, isPassword: false);

    /// <summary>Asks the reader for a line that is not shown while it is typed.</summary>
    /// <param name="prompt">What the reader is shown.</param>
    /// <exception cref="InvalidOperationException">No cell is running, or there is nobody to ask.</exception>
    public static Task<string> GetPasswordAsync(string prompt = "") => Running().AskAsync(prompt, isPassword: true);

    private static DisplayedValue Show(object? value, string[] mimeTypes) 
    {
        var kernel = Running();
        return kernel.Show(kernel.BundleOf(value, mimeTypes), mimeTypes);
    }

    private static CSharpKernel Running() => CSharpKernel.Current
        ?? throw new InvalidOperationException("This can be done only while a notebook cell is running.");
}

/// <summary>A value shown by `display`, whose place can be given another value, also from a later cell.</summary>
public sealed class DisplayedValue
{
    private readonly CSharpKernel _kernel;
    private readonly string[] _mediaTypes;

    internal DisplayedValue(CSharpKernel kernel, string displayId, string[] mediaTypes)
    {
        _kernel = kernel;
        _mediaTypes = mediaTypes;
        DisplayId = displayId;
    }

    /// <summary>What names the place.</summary>
    public string DisplayId { get; }

    /// <summary>Shows another value in this place.</summary>
    /// <param name="updatedValue">The other value.</param>
    public void Update(object? updatedValue) => _kernel.Output.Replace(DisplayId, _kernel.BundleOf(updatedValue, _mediaTypes));
}
