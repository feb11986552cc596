using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>The glossary of the course beside its lessons.</summary>
public sealed partial class GlossaryTests
{
    private static readonly (string Title, string Text)[] Entries =
        [.. Entry().Matches(File.ReadAllText(Repository.PathTo("notebooks", "glossary.md"))).Select(m => (Plain(m.Groups[1].Value), m.Groups[2].Value))];

    [Fact]
    public void Its_words_stand_in_the_order_of_the_alphabet()
    {
        Assert.True(Entries.Length >= 75, $"{Entries.Length} entries");
        var keys = Entries.Select(entry => Letters().Replace(entry.Title, "").ToLowerInvariant()).ToList();
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
    }

    [Fact]
    public void The_lesson_that_an_entry_names_has_the_word()
    {
        var prose = Course.Names.ToDictionary(name => name + ".ipynb", name => string.Join("\n", Course.Load(name).Cells.Where(cell => cell.Type == NotebookCellType.Markdown).Select(cell => Plain(cell.Source))));
        foreach (var (title, text) in Entries)
        {
            if (Lesson().Match(text) is not { Success: true } lesson) continue;
            var (shown, name) = (lesson.Groups[1].Value, lesson.Groups[2].Value);
            Assert.Equal(prose[name].Split('\n')[0][2..].Split(':')[0], shown);
            var forms = Also().Match(text).Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Prepend(title);
            Assert.True(forms.Any(form => prose[name].Contains(form, StringComparison.OrdinalIgnoreCase)), $"\"{title}\" is said to be explained in {name}, which has no such word.");
        }
    }

    [Fact]
    public void Every_word_of_the_trade_has_an_entry()
    {
        var words = string.Join('\n', Entries.Select(entry => $"{entry.Title}\n{entry.Text}"));
        var jargon = File.ReadAllLines(Repository.PathTo("tests", "Notebooks.Tests", "Jargon.txt")).Where(line => line.Length > 0 && line[0] != '#').Select(line => line[3..]).ToList();
        Assert.NotEmpty(jargon);
        string[] missing = [.. jargon.Where(pattern => !Regex.IsMatch(words, $@"(?<!\w)(?:{pattern})(?!\w)", RegexOptions.IgnoreCase))];
        Assert.Empty(missing);
    }

    private static string Plain(string markdown) => markdown.Replace("*", "", StringComparison.Ordinal);

    [GeneratedRegex("^### (.+)\n\n((?:(?!### ).*\n?)+)", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex("[^A-Za-z0-9 -]")]
    private static partial Regex Letters();

    [GeneratedRegex(@"^Lesson: \[(.+)\]\((.+\.ipynb)\)$", RegexOptions.Multiline)]
    private static partial Regex Lesson();

    [GeneratedRegex(@"^\*Also: ([^*]*?)\.(?: Symbol: .*?)?\*", RegexOptions.Multiline)]
    private static partial Regex Also();
}
