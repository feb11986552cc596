using System.Collections.Immutable;

namespace EmpathyNotebooks.Reporting;

/// <summary>The sentences of answers in the order of a results section, a paragraph each topic. Their numbers are those of the answers; that data are simulated is said once, first.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ));
/// var inquiry = Inquiry.Of(fit);
/// foreach (var topic in ResultsText.ByTopic(inquiry, Questions.Ask(inquiry))) Console.WriteLine($"{topic.Topic}: {topic.Text.Text}");
/// </code></example>
public static class ResultsText
{
    /// <summary>Topics and the questions that belong to them, in the order of a results section. What is not named here belongs to the section that its JSON has.</summary>
    private static readonly (string Topic, string[] Questions)[] Topics =
    [
        ("Studies", ["data", "clusters", "studies"]),
        ("Mean effect", ["the model", "robust inference", "Henmi-Copas"]),
        ("Heterogeneity", ["heterogeneity", "variance components", "prediction", "share beyond a cut-off", "predicted true effects"]),
        ("Moderators", ["moderators", "scale", "subgroups"]),
        ("Publication bias", []),
        ("Sensitivity", ["cumulative", "battery of analyses"]),
        ("Bayesian model", ["Bayesian model"]),
        ("Psychometric meta-analysis", ["psychometric meta-analysis"]),
        ("Power", ["power"]),
        ("Meaning", ["what the effect means"]),
        ("Model fit", ["fit statistics"]),
    ];

    /// <summary>The paragraphs, a topic each.</summary>
    /// <param name="inquiry">What was asked about.</param>
    /// <param name="answers">What <see cref="Questions.Ask"/> answered.</param>
    public static Passage Of(Inquiry inquiry, IEnumerable<Answer> answers)
    {
        var topics = ByTopic(inquiry, answers);
        return new Passage([.. topics.SelectMany(t => t.Text.Blocks)], [.. topics.SelectMany(t => t.Text.References).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>The same by topic, for a document with headings.</summary>
    /// <param name="inquiry">What was asked about.</param>
    /// <param name="answers">What <see cref="Questions.Ask"/> answered.</param>
    public static ImmutableArray<TopicText> ByTopic(Inquiry inquiry, IEnumerable<Answer> answers)
    {
        ArgumentNullException.ThrowIfNull(inquiry);
        ArgumentNullException.ThrowIfNull(answers);
        var said = answers.Where(a => a.Sentence is not null && a.Question is not null).ToList();
        var simulated = inquiry.Fit?.Effects.Origin.IsSimulated == true;
        var topics = ImmutableArray.CreateBuilder<TopicText>();
        foreach (var (topic, questions) in Topics)
        {
            var writer = new PassageWriter();
            if (simulated && topics.Count == 0) writer.Say("The data are simulated: what follows is no evidence of anything real.");
            var before = writer.ToPassage().Blocks.Length;
            foreach (var answer in said.Where(a => TopicOf(a) == topic).OrderBy(a => Array.IndexOf(questions, a.Question))) writer.Say(FurtherSentences.Unlabelled(answer.Sentence!));
            var text = writer.ToPassage();
            if (text.Blocks.Length > before) topics.Add(new TopicText(topic, text));
        }
        return topics.ToImmutable();
    }

    private static string TopicOf(Answer answer) => Topics.FirstOrDefault(t => t.Questions.Contains(answer.Question)) is { Topic: { } topic } ? topic : answer.Section == "sensitivity" ? "Sensitivity" : "Publication bias";
}
