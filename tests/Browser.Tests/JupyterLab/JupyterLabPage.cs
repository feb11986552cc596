using EmpathyNotebooks.Tests;
using Microsoft.Playwright;

namespace EmpathyNotebooks.Browser.Tests.JupyterLab;

/// <summary>An output as JupyterLab has it: in the elements of a notebook in command mode, with JupyterLab's keys at work and its style sheet.</summary>
internal static class JupyterLabPage
{
    /// <summary>Writes the page of a notebook that waits for <see cref="ShowAsync"/>.</summary>
    /// <param name="isDark">Whether the theme is dark.</param>
    /// <param name="head">What else stands in the head.</param>
    public static string Html(bool isDark = false, string head = "") => $$"""
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>JupyterLab</title><style>{{Asset("outputs.css")}}</style>{{head}}</head>
        <body data-jp-theme-light="{{(isDark ? "false" : "true")}}">
        <div class="jp-Notebook jp-mod-commandMode" tabindex="-1"><div class="jp-Cell jp-CodeCell" tabindex="0"><div class="jp-OutputArea"></div></div></div>
        <script>{{Asset("lumino-commands.js")}}</script>
        <script>
        window.taken = [];
        const registry = new CommandRegistry();
        for (const { command, keys, selector } of {{Asset("bindings.json")}}) {
          if (!registry.hasCommand(command)) registry.addCommand(command, { execute: () => { window.taken.push(command); } });
          registry.addKeyBinding({ command, keys, selector });
        }
        // JupyterLab listens at the document, while the event goes down.
        document.addEventListener('keydown', event => registry.processKeydownEvent(event), true);
        </script></body></html>
        """;

    /// <summary>Shows outputs as JupyterLab does that trusts them: sets the HTML, then puts fresh scripts in place of those in it.</summary>
    public static Task ShowAsync(OpenPage page, params string[] outputs) => page.Page.EvaluateAsync("""
        outputs => {
          for (const html of outputs) {
            const output = document.createElement('div');
            output.className = 'jp-RenderedHTMLCommon jp-RenderedHTML jp-OutputArea-output';
            document.querySelector('.jp-OutputArea').append(output);
            output.innerHTML = html;
            for (const script of [...output.querySelectorAll('script')]) {
              const fresh = document.createElement('script');
              fresh.textContent = script.textContent;
              script.replaceWith(fresh);
            }
          }
        }
        """, outputs);

    private static string Asset(string name) => File.ReadAllText(Repository.PathTo("tests", "Browser.Tests", "JupyterLab", "Assets", name));
}
