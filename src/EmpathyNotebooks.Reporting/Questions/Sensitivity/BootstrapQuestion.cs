using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How uncertain are estimate, τ² and I² without the distributions that the model takes them to have?</summary>
internal sealed class BootstrapQuestion : SensitivityQuestion
{
    public const string ByName = "--bootstrap";
    private const string KindName = "--bootstrap-kind";
    private const string IntervalName = "--bootstrap-interval";

    private const ulong Fewest = 99;
    private const ulong Most = 10_000_000;

    /// <summary>How many where each takes a search over several parameters and nothing is said; a BCa interval needs a thousand.</summary>
    private const int UsualOfSearches = 2_000;

    private static readonly (string Word, BootstrapKind Kind)[] Kinds =
        [("case", BootstrapKind.Case), ("cluster", BootstrapKind.Cluster), ("parametric", BootstrapKind.Parametric), ("residual", BootstrapKind.Residual)];

    private static readonly (string Word, BootstrapIntervalKind Kind)[] Intervals =
        [("bca", BootstrapIntervalKind.BiasCorrectedAccelerated), ("percentile", BootstrapIntervalKind.Percentile), ("basic", BootstrapIntervalKind.Basic), ("studentised", BootstrapIntervalKind.Studentised)];

    public override string Name => "bootstrap";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.WholeNumber, $"Bootstrap intervals of coefficients, τ² and I² from so many replicates, {Fewest} or more. With {All} 10,000 if not said, 2,000 of multilevel and location-scale models.") { HelpName = "NUMBER", Example = "10000" },
        new(KindName, OptionKind.Choice, "How replicates are made: studies (case) or whole clusters drawn with replacement, new effects from the fitted model (parametric), or residuals. Clusters where effects share samples, else studies, if not said.")
        {
            HelpName = "KIND", Choices = [.. Kinds.Select(k => k.Word)], Example = "parametric", Needs = $"{ByName} or {All}", IsUsable = said => said.Has(ByName) || said.Has(All),
        },
        new(IntervalName, OptionKind.Choice, "The bootstrap interval: bca (bias-corrected and accelerated) if not said, percentile, basic or studentised.")
        {
            HelpName = "KIND", Choices = [.. Intervals.Select(k => k.Word)], Example = "percentile", Needs = $"{ByName} or {All}", IsUsable = said => said.Has(ByName) || said.Has(All),
        },
    ];

    internal override string Schema =>
        """
        "bootstrap": {
          "type": "object",
          "properties": {
            "replicates": { "type": "integer", "minimum": 1 }, "failed": { "type": "integer", "minimum": 0 },
            "kind": { "enum": ["case", "cluster", "parametric", "residual"] }, "interval": { "enum": ["bca", "percentile", "basic", "studentised"] },
            "statistics": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "name": { "type": "string" }, "estimate": { "$ref": "#/$defs/number" }, "bias": { "$ref": "#/$defs/number" }, "standardError": { "$ref": "#/$defs/number" },
                  "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" }, "interval": { "enum": ["bca", "percentile", "basic", "studentised"] }
                },
                "required": ["name", "estimate", "bias", "standardError", "lower", "upper", "interval"],
                "additionalProperties": false
              }
            }
          },
          "required": ["replicates", "failed", "kind", "interval", "statistics"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<FitBootstrap>(Say), Saying.Of<FitJackknife>(Say)];

    private protected override string Alone => ByName;

    private protected override Answer Of(IModelFit fit, Inquiry inquiry)
    {
        var options = new FitBootstrapOptions();
        if (fit is not (PooledFit or MetaRegressionFit)) options = options with { Replicates = UsualOfSearches };
        if (inquiry.Said.WholeNumber(ByName) is { } number)
        {
            if (number is < Fewest or > Most) throw new QuestionException(ByName, $"{ByName} {number}: give a number from {StatisticText.Count((long)Fewest)} to {StatisticText.Count((long)Most)}, for example 10000.");
            options = options with { Replicates = (int)number };
        }
        if (inquiry.Said.Text(KindName) is { } kind) options = options with { Kind = Kinds.First(k => k.Word == kind).Kind };
        if (inquiry.Said.Text(IntervalName) is { } interval) options = options with { Interval = Intervals.First(k => k.Word == interval).Kind };
        if (inquiry.Said.WholeNumber("--seed") is { } seed) options = options with { Seed = seed };
        if (options.Kind is { } asked && WhereDefined(fit, asked) is { } where) throw new QuestionException(KindName, $"{KindName} {Kinds.First(k => k.Kind == asked).Word} is defined for {where}.") { Where = where };
        var bootstrap = fit.Bootstrap(options, inquiry.ProgressOf(Name), inquiry.Cancellation);
        return new Answer(Say(bootstrap))
        {
            Sentence = Sentence(bootstrap),
            Warnings = bootstrap.Warnings,
            Json = json => json.Object("bootstrap", bootstrap, _ => Write(json, bootstrap)),
        };
    }

    /// <summary>For which fits a kind is defined, where this is none of them.</summary>
    private static string? WhereDefined(IModelFit fit, BootstrapKind kind) => kind switch
    {
        BootstrapKind.Case when fit.Clusters is not null => "models of independent effects; where effects share samples take --bootstrap-kind cluster",
        BootstrapKind.Cluster when fit.Clusters is null => "models whose effects share samples",
        BootstrapKind.Parametric when fit is RobustVarianceFit or SelectionFit => "models that say how effects are distributed, not for robust variance estimation",
        BootstrapKind.Residual when fit.Clusters is not null || fit.EffectResiduals() is null => "models of independent effects that have standardised residuals",
        _ => null,
    };

    private static void Write(Utf8JsonWriter json, FitBootstrap bootstrap)
    {
        json.WriteNumber("replicates", bootstrap.Replicates);
        json.WriteNumber("failed", bootstrap.Failed);
        json.WriteString("kind", Kinds.First(k => k.Kind == bootstrap.Kind).Word);
        json.WriteString("interval", Word(bootstrap.IntervalKind));
        json.Array("statistics", bootstrap.Statistics, (_, statistic) =>
        {
            json.WriteString("name", statistic.Name);
            json.Number("estimate", statistic.Estimate);
            json.Number("bias", statistic.Bias);
            json.Number("standardError", statistic.StandardError);
            json.Number("lower", statistic.Interval.Lower);
            json.Number("upper", statistic.Interval.Upper);
            json.WriteString("interval", Word(statistic.IntervalKind));
        });

        static string Word(BootstrapIntervalKind kind) => Intervals.First(k => k.Kind == kind).Word;
    }

    private static string Sentence(FitBootstrap bootstrap)
    {
        var fit = bootstrap.Fit;
        var (first, level) = (bootstrap.Statistics[0], StatisticText.Level(fit.ConfidenceLevel));
        var shown = ShownOf(fit, first.Name);
        var own = fit.Coefficients.FirstOrDefault(c => c.Name == first.Name) is { Name: not null, HasStandardError: true } c ? $"; by the model {level} CI [{shown(c.ConfidenceInterval.Lower)}, {shown(c.ConfidenceInterval.Upper)}]" : "";
        return $"By bootstrap {NameOf(fit, first.Name)} = {shown(first.Estimate)}, {level} {FitBootstrap.NameOf(first.IntervalKind)} CI [{shown(first.Interval.Lower)}, {shown(first.Interval.Upper)}] "
            + $"({StatisticText.Count(bootstrap.Replicates - bootstrap.Failed)} replicates of {bootstrap.Drawn}){own}.";
    }

    private static Table Say(FitBootstrap bootstrap)
    {
        var fit = bootstrap.Fit;
        var level = StatisticText.Level(fit.ConfidenceLevel);
        var table = new Table("Bootstrap", ("", Align.Left), ("estimate", Align.Right), ("bias", Align.Right), ("SE", Align.Right), ($"{level} CI", Align.Left), ("interval", Align.Left), ("CI of the model", Align.Left));
        table.DataLabel(fit.Effects.Origin);
        foreach (var statistic in bootstrap.Statistics)
        {
            var shown = ShownOf(fit, statistic.Name);
            table.Row(NameOf(fit, statistic.Name), shown(statistic.Estimate), Difference(statistic.Name, statistic.Bias), Difference(statistic.Name, statistic.StandardError), Shown(statistic.Interval, shown), FitBootstrap.NameOf(statistic.IntervalKind),
                ByModel(fit, statistic.Name) is { } own ? Shown(own, shown) : Numbers.None);
        }
        return table.Note($"{StatisticText.Count(bootstrap.Replicates)} replicates of {bootstrap.Drawn}{(bootstrap.Failed == 0 ? "" : $", of which {StatisticText.Count(bootstrap.Failed)} failed")}.{(fit.Mean is not null && fit.Measure.IsTransformed ? $" Bias and SE of the mean on the scale that is pooled ({fit.Measure.AnalysisSymbol})." : "")}");

        static string Shown(ConfidenceInterval interval, Func<double, string> shown) => $"[{shown(interval.Lower)}, {shown(interval.Upper)}]";

        string Difference(string name, double value) => name == "I²" ? StatisticText.Percent(value) : Math.Abs(value) < 1e-12 ? "0" : StatisticText.Significant(value, 2);
    }

    private static Table Say(FitJackknife jackknife)
    {
        var table = new Table("Jackknife", ("", Align.Left), ("estimate", Align.Right), ("bias", Align.Right), ("SE", Align.Right), ("smallest without one", Align.Right), ("largest without one", Align.Right));
        foreach (var statistic in jackknife.Statistics)
        {
            table.Row(statistic.Name == "Intercept" ? "mean" : statistic.Name, StatisticText.Significant(statistic.Estimate), StatisticText.Significant(statistic.Bias, 2), StatisticText.Significant(statistic.StandardError, 2),
                StatisticText.Significant(statistic.Values.Min()), StatisticText.Significant(statistic.Values.Max()));
        }
        return table.Note($"Each of {StatisticText.Count(jackknife.Labels.Length)} {jackknife.LeftOut} left out once; on the scale that is pooled.");
    }

    private static ConfidenceInterval? ByModel(IModelFit fit, string name) => name switch
    {
        "τ²" => fit.Heterogeneity?.TauSquaredInterval,
        "I²" => fit.Heterogeneity?.ISquaredInterval,
        _ => fit.Coefficients.Where(c => c.Name == name && c.HasStandardError).Select(c => (ConfidenceInterval?)c.ConfidenceInterval).FirstOrDefault(),
    };

    private static string NameOf(IModelFit fit, string name) => fit.Mean?.Name == name ? fit.Measure.Symbol : name;

    private static Func<double, string> ShownOf(IModelFit fit, string name) => fit.Mean?.Name == name ? Shown(fit)
        : name == "I²" ? value => StatisticText.Percent(value) : value => StatisticText.Significant(value, 3);
}
