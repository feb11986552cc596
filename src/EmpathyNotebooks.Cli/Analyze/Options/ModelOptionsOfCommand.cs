using System.CommandLine;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>Which model is fitted.</summary>
internal sealed class ModelOptionsOfCommand
{
    private readonly Option<string[]> _moderators = OptionOf.Texts("--moderator",
        $"What may explain differences; texts are categories, numbers are continuous. Write {ModeratorText.Grammar}. May be given several times.", "TERM");

    private readonly Option<string[]> _references = OptionOf.Texts("--reference", "The category the others are compared with: COLUMN=CATEGORY. Default: the first in order.", "COLUMN=CATEGORY");
    private readonly Option<bool> _sums = OptionOf.Flag("--sum-contrasts", "Compare categories with the mean of all, not with a reference.");
    private readonly Option<bool> _noIntercept = OptionOf.Flag("--no-intercept", "No intercept: one mean for each category.");
    private readonly Option<string[]> _scale = OptionOf.Texts("--scale", "What may explain how much effects differ (location-scale model, with REML or ML); written as for --moderator.", "TERM");
    private readonly Option<string?> _weights = OptionOf.Text("--weights", "A column of weights to pool with, in place of the model's own.");

    private readonly Option<string?> _method = OptionOf.Choice("--method", $"The model: {string.Join(" ", ModelChoices.Methods)}. EE and FE have no tau squared; MH (Mantel-Haenszel, with --measure OR, RR, RD, IRR or IRD) and PETO "
        + "pool the counts of two-by-two tables; the others name the estimator of tau squared.", ModelChoices.Methods, "REML");

    private readonly Option<string?> _test = OptionOf.Choice("--test", "Standard errors, tests and intervals: z (normal), t, knha (Hartung-Knapp), adhoc (Hartung-Knapp, never narrower than t), "
        + "kr (Kenward-Roger, with REML). Default: knha; z for EE and FE.", ModelChoices.TestNames, null);

    private readonly Option<double> _level = OptionOf.Level("--level", "The level of all intervals, in percent or as a fraction: 95 or 0.95.");
    private readonly Option<string[]> _clusters = OptionOf.Texts("--cluster", "The column that says which effects share a sample; a second one names groups within it.");

    private readonly Option<string?> _model = OptionOf.Choice("--model", "With --cluster: aggregate (average within clusters first), multilevel (clusters, then effects), che (multilevel with correlated sampling errors), "
        + "corr and hier (robust variance estimation with correlated or hierarchical weights, as robumeta).", ["aggregate", "multilevel", "che", "corr", "hier"], "che");

    private readonly Option<double> _rho = OptionOf.Number("--rho",
        "The assumed correlation of sampling errors within a cluster, for aggregate, che and corr (there 0.8 if not said, as in robumeta). It cannot be estimated: try several.",
        "RHO", 0.6, given => given is >= 0 and < 1, "give a correlation from 0 to below 1.");

    private readonly Option<string?> _robust = OptionOf.Choice("--robust", "With --cluster and multilevel, che, corr or hier: cluster-robust inference, CR2 (for few clusters), CR1, or none.", ["CR2", "CR1", "none"], "CR2");

    public IEnumerable<Option> All => [_moderators, _references, _sums, _noIntercept, _scale, _weights, _method, _test, _level, _clusters, _model, _rho, _robust];

    /// <summary>True for methods that pool counts and no effects.</summary>
    public bool PoolsCounts(ParseResult parsed) => parsed.GetValue(_method) is "MH" or "PETO";

    /// <summary>What was said, with moderators read by the columns of the table.</summary>
    public ModelChoices Read(ParseResult parsed, StudyTable table)
    {
        var dependence = Dependence(parsed);
        var text = new ModeratorText(table, new CategoryCoding(References(parsed.GetValue(_references) ?? []), parsed.GetValue(_sums)));
        var (terms, scaleTerms) = (parsed.GetValue(_moderators) ?? [], parsed.GetValue(_scale) ?? []);
        parsed.Needs(_noIntercept, terms.Length > 0, "--moderator");
        parsed.Needs(_sums, terms.Length + scaleTerms.Length > 0, "--moderator");
        parsed.Needs(_references, terms.Length + scaleTerms.Length > 0, "--moderator");
        parsed.Needs(_model, dependence is not null, "--cluster");
        parsed.Needs(_rho, dependence is not null, "--cluster");
        parsed.Needs(_rho, dependence is not { Model: "hier" or "multilevel" }, "--model che, corr or aggregate");
        parsed.Needs(_robust, dependence is not null, "--cluster");
        parsed.Needs(_robust, dependence is not { Model: "aggregate" }, "--model multilevel, che, corr or hier");
        return new ModelChoices
        {
            Method = parsed.GetValue(_method)!,
            Test = parsed.GetValue(_test),
            Level = parsed.GetValue(_level),
            Moderators = terms.Length == 0 ? null : text.Read(terms, !parsed.GetValue(_noIntercept)),
            Scale = scaleTerms.Length == 0 ? null : text.Read(scaleTerms),
            Weights = parsed.GetValue(_weights),
            Dependence = dependence,
            Columns = [.. text.Columns],
        };
    }

    private DependenceChoices? Dependence(ParseResult parsed)
    {
        var (clusters, model, robust) = (parsed.GetValue(_clusters) ?? [], parsed.GetValue(_model)!, parsed.GetValue(_robust)!);
        var rho = parsed.Said(_rho) || model != "corr" ? parsed.GetValue(_rho) : new RobustVarianceOptions().SamplingCorrelation;
        return clusters.Length switch
        {
            0 => null,
            > 2 => throw new BadInputException("--cluster: at most two columns, the outer and the inner one."),
            2 when model == "aggregate" => throw new BadInputException("--model aggregate: give one --cluster, the one to average within."),
            2 when model is "corr" or "hier" => throw new BadInputException($"--model {model}: give one --cluster, whose values are independent of one another."),
            _ => new DependenceChoices(clusters, model, rho, robust == "none" ? null : Enum.Parse<SmallSampleCorrection>(robust)),
        };
    }

    private static Dictionary<string, string> References(string[] texts)
    {
        var references = new Dictionary<string, string>();
        foreach (var text in texts)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || at == text.Length - 1) throw new BadInputException($"--reference {text}: write COLUMN=CATEGORY, for example rater=client.");
            references[text[..at].Trim()] = text[(at + 1)..].Trim();
        }
        return references;
    }
}
