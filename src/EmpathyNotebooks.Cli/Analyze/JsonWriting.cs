using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>The parts that an analysis in JSON is made of, each written alike wherever it stands.</summary>
internal static class JsonWriting
{
    // A writer keeps what it has written until it is told to pass it on.
    private const int Piece = 1 << 16;

    // JSON has no infinity; a statistic is infinite only where its standard error is 0.
    public static void Number(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    public static void Object<T>(this Utf8JsonWriter json, string name, T? value, Action<T> write)
        where T : class
    {
        if (value is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        write(value);
        json.WriteEndObject();
    }

    public static void Array<T>(this Utf8JsonWriter json, string name, IEnumerable<T> values, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStartObject();
            write(json, value);
            json.WriteEndObject();
            if (json.BytesPending > Piece) json.Flush();
        }
        json.WriteEndArray();
    }

    public static void Interval(this Utf8JsonWriter json, string name, ConfidenceInterval? interval)
    {
        if (interval is not { } known)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.Number("lower", known.Lower);
        json.Number("upper", known.Upper);
        json.WriteEndObject();
    }

    public static void Coefficients(this Utf8JsonWriter json, string name, IEnumerable<Coefficient> coefficients) =>
        json.Array(name, coefficients, (_, coefficient) =>
        {
            json.WriteString("name", coefficient.Name);
            json.Coefficient(coefficient);
        });

    /// <summary>All but the name.</summary>
    public static void Coefficient(this Utf8JsonWriter json, in Coefficient coefficient)
    {
        json.Number("estimate", coefficient.Estimate);
        var known = coefficient.HasStandardError;
        json.Number("standardError", known ? coefficient.StandardError : null);
        json.Number("statistic", known ? coefficient.Statistic : null);
        json.Number("degreesOfFreedom", coefficient.DegreesOfFreedom);
        json.Number("pValue", known ? coefficient.PValue : null);
        json.Number("lower", known ? coefficient.ConfidenceInterval.Lower : null);
        json.Number("upper", known ? coefficient.ConfidenceInterval.Upper : null);
        if (coefficient.WhyNoStandardError is { } why) json.WriteString("whyNoStandardError", why);
    }

    /// <summary>Degrees of freedom are an array, with those of the denominator for F, as metafor has them.</summary>
    public static void Test(this Utf8JsonWriter json, string name, ModeratorTest? test)
    {
        if (test is not { } known)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.TestNumbers(known);
        json.WriteEndObject();
    }

    public static void TestNumbers(this Utf8JsonWriter json, in ModeratorTest test)
    {
        json.Number("statistic", test.Exists ? test.Statistic : null);
        json.WriteStartArray("degreesOfFreedom");
        json.WriteNumberValue(test.DegreesOfFreedom);
        if (test.DenominatorDegreesOfFreedom is { } denominator && double.IsFinite(denominator)) json.WriteNumberValue(denominator);
        json.WriteEndArray();
        json.Number("pValue", test.Exists ? test.PValue : null);
        if (test.WhyNone is { } why) json.WriteString("whyNone", why);
    }
}

/// <summary>What was asked for beside the fit, each under a name of its own; nothing where it was not.</summary>
internal static class ExtrasJson
{
    public static void Write(Utf8JsonWriter json, AnalysisExtras extras)
    {
        if (extras.Intervals is { } intervals)
        {
            json.WriteString("tauSquaredIntervalMethod", intervals.Method);
        }
        if (extras.PredictionMethod is { } method) json.WriteString("predictionIntervalMethod", method);
        if (extras.Scale is { } scale)
        {
            json.Object("scale", scale, _ =>
            {
                json.Coefficients("coefficients", scale.ScaleCoefficients);
                json.Test("test", scale.ScaleTest);
                json.Test("likelihoodRatio", scale.ScaleLikelihoodRatio);
            });
        }
        if (extras.Subgroups is { } subgroups)
        {
            json.Array("subgroups", subgroups.Groups, (_, group) =>
            {
                json.WriteString("name", group.Name);
                json.WriteNumber("k", group.Count);
                json.Coefficient(group.Estimate);
                json.Number("tauSquared", group.TauSquared);
                json.Interval("predictionInterval", group.PredictionInterval);
                var measure = subgroups.MeasureOf(group);
                json.WriteStartObject("backTransformed");
                json.WriteString("symbol", measure.Symbol);
                json.Number("estimate", measure.ToDisplay(group.Estimate.Estimate));
                var shown = group.Estimate.ConfidenceInterval.Transform(measure.ToDisplay);
                json.Number("lower", shown.Lower);
                json.Number("upper", shown.Upper);
                json.Interval("predictionInterval", group.PredictionInterval?.Transform(measure.ToDisplay));
                json.WriteEndObject();
            });
            json.Test("betweenGroups", subgroups.Between);
            json.WriteStartArray("subgroupWarnings");
            foreach (var warning in subgroups.Warnings) json.WriteStringValue(warning);
            json.WriteEndArray();
        }
        if (extras.HenmiCopas is { } copas)
        {
            json.Object("henmiCopas", copas, _ =>
            {
                json.Number("estimate", copas.Estimate);
                json.Number("standardError", copas.StandardError);
                json.Number("lower", copas.ConfidenceInterval.Lower);
                json.Number("upper", copas.ConfidenceInterval.Upper);
            });
        }
        if (extras.Beyond is { } beyond)
        {
            json.WriteStartObject("beyond");
            json.Number("cutoff", beyond.Cutoff);
            json.Number("shareAbove", beyond.Share);
            json.Number("shareStandardError", beyond.ShareStandardError);
            json.Number("predictiveProbabilityAbove", beyond.PredictiveProbability);
            json.WriteEndObject();
        }
        if (extras.Cumulative is { } rows)
        {
            json.Array("cumulative", rows, (_, row) =>
            {
                json.WriteString("label", row.Label);
                json.WriteNumber("k", row.Count);
                json.Number("estimate", row.Fit.Estimate);
                json.Number("standardError", row.Fit.StandardError);
                json.Number("lower", row.Fit.ConfidenceInterval.Lower);
                json.Number("upper", row.Fit.ConfidenceInterval.Upper);
                json.Number("tauSquared", row.Fit.IsRandomEffects ? row.Fit.TauSquared : null);
            });
        }
        if (extras.Blups is { } blups)
        {
            json.Array("blups", blups, (_, blup) =>
            {
                json.WriteString("label", blup.Label);
                json.Number("estimate", blup.Estimate);
                json.Number("standardError", blup.StandardError);
                json.Number("lower", blup.Interval.Lower);
                json.Number("upper", blup.Interval.Upper);
            });
        }
    }
}
