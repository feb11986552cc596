using System.Diagnostics;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Reporting;
using Microsoft.DotNet.Interactive.Formatting;

namespace EmpathyNotebooks;

/// <summary>
/// A progress bar at the place of a notebook where a long computation runs. It appears with the first report, is drawn anew a few times a second at most, and ends as a line that says how long it took.
/// </summary>
public sealed class NotebookProgress : IProgress<double>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly string _what;
    private readonly long _start = Stopwatch.GetTimestamp();
    private DisplayedValue? _shown;
    private TimeSpan _last;
    private double _share;
    private bool _hasEnded;

    internal NotebookProgress(string what) => _what = what;

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
            if (_shown is not null && !_hasEnded && elapsed - _last < Pause) return;
            _last = elapsed;
            var state = new ProgressState(_what, _share, elapsed);
            if (_shown is null) _shown = Displayed(state);
            else _shown.Update(state);
        }
    }

    /// <summary>Shows a value. The formatting package tells the kernel of one object and returns another, and only the one that the kernel knows can be replaced in its place.</summary>
    private static DisplayedValue Displayed(ProgressState state)
    {
        DisplayedValue? announced = null;
        using var listening = Formatter.SubscribeToDisplayedValues(shown =>
        {
            if (ReferenceEquals(shown.Value, state)) announced = shown;
        });
        var returned = state.Display();
        return announced ?? returned;
    }
}

/// <summary>How far a computation has come, as it is shown.</summary>
internal sealed record ProgressState(string What, double Share, TimeSpan Elapsed)
{
    public string Html => Share >= 1 ? $"<p>{HtmlWriter.Escape(ToString())}</p>"
        : FormattableString.Invariant($"<p><label>{HtmlWriter.Escape(What)} <progress max=\"100\" value=\"{Math.Floor(100 * Share)}\">{Math.Floor(100 * Share)}%</progress></label> {Math.Floor(100 * Share)}%</p>");

    public override string ToString() => Share >= 1 ? $"{What}: done in {StatisticText.Number(Elapsed.TotalSeconds, 1)} s" : $"{What}: {StatisticText.Percent(Math.Floor(100 * Share) / 100, 0)}";
}
