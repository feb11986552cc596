using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Location-scale models: metafor's <c>rma(scale = )</c>.</summary>
internal static class LocationScaleTwin
{
    public static RTwin Of(LocationScaleFit fit)
    {
        var script = new TwinScript(fit.Effects, "metafor");
        var mods = script.Design(((IModelFit)fit).DesignColumns());
        var scale = script.Design(fit.ScaleDesignColumns(), 'z') ?? "~ 1";
        var test = IndependentTwin.TestOf(fit.Options.Inference);
        script.Comment("R needs the package numDeriv for the standard errors of the scale, which metafor finds by differences: they agree to about six digits.");
        script.Line($"fit <- rma(yi, vi, {(mods is null ? "" : $"mods = {mods}, ")}scale = {scale}, data = dat, method = \"{fit.MethodCode}\", test = \"{test}\", level = {RTwin.Level(fit.Options.ConfidenceLevel)})");
        script.Line("print(fit, digits = 8)");
        for (var j = 0; j < fit.LocationCoefficients.Length; j++) script.Compare(fit.LocationCoefficients[j], j + 1, degreesOfFreedom: "fit$ddf[[1]]");
        for (var j = 0; j < fit.ScaleCoefficients.Length; j++)
        {
            var coefficient = fit.ScaleCoefficients[j];
            script.Compare(coefficient with { Name = "scale, " + coefficient.Name }, j + 1, suffix: ".alpha", degreesOfFreedom: "fit$ddf.alpha[[1]]");
        }
        script.Compare("moderators", fit.LocationTest, "fit$QM", "fit$QMp");
        script.Compare("scale", fit.ScaleTest, "fit$QS", "fit$QSp");
        script.Compare(fit.FitStatistics);
        return script.Done($"location-scale model ({fit.MethodCode}, test {test})");
    }
}
