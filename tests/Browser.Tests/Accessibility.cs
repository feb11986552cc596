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
        await BringAsync(page);
        return string.Join('\n', await page.Page.EvaluateAsync<string[]>("""
            async part => (await axe.run(part ?? document, { preload: false, resultTypes: ['violations'], rules: part ? { region: { enabled: false }, 'color-contrast': { enabled: false } } : {} })).violations
                .map(v => `${v.id} (${v.impact}), ${v.nodes.length} times: ${v.nodes[0].html}`)
            """, part));
    }

    /// <summary>Texts that are too pale for their ground: all that changes with the theme.</summary>
    public static async Task<string> PaleTextsAsync(OpenPage page)
    {
        await BringAsync(page);
        return string.Join('\n', await page.Page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { preload: false, resultTypes: ['violations'], runOnly: { type: 'rule', values: ['color-contrast'] } })).violations
                .map(v => `${v.id} in the ${document.documentElement.dataset.theme} theme, ${v.nodes.length} times: ${v.nodes[0].html}`)
            """));
    }

    // The page's own policy lets no script in; the debugger's does not ask it. Nor may axe fetch style sheets (preload), which it needs only for what turns with the screen.
    private static async Task BringAsync(OpenPage page)
    {
        if (!await page.Page.EvaluateAsync<bool>("() => !!window.axe")) await page.Page.EvaluateAsync(Axe);
    }
}
