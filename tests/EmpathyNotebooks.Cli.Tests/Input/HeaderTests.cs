using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests.Input;

/// <summary>Headers of tables as people publish them: what is taken, and said; or asked, with command lines that work.</summary>
public sealed class HeaderTests : IDisposable
{
    private const int Rows = 12;

    private readonly string _folder = Directory.CreateTempSubdirectory("empathy-headers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string, string, string, string> Headers()
    {
        var data = new TheoryData<string, string, string, string, string>();
        foreach (var line in File.ReadLines(Repository.PathTo("tests", "EmpathyNotebooks.Cli.Tests", "Input", "headers.tsv")).Skip(1))
        {
            var cells = line.Split('\t');
            data.Add(cells[0], cells[1], cells[2], cells[3], cells[4]);
        }
        return data;
    }

    [Fact]
    public void No_header_of_the_list_is_missing() => Assert.Equal(39, Headers().Count);

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task Each_header_is_taken_for_what_a_careful_reader_takes_it_or_asked_about(string header, string outcome, string measures, string columns, string cluster)
    {
        var file = Path.Combine(_folder, "table.csv");
        File.WriteAllText(file, Table(header));
        var (code, output, error) = await Run([file, "--json"]);
        if (outcome == "takes")
        {
            Assert.True(code == EmpathyCommand.Success, error);
            var json = JsonDocument.Parse(output).RootElement;
            Assert.Equal(measures, json.GetProperty("measure").GetString());
            Assert.Equal(Rows, json.GetProperty("k").GetInt32());
            foreach (var pair in columns.Split(' ').Where(p => p.Contains('=', StringComparison.Ordinal)).Select(p => p.Split('=')).Where(p => p[0] != p[1]))
            {
                Assert.Contains($"{pair[0]} = column {pair[1]}", error, StringComparison.Ordinal);
            }
            Assert.Contains("Taken from the header", error, StringComparison.Ordinal);
            Assert.Equal(cluster.Length > 0, json.TryGetProperty("robust", out _));
            if (cluster.Length > 0) Assert.Contains($"taken as dependent within {cluster}", error, StringComparison.Ordinal);
            // Said in full, the same columns give the same.
            string[] said = [.. Regex.Matches(columns, @"(\w+)=(.+?)(?= \w+=|$)").SelectMany(m => (string[])["--" + m.Groups[1].Value, m.Groups[2].Value])];
            var (again, repeated, message) = await Run([file, "--json", "--measure", measures, .. said]);
            Assert.True(again == EmpathyCommand.Success, message);
            Assert.Equal(Estimate(output), Estimate(repeated));
            return;
        }
        Assert.Equal(EmpathyCommand.BadInput, code);
        Assert.Equal("", output);
        var proposals = Proposals(error);
        Assert.Equal(measures, string.Join(' ', proposals.Select(p => p[p.IndexOf("--measure") + 1])));
        foreach (var proposal in proposals)
        {
            var (answered, answer, message) = await Run([.. proposal]);
            Assert.True(answered == EmpathyCommand.Success, $"{string.Join(' ', proposal)}: {message}");
            Assert.Equal(proposal[proposal.IndexOf("--measure") + 1], JsonDocument.Parse(answer).RootElement.GetProperty("measure").GetString());
        }
        if (outcome == "refuses") Assert.Contains("There are: ", error, StringComparison.Ordinal);
    }

    /// <summary>The command lines of a question, as the words of a shell.</summary>
    internal static List<List<string>> Proposals(string error) =>
        [.. error.Split('\n').Where(line => line.StartsWith("  empathy analyze ", StringComparison.Ordinal)).Select(line =>
            Regex.Matches(line["  empathy analyze ".Length..].TrimEnd(), "\"(?:[^\"\\\\]|\\\\.)*\"|[^ ]+").Select(m => m.Value.Trim('"')).ToList())];

    private static async Task<(int Code, string Output, string Error)> Run(string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await EmpathyCommand.InvokeAsync(["analyze", .. arguments], output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static double Estimate(string json) => JsonDocument.Parse(json).RootElement.GetProperty("coefficients")[0].GetProperty("estimate").GetDouble();

    /// <summary>Rows as such a table has them.</summary>
    private static string Table(string header)
    {
        var delimiter = header.Contains(';', StringComparison.Ordinal) ? ';' : ',';
        string[] names = header.Split(delimiter);
        var repeats = names.Any(n => n is "study_id" or "studySample" or "StudyID" or "SampleID" or "paper" || (n == "study" && names.Contains(".g")));
        var lines = Enumerable.Range(0, Rows).Select(i => string.Join(delimiter, names.Select(name => Cell(name, i, repeats, names))));
        return header + "\n" + string.Join('\n', lines) + "\n";
    }

    private static string Cell(string name, int i, bool repeats, string[] names)
    {
        string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
        var (y, se, study) = (0.2 + 0.15 * Math.Sin(3 * i + 1), 0.08 + 0.02 * (i % 4), repeats ? i / 2 : i);
        var ratio = names.Any(n => n is "or" or "HR" or "RR" or "est_ratio");
        double Shown(double x) => ratio ? Math.Exp(x) : x;
        return name switch
        {
            "" => Text(i + 1),
            "study" or "slab" or "trial" or "Study" or "studlab" or "paper" when name is not "study" || names.Contains(".g") || !repeats => name == "trial" ? Text(i + 1) : $"Study {(char)('A' + (name is "study" or "paper" ? study : i))}",
            "study" or "cohort" => $"Row {i}",
            "author" or "Author" or "authors" => $"Author {(char)('A' + study)}",
            "year" or "Year" => Text(1990 + study),
            "study_id" or "studySample" or "StudyID" or "SampleID" => Text(study + 1),
            "id" or "es_id" or "outcome_id" => Text(i + 1),
            "outcome" or "Outcome" or "subgroup" or "Place" or "condition_arm1" or "rob" or "design" or "alloc" or "rater" => "abc"[i % 3].ToString(),
            "duration" or "ablat" => Text(10 + i),
            "k" or "mi" => Text(5 + i),
            "alpha" => Text(0.7 + 0.02 * (i % 7)),
            "r" or "Correlation" or "ri" => Text(y),
            "a" or "tpos" or "TP" or "Ee" or "event_treat" or "Events.T" or "ai" or "x1" or "events" or "x" => Text(8 + i % 5),
            "b" when !names.Contains("SE") => Text(30 + i),
            "tneg" or "FN" => Text(30 + i),
            "c" or "cpos" or "FP" or "Ec" or "event_control" or "Events.C" or "ci" or "x2" => Text(11 + i % 4),
            "d" when names.Contains("a") => Text(28 + i),
            "cneg" or "TN" => Text(28 + i),
            _ when Regex.IsMatch(name, "^(lower|lb|lowHR|ci_lower|RR_lower)$") => Shown(y - 1.959964 * se).ToString("F4", CultureInfo.InvariantCulture),
            _ when Regex.IsMatch(name, "^(upper|ub|uppHR|ci_upper|RR_upper)$") => Shown(y + 1.959964 * se).ToString("F4", CultureInfo.InvariantCulture),
            "or" or "HR" or "RR" or "estimate" or "est_ratio" => Shown(y).ToString("F4", CultureInfo.InvariantCulture),
            _ when Regex.IsMatch(name, "^(n|ni|N|n_|Ne|Nc|n[12]|N_|Total|SampleSize|total|t[12])", RegexOptions.None) => Text(60 + 7 * i),
            _ when Regex.IsMatch(name, "^(m|M)", RegexOptions.None) => Text(5 + y + (name.EndsWith('2') || name.EndsWith('c') || name.Contains("control", StringComparison.Ordinal) ? -0.3 : 0)),
            _ when Regex.IsMatch(name, "^(sd|SD|Se$|Sc$)", RegexOptions.None) => Text(1 + 0.1 * (i % 3)),
            _ when Regex.IsMatch(name, "(^v|^var|variance)", RegexOptions.None) => Text(se * se),
            _ when Regex.IsMatch(name, "(SE|se)", RegexOptions.None) => Text(se),
            _ => Text(y),
        };
    }
}
