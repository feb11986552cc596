using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>Reads reference results of selection models.</summary>
internal static class SelectionReference
{
    private static readonly Dictionary<string, JsonElement> Files = [];

    public static JsonElement[] Cases(string folder, string file)
    {
        lock (Files)
        {
            if (!Files.TryGetValue(folder + file, out var root)) Files[folder + file] = root = JsonDocument.Parse(File.ReadAllText(Repository.PathTo("tests", "golden", folder, file))).RootElement;
            return [.. root.EnumerateArray()];
        }
    }

    public static double[] Numbers(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => [element.GetDouble()],
        JsonValueKind.Array => [.. element.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Number ? e.GetDouble() : double.NaN)],
        _ => [],
    };

    public static SelectionFunction? Function(string type, double[] steps, string? precision)
    {
        var of = precision == "sei" ? SelectionPrecision.StandardError : SelectionPrecision.None;
        return type switch
        {
            "stepfun" => SelectionFunction.Step(steps),
            "beta" => SelectionFunction.Beta(),
            "halfnorm" => SelectionFunction.HalfNormal(of),
            "negexp" => SelectionFunction.NegativeExponential(of),
            "logistic" => SelectionFunction.Logistic(of),
            "power" => SelectionFunction.Power(of),
            "trunc" => SelectionFunction.Truncated(),
            "truncest" => SelectionFunction.TruncatedAtEstimate(),
            _ => null,
        };
    }

    public static Moderator? Moderator(string? formula, StudyEffects effects)
    {
        if (formula is null) return null;
        var name = formula.Replace("~", "").Replace("I(", "").Replace(")", "");
        // R takes an empty text for a category of its own, the first.
        if (name == "struct") return MetaAnalysis.Moderator.Category("structure", reference: "-");
        return double.TryParse(effects.Column(name).Text(0), out _) ? MetaAnalysis.Moderator.Number(name) : MetaAnalysis.Moderator.Category(name);
    }

    /// <summary>Effects multiplied by -1.</summary>
    public static StudyEffects Turned(StudyEffects effects) => StudyEffects.Create([.. effects.Effects.Select(y => -y)], effects.Variances, columns: effects.Columns);

    public static StudyEffects Load(JsonElement record)
    {
        var effects = Reference.Load(record.GetProperty("dataset").GetString()!);
        if (record.GetProperty("dataset").GetString() == "mcdaniel1994") effects = StudyEffects.Create(effects.Effects, effects.Variances, columns: [StudyColumn.OfTexts("structure", [.. Enumerable.Range(0, effects.Count).Select(i => effects.Column("struct").Text(i) ?? "-")])]);
        return record.GetProperty("options").TryGetProperty("sign_flipped", out var flipped) && flipped.GetBoolean() ? Turned(effects) : effects;
    }

    /// <summary>The exact log-likelihood of a model at parameters that someone else found: β, τ² and weights or δ.</summary>
    public static double LogLikelihoodAt(SelectionFit fit, double[] beta, double tau2, double[] delta)
    {
        var design = fit.Options.Moderators is { } moderators ? ModeratorDesign.Create(fit.Effects, moderators).Matrix : DesignMatrix.Constant(fit.Count);
        var engine = new SelectionEngine(fit.Effects, design, fit.Function, fit.Options.Alternative, fit.IsRandomEffects, null);
        double[] at = [.. design.FromCoefficients(beta).Select(g => engine.Sign * g), tau2, .. engine.IsStep ? delta.Select(x => Math.Log(x)) : delta];
        return engine.Likelihood.Evaluate(at, default, default);
    }
}
