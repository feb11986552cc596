using System.Text.Json;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>Every option of <c>analyze</c> reaches the part of the library that it names, and says so where it cannot.</summary>
public sealed class AnalyzeOptionsTests : IDisposable
{
    private static readonly string Bcg = Repository.PathTo("tests", "golden", "metafor", "data", "bcg.csv");
    private static readonly string Konstantopoulos = Repository.PathTo("tests", "golden", "metafor", "data", "konstantopoulos2011.csv");
    private static readonly string[] Given = ["--yi", "yi", "--vi", "vi"];

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-options-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private static StudyEffects Effects => StudyTable.Read(Bcg).Effects("yi", vi: "vi", label: "{author} ({year})");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Terms_are_factors_splines_powers_and_products()
    {
        await Same(Moderator.Category("alloc") * Moderator.Number("ablat").Centered(), "alloc*center(ablat)");
        await Same(Moderator.Number("year").Spline(3) + Moderator.Number("ablat").Centered().Polynomial(2), "rcs(year, 3)", "poly(ablat,2)");
        await Same(Moderator.Category("alloc", "random").SumContrasts() + Moderator.Number("year").Centered().Scaled(), "alloc + scale(year)", "--reference", "alloc=random", "--sum-contrasts");
        await Same(Moderator.Category("alloc").WithoutIntercept(), "factor(alloc)", "--no-intercept");

        async Task Same(Moderator terms, params string[] written)
        {
            string[] arguments = [.. written.SelectMany((w, i) => w.StartsWith('-') || (i > 0 && written[i - 1] == "--reference") ? (string[])[w] : ["--moderator", w])];
            var json = await Json([Bcg, .. Given, .. arguments]);
            var fit = MetaRegression.Fit(Effects, terms);
            Assert.Equal(fit.Coefficients.Select(c => (c.Name, (double?)c.Estimate)), json.GetProperty("coefficients").EnumerateArray().Select(c => (c.GetProperty("name").GetString()!, Number(c, "estimate"))));
        }
    }

    [Fact]
    public async Task What_is_asked_beside_the_fit_is_answered()
    {
        var json = await Json([Bcg, .. Given, "--measure", "RR", "--tau-ci", "GENQ", "--prediction", "nagashima", "--seed", "7", "--subgroup", "alloc", "--common-tau", "--henmi-copas",
            "--beyond", "0.8", "--cumulative", "year", "--blups"]);
        var fit = RandomEffects.Fit(StudyTable.Read(Bcg).Effects("yi", vi: "vi", label: "{author} ({year})", measure: EffectMeasure.RiskRatio));
        Assert.Equal(fit.Heterogeneity.GeneralizedQIntervals().TauSquared.Upper, Number(json.GetProperty("heterogeneity").GetProperty("tauSquaredInterval"), "upper"));
        Assert.Equal("Generalised Q", json.GetProperty("tauSquaredIntervalMethod").GetString());
        Assert.Equal(fit.PredictionIntervalBy(PredictionIntervalMethod.Nagashima, new() { Seed = 7 }).Lower, Number(json.GetProperty("predictionInterval"), "lower"));
        var groups = SubgroupAnalysis.Fit(fit.Effects, "alloc", new() { CommonTauSquared = true });
        Assert.Equal(groups.Groups.Select(g => (g.Name, (double?)g.Estimate.Estimate)), json.GetProperty("subgroups").EnumerateArray().Select(g => (g.GetProperty("name").GetString()!, Number(g, "estimate"))));
        Assert.Equal(groups.Between!.Value.PValue, Number(json.GetProperty("betweenGroups"), "pValue"));
        Assert.Equal(HenmiCopas.Fit(fit.Effects).ConfidenceInterval.Lower, Number(json.GetProperty("henmiCopas"), "lower"));
        Assert.Equal(fit.ProbabilityAbove(Math.Log(0.8)).Share, Number(json.GetProperty("beyond"), "shareAbove"));
        Assert.Equal(fit.CumulativeBy("year").Select(r => (double?)r.Fit.Estimate), json.GetProperty("cumulative").EnumerateArray().Select(r => Number(r, "estimate")));
        Assert.Equal(fit.Blups().Select(b => (double?)b.Estimate), json.GetProperty("blups").EnumerateArray().Select(b => Number(b, "estimate")));
        Assert.Equal(fit.Influence().Rows.Select(r => r.Dffits), json.GetProperty("studies").EnumerateArray().Select(s => Number(s, "dffits")));
    }

