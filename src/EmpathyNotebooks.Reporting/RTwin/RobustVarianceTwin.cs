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
        var unit = Unit(fit);
        var mods = script.Design(((IModelFit)fit).DesignColumns()) ?? "~ 1";
        script.Line($"dat$cluster <- {script.Data.Texts(fit.Cluster)}");
        var isCorrelated = fit.WorkingModel == WorkingModel.Correlated;
        if (unit != 1)
        {
            script.Comment("robumeta loses digits where variances are tiny or huge; in another unit, which is taken back below, it does not.");
            script.Line($"dat$yi <- dat$yi / {RText.Number(unit)}");
            script.Line($"dat$vi <- dat$vi / {RText.Number(unit)}^2");
        }
        var (times, squared) = unit == 1 ? ("", "") : ($" * {RText.Number(unit)}", $" * {RText.Number(unit)}^2");
        script.Line($"fit <- robu(yi {mods}, data = dat, studynum = cluster, var.eff.size = vi, modelweights = \"{fit.ModelCode}\", {(isCorrelated ? $"rho = {RText.Number(fit.Options.SamplingCorrelation)}, " : "")}small = {small})");
        script.Line("print(fit); cat(\"\\n\")");
        script.Line("found <- fit$reg_table");
        var tail = RText.Number(1 - (1 - fit.Options.ConfidenceLevel) / 2);
        for (var j = 0; j < fit.Coefficients.Length; j++)
        {
            var (coefficient, at) = (fit.Coefficients[j], $"[[{j + 1}]]");
            script.Compare(coefficient.Name, $"found$b.r{at}{times}", coefficient.Estimate);
            if (!coefficient.HasStandardError) continue;
            var df = $"found$dfs{(small == "TRUE" ? at : "[[1]]")}";
            script.Compare($"{coefficient.Name}: standard error", $"found$SE{at}{times}", coefficient.StandardError);
            script.Compare($"{coefficient.Name}: t", $"found$t{at}", coefficient.Statistic);
            script.Compare($"{coefficient.Name}: degrees of freedom", df, coefficient.DegreesOfFreedom);
            script.Compare($"{coefficient.Name}: p", $"found$prob{at}", coefficient.PValue);
            script.Compare($"{coefficient.Name}: lower limit", $"(found$b.r{at} - qt({tail}, {df}) * found$SE{at}){times}", coefficient.ConfidenceInterval.Lower);
            script.Compare($"{coefficient.Name}: upper limit", $"(found$b.r{at} + qt({tail}, {df}) * found$SE{at}){times}", coefficient.ConfidenceInterval.Upper);
        }
        script.Compare("tau squared", $"fit$mod_info$tau.sq[[1]]{squared}", fit.TauSquared);
        if (!isCorrelated) script.Compare("omega squared", $"fit$mod_info$omega.sq[[1]]{squared}", fit.OmegaSquared);
        return script.Done($"robust variance estimation ({fit.ModelCode})");
    }

    /// <summary>A power of ten in which the variances are neither tiny nor huge; 1 where they are not anyway.</summary>
    private static double Unit(RobustVarianceFit fit) => fit.Effects.Variances.Average() is var v and (< 1e-3 or > 1e3) ? Math.Pow(10, Math.Floor(Math.Log10(v) / 2)) : 1;
}
