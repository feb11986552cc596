using Jint;
using Jint.Native;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

/// <summary>The parts of the explorers' script that draw nothing, in an interpreter.</summary>
internal static class ExplorerScript
{
    private static readonly Lock Gate = new();
    private static readonly Engine Engine = new();

    static ExplorerScript() => Engine.Execute(ExplorerHtml.Script("statistics.js") + ExplorerHtml.Script("texts.js") + ExplorerHtml.Script("power-kernel.js") + ExplorerHtml.Script("bayes-statistics.js")
        + ExplorerHtml.Script("selection-statistics.js") + ExplorerHtml.Script("bias-statistics.js"));

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
