using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Pooled effects and regressions of independent effects: metafor's <c>rma</c>.</summary>
internal static class IndependentTwin
{
    public static RTwin Of(IModelFit fit, RobustFit? robust)
    {
        var script = new TwinScript(fit.Effects, robust is null ? ["metafor"] : ["metafor", "clubSandwich"]);
        var estimator = fit switch { PooledFit pooled => pooled.Estimator, _ => ((MetaRegressionFit)fit).Estimator };
        var weights = fit.Options switch
        {
            RandomEffectsOptions random => random.Weights,
            EqualEffectsOptions equal => equal.Weights,
            _ => ((MetaRegressionOptions)fit.Options).Weights,
        };
        var test = TestOf(fit.Inference);
        if (weights is not null) script.Data.AddWeights(weights);
        var mods = script.Design(fit.DesignColumns());
        var model = "yi, vi, " + (mods is null ? "" : $"mods = {mods}, ");
        var pooling = weights is not null ? ", weights = dat$weight" : "";
        var method = estimator is TauSquaredEstimator.IteratedDerSimonianLaird or TauSquaredEstimator.IteratedSidikJonkman ? "PM" : fit.MethodCode;
        var held = "";
        switch (estimator)
        {
            case TauSquaredEstimator.GeneralizedQ when weights is null:
                pooling = ", weights = 1 / (dat$vi + mean(dat$vi))";
                break;
            case TauSquaredEstimator.TwoStepDerSimonianLaird:
                script.Comment("The two-step estimator: tau squared by moments with the weights of the first step, then held while the effects are pooled.");
                script.Line($"first <- rma({model}data = dat, method = \"DL\")");
                script.Line($"second <- rma({model}data = dat, method = \"GENQ\", weights = 1 / (dat$vi + first$tau2))");
                (method, held) = ("ML", ", tau2 = second$tau2");
                break;
            case TauSquaredEstimator.IteratedDerSimonianLaird or TauSquaredEstimator.IteratedSidikJonkman:
                script.Comment($"PM solves the equation of {fit.MethodCode} directly; metafor's method = \"{fit.MethodCode}\" creeps towards the same value and stops before it.");
                break;
        }
        var control = Control(method, fit, script);
        script.Line($"fit <- rma({model}data = dat, method = \"{method}\", test = \"{test}\", level = {RTwin.Level(fit.ConfidenceLevel)}{pooling}{held}{control})");
        script.Line("print(fit, digits = 8)");

        CompareCoefficients(script, fit);
        script.Compare("moderators", fit.ModeratorTest, "fit$QM", "fit$QMp");
        if (fit.IsRandomEffects)
        {
            script.Compare("tau squared", "fit$tau2", fit.TauSquared);
            if (held.Length == 0) script.Compare("tau squared: standard error", "fit$se.tau2", StandardErrorOf(fit));
        }
        if (fit.Q is { DegreesOfFreedom: > 0 } q)
        {
            script.Compare("Q", "fit$QE", q.Statistic);
            script.Compare("Q: p", "fit$QEp", q.PValue);
            script.Compare("I squared", "fit$I2 / 100", fit.ISquared);
        }
        if (held.Length == 0) script.Compare(fit.FitStatistics);
        else script.Compare("log-likelihood", "as.numeric(logLik(fit))", fit.FitStatistics?.LogLikelihood);
        if (fit is PooledFit { PredictionInterval: { } interval })
        {
            script.Compare("prediction interval: lower limit", "predict(fit)$pi.lb[[1]]", interval.Lower);
            script.Compare("prediction interval: upper limit", "predict(fit)$pi.ub[[1]]", interval.Upper);
        }
        if (robust is not null) RobustTwin.Write(script, robust);
        return script.Done($"{(mods is null ? "effects pooled" : "meta-regression")} ({fit.MethodCode}, test {test})");
    }

    private static void CompareCoefficients(TwinScript script, IModelFit fit)
    {
        // metafor's test asks about 0; that of a pooled effect here about the value of no effect of its measure.
        var isOther = fit is PooledFit && (!fit.Measure.HasNullValue || fit.Measure.NullValue != 0);
        for (var j = 0; j < fit.Coefficients.Length; j++)
        {
            var coefficient = fit.Coefficients[j];
            if (!isOther)
            {
                script.Compare(coefficient, j + 1, degreesOfFreedom: "fit$ddf[[1]]");
                continue;
            }
            script.Compare(coefficient.Name, "fit$beta[[1]]", coefficient.Estimate);
            script.Compare($"{coefficient.Name}: standard error", "fit$se[[1]]", coefficient.StandardError);
            if (fit.Measure.HasNullValue) script.Compare($"{coefficient.Name}: {(coefficient.DegreesOfFreedom is null ? "z" : "t")}", $"(fit$beta[[1]] - {RText.Number(fit.Measure.NullValue)}) / fit$se[[1]]", coefficient.Statistic);
            script.Compare($"{coefficient.Name}: lower limit", "fit$ci.lb[[1]]", coefficient.ConfidenceInterval.Lower);
            script.Compare($"{coefficient.Name}: upper limit", "fit$ci.ub[[1]]", coefficient.ConfidenceInterval.Upper);
        }
    }

    internal static string TestOf(Inference inference) => inference switch
    {
        Inference.Normal => "z",
        Inference.StudentT => "t",
        Inference.HartungKnapp => "knha",
        Inference.HartungKnappAdHoc => "adhoc",
        _ => throw RTwin.NoTwin("Kenward-Roger inference", "metafor does not have it for these models. Write the code of the same model with Hartung-Knapp inference to check estimates and tau squared"),
    };

    private static double? StandardErrorOf(IModelFit fit) => fit switch
    {
        PooledFit pooled => pooled.TauSquaredStandardError,
        MetaRegressionFit regression => regression.TauSquaredStandardError,
        _ => null,
    };

    /// <summary>
    /// metafor stops when tau² moves by less than 1e-5 (or brackets it as roughly), whatever the unit of the effects; here by less than about 1e-12 of the variances there are. Steps of half the length
    /// do not overshoot.
    /// </summary>
    private static string Control(string method, IModelFit fit, TwinScript script)
    {
        var scale = Math.Max(fit.TauSquared ?? 0, fit.Effects.Variances.Average());
        var small = Math.Pow(10, Math.Floor(Math.Log10(scale)) - 12).ToString("0E0", CultureInfo.InvariantCulture).ToLowerInvariant();
        var control = method switch
        {
            "REML" or "ML" or "EB" => $"threshold = {small}, maxiter = 100000, stepadj = 0.5",
            "PM" or "PMM" => $"tol = {small}, maxiter = 1000, tau2.max = {RText.Number(1000 * Math.Pow(10, Math.Ceiling(Math.Log10(scale))))}",
            _ => null,
        };
        if (control is null) return "";
        script.Comment("metafor stops looking for tau squared when it moves by less than 1e-5; control lets it go on, so that all digits agree.");
        return $",\n  control = list({control})";
    }
}
