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

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task The_glossary_narrows_as_one_types_and_its_letters_lead_to_words(int width, ColorScheme scheme)
    {
        Chromium.Require();
        await using var open = await site.OpenAsync("glossary", width, scheme);
        var page = open.Page;
        var words = page.Locator(".glossary > dt:visible");
        var letters = page.Locator(".letters li:visible");
        var (all, allLetters) = (await words.CountAsync(), await letters.CountAsync());
        Assert.InRange(all, 60, 200);

        // From the box the keyboard goes on to the letters, and from one of these to its words.
        await page.GetByLabel("Find a word").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("A", await page.EvaluateAsync<string>("() => document.activeElement.textContent"));
        await page.Locator(".letters a", new() { HasTextString = "T" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("#tau-squared$"));
        await Assertions.Expect(page.Locator("#tau-squared")).ToBeInViewportAsync();
        await page.WaitForFunctionAsync("() => { const y = scrollY; return new Promise(done => setTimeout(() => done(y === scrollY), 200)); }");
        var (word, row) = ((await page.Locator("#tau-squared").BoundingBoxAsync())!, (await page.Locator(".letters").BoundingBoxAsync())!);
        Assert.True(word.Y >= row.Y + row.Height, "the letters lie over the word");

        await page.GetByLabel("Find a word").FillAsync("fisher");
        await Assertions.Expect(words).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("form.filter [role=status]")).ToHaveTextAsync("1 word");
        await Assertions.Expect(letters).ToHaveTextAsync(["F"]);
        await Assertions.Expect(page.Locator(".glossary > dd:visible")).ToHaveCountAsync(1);
        Assert.Equal("", await Accessibility.ViolationsAsync(open));
        // Other names count, and what is nowhere leaves nothing.
        await page.GetByLabel("Find a word").FillAsync("hierarchical  correlated");
        await Assertions.Expect(words).ToHaveTextAsync(["CHE"]);
        await page.GetByLabel("Find a word").FillAsync("no such word");
        await Assertions.Expect(page.Locator("form.filter [role=status]")).ToHaveTextAsync("0 words");
        Assert.Equal(0, await words.CountAsync());
        // Who follows a link to a word that is narrowed away sees it.
        await page.EvaluateAsync("() => location.hash = '#moderator'");
        await Assertions.Expect(page.Locator("#moderator")).ToBeInViewportAsync();
        await Assertions.Expect(words).ToHaveCountAsync(all);
        await Assertions.Expect(letters).ToHaveCountAsync(allLetters);
        Assert.Equal("", await Accessibility.ViolationsAsync(open));
    }
}
