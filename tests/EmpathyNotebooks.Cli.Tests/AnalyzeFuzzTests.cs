using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>Command lines put together at random: each ends in an answer or in a sentence that says what is wrong, and never in between.</summary>
public sealed class AnalyzeFuzzTests
{
    private static readonly string[] Files =
    [
        "data/molloy2014.csv", "data/mcdaniel1994.csv", "data/empathy-effects-simulated.csv", "data/published-findings.csv", "tests/golden/metafor/data/bcg.csv",
        "tests/golden/metafor/data/konstantopoulos2011.csv", "tests/golden/metafor/data/normand1999.csv", "tests/golden/metafor/data/tannersmith2016.csv",
        "tests/golden/metafor/data/raudenbush1985.csv", "tests/golden/metafor/data/bcg-2x2.csv", "README.md",
    ];

    private static readonly string[] Columns = ["yi", "vi", "ri", "r", "ni", "n", "year", "study", "sample", "district", "school", "studyid", "alloc", "ablat", "design", "quality", "rater", "nix", ""];

    private static readonly string[][] Options =
    [
        ["--method", "REML|ML|DL|DL2|PM|PMM|HE|HS|HSk|SJ|EB|GENQ|DLIT|SJIT|EE|FE|MH|PETO|XX"], ["--test", "z|t|knha|adhoc|kr"], ["--level", "95|0.5|99.9|0|101"], ["--measure", "GEN|ZCOR|COR|UCOR|OR|RR|RD|SMD|MD|PETO|PR|IRR|PFT|MPOR|AUC|R2|NIX"],
        ["--yi", "yi"], ["--vi", "vi"], ["--ri", "ri|r"], ["--ni", "ni|n"], ["--moderator", "*"], ["--moderator", "*"], ["--moderator", "factor(alloc)|factor(design)|factor(quality)|factor(type)|factor(nix)"], ["--moderator", "rcs(*,3)|poly(*,2)|center(*)|*\u00d7*|*+*"],
        ["--no-intercept"], ["--sum-contrasts"], ["--scale", "*"], ["--weights", "*"], ["--cluster", "*"], ["--cluster", "*"], ["--model", "aggregate|multilevel|che|corr|hier"], ["--rho", "0|0.5|0.99|1"], ["--robust", "CR1|CR2|none"],
        ["--zero-cells", "where-zero|all"], ["--vtype", "LS|UB|HO|AV"], ["--tau-ci", "QP|PL|GENQ|WALD"], ["--prediction", "knha|hts"], ["--subgroup", "*"], ["--common-tau"], ["--henmi-copas"], ["--beyond", "0.1|-5|x"],
        ["--cumulative", "*"], ["--blups"], ["--label", "*|{author} ({year})|{"], ["--effect", "*"], ["--reference", "alloc=random|x"], ["--text-column", "*"],
    ];

    [Fact]
    public async Task Every_command_line_ends_in_an_answer_or_a_sentence()
    {
        var random = new Random(20260101);
        string Any(string[] from) => from[random.Next(from.Length)];
        var answers = 0;
        for (var i = 0; i < 600; i++)
        {
            List<string> arguments = ["analyze", Repository.PathTo(Any(Files).Split('/'))];
            string[] header = [.. File.ReadLines(arguments[1]).First().Split(',').Select(name => name.Trim('"'))];
            string[] columns = random.Next(5) == 0 ? Columns : header;
            if (header.Contains("yi") && random.Next(3) > 0) arguments.AddRange(["--yi", "yi", "--vi", "vi"]);
            for (var n = random.Next(3); n >= 0; n--)
            {
                var option = Options[random.Next(Options.Length)];
                arguments.Add(option[0]);
                if (option.Length > 1) arguments.Add(string.Concat(Any(option[1].Split('|')).Select(c => c == '*' ? Any(columns) : c == '×' ? "*" : c.ToString())));
            }
            var isJson = random.Next(2) == 0;
            if (isJson) arguments.Add("--json");
            var (output, error) = (new StringWriter(), new StringWriter());
            var line = string.Join(' ', arguments.Skip(2).Prepend(Path.GetFileName(arguments[1])));
            int code;
            try
            {
                code = await EmpathyCommand.InvokeAsync([.. arguments], output, error);
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"{line}: {fault.Message}", fault);
            }
            if (code == EmpathyCommand.Success)
            {
                answers++;
                Assert.DoesNotContain("NaN", output.ToString(), StringComparison.Ordinal);
                if (isJson) using (JsonDocument.Parse(output.ToString())) { }
                else Assert.NotEqual("", output.ToString());
                continue;
            }
            Assert.True(code == EmpathyCommand.BadInput, $"{line}: exit code {code}");
            Assert.True(output.ToString().Length == 0, $"{line}: {output}");
            Assert.True(error.ToString().Trim().Length > 10 && !error.ToString().Contains("Parameter '", StringComparison.Ordinal), $"{line}: {error}");
        }
        Assert.True(answers > 100, $"{answers} answers");
    }
}
