using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The events and person-times of one study with two groups. Events need not be whole.</summary>
/// <example><code>
/// LabelledRates[] rates = [new("A", 7, 1344, 11, 1988), new("B", 8, 1600, 8, 1461)];
/// Console.WriteLine(MantelHaenszel.RateRatio(rates));
/// </code></example>
public readonly record struct LabelledRates
{
    /// <summary>Takes the numbers of a study.</summary>
    /// <param name="label">The study's name.</param>
    /// <param name="events1">Events in the first group, 0 or more.</param>
    /// <param name="time1">Its person-time, positive, in the unit of the second.</param>
    /// <param name="events2">Events in the second group.</param>
    /// <param name="time2">Its person-time.</param>
    /// <exception cref="StudyDataException">A number is out of its range; names study, column and value.</exception>
    public LabelledRates(string label, double events1, double time1, double events2, double time2)
    {
        ArgumentNullException.ThrowIfNull(label);
        Label = label;
        Events1 = Checked(events1, "x1i", mayBeZero: true);
        Time1 = Checked(time1, "t1i", mayBeZero: false);
        Events2 = Checked(events2, "x2i", mayBeZero: true);
        Time2 = Checked(time2, "t2i", mayBeZero: false);

        double Checked(double value, string column, bool mayBeZero) => double.IsFinite(value) && (mayBeZero ? value >= 0 : value > 0) ? value
            : throw new StudyDataException(mayBeZero ? "must be a count of events: finite and 0 or more" : "must be a person-time: finite and positive",
                value.ToString(CultureInfo.InvariantCulture), study: label, column: column);
    }

    /// <summary>The study's name.</summary>
    public string Label { get; }

    /// <summary>Events in the first group.</summary>
    public double Events1 { get; }

    /// <summary>The person-time of the first group.</summary>
    public double Time1 { get; }

    /// <summary>Events in the second group.</summary>
    public double Events2 { get; }

    /// <summary>The person-time of the second group.</summary>
    public double Time2 { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Label}: {Events1} in {Time1} against {Events2} in {Time2}");
}
