using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>Every lesson as a program to download.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly ProgramRun _program = new();

    public static TheoryData<string> Lessons => Course.Lessons;

    public void Dispose() => _program.Dispose();

    [Theory]
    [MemberData(nameof(Lessons))]
    public async Task A_lesson_prints_as_a_program_what_it_shows_as_a_notebook(string name)
    {
        var (program, printed) = await _program.RunAsync(Course.Load(name), Course.Folder);

        var executed = (await LessonRun.Of(name)).Document;
        Assert.Equal(ProgramRun.Shown(executed), WithoutCharts(printed));
        // The very figures of the notebook, each on a page of its own.
        var charts = executed.Cells.SelectMany(cell => cell.Outputs).OfType<DisplayOutput>().Select(display => display.Text("text/html"))
            .Where(html => html is not null && (html.StartsWith("<figure class=\"empathy-chart\"", StringComparison.Ordinal) || html.Contains("<div class=\"empathy-explorer\"", StringComparison.Ordinal)))
            .ToList();
        var pages = Directory.GetFiles(_program.Folder, "*-chart-*.html").OrderBy(file => file.Length).ThenBy(file => file, StringComparer.Ordinal).ToList();
        Assert.Equal(charts.Count, pages.Count);
        Assert.All(charts.Zip(pages), pair => Assert.All(Pieces(pair.First!), piece => Assert.Contains(piece, File.ReadAllText(pair.Second), StringComparison.Ordinal)));
        Assert.DoesNotContain("#r ", program);
        Assert.StartsWith("#:project there\n", program);
    }

    /// <summary>All of a chart but its picture and the lines that ask for the library, which a page of its own has in it; an explorer whole.</summary>
    private static IEnumerable<string> Pieces(string html)
    {
        var picture = html.IndexOf("<img alt=", StringComparison.Ordinal);
        if (picture < 0) return [html];
        var (after, loader) = (html.IndexOf("</p></div>", picture, StringComparison.Ordinal) + "</p>".Length, html.IndexOf("\n(function () {", picture, StringComparison.Ordinal));
        return [html[..picture], html[after..loader]];
    }

    private static string WithoutCharts(string printed) =>
        string.Concat(printed.Split('\n').Where(line => !line.StartsWith("Chart: ", StringComparison.Ordinal)).Select(line => line + "\n"))[..^1];
}
