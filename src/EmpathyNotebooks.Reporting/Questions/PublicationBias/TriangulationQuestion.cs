using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What the mean would be under each story of publication bias, side by side.</summary>
internal sealed class TriangulationQuestion : BiasQuestion
{
    private const string Side = "--alternative";

    public override string Name => "estimates adjusted for publication bias";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(All, OptionKind.Flag, "Publication bias and small-study effects: tests, and the mean as it would be under each story of bias."),
        new(Side, OptionKind.Choice, "Which results are thought to be published more readily: significant ones above 0, below 0, or on either side; greater if not said, whatever the sign of the mean.")
        {
            Choices = ["greater", "less", "two.sided"], Needs = All, IsUsable = said => said.Has(All),
        },
    ];

    /// <summary>The side that was said.</summary>
    public static Alternative SideOf(OptionValues said) => said.Text(Side) switch
    {
        "less" => Alternative.Less,
        "two.sided" => Alternative.TwoSided,
        _ => Alternative.Greater,
    };

    private protected override Answer? Independent(IModelFit fit, Inquiry inquiry) => null;

    private protected override Answer? Clustered(IModelFit fit, Inquiry inquiry) => null;
}
