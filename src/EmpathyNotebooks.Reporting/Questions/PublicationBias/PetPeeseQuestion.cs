using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The mean of a study without sampling error, by regression across the funnel.</summary>
internal sealed class PetPeeseQuestion : BiasQuestion
{
    public override string Name => "PET-PEESE";

    internal override string Schema =>
        $$"""
        "pet": {{Regression}},
        "peese": {{Regression}},
        "petPeese": {
          "type": ["object", "null"],
          "properties": { "chosen": { "enum": ["PET", "PEESE"] }, "estimate": { "$ref": "#/$defs/number" }, "lower": { "$ref": "#/$defs/number" }, "upper": { "$ref": "#/$defs/number" } },
          "required": ["chosen", "estimate", "lower", "upper"],
          "additionalProperties": false
        }
        """;

    private const string Regression =
        """
        {
          "type": "object",
          "properties": {
            "estimate": { "$ref": "#/$defs/number" }, "standardError": { "$ref": "#/$defs/number" }, "statistic": { "$ref": "#/$defs/number" }, "pValue": { "$ref": "#/$defs/probability" },
            "slope": { "$ref": "#/$defs/number" }, "slopeStandardError": { "$ref": "#/$defs/number" }, "slopePValue": { "$ref": "#/$defs/probability" }
          },
          "required": ["estimate", "standardError", "statistic", "pValue", "slope", "slopeStandardError", "slopePValue"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<FunnelRegression>(Words.Of), Saying.Of<PetPeeseEstimate>(Words.Of)];

    private protected override Answer Independent(IModelFit fit, Inquiry inquiry)
    {
        var pooled = AdjustedMeans.Pooled(fit);
        var options = new PetPeeseOptions { Alternative = TriangulationQuestion.SideOf(inquiry.Said) };
        return Of(inquiry, pooled.Pet(options), pooled.Peese(options), () => pooled.PetPeese(options), isClustered: false);
    }

    private protected override Answer Clustered(IModelFit fit, Inquiry inquiry)
    {
        var options = new PetPeeseOptions { Alternative = TriangulationQuestion.SideOf(inquiry.Said) };
        if (fit is RobustVarianceFit robust) return Of(inquiry, robust.Pet(options), robust.Peese(options), () => robust.PetPeese(options), isClustered: true);
        var dependent = AdjustedMeans.Dependent(fit);
        return Of(inquiry, dependent.Pet(options), dependent.Peese(options), () => dependent.PetPeese(options), isClustered: true);
    }

    private static Answer Of(Inquiry inquiry, FunnelRegression pet, FunnelRegression peese, Func<PetPeeseEstimate> rule, bool isClustered)
    {
        var measure = inquiry.Measure;
        var chosen = measure.HasNullValue && pet.Intercept.HasStandardError ? rule() : null;
        var table = AdjustedMeans.Table(isClustered ? "PET-PEESE, cluster-robust" : "PET-PEESE", measure, inquiry.Level);
        foreach (var regression in new[] { pet, peese })
        {
            table.Row(regression.Method, measure, regression.Intercept, regression.Count);
            table.Note($"Slope of {regression.Method}: {Slope(regression.Slope)}.");
        }
        if (chosen is not null) table.Row("PET-PEESE: " + chosen.Chosen.Method, measure, chosen.Estimate, chosen.Chosen.Count);
        table.Note("The mean of a study without sampling error, if nothing but bias makes small studies differ from large ones.");
        return new Answer(table)
        {
            IsClustered = isClustered,
            Sentence = chosen is null ? null : $"PET-PEESE, which takes {chosen.Chosen.Method} here (intercept of PET {Side(chosen.Alternative)} 0, {ApaText.P(chosen.PValue)}{(chosen.Alternative == Alternative.TwoSided ? "" : ", one-sided")}), adjusts the mean to {BiasSentences.Adjusted(measure, chosen.Estimate)}.",
            Warnings = [.. (chosen?.Warnings ?? pet.Warnings).Concat(pet.Warnings).Concat(peese.Warnings).Concat(chosen is null ? [] : SignificantResults.OtherSide(inquiry.Fit!, chosen.Alternative)).Distinct()],
            Json = json =>
            {
                json.Object("pet", pet, _ => Write(json, pet));
                json.Object("peese", peese, _ => Write(json, peese));
                json.Object("petPeese", chosen, _ =>
                {
                    json.WriteString("chosen", chosen!.Chosen.Method);
                    json.EstimateAndInterval(chosen.Estimate);
                });
            },
        };
    }

    private static void Write(Utf8JsonWriter json, FunnelRegression regression)
    {
        var (mean, slope) = (regression.Intercept, regression.Slope);
        json.Number("estimate", mean.Estimate);
        json.Number("standardError", mean.HasStandardError ? mean.StandardError : null);
        json.Number("statistic", mean.HasStandardError ? mean.Statistic : null);
        json.Number("pValue", mean.HasStandardError ? mean.PValue : null);
        json.Number("slope", slope.Estimate);
        json.Number("slopeStandardError", slope.HasStandardError ? slope.StandardError : null);
        json.Number("slopePValue", slope.HasStandardError ? slope.PValue : null);
    }

    private static string Slope(in Coefficient slope) =>
        StatisticText.Significant(slope.Estimate, 3) + (slope.HasStandardError ? $", {StatisticText.PValueWithSymbol(slope.PValue)}" : " (no standard error)");

    private static string Side(Alternative alternative) => alternative switch
    {
        Alternative.Greater => "above",
        Alternative.Less => "below",
        _ => "other than",
    };
}
