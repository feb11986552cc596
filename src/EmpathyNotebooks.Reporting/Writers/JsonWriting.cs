using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

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

    /// <param name="json">The writer.</param>
    /// <param name="name">The name of the property.</param>
    /// <param name="coefficients">The coefficients.</param>
    /// <param name="means">Their measure, where each is a mean effect and has a value on the scale a reader knows; else null.</param>
    public static void Coefficients(this Utf8JsonWriter json, string name, IEnumerable<Coefficient> coefficients, EffectMeasure? means = null) =>
        json.Array(name, coefficients, (_, coefficient) =>
        {
            json.WriteString("name", coefficient.Name);
            json.Coefficient(coefficient);
            if (means is not null) json.BackTransformed(means, coefficient);
            else json.WriteNull("backTransformed");
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

    /// <summary>The same where there is none, with the reason.</summary>
    public static void NoCoefficient(this Utf8JsonWriter json, string why)
    {
        foreach (var name in (string[])["estimate", "standardError", "statistic", "degreesOfFreedom", "pValue", "lower", "upper"]) json.WriteNull(name);
        json.WriteString("whyNone", why);
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

    /// <summary>An estimate and its interval on the scale that a reader knows; null where there are none.</summary>
    public static void BackTransformed(this Utf8JsonWriter json, EffectMeasure measure, double? estimate, ConfidenceInterval? interval)
    {
        if (estimate is not { } value)
        {
            json.WriteNull("backTransformed");
            return;
        }
        var shown = interval?.Transform(measure.ToDisplay);
        json.WriteStartObject("backTransformed");
        json.Number("estimate", measure.ToDisplay(value));
        json.Number("lower", shown?.Lower);
        json.Number("upper", shown?.Upper);
        json.WriteEndObject();
    }

    /// <summary>The same of a coefficient that is a mean effect.</summary>
    public static void BackTransformed(this Utf8JsonWriter json, EffectMeasure measure, in Coefficient mean) =>
        json.BackTransformed(measure, mean.Estimate, mean.HasStandardError ? mean.ConfidenceInterval : null);

    /// <summary>What leaving out a study or a cluster does to the fit.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="influence">The numbers, or null where they were not computed.</param>
    /// <param name="means">The measure, where the one coefficient is a mean effect.</param>
    /// <param name="hat">The leverage, where it is known without the others.</param>
    public static void Influence(this Utf8JsonWriter json, FitInfluenceRow? influence, EffectMeasure? means, double? hat = null)
    {
        // The only coefficient without it; with moderators there are several, not one.
        double? without = influence is { EstimatesWithout: [var estimate] } ? estimate : null;
        json.Number("cookDistance", influence?.CookDistance);
        json.Number("hat", influence?.Hat ?? hat);
        json.Number("leaveOneOutEstimate", without);
        json.Number("leaveOneOutBackTransformed", without is { } value ? means?.ToDisplay(value) : null);
        json.Number("leaveOneOutTauSquared", influence?.TauSquaredWithout);
        json.Number("leaveOneOutQ", influence?.QWithout);
        json.Number("dffits", influence?.Dffits);
        json.Number("covarianceRatio", influence?.CovarianceRatio);
        json.WriteStartArray("dfBetas");
        foreach (var change in influence?.DfBetas ?? [])
        {
            if (double.IsFinite(change)) json.WriteNumberValue(change);
            else json.WriteNullValue();
        }
        json.WriteEndArray();
        if (influence is null) json.WriteNull("influential");
        else json.WriteBoolean("influential", influence.IsInfluential);
        if (influence?.Absence is { } why) json.WriteString("whyNoInfluence", why);
    }

    public static void Texts(this Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
