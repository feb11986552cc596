namespace EmpathyNotebooks.Plotting;

/// <summary>One thing known of a mark, as its hover shows it.</summary>
/// <param name="Name">What it is; empty for a remark.</param>
/// <param name="Value">The value as text.</param>
public readonly record struct PlotDetail(string Name, string Value);

/// <summary>A point of a drawing, in the units of its axes.</summary>
/// <param name="X">From left to right.</param>
/// <param name="Y">As the drawing says.</param>
public readonly record struct PlotPoint(double X, double Y);
