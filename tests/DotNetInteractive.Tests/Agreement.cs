using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.DotNetInteractive.Tests;

/// <summary>Whether .NET Interactive's kernel shows what ours does.</summary>
internal static class Agreement
{
    /// <summary>Compares what our kernel showed with what the genuine one did, printed text and every form of every value.</summary>
    public static void Check(string place, IReadOnlyList<NotebookOutput> ours, GenuineResult theirs)
    {
        Assert.True(theirs.Error is null, $"{place}: {theirs.Error}");
        Assert.True(string.Concat(ours.OfType<StreamOutput>().Select(stream => stream.Text)) == theirs.Printed.ReplaceLineEndings("\n"), $"{place}: {theirs.Printed}");
        var values = ours.OfType<DisplayOutput>().ToList();
        Assert.True(values.Count == theirs.Forms.Count, $"{place}: {values.Count} values here, {theirs.Forms.Count} there");
        foreach (var (value, forms) in values.Zip(theirs.Forms))
        {
            // Of a value that has no formatter of ours their kernel sends one form; we add the plain text.
            Assert.All(forms, form => Assert.True(value.Text(form.Key) == form.Value,
                $"{place}, {form.Key}:\n{Short(value.Text(form.Key))}\nthere:\n{Short(form.Value)}"));
            Assert.All(value.MediaTypes.Where(type => type != "text/plain"), type => Assert.True(forms.ContainsKey(type), $"{place}: no {type} there"));
        }
    }

    private static string Short(string? text) => text is null ? "nothing" : text.Length < 2_000 ? text : text[..2_000] + "...";
}
