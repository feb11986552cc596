using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>Words of the glossary, explained where they stand.</summary>
public sealed class WordTests(SiteFixture site)
{
    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task A_word_is_explained_beside_it_by_mouse_keyboard_and_tap(int width, ColorScheme scheme)
    {
        Chromium.Require();
        await using var open = await site.OpenAsync("05-heterogeneity", width, scheme);
        var page = open.Page;
        var word = page.Locator("a.term[href='#word-prediction-interval']").First;
        var note = page.Locator(".term-note");
        await Assertions.Expect(note).ToBeHiddenAsync();

        await word.HoverAsync();
        await Assertions.Expect(note).ToContainTextAsync("true effect of a new study");
        await Assertions.Expect(note.Locator(".term-name")).ToHaveTextAsync("prediction interval");
        var (box, around) = ((await note.BoundingBoxAsync())!, (await word.BoundingBoxAsync())!);
        Assert.True(box.X >= 0 && box.X + box.Width <= width, $"the note stands from {box.X} to {box.X + box.Width}");
        Assert.True(box.Y >= around.Y + around.Height - 1 || box.Y + box.Height <= around.Y + 1, "the note lies over its word");
        Assert.Equal("", await Accessibility.ViolationsAsync(open));
        // A pointer can go to what it reads.
        await note.HoverAsync();
        await Task.Delay(400, TestContext.Current.CancellationToken);
        await Assertions.Expect(note).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(note).ToBeHiddenAsync();

        await page.EvaluateAsync("() => document.querySelector('h1').scrollIntoView()");
        await word.ClickAsync();
        await Assertions.Expect(note).ToBeVisibleAsync();
        Assert.DoesNotContain("#word", page.Url, StringComparison.Ordinal);
        await page.Locator("h1").ClickAsync();
        await Assertions.Expect(note).ToBeHiddenAsync();

        // By keyboard: the word before is focused, and Tab goes on.
        await page.Locator(".facts a").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(word).ToBeFocusedAsync();
        await Assertions.Expect(note).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Enter");
        var entry = page.Locator("#word-prediction-interval");
        await Assertions.Expect(entry).ToBeInViewportAsync();
        await Assertions.Expect(page.Locator("details.words")).ToHaveAttributeAsync("open", "");
        Assert.EndsWith("#word-prediction-interval", page.Url, StringComparison.Ordinal);

        await page.Locator("details.words dt a", new PageLocatorOptions { HasText = "prediction interval" }).ClickAsync();
        await Assertions.Expect(page.Locator("dt#prediction-interval")).ToBeInViewportAsync();
        Assert.Empty(open.Complaints);
    }
}
