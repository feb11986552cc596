using System.Diagnostics;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

/// <summary>Asks one set of data for results of any kind: each is whole, or an exception says in its type why there is none.</summary>
/// <param name="data">The data.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class Questions(FuzzData data, Findings findings)
{
    private readonly string _where = data.ToString();

    public StudyEffects Effects { get; } = data.WithColumns();

    /// <param name="name">What is asked.</param>
    /// <param name="ask">Asks it.</param>
    /// <param name="then">What is asked of the answer.</param>
    /// <param name="mayFail">True where a search by its documentation may end without an answer; else that is a fault of the library, since the numbers are all within double precision.</param>
    /// <param name="seconds">How many seconds of the processor it may take.</param>
    public void Of<T>(string name, Func<T> ask, Action<T>? then = null, bool mayFail = false, double seconds = 20)
    {
        var began = FuzzRun.Processor;
        try
        {
            var answer = ask();
            findings.Asked(name, null);
            Walk.Over(answer, (kind, what) => findings.Wrong($"{name}: {kind}", $"{_where}: {what}"));
            then?.Invoke(answer);
        }
        catch (Exception fault) when (FuzzRun.IsDocumented(fault))
        {
            findings.Asked(name, fault);
            if (fault is ConvergenceException { Kind: NonConvergence.Search } && !mayFail) findings.Wrong($"{name} does not converge", $"{_where}: {fault.Message}");
        }
        catch (Exception fault)
        {
            findings.Wrong($"{name}: {fault.GetType().Name} in {new StackTrace(fault).GetFrame(0)?.GetMethod()?.Name}", $"{_where}: {fault.Message}\n{fault.StackTrace}");
        }
        var took = FuzzRun.Processor - began;
        if (took.TotalSeconds > seconds) findings.Wrong($"{name} takes long", string.Create(CultureInfo.InvariantCulture, $"{_where}: {took.TotalSeconds:F0} s"));
    }
}
