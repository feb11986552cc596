using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What kind of fault a <see cref="StudyDataException"/> describes, for programs: nobody has to read its text to decide.</summary>
/// <example><code>
/// var fault = new StudyDataException("must be a positive, finite variance", "-0.04", kind: StudyDataFault.Value);
/// Console.WriteLine(fault.Kind == StudyDataFault.Value);
/// </code></example>
public enum StudyDataFault
{
    /// <summary>A value is missing, of the wrong type or out of range.</summary>
    Value,

    /// <summary>The form of the file: encoding, quotation marks, lines of unequal length, nothing in it.</summary>
    Form,

    /// <summary>The encoding of a text is none of those that can be found from its bytes, and must be named.</summary>
    Encoding,

    /// <summary>The names of the columns: none, a number, twice the same.</summary>
    Header,

    /// <summary>A name is not that of a column. <see cref="StudyDataException.Choices"/> has those there are, <see cref="StudyDataException.Option"/> what named it, if that was an option.</summary>
    NoSuchColumn,

    /// <summary>A workbook has no sheet of that name; the choices are its sheets.</summary>
    NoSuchSheet,

    /// <summary>An option belongs to files of another kind.</summary>
    OptionOfOtherFile,

    /// <summary>A name is neither that of a column nor of the level of single effects.</summary>
    NoSuchLevel,

    /// <summary>A name is none of those of a fit or a column: a coefficient, a level, an outcome, a category. <see cref="StudyDataException.Choices"/> has those there are.</summary>
    NoSuchName,

    /// <summary>A column is gone since effects were averaged that have different values in it.</summary>
    AveragedAway,

    /// <summary>The file does not settle what separates cells.</summary>
    Delimiter,

    /// <summary>The file does not settle the decimal mark, so that a number may mean two things.</summary>
    DecimalMark,

    /// <summary>Numbers of a file have different decimal marks.</summary>
    MixedDecimalMarks,

    /// <summary>A number has another decimal mark than its file. <see cref="StudyDataException.Alternative"/> says which.</summary>
    OtherDecimalMark,

    /// <summary>A column that is used as numbers holds texts too.</summary>
    MixedColumn,

    /// <summary>A column of texts is used as numbers.</summary>
    TextForNumber,

    /// <summary>Two rows have one label, and nothing says how they belong together.</summary>
    RepeatedLabel,

    /// <summary>Nothing says what names the studies. <see cref="StudyDataException.Choices"/> has the columns.</summary>
    NoLabel,

    /// <summary>A row sums up other rows.</summary>
    SummaryRow,

    /// <summary>Two columns contradict each other.</summary>
    Disagreement,

    /// <summary>Counts of people that seem to be thousands.</summary>
    Thousands,

    /// <summary>A count of 0 leaves the measure undefined. <see cref="StudyDataException.Alternative"/> names what needs no rule for zeros, if there is anything.</summary>
    ZeroCount,

    /// <summary>The columns do not show what is to be pooled. <see cref="StudyDataException.Choices"/> has them, <see cref="StudyDataException.Option"/> the method that has to be told, if it was one.</summary>
    NotRecognised,

    /// <summary>The columns can be read in several ways. <see cref="StudyDataException.Choices"/> has the calls to choose from.</summary>
    SeveralReadings,

    /// <summary>There is one outcome, where a multivariate model needs two.</summary>
    OneOutcome,

    /// <summary>An outcome is in one cluster only, so that its variance cannot be estimated.</summary>
    LoneOutcome,

    /// <summary>Too many equal values for the knots of a spline at their quantiles.</summary>
    EqualKnots,

    /// <summary>Too few clusters have several effects to tell differences between clusters from those within them.</summary>
    FewRepeatedClusters,

    /// <summary>The data leave a coefficient or a variance undetermined.</summary>
    Undetermined,

    /// <summary>A name is that of several columns of the file. <see cref="StudyDataException.Choices"/> has what they are called, to tell them apart.</summary>
    SharedName,
}

/// <summary>
/// A value in the data cannot be used. The message names the place (file, row, study, column), the value and what would be right;
/// the same parts can be read one by one.
/// </summary>
public sealed class StudyDataException : Exception
{
    /// <summary>A program's own words; null for those of this library.</summary>
    private readonly string? _remedy;

    private readonly ImmutableArray<StudyDataException> _further;

