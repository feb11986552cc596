using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests;

/// <summary>A page in the browser, with all that it complained of.</summary>
/// <param name="page">The window.</param>
/// <param name="address">Of the page.</param>
/// <param name="leave">What is done with the window when nobody asks the page any more.</param>
public sealed class OpenPage(IPage page, string address, Func<ValueTask> leave) : IAsyncDisposable
{
    /// <summary>Console errors and warnings, uncaught exceptions, dialogs.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Every request but that of the page itself.</summary>
    public List<string> Requests { get; } = [];

    public IPage Page => page;

    public ILocator Charts => page.Locator("[data-empathy-chart]");

    public async Task LoadAsync()
    {
        page.Console += OnConsole;
        page.PageError += OnError;
        page.Dialog += OnDialog;
        page.Request += OnRequest;
        await page.GotoAsync(address);
        await DrawnAsync();
    }

    /// <summary>Waits until every chart and every explorer is drawn. To ask at every frame would make the browser draw frames all the while.</summary>
    public Task DrawnAsync() => page.WaitForFunctionAsync("""
        () => [...document.querySelectorAll('[data-empathy-chart]')].every(c => c.dataset.drawn === 'true' && c.querySelector('svg.main-svg'))
            && [...document.querySelectorAll('[data-empathy-explorer]')].every(e => e.dataset.drawn === 'true')
        """, null, new() { PollingInterval = 50 });

    /// <summary>The labels of a chart's studies from top to bottom, read from where they stand on the screen.</summary>
    public async Task<string[]> LabelsFromTopAsync(ILocator chart) => await chart.EvaluateAsync<string[]>("""
        chart => [...chart.querySelectorAll('g.textpoint text')]
            .map(t => ({ text: t.textContent, box: t.getBoundingClientRect() }))
            .filter(t => /^Sample \d+$/.test(t.text)).sort((a, b) => a.box.top - b.box.top).map(t => t.text)
        """);

    public ValueTask DisposeAsync()
    {
        page.Console -= OnConsole;
        page.PageError -= OnError;
        page.Dialog -= OnDialog;
        page.Request -= OnRequest;
        return leave();
    }

    private void OnConsole(object? sender, IConsoleMessage message)
    {
        if (message.Type is "error" or "warning") Complaints.Add($"{message.Type}: {message.Text}");
    }

    private void OnError(object? sender, string error) => Complaints.Add("exception: " + error);

    private async void OnDialog(object? sender, IDialog dialog)
    {
        Complaints.Add("dialog: " + dialog.Message);
        await dialog.DismissAsync();
    }

    private void OnRequest(object? sender, IRequest request)
    {
        if (request.Url != address && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
        {
            Requests.Add(request.Url);
        }
    }
}
