using System.Globalization;
using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Notebooks.Tests.Claims;

/// <summary>Why a number in the prose needs no comparison with the run.</summary>
internal enum Because
{
    /// <summary>An input that the lesson chooses, such as a sample size to try.</summary>
    Input,

    /// <summary>A part of a definition or a convention, such as 1.96.</summary>
    Definition,

    /// <summary>It stands in a publication that the same sentence names, and not in the library.</summary>
    Published,

    /// <summary>It is offered and is wrong, or is somebody's mistake that the lesson shows.</summary>
    Wrong,
}

/// <summary>
/// What the prose of a lesson says of its run. A claim quotes the sentence, or a part of it, so that neither changes without the other. See <c>notebooks/README.md</c>.
/// </summary>
/// <param name="lesson">The name of the file without ending.</param>
internal abstract partial class LessonClaims(string lesson)
{
    private readonly List<Claim> _claims = [];

    /// <summary>The name of the file without ending.</summary>
    public string Lesson { get; } = lesson;

    /// <summary>Writes the claims down.</summary>
    protected abstract void State();

    /// <summary>Each number in « » rounds to the value of its expression, in their order.</summary>
    /// <param name="sentence">The sentence as it stands in the lesson's source, with « » put around numbers: <c>from $«-.19»$ to $«.86»$</c>. A number before % is compared in percent.</param>
    /// <param name="expressions">C# in the lesson's session after its run, such as <c>fit.Estimate</c>; a text is compared as it stands.</param>
    protected void Says(string sentence, params string[] expressions) => _claims.Add(new Claim(sentence, expressions, null, null));

    /// <summary>Each number in « » rounds to a value found in the outputs or computed by other means.</summary>
    protected void Says(string sentence, Func<LessonRun, double[]> values) => _claims.Add(new Claim(sentence, [], values, null));

    /// <summary>A sentence of order, sign or size is true. All numbers of the sentence count as held: the condition has to hold each of them.</summary>
    /// <param name="sentence">The sentence as it stands in the lesson's source.</param>
    /// <param name="condition">C# in the lesson's session after its run, true or false.</param>
    protected void Holds(string sentence, string condition) => _claims.Add(new Claim(sentence, [condition], null, null) { IsCondition = true });

    /// <summary>A sentence of order, sign or size is true of the outputs.</summary>
    protected void Holds(string sentence, Func<LessonRun, bool> condition) => _claims.Add(new Claim(sentence, [], null, condition) { IsCondition = true });

    /// <summary>An error message is quoted as it comes.</summary>
    /// <param name="words">The message, or a part of it, as it stands in the lesson.</param>
    /// <param name="expression">C# in the lesson's session that ends with it.</param>
    protected void Quotes(string words, string expression) => _claims.Add(new Claim(words, [], null, run => run.Fault(expression) is var fault && fault.Contains(words, StringComparison.Ordinal)
        ? true : throw new InvalidOperationException($"the message is {fault}")) { IsCondition = true });

    /// <summary>The numbers of these words need no comparison, wherever the words stand.</summary>
    protected void Given(string words, Because reason) => _claims.Add(new Claim(words, [], null, null) { Reason = reason });

