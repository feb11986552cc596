using System.Collections.Immutable;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Asks the questions of a report and puts their answers in order.</summary>
internal sealed class ReportBuilder
{
    private const int MostLinesOfCode = 400;

    private readonly ReportOptions _options;
    private readonly List<Unanswered> _leftOut = [];
    private readonly List<string> _sources = [];
    private readonly List<(Question Question, Answer Answer)> _answers = [];
    private readonly ReportPlots _plots;

    public ReportBuilder(Inquiry inquiry, ReportOptions options)
    {
        _options = options;
        List<(string, object)> asked = [];
        if (Has(ReportSection.PublicationBias)) asked.Add((BiasQuestion.All, true));
        if (Has(ReportSection.Sensitivity)) asked.Add((SensitivityQuestion.All, true));
        if (Has(ReportSection.Meaning)) asked.Add(("--meaning", true));
        if (asked.Count > 0) asked.Add(("--seed", options.Seed));
        Named = inquiry.Said;
        Inquiry = inquiry with { Said = inquiry.Said.With(asked) };
        _plots = new ReportPlots(Inquiry, options.Figures, _leftOut);
    }

    public Inquiry Inquiry { get; }

    public ReportOptions Options => _options;

    public ImmutableArray<Unanswered> LeftOut { get; private set; } = [];

    public ImmutableArray<string> Sources { get; private set; } = [];

    public string? RCode { get; private set; }

    /// <summary>The answers in their order.</summary>
    public IReadOnlyList<Answer> Answers => [.. _answers.Select(a => a.Answer)];

    /// <summary>The seed that was used; that of the command line where it was said there.</summary>
    public ulong? Seed => Inquiry.Said.WholeNumber("--seed");

    /// <summary>What was asked by name, apart from what the report asks.</summary>
    private OptionValues Named { get; }

    /// <summary>Where the numbers come from.</summary>
    public DataOrigin Origin => Inquiry.Fit?.Effects.Origin ?? _options.Table?.Origin ?? DataOrigin.Own;

    public Document Build()
    {
        foreach (var question in Questions.All) Ask(question);
        _leftOut.AddRange(Answers.Select(a => a.Unanswered).OfType<Unanswered>());
        RCode = Code();
        List<Block> results = [];
        foreach (var section in ResultSections.Where(Has))
        {
            var blocks = section == ReportSection.Data ? Data() : Section(section);
            if (blocks.Count > 0) results.AddRange([new Heading(2, TitleOf(section)), .. blocks]);
        }
        LeftOut = [.. _leftOut.Select(u => u with { Reason = PaperWords.Of(u.Reason) }).GroupBy(u => u.Reason).Select(same => new Unanswered(string.Join(", ", same.Select(u => u.Method).Distinct()), same.Key))];
        List<Block> blocksOfAll = [];
        if (Origin.Kind != DataKind.Own) blocksOfAll.Add(new Note($"{Origin.Label}.{(Origin.IsSimulated ? " These numbers were drawn at random: they are no evidence about the world." : "")}"));
        if (Has(ReportSection.Summary)) Add(blocksOfAll, "Plain-language summary", Said(PlainLanguageSummary.Of(Inquiry, Answers)));
        if (Has(ReportSection.Methods)) Add(blocksOfAll, "Methods", Said(MethodsParagraph.Of(Inquiry, Answers)));
        Add(blocksOfAll, "Results", results);
        if (Has(ReportSection.Limitations)) Add(blocksOfAll, "Warnings and limitations", Limitations());
        Sources = [.. _sources.Distinct()];
        if (Sources.Length > 0) Add(blocksOfAll, "References", [SourceList.Of(Sources)]);
        if (Has(ReportSection.Appendix)) Add(blocksOfAll, "Appendix", Appendix());
        return new Document(blocksOfAll) { Title = _options.Title ?? Title() };
    }

    private static ImmutableArray<ReportSection> ResultSections { get; } =
    [
        ReportSection.Data, ReportSection.Model, ReportSection.Heterogeneity, ReportSection.Moderators, ReportSection.Dependence, ReportSection.PublicationBias, ReportSection.Sensitivity, ReportSection.Meaning, ReportSection.Further,
    ];

    private bool Has(ReportSection section) => _options.Sections.Contains(section);

    private string Title()
    {
        var count = Inquiry.Fit?.Count ?? Inquiry.Counts!.Count;
        return Origin.Name.Length > 0 ? $"Meta-analysis{(Origin.IsSimulated ? " of simulated data" : "")}: {Origin.Name}" : $"Meta-analysis of {StatisticText.Count(count, Inquiry.Fit is null ? "table" : "effect")}";
    }

