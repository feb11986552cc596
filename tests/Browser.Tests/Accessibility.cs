using Deque.AxeCore.Commons;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>The rules of axe, and the contrast of what is drawn.</summary>
internal static class Accessibility
{
    private static string Axe { get; } = new BundledAxeScriptProvider().GetScript();

    /// <summary>
    /// What breaks a rule, on the whole page or in a part of it. A part is not asked to lie in a landmark, which the page around it gives, nor for the contrast of
    /// its colours: who asks for a part looks at every text of it with <see cref="PaleAsync"/>.
    /// </summary>
    public static async Task<string> ViolationsAsync(OpenPage page, string? part = null)
    {
        await BringAsync(page);
        return string.Join('\n', [.. await page.Page.EvaluateAsync<string[]>("""
            async part => (await axe.run(part ?? document, { preload: false, resultTypes: ['violations'], rules: part ? { region: { enabled: false }, 'color-contrast': { enabled: false } } : {} })).violations
                .map(v => `${v.id} (${v.impact}), ${v.nodes.length} times: ${v.nodes[0].html}`)
            """, part), .. part is null ? await PaleAsync(page, "svg") : []]);
    }

    /// <summary>Texts that are too pale for their ground: all that changes with the theme.</summary>
    public static async Task<string> PaleTextsAsync(OpenPage page)
    {
        await BringAsync(page);
        return string.Join('\n', [.. await page.Page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { preload: false, resultTypes: ['violations'], runOnly: { type: 'rule', values: ['color-contrast'] } })).violations
                .map(v => `${v.id} in the ${document.documentElement.dataset.theme} theme, ${v.nodes.length} times: ${v.nodes[0].html}`)
            """), .. await PaleAsync(page, "svg")]);
    }

    /// <summary>Every visible text within parts of a page, drawn ones too, whose colour stands out less than 4.5:1 from what lies behind it.</summary>
    public static Task<string[]> PaleAsync(OpenPage page, string parts) => page.Page.EvaluateAsync<string[]>("""
        parts => {
          const parse = color => (/^rgba?\(([^)]+)\)/.exec(color)?.[1].split(/[\s,\/]+/).map(Number) ?? null);
          const over = (top, below) => { const a = top[3] ?? 1; return top.slice(0, 3).map((c, i) => a * c + (1 - a) * below[i]); };
          const behind = element => {
            const layers = [];
            for (let node = element; node; node = node.parentElement) {
              const color = parse(getComputedStyle(node).backgroundColor);
              if (color && (color[3] ?? 1) > 0) { layers.push(color); if ((color[3] ?? 1) === 1) break; }
            }
            return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
          };
          const luminance = rgb => rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const pale = [];
          for (const part of document.querySelectorAll(parts)) {
            const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
            for (let text = walker.nextNode(); text; text = walker.nextNode()) {
              const element = text.parentElement;
              if (!text.data.trim() || element.closest('.voice, [disabled], style') || !element.getClientRects().length) continue;
              const style = getComputedStyle(element);
              const color = parse(element.namespaceURI.includes('svg') ? style.fill : style.color);
              const back = behind(element), front = over(color, back);
              const [a, b] = [luminance(front), luminance(back)].sort((x, y) => y - x);
              if ((a + 0.05) / (b + 0.05) < 4.5) pale.push(`${text.data.trim().slice(0, 40)}: ${color} on ${back.map(Math.round)}`);
            }
          }
          return [...new Set(pale)];
        }
        """, parts);

    // The page's own policy lets no script in; the debugger's does not ask it. Nor may axe fetch style sheets (preload), which it needs only for what turns with the screen.
    private static async Task BringAsync(OpenPage page)
    {
        if (!await page.Page.EvaluateAsync<bool>("() => !!window.axe")) await page.Page.EvaluateAsync(Axe);
    }
}
