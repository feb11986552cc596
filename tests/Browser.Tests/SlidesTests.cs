using System.Text.RegularExpressions;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>Slides on the wall and on paper, and the page that leads to them.</summary>
public sealed partial class SlidesTests(SiteFixture site)
{
    private const string Deck = "slides/04-pooling";

    public static TheoryData<string> Decks => new(SiteFixture.PageNames.Where(name => char.IsAsciiDigit(name[0]) && name != "99-attack"));

    public static TheoryData<string, int, ColorScheme> Looks => new(
        from page in new[] { Deck, "teaching", "syllabus-semester", "syllabus-two-hours", "exercise-key" }
        from width in new[] { 1280, 390 }
        from scheme in new[] { ColorScheme.Light, ColorScheme.Dark }
        select (page, width, scheme));

    [Fact]
    public async Task Keys_turn_the_slides()
    {
        Chromium.Require();
        await using var open = await OpenAsync(Deck, 1280);
        var page = open.Page;
        var count = await page.Locator(".slide").CountAsync();
        async Task At(int number)
        {
            await Assertions.Expect(page.Locator(".slide:visible")).ToHaveCountAsync(1);
            await Assertions.Expect(page.Locator(".slide:visible")).ToHaveIdAsync($"slide-{number}");
            await Assertions.Expect(page.Locator(".place")).ToHaveTextAsync($"{number} / {count}");
        }
        await At(1);
        foreach (var (key, number) in new[] { ("ArrowLeft", 1), ("ArrowRight", 2), ("ArrowRight", 3), (" ", 4), ("PageUp", 3), ("End", count), ("ArrowRight", count), ("ArrowLeft", count - 1), ("Home", 1) })
        {
            await page.Keyboard.PressAsync(key);
            await At(number);
        }
        await page.Keyboard.PressAsync("o");
        var list = page.GetByRole(AriaRole.Dialog, new() { Name = "All slides" });
        await Assertions.Expect(list.GetByRole(AriaRole.Link)).ToHaveCountAsync(count);
        // The keys belong to the list while it is open.
        await page.Keyboard.PressAsync("ArrowRight");
        await list.GetByRole(AriaRole.Link, new() { Name = "Watch out" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(list).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".slide:visible h2")).ToHaveTextAsync("Watch out");
        await page.Keyboard.PressAsync("t");
        Assert.Equal("dark", await page.EvaluateAsync<string>("() => document.documentElement.dataset.theme"));
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".slide:visible h2")).ToHaveTextAsync("Watch out");
        // The page asks for itself when it is loaded again, and for nothing else.
        Assert.DoesNotContain(open.Requests, request => !request.Contains("/slides/04-pooling.html", StringComparison.Ordinal));
        Assert.Empty(open.Complaints);
    }

    /// <summary>Nothing reaches beyond its sheet or into its foot, and nothing became too small to read, on the wall as on paper.</summary>
    [Theory]
    [MemberData(nameof(Decks))]
    public async Task A_slide_holds_what_stands_on_it(string lesson)
    {
        Chromium.Require();
        await using var open = await OpenAsync("slides/" + lesson, 1280);
        await open.Page.EmulateMediaAsync(new() { Media = Media.Print });
        var faults = await open.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('.slide')].flatMap(slide => {
                const sheet = slide.querySelector('.sheet').getBoundingClientRect();
                const foot = slide.querySelector('.foot').getBoundingClientRect();
                const found = [];
                if (Math.round(sheet.width) !== 1280 || Math.round(sheet.height) !== 720) found.push(`sheet of ${sheet.width} x ${sheet.height}`);
                for (const part of slide.querySelectorAll('h1, h2, p:not(.foot), li, td, th, pre, img, figcaption, math')) {
                    const box = part.getBoundingClientRect();
                    if (box.width === 0 || part.closest('.foot')) continue;
                    if (box.right > sheet.right - 20 || box.left < sheet.left || box.top < sheet.top || box.bottom > foot.top + 1) found.push(`${part.tagName} ${part.textContent.slice(0, 40)} at ${Math.round(box.right - sheet.left)}, ${Math.round(box.bottom - sheet.top)}`);
                    if (part.scrollWidth > part.clientWidth + 1 && part.tagName === 'PRE') found.push(`PRE is cut: ${part.textContent.slice(0, 40)}`);
                }
                const fit = Number(slide.style.getPropertyValue('--fit') || 1);
                if (fit < 0.55) found.push(`made ${fit} as large`);
                return found.map(fault => `${slide.id} ${slide.querySelector('h1, h2').textContent}: ${fault}`);
            })
            """);
        Assert.Empty(faults);
        // The pages of the file itself: one a slide.
        var pdf = await open.Page.PdfAsync(new() { PreferCSSPageSize = true, PrintBackground = true });
        Assert.Equal(await open.Page.Locator(".slide").CountAsync(), PdfPage().Count(System.Text.Encoding.Latin1.GetString(pdf)));
        Assert.Empty(open.Complaints);
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Slides_and_teaching_pages_break_no_rule_of_accessibility(string name, int width, ColorScheme scheme)
    {
        Chromium.Require();
        await using var open = await site.OpenAsync(name, width, scheme);
        Assert.True(await open.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window");
        Assert.Equal("", await Accessibility.ViolationsAsync(open));
        Assert.All(open.Requests, address => Assert.StartsWith(site.Address + "assets/", address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_a_narrow_screen_the_slides_stand_one_below_the_other()
    {
        Chromium.Require();
        await using var open = await OpenAsync(Deck, 390);
        var count = await open.Page.Locator(".slide").CountAsync();
        await Assertions.Expect(open.Page.Locator(".slide:visible")).ToHaveCountAsync(count);
        await Assertions.Expect(open.Page.Locator(".controls")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task An_explorer_is_opened_where_it_stands_in_the_lesson()
    {
        Chromium.Require();
        await using var open = await OpenAsync(Deck, 1280);
        var addresses = await open.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('.open a')].map(a => a.href)");
        Assert.Equal(2, addresses.Length);
        await using var lesson = await site.OpenAsync("04-pooling", 1280);
        foreach (var address in addresses)
        {
            Assert.EndsWith("/04-pooling.html", new Uri(address).AbsolutePath, StringComparison.Ordinal);
            var section = Uri.UnescapeDataString(new Uri(address).Fragment[1..]);
            Assert.True(await lesson.Page.EvaluateAsync<bool>("""
                id => {
                    const all = [...document.querySelectorAll('h2, [data-empathy-explorer]')];
                    const at = all.indexOf(document.getElementById(id));
                    return at >= 0 && all[at + 1]?.matches('[data-empathy-explorer]') === true;
                }
                """, section), address);
        }
    }

    private async Task<OpenPage> OpenAsync(string deck, int width)
    {
        var open = await site.OpenAsync(deck, width);
        await open.Page.WaitForFunctionAsync("() => document.documentElement.dataset.ready === 'true'", null, new() { PollingInterval = 50 });
        return open;
    }

    [GeneratedRegex(@"/Type\s*/Page\b(?!s)")]
    private static partial Regex PdfPage();
}
