using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Counts pooled as tables or rates: metafor's <c>rma.mh</c> and <c>rma.peto</c>.</summary>
internal static class CountsTwin
{
    public static RTwin Of(TwoByTwoFit fit)
    {
        (string Name, Func<int, double> Of)[] counts = fit.Rates.IsEmpty
            ? [("ai", i => fit.Tables[i].Table.A), ("bi", i => fit.Tables[i].Table.B), ("ci", i => fit.Tables[i].Table.C), ("di", i => fit.Tables[i].Table.D)]
            : [("x1i", i => fit.Rates[i].Events1), ("t1i", i => fit.Rates[i].Time1), ("x2i", i => fit.Rates[i].Events2), ("t2i", i => fit.Rates[i].Time2)];
        var script = new TwinScript(new RData(fit.Labels), "metafor");
        foreach (var (name, of) in counts) script.Data.AddNumbers(name, Enumerable.Range(0, fit.Count).Select(of));
        var columns = string.Join(", ", counts.Select(c => $"{c.Name} = {c.Name}"));
        var isPeto = fit.MethodCode == "PETO";
        script.Line($"fit <- {(isPeto ? "rma.peto(" : "rma.mh(")}{columns}, {(isPeto ? "" : $"measure = \"{fit.Measure.Code}\", ")}data = dat, level = {RTwin.Level(fit.Options.ConfidenceLevel)})");
        script.Line("print(fit, digits = 8)");
        script.Compare("pooled", "fit$beta[[1]]", fit.Estimate);
        script.Compare("pooled: standard error", "fit$se[[1]]", fit.StandardError);
        script.Compare("pooled: z", "fit$zval[[1]]", fit.Statistic);
        script.Compare("pooled: p", "fit$pval[[1]]", fit.PValue);
        script.Compare("pooled: lower limit", "fit$ci.lb[[1]]", fit.ConfidenceInterval.Lower);
        script.Compare("pooled: upper limit", "fit$ci.ub[[1]]", fit.ConfidenceInterval.Upper);
        return script.Done($"counts pooled ({fit.MethodCode}, {fit.Measure.Code}), logarithms for ratios");
    }
}
