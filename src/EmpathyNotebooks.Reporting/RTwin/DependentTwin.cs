using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Multilevel and multivariate models: metafor's <c>rma.mv</c>.</summary>
internal static class DependentTwin
{
    public static RTwin Of(DependentFit fit, RobustFit? robust)
    {
        var options = (DependentOptions)((IModelFit)fit).Options;
        var script = new TwinScript(fit.Effects, robust is null ? ["metafor"] : ["metafor", "clubSandwich"]);
        if (options.Weights is not null) script.Data.AddWeights(options.Weights);
        var mods = script.Design(((IModelFit)fit).DesignColumns());
        List<string> further = [];
        WriteSamplingCovariance(script, fit);
        switch (options)
        {
            case MultilevelOptions multilevel:
                WriteLevels(script, multilevel, further);
                break;
            case MultivariateOptions multivariate:
                WriteOutcomes(script, (MultivariateFit)fit, multivariate, further);
                break;
        }
        if (options.Weights is not null) further.Add("W = dat$weight");
        var test = options.Inference == Inference.Normal ? "z" : "t";
        if (test == "t") further.Add($"dfs = \"{(options.DegreesOfFreedom == DegreesOfFreedomMethod.Contained ? "contain" : "residual")}\"");
        var starts = Starts(fit);
        if (starts.Length > 0) script.Comment("The search of metafor begins near the estimates here, for from its own start it can stop at a lower peak of the likelihood. About six digits of variances agree, more of coefficients.");
        script.Line($"fit <- rma.mv(yi, V, {(mods is null ? "" : $"mods = {mods}, ")}data = dat, method = \"{fit.MethodCode}\", test = \"{test}\", level = {RTwin.Level(fit.ConfidenceLevel)}"
            + string.Concat(further.Select(f => ", " + f)) + (starts.Length > 0 ? $",\n  control = list({starts})" : "") + ")");
        script.Line("print(fit, digits = 8)");

        for (var j = 0; j < fit.CoefficientCount; j++) script.Compare(fit.Coefficients[j], j + 1, degreesOfFreedom: $"fit$ddf[[{j + 1}]]");
        if (mods is not null) script.Compare("moderators", fit.ModeratorTest, "fit$QM", "fit$QMp");
        var components = ((IModelFit)fit).VarianceComponents;
        for (var j = 0; j < components.Length; j++) script.Compare($"sigma squared, {components[j].Level}", $"fit$sigma2[[{j + 1}]]", components[j].SigmaSquared);
        if (fit is MultivariateFit several) CompareOutcomes(script, several);
        script.Compare("Q", "fit$QE", fit.Q.Statistic);
        script.Compare("Q: p", "fit$QEp", fit.Q.PValue);
        // With weights of one's own metafor takes the likelihood at their coefficients, and not at the most likely ones.
        if (options.Weights is null) script.Compare(fit.FitStatistics);
        if (fit is MultilevelFit { PredictionInterval: { } interval })
        {
            script.Compare("prediction interval: lower limit", "predict(fit)$pi.lb[[1]]", interval.Lower);
            script.Compare("prediction interval: upper limit", "predict(fit)$pi.ub[[1]]", interval.Upper);
        }
        if (robust is not null) RobustTwin.Write(script, robust);
        return script.Done($"{(fit is MultilevelFit ? "multilevel" : "multivariate")} model ({fit.MethodCode}, test {test})");
    }

