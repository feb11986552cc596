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
        if (analysis.Measure.DisplayNote is { } note)
        {
            json.Number("backTransformationSize", analysis.Measure.Size);
            json.WriteString("backTransformation", note);
        }
        json.WriteString("method", analysis.Method);
        json.WriteString("test", analysis.Test);
        json.Number("level", analysis.Level);
        json.WriteNumber("k", analysis.Studies.Value.Count);
        json.WriteNumber("p", analysis.Coefficients.Count);
        json.Coefficients("coefficients", analysis.Coefficients);
        json.Interval("predictionInterval", analysis.PredictionInterval);
        WriteBackTransformed(json, analysis);
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
                WriteRobustTest(json, robust);
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
        if (analysis.Warnings.Count > 0)
        {
            json.WriteStartArray("warnings");
            foreach (var warning in analysis.Warnings) json.WriteStringValue(warning);
            json.WriteEndArray();
        }
        ExtrasJson.Write(json, analysis.Extras);
        json.WriteStartArray("notes");
        foreach (var text in analysis.Notes) json.WriteStringValue(text);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The mean on the scale a reader knows, for example r; null where there are several coefficients and so no one mean.</summary>
    private static void WriteBackTransformed(Utf8JsonWriter json, Analysis analysis)
    {
        if (analysis.Coefficients is not [{ Name: "Intercept" } mean])
        {
            json.WriteNull("backTransformed");
            return;
        }
        var measure = analysis.Measure;
        var shown = analysis.Fit is PooledFit fit ? fit.BackTransformed
            : new BackTransformedEstimate(measure.ToDisplay(mean.Estimate), mean.ConfidenceInterval.Transform(measure.ToDisplay), null);
        json.WriteStartObject("backTransformed");
        json.WriteString("symbol", measure.Symbol);
        json.Number("estimate", shown.Estimate);
        json.Number("lower", shown.ConfidenceInterval.Lower);
        json.Number("upper", shown.ConfidenceInterval.Upper);
        json.Interval("predictionInterval", analysis.Fit is PooledFit && analysis.Extras.PredictionMethod is null ? shown.PredictionInterval : analysis.PredictionInterval?.Transform(measure.ToDisplay));
        json.WriteEndObject();
    }

    /// <summary>The Wald test of all moderators with robust errors, HTZ under CR2; null with the reason where there are too few clusters for it.</summary>
    private static void WriteRobustTest(Utf8JsonWriter json, RobustFit robust)
    {
        var test = robust.ModeratorTest;
        json.Test("test", test);
        json.WriteString("testReason", test.WhyNone);
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
        if (heterogeneity.OmegaSquared is not null) json.Number("omegaSquared", heterogeneity.OmegaSquared);
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
        WriteStudyShown(json, analysis, study);
        json.Number("weight", study.Weight);
        json.Number("rStudent", study.DeletedResidual);
        json.Number("cookDistance", influence?.CookDistance ?? study.Deletion?.CookDistance);
        json.Number("hat", influence?.Hat ?? study.Hat);
        json.Number("leaveOneOutEstimate", study.EstimateWithout);
        json.Number("leaveOneOutTauSquared", study.HasTauSquared ? influence?.TauSquaredWithout : null);
        json.Number("leaveOneOutQ", influence?.QWithout);
        json.Number("dffits", influence?.Dffits);
        json.Number("covarianceRatio", influence?.CovarianceRatio ?? study.Deletion?.CovarianceRatio);
        json.WriteStartArray("dfBetas");
        foreach (var value in study.DfBetas)
        {
            if (double.IsFinite(value)) json.WriteNumberValue(value);
            else json.WriteNullValue();
        }
        json.WriteEndArray();
        if (influence is null) json.WriteNull("influential");
        else json.WriteBoolean("influential", influence.IsInfluential);
    });

    private static void WriteStudyShown(Utf8JsonWriter json, Analysis analysis, StudyNumbers study)
    {
        ConfidenceInterval? interval = study is { Effect: { } y, Variance: { } v }
            ? new EffectSize(y, v, analysis.Measure).Interval(analysis.Level).Transform(analysis.Measure.ToDisplay) : null;
        json.WriteStartObject("backTransformed");
        json.Number("estimate", study.Effect is { } effect ? analysis.Measure.ToDisplay(effect) : null);
        json.Number("lower", interval?.Lower);
        json.Number("upper", interval?.Upper);
        json.WriteEndObject();
    }

    private static void WriteOmitted(Utf8JsonWriter json, OmittedStudy study)
    {
        json.WriteString("label", study.Label);
        json.WriteStartArray("missing");
        foreach (var column in study.MissingColumns) json.WriteStringValue(column);
        json.WriteEndArray();
    }
}
