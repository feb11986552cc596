namespace EmpathyNotebooks.MetaAnalysis.Tests.DependentEffects;

/// <summary>Differences of means at two sets of values, and the comparisons of models that are refused.</summary>
public sealed class ContrastTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create([0.20, 0.60, 0.25, 0.70, 0.22, 0.80, 0.24, 0.90, 0.31, 0.45], [0.010, 0.030, 0.020, 0.025, 0.011, 0.019, 0.022, 0.012, 0.017, 0.021],
        columns: [StudyColumn.OfTexts("id", ["A", "A", "B", "B", "C", "C", "D", "D", "E", "E"]), StudyColumn.OfNumbers("year", [1, 2, 4, 4, 6, 7, 9, 8, 3, 5]),
            StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer", "client", "therapist", "client", "therapist", "client", "observer"])]);

    private static readonly Moderator Model = Moderator.Category("rater") + Moderator.Number("year");

    private static ModeratorValues At(string rater, double year = 5) => new() { ["rater"] = rater, ["year"] = year };

    [Fact]
    public void A_contrast_is_the_difference_of_two_means_with_the_error_of_the_coefficient_that_says_it()
    {
        var fit = MultilevelModel.Fit(Effects, ["id", MultilevelModel.EachEffect], Model);
        var recoded = MultilevelModel.Fit(Effects, ["id", MultilevelModel.EachEffect], Moderator.Category("rater", reference: "therapist") + Moderator.Number("year"));
        var difference = fit.Contrast(At("observer"), At("therapist"));
        Assert.Equal(fit.Predict(At("observer")).Estimate - fit.Predict(At("therapist")).Estimate, difference.Estimate, 1e-12);
        var same = recoded["rater: observer"];
        Assert.Equal(same.Estimate, difference.Estimate, 1e-7);
        Assert.Equal(same.StandardError, difference.StandardError, 1e-7);
        Assert.Equal(same.PValue, difference.PValue, 1e-6);
        Assert.Equal($"({At("observer")}) − ({At("therapist")})", difference.Name);
        Assert.Equal(4 * fit["year"].Estimate, fit.Contrast(At("client", 9), At("client", 5)).Estimate, 1e-12);
    }

    [Fact]
    public void A_robust_contrast_has_the_robust_error()
    {
        RobustFit Robust(string reference) => MultilevelModel.Fit(Effects, ["id", MultilevelModel.EachEffect], Moderator.Category("rater", reference) + Moderator.Number("year")).Robust();
        var difference = Robust("client").Contrast(At("observer"), At("therapist"));
        var same = Robust("therapist").Coefficients.Single(c => c.Name == "rater: observer");
        Assert.Equal(same.Estimate, difference.Estimate, 1e-7);
        Assert.Equal(same.StandardError, difference.StandardError, 1e-7);
        Assert.Equal(same.DegreesOfFreedom!.Value, difference.DegreesOfFreedom!.Value, 1e-4);
    }

    [Fact]
    public void What_has_no_moderators_has_nothing_to_contrast_and_an_unknown_coefficient_has_a_nearest()
    {
        var plain = MultilevelModel.Fit(Effects, ["id"]);
        Assert.Contains("nothing to contrast", Assert.Throws<InvalidOperationException>(() => plain.Contrast(At("client"), At("observer"))).Message, StringComparison.Ordinal);
        var fault = Assert.Throws<StudyDataException>(() => MultilevelModel.Fit(Effects, ["id"], Model)["rater: obsever"]);
        Assert.Equal((StudyDataFault.NoSuchName, "rater: observer"), (fault.Kind, fault.Nearest));
        Assert.Contains("is not a coefficient", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Likelihoods_that_cannot_be_compared_are_refused_with_the_kind_of_reason()
    {
        MultilevelFit Fit(StudyEffects effects, Moderator? moderators = null, LikelihoodMethod method = LikelihoodMethod.Restricted, string[]? levels = null) =>
            MultilevelModel.Fit(effects, levels ?? ["id"], new MultilevelOptions { Moderators = moderators, Method = method });
        ImpossibleChoiceException Fault(DependentFit full, DependentFit reduced) => Assert.Throws<ImpossibleChoiceException>(() => full.CompareWith(reduced));

        Assert.Contains("same effects", Fault(Fit(Effects, Model), Fit(Effects.Select([0, 1, 2, 3, 4, 5, 6, 7]))).Message, StringComparison.Ordinal);
        Assert.Contains("same method", Fault(Fit(Effects, method: LikelihoodMethod.Full), Fit(Effects)).Message, StringComparison.Ordinal);
        var restricted = Fault(Fit(Effects, Model), Fit(Effects));
        Assert.Equal(ChoiceFault.NeedsFullLikelihood, restricted.Kind);
        Assert.Contains("different moderators", restricted.Message, StringComparison.Ordinal);
        Assert.Contains("nested", Fault(Fit(Effects), Fit(Effects)).Message, StringComparison.Ordinal);
        // More parameters, but others: the smaller model is no case of the larger one.
        var other = Fault(Fit(Effects, Moderator.Number("year"), LikelihoodMethod.Full), Fit(Effects, Moderator.Category("rater"), LikelihoodMethod.Full));
        Assert.Equal(ChoiceFault.NotComparable, other.Kind);
    }
}
