using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// Writes the data of a page's figure shorter, since a notebook that is saved holds them with every chart: a list that comes more than once stands once, one of equal items as the item and how often, one of texts that begin alike as the
/// beginning and the rests. <c>unpack</c> in charts.js is the way back.
/// </summary>
internal static class FigurePacking
{
    /// <summary>Shorter lists are left as they are: there is little to gain.</summary>
    private const int Shortest = 8;

    /// <summary>The same figure, shorter; its lists that come more than once under <c>shared</c>.</summary>
    /// <param name="json">A JSON object.</param>
    public static string Pack(string json)
    {
        using var reader = new JsonTextReader(new StringReader(json)) { DateParseHandling = DateParseHandling.None, FloatParseHandling = FloatParseHandling.Double, Culture = CultureInfo.InvariantCulture };
        var figure = JObject.Load(reader);
        var repeated = figure.Descendants().OfType<JArray>().Where(IsList).GroupBy(Text).Where(group => group.Count() > 1).Select(group => group.Key).Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        var shared = new JToken[repeated.Count];
        foreach (var list in figure.Descendants().OfType<JArray>().Where(IsList).ToList())
        {
            var text = Text(list);
            if (!repeated.TryGetValue(text, out var index)) list.Replace(Shorter(list));
            else
            {
                shared[index] ??= Shorter(list);
                list.Replace(new JObject { ["$same"] = index });
            }
        }
        if (shared.Length > 0) figure["shared"] = new JArray(shared);
        return PlotlyFigure.Json(figure);
    }

    private static string Text(JArray list) => list.ToString(Formatting.None);

    private static bool IsList(JArray array) => array.Count >= Shortest && array.All(item => item is JValue);

    private static JToken Shorter(JArray list)
    {
        if (list.Skip(1).All(item => JToken.DeepEquals(item, list[0]))) return new JObject { ["$times"] = list.Count, ["of"] = list[0] };
        if (list.Any(item => item.Type != JTokenType.String)) return list;
        string[] texts = [.. list.Select(item => (string)item!)];
        var length = Enumerable.Range(0, texts.Min(text => text.Length)).TakeWhile(i => texts.All(text => text[i] == texts[0][i])).Count();
        // Half of a character outside the basic plane is no text.
        if (length > 0 && char.IsHighSurrogate(texts[0][length - 1])) length--;
        return length < 4 ? list : new JObject { ["$start"] = texts[0][..length], ["rests"] = new JArray(texts.Select(text => text[length..])) };
    }
}
