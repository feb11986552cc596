using System.Globalization;
using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Host.Tests.Site;

/// <summary>Notebooks such as the lessons are, small; the samples in them are simulated and say so.</summary>
internal static class SampleNotebook
{
    /// <summary>Stands for plotly.js: a library that remembers how often it was loaded.</summary>
    public static string Library { get; } =
        "(function(define,exports,module){window.loads=(window.loads||0)+1;/*" + new string('x', 20_000) + "*/}).call(window)";

    public const string Setup = """
        #r "../artifacts/lib/EmpathyNotebooks.Interactive.dll"
        using EmpathyNotebooks; using EmpathyNotebooks.MetaAnalysis; using EmpathyNotebooks.Plotting;
        Notebook.Start();
        """;

    public static NotebookDocument Lesson(string title, string? library = null) => Notebook(Cells(title, library));

    public static (NotebookCellType, string, NotebookOutput[])[] Cells(string title, string? library = null) =>
    [
        Markdown($"""
            # {title}

            Each sample gives one correlation between what was received as empathy and how the client fared. This lesson pools them and asks
            how far the pooled value $\hat\mu$ can be trusted for the *next* study.

            > **Learning goals**
            >
            > - say what a random-effects model assumes about the true correlations $\rho_i$
            > - compute a weight, a pooled mean and its interval
            > - tell the [prediction interval](#the-prediction-interval) from the confidence interval
            """),
        Code(Setup, Html($"<script>{library ?? Library}</script><p>EmpathyNotebooks 0.1.0. The samples in this notebook are <strong>simulated</strong>.</p>")),
        Markdown("""
            ## The weighted mean

            Observed values scatter around true ones, and true ones around their mean. With $y_i = \operatorname{artanh} r_i$ and sampling
            variance $v_i = 1/(n_i - 3)$ the model is $y_i = \mu + u_i + e_i$, $u_i \sim \mathcal{N}(0, \tau^2)$, and the estimate weighs each
            sample by its precision:

            $$
            \hat{\mu} = \frac{\sum_{i=1}^{k} w_i\, y_i}{\sum_{i=1}^{k} w_i},
            \qquad w_i = \frac{1}{v_i + \hat\tau^2}, \qquad
            \widehat{\mathrm{SE}} = \sqrt{\frac{1}{\sum_i w_i}}
            $$

            A session may cost \$90 or \$120; that changes nothing here.[^cost]

            [^cost]: Unless cost goes with the length of treatment, which is a moderator.
            """),
        Code("""
            // one line per step
            var effects = studies.Correlations(r: "ri", n: "ni");
            var fit = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.RestrictedMaximumLikelihood });
            Console.WriteLine($"k = {fit.Count}, Q = {fit.Heterogeneity.Q:0.00}");
            fit
            """,
            Stream("stdout", "k = 5, "), Stream("stdout", "Q = 9.31\n"), Html(Table(12), "a table of five simulated samples")),
        Markdown("""
            > **Important**
            > A pooled mean over very different studies is an average of answers to different questions. Look at $\hat\tau$ first.

            | quantity | symbol | value | meaning |
            |---|:-:|--:|---|
            | pooled correlation | $r$ | .28 | mean of the true correlations |
            | heterogeneity | $I^2$ | 57% | share of the variance that is not sampling error |

            ### The prediction interval

            $$\hat\mu \pm t_{k-2;\,.975}\sqrt{\hat\tau^2 + \widehat{\mathrm{SE}}{}^2}$$

            See the [next step](02-next.ipynb#the-weighted-mean), the file [of the data](../data/molloy2014.csv) and
            [the review](https://doi.org/10.1037/pst0000175).
            """),
        Code("ForestPlot.Create(fit)", Html("<div id=\"chart-1\"></div><script>window.order=(window.order||'')+'1'</script>")),
        Code("Funnel.Create(fit)", Html("<div id=\"chart-2\"></div><script>window.order=(window.order||'')+'2'</script>")),
        Code("\"<img src=x onerror=alert(1)>\"", Value(("text/plain", "<img src=x onerror=alert(1)>"))),
        Code("throw new InvalidOperationException(\"no <convergence>\");",
            Stream("stderr", "\u001b[33mwarning\u001b[0m: few samples\n"),
            Error("InvalidOperationException", "no <convergence>", "   at Submission#5", "   line 1")),
        Markdown("""
            > **Report it**
            >
            > The pooled correlation was $r = .28$, 95% CI $[.23, .33]$, $\hat\tau = .14$; the 95% prediction interval ran from $.01$ to $.51$.

            ## Exercises

            > **Test your knowledge**
            > What happens to the weights when $\tau^2$ grows?

            1. Compute the weight of a sample of $n = 103$ with $\tau^2 = 0.02$.

            <details>
            <summary>Solution</summary>

            The variance is $v = 1/100$, so $w = 1/(0.01 + 0.02) = 33.3$:

            ```csharp
            var w = 1 / (1.0 / (103 - 3) + 0.02);   // 33.3
            ```

            </details>
            """),
    ];

    public static NotebookDocument Notebook(params (NotebookCellType Type, string Source, NotebookOutput[] Outputs)[] cells)
    {
        var document = NotebookDocument.Create(cells.Select(cell => (cell.Type, cell.Source)));
        foreach (var (cell, (_, _, outputs)) in document.Cells.Zip(cells))
            if (cell.Type == NotebookCellType.Code) cell.SetOutputs(outputs);
        return document;
    }

    public static (NotebookCellType, string, NotebookOutput[]) Markdown(string source) => (NotebookCellType.Markdown, source, []);

    public static (NotebookCellType, string, NotebookOutput[]) Code(string source, params NotebookOutput[] outputs) =>
        (NotebookCellType.Code, source, outputs);

    public static NotebookOutput Html(string html, string? text = null) =>
        text is null ? Value(("text/html", html)) : Value(("text/html", html), ("text/plain", text));

    public static NotebookOutput Value(params (string Type, string Content)[] forms) =>
        new DisplayOutput(forms.ToDictionary(form => form.Type, form => form.Content));

    public static NotebookOutput Stream(string name, string text) => new StreamOutput(name, text);

    public static NotebookOutput Error(string name, string message, params string[] trace) => new ErrorOutput(name, message, trace);

    // Wider than a telephone, so that it has to scroll in its own box.
    private static string Table(int columns)
    {
        var head = string.Concat(Enumerable.Range(1, columns).Select(c => $"<th>year {c + 2000}</th>"));
        var rows = Enumerable.Range(1, 5).Select(row => "<tr>" + $"<th>Sample {row:00}</th>" + string.Concat(Enumerable.Range(1, columns - 1)
            .Select(c => $"<td>{(Math.Sin(row * c) / 3).ToString("0.000", CultureInfo.InvariantCulture)}</td>")) + "</tr>");
        return $"<table><caption>Simulated samples</caption><thead><tr>{head}</tr></thead><tbody>{string.Concat(rows)}</tbody></table>";
    }
}