    private static string TitleOf(ReportSection section) => section switch
    {
        ReportSection.Data => "Data",
        ReportSection.Model => "Model",
        ReportSection.Heterogeneity => "Heterogeneity and prediction",
        ReportSection.Moderators => "Moderators",
        ReportSection.Dependence => "Dependent effects",
        ReportSection.PublicationBias => "Publication bias",
        ReportSection.Sensitivity => "Sensitivity",
        ReportSection.Meaning => "What the effect means",
        ReportSection.Further => "Further analyses",
        _ => throw new ArgumentOutOfRangeException(nameof(section), section, "This part stands outside the results."),
    };

    /// <summary>The part of the results in which an answer stands.</summary>
    private static ReportSection SectionOf(Question question) => question switch
    {
        BiasQuestion => ReportSection.PublicationBias,
        SensitivityQuestion or CumulativeQuestion or BatteryQuestion or StudiesQuestion => ReportSection.Sensitivity,
        PredictionQuestion or HeterogeneityQuestion or ComponentsQuestion or HenmiCopasQuestion or BeyondQuestion or BlupsQuestion => ReportSection.Heterogeneity,
        ModeratorsQuestion or ScaleQuestion or SubgroupsQuestion => ReportSection.Moderators,
        RobustQuestion or ClustersQuestion => ReportSection.Dependence,
        MeaningQuestion => ReportSection.Meaning,
        DataQuestion => ReportSection.Data,
        FitQuestion or FitStatisticsQuestion => ReportSection.Model,
        // Multiverse shares the object of sensitivity; what is asked by name beside these stands last.
        { Section: "sensitivity" } => ReportSection.Sensitivity,
        _ => ReportSection.Further,
    };

    private void Ask(Question question)
    {
        Inquiry.Cancellation.ThrowIfCancellationRequested();
        try
        {
            if ((Known(question) ?? question.Ask(Inquiry)) is { } answer) _answers.Add((question, answer));
        }
        catch (Exception fault) when (!question.Options.Any(o => Named.Has(o.Name))
            && fault is QuestionException or InsufficientStudiesException or ImpossibleChoiceException or UndeterminedException or ConvergenceException)
        {
            _leftOut.Add(new Unanswered(question.Name, fault switch
            {
                QuestionException { Where: { } where } => $"It is defined for {where}.",
                QuestionException { Reason: { } reason } => reason,
                _ => fault.Message,
            }));
        }
    }

    /// <summary>The answer that is there already; null where there is none, or where the report asks more: with another seed, or all questions of a group of which some were asked.</summary>
    private Answer? Known(Question question) => question switch
    {
        BiasQuestion when !Named.Has(BiasQuestion.All) => null,
        { Section: "sensitivity" } when !Named.Has(SensitivityQuestion.All) && question is not MultiverseQuestion => null,
        BiasQuestion or PredictionQuestion or BayesQuestion or { Section: "sensitivity" } when !Named.Has("--seed") => null,
        _ => _options.Answers.FirstOrDefault(a => a.Question == question.Name),
    };

    private string? Code()
    {
        if (!Has(ReportSection.Appendix)) return null;
        try
        {
            var code = Inquiry.Fit is { } fit ? fit.ToR(fit is DependentFit ? Inquiry.Robust : null) : Inquiry.Counts!.ToR();
            return Origin.IsSimulated ? "# Simulated data: the numbers were drawn at random and are no evidence about the world.\n" + code : code;
        }
        catch (ImpossibleChoiceException fault)
        {
            _leftOut.Add(new Unanswered("code of R", fault.Problem + "."));
            return null;
        }
    }

    private List<Block> Section(ReportSection section)
    {
        Answer[] answers = [.. _answers.Where(a => SectionOf(a.Question) == section && a.Answer.Unanswered is null).Select(a => a.Answer)];
        List<Block> blocks = [.. answers.Any(a => !a.Blocks.IsEmpty || a.Sentence is not null) ? Said(ResultsText.Of(Inquiry, answers)) : []];
        if (section == ReportSection.PublicationBias && blocks.Count > 0) blocks.InsertRange(0, FewStudies());
        // What the sentences say already needs no paragraph of its own.
        var texts = blocks.OfType<Paragraph>().Select(p => p.Text).ToHashSet();
        blocks.AddRange(answers.SelectMany(a => a.Blocks).Where(b => b is not Paragraph paragraph || !(texts.Contains(paragraph.Text) || texts.Count > 0)));
        blocks.AddRange(_plots.Of(section));
        return blocks;
    }

