using System.Globalization;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>How categories are coded: references by column, and the kind of contrasts.</summary>
internal sealed record CategoryCoding(IReadOnlyDictionary<string, string> References, bool SumContrasts);

/// <summary>
/// Reads moderators as they are written on the command line: a column, a function of one (<c>factor(year)</c>, <c>poly(year, 2)</c>), products with * and
/// sums with +. A text that is the name of a column stands for that column, whatever characters it has.
/// </summary>
internal sealed class ModeratorText(StudyTable table, CategoryCoding coding)
{
    /// <summary>What can be written, for the help.</summary>
    public const string Grammar = "COLUMN, factor(COLUMN), center(COLUMN), scale(COLUMN), poly(COLUMN, DEGREE), rcs(COLUMN, KNOTS), A*B for both and their interaction";

    private readonly HashSet<string> _columns = [];

    /// <summary>The columns that were named.</summary>
    public IReadOnlyCollection<string> Columns => _columns;

    /// <summary>All terms together.</summary>
    public Moderator Read(IEnumerable<string> texts, bool intercept = true)
    {
        var terms = texts.Select(Sum).Aggregate((a, b) => a + b);
        foreach (var column in coding.References.Keys.Where(c => !_columns.Contains(c)))
        {
            throw new BadInputException($"--reference {column}: {column} is not among the moderators: {string.Join(", ", _columns)}.");
        }
        return intercept ? terms : terms.WithoutIntercept();
    }

    private Moderator Sum(string text) => IsColumn(text) ? Variable(text, [])
        : text.Split('+').Select(product => Product(product, text)).Aggregate((a, b) => a + b);

    private Moderator Product(string text, string whole) => text.Split('*').Select(part => Factor(part.Trim(), whole)).Aggregate((a, b) => a * b);

    private Moderator Factor(string text, string whole)
    {
        if (IsColumn(text)) return Variable(text, []);
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || !text.EndsWith(')'))
        {
            // Says which columns there are.
            return text.Length > 0 ? Variable(text, []) : throw new BadInputException($"--moderator {whole}: a term is missing. Write {Grammar}.");
        }
        string[] arguments = [.. text[(open + 1)..^1].Split(',').Select(a => a.Trim())];
        return Variable(arguments[0], [text[..open].Trim(), .. arguments[1..]]);
    }

    private Moderator Variable(string column, string[] function)
    {
        var values = table.Column(column);
        _columns.Add(column);
        // A number mistyped would make every value a category; factor() says that categories are meant.
        if (function is not ["factor" or "category"]) table.RequireOneKind(column);
        if (function.Length == 0) return values.IsNumeric && !coding.References.ContainsKey(column) ? Moderator.Number(column) : Category(column);
        if (function[0] is "factor" or "category") return Category(column);
        if (!values.IsNumeric) throw new BadInputException($"--moderator {function[0]}({column}): the column holds texts; only factor() is for these.");
        var number = Moderator.Number(column);
        return (function[0], function.Length) switch
        {
            ("center", 1) => number.Centered(),
            ("scale", 1) => number.Centered().Scaled(),
            ("poly", 2) => number.Centered().Polynomial(Whole(function, column, NumberModerator.LeastDegree, NumberModerator.MostDegree)),
            ("rcs", 2) => number.Spline(Whole(function, column, NumberModerator.LeastKnots, NumberModerator.MostKnots)),
            _ => throw new BadInputException($"--moderator {function[0]}({column}): there is no such term. Write {Grammar}."),
        };
    }

    private CategoryModerator Category(string column)
    {
        var category = Moderator.Category(column, coding.References.GetValueOrDefault(column));
        return coding.SumContrasts ? category.SumContrasts() : category;
    }

    private static int Whole(string[] function, string column, int least, int most) =>
        int.TryParse(function[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
            : throw new BadInputException(FormattableString.Invariant(
                $"--moderator {function[0]}({column}, {function[1]}): \"{function[1]}\" must be a whole number from {least} to {most}, for example {function[0]}({column}, 3)."));

    private bool IsColumn(string text) => table.Columns.Any(c => c.Name == text);
}
