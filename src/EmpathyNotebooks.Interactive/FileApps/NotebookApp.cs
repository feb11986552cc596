using System.Globalization;
using System.Text;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Plotting.Files;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace EmpathyNotebooks.FileApps;

/// <summary>
/// What a notebook that was converted to a file of C# calls in place of its kernel: values are printed as plain text, charts
/// and explorers are written as pages beside the file.
/// </summary>
public static class NotebookApp
{
    private static string _name = "notebook";
    private static int _charts;

    /// <summary>Where charts are written: beside the file that runs, as `dotnet run` knows it; else the current folder.</summary>
    private static string Folder => AppContext.GetData("EntryPointFileDirectoryPath") as string ?? Environment.CurrentDirectory;

    /// <summary>The first call: names the charts, and formats numbers as a notebook does.</summary>
    /// <param name="name">What the names of the charts' files begin with.</param>
    public static void Start(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (_name, _charts) = (name, 0);
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.OutputEncoding = Encoding.UTF8;
    }

#pragma warning disable IDE1006 // The names are those of notebooks.
    /// <summary>Prints a value; of a chart, writes its page, and prints its text and the name of the file.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">In a notebook, the forms it is shown in; here nothing but text is.</param>
    public static AppDisplay display(object? value, params string[] mimeTypes) => Show(value);

    /// <summary>Asks for a line.</summary>
    /// <param name="prompt">What is printed before.</param>
    public static string input(string prompt = "")
    {
        Console.Write(prompt);
        return Console.ReadLine() ?? "";
    }

    /// <summary>Asks for a line.</summary>
    /// <param name="prompt">What is printed before.</param>
    public static string password(string prompt = "") => input(prompt);
#pragma warning restore IDE1006

    /// <summary>Prints a value, as <see cref="display"/> does.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">In a notebook, the forms it is shown in; here nothing but text is.</param>
    // A span, so that the compiler prefers it to the method of this name that the formatting package puts into System.
    public static AppDisplay Display(this object? value, params ReadOnlySpan<string> mimeTypes) => Show(value);

    /// <summary>HTML, which is printed as it stands.</summary>
    /// <param name="content">The HTML.</param>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    /// <summary>Runs JavaScript in the page of a notebook. Here there is no page.</summary>
    /// <param name="scriptContent">The JavaScript.</param>
    public static void Javascript(string scriptContent) => Console.WriteLine(scriptContent);

    /// <summary>Adds styles to the page of a notebook. Here there is no page.</summary>
    /// <param name="content">The CSS.</param>
    public static void CSS(string content) => Console.WriteLine(content);

    /// <summary>Asks for a line.</summary>
    /// <param name="prompt">What is printed before.</param>
    public static Task<string> GetInputAsync(string prompt = "") => Task.FromResult(input(prompt));

    /// <summary>Asks for a line.</summary>
    /// <param name="prompt">What is printed before.</param>
    public static Task<string> GetPasswordAsync(string prompt = "") => Task.FromResult(input(prompt));

    internal static AppDisplay Show(object? value)
    {
        Console.WriteLine(value.ToDisplayString("text/plain").TrimEnd('\n'));
        var page = value switch
        {
            IPlot plot => PlotlyHtml.Page(plot.Title.Length > 0 ? plot.Title : _name, plot.ToFigure()),
            IExplorer explorer => explorer.ToPage(),
            _ => null,
        };
        if (page is not null)
        {
            var file = string.Create(CultureInfo.InvariantCulture, $"{_name}-chart-{++_charts}.html");
            WholeFile.Write(Path.Combine(Folder, file), page);
            Console.WriteLine($"Chart: {file}");
        }

        return new AppDisplay();
    }
}

/// <summary>A value that was printed. In a notebook its place can be given another value; here that one is printed, too.</summary>
public sealed class AppDisplay
{
    internal AppDisplay()
    {
    }

    /// <summary>Prints another value.</summary>
    /// <param name="updatedValue">The other value.</param>
    public void Update(object? updatedValue) => NotebookApp.Show(updatedValue);
}