    private IEnumerable<Block> FewStudies()
    {
        var writer = new PassageWriter();
        if (BiasSentences.FewStudies(Inquiry, writer) is not { } text) return [];
        _sources.AddRange(writer.ToPassage().References);
        return [new Note(text)];
    }

    private List<Block> Data()
    {
        List<Block> blocks = [];
        var measure = Inquiry.Measure;
        if (Inquiry.Fit is { } fit)
        {
            var people = fit.Effects.TotalSampleSize is { } total && fit.Clusters is null ? $" with N = {StatisticText.Count(total)} participants altogether" : "";
            blocks.Add(new Paragraph($"The analysis is of {StatisticText.Count(fit.Count, "effect")}{(fit.Clusters is { } clusters ? $" in {ApaText.Groups(clusters.Column, clusters.Count)}" : "")}{people}. "
                + $"Measure: {measure.Name} ({measure.Code}){(!measure.IsTransformed ? "" : measure.Name.Contains("pooled as", StringComparison.Ordinal) ? $", shown as {measure.Symbol}" : $", pooled as {measure.AnalysisSymbol}")}.{(measure.DisplayNote is { } note ? " " + note : "")}"));
            if (!fit.Omitted.IsEmpty)
            {
                var table = new Table("Effects left out because a moderator is not known for them", ("effect", Align.Left), ("not known", Align.Left)).DataLabel(Origin);
                foreach (var omitted in fit.Omitted) table.Row(omitted.Label, string.Join(", ", omitted.MissingColumns));
                blocks.Add(table);
            }
        }
        else
        {
            blocks.Add(new Paragraph($"The analysis is of {StatisticText.Count(Inquiry.Counts!.Count, "table")} of counts. Measure: {measure.Name} ({measure.Code})."));
        }
        if (Origin is { Kind: DataKind.Own, Name.Length: > 0 }) blocks.Add(new Paragraph($"Data: {Origin.Name}."));
        if (Origin.Citation.Length > 0) blocks.Add(new Paragraph($"{(Origin.IsSimulated ? "How the data were made" : "Source of the data")}: {Origin.Citation}"));
        blocks.AddRange(Inquiry.Notes.Select(n => new Paragraph(PaperWords.Of(n))));
        if (_options.Table is { } read)
        {
            var check = read.Check(_options.Check);
            blocks.Add(new Paragraph($"The check of the table found {(check.Findings.IsEmpty ? "nothing" : ApaText.List([.. Enum.GetValues<CheckSeverity>().Where(s => check.CountOf(s) > 0).Select(s => StatisticText.Count(check.CountOf(s), s.ToString().ToLowerInvariant()))]))}."));
            if (!check.Findings.IsEmpty) blocks.Add(DataTables.Check(check));
        }
        return blocks;
    }

    private List<Block> Limitations()
    {
        List<Block> blocks = [];
        foreach (var warning in _answers.SelectMany(a => a.Answer.Warnings.Select(text => (Text: text, a.Question.Name))).Concat((Inquiry.Counts?.Warnings ?? []).Select(text => (Text: text, Name: "the model"))).GroupBy(w => w.Text, w => w.Name))
        {
            var names = warning.Distinct().ToArray();
            blocks.Add(new Paragraph(names is ["the model"] ? PaperWords.Of(warning.Key) : $"{Capital(string.Join(", ", names))}: {PaperWords.Of(warning.Key)}"));
        }
        if (!LeftOut.IsEmpty) blocks.Add(UnansweredTable.Of(LeftOut));
        return blocks;
    }

    /// <summary>p-curve and z-curve begin with a symbol, which stays small.</summary>
    private static string Capital(string names) => names.Length > 1 && names[1] == '-' ? names : ApaText.Capital(names);

    private List<Block> Appendix()
    {
        List<Block> blocks = [AnalysedData.Table(Inquiry, Origin)];
        if (RCode is not { } code) return blocks;
        blocks.Add(new Heading(2, "Code of R"));
        blocks.Add(new Paragraph("This code gives the same numbers with packages of R; it is the file analysis.R of the report's folder."));
        if (code.Count(c => c == '\n') <= MostLinesOfCode) blocks.Add(new Listing(code, "r"));
        return blocks;
    }

    private ImmutableArray<Block> Said(Passage passage)
    {
        _sources.AddRange(passage.References);
        return passage.Blocks;
    }

    private static void Add(List<Block> document, string title, IReadOnlyCollection<Block> blocks)
    {
        if (blocks.Count > 0) document.AddRange([new Heading(1, title), .. blocks]);
    }
}