    /// <summary>All that is wrong, in words that name lesson, cell and sentence.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync()
    {
        _claims.Clear();
        State();
        var run = await LessonRun.Of(Lesson);
        var values = await run.ValuesAsync([.. _claims.SelectMany(claim => claim.Expressions)]);
        var faults = new List<string>();
        var covered = new HashSet<int>();
        var next = 0;
        foreach (var claim in _claims)
        {
            var mine = values.Skip(next).Take(claim.Expressions.Length).ToList();
            next += claim.Expressions.Length;
            var plain = claim.Sentence.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal);
            var places = run.Text.PlacesOf(plain).ToList();
            if (places.Count == 0)
            {
                faults.Add($"{Lesson}: no sentence reads \"{plain}\".");
                continue;
            }
            var where = $"{Lesson}, {run.Text.CellAt(places[0])}: \"{plain}\"";
            faults.AddRange(claim.IsCondition ? Condition(claim, run, mine, where) : Values(claim, run, mine, where));
            foreach (var place in places) Cover(claim, place, plain, covered);
        }
        foreach (var number in run.Text.Numbers().Where(number => !covered.Contains(number.Position)))
        {
            faults.Add($"{Lesson}, {run.Text.CellAt(number.Position)}: nothing holds the {number.Text} in \"{run.Text.SentenceAt(number.Position)}\". Say it in Says or Holds, or in Given with its reason.");
        }
        return faults;
    }

    private static IEnumerable<string> Condition(Claim claim, LessonRun run, List<object?> values, string where)
    {
        var outcome = claim.Condition is null ? values[0] : Try(() => (object?)claim.Condition(run));
        if (outcome is Exception fault) yield return $"{where}: {fault.Message}";
        else if (outcome is not true) yield return $"{where} does not hold{(claim.Condition is null ? $": {claim.Expressions[0]} is {outcome}" : "")}.";
    }

    private static IEnumerable<string> Values(Claim claim, LessonRun run, List<object?> values, string where)
    {
        if (claim.Reason is not null) yield break;
        var marks = Marked().Matches(claim.Sentence);
        if (claim.Values is not null)
        {
            var outcome = Try(() => claim.Values(run));
            values = outcome is double[] numbers ? [.. numbers] : [.. Enumerable.Repeat(outcome, marks.Count)];
        }
        if (marks.Count == 0 || marks.Count != values.Count)
        {
            yield return $"{where}: {marks.Count} numbers in « » and {values.Count} values.";
            yield break;
        }
        for (var i = 0; i < marks.Count; i++)
        {
            var name = claim.Values is null ? claim.Expressions[i] : $"value {i + 1}";
            if (values[i] is Exception fault) yield return $"{where}: {fault.Message}";
            else if (!Agrees(marks[i], values[i])) yield return $"{where} says {marks[i].Groups[1].Value}; {name} is {System.Convert.ToString(values[i], CultureInfo.InvariantCulture)}.";
        }
    }

    /// <summary>Whether a value rounds to a number with the decimals that it is printed with.</summary>
    public static bool Rounds(double value, string printed)
    {
        var decimals = printed.IndexOf('.', StringComparison.Ordinal) is var point && point < 0 ? 0 : printed.Length - point - 1;
        return LessonRun.Numbers(printed) is [var number] && Math.Abs(value - number) <= .5 * Math.Pow(10, -decimals) * (1 + 1e-9) + 1e-12;
    }

    private static bool Agrees(Match mark, object? value)
    {
        var printed = mark.Groups[1].Value;
        if (value is string text) return text == printed;
        if (value is not IConvertible) return false;
        var number = System.Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return Rounds(mark.Groups[2].Length > 0 ? 100 * number : number, printed);
    }

    // A claim of values holds the numbers that it marks; another holds all that it quotes.
    private static void Cover(Claim claim, int place, string plain, HashSet<int> covered)
    {
        if (claim.IsCondition || claim.Reason is not null)
        {
            for (var i = 0; i < plain.Length; i++) covered.Add(place + i);
            return;
        }
        var position = place;
        var isMarked = false;
        foreach (var c in claim.Sentence)
        {
            if (c is '«' or '»')
            {
                isMarked = c == '«';
                continue;
            }
            if (isMarked) covered.Add(position);
            position++;
        }
    }

    private static object? Try<T>(Func<T> function)
    {
        try
        {
            return function();
        }
        catch (Exception fault) when (fault is InvalidOperationException or IndexOutOfRangeException or ArgumentException or FormatException)
        {
            return fault;
        }
    }

    private sealed record Claim(string Sentence, string[] Expressions, Func<LessonRun, double[]>? Values, Func<LessonRun, bool>? Condition)
    {
        public bool IsCondition { get; init; }

        public Because? Reason { get; init; }
    }

    [GeneratedRegex(@"«([^»]*)»(\s?\\?%)?")]
    private static partial Regex Marked();
}