    /// <summary>Where the search of metafor begins: the estimates to two digits, kept off the bounds, from which it could not move.</summary>
    private static string Starts(DependentFit fit)
    {
        var least = 0.01 * fit.Effects.Variances.Average();
        string Variance(double value) => RText.Number(double.Parse(Math.Max(value, least).ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        List<string> starts = [];
        var components = ((IModelFit)fit).VarianceComponents;
        if (components.Length > 0) starts.Add($"sigma2.init = {RText.Vector(components.Select(c => Variance(c.SigmaSquared)))}");
        if (fit is not MultivariateFit several) return string.Join(", ", starts);
        var (covariance, g) = (several.Covariances[0], several.RandomCovarianceMatrix());
        var d = covariance.Outcomes.Length;
        starts.Add($"tau2.init = {(covariance.TauSquared is { } one ? Variance(one) : RText.Vector(Enumerable.Range(0, d).Select(i => Variance(g[i, i]))))}");
        string Correlation(double? value) => RText.Number(Math.Round(Math.Clamp(value ?? 0, -0.9, 0.9), 2));
        switch (covariance.StructureCode)
        {
            case "UN":
                starts.Add($"rho.init = {RText.Vector(Enumerable.Range(0, d).SelectMany(j => Enumerable.Range(j + 1, d - j - 1).Select(i => Correlation(several.Correlation(covariance.Outcomes[i].Outcome, covariance.Outcomes[j].Outcome)))))}");
                break;
            case "CAR":
                starts.Add($"rho.init = {RText.Number(Math.Round(Math.Clamp(covariance.CommonCorrelation ?? 0.5, 0.05, 0.95), 2))}");
                break;
            case not "DIAG":
                starts.Add($"rho.init = {Correlation(covariance.CommonCorrelation)}");
                break;
        }
        return string.Join(", ", starts);
    }

    /// <summary>V by the rule that made it, where there is one; else its numbers.</summary>
    private static void WriteSamplingCovariance(TwinScript script, DependentFit fit)
    {
        switch (fit.SamplingCovariance)
        {
            case null:
                script.Line("V <- dat$vi");
                return;
            case AssumedCorrelation assumed:
                script.Comment("The covariance of sampling errors: correlated within clusters, independent between them.");
                var cluster = script.Data.Texts(assumed.Cluster);
                script.Line($"R <- {Number(assumed.Correlation)} * outer({cluster}, {cluster}, \"==\")");
                if (assumed.Kind is { } kind) script.Line($"R <- ifelse(outer({script.Data.Texts(kind)}, {script.Data.Texts(kind)}, \"==\"), R, {Number(assumed.CorrelationBetweenKinds!.Value)} * outer({cluster}, {cluster}, \"==\"))");
                if (assumed.Subgroup is { } subgroup) script.Line($"R <- R * outer({script.Data.Texts(subgroup)}, {script.Data.Texts(subgroup)}, \"==\")");
                if (assumed.Time is { } time) script.Line($"R <- R * {Number(assumed.Autocorrelation!.Value)}^abs(outer({script.Data.Numbers(time)}, {script.Data.Numbers(time)}, \"-\"))");
                script.Line("diag(R) <- 1");
                script.Line("V <- R * sqrt(outer(dat$vi, dat$vi))");
                return;
            default:
                script.Comment("The covariance of sampling errors as it was computed: row, column, value.");
                var v = fit.SamplingCovarianceMatrix();
                var places = Enumerable.Range(0, fit.Count).SelectMany(i => Enumerable.Range(0, i).Where(j => v[i, j] != 0).Select(j => (Row: i, Column: j))).ToList();
                script.Line("V <- diag(dat$vi)");
                if (places.Count == 0) return;
                script.Line($"row <- {RText.Vector(places.Select(p => Count(p.Row + 1)))}");
                script.Line($"column <- {RText.Vector(places.Select(p => Count(p.Column + 1)))}");
                script.Line($"V[cbind(row, column)] <- V[cbind(column, row)] <- {RText.Vector(places.Select(p => v[p.Row, p.Column]))}");
                return;
        }
    }

    private static void WriteLevels(TwinScript script, MultilevelOptions options, List<string> further)
    {
        if (options.KnownRelations.Count > 0) throw RTwin.NoTwin("levels with known correlations", "metafor has them (R =), but this code is not written here yet");
        List<string> names = [];
        string? outer = null;
        foreach (var level in options.Levels) names.Add(outer = WriteLevel(script, level, outer, names.Count + 1));
        foreach (var factor in options.CrossedFactors) names.Add(WriteLevel(script, factor, null, names.Count + 1));
        AddRandom(further, names.Select(n => $"~ 1 | {n}"), [.. options.Levels, .. options.CrossedFactors], options);
    }

    private static void AddRandom(List<string> further, IEnumerable<string> formulas, IReadOnlyList<string> levels, DependentOptions options)
    {
        string[] random = [.. formulas];
        if (random.Length == 0) return;
        further.Add($"random = list({string.Join(", ", random)})");
        if (options.FixedSigmaSquared.Count > 0) further.Add($"sigma2 = {RText.Vector(levels.Select(l => options.FixedSigmaSquared.TryGetValue(l, out var held) ? RText.Number(held) : "NA"))}");
    }

    /// <summary>The groups of a level as numbers; groups within an outer level are told apart by both.</summary>
    private static string WriteLevel(TwinScript script, string level, string? outer, int place)
    {
        var name = $"level{place.ToString(CultureInfo.InvariantCulture)}";
        var own = level == MultilevelModel.EachEffect ? "seq_len(nrow(dat))" : Groups(script.Data.Texts(level));
        script.Line($"dat${name} <- {(outer is null ? own : Groups($"paste(dat${outer}, {own})", isLong: true))}  # {RText.Quote(level)}");
        return name;

        static string Groups(string values, bool isLong = false) => isLong ? $"(function(x) match(x, unique(x)))({values})" : $"match({values}, unique({values}))";
    }

    private static void WriteOutcomes(TwinScript script, MultivariateFit fit, MultivariateOptions options, List<string> further)
    {
        if (options.Second is not null) throw RTwin.NoTwin("a second covariance matrix of true effects", "metafor has it, but this code is not written here yet");
        if (options.Fixed != new FixedComponents()) throw RTwin.NoTwin("variances or correlations of outcomes that are held", "metafor has them (tau2 =, rho =), but this code is not written here yet");
        var cluster = WriteLevel(script, fit.Cluster, null, 1);
        var covariance = fit.Covariances[0];
        var isOverTime = covariance.StructureCode is "AR" or "HAR" or "CAR";
        script.Line("dat$outcome <- " + (isOverTime ? script.Data.Numbers(fit.OutcomeColumn)
            : $"factor({script.Data.Texts(fit.OutcomeColumn)}, levels = {RText.Vector(covariance.Outcomes.Select(o => RText.Quote(o.Outcome)))})"));
        List<string> names = [];
        var outer = cluster;
        foreach (var level in options.Levels) names.Add(outer = WriteLevel(script, level, outer, names.Count + 2));
        AddRandom(further, names.Select(n => $"~ 1 | {n}").Prepend($"~ outcome | {cluster}"), options.Levels, options);
        further.Add($"struct = \"{covariance.StructureCode}\"");
    }

    private static void CompareOutcomes(TwinScript script, MultivariateFit fit)
    {
        var (covariance, g) = (fit.Covariances[0], fit.RandomCovarianceMatrix());
        for (var i = 0; i < covariance.Outcomes.Length; i++)
        {
            script.Compare($"tau squared, {covariance.Outcomes[i].Outcome}", $"fit$G[{Count(i + 1)}, {Count(i + 1)}]", g[i, i]);
            for (var j = 0; j < i; j++) script.Compare($"covariance, {covariance.Outcomes[j].Outcome} and {covariance.Outcomes[i].Outcome}", $"fit$G[{Count(i + 1)}, {Count(j + 1)}]", g[i, j]);
        }
    }

    private static string Number(double value) => RText.Number(value);

    private static string Count(int value) => value.ToString(CultureInfo.InvariantCulture);
}
