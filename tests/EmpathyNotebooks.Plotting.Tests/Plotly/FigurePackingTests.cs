using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;
using Jint;
using Newtonsoft.Json.Linq;

namespace EmpathyNotebooks.Plotting.Tests.Plotly;

/// <summary>What pages hold of a figure is shorter, and the page's script makes the same of it again.</summary>
public sealed partial class FigurePackingTests
{
    private static readonly Engine Engine = new Engine().Execute(Unpack().Match(PageParts.Resource(typeof(PlotlyHtml).Assembly, "EmpathyNotebooks.Plotting.charts.js")).Value);

    public static TheoryData<string> Names => [.. PlotSet.All.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_way_there_and_back_changes_nothing(string name)
    {
        var json = PlotSet.Create(name, PlotSet.Fit(40, DataOrigin.Own)).ToFigure().PageJson;
        var packed = FigurePacking.Pack(json);
        Same(json, packed);
        Assert.True(packed.Length <= json.Length, $"{name}: {packed.Length} after {json.Length}");
        Assert.DoesNotContain('<', packed);
    }

    [Theory]
    [InlineData("""{"a":[1,1,1,1,1,1,1,1,1],"b":[1,1,1,1,1,1,1,1,1],"c":[null,null,null,null,null,null,null,null]}""")]
    [InlineData("""{"a":["2020-01-01","2020-01-02","2020-01-03","2020-01-04","2020-01-05","2020-01-06","2020-01-07","2020-01-08"]}""")]
    [InlineData("""{"a":["same","same","same","same","same","same","same",""],"b":["<b>x</b>1","<b>x</b>2","<b>x</b>","<b>x</b>","<b>x</b>","<b>x</b>","<b>x</b>","<b>x</b>"]}""")]
    [InlineData("""{"a":["abc😀","abc😁","abc😀","abc😁","abc😀","abc😁","abc😀","abc😁"],"b":[["deep",1,2,3,4,5,6,7.5],["deep",1,2,3,4,5,6,7.5]],"c":[true,true,true,true,true,true,true,true]}""")]
    public void Lists_of_every_kind_come_back(string json) => Same(json, FigurePacking.Pack(json));

    [Fact]
    public void Lists_that_repeat_stand_once_and_texts_that_begin_alike_share_the_beginning()
    {
        var hover = string.Join(',', Enumerable.Range(1, 40).Select(i => $"\"\\u003cb>true effects\\u003c/b>: {i}\""));
        var packed = FigurePacking.Pack($"{{\"first\":[{hover}],\"second\":[{hover}],\"zeros\":[{string.Join(',', Enumerable.Repeat(0, 100))}]}}");
        Assert.Equal("""{"first":{"$same":0},"second":{"$same":0},"zeros":{"$times":100,"of":0},"shared":[{"$start":"\u003cb>true effects\u003c/b>: ","rests":["1",""", packed[..packed.IndexOf("\"2\"", StringComparison.Ordinal)]);
    }

    private static void Same(string json, string packed)
    {
        string unpacked;
        lock (Engine)
        {
            Engine.SetValue("packed", packed);
            unpacked = Engine.Evaluate("(function (figure) { return JSON.stringify(unpack(figure, figure.shared)); })(JSON.parse(packed))").AsString();
        }
        var result = JObject.Parse(unpacked);
        result.Remove("shared");
        // Numbers as JavaScript writes them: 1 and 1.0 are the same there.
        Engine.SetValue("packed", json);
        Assert.Equal(JObject.Parse(Engine.Evaluate("JSON.stringify(JSON.parse(packed))").AsString()).ToString(), result.ToString());
    }

    [GeneratedRegex(@"function unpack\(.*?\n  \}\n", RegexOptions.Singleline)]
    private static partial Regex Unpack();
}
