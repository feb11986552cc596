using System.Collections.Immutable;
using System.Text.Json;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// Something that can be asked of a fit: its options, when it applies, the answer, and how the answer is said in tables, sentences and JSON. One question, one file; <see cref="Questions"/> lists
/// them, and notebooks, the command line and reports say results through them.
/// </summary>
public abstract class Question
{
    private protected Question()
    {
    }

    /// <summary>What is asked, in a few words.</summary>
    public abstract string Name { get; }

    /// <summary>The options that ask it, the first, or refine it; none for what is always said.</summary>
    public virtual ImmutableArray<QuestionOption> Options => [];

    /// <summary>True where models of independent effects alone have an answer.</summary>
    public virtual bool NeedsIndependence => false;

    /// <summary>How the results of this question are said wherever they stand alone, as at the end of a cell.</summary>
    internal virtual IEnumerable<Saying> Sayings => [];

    /// <summary>The properties that its answer writes into JSON, as members of a JSON schema's <c>properties</c>; see <see cref="JsonReport.Schema"/> for the definitions it can refer to.</summary>
    internal virtual string Schema => "";

    /// <summary>The object of the JSON that its properties stand in, for questions that belong together, as those of publication bias; null for the analysis itself.</summary>
    internal virtual string? Section => null;

    /// <summary>The answer; null where it was not asked, or where it has no meaning for this fit and was not asked by name.</summary>
    /// <param name="inquiry">What is asked about.</param>
    /// <exception cref="QuestionException">It was asked by name, and this kind of fit has no answer.</exception>
    public Answer? Ask(Inquiry inquiry)
    {
        ArgumentNullException.ThrowIfNull(inquiry);
        if (!IsAsked(inquiry.Said) || AnswerTo(inquiry) is not { } answer) return null;
        (answer.Section, answer.Question) = (Section, Name);
        var origin = inquiry.Fit?.Effects.Origin;
        if (answer.Sentence is { } sentence) answer.Sentence = FurtherSentences.Labelled(sentence, origin);
        answer.Blocks = [.. answer.Blocks.Select(block => OriginLabels.On(block, origin))];
        return answer;
    }

    /// <summary>True where the options ask it.</summary>
    private protected virtual bool IsAsked(OptionValues said) => Options.IsEmpty || IsAlwaysAsked || said.Has(Options[0].Name);

    /// <summary>True where options refine what is said anyway.</summary>
    private protected virtual bool IsAlwaysAsked => false;

    private protected abstract Answer? AnswerTo(Inquiry inquiry);
}

/// <summary>An answer, ready to be said.</summary>
public sealed class Answer
{
    internal Answer(params ImmutableArray<Block> blocks) => Blocks = blocks;

    /// <summary>What people read: tables, or a line where there is no table. Empty for what stands in the table of another answer.</summary>
    public ImmutableArray<Block> Blocks { get; internal set; }

    /// <summary>The answer in a sentence or a few, as a paper in APA style says it; null where there is nothing to be said. It is never stronger than its interval allows, and of simulated data says that they are.</summary>
    public string? Sentence { get; internal set; }

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>What is said beside JSON to who waits for it, and not in it.</summary>
    public ImmutableArray<string> Asides { get; init; } = [];

    /// <summary>Files that were asked for with the answer, and their texts: whoever shows it writes them, all or none.</summary>
    public ImmutableArray<(string Path, string Text)> Files { get; init; } = [];

    /// <summary>What was asked for among others and has no answer for this fit, with the reason; null where there is an answer. Then the answer is empty but for this.</summary>
    public Unanswered? Unanswered { get; internal init; }

    /// <summary>The section of the JSON, as <see cref="Question.Section"/> names it.</summary>
    internal string? Section { get; set; }

    /// <summary>The name of the question.</summary>
    internal string? Question { get; set; }

    /// <summary>True where it takes account of effects that share samples, and its JSON stands beside that of the same question of independent effects.</summary>
    internal bool IsClustered { get; init; }

    /// <summary>Computes what only JSON has; what can fail comes before the first character is written.</summary>
    internal Action Prepare { get; init; } = () => { };

    /// <summary>Writes its properties into the object of the analysis.</summary>
    internal Action<Utf8JsonWriter> Json { get; init; } = _ => { };
}

/// <summary>A method that has no answer for a fit.</summary>
/// <param name="Method">The method, as papers name it.</param>
/// <param name="Reason">Why, and what would answer: a full sentence.</param>
public sealed record Unanswered(string Method, string Reason);

/// <summary>How one kind of result is said where it stands alone.</summary>
internal sealed class Saying
{
    private readonly Func<object, Block> _say;

    private Saying(Type type, Func<object, Block> say) => (Type, _say) = (type, say);

    public Type Type { get; }

    public static Saying Of<T>(Func<T, Block> say)
        where T : notnull => new(typeof(T), result => say((T)result));

    public Block Say(object result) => _say(result);
}
