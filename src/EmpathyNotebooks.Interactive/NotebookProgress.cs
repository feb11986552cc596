using System.Diagnostics;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks;

/// <summary>
/// A progress bar at the place of a notebook where a long computation runs. It appears with the first report, is drawn anew a few times a second at most, and ends as a line that says how long it took.
/// </summary>
public sealed class NotebookProgress : IProgress<double>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static Func<Func<object, Action<object>>?> _displayer = ForeignKernel;

    private readonly Lock _lock = new();
    private readonly string _what;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Func<object, Action<object>>? _display;
    private Action<object>? _update;
    private TimeSpan _last;
    private double _share;
    private bool _hasEnded;

    internal NotebookProgress(string what) => (_what, _display) = (what, _displayer());

    /// <summary>Says how values are displayed so that another one can take their place: for a host that shows values itself.</summary>
    /// <param name="displayer">Gives, for the cell that is running, what displays a value and returns what replaces it; null where no cell is running.</param>
    public static void DisplayBy(Func<Func<object, Action<object>>?> displayer)
    {
        ArgumentNullException.ThrowIfNull(displayer);
        _displayer = displayer;
    }

    /// <summary>Takes the share that is done, from any thread; those that come late are left out.</summary>
    /// <param name="value">From 0 to 1; 1 ends it.</param>
    public void Report(double value)
    {
        lock (_lock)
        {
            var elapsed = Stopwatch.GetElapsedTime(_start);
            if (_hasEnded || value < _share || !(value >= 0)) return;
            _share = Math.Min(1, value);
            _hasEnded = value >= 1;
            if (_display is null || _update is not null && !_hasEnded && elapsed - _last < Pause) return;
            _last = elapsed;
            var state = new ProgressState(_what, _share, elapsed);
            if (_update is null) _update = _display(state);
            else _update(state);
        }
    }

    /// <summary>
    /// .NET Interactive's <c>display</c>, found by its name, since its assembly is part of that kernel and none of ours. The formatting package has one, too, whose values cannot be replaced.
    /// </summary>
    private static Func<object, Action<object>>? ForeignKernel()
    {
        var display = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(a => a.GetName().Name == "Microsoft.DotNet.Interactive")?.GetType("Microsoft.DotNet.Interactive.Kernel")
            ?.GetMethod("display", [typeof(object), typeof(string[])]);
        if (display is null) return null;
        return value =>
        {
            var shown = display.Invoke(null, [value, Array.Empty<string>()]);
            var update = shown?.GetType().GetMethod("Update", [typeof(object)]);
            return next => update?.Invoke(shown, [next]);
        };
    }
}

/// <summary>How far a computation has come, as it is shown.</summary>
internal sealed record ProgressState(string What, double Share, TimeSpan Elapsed)
{
    public string Html => Share >= 1 ? $"<p>{HtmlWriter.Escape(ToString())}</p>"
        : FormattableString.Invariant($"<p><label>{HtmlWriter.Escape(What)} <progress max=\"100\" value=\"{Math.Floor(100 * Share)}\">{Math.Floor(100 * Share)}%</progress></label> {Math.Floor(100 * Share)}%</p>");

    public override string ToString() => Share >= 1 ? $"{What}: done in {StatisticText.Number(Elapsed.TotalSeconds, 1)} s" : $"{What}: {StatisticText.Percent(Math.Floor(100 * Share) / 100, 0)}";
}
