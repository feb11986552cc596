namespace EmpathyNotebooks.Reporting;

/// <summary>Log-likelihood and information criteria, for comparing models. In JSON always.</summary>
internal sealed class FitStatisticsQuestion : Question
{
    public override string Name => "fit statistics";

    internal override string Schema =>
        """
        "fitStatistics": {
          "type": "object",
          "properties": { "logLikelihood": { "$ref": "#/$defs/number" }, "aic": { "$ref": "#/$defs/number" }, "bic": { "$ref": "#/$defs/number" }, "aicc": { "$ref": "#/$defs/number" } },
          "required": ["logLikelihood", "aic", "bic", "aicc"],
          "additionalProperties": false
        }
        """;

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var statistics = inquiry.Fit?.FitStatistics;
        return new Answer
        {
            Sentence = FurtherSentences.Statistics(inquiry.Fit),
            Json = json =>
            {
                json.WriteStartObject("fitStatistics");
                json.Number("logLikelihood", statistics?.LogLikelihood);
                json.Number("aic", statistics?.Aic);
                json.Number("bic", statistics?.Bic);
                json.Number("aicc", statistics?.Aicc);
                json.WriteEndObject();
            },
        };
    }
}
