using System.Collections.Immutable;
using System.Text;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>A script while it is written: data first, then the model, then what is compared.</summary>
internal sealed class TwinScript(RData data, params string[] libraries)
{
    private readonly StringBuilder _code = new();
    private readonly StringBuilder _comparisons = new();
    private readonly ImmutableArray<TwinNumber>.Builder _numbers = ImmutableArray.CreateBuilder<TwinNumber>();

    public TwinScript(StudyEffects effects, params string[] libraries)
        : this(new RData(effects), libraries)
    {
    }

    public RData Data { get; } = data;

    public void Line(string code) => _code.Append(code).Append('\n');

    public void Comment(string text) => _code.Append("# ").Append(text).Append('\n');

    /// <summary>A number to compare.</summary>
    public void Compare(string name, string expression, double? value)
    {
        if (value is not { } number || !double.IsFinite(number)) return;
        _numbers.Add(new TwinNumber(name, expression, number));
        _comparisons.Append("say(").Append(RText.Quote(name)).Append(", ").Append(expression).Append(")  # ").Append(RText.Shown(number)).Append('\n');
    }

    /// <summary>All numbers of a coefficient, from the lists of a fit of metafor.</summary>
    public void Compare(Coefficient coefficient, int place, string fit = "fit", string suffix = "", string? degreesOfFreedom = null)
    {
        var name = coefficient.Name;
        string At(string list) => $"{fit}${list}{suffix}[[{place}]]";
        Compare(name, suffix.Length == 0 ? At("beta") : $"{fit}$alpha[[{place}]]", coefficient.Estimate);
        if (!coefficient.HasStandardError) return;
        Compare($"{name}: standard error", At("se"), coefficient.StandardError);
        if (coefficient.DegreesOfFreedom is { } df && degreesOfFreedom is not null) Compare($"{name}: degrees of freedom", degreesOfFreedom, df);
        Compare($"{name}: {(coefficient.DegreesOfFreedom is null ? "z" : "t")}", At("zval"), coefficient.Statistic);
        Compare($"{name}: p", At("pval"), coefficient.PValue);
        Compare($"{name}: lower limit", At("ci.lb"), coefficient.ConfidenceInterval.Lower);
        Compare($"{name}: upper limit", At("ci.ub"), coefficient.ConfidenceInterval.Upper);
    }

    /// <summary>An omnibus test.</summary>
    public void Compare(string name, ModeratorTest? test, string statistic, string p)
    {
        if (test is not { Exists: true } found) return;
        Compare($"{name}: {(found.DenominatorDegreesOfFreedom is null ? "chi squared" : "F")}", statistic, found.Statistic);
        Compare($"{name}: p", p, found.PValue);
    }

    public void Compare(FitStatistics? statistics)
    {
        if (statistics is not { } found) return;
        Compare("log-likelihood", "as.numeric(logLik(fit))", found.LogLikelihood);
        Compare("AIC", "AIC(fit)", found.Aic);
        Compare("BIC", "BIC(fit)", found.Bic);
    }

    /// <summary>The columns of a design as columns of the data frame, and the formula with them.</summary>
    /// <param name="columns">How they are made.</param>
    /// <param name="letter">x for the mean, z for the scale.</param>
    /// <returns>For example <c>~ x1 + x2</c>; null for the intercept alone.</returns>
    public string? Design(ImmutableArray<DesignRecipe> columns, char letter = 'x')
    {
        if (columns is [{ IsIntercept: true }]) return null;
        var terms = new List<string>();
        foreach (var column in columns.Where(c => !c.IsIntercept))
        {
            var name = $"{letter}{terms.Count + 1}";
            terms.Add(name);
            Line($"dat${name} <- {string.Join(" * ", column.Factors.Select(Factor))}  # {RText.Quote(column.Name)}");
        }
        return "~ " + string.Join(" + ", terms) + (columns.Any(c => c.IsIntercept) ? "" : " - 1");
    }

    public RTwin Done(string what)
    {
        var head = $"""
            # The R twin of an analysis: {what}.
            # It was written by EmpathyNotebooks. Each line at the end prints a number of R; the comment beside it is the number of EmpathyNotebooks.
            # Scripts of this kind were compared with R 4.2.2, {string.Join(", ", libraries.Select(Version))}.

            """.ReplaceLineEndings("\n");
        var script = head + string.Concat(libraries.Select(l => $"library({l})\n")) + "\n" + Data.Code() + "\n" + _code + "\n"
            + "say <- function(what, value) cat(sprintf(\"%-50s %.12g\\n\", encodeString(what), value))\n" + _comparisons;
        return new RTwin(script, _numbers.ToImmutable());
    }

    private static string Version(string library) => library switch
    {
        "metafor" => "metafor 3.8-1",
        "clubSandwich" => "clubSandwich 0.5.8",
        "robumeta" => "robumeta 2.0",
        _ => library,
    };

    private string Factor(DesignFactor factor)
    {
        switch (factor)
        {
            case CategoryFactor category:
                var column = Data.Texts(category.Column);
                return category.Against is null ? $"as.numeric({column} == {RText.Quote(category.Category)})"
                    : $"(({column} == {RText.Quote(category.Category)}) - ({column} == {RText.Quote(category.Against)}))";
            case NumberFactor number:
                var x = Data.Numbers(number.Column);
                if (number.Centre != 0) x = $"({x} - {RText.Number(number.Centre)})";
                if (number.Unit != 1) x = $"({x} / {RText.Number(number.Unit)})";
                return number.Knot >= 0 ? Piece(x, [.. number.Knots], number.Knot) : number.Power > 1 ? $"{x}^{number.Power}" : x;
            default:
                throw new InvalidOperationException($"A factor of the kind {factor.GetType().Name} is not written in R.");
        }
    }

    // Where a piece starts at 0 it grows by the cube; those at the last two knots make it a straight line beyond them.
    private static string Piece(string x, double[] knots, int knot)
    {
        double first = knots[0], last = knots[^1], before = knots[^2], at = knots[knot];
        string Cube(double from) => $"pmax({x} - {RText.Number(from)}, 0)^3";
        return $"(({Cube(at)} - {Cube(before)} * {RText.Number((last - at) / (last - before))} + {Cube(last)} * {RText.Number((before - at) / (last - before))}) / {RText.Number((last - first) * (last - first))})";
    }
}
