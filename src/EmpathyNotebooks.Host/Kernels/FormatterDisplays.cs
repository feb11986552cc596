using System.Runtime.CompilerServices;
using EmpathyNotebooks.Plotting;
using Microsoft.DotNet.Interactive.Formatting;
using Displayed = Microsoft.DotNet.Interactive.Formatting.DisplayedValue;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>
/// Takes what cells show by the methods of the formatting package itself (<c>DisplayAs</c>, <c>DisplayTable</c>), which tell whoever listens, and knows
/// whether a page has the library that charts are drawn by.
/// </summary>
internal static class FormatterDisplays
{
    private static readonly ConditionalWeakTable<Displayed, string> Places = [];

    static FormatterDisplays()
    {
        // A reader who never heard of ours shows charts and frames, too.
        Notebook.Register();
        Formatter.SubscribeToDisplayedValues(Show);
    }

    /// <summary>Listens from now on; once in a process.</summary>
    public static void Ensure() => RuntimeHelpers.RunClassConstructor(typeof(FormatterDisplays).TypeHandle);

    /// <summary>True for what showing a value gives back, which is not a value to show.</summary>
    public static bool IsDisplayed(object? value) => value is DisplayedValue or Displayed;

    /// <summary>True for HTML that a chart is drawn in.</summary>
    public static bool NeedsLibrary(string html) =>
        html.Contains("data-empathy-chart=", StringComparison.Ordinal) || html.Contains("data-empathy-figure=", StringComparison.Ordinal);

    /// <summary>The form with the library before the chart.</summary>
    public static IReadOnlyDictionary<string, string> WithLibrary(IReadOnlyDictionary<string, string> bundle) =>
        new Dictionary<string, string>(bundle, StringComparer.Ordinal) { ["text/html"] = PlotlyHtml.Library() + bundle["text/html"] };

    private static void Show(Displayed shown)
    {
        // Another kernel of this process may be the one that shows it.
        if (CSharpKernel.Current is not { } kernel) return;
        var bundle = shown.FormattedValues.GroupBy(form => form.MimeType, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Last().Value, StringComparer.Ordinal);
        bundle.TryAdd(MimeBundle.PlainText, shown.Value as string ?? shown.Value.ToDisplayString(MimeBundle.PlainText));
        if (shown.IsUpdated && Places.TryGetValue(shown, out var place)) kernel.Output.Replace(place, bundle);
        else Places.AddOrUpdate(shown, kernel.Show(bundle, []).DisplayId);
    }
}