    /// <summary>Describes one fault of the data.</summary>
    /// <param name="expected">What would be right, as the end of a sentence: <c>must be a positive, finite variance</c>.</param>
    /// <param name="value">The value found, as text; null when there is none to show.</param>
    /// <param name="row">The row, counted from 1; in a file the line, so that an editor finds it. Null when the fault has no row.</param>
    /// <param name="study">The label of the study, if known.</param>
    /// <param name="column">The column, if known.</param>
    /// <param name="file">The file's name, if the data came from one.</param>
    /// <param name="kind">What kind of fault it is; how to go on is worded from it.</param>
    public StudyDataException(string expected, string? value = null, int? row = null, string? study = null, string? column = null,
        string? file = null, StudyDataFault kind = StudyDataFault.Value)
    {
        Kind = kind;
        Expected = expected;
        Value = value;
        Row = row;
        Study = study;
        Column = column;
        File = file;
    }

    /// <summary>What kind of fault it is.</summary>
    public StudyDataFault Kind { get; }

    /// <summary>How to go on in C#, with the punctuation before it; empty where there is nothing to choose. A program words the <see cref="Kind"/> in its own names: <see cref="WithRemedy"/>.</summary>
    public string Remedy => _remedy ?? Advice.Of(this);

    /// <summary>What there is to choose from: the names there are, or the calls; empty where the kind of fault has no choice.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>The one of the <see cref="Choices"/> that the value found most likely means; null where none is near.</summary>
    public string? Nearest => Value is null ? null : NearestName.Of(Value, Choices);

    /// <summary>The option or method of this library that is concerned, by its name in C#; null where there is none.</summary>
    public string? Option { get; init; }

    /// <summary>What else would do, or is meant, in the field's own terms; null where there is nothing else.</summary>
    public string? Alternative { get; init; }

    /// <summary>
    /// What is wrong: of this fault, and in a line each of the further ones of the same data, with how many more there are. How to go on stands once for each column and kind of fault.
    /// </summary>
    public override string Message
    {
        get
        {
            var message = Compose(Expected + Remedy, Value, Row, Study, Column, File);
            if (_further.IsDefaultOrEmpty) return message;
            HashSet<(StudyDataFault, string?)> advised = [(Kind, Column)];
            var text = new StringBuilder(message);
            foreach (var fault in _further) text.Append('\n').Append(Compose(fault.Expected + (advised.Add((fault.Kind, fault.Column)) ? fault.Remedy : ""), fault.Value, fault.Row, fault.Study, fault.Column, fault.File));
            if (FaultCount > Faults.Length) text.Append('\n').Append(string.Create(CultureInfo.InvariantCulture, $"{(CountsAll ? "" : "At least ")}{FaultCount - Faults.Length:N0} more {(FaultCount - Faults.Length == 1 ? "fault is" : "faults are")} not listed."));
            return text.ToString();
        }
    }

    /// <summary>All faults that were found together, the first of them this one: each with its file, row, column and value. No more than 20 are listed; <see cref="FaultCount"/> counts further.</summary>
    public ImmutableArray<StudyDataException> Faults => _further.IsDefaultOrEmpty ? [this] : [this, .. _further];

    /// <summary>How many faults were found together.</summary>
    public int FaultCount { get; private init; } = 1;

    /// <summary>False where so many were found that the search ended before the data did: there are <see cref="FaultCount"/> faults or more.</summary>
    public bool CountsAll { get; private init; } = true;

    /// <summary>What would be right, without the remedy.</summary>
    public string Expected { get; }

    /// <summary>The value found, as text.</summary>
    public string? Value { get; }

    /// <summary>The row counted from 1; in a file, the line.</summary>
    public int? Row { get; }

    /// <summary>The label of the study.</summary>
    public string? Study { get; }

    /// <summary>The column.</summary>
    public string? Column { get; }

    /// <summary>The file's name.</summary>
    public string? File { get; }

    /// <summary>The same fault with another way to go on, in the words of a program.</summary>
    /// <param name="remedy">Appended to the message as it stands, with the punctuation before it.</param>
    public StudyDataException WithRemedy(string remedy) => new(this, Row, Study, Column, File, remedy, _further) { FaultCount = FaultCount, CountsAll = CountsAll };

