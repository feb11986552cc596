using System.Collections;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Says of every table and line made from data where the data come from, so that no question can forget it.</summary>
internal static class OriginLabels
{
    /// <summary>Where the numbers of a result come from, of several results that of simulated ones first; null where the result does not know.</summary>
    public static DataOrigin? Of(object result) => result switch
    {
        IHasOrigin known => known.Origin,
        IModelFit fit => fit.Effects.Origin,
        IEnumerable several => several.Cast<object>().Select(Of).OfType<DataOrigin>().OrderByDescending(origin => origin.IsSimulated).FirstOrDefault(),
        _ => null,
    };

    /// <summary>The block with the label, where it has none: above a table, behind a line of simulated data.</summary>
    public static Block On(Block block, DataOrigin? origin) => (block, origin) switch
    {
        // Own data are named once, at the head.
        (_, null or { Kind: DataKind.Own }) => block,
        (Table table, _) => table.OrLabel(origin),
        (Paragraph paragraph, { IsSimulated: true }) => Labelled(paragraph, origin),
        _ => block,
    };

    private static Paragraph Labelled(Paragraph paragraph, DataOrigin origin)
    {
        var sentence = FurtherSentences.Labelled(paragraph.Text, origin);
        return sentence == paragraph.Text ? paragraph : new Paragraph(paragraph.Text.EndsWith('.') ? sentence : sentence.TrimEnd('.'));
    }
}
