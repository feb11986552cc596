using System.Diagnostics;
using System.Net;
using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Jupyter.Tests.Clients;

/// <summary>The classic Notebook in a browser: a reader runs half of a lesson, restarts the kernel, and runs all of it.</summary>
public sealed class ClassicNotebookTests(JupyterInstallation jupyter)
{
    private const string Name = "04-pooling.ipynb";
    private static readonly float Patience = 240_000;

    [Fact]
    public async Task A_lesson_runs_charts_draw_and_a_restart_in_the_middle_starts_afresh()
    {
        var python = jupyter.Python();
        Chromium.Require();
        var folder = Directory.CreateDirectory(Path.Combine(jupyter.Folder, "classic")).FullName;
        File.Copy(Repository.PathTo("notebooks", Name), Path.Combine(folder, Name));
        var port = KernelProcess.FreePorts(1)[0];
        using var server = Start(python, folder, port);
        try
        {
            await WaitAsync($"http://127.0.0.1:{port}/api");
            using var playwright = await Playwright.CreateAsync();
            await using var browser = await Chromium.LaunchAsync(playwright);
            var page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });
            page.SetDefaultTimeout(Patience);
            await page.GotoAsync($"http://127.0.0.1:{port}/notebooks/{Name}");
            await page.WaitForFunctionAsync("() => window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected() && Jupyter.notebook._fully_loaded");
            Assert.Equal(".net-csharp", await page.EvaluateAsync<string>("() => Jupyter.notebook.kernel.name"));

            var count = await page.EvaluateAsync<int>("() => Jupyter.notebook.ncells()");
            await page.EvaluateAsync($"() => Jupyter.notebook.execute_cell_range(0, {count / 2})");
            await WaitForCellsAsync(page, count / 2);
            Assert.Equal("[]", await ErrorsAsync(page));

            await page.EvaluateAsync("() => new Promise(done => { Jupyter.notebook.events.one('kernel_ready.Kernel', () => done()); Jupyter.notebook.kernel.restart(); })");
            // What ran before is gone with the old process.
            await page.EvaluateAsync("() => { const last = Jupyter.notebook.ncells() - 1; Jupyter.notebook.insert_cell_below('code', last).set_text('fit'); Jupyter.notebook.execute_cells([last + 1]); }");
            await page.WaitForFunctionAsync("() => Jupyter.notebook.get_cells().at(-1).output_area.outputs.length > 0");
            Assert.Contains("CS0103", await ErrorsAsync(page));
            await page.EvaluateAsync("() => Jupyter.notebook.delete_cells([Jupyter.notebook.ncells() - 1])");

            await page.EvaluateAsync("() => Jupyter.notebook.execute_all_cells()");
            await WaitForCellsAsync(page, count);
            Assert.Equal("[]", await ErrorsAsync(page));
            // The cell that failed was the first one of the new process.
            Assert.Equal(2, await page.EvaluateAsync<int>("() => Jupyter.notebook.get_cells().find(c => c.cell_type === 'code').input_prompt_number"));
            await page.WaitForFunctionAsync(
                "() => { const all = [...document.querySelectorAll('[data-empathy-chart]')]; return all.length > 0 && all.every(c => c.querySelector('svg.main-svg')); }");
            await page.Locator("[data-empathy-chart]").First.ScrollIntoViewIfNeededAsync();
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(AppContext.BaseDirectory, "classic-notebook.png") });
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    private Process Start(string python, string folder, int port)
    {
        var start = new ProcessStartInfo(python) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[]
        {
            "-Xfrozen_modules=off", "-m", "notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1", $"--port={port}", "--port-retries=0", "--NotebookApp.token=", "--NotebookApp.password=",
            $"--notebook-dir={folder}",
        })
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in jupyter.Environment) start.Environment[name] = value;
        var server = ChildProcess.Start(start);
        server.BeginErrorReadLine();
        server.BeginOutputReadLine();
        return server;
    }

    private static async Task WaitAsync(string address)
    {
        using var http = new HttpClient();
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(200, TestContext.Current.CancellationToken))
        {
            try
            {
                if ((await http.GetAsync(address, TestContext.Current.CancellationToken)).StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(start) < JupyterClient.Patience)
            {
                // It is not up yet.
            }
        }
    }

    private static Task WaitForCellsAsync(IPage page, int count) => page.WaitForFunctionAsync(
        $"() => Jupyter.notebook.get_cells().slice(0, {count}).filter(c => c.cell_type === 'code').every(c => Number.isInteger(c.input_prompt_number))");

    private static Task<string> ErrorsAsync(IPage page) => page.EvaluateAsync<string>(
        "() => JSON.stringify(Jupyter.notebook.get_cells().flatMap(c => c.output_area ? c.output_area.outputs : []).filter(o => o.output_type === 'error').map(o => o.evalue))");
}
