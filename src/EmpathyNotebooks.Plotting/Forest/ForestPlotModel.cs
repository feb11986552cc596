using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What a row of a forest plot is.</summary>
public enum ForestRowKind
{
    /// <summary>The name of a subgroup above its studies.</summary>
    GroupHeading,

    /// <summary>In a multilevel model the effects of one sample together; if there are several they stand below, and fold under it.</summary>
    Sample,

    /// <summary>A study; in a multilevel model an effect.</summary>
    Study,

    /// <summary>The pooled effect of a subgroup.</summary>
    GroupPooled,

    /// <summary>How much the studies of a subgroup differ, or why it is not pooled.</summary>
    GroupNote,

    /// <summary>The pooled effect of all studies.</summary>
    Pooled,

    /// <summary>The prediction interval.</summary>
    PredictionInterval,
}

/// <summary>What a text column of a forest plot holds.</summary>
public enum ForestColumnKind
{
    /// <summary>The study's label.</summary>
    Label,

    /// <summary>How many effects a sample has, in a multilevel model.</summary>
    EffectCount,

    /// <summary>The sample size.</summary>
    SampleSize,

    /// <summary>Effect and interval.</summary>
    Estimate,

    /// <summary>The weight in the model of all studies.</summary>
    Weight,

    /// <summary>A further column of the data.</summary>
    Extra,

    /// <summary>The risk of bias in a domain, or overall, as a sign.</summary>
    RiskOfBias,
}

/// <summary>A text column.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Header">Its heading.</param>
/// <param name="Side">On which side of the drawing it stands.</param>
/// <param name="Alignment">How its texts align.</param>
public sealed record ForestColumn(ForestColumnKind Kind, string Header, ColumnSide Side, ColumnAlignment Alignment);

/// <summary>One row, with its numbers on the scale shown.</summary>
public sealed record ForestRow
{
    /// <summary>What it is.</summary>
    public required ForestRowKind Kind { get; init; }

    /// <summary>Its label in full.</summary>
    public required string Label { get; init; }

    /// <summary>How far down it stands, in rows from the first at 0; with <see cref="ForestPlotModel.Orders"/> a study moves.</summary>
    public required double Position { get; init; }

    /// <summary>One text a column of <see cref="ForestPlotModel.Columns"/>; empty where there is nothing to say.</summary>
    public required ImmutableArray<string> Cells { get; init; }

    /// <summary>The subgroup; null without subgroups and for rows about all studies.</summary>
    public string? Group { get; init; }

    /// <summary>The study's row in the data, counted from 0; null for rows that are no study.</summary>
    public int? Study { get; init; }

    /// <summary>The sample, counted from 0 in the order in which samples appear in the data; null where there is no multilevel model.</summary>
    public int? Sample { get; init; }

    /// <summary>The effect.</summary>
    public double? Estimate { get; init; }

    /// <summary>What a model with moderators expects of the study; null for other models and rows.</summary>
    public double? Expected { get; init; }

    /// <summary>The lower limit of its interval.</summary>
    public double? Lower { get; init; }

    /// <summary>The upper limit of its interval.</summary>
    public double? Upper { get; init; }

    /// <summary>The study's share of the pooled effect of all studies, as a fraction; a group's is the sum of its studies'.</summary>
    public double? Weight { get; init; }

    /// <summary>The side of the study's square as a fraction of the largest, so that areas are as the weights.</summary>
    public double SquareSide { get; init; }

    /// <summary>True when the effect or its interval reaches beyond the left end of the axis: an arrow shows it.</summary>
    public bool LeavesLeft { get; init; }

    /// <summary>True when the effect or its interval reaches beyond the right end of the axis: an arrow shows it.</summary>
    public bool LeavesRight { get; init; }

    /// <summary>The corners of a pooled effect's diamond, cut at the ends of the axis; Y is a position. Empty for other rows.</summary>
    public ImmutableArray<PlotPoint> Diamond { get; init; } = [];

    /// <summary>Everything known of the row, for its hover.</summary>
    public ImmutableArray<PlotDetail> Details { get; init; } = [];
}

/// <summary>An order of the studies.</summary>
/// <param name="Order">Which.</param>
/// <param name="Name">Its name in the menu.</param>
/// <param name="Positions">The position of each study, by its row in the data.</param>
public sealed record ForestOrdering(ForestOrder Order, string Name, ImmutableArray<double> Positions)
{
    /// <summary>The position of each sample of a multilevel model; empty for others.</summary>
    public ImmutableArray<double> SamplePositions { get; init; } = [];
}

/// <summary>
/// A forest plot as plain numbers and texts. Every renderer draws from this alone; tests read it.
/// </summary>
public sealed record ForestPlotModel
{
    /// <summary>The title; empty when there is none.</summary>
    public required string Title { get; init; }

    /// <summary>What the plot shows, in words.</summary>
    public required string Finding { get; init; }

    /// <summary>Where the data come from.</summary>
    public required DataOrigin Origin { get; init; }

    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>The level of all intervals.</summary>
    public required double ConfidenceLevel { get; init; }

    /// <summary>The text columns, those of one side from left to right.</summary>
    public required ImmutableArray<ForestColumn> Columns { get; init; }

    /// <summary>The rows from top to bottom, in the order first shown.</summary>
    public required ImmutableArray<ForestRow> Rows { get; init; }

    /// <summary>The orders a reader can choose.</summary>
    public required ImmutableArray<ForestOrdering> Orders { get; init; }

    /// <summary>Which of <see cref="Orders"/> is first shown, counted from 0.</summary>
    public required int ActiveOrder { get; init; }

    /// <summary>True when the effects of a multilevel model are folded under their samples at first. Positions are those of all rows shown.</summary>
    public bool IsFolded { get; init; }

    /// <summary>The axis, on the scale shown.</summary>
    public required PlotAxis Axis { get; init; }

    /// <summary>Where the solid line of no effect stands; null when the axis does not reach it.</summary>
    public required double? NullLine { get; init; }

    /// <summary>Where the dashed line at the pooled effect stands; null when the axis does not reach it.</summary>
    public required double? PooledLine { get; init; }

    /// <summary>The lines below the plot: model and heterogeneity.</summary>
    public required ImmutableArray<string> Summary { get; init; }

    /// <summary>What a careful reader should know: warnings of the fit, groups too small to pool.</summary>
    public required ImmutableArray<string> Notes { get; init; }
}
