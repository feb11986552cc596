using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The model, its estimator, its tests and intervals, and how dependence was handled.</summary>
internal static class MethodsOfModels
{
    public static void Of(Inquiry inquiry, IModelFit fit, PassageWriter writer)
    {
        if (inquiry.IsAveraged) writer.Say($"Effects of the same sample were averaged before the analysis{writer.Cite("borenstein2009")}.");
        var moderators = fit.Moderators is null ? "" : $" with {ModeratorsSentence.Named(fit)} as {(ModeratorsSentence.Count(fit) == 1 ? "moderator" : "moderators")}";
        switch (fit)
        {
            case PooledFit { IsRandomEffects: true }:
                writer.Say($"A random-effects model was fitted{writer.Cite("hedges1998")}.");
                break;
            case PooledFit { MethodCode: "FE" }:
                writer.Say($"A fixed-effects model was fitted, whose mean is that of the studies at hand{writer.Cite("rice2018")}.");
                break;
            case PooledFit:
                writer.Say("An equal-effects model was fitted, which takes all studies to have the same true effect.");
                break;
            case MetaRegressionFit { IsRandomEffects: true }:
                writer.Say($"A mixed-effects meta-regression{moderators} was fitted{writer.Cite("thompson2002")}.");
                break;
            case MetaRegressionFit:
                writer.Say($"A meta-regression{moderators} was fitted, which takes the moderators to explain all differences between true effects.");
                break;
            case LocationScaleFit scale:
                writer.Say($"A location-scale model{moderators} was fitted{(scale.Scale is { } of ? $", in which the variance of true effects depends on {of}" : "")}{writer.Cite("viechtbauer2022")}.");
                break;
            case MultilevelFit multilevel:
                Of(multilevel, moderators, writer);
                break;
            case MultivariateFit multivariate:
                var means = IsOfOutcomes(multivariate) ? " with a mean of each outcome" : moderators;
                writer.Say($"A multivariate model{means} was fitted to the outcomes ({multivariate.OutcomeColumn}) of the same {multivariate.Cluster}, with the covariance structure {multivariate.StructureCode}{writer.Cite("berkey1998")}.");
                break;
            case RobustVarianceFit robust:
                var weights = robust.WorkingModel == WorkingModel.Hierarchical ? "hierarchical effects" : "correlated effects";
                var assumed = robust.WorkingModel == WorkingModel.Correlated ? $", with an assumed correlation of {StatisticText.Number(robust.Options.SamplingCorrelation, 2, leadingZero: false)} between effects of a cluster for the weights" : "";
                writer.Say($"A meta-regression{moderators} was fitted by robust variance estimation with weights of {weights}{assumed}{writer.Cite("hedges2010")}.");
                break;
            case SelectionFit selection:
                writer.Say($"A selection model with a {selection.Function}{moderators} was fitted by maximum likelihood{writer.Cite("vevea1995", "hedges1992")}.");
                break;
        }
        if (fit is DependentFit { SamplingCovariance: { } covariance }) writer.Say(Of(covariance));
        if (fit.IsRandomEffects && fit is not (RobustVarianceFit or SelectionFit)) writer.Say(Estimator(fit, writer));
        writer.Say(Inference(inquiry, fit, writer));
        if (HasWeights(fit)) writer.Say("Effects were weighted by given weights in place of the model's own.");
        Heterogeneity(inquiry, fit, writer);
    }

    /// <summary>True where the means are those of the outcomes and of nothing else.</summary>
    public static bool IsOfOutcomes(IModelFit fit) => fit is MultivariateFit { Moderators: { GivesMeans: true } } multivariate && ModeratorsSentence.Named(fit) == multivariate.OutcomeColumn;

