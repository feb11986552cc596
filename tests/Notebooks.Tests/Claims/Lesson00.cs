namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson00() : LessonClaims("00-start-here")
{
    protected override void State()
    {
        Holds("Fourteen of fifty clients recovered, and you want the share. Which of these lines of C# shows 0.28?", "14 / 50 == 0 && 14.0 / 50 == .28 && 14 / 50 * 1.0 == 0");
        Says("The cell shows «0.28».", "14.0 / 50");
        Says("has the result written as a percentage: «7.8»%", "r * r");
        Says("a correlation of «.28» could belong to a true value anywhere from «.03» to «.50»", "r", "Correlations.FisherZ(r, 60).DisplayInterval().Lower", "Correlations.FisherZ(r, 60).DisplayInterval().Upper");
        Given("From 60 clients, a correlation", Because.Input);
        Given("another number in place of 600 below", Because.Input);
        Says("With «600» clients the interval goes from «.20» to «.35».", "n", "Correlations.FisherZ(r, 600).DisplayInterval().Lower", "Correlations.FisherZ(r, 600).DisplayInterval().Upper");
        Holds("It has become about a third as wide, not a tenth", $"{Width(60)} / {Width(600)} is > 2.9 and < 3.3");
        Holds("With 20 clients it is below zero: such a study cannot even tell the sign. In the lines from 60 clients on it is above zero.", "Correlations.FisherZ(r, 20).Interval().Lower < 0 && Correlations.FisherZ(r, 60).Interval().Lower > 0");
        Given("Few studies of psychotherapy have 2,000 clients.", Because.Input);
        Says("There are «16» studies, one a row", "studies.Count");
        Says("an average correlation of «.15», with an interval from «.08» to «.22»", "RandomEffects.Fit(effects).BackTransformed.Estimate", "RandomEffects.Fit(effects).BackTransformed.ConfidenceInterval.Lower", "RandomEffects.Fit(effects).BackTransformed.ConfidenceInterval.Upper");
        Quotes("error CS0117: 'Correlations' does not contain a definition for 'fisherZ' Did you mean Correlations.FisherZ?", "Correlations.fisherZ(r, n)");
        Quotes("A correlation lies between -1 and 1, both excluded. (Parameter 'r') Actual value was 2.8.", "Correlations.FisherZ(2.8, n)");
        Given("on .NET 10.", Because.Definition);
        Holds("Both numbers are whole, so C# drops the rest.", "7 / 2 == 3 && 7.0 / 2 == 3.5");
        Holds("The width shrinks with the square root of the number, so half the width takes four times as many.", $"{Width(60)} / {Width(240)} is > 1.95 and < 2.1");
        Holds("that is 60 times the square root of two, and makes the interval about a sixth narrower.", $"Math.Round(60 * Math.Sqrt(2)) == 85 && {Width(85)} / {Width(60)} is > .82 and < .86");
        Holds("twice as many make it narrower by about three tenths, not by half.", $"{Width(120)} / {Width(60)} is > .68 and < .72");
        Given("The interval from 60 clients is too wide", Because.Input);
        Given("What is the interval of a correlation of .50 from 30 people?", Because.Input);
        Says("It goes from «.17» to «.73».", "Correlations.FisherZ(.5, 30).DisplayInterval().Lower", "Correlations.FisherZ(.5, 30).DisplayInterval().Upper");
        Holds("It reaches further down from .50 than up", ".5 - Correlations.FisherZ(.5, 30).DisplayInterval().Lower > Correlations.FisherZ(.5, 30).DisplayInterval().Upper - .5");
        Given("until the lower limit for a correlation of .28 lies above .10?", Because.Input);
        Holds("With 112 clients the limit is still below, with 113 above.", "Correlations.FisherZ(r, 112).DisplayInterval().Lower < .1 && Correlations.FisherZ(r, 113).DisplayInterval().Lower > .1");
        Says("There are «160» studies, and the average is «.23».", "interviews.Count", "RandomEffects.Fit(interviews.Correlations()).BackTransformed.Estimate");
        Given("You run a cell with", Because.Input);
    }

    private static string Width(int n) => $"Correlations.FisherZ(r, {n}).DisplayInterval().Width";
}
