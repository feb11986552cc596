using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>An analysis as one JSON object. Numbers read back as the same doubles; what is not defined is null.</summary>
internal static class AnalysisJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Analysis analysis)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options)) Write(json, analysis);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, Analysis analysis)
    {
        json.WriteStartObject();
        json.WriteString("measure", analysis.Effects.Measure.Code);
        json.WriteString("method", analysis.Method);
        json.WriteString("test", AnalysisChoices.NameOf(analysis.Inference));
        Number(json, "level", analysis.Level);
        json.WriteNumber("k", analysis.Effects.Count);
        json.WriteNumber("p", analysis.Coefficients.Count);
        WriteCoefficients(json, analysis.Coefficients);
        Interval(json, "predictionInterval", analysis.PredictionInterval);
        WriteHeterogeneity(json, analysis);
        if (analysis.ModeratorTest is { } test)
        {
            json.WriteStartObject("moderatorTest");
            Number(json, "statistic", test.Statistic);
            json.WriteStartArray("degreesOfFreedom");
            json.WriteNumberValue(test.DegreesOfFreedom);
            if (test.DenominatorDegreesOfFreedom is { } denominator) json.WriteNumberValue(denominator);
            json.WriteEndArray();
            Number(json, "pValue", test.PValue);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("moderatorTest");
        }
        json.WriteStartObject("fitStatistics");
        Number(json, "logLikelihood", analysis.FitStatistics.LogLikelihood);
        Number(json, "aic", analysis.FitStatistics.Aic);
        Number(json, "bic", analysis.FitStatistics.Bic);
        Number(json, "aicc", analysis.FitStatistics.Aicc);
        json.WriteEndObject();
        WriteStudies(json, analysis);
        if (analysis.VarianceComponents.Count > 0) WriteComponents(json, analysis.VarianceComponents);
        if (analysis.Robust is { } robust)
        {
            json.WriteStartObject("robust");
            json.WriteString("type", robust.Correction.ToString());
            WriteCoefficients(json, robust.Coefficients);
            json.WriteEndObject();
        }
        if (analysis.Omitted.Count > 0) WriteOmitted(json, analysis.Omitted);
        json.WriteEndObject();
    }

    private static void WriteCoefficients(Utf8JsonWriter json, IReadOnlyList<Coefficient> coefficients)
    {
        json.WriteStartArray("coefficients");
        foreach (var coefficient in coefficients)
        {
            json.WriteStartObject();
            json.WriteString("name", coefficient.Name);
            Number(json, "estimate", coefficient.Estimate);
            Number(json, "standardError", coefficient.StandardError);
            Number(json, "statistic", coefficient.Statistic);
            Number(json, "degreesOfFreedom", coefficient.DegreesOfFreedom);
            Number(json, "pValue", coefficient.PValue);
            Number(json, "lower", coefficient.ConfidenceInterval.Lower);
            Number(json, "upper", coefficient.ConfidenceInterval.Upper);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteComponents(Utf8JsonWriter json, IReadOnlyList<VarianceComponent> components)
    {
        json.WriteStartArray("varianceComponents");
        foreach (var component in components)
        {
            json.WriteStartObject();
            json.WriteString("level", component.Level);
            Number(json, "sigmaSquared", component.SigmaSquared);
            Number(json, "lower", component.SigmaSquaredInterval.Lower);
            Number(json, "upper", component.SigmaSquaredInterval.Upper);
            json.WriteNumber("groups", component.GroupCount);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteHeterogeneity(Utf8JsonWriter json, Analysis analysis)
    {
        var heterogeneity = analysis.Heterogeneity;
        json.WriteStartObject("heterogeneity");
        Number(json, "tauSquared", heterogeneity.TauSquared);
        Number(json, "tauSquaredStandardError", heterogeneity.TauSquaredStandardError);
        Number(json, "iSquared", heterogeneity.ISquared);
        Number(json, "hSquared", heterogeneity.HSquared);
        Number(json, "q", heterogeneity.Q.Statistic);
        json.WriteNumber("qDegreesOfFreedom", heterogeneity.Q.DegreesOfFreedom);
        Number(json, "qPValue", heterogeneity.Q.PValue);
        Number(json, "rSquared", heterogeneity.RSquared);
        Interval(json, "tauSquaredInterval", heterogeneity.TauSquaredInterval);
        Interval(json, "iSquaredInterval", heterogeneity.ISquaredInterval);
        json.WriteEndObject();
    }

    private static void WriteStudies(Utf8JsonWriter json, Analysis analysis)
    {
        json.WriteStartArray("studies");
        for (var i = 0; i < analysis.Effects.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("label", analysis.Effects.Labels[i]);
            Number(json, "yi", analysis.Effects.Effects[i]);
            Number(json, "vi", analysis.Effects.Variances[i]);
            Number(json, "weight", analysis.Weights.Count > 0 ? analysis.Weights[i] : null);
            var influence = analysis.Influence.Count > 0 ? analysis.Influence[i] : null;
            Number(json, "rStudent", influence?.StudentizedResidual);
            Number(json, "cookDistance", influence?.CookDistance);
            Number(json, "hat", influence?.Hat);
            // With moderators there are several estimates without a study, not one.
            Number(json, "leaveOneOutEstimate", influence is { EstimatesWithout: [var estimate] } ? estimate : null);
            Number(json, "leaveOneOutTauSquared", analysis.HasTauSquared ? influence?.TauSquaredWithout : null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteOmitted(Utf8JsonWriter json, IReadOnlyList<OmittedStudy> omitted)
    {
        json.WriteStartArray("omitted");
        foreach (var study in omitted)
        {
            json.WriteStartObject();
            json.WriteString("label", study.Label);
            json.WriteStartArray("missing");
            foreach (var column in study.MissingColumns) json.WriteStringValue(column);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Interval(Utf8JsonWriter json, string name, ConfidenceInterval? interval)
    {
        if (interval is not { } known)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        Number(json, "lower", known.Lower);
        Number(json, "upper", known.Upper);
        json.WriteEndObject();
    }

    // JSON has no infinity; a statistic is infinite only where its standard error is 0.
    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
