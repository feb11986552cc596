using System.Text;
using System.Text.Json;
using EmpathyNotebooks.Cli.Simulate;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;
using Json.Schema;

namespace EmpathyNotebooks.Cli.Tests.Simulate;

/// <summary>Design files: each fault names file, path, value and what would be right, and the schema refuses what the reader refuses.</summary>
public sealed class DesignFileTests
{
    private const string Good = """{"seed":1,"replicates":100,"measure":"ZCOR","k":5,"tau2":0,"mean":0,"n":50,"methods":{"mean":{"tau2":"REML","interval":"HK"}}}""";

    private static readonly JsonSchema Schema = JsonSchema.FromText(DesignFile.Schema);

    /// <summary>What is replaced by what in a good design, and what is said; whether a schema can say so, too.</summary>
    public static TheoryData<string, string, string, bool> Faults => new()
    {
        { "\"k\":5", "\"k\":[5,1]", "d.json, $.k[1]: 1 must be a whole number from 2 to 100000.", true },
        { "\"k\":5", "\"k\":[5,10,5]", "d.json, $.k[2]: 5 stands there twice, as $.k[0], too; once is enough. More replicates are asked for by \"replicates\".", true },
        { "\"tau2\":0", "\"tau2\":[0.5,5e-1]", "d.json, $.tau2[1]: 5e-1 stands there twice, as $.tau2[0], too; once is enough.", true },
        { "\"tau2\":0", "\"tau\":[0,0]", "d.json, $.tau[1]: 0 stands there twice", true },
        { "\"mean\":0", "\"mean\":[0.2,0.2]", "d.json, $.mean[1]: 0.2 stands there twice", true },
        { "\"n\":50", "\"n\":[{\"from\":20,\"to\":50},{\"to\":50,\"from\":20}]", "d.json, $.n[1]: {\"to\":50,\"from\":20} stands there twice", true },
        { "\"n\":50", "\"n\":50,\"selection\":[null,null]", "d.json, $.selection[1]: null stands there twice", true },
        { "\"n\":50", "\"n\":50,\"effects\":[null,null]", "d.json, $.effects[1]: null stands there twice", true },
        { "\"k\":5", "\"k\":2.5", "d.json, $.k: 2.5 must be a whole number from 2 to 100000.", true },
        { "\"k\":5", "\"k\":[]", "d.json, $.k: [] must not be empty; give numbers of studies, for example [5, 10].", true },
        { "\"k\":5,", "", "d.json, $: there is no \"k\"; give numbers of studies, for example [5, 10].", true },
        { "\"seed\":1", "\"seed\":-1", "d.json, $.seed: -1 must be a whole number from 0 to 18446744073709551615.", true },
        { "\"replicates\":100", "\"replicates\":1", "d.json, $.replicates: 1 must be a whole number from 2 to 100000000.", true },
        { "\"ZCOR\"", "\"OR\"", "d.json, $.measure: \"OR\" must be one of \"ZCOR\", \"COR\", \"SMD\", \"GEN\".", true },
        { "\"tau2\":0", "\"tau2\":-0.1", "d.json, $.tau2: -0.1 must be a number that is not negative.", true },
        { "\"tau2\":0", "\"tau2\":0,\"tau\":0.1", "d.json, $.tau: 0.1 stands beside \"tau2\"; give one of the two.", true },
        { "\"tau2\":0,", "", "d.json, $: there is no \"tau2\"; give variances of true effects, for example [0, 0.02].", true },
        { "\"mean\":0", "\"mean\":\"0\"", "d.json, $.mean: \"0\" must be a number.", true },
        { "\"mean\":0", "\"mean\":7", "d.json, $.mean: 7 must be a number from -3 to 3.", false },
        { "\"n\":50", "\"n\":3", "d.json, $.n: 3 must be a whole number of people from 4 to 1000000000.", true },
        { "\"n\":50", "\"v\":0.1", "d.json, $.v: 0.1 has no place with this measure; give \"n\", numbers of people, in place of \"v\".", true },
        { "\"n\":50", "\"n\":{\"from\":50,\"to\":20}", "d.json, $.n: {\"from\":50,\"to\":20} must have a \"to\" above \"from\"; sizes that are all alike are one number.", false },
        { "\"n\":50", "\"n\":{\"from\":50}", "d.json, $.n: there is no \"to\"; give the largest size.", true },
        { "\"n\":50", "\"n\":[50,{\"each\":[20,\"x\"]}]", "d.json, $.n[1].each[1]: \"x\" must be a whole number of people from 4 to 1000000000.", true },
        { "\"n\":50", "\"n\":50,\"selection\":{\"p\":0.025,\"weight\":0}", "d.json, $.selection.weight: 0 must be a share from 0.01 to 1.", true },
        { "\"n\":50", "\"n\":50,\"level\":95", "d.json, $.level: 95 must be a level between 0 and 1, for example 0.95.", true },
        { "\"n\":50", "\"n\":50,\"reps\":5", "d.json, $.reps: there is no such member. There are: $schema, title, seed,", true },
        { "\"n\":50", "\"n\":50,\"n\":60", "d.json: a member stands there twice.", false },
        { "\"interval\":\"HK\"", "\"interval\":[\"HK\",\"Z2\"]", "d.json, $.methods.mean.interval[1]: \"Z2\" must be one of \"z\", \"t\", \"HK\", \"HK-adhoc\", \"KR\".", true },
        { "\"interval\":\"HK\"", "\"interval\":[\"HK\",\"hk\"]", "d.json, $.methods.mean.interval[1]: \"hk\" stands there twice; once is enough.", true },
        { "\"tau2\":\"REML\",\"interval\":\"HK\"", "\"tau2\":\"DL\",\"interval\":\"KR\"", "d.json, $.methods.mean.interval: \"KR\" has \"KR\", which needs \"REML\" among the estimators of \"tau2\".", false },
        { "{\"mean\":{\"tau2\":\"REML\",\"interval\":\"HK\"}}", "{}", "d.json, $.methods: {} names no method; give \"mean\", \"robust\", \"tau2\", \"prediction\" or \"bias\".", true },
        { "{\"mean\":{\"tau2\":\"REML\",\"interval\":\"HK\"}}", "{\"bias\":\"UWLS\",\"p\":1}", "d.json, $.methods.p: there is no such member. There are: mean, robust, tau2, prediction, bias.", true },
        { "\"k\":5,\"tau2\":0,\"mean\":0,\"n\":50,\"methods\":{", "\"k\":2,\"tau2\":0,\"mean\":0,\"n\":50,\"methods\":{\"bias\":\"PET-PEESE\",", "d.json, $.k: 2 is too few for PET-PEESE, which needs 3 studies.", false },
        { "\"ZCOR\",\"k\":5,\"tau2\":0", "\"COR\",\"k\":5,\"tau\":[0,0.3]", "d.json, $.tau: 0.09 lets true correlations, which are normal, leave (-1, 1)", false },
        { "\"n\":50", "\"n\":50,\"effects\":{\"each\":2,\"rho\":0.6}", "d.json, $.effects: 2 (ρ = 0.6) have no exact distribution for correlations; take SMD or GEN, or one effect a study.", false },
        { "\"ZCOR\",\"k\":5,\"tau2\":0,\"mean\":0,", "\"SMD\",\"k\":5,\"tau2\":0,\"mean\":0,\"effects\":[{\"each\":2,\"rho\":0.6}],\"selection\":{\"p\":0.1,\"weight\":1},", "d.json, $.effects: 2 (ρ = 0.6) do not go with a selection", false },
        { "\"n\":50", "\"n\":50,\"effects\":[null,{\"each\":[1,101],\"rho\":0.6}]", "d.json, $.effects[1].each[1]: 101 must be a whole number of effects from 1 to 100.", true },
        { "\"n\":50", "\"n\":50,\"effects\":{\"each\":[],\"rho\":0.6}", "d.json, $.effects.each: [] must not be empty; give one count or more.", true },
        { "\"n\":50", "\"n\":50,\"effects\":{\"each\":2}", "d.json, $.effects: there is no \"rho\"; give the correlation of sampling errors within a study, for example 0.6.", true },
        { "\"n\":50", "\"n\":50,\"effects\":{\"each\":2,\"rho\":-0.1}", "d.json, $.effects.rho: -0.1 must be a correlation from 0 to 1, for example 0.6.", true },
        { "\"mean\":{\"tau2\":\"REML\",\"interval\":\"HK\"}", "\"robust\":{\"model\":\"CHE\",\"interval\":\"CR2\"}", "d.json, $.methods.robust.model: \"CHE\" must be one of \"CORR\", \"HIER\".", true },
        { "\"mean\":{\"tau2\":\"REML\",\"interval\":\"HK\"}", "\"robust\":{\"model\":\"CORR\",\"interval\":\"CR3\"}", "d.json, $.methods.robust.interval: \"CR3\" must be one of \"CR0\", \"CR1\", \"CR1p\", \"CR2\".", true },
        { "\"mean\":{\"tau2\":\"REML\",\"interval\":\"HK\"}", "\"robust\":{\"model\":\"HIER\",\"interval\":\"CR2\"}", "d.json, $.effects: 1 gives no study several effects, which the hierarchical model (HIER) needs; take CORR, or more effects.", false },
        { "}}}", "}}", "d.json, line 1, character ", false },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_names_its_place(string old, string now, string words, bool isOfSchema)
    {
        var json = Good.Replace(old, now, StringComparison.Ordinal);
        Assert.NotEqual(Good, json);
        var fault = Assert.Throws<BadInputException>(() => DesignFile.Parse(json, "d.json"));
        Assert.StartsWith(words, fault.Message, StringComparison.Ordinal);
        if (isOfSchema) Assert.False(IsValid(json), json);
    }

    [Fact]
    public void The_published_designs_and_the_written_form_satisfy_the_schema()
    {
        string[] designs = [.. Directory.GetFiles(Repository.PathTo("src", "EmpathyNotebooks.MetaAnalysis", "Simulation"), "*.json").Order(StringComparer.Ordinal)];
        Assert.Equal(["coverage.json", "dependent.json", "selection.json"], designs.Select(Path.GetFileName));
        foreach (var json in designs.Select(File.ReadAllText).Append(Good).Append("""{"seed":1,"replicates":9,"measure":"GEN","level":0.9,"k":[4],"tau":0.1,"mean":0,"v":[0.1,{"from":0.1,"to":0.2},{"each":[1,2]}],"effects":[null,{"each":3,"rho":0},{"each":[1,2],"rho":0.6}],"methods":{"tau2":{"tau2":["ML","SJ"],"interval":["PL","Wald"]},"robust":{"model":"CORR","interval":["CR2","CR0"]}}}"""))
        {
            Assert.True(IsValid(json), json);
            var design = DesignFile.Parse(json, "d.json");
            var written = Encoding.UTF8.GetString(DesignFile.Write(design));
            Assert.True(IsValid(written), written);
            Assert.Equal(written, Encoding.UTF8.GetString(DesignFile.Write(DesignFile.Parse(written, "w.json"))));
            Assert.Equal(design.Methods.AsEnumerable(), DesignFile.Parse(written, "w.json").Methods);
            Assert.Equal(design.Effects.AsEnumerable(), DesignFile.Parse(written, "w.json").Effects);
        }
    }

    [Fact]
    public void Lists_meet_each_other_and_intervals_the_estimators_they_are_defined_for()
    {
        var design = DesignFile.Parse(Good.Replace("{\"tau2\":\"REML\",\"interval\":\"HK\"}", "{\"tau2\":[\"DL\",\"REML\"],\"interval\":[\"z\",\"KR\"]}", StringComparison.Ordinal).Replace("\"tau2\":0", "\"tau\":[0.1,0.2]", StringComparison.Ordinal), "d.json");
        Assert.Equal(["DL z", "REML z", "REML KR"], design.Methods.Select(m => m.ToString()));
        Assert.Equal([0.1 * 0.1, 0.2 * 0.2], design.TausSquared);

        // Whatever order the file has, what is written of it reads back as the same list: sums are kept in its order.
        var turned = DesignFile.Parse(Good.Replace("{\"mean\":{\"tau2\":\"REML\",\"interval\":\"HK\"}}", "{\"bias\":[\"WAAP\",\"UWLS\"],\"tau2\":{\"tau2\":[\"SJ\",\"ML\"],\"interval\":[\"Wald\",\"PL\"]},\"mean\":{\"tau2\":[\"PM\",\"REML\"],\"interval\":[\"KR\",\"HK\",\"z\"]}}", StringComparison.Ordinal), "d.json");
        Assert.Equal(turned.Methods.AsEnumerable(), DesignFile.Parse(Encoding.UTF8.GetString(DesignFile.Write(turned)), "w.json").Methods);
        Assert.Equal(["PM z", "PM HK", "REML z", "REML HK", "REML KR", "SJ Wald", "ML PL", "ML Wald", "WAAP", "UWLS"], turned.Methods.Select(m => m.ToString()));
    }

    [Fact]
    public async Task The_schema_is_printed()
    {
        var output = new StringWriter();
        Assert.Equal(EmpathyCommand.Success, await EmpathyCommand.InvokeAsync(["simulate", "--schema"], output, TextWriter.Null));
        Assert.Equal(await File.ReadAllTextAsync(Repository.PathTo("src", "EmpathyNotebooks.Reporting", "simulation.schema.json"), TestContext.Current.CancellationToken), output.ToString());
    }

    private static bool IsValid(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Schema.Evaluate(document.RootElement).IsValid;
    }
}
