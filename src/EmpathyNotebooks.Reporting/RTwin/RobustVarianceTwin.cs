using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Robust variance estimation: robumeta's <c>robu</c>.</summary>
internal static class RobustVarianceTwin
{
    public static RTwin Of(RobustVarianceFit fit)
    {
        var small = fit.Options.Correction switch
        {
            SmallSampleCorrection.CR2 => "TRUE",
            SmallSampleCorrection.CR1p => "FALSE",
            _ => throw RTwin.NoTwin($"robust variance estimation with the correction {fit.Options.Correction}", "robumeta has CR2 (small = TRUE) and CR1p (small = FALSE)"),
        };
        var script = new TwinScript(fit.Effects, "robumeta");
        var mods = script.Design(((IModelFit)fit).DesignColumns()) ?? "~ 1";
        script.Line($"dat$cluster <- {script.Data.Texts(fit.Cluster)}");
        var isCorrelated = fit.WorkingModel == WorkingModel.Correlated;
        script.Line($"fit <- robu(yi {mods}, data = dat, studynum = cluster, var.eff.size = vi, modelweights = \"{fit.ModelCode}\", {(isCorrelated ? $"rho = {RText.Number(fit.Options.SamplingCorrelation)}, " : "")}small = {small})");
        script.Line("print(fit)");
        script.Line("found <- fit$reg_table");
        var tail = RText.Number(1 - (1 - fit.Options.ConfidenceLevel) / 2);
        for (var j = 0; j < fit.Coefficients.Length; j++)
        {
            var (coefficient, at) = (fit.Coefficients[j], $"[[{j + 1}]]");
            script.Compare(coefficient.Name, $"found$b.r{at}", coefficient.Estimate);
            if (!coefficient.HasStandardError) continue;
            script.Compare($"{coefficient.Name}: standard error", $"found$SE{at}", coefficient.StandardError);
            script.Compare($"{coefficient.Name}: t", $"found$t{at}", coefficient.Statistic);
            script.Compare($"{coefficient.Name}: degrees of freedom", $"found$dfs{(small == "TRUE" ? at : "[[1]]")}", coefficient.DegreesOfFreedom);
            script.Compare($"{coefficient.Name}: p", $"found$prob{at}", coefficient.PValue);
            script.Compare($"{coefficient.Name}: lower limit", $"found$b.r{at} - qt({tail}, found$dfs{(small == "TRUE" ? at : "[[1]]")}) * found$SE{at}", coefficient.ConfidenceInterval.Lower);
            script.Compare($"{coefficient.Name}: upper limit", $"found$b.r{at} + qt({tail}, found$dfs{(small == "TRUE" ? at : "[[1]]")}) * found$SE{at}", coefficient.ConfidenceInterval.Upper);
        }
        script.Compare("tau squared", "fit$mod_info$tau.sq[[1]]", fit.TauSquared);
        if (!isCorrelated) script.Compare("omega squared", "fit$mod_info$omega.sq[[1]]", fit.OmegaSquared);
        return script.Done($"robust variance estimation ({fit.ModelCode})");
    }
}