    /// <summary>The first of several faults, with the others. What is wrong in one is not changed by the others.</summary>
    /// <param name="faults">The faults in the order of the data, at least one.</param>
    /// <param name="count">How many there are, if more than these.</param>
    /// <param name="countsAll">False where the search for them ended before the data did.</param>
    /// <exception cref="ArgumentException">There is no fault.</exception>
    /// <example><code>
    /// var faults = StudyDataException.Together([new("must be a correlation", "1.3", 2, "A", "r"), new("must be a sample size", "x", 3, "B", "n")]);
    /// foreach (var one in faults.Faults) Console.WriteLine($"row {one.Row}, column {one.Column}: {one.Value}");
    /// </code></example>
    public static StudyDataException Together(IReadOnlyList<StudyDataException> faults, int count = 0, bool countsAll = true)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (faults.Count == 0) throw new ArgumentException("There is no fault.", nameof(faults));
        var first = faults[0];
        return faults.Count == 1 && count <= 1 ? first : new(first, first.Row, first.Study, first.Column, first.File, first._remedy, [.. faults.Skip(1).Take(MostListed - 1)]) { FaultCount = Math.Max(count, faults.Count), CountsAll = countsAll };
    }

    /// <summary>The same faults, each with another way to go on, in the words of a program.</summary>
    /// <param name="remedy">What is appended to the message of a fault, with the punctuation before it; null leaves it as it is.</param>
    public StudyDataException WithRemedies(Func<StudyDataException, string?> remedy)
    {
        ArgumentNullException.ThrowIfNull(remedy);
        return new(this, Row, Study, Column, File, remedy(this) ?? _remedy, _further.IsDefaultOrEmpty ? [] : [.. _further.Select(f => f.WithRemedies(remedy))]) { FaultCount = FaultCount, CountsAll = CountsAll };
    }

    /// <summary>The same fault at a place in a file.</summary>
    /// <param name="row">The line.</param>
    /// <param name="study">The label of the study.</param>
    /// <param name="column">The column.</param>
    /// <param name="file">The file's name.</param>
    public StudyDataException At(int? row, string? study, string? column, string? file) => new(this, row, study, column, file, _remedy, _further) { FaultCount = FaultCount, CountsAll = CountsAll };

    private StudyDataException(StudyDataException fault, int? row, string? study, string? column, string? file, string? remedy, ImmutableArray<StudyDataException> further)
        : this(fault.Expected, fault.Value, row, study, column, file, fault.Kind)
    {
        (Choices, Option, Alternative) = (fault.Choices, fault.Option, fault.Alternative);
        _remedy = remedy;
        _further = further;
    }

    private static string Compose(string expected, string? value, int? row, string? study, string? column, string? file)
    {
        var places = new List<string>();
        if (file is not null) places.Add(file);
        if (row is not null)
        {
            var number = row.Value.ToString(CultureInfo.InvariantCulture);
            places.Add(study is null ? $"row {number}" : $"row {number} (\"{Visible(study)}\")");
        }
        else if (study is not null)
        {
            places.Add($"\"{Visible(study)}\"");
        }
        if (column is not null) places.Add($"column {column}");

        var message = new StringBuilder(string.Join(", ", places));
        if (message.Length > 0)
        {
            message[0] = file is null ? char.ToUpperInvariant(message[0]) : message[0];
            message.Append(": ");
        }
        if (value is not null) message.Append(value.Length == 0 ? "an empty cell" : $"\"{Visible(value)}\"").Append(' ');
        return message.Append(expected).Append('.').ToString();
    }

    /// <summary>So many faults are told at once.</summary>
    private const int MostListed = 20;

    /// <summary>A cell may hold a page; a message shows its beginning.</summary>
    private const int MostLetters = 200;

    /// <summary>A text from a file as messages show it: characters that a reader would not see by their code points (a zero-width space as U+200B), and of a long cell its beginning.</summary>
    /// <param name="value">The text.</param>
    public static string Visible(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length > MostLetters) return Visible(value[..(char.IsHighSurrogate(value[MostLetters - 1]) ? MostLetters - 1 : MostLetters)]) + "...";
        StringBuilder? shown = null;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            var hidden = char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                || (c > ' ' && char.IsWhiteSpace(c));
            if (hidden && shown is null) shown = new StringBuilder(value, 0, i, value.Length + 8);
            if (shown is null) continue;
            if (hidden) shown.Append(CultureInfo.InvariantCulture, $"<U+{(int)c:X4}>");
            else shown.Append(c);
        }
        return shown?.ToString() ?? value;
    }
}
