using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting.Files;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>One analysis: effects from the table, the model fitted to them, and the answers to what was asked.</summary>
internal sealed class Analysis(StudyTable table, string fileName, EffectChoices effects, ModelChoices model, OptionValues said, CommandLine line)
{
    private readonly List<string> _guesses = [];

    public void Print(bool json, TextWriter output, TextWriter error)
    {
        var (inquiry, answers) = Answer();
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

    private (Inquiry Inquiry, IReadOnlyList<Answer> Answers) Answer()
    {
        var columns = new EffectColumns(table, effects.Columns, line) { IsPooledScale = effects.IsPooledScale, IntervalLevel = effects.IntervalLevel };
        if (model.Dependence is not null && effects.IsIndependent) throw new BadInputException("--independent and --cluster contradict each other: give one.");
        var measure = columns.Measure(model.Method == "PETO" ? effects.Measure ?? "PETO" : effects.Measure);
        var chosen = model.Dependence is null && !effects.IsIndependent ? model with { Dependence = Shared() } : model;
        columns.RequireAllUsed();
        var pooled = chosen.IsTables ? null : columns.Effects(effects.Label, effects.Effect, effects.Computed).AsIndependent();
        string?[] used = [.. Further(chosen), .. effects.Label?.Columns ?? []];
        try
        {
            var inquiry = (pooled is null ? FitCounts(columns, chosen, measure) : chosen.Fit(columns.With(pooled, Further(chosen).Where(c => !string.IsNullOrEmpty(c))!))) with { Said = said };
            var answers = Questions.Ask(inquiry);
            return (inquiry with { Notes = AnalysisNotes.Of(table, pooled, [.. columns.Guesses, .. _guesses], used) }, answers);
        }
        catch (StudyDataException fault) when (fault.File is null && pooled is not null)
        {
            // The engine knows no file; labels lead from its rows to the lines.
            var row = fault.Study is null ? -1 : pooled.Labels.IndexOf(fault.Study);
            throw fault.At(row < 0 ? null : table.LineOf(row), fault.Study, fault.Column, fileName);
        }
        catch (InsufficientStudiesException fault) when (pooled is not null)
        {
            throw new BadInputException($"{fileName}: {RemedyWords.Of(fault)}");
        }
    }

    /// <summary>Rows that share a study and for which nothing was said.</summary>
    private DependenceChoices? Shared()
    {
        var isPlain = !model.IsTables && model.Weights is null && model.Scale is null;
        var stands = isPlain && !IsAsked && model.Method is "REML" or "ML" && model.Test is null or "t" or "z";
        return new SharedRows(table, line).Deal(stands, !model.IsTables && model.Weights is null, _guesses);
    }

    /// <summary>True where something was asked by name that independent effects alone can answer.</summary>
    private bool IsAsked => Questions.All.Any(q => q.NeedsIndependence && q.Options.Any(o => said.Has(o.Name)));

    private Inquiry FitCounts(EffectColumns columns, ModelChoices chosen, EffectMeasure measure) => measure == EffectMeasure.RateRatio || measure == EffectMeasure.RateDifference
        ? chosen.Fit(columns.Rates(effects.Label), measure, said)
        : chosen.Fit(columns.Tables(measure, effects.Label), measure, said);

    /// <summary>Columns of the table that model and questions use beside those of the effects.</summary>
    private IEnumerable<string?> Further(ModelChoices chosen) =>
        [.. chosen.Columns, .. chosen.Dependence?.Clusters ?? [], chosen.Weights, .. Questions.All.SelectMany(q => q.Options).Where(o => o.TakesColumn).Select(o => said.Text(o.Name))];
}
