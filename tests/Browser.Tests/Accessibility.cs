using Deque.AxeCore.Commons;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>The rules of axe.</summary>
internal static class Accessibility
{
    private static string Axe { get; } = new BundledAxeScriptProvider().GetScript();

    /// <summary>
    /// What breaks a rule, on the whole page or in a part of it. A part is not asked to lie in a landmark, which the page around it gives, nor for the contrast of
    /// its colours, which takes longest: who asks for a part looks at every text of it, in drawings too.
    /// </summary>
    public static async Task<string> ViolationsAsync(OpenPage page, string? part = null)
    {
        // The page's own policy lets no script in; the debugger's does not ask it.
        await page.Page.EvaluateAsync(Axe);
        return string.Join('\n', await page.Page.EvaluateAsync<string[]>("""
            async part => (await axe.run(part ?? document, { resultTypes: ['violations'], rules: part ? { region: { enabled: false }, 'color-contrast': { enabled: false } } : {} })).violations
                .map(v => `${v.id} (${v.impact}), ${v.nodes.length} times: ${v.nodes[0].html}`)
            """, part));
    }
}
