using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Cluster-robust inference for a fit of metafor: clubSandwich.</summary>
internal static class RobustTwin
{
    public static void Write(TwinScript script, RobustFit robust)
    {
        var (vcov, test, df, p) = robust.Correction switch
        {
            SmallSampleCorrection.CR2 => ("CR2", "Satterthwaite", "df_Satt", "p_Satt"),
            SmallSampleCorrection.CR1 => ("CR1", "naive-t", "df_t", "p_t"),
            SmallSampleCorrection.CR1p => ("CR1p", "naive-tp", "df_tp", "p_tp"),
            SmallSampleCorrection.CR0 => ("CR0", "naive-t", "df_t", "p_t"),
            _ => throw RTwin.NoTwin($"the correction {robust.Correction}", "clubSandwich does not have it"),
        };
        var cluster = robust.Cluster == MultilevelModel.EachEffect ? "seq_len(nrow(dat))" : script.Data.Texts(robust.Cluster);
        script.Line("");
        script.Comment($"Cluster-robust inference. clubSandwich has p and limits by {test}.");
        script.Line($"robust <- coef_test(fit, vcov = \"{vcov}\", cluster = {cluster}, test = \"{test}\")");
        script.Line($"limits <- conf_int(fit, vcov = \"{vcov}\", cluster = {cluster}, test = \"{test}\", level = {RText.Number(robust.ConfidenceLevel)})");
        script.Line("print(robust, digits = 8)");
        for (var j = 0; j < robust.Coefficients.Length; j++)
        {
            var coefficient = robust.Coefficients[j];
            if (!coefficient.HasStandardError) continue;
            var (name, at) = ($"{coefficient.Name}: robust", $"[[{j + 1}]]");
            script.Compare($"{name} standard error", $"robust$SE{at}", coefficient.StandardError);
            script.Compare($"{name} t", $"robust$tstat{at}", coefficient.Statistic);
            script.Compare($"{name} degrees of freedom", $"robust${df}{at}", coefficient.DegreesOfFreedom);
            script.Compare($"{name} p", $"robust${p}{at}", coefficient.PValue);
            script.Compare($"{name} lower limit", $"limits$CI_L{at}", coefficient.ConfidenceInterval.Lower);
            script.Compare($"{name} upper limit", $"limits$CI_U{at}", coefficient.ConfidenceInterval.Upper);
        }
    }
}
