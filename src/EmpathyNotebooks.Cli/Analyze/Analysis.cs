using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting.Files;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>One analysis: effects from the table, the model fitted to them, and the answers to what was asked.</summary>
internal sealed class Analysis(StudyTable table, string fileName, EffectChoices effects, ModelChoices model, OptionValues said, CommandLine line)
{
    private readonly List<string> _guesses = [];
    private readonly List<string> _changes = [];
    private StudyTable _table = table;

    /// <summary>Takes how far answers that take long have come; null for nobody.</summary>
    public IProgress<AnswerProgress>? Progress { get; init; }

    /// <summary>Ends them before they are there.</summary>
    public CancellationToken Interrupt { get; init; }

    /// <summary>Where a script of R goes; null for none.</summary>
    public RCodeFile? RCode { get; init; }

    /// <summary>Where a report goes; null for none.</summary>
    public ReportFolder? Report { get; init; }

    /// <summary>Answers what was asked.</summary>
    /// <returns>What prints the answers, as a whole: nothing is interrupted once it begins.</returns>
    public Action Answered(bool json, TextWriter output, TextWriter error)
    {
        var (inquiry, answers, check) = Answer();
        Interrupt.ThrowIfCancellationRequested();
        // What has no R code is said before anything is printed.
        var script = RCode is null ? null : RCodeFile.Of(inquiry);
        var files = Report?.Of(inquiry, answers, _table, check);
        Interrupt.ThrowIfCancellationRequested();
        return () =>
        {
            if (files is not null) Report!.Write(files, error, Interrupt);
            if (script is not null) RCode!.Write(script, output, error);
            if (RCode is not { Path: null }) Print(inquiry, answers, json, output, error);
        };
    }

    private static void Print(Inquiry inquiry, IReadOnlyList<Answer> answers, bool json, TextWriter output, TextWriter error)
    {
        foreach (var note in inquiry.Notes) error.WriteLine(note);
        WholeFile.WriteAll([.. answers.SelectMany(a => a.Files)]);
        if (json)
        {
            JsonReport.Write(answers, inquiry.Notes, output);
            foreach (var aside in answers.SelectMany(a => a.Asides)) error.WriteLine(aside);
            return;
        }
        output.WriteLine(PlainTextWriter.Write(new Document(answers.SelectMany(a => a.Blocks))));
    }

    private (Inquiry Inquiry, IReadOnlyList<Answer> Answers, TableCheckOptions Check) Answer()
    {
        var columns = new EffectColumns(_table, effects.Columns, line) { IsPooledScale = effects.IsPooledScale, IntervalLevel = effects.IntervalLevel };
        if (model.Dependence is not null && effects.IsIndependent) throw new BadInputException("--independent and --cluster contradict each other: give one.");
        var measure = columns.Measure(model.Method == "PETO" ? effects.Measure ?? "PETO" : effects.Measure);
        var chosen = model.Dependence is null && !effects.IsIndependent ? model with { Dependence = Shared() } : model;
        columns.RequireAllUsed();
        if (effects.OmitsMissing)
        {
            (_table, var notes) = columns.OmitMissing();
            _changes.AddRange(notes);
        }
        var pooled = chosen.IsTables ? null : Turned(columns.Effects(effects.Label, effects.Effect, effects.Computed).AsIndependent());
        string?[] used = [.. Further(chosen), .. effects.Label?.Columns ?? []];
        try
        {
            var inquiry = (pooled is null ? FitCounts(columns, chosen, measure) : chosen.Fit(columns.With(pooled, Further(chosen).Where(c => !string.IsNullOrEmpty(c))!))) with { Said = said, Progress = Progress, Cancellation = Interrupt };
            var answers = Questions.Ask(inquiry);
            return (inquiry with { Notes = [.. AnalysisNotes.Of(_table, pooled, [.. columns.Guesses, .. _guesses], used), .. _changes] }, answers, new TableCheckOptions { Reading = columns.Reading, Label = effects.Label });
        }
        catch (StudyDataException fault) when (fault.File is null && pooled is not null)
        {
            // The engine knows no file; labels lead from its rows to the lines.
            throw StudyDataException.Together([.. fault.Faults.Select(f =>
            {
                var row = f.Study is null ? -1 : pooled.Labels.IndexOf(f.Study);
                return f.At(row < 0 ? null : _table.LineOf(row), f.Study, f.Column, fileName);
            })], fault.FaultCount, fault.CountsAll);
        }
        catch (InsufficientStudiesException fault) when (pooled is not null)
        {
            throw new BadInputException($"{fileName}: {RemedyWords.Of(fault)}");
        }
    }

    /// <summary>The effects with the sign of those turned round that were measured the other way.</summary>
    private StudyEffects Turned(StudyEffects found)
    {
        if (effects.Reverse is not { } said) return found;
        if (!found.Measure.HasNullValue) throw new BadInputException($"--reverse: {found.Measure.Name} has no value of no effect about which it could be turned round.");
        if (said.Equals("all", StringComparison.OrdinalIgnoreCase))
        {
            _changes.Add("The sign of every effect is turned round (--reverse all).");
            return found.Reversed();
        }
        var (column, value) = TableOptions.Pair("--reverse", said, _table);
        // A value that no row has is a slip of the pen, which is said with the values there are.
        var turned = _table.Where(column, value);
        var lines = Enumerable.Range(0, turned.Count).Select(turned.LineOf).ToHashSet();
        _changes.Add($"The sign of {StatisticText.Count(turned.Count, "effect")} with {column} = {value} is turned round (--reverse).");
        return found.Reversed(row => lines.Contains(_table.LineOf(row)));
    }

    /// <summary>Rows that share a study and for which nothing was said.</summary>
    private DependenceChoices? Shared()
    {
        var isPlain = !model.IsTables && model.Weights is null && model.Scale is null;
        var stands = isPlain && !IsAsked && model.Method is "REML" or "ML" && model.Test is null or "t" or "z";
        return new SharedRows(_table, line).Deal(stands, !model.IsTables && model.Weights is null, _guesses);
    }

    /// <summary>True where something was asked by name that independent effects alone can answer.</summary>
    private bool IsAsked => Questions.All.Any(q => q.NeedsIndependence && q.Options.Any(o => said.Has(o.Name)));

    private Inquiry FitCounts(EffectColumns columns, ModelChoices chosen, EffectMeasure measure) => measure == EffectMeasure.RateRatio || measure == EffectMeasure.RateDifference
        ? chosen.Fit(columns.Rates(effects.Label), measure, said)
        : chosen.Fit(columns.Tables(measure, effects.Label), measure, said);

    /// <summary>Columns of the table that model and questions use beside those of the effects.</summary>
    private IEnumerable<string?> Further(ModelChoices chosen) =>
        [.. chosen.Columns, .. chosen.Dependence?.Clusters ?? [], chosen.Weights, .. Questions.All.SelectMany(q => q.Options).Select(o => said.Text(o.Name) is { } text ? o.TakesColumn ? text : o.ColumnIn(text) : null)];
}
