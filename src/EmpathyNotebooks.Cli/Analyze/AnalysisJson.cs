using System.Text.Encodings.Web;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>An analysis as one JSON object. Numbers read back as the same doubles; what is not defined is null.</summary>
internal static class AnalysisJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the object and a line end, piece by piece: a million studies are never in memory as text.</summary>
    public static void Write(Analysis analysis, TextWriter output)
    {
        // What can fail comes before the first character.
        _ = analysis.Studies.Value;
        using (var stream = new Utf8ToText(output))
        using (var json = new Utf8JsonWriter(stream, Options)) Write(json, analysis);
        output.WriteLine();
    }

    private static void Write(Utf8JsonWriter json, Analysis analysis)
    {
        json.WriteStartObject();
        json.WriteString("measure", analysis.Measure.Code);
        json.WriteString("method", analysis.Method);
        json.WriteString("test", analysis.Test);
        json.Number("level", analysis.Level);
        json.WriteNumber("k", analysis.Studies.Value.Count);
        json.WriteNumber("p", analysis.Coefficients.Count);
        json.Coefficients("coefficients", analysis.Coefficients);
        json.Interval("predictionInterval", analysis.PredictionInterval);
        WriteHeterogeneity(json, analysis.Heterogeneity);
        json.Test("moderatorTest", analysis.ModeratorTest);
        json.WriteStartObject("fitStatistics");
        json.Number("logLikelihood", analysis.FitStatistics?.LogLikelihood);
        json.Number("aic", analysis.FitStatistics?.Aic);
        json.Number("bic", analysis.FitStatistics?.Bic);
        json.Number("aicc", analysis.FitStatistics?.Aicc);
        json.WriteEndObject();
        WriteStudies(json, analysis);
        if (analysis.HasClusters)
        {
            json.Array("varianceComponents", analysis.VarianceComponents ?? [], WriteComponent);
            json.Object("robust", analysis.Robust, robust =>
            {
                json.WriteString("type", robust.Correction.ToString());
                json.Coefficients("coefficients", robust.Coefficients);
            });
        }
        if (analysis.TermTests is { } terms)
        {
            json.Array("termTests", terms, (_, term) =>
            {
                json.WriteString("name", term.Term);
                json.TestNumbers(term.Test);
            });
        }
        if (analysis.Inflation is { } factors)
        {
            json.Array("varianceInflation", factors, (_, factor) =>
            {
                json.WriteString("name", factor.Name);
                json.Number("factor", factor.Factor);
            });
        }
        if (analysis.Omitted.Count > 0) json.Array("omitted", analysis.Omitted, WriteOmitted);
        ExtrasJson.Write(json, analysis.Extras);
        json.WriteEndObject();
    }

    private static void WriteComponent(Utf8JsonWriter json, VarianceComponent component)
    {
        json.WriteString("level", component.Level);
        json.Number("sigmaSquared", component.SigmaSquared);
        json.Number("lower", component.SigmaSquaredInterval.Lower);
        json.Number("upper", component.SigmaSquaredInterval.Upper);
        json.WriteNumber("groups", component.GroupCount);
    }

    private static void WriteHeterogeneity(Utf8JsonWriter json, HeterogeneityNumbers heterogeneity)
    {
        json.WriteStartObject("heterogeneity");
        json.Number("tauSquared", heterogeneity.TauSquared);
        json.Number("tauSquaredStandardError", heterogeneity.TauSquaredStandardError);
        json.Number("iSquared", heterogeneity.ISquared);
        json.Number("hSquared", heterogeneity.HSquared);
        json.Number("q", heterogeneity.Q?.Statistic);
        json.Number("qDegreesOfFreedom", heterogeneity.Q?.DegreesOfFreedom);
        json.Number("qPValue", heterogeneity.Q?.PValue);
        json.Number("rSquared", heterogeneity.RSquared);
        json.Interval("tauSquaredInterval", heterogeneity.TauSquaredInterval);
        json.Interval("iSquaredInterval", heterogeneity.ISquaredInterval);
        json.WriteEndObject();
    }

    private static void WriteStudies(Utf8JsonWriter json, Analysis analysis) => json.Array("studies", analysis.Studies.Value, (_, study) =>
    {
        var influence = study.Influence;
        json.WriteString("label", study.Label);
        json.Number("yi", study.Effect);
        json.Number("vi", study.Variance);
        json.Number("weight", study.Weight);
        json.Number("rStudent", influence?.StudentizedResidual);
        json.Number("cookDistance", influence?.CookDistance);
        json.Number("hat", influence?.Hat);
        // With moderators there are several estimates without a study, not one.
        json.Number("leaveOneOutEstimate", influence is { EstimatesWithout: [var estimate] } ? estimate : null);
        json.Number("leaveOneOutTauSquared", study.HasTauSquared ? influence?.TauSquaredWithout : null);
        json.Number("leaveOneOutQ", influence?.QWithout);
        json.Number("dffits", influence?.Dffits);
        json.Number("covarianceRatio", influence?.CovarianceRatio);
        json.WriteStartArray("dfBetas");
        foreach (var value in influence?.DfBetas ?? [])
        {
            if (double.IsFinite(value)) json.WriteNumberValue(value);
            else json.WriteNullValue();
        }
        json.WriteEndArray();
        if (influence is null) json.WriteNull("influential");
        else json.WriteBoolean("influential", influence.IsInfluential);
    });

    private static void WriteOmitted(Utf8JsonWriter json, OmittedStudy study)
    {
        json.WriteString("label", study.Label);
        json.WriteStartArray("missing");
        foreach (var column in study.MissingColumns) json.WriteStringValue(column);
        json.WriteEndArray();
    }
}