    [Fact]
    public async Task The_same_is_shown_for_people()
    {
        Assert.Equal(EmpathyCommand.Success, await Run([Bcg, .. Given, "--measure", "RR", "--tau-ci", "PL", "--prediction", "hts", "--subgroup", "alloc", "--henmi-copas", "--beyond", "1",
            "--cumulative", "--blups", "--level", "99.5"]));
        foreach (var part in new[] { "99.5% CI", "Profile likelihood intervals", "99.5% prediction interval (hts)", "Subgroups by alloc", "(Henmi-Copas, k = 13)", "Above RR = 1.000:", "Cumulative",
            "True effects of the studies (BLUP)" })
        {
            Assert.Contains(part, _output.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Moderators_can_explain_how_much_effects_differ()
    {
        var json = await Json([Bcg, .. Given, "--scale", "ablat", "--moderator", "ablat", "--method", "ML", "--test", "z"]);
        var fit = LocationScale.Fit(Effects, Moderator.Number("ablat"), Moderator.Number("ablat"), new() { Method = LikelihoodMethod.Full, Inference = Inference.Normal });
        Assert.Equal(fit.ScaleCoefficients[1].Estimate, Number(json.GetProperty("scale").GetProperty("coefficients")[1], "estimate"));
        Assert.Equal(fit.LocationCoefficients[1].PValue, Number(json.GetProperty("coefficients")[1], "pValue"));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("heterogeneity").GetProperty("tauSquared").ValueKind);
        Assert.Equal(EmpathyCommand.Success, await Run([Bcg, .. Given, "--scale", "ablat"]));
        Assert.Contains("ln τ² | ablat", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OR")]
    [InlineData("RR")]
    [InlineData("RD")]
    [InlineData("PETO")]
    public async Task Tables_are_pooled_as_counts(string measure)
    {
        var reference = JsonDocument.Parse(File.ReadAllText(Repository.PathTo("tests", "golden", "metafor", "two-by-two.json"))).RootElement;
        string[] columns = ["--ai", "tpos", "--bi", "tneg", "--ci", "cpos", "--di", "cneg"];
        var json = await Json([Bcg, .. columns, "--method", measure == "PETO" ? "PETO" : "MH", .. measure == "PETO" ? (string[])[] : ["--measure", measure]]);
        var expected = reference.EnumerateArray().Single(c => c.GetProperty(c.TryGetProperty("measure", out _) ? "measure" : "model").GetString()!.Equals(measure, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(expected.GetProperty("beta").GetDouble(), Number(json.GetProperty("coefficients")[0], "estimate")!.Value, 1e-8);
        Assert.Equal(expected.GetProperty("se").GetDouble(), Number(json.GetProperty("coefficients")[0], "standardError")!.Value, 1e-8);
        Assert.Equal(13, json.GetProperty("studies").GetArrayLength());
    }

    [Fact]
    public async Task Two_clusters_that_end_in_single_effects_are_two_levels()
    {
        var json = await Json([Konstantopoulos, .. Given, "--cluster", "district", "--cluster", "school", "--model", "multilevel"]);
        Assert.Equal(["district", "school"], json.GetProperty("varianceComponents").EnumerateArray().Select(c => c.GetProperty("level").GetString()));
    }

    [Fact]
    public async Task A_column_can_be_an_ingredient_and_a_moderator()
    {
        var file = Repository.PathTo("data", "molloy2014.csv");
        var json = await Json([file, "--measure", "ZCOR", "--moderator", "ni", "--weights", "ni"]);
        Assert.Equal(2, Number(json, "p"));
    }

    [Fact]
    public async Task Columns_that_are_named_decide_what_is_pooled()
    {
        // This file could be pooled either way.
        var file = Repository.PathTo("tests", "golden", "metafor", "data", "molloy2014.csv");
        Assert.Equal("GEN", (await Json([file, .. Given])).GetProperty("measure").GetString());
        Assert.Equal("GEN", (await Json([file, "--yi", "yi"])).GetProperty("measure").GetString());
        Assert.Equal("ZCOR", (await Json([file, "--ri", "ri"])).GetProperty("measure").GetString());
        Assert.Equal(EmpathyCommand.BadInput, await Run([file]));
    }

    [Theory]
    [InlineData("study;yi;vi;land\nA;0,31;0,01;DE\nB;0,12;0,02;UK\nC;-0,45;0,03;DE\nD;0,2;0,02;UK\n")]
    [InlineData("study\tyi\tvi\tland\nA\t0.31\t0.01\tDE\nB\t0.12\t0.02\tUK\nC\t-0.45\t0.03\tDE\nD\t.2\t2e-2\tUK\n")]
    [InlineData("\uFEFFstudy,yi,vi,land\r\n\"A\",0.31,0.01,\"DE\"\r\nB,0.12,0.02,UK\r\nC,-0.45,0.03,DE\r\nD,0.2,0.02,UK\r\n")]
    public async Task Any_form_of_table_gives_the_same(string text)
    {
        var file = Path.Combine(_folder, "table.csv");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        var json = await Json([file, "--moderator", "land"]);
        var fit = MetaRegression.Fit(StudyEffects.Create([0.31, 0.12, -0.45, 0.2], [0.01, 0.02, 0.03, 0.02], columns: [StudyColumn.OfTexts("land", ["DE", "UK", "DE", "UK"])]), Moderator.Category("land"));
        Assert.Equal(fit.Coefficients[1].Estimate, Number(json.GetProperty("coefficients")[1], "estimate"));
        Assert.Equal("land: UK", json.GetProperty("coefficients")[1].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("--reference needs --moderator", "--reference", "alloc=random")]
    [InlineData("write COLUMN=CATEGORY", "--reference", "random", "--moderator", "alloc")]
    [InlineData("did you mean \"random\"?", "--reference", "alloc=randm", "--moderator", "alloc")]
    [InlineData("--rho needs --cluster", "--rho", "0.5")]
    [InlineData("--robust needs --cluster", "--robust", "CR2")]
    [InlineData("--seed needs --prediction nagashima", "--seed", "3")]
    [InlineData("--common-tau needs --subgroup", "--common-tau")]
    [InlineData("there is no such term", "--moderator", "log(year)")]
    [InlineData("must be a whole number", "--moderator", "poly(year, two)")]
    [InlineData("must be a whole number from 2 to 5", "--moderator", "poly(year, 9)")]
    [InlineData("must be a whole number from 3 to 7", "--moderator", "rcs(year, 2)")]
    [InlineData("a term is missing", "--moderator", "year*")]
    [InlineData("the column holds texts", "--moderator", "center(alloc)")]
    [InlineData("did you mean \"alloc\"?", "--subgroup", "aloc")]
    [InlineData("did you mean \"year\"?", "--cumulative", "yeer")]
    [InlineData("--beyond is defined for random-effects models", "--beyond", "0", "--method", "EE")]
    [InlineData("--blups is defined for random-effects models", "--blups", "--method", "FE")]
    [InlineData("--henmi-copas is defined for models without moderators", "--henmi-copas", "--moderator", "year")]
    [InlineData("--beyond is defined for models without moderators", "--beyond", "0.1", "--moderator", "year")]
    [InlineData("needs a fit by maximum or restricted maximum likelihood", "--tau-ci", "PL", "--method", "DL")]
    [InlineData("--tau-ci is defined for models with one tau squared", "--tau-ci", "QP", "--method", "EE")]
    [InlineData("is fitted by REML or ML", "--scale", "year", "--method", "DL")]
    [InlineData("choose Hartung-Knapp inference, or REML", "--test", "kr", "--method", "DL")]
    [InlineData("Counts are pooled as OR, RR or RD of tables, or as IRR or IRD of rates", "--method", "MH")]
    [InlineData("is fitted by REML or ML", "--scale", "year", "--method", "EE")]
    [InlineData("--collapse needs --cumulative COLUMN", "--collapse", "--cumulative")]
    [InlineData("--tau-ci is defined for models with one tau squared", "--tau-ci", "WALD", "--method", "EE")]
    public async Task What_cannot_be_is_said(string expected, params string[] options)
    {
        Assert.Equal(EmpathyCommand.BadInput, await Run([Bcg, .. Given, .. options, "--json"]));
        Assert.Equal("", _output.ToString());
        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter '", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Inference.", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("study,yi,vi,notes\nA,.1,.1,3\nB,.2,.1,see text\nC,.3,.2,\n", null, "--text-column", "notes")]
    [InlineData("study,yi,vi\nA,.1,.1\nB,.2,.1\nC,.3,.2\n", null, "--missing", "n/a")]
    [InlineData("study;yi;vi\nA;\"1,234\";\"1,001\"\nB;2;1\nC;3;2\n", "set --decimal", "--decimal", "comma")]
    [InlineData("study;a,yi;vi,b\nA;1,2;3,4\nB;2,3;4,5\nC;4,5;6,7\n", "set --delimiter", "--delimiter", "semicolon", "--yi", "a,yi", "--vi", "vi,b")]
    public async Task What_a_file_leaves_open_can_be_said(string text, string? fault, params string[] options)
    {
        var file = Path.Combine(_folder, "open.csv");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        if (fault is not null)
        {
            Assert.Equal(EmpathyCommand.BadInput, await Run([file]));
            Assert.Contains(fault, _error.ToString(), StringComparison.Ordinal);
        }
        Assert.Equal(3, Number(await Json([file, .. options]), "k"));
    }

    [Theory]
    [InlineData("open.csv, row 3 (\"B\"), column s: an empty cell must have a value", "--cluster", "s")]
    [InlineData("open.csv, row 3 (\"B\"), column w: an empty cell must be a weight, a number of 0 or more", "--weights", "w")]
    [InlineData("open.csv, row 4 (\"C\"), column u: \"-1\" must be a weight", "--weights", "u")]
    [InlineData("open.csv, row 3 (\"B\"), column w: an empty cell must have a value to order by", "--cumulative", "w")]
    [InlineData("open.csv, column c: \"7\" is the only value of the 3 studies used", "--moderator", "c")]
    [InlineData("open.csv: \"d\" cannot be told from the terms before it", "--moderator", "u", "--moderator", "d")]
    public async Task A_fault_that_the_engine_finds_is_named_with_file_and_line(string expected, params string[] options)
    {
        var file = Path.Combine(_folder, "open.csv");
        await File.WriteAllTextAsync(file, "study,yi,vi,s,w,u,c,d\nA,.1,.1,x,1,1,7,2\nB,.2,.1,,,2,7,4\nC,.3,.2,y,3,-1,7,-2\n", TestContext.Current.CancellationToken);
        Assert.Equal(EmpathyCommand.BadInput, await Run([file, .. options]));
        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_formula_of_the_variance_that_a_measure_lacks_is_named_by_its_code()
    {
        Assert.Equal(EmpathyCommand.BadInput, await Run([Repository.PathTo("data", "molloy2014.csv"), "--measure", "COR", "--vtype", "HO"]));
        Assert.Equal("COR has no variance formula HO; it has --vtype LS, AV.", _error.ToString().Trim());
    }

    private Task<int> Run(string[] arguments) => EmpathyCommand.InvokeAsync(["analyze", .. arguments], _output, _error);

    private async Task<JsonElement> Json(string[] arguments)
    {
        _output.GetStringBuilder().Clear();
        var code = await Run([.. arguments, "--json"]);
        Assert.True(code == EmpathyCommand.Success, _error.ToString());
        return JsonDocument.Parse(_output.ToString()).RootElement;
    }

    private static double? Number(JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
}
