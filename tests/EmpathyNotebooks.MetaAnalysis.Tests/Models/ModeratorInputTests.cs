namespace EmpathyNotebooks.MetaAnalysis.Tests.Models;

/// <summary>Bad input to a meta-regression: an exception that names column or term, or a note on the result; never a guess.</summary>
public sealed class ModeratorInputTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create(
        [0.31, 0.12, 0.45, 0.20, 0.38, 0.05, 0.27, 0.33], [0.010, 0.022, 0.015, 0.012, 0.020, 0.018, 0.011, 0.016],
        columns:
        [
            StudyColumn.OfTexts("rater", ["client", "observer", "client", null, "observer", "therapist", "client", "observer"]),
            StudyColumn.OfTexts("mode", ["individual", "group", "individual", "group", "individual", "group", "group", "group"]),
            StudyColumn.OfTexts("country", ["US", "US", "US", "US", "US", "US", "US", "US"]),
            StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, null, 2018, 2015, 2007]),
            StudyColumn.OfNumbers("since2000", [1, 4, 10, 12, null, 18, 15, 7]),
            StudyColumn.OfNumbers("constant", [7, 7, 7, 7, 7, 7, 7, 7]),
        ]);

    [Fact]
    public void Studies_without_a_moderator_are_left_out_and_listed()
    {
        var fit = MetaRegression.Fit(Effects, Moderator.Category("mode") + Moderator.Number("year"));
        Assert.Equal(7, fit.Count);
        var omitted = Assert.Single(fit.Omitted);
        Assert.Equal((4, "Study 5"), (omitted.Index, omitted.Label));
        Assert.Equal(["year"], omitted.MissingColumns);
        Assert.Contains(fit.Warnings, w => w.StartsWith("1 of 8 studies is left out because a moderator is not known for them: Study 5.", StringComparison.Ordinal));
        Assert.Equal("Study 6", fit.Effects.Labels[4]);
    }

    [Fact]
    public void Own_weights_follow_their_studies()
    {
        double[] weights = [1, 2, 3, 4, 5, 6, 7, 8];
        var fit = MetaRegression.Fit(Effects, Moderator.Number("year"), new() { Weights = weights });
        Assert.Equal(8 / 31.0, fit.Weights[^1], 1e-15);
        Assert.Throws<StudyDataException>(() => MetaRegression.Fit(Effects, Moderator.Number("year"), new() { Weights = weights[1..] }));
    }

    public static TheoryData<string, Moderator> Faults() => new()
    {
        { "\"yearr\" is not a column: did you mean \"year\"?", Moderator.Number("yearr") },
        { "Column constant: \"7\" is the only value of the 8 studies used, so that constant cannot explain", Moderator.Number("constant") },
        { "Column country: \"US\" is the only value of the 8 studies used, so that country cannot explain", Moderator.Category("country") },
        { "Row 1, column rater: \"client\" is a text where a number is needed; a moderator of texts is Moderator.Category(\"rater\")", Moderator.Number("rater") },
        { "Column rater: \"clients\" is the reference but the value of no row used: did you mean \"client\"?", Moderator.Category("rater", "clients") },
        { "\"since2000\" cannot be told from the terms before it: \"since2000\" follows from the intercept, year. Leave one of them out.",
            Moderator.Number("year") + Moderator.Number("since2000") },
        { "has too many equal values for 7 knots", Moderator.Number("mode").Spline(7) },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void A_fault_names_its_column_or_term(string message, Moderator moderators)
    {
        var effects = message.Contains("knots", StringComparison.Ordinal)
            ? StudyEffects.Create(Effects.Effects, Effects.Variances, columns: [StudyColumn.OfNumbers("mode", [1, 1, 1, 1, 1, 2, 2, 2])])
            : Effects;
        var error = Assert.Throws<StudyDataException>(() => MetaRegression.Fit(effects, moderators));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_studies_for_the_coefficients_say_how_many_it_takes()
    {
        var error = Assert.Throws<InsufficientStudiesException>(() => MetaRegression.Fit(Effects.Select([0, 1, 2, 5]),
            Moderator.Category("rater") + Moderator.Number("year")));
        Assert.Equal("A meta-regression with 4 coefficients needs at least 5 studies; there are 4.", error.Message);
        Assert.Throws<InsufficientStudiesException>(() => MetaRegression.Fit(Effects.Select([3]), Moderator.Category("rater")));
    }

    [Fact]
    public void A_combination_without_a_study_has_no_coefficient_and_no_prediction()
    {
        var fit = MetaRegression.Fit(Effects, Moderator.Category("rater") * Moderator.Category("mode"));
        Assert.Equal(["rater: therapist × mode: individual"], fit.EmptyCombinations);
        Assert.Equal(5, fit.CoefficientCount);
        Assert.Contains("No study has rater: therapist × mode: individual; their interaction has a coefficient fewer for each.", fit.Warnings);
        Assert.True(double.IsFinite(fit.Predict(new() { ["rater"] = "therapist", ["mode"] = "group" }).Estimate));
        var error = Assert.Throws<StudyDataException>(() => fit.Predict(new() { ["rater"] = "therapist", ["mode"] = "individual" }));
        Assert.Contains("is a combination that no study of this fit has (there is none with rater: therapist × mode: individual)", error.Message, StringComparison.Ordinal);
        Assert.Throws<StudyDataException>(() => fit.MarginalMeans("rater"));

        // The same gap, seen from the other reference, makes a column depend on others instead of being empty: the fit is the same.
        var other = MetaRegression.Fit(Effects, Moderator.Category("rater") * Moderator.Category("mode", reference: "individual"));
        Assert.Equal(fit.EmptyCombinations, other.EmptyCombinations);
        Assert.Equal(fit.TauSquared, other.TauSquared, 1e-12);
        ModeratorValues therapist = new() { ["rater"] = "therapist", ["mode"] = "group" };
        Assert.Equal(fit.Predict(therapist).Estimate, other.Predict(therapist).Estimate, 1e-12);
        therapist["mode"] = "individual";
        Assert.Throws<StudyDataException>(() => other.Predict(therapist));
    }

    [Fact]
    public void Predictions_need_every_moderator_and_known_categories()
    {
        var fit = MetaRegression.Fit(Effects, Moderator.Category("mode") + Moderator.Number("year"));
        Assert.Equal("Column year: needs a value: the prediction depends on it.",
            Assert.Throws<StudyDataException>(() => fit.Predict(new() { ["mode"] = "group" })).Message);
        Assert.Contains("did you mean \"group\"?",
            Assert.Throws<StudyDataException>(() => fit.Predict(new() { ["mode"] = "groups", ["year"] = 2010 })).Message, StringComparison.Ordinal);
        Assert.Contains("is not a moderator of this fit: did you mean \"mode\"?",
            Assert.Throws<StudyDataException>(() => fit.Predict(new() { ["mood"] = "group", ["year"] = 2010 })).Message, StringComparison.Ordinal);
        Assert.Throws<StudyDataException>(() => fit.Predict(new() { ["mode"] = "group", ["year"] = double.NaN }));
        Assert.Throws<StudyDataException>(() => fit.MarginalMeans("year"));
        Assert.Throws<StudyDataException>(() => fit["mode: groups"]);
        Assert.Throws<ArgumentException>(() => fit.LinearCombination("short", 1, 2));
    }

    [Fact]
    public void Likelihood_ratio_tests_need_maximum_likelihood_of_the_same_effects()
    {
        MetaRegressionOptions ml = new() { TauSquared = TauSquaredEstimator.MaximumLikelihood };
        var full = MetaRegression.Fit(Effects, Moderator.Category("mode") + Moderator.Number("year"), ml);
        Assert.Throws<ImpossibleChoiceException>(() => MetaRegression.Fit(Effects, Moderator.Number("year")).CompareWith(RandomEffects.Fit(Effects)));
        // One study is left out of the full model only.
        var error = Assert.Throws<ImpossibleChoiceException>(() => full.CompareWith(MetaRegression.Fit(Effects, Moderator.Category("mode"), ml)));
        Assert.Contains("same effects", error.Message, StringComparison.Ordinal);
        var reduced = MetaRegression.Fit(full.Effects, Moderator.Category("mode"), ml);
        Assert.Equal(1, full.CompareWith(reduced).DegreesOfFreedom);
        Assert.Throws<ImpossibleChoiceException>(() => reduced.CompareWith(full));
        Assert.Throws<ImpossibleChoiceException>(() => full.CompareWith(MetaRegression.Fit(full.Effects, Moderator.Number("year").Centered().Polynomial(2), ml)));
    }

    [Fact]
    public void The_builder_refuses_what_makes_no_sense()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Moderator.Number("year").Polynomial(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Moderator.Number("year").Spline(2));
        Assert.Throws<ArgumentException>(() => Moderator.Number("year").SplineAt(1, 3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Moderator.Number("year").ScaledBy(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Moderator.Number("year").CenteredAt(double.NaN));
        Assert.Throws<ArgumentException>(() => Moderator.Category(" "));
    }

    [Fact]
    public void A_formula_reads_as_it_is_written()
    {
        var rater = Moderator.Category("rater", "client");
        var year = Moderator.Number("year").Centered().ScaledBy(10);
        Assert.Equal("rater + year (centred; per 10)", (rater + year).ToString());
        Assert.Equal("rater + year (centred; per 10) + rater × year (centred; per 10)", (rater * year).ToString());
        Assert.Equal((rater * year).ToString(), (rater.Times(year) + rater).ToString());
        Assert.Equal("rater (no intercept)", rater.WithoutIntercept().ToString());
        var fit = MetaRegression.Fit(Effects, rater + year);
        Assert.Equal(["Intercept", "rater: observer", "rater: therapist", "year (per 10)"], fit.Coefficients.Select(c => c.Name));
        Assert.Equal(["client", "observer", "therapist"], MetaRegression.Fit(Effects, rater.WithoutIntercept()).Coefficients.Select(c => c.Name["rater: ".Length..]));
    }
}
