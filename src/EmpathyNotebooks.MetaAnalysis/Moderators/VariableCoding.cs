using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A variable with all that was learnt from the rows used: how its values become numbers in a design.</summary>
internal abstract class VariableCoding(VariableModerator variable)
{
    public VariableModerator Variable { get; } = variable;

    /// <summary>How many columns it has; in full, one for each category.</summary>
    public abstract int Width(bool full);

    public abstract string Name(int index, bool full);

    /// <summary>How the column of that place is made.</summary>
    public abstract DesignFactor Factor(int index, bool full);

    public abstract void Encode(ModeratorValue value, bool full, Span<double> into);

    /// <summary>Every value of a category, in order; the mean of a number.</summary>
    public abstract ImmutableArray<ModeratorValue> TypicalValues { get; }

    public static ModeratorValue ValueOf(StudyColumn column, int row) =>
        column.IsNumeric ? column.Number(row)!.Value : column.Text(row)!;
}

/// <summary>Categories, the reference last inside, and first wherever they are listed.</summary>
internal sealed class CategoryCoding(CategoryModerator variable, ImmutableArray<string> levels) : VariableCoding(variable)
{
    private readonly bool _sum = variable.UsesSumContrasts;

    public string Reference => levels[^1];

    public override ImmutableArray<ModeratorValue> TypicalValues =>
        _sum ? [.. levels.Select(l => (ModeratorValue)l)] : [Reference, .. levels[..^1].Select(l => (ModeratorValue)l)];

    public override int Width(bool full) => full ? levels.Length : levels.Length - 1;

    // In full the order is that of the list a reader sees: the reference of treatment contrasts first.
    public override string Name(int index, bool full) => $"{Variable.Column}: {(full ? TypicalValues[index].Text : levels[index])}";

    public override DesignFactor Factor(int index, bool full) => new CategoryFactor(Variable.Column, full ? TypicalValues[index].Text! : levels[index], _sum && !full ? levels[^1] : null);

    public override void Encode(ModeratorValue value, bool full, Span<double> into)
    {
        var text = value.Text ?? value.ToString();
        var index = levels.IndexOf(text);
        if (index < 0)
        {
            throw new StudyDataException("is the value of no study of this fit: " + NearestName.Hint(text, TypicalValues.Select(v => v.Text!)),
                text, column: Variable.Column, kind: StudyDataFault.NoSuchName) { Choices = [.. TypicalValues.Select(v => v.Text!)] };
        }
        into.Clear();
        if (full) into[TypicalValues.IndexOf(text)] = 1;
        else if (index < levels.Length - 1) into[index] = 1;
        else if (_sum) into.Fill(-1);
    }
}

/// <summary>A number, its powers, or the columns of a restricted cubic spline.</summary>
internal sealed class NumberCoding(NumberModerator variable, double centre, double unit, double mean, ImmutableArray<double> knots)
    : VariableCoding(variable)
{
    private readonly int _degree = variable.Degree;

    private readonly string _name = variable.Column + (variable.Unit is { } u ? string.Create(CultureInfo.InvariantCulture, $" (per {u:R})")
        : variable.IsScaled ? " (per SD)" : "");

    public override ImmutableArray<ModeratorValue> TypicalValues => [mean];

    public override int Width(bool full) => knots.IsEmpty ? _degree : knots.Length - 1;

    public override string Name(int index, bool full) => index == 0 ? _name
        : knots.IsEmpty ? string.Create(CultureInfo.InvariantCulture, $"{_name}^{index + 1}")
        : _name + new string('\'', index);

    public override DesignFactor Factor(int index, bool full) => new NumberFactor(Variable.Column, centre, unit, knots.IsEmpty ? index + 1 : 1, knots, knots.IsEmpty ? -1 : index - 1);

    public override void Encode(ModeratorValue value, bool full, Span<double> into)
    {
        var number = value.Number ?? throw new StudyDataException("is a text where a number is needed", value.Text, column: Variable.Column);
        if (!double.IsFinite(number))
        {
            throw new StudyDataException("must be a finite number", number.ToString(CultureInfo.InvariantCulture), column: Variable.Column);
        }
        var x = (number - centre) / unit;
        into[0] = x;
        if (knots.IsEmpty)
        {
            for (var i = 1; i < _degree; i++) into[i] = into[i - 1] * x;
            return;
        }
        // Harrell's basis: cubic pieces that cancel beyond the last two knots, over the squared range so that they stay of the size of x.
        double first = knots[0], last = knots[^1], before = knots[^2], range = (last - first) * (last - first);
        for (var j = 0; j < knots.Length - 2; j++)
        {
            into[j + 1] = (Cube(x - knots[j]) - Cube(x - before) * (last - knots[j]) / (last - before)
                + Cube(x - last) * (before - knots[j]) / (last - before)) / range;
        }

        static double Cube(double d) => d > 0 ? d * d * d : 0;
    }
}