    private static void Of(MultilevelFit fit, string moderators, PassageWriter writer)
    {
        if (fit.VarianceComponents.IsEmpty)
        {
            writer.Say($"A model of generalised least squares{moderators} was fitted, with sampling covariances and without random effects{writer.Cite("gleser2009")}.");
            return;
        }
        var levels = ApaText.List([.. fit.VarianceComponents.Select(c => c.Level == MultilevelModel.EachEffect ? "each effect" : c.Level)]);
        var source = fit.VarianceComponents.Length == 2 && fit.VarianceComponents[1].Level == MultilevelModel.EachEffect ? writer.Cite("konstantopoulos2011", "vandennoortgate2013", "cheung2014") : writer.Cite("konstantopoulos2011");
        writer.Say($"A multilevel model{moderators} was fitted, with random effects of {levels}{source}.");
    }

    private static string Of(SamplingCovariance covariance) => covariance switch
    {
        AssumedCorrelation { Correlation: 0, Autocorrelation: null, CorrelationBetweenKinds: null } => $"Sampling errors of the same {covariance.Cluster} were taken as independent.",
        AssumedCorrelation { Autocorrelation: null, CorrelationBetweenKinds: null, Subgroup: null } assumed => $"Sampling errors of the same {covariance.Cluster} were taken to correlate {StatisticText.Number(assumed.Correlation, 2, leadingZero: false)}.",
        AssumedCorrelation => $"Sampling errors of the same {covariance.Cluster} were taken to correlate as assumed for pairs of effects.",
        CorrelationsOfSample => $"The covariances of sampling errors of the same {covariance.Cluster} were computed from correlations of the samples.",
        _ => $"The covariances of sampling errors of the same {covariance.Cluster} were given.",
    };

    private static string Estimator(IModelFit fit, PassageWriter writer)
    {
        var what = fit is MultivariateFit ? "Variances and correlations of true effects were" : fit is DependentFit ? "Variances of true effects were" : "The variance of true effects was";
        return fit.MethodCode switch
        {
            "REML" => $"{what} estimated by restricted maximum likelihood{writer.Cite("viechtbauer2005")}.",
            "ML" => $"{what} estimated by maximum likelihood{writer.Cite("hardy1996")}.",
            "DL" => $"{what} estimated by the method of {writer.Named("dersimonian1986")}.",
            "DL2" or "DLIT" => $"{what} estimated by the {(fit.MethodCode == "DL2" ? "two-step" : "iterated")} method of DerSimonian and Laird{writer.Cite("dersimonian2007")}.",
            "PM" or "PMM" => $"{what} estimated by the method of {writer.Named("paule1982")}{(fit.MethodCode == "PMM" ? ", in its median-unbiased form" : "")}.",
            "HS" or "HSk" => $"{what} estimated by the method of Hunter and Schmidt{(fit.MethodCode == "HSk" ? ", corrected for small numbers of studies" + writer.Cite("brannick2019") : writer.Cite("schmidt2015"))}.",
            "HE" => $"{what} estimated by the method of Hedges{writer.Cite("hedges1985")}.",
            "SJ" or "SJIT" => $"{what} estimated by the {(fit.MethodCode == "SJIT" ? "iterated " : "")}method of {writer.Named("sidik2005")}.",
            "EB" => $"{what} estimated by empirical Bayes{writer.Cite("morris1983")}.",
            "GENQ" => $"{what} estimated by the generalised Q statistic{writer.Cite("dersimonian2007")}.",
            _ => $"{what} estimated by {fit.MethodCode}.",
        };
    }

