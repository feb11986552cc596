using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The clusters that effects share: how much each counts, and what the fit would be without it. In JSON always; in notebooks as tables of their own.</summary>
internal sealed class ClustersQuestion : Question
{
    public override string Name => "clusters";

    internal override string Schema =>
        """
        "clusters": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "label": { "type": "string" }, "displayName": { "type": "string" }, "k": { "type": "integer", "minimum": 1 }, "weight": { "$ref": "#/$defs/number" },
              "deletedChiSquared": { "$ref": "#/$defs/number" }, "cookDistance": { "$ref": "#/$defs/number" }, "hat": { "$ref": "#/$defs/number" },
              "leaveOneOutEstimate": { "$ref": "#/$defs/number" }, "leaveOneOutBackTransformed": { "$ref": "#/$defs/number" }, "leaveOneOutTauSquared": { "$ref": "#/$defs/number" },
              "leaveOneOutQ": { "$ref": "#/$defs/number" }, "dffits": { "$ref": "#/$defs/number" }, "covarianceRatio": { "$ref": "#/$defs/number" },
              "dfBetas": { "type": "array", "items": { "$ref": "#/$defs/number" } }, "influential": { "type": ["boolean", "null"] }, "whyNoInfluence": { "type": "string" }
            },
            "required": ["label", "displayName", "k", "weight", "influential"],
            "additionalProperties": false
          }
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<IEnumerable<GroupEffect>>(GroupTables.Groups), Saying.Of<IEnumerable<GroupMean>>(GroupTables.Means)];

    private protected override Answer? AnswerTo(Inquiry inquiry)
    {
        if (inquiry.Fit is not { Clusters: { } clusters } fit) return null;
        var isAsked = StudiesQuestion.IsInfluenceAsked(inquiry, out _);
        Lazy<IReadOnlyList<FitInfluenceRow>?> influence = new(() => isAsked ? fit.InfluenceOf(EffectClusters.OfFit).Rows : null);
        return new Answer
        {
            Sentence = FurtherSentences.Clusters(clusters),
            Prepare = () => _ = influence.Value,
            Json = json =>
            {
                var weights = new double[clusters.Count];
                var counts = new int[clusters.Count];
                var own = fit.Weights;
                for (var i = 0; i < fit.Count; i++)
                {
                    weights[clusters.Groups[i]] += own[i];
                    counts[clusters.Groups[i]]++;
                }
                json.Array("clusters", Enumerable.Range(0, clusters.Count), (_, c) =>
                {
                    json.WriteString("label", clusters.Names[c]);
                    json.WriteString("displayName", $"{clusters.Column}: {clusters.Names[c]}");
                    json.WriteNumber("k", counts[c]);
                    json.Number("weight", weights[c]);
                    json.Number("deletedChiSquared", influence.Value?[c].ChiSquared);
                    json.Influence(influence.Value?[c], FitQuestion.MeansOf(inquiry));
                });
            },
        };
    }
}
