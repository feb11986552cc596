using Jint;
using Jint.Native;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

/// <summary>The parts of the explorers' script that draw nothing, in an interpreter.</summary>
internal static class ExplorerScript
{
    private static readonly Lock Gate = new();
    private static readonly Engine Engine = new();

    private static readonly string[] Files =
        ["statistics.js", "texts.js", "power-kernel.js", "bayes-statistics.js", "selection-statistics.js", "bias-statistics.js", "simulation.js",
         "sampling-kernel.js", "heterogeneity-kernel.js", "regression-statistics.js", "measurement-kernel.js", "fisher-kernel.js"];

    static ExplorerScript() => Engine.Execute(string.Concat(Files.Select(ExplorerHtml.Script)));

    /// <summary>The value of an expression.</summary>
    public static JsValue Evaluate(string expression)
    {
        lock (Gate) return Engine.Evaluate(expression);
    }

    /// <summary>What a function gives for one argument.</summary>
    public static JsValue Call(string function, object argument)
    {
        lock (Gate)
        {
            Engine.SetValue("argument", argument);
            return Engine.Evaluate($"({function})(argument)");
        }
    }
}
