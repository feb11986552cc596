using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Random effects and means of groups.</summary>
internal static class GroupTables
{
    public static Table Groups(IEnumerable<GroupEffect> effects)
    {
        var table = new Table("Random effects of the groups", ("", Align.Left), ("effects", Align.Right), ("estimate", Align.Right), ("SE", Align.Right), ("interval", Align.Right));
        foreach (var effect in effects)
        {
            table.Row(effect.Inner is null ? effect.Group : $"{effect.Group}, {effect.Inner}", StatisticText.Count(effect.EffectCount), StatisticText.Number(effect.Estimate, 4),
                StatisticText.Number(effect.StandardError, 4), Numbers.Interval(effect.Interval, 4));
        }
        return table.Note("As differences from what the model expects.");
    }

    public static Table Means(IEnumerable<GroupMean> means)
    {
        var table = new Table("Means of the groups", ("", Align.Left), ("effects", Align.Right), ("mean", Align.Right), ("interval", Align.Right), ("weight", Align.Right));
        foreach (var mean in means)
        {
            table.Row(mean.Group, StatisticText.Count(mean.Rows.Length), StatisticText.Number(mean.Estimate, 4), Numbers.Interval(mean.Interval, 4), StatisticText.Percent(mean.Weight));
        }
        return table.Note("On the scale that is pooled. Weighted they average to the mean effect of the model.");
    }
}
