using System.Collections.Immutable;

namespace EmpathyNotebooks.Reporting;

/// <summary>All questions, in the order in which they are answered.</summary>
public static class Questions
{
    /// <summary>The questions.</summary>
    public static ImmutableArray<Question> All { get; } =
    [
        new FitQuestion(),
        new PredictionQuestion(),
        new HeterogeneityQuestion(),
        new ModeratorsQuestion(),
        new FitStatisticsQuestion(),
        new StudiesQuestion(),
        new ComponentsQuestion(),
        new RobustQuestion(),
        new ClustersQuestion(),
        new DataQuestion(),
        new ScaleQuestion(),
        new SubgroupsQuestion(),
        new HenmiCopasQuestion(),
        new BeyondQuestion(),
        new BayesQuestion(),
        new CumulativeQuestion(),
        new BlupsQuestion(),
        new EggerQuestion(),
        new RankTestQuestion(),
        new GroupSizeQuestion(),
        new TrimAndFillQuestion(),
        new FailSafeQuestion(),
        new PetPeeseQuestion(),
        new PrecisionWeightsQuestion(),
        new AdequatePowerQuestion(),
        new LimitQuestion(),
        new MathurVanderWeeleQuestion(),
        new ExcessSignificanceQuestion(),
        new SelectionQuestion(),
        new PCurveQuestion(),
        new PUniformQuestion(),
        new PUniformStarQuestion(),
        new ZCurveQuestion(),
        new CopasQuestion(),
        new ModelAveragingQuestion(),
        new TriangulationQuestion(),
        new GoshQuestion(),
        new PermutationQuestion(),
        new BootstrapQuestion(),
        new PowerQuestion(),
        new MultiverseQuestion(),
        new PsychometricQuestion(),
        new MeaningQuestion(),
        new BatteryQuestion(),
    ];

    /// <summary>Every answer there is to what was asked.</summary>
    /// <param name="inquiry">What is asked about, with the options that were said.</param>
    /// <exception cref="QuestionException">Something was asked by name that this kind of fit does not answer.</exception>
    public static ImmutableArray<Answer> Ask(Inquiry inquiry)
    {
        ArgumentNullException.ThrowIfNull(inquiry);
        ImmutableArray<Answer> answers = [.. All.Select(q => q.Ask(inquiry)).OfType<Answer>()];
        // What holds of all methods for publication bias together stands before the first of them.
        if (inquiry.Said.Has(BiasQuestion.All) && answers.FirstOrDefault(a => a.Section == BiasQuestion.OfBias) is { } first && BiasSentences.FewStudies(inquiry, new PassageWriter()) is { } few)
        {
            answers = answers.Insert(answers.IndexOf(first), new Answer(new Note(few)) { Warnings = [few] });
        }
        Unanswered[] without = [.. answers.Select(a => a.Unanswered).OfType<Unanswered>()];
        // Those of questions that belong together say much alike: each warning once, with all it belongs to.
        ImmutableArray<Block> warnings = [.. answers.Where(a => a.Section is not null).SelectMany(a => a.Warnings.Distinct().Select(text => (Text: text, a.Question))).GroupBy(w => w.Text, w => w.Question)
            .Select(w => new Paragraph($"Warning ({string.Join(", ", w)}): {w.Key}"))];
        if (warnings.Length > 0) answers = answers.Add(new Answer(warnings));
        return without.Length == 0 ? answers : answers.Add(new Answer(UnansweredTable.Of(without)));
    }
}

/// <summary>How results are said wherever they stand alone, as at the end of a cell of a notebook.</summary>
public static class Answers
{
    private static readonly ImmutableArray<Saying> Sayings = [.. Questions.All.SelectMany(q => q.Sayings)];

    /// <summary>The types of results that can be said; of an interface, all that implement it.</summary>
    public static IEnumerable<Type> Types => Sayings.Select(s => s.Type);

    /// <summary>A result as a table or a paragraph.</summary>
    /// <param name="result">A fit, or something a fit was asked.</param>
    /// <exception cref="ArgumentException">It is no result of this library.</exception>
    public static Block Say(object result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var said = (Sayings.FirstOrDefault(s => s.Type == result.GetType()) ?? Sayings.FirstOrDefault(s => s.Type.IsInstanceOfType(result))
            ?? throw new ArgumentException($"A {result.GetType().Name} is no result that can be said.", nameof(result))).Say(result);
        return OriginLabels.On(said, OriginLabels.Of(result));
    }
}
