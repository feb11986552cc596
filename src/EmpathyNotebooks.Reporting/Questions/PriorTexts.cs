using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Priors as they are written on the command line: a family, a colon and its numbers with commas between them.</summary>
internal static class PriorTexts
{
    private const string TauForms = "halfnormal:SCALE, halfcauchy:SCALE, halft:SCALE,DF, uniform:0,LARGEST, exponential:MEAN, inversegamma:SHAPE,SCALE (of τ), lognormal:MEAN,SD or logt:LOCATION,SCALE,DF (of log τ²)";

    private const string MuForms = "flat, normal:MEAN,SD, t:LOCATION,SCALE,DF or cauchy:LOCATION,SCALE";

    public static HeterogeneityPrior Tau(string option, string text)
    {
        var (family, numbers) = Split(option, text, TauForms, "halfnormal:0.5");
        try
        {
            return (family, numbers) switch
            {
                ("halfnormal", [var scale]) => HeterogeneityPrior.HalfNormal(scale),
                ("halfcauchy", [var scale]) => HeterogeneityPrior.HalfCauchy(scale),
                ("halft", [var scale, var df]) => HeterogeneityPrior.HalfStudent(scale, df),
                ("uniform", [0, var largest]) => HeterogeneityPrior.Uniform(largest),
                ("uniform", [] or [_]) => throw Fault(option, text, "a uniform prior of τ without an end is improper; say the largest value that τ can have, for example uniform:0,4"),
                ("uniform", [_, _]) => throw Fault(option, text, "a uniform prior of τ begins at 0, for example uniform:0,4"),
                ("flat", _) => throw Fault(option, text, "a flat prior of τ is improper; say the largest value that τ can have, for example uniform:0,4"),
                ("exponential", [var mean]) => HeterogeneityPrior.Exponential(mean),
                ("inversegamma", [var shape, var scale]) => HeterogeneityPrior.InverseGamma(shape, scale),
                ("lognormal", [var mean, var deviation]) => HeterogeneityPrior.LogNormal(mean, deviation),
                ("logt", [var location, var scale]) => HeterogeneityPrior.LogStudent(location, scale),
                ("logt", [var location, var scale, var df]) => HeterogeneityPrior.LogStudent(location, scale, df),
                _ => throw Unknown(option, text, TauForms, "halfnormal:0.5"),
            };
        }
        catch (ArgumentOutOfRangeException fault)
        {
            throw Fault(option, text, Reason(fault));
        }
    }

    public static EffectPrior Mu(string option, string text)
    {
        var (family, numbers) = Split(option, text, MuForms, "normal:0,1");
        try
        {
            return (family, numbers) switch
            {
                ("flat", []) => EffectPrior.Flat,
                ("normal", [var mean, var deviation]) => EffectPrior.Normal(mean, deviation),
                ("t", [var location, var scale, var df]) => EffectPrior.Student(location, scale, df),
                ("cauchy", [var location, var scale]) => EffectPrior.Cauchy(location, scale),
                _ => throw Unknown(option, text, MuForms, "normal:0,1"),
            };
        }
        catch (ArgumentOutOfRangeException fault)
        {
            throw Fault(option, text, Reason(fault));
        }
    }

    private static (string Family, double[] Numbers) Split(string option, string text, string forms, string example)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return (text.Trim(), []);
        var parts = text[(colon + 1)..].Split(',');
        var numbers = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i])) throw Unknown(option, text, forms, example);
        }
        return (text[..colon].Trim(), numbers);
    }

    /// <summary>Which number of the prior, and what is wrong with it.</summary>
    private static string Reason(ArgumentOutOfRangeException fault)
    {
        var message = fault.Sentence();
        var number = string.Concat((fault.ParamName ?? "").Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));
        return $"the {number}: {char.ToLowerInvariant(message[0])}{message[1..]}";
    }

    private static QuestionException Unknown(string option, string text, string forms, string example) => new(option, $"{option} {text}: there is no such prior. Write {forms}, for example {option} {example}.");

    private static QuestionException Fault(string option, string text, string reason) => new(option, $"{option} {text}: {reason}.");
}
