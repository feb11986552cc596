using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>A chart as it stands on a page.</summary>
internal sealed record ChartSeen
{
    public double Width { get; init; }

    public double Height { get; init; }

    public string? Label { get; init; }
}

/// <summary>All that is asked of a page of the site in one look, so that it is opened once.</summary>
internal sealed record SiteLook
{
    public required string[] Requests { get; init; }

    /// <summary>What the page complained of till it was drawn, and then at the other widths.</summary>
    public required string[] Complaints { get; init; }

    public required bool IsWithinWindow { get; init; }

    public required ChartSeen[] Charts { get; init; }

    /// <summary>How many explorers there are.</summary>
    public required int Explorers { get; init; }

    /// <summary>How many formulas there are.</summary>
    public required int Formulas { get; init; }

    /// <summary>Formulas that have to be pushed to be read.</summary>
    public required string[] FormulasCut { get; init; }

    /// <summary>Formulas that stand at the end of a line, with the mark behind them at the beginning of the next.</summary>
    public required string[] MarksLost { get; init; }

    /// <summary>The rules of axe that the page breaks, and in the other theme the texts that are too pale.</summary>
    public required string RulesBroken { get; init; }

    /// <summary>Where the cell of a fit's prediction interval ends, in pixels; null where no table has one.</summary>
    public required double? PredictionEnds { get; init; }

    /// <summary>Whether the first table of results is seen whole; null where there is none.</summary>
    public required bool? IsTableWhole { get; init; }

    /// <summary>Looks at a page that was just opened, and changes it: nothing else can be asked of it then.</summary>
    public static async Task<SiteLook> AtAsync(OpenPage open, int width)
    {
        var page = open.Page;
        var isWithin = await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth");
        var charts = await page.EvaluateAsync<ChartSeen[]>("""
            () => [...document.querySelectorAll('[data-empathy-chart]')].map(chart => {
                const box = chart.getBoundingClientRect();
                return { width: box.width, height: box.height, label: chart.getAttribute('aria-label') };
            })
            """);
        var explorers = await page.Locator("[data-empathy-explorer]").CountAsync();
        var formulas = await page.Locator("math").CountAsync();
        var formulasCut = await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.formula')].filter(f => f.scrollWidth > f.clientWidth + 1).map(f => f.textContent)");
        var predictionEnds = await page.EvaluateAsync<double?>("""
            () => { const cell = [...document.querySelectorAll('.en-result td')].find(c => c.textContent.startsWith('[−.054')); return cell ? cell.getBoundingClientRect().right : null; }
            """);
        var isTableWhole = await page.EvaluateAsync<bool?>("""
            () => { const box = document.querySelector('.en-result'); return box ? box.scrollWidth <= box.clientWidth + 1 && box.parentElement.scrollWidth <= box.parentElement.clientWidth + 1 : null; }
            """);
        var rulesBroken = await Accessibility.ViolationsAsync(open);
        await page.Locator(".theme").ClickAsync();
        rulesBroken += await Accessibility.PaleTextsAsync(open);
        return new SiteLook
        {
            Requests = [.. open.Requests], IsWithinWindow = isWithin, Charts = charts, Explorers = explorers, Formulas = formulas, FormulasCut = formulasCut, PredictionEnds = predictionEnds,
            IsTableWhole = isTableWhole, RulesBroken = rulesBroken, MarksLost = await MarksLostAsync(page, width), Complaints = [.. open.Complaints],
        };
    }

    /// <summary>Lines break elsewhere at other widths: a narrow page is made wider, too.</summary>
    private static async Task<string[]> MarksLostAsync(IPage page, int width)
    {
        // Charts would be drawn anew at every width, and no line of prose stands in one.
        await page.EvaluateAsync("() => document.querySelectorAll('.empathy-chart').forEach(chart => { chart.style.display = 'none'; })");
        var lost = new List<string>();
        foreach (var tried in width == 390 ? new[] { 390, 520, 1280 } : [width])
        {
            await page.SetViewportSizeAsync(tried, SharedBrowser.Height);
            lost.AddRange(await page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll('.prose math:not([display=block])')].flatMap(math => {
                    const next = math.nextSibling;
                    if (!next || next.nodeType !== Node.TEXT_NODE || !/^[,.;:!?)\]]/.test(next.data)) return [];
                    const mark = document.createRange();
                    mark.setStart(next, 0);
                    mark.setEnd(next, 1);
                    const a = [...math.getClientRects()].at(-1), b = mark.getClientRects()[0];
                    return b && b.top > a.bottom ? [math.textContent + next.data.slice(0, 20)] : [];
                })
                """));
        }
        return [.. lost];
    }
}