    private static string? Inference(Inquiry inquiry, IModelFit fit, PassageWriter writer)
    {
        if (fit is RobustVarianceFit or DependentFit && inquiry.Robust is not null)
        {
            var robust = inquiry.Robust!;
            var own = fit is RobustVarianceFit ? "" : $"Beside the model's own {(fit.Inference == MetaAnalysis.Inference.Normal ? "z" : "t")} tests, ";
            var source = robust.Correction == SmallSampleCorrection.CR2 ? writer.Cite("bell2002", "tipton2015", "pustejovsky2018") : writer.Cite("hedges2010");
            var test = fit.Moderators is not null && robust.Correction == SmallSampleCorrection.CR2 ? $"; moderators together were tested by the HTZ test{writer.Cite("tipton2015b")}" : "";
            var che = fit is MultilevelFit { SamplingCovariance: AssumedCorrelation { Correlation: > 0 }, VarianceComponents.Length: 2 } ? $" The working model is that of correlated and hierarchical effects{writer.Cite("pustejovsky2022")}." : "";
            return ApaText.Capital($"{own}standard errors, tests and intervals that are robust to how effects within {robust.Cluster} depend on each other were computed, with the correction {robust.Correction}{(robust.Correction == SmallSampleCorrection.CR2 ? " and Satterthwaite degrees of freedom" : "")}{source}{test}.{che}");
        }
        return fit.Inference switch
        {
            MetaAnalysis.Inference.HartungKnapp => fit.Moderators is null ? $"Tests and intervals are those of Hartung and Knapp{writer.Cite("hartung2001", "sidik2002", "inthout2014")}." : $"Tests and intervals are those of {writer.Named("knapp2003")}.",
            MetaAnalysis.Inference.HartungKnappAdHoc => $"Tests and intervals are those of Hartung and Knapp{writer.Cite("hartung2001", "knapp2003")}, with standard errors never smaller than the model's own{writer.Cite("jackson2017")}.",
            MetaAnalysis.Inference.KenwardRoger => $"Tests and intervals are those of {writer.Named("kenward1997")}{(fit.Moderators is null ? writer.Cite("partlett2017") : "")}.",
            MetaAnalysis.Inference.StudentT => "Tests and intervals are based on the t distribution.",
            _ => "Tests and intervals are based on the normal distribution.",
        };
    }

    private static void Heterogeneity(Inquiry inquiry, IModelFit fit, PassageWriter writer)
    {
        if (fit.Count < 2) return;
        if (fit.Heterogeneity is { } measures)
        {
            var interval = !measures.IsRandomEffects || measures.TauSquaredInterval is null ? "" : inquiry.Said.Text("--tau-ci") switch
            {
                "PL" => $", with intervals by profile likelihood{writer.Cite("hardy1996")}",
                "GENQ" => $", with intervals by the generalised Q statistic{writer.Cite("jackson2013")}",
                "WALD" => ", with intervals from its standard error",
                _ => $", with intervals by the Q-profile method{(fit.Moderators is null ? writer.Cite("viechtbauer2007") : writer.Cite("viechtbauer2007", "jackson2014"))}",
            };
            writer.Say($"Heterogeneity was described by Cochran's Q{writer.Cite("cochran1954")}{(measures.IsRandomEffects ? "," : " and")} I²{writer.Cite("higgins2002")}{(measures.IsRandomEffects ? " and τ" + interval : "")}.");
        }
        else if (fit.Q is not null) writer.Say($"Heterogeneity was described by Cochran's Q{writer.Cite("cochran1954")}{(fit.ISquared is null || !fit.IsRandomEffects ? "" : " and by I²" + writer.Cite("higgins2002"))}.");
        if (fit.VarianceComponents.Any(c => !c.IsFixed) && inquiry.HasClusters) writer.Say($"Intervals of variances are by profile likelihood{writer.Cite("hardy1996")}.");
        if (!fit.IsRandomEffects || fit.Moderators is not null || fit.Predict()?.PredictionInterval is null) return;
        writer.Say(inquiry.Said.Text("--prediction") switch
        {
            "hts" => $"The prediction interval is that of {writer.Named("higgins2009")}.",
            "nagashima" => $"The prediction interval is that of {writer.Named("nagashima2019")}.",
            _ => $"Prediction intervals show where the true effect of a new study is to be expected{writer.Cite("riley2011", "inthout2016")}.",
        });
    }

    private static bool HasWeights(IModelFit fit) => fit.Options is RandomEffectsOptions { Weights: not null } or EqualEffectsOptions { Weights: not null } or MetaRegressionOptions { Weights: not null } or DependentOptions { Weights: not null };
}
