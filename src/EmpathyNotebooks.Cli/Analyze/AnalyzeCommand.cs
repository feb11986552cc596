using System.CommandLine;
using System.Globalization;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using Microsoft.DotNet.Interactive.Formatting;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>The verb <c>analyze</c>: a meta-analysis of a table from the command line.</summary>
internal static class AnalyzeCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var file = new Argument<string>("FILE") { Description = "The table: CSV with comma, semicolon or tab, a header, one study or effect a row." };
        var measure = new Option<string?>("--measure")
        {
            Description = "What to pool: GEN for effects given as they are, or metafor's abbreviation of what to compute: ZCOR, COR, UCOR, SMD, MD, OR, RR, ... "
                + "Guessed when the columns leave no doubt.",
            HelpName = "MEASURE",
        };
        var label = new Option<string?>("--label") { Description = "The column that names the studies, or a pattern such as \"{author} ({year})\".", HelpName = "COLUMN" };
        var effect = new Option<string?>("--effect") { Description = "The column that tells several effects of one study apart.", HelpName = "COLUMN" };
        var moderators = new Option<string[]>("--moderator")
        {
            Description = $"What may explain differences; texts are categories, numbers are continuous. Write {ModeratorText.Grammar}. May be given several times.",
            HelpName = "TERM",
        };
        var references = new Option<string[]>("--reference")
        {
            Description = "The category the others are compared with: COLUMN=CATEGORY. Default: the first in order.",
            HelpName = "COLUMN=CATEGORY",
        };
        var sums = new Option<bool>("--sum-contrasts") { Description = "Compare categories with the mean of all, not with a reference." };
        var noIntercept = new Option<bool>("--no-intercept") { Description = "No intercept: one mean for each category." };
        var scale = new Option<string[]>("--scale")
        {
            Description = "What may explain how much effects differ (location-scale model, with REML or ML); written as for --moderator.",
            HelpName = "TERM",
        };
        var weights = new Option<string?>("--weights") { Description = "A column of weights to pool with, in place of the model's own.", HelpName = "COLUMN" };
        var method = Choice("--method", $"The model: {string.Join(" ", AnalysisChoices.Methods)}. EE and FE have no tau squared; MH (Mantel-Haenszel, with --measure OR, RR, RD, IRR or IRD) and PETO "
            + "pool the counts of two-by-two tables; the others name the estimator of tau squared.", AnalysisChoices.Methods, "REML");
        var test = Choice("--test", "Standard errors, tests and intervals: z (normal), t, knha (Hartung-Knapp), adhoc (Hartung-Knapp, never narrower than t), "
            + "kr (Kenward-Roger, with REML). Default: knha; z for EE and FE.", AnalysisChoices.TestNames, null);
        var level = new Option<double>("--level")
        {
            Description = "The level of all intervals, in percent or as a fraction: 95 or 0.95.",
            HelpName = "LEVEL",
            DefaultValueFactory = _ => 0.95,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (double.TryParse(text, CultureInfo.InvariantCulture, out var given) && given is > 0 and < 100 && given != 1) return given > 1 ? given / 100 : given;
                result.AddError($"--level {text}: give a percentage such as 95, or a fraction such as 0.95.");
                return 0;
            },
        };
        var clusters = new Option<string[]>("--cluster")
        {
            Description = "The column that says which effects share a sample; a second one names groups within it.",
            HelpName = "COLUMN",
        };
        var model = Choice("--model", "With --cluster: aggregate (average within clusters first), multilevel (clusters, then effects), che (multilevel with correlated sampling errors), "
            + "corr and hier (robust variance estimation with correlated or hierarchical weights, as robumeta).",
            ["aggregate", "multilevel", "che", "corr", "hier"], "che");
        var rho = new Option<double>("--rho")
        {
            Description = "The assumed correlation of sampling errors within a cluster, for aggregate, che and corr (there 0.8 if not said, as in robumeta). It cannot be estimated: try several.",
            HelpName = "RHO",
            DefaultValueFactory = _ => 0.6,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (double.TryParse(text, CultureInfo.InvariantCulture, out var given) && given is >= 0 and < 1) return given;
                result.AddError($"--rho {text}: give a correlation from 0 to below 1.");
                return 0;
            },
        };
        var robust = Choice("--robust", "With --cluster and multilevel, che, corr or hier: cluster-robust inference, CR2 (for few clusters), CR1, or none.", ["CR2", "CR1", "none"], "CR2");
        var zeros = Choice("--zero-cells", "What to do with zero cells of tables and counts: keep (an error where the measure has no value), where-zero (add to the cells of a "
            + "table with a zero, as metafor does), all (add to every table), all-if-any.", ["keep", "where-zero", "all", "all-if-any"], "keep");
        var add = new Option<double>("--add")
        {
            Description = "What to add to cells.",
            HelpName = "AMOUNT",
            DefaultValueFactory = _ => 0.5,
            CustomParser = result =>
            {
                if (double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var given) && given > 0 && double.IsFinite(given)) return given;
                result.AddError($"--add {result.Tokens[0].Value}: give a positive number such as 0.5.");
                return 0;
            },
        };
        var variance = Choice("--vtype", "The formula of the sampling variance, as far as the measure has it: LS, LS2, UB, HO, ST, CS, AV.",
            ["LS", "LS2", "UB", "HO", "ST", "CS", "AV"], "LS");
        var correction = Choice("--bias-correction", "Of standardized mean differences: exact, approximate, none.", ["exact", "approximate", "none"], "exact");
        var tauInterval = Choice("--tau-ci", "The interval of tau squared: QP (Q-profile), PL (profile likelihood, with REML or ML), GENQ (generalised Q), WALD (estimate and standard error; for many studies only).",
            ["QP", "PL", "GENQ", "WALD"], null);
        var prediction = Choice("--prediction", "The prediction interval: knha (Hartung-Knapp), hts (Higgins-Thompson-Spiegelhalter), nagashima (bootstrap). Default: that of the test.",
            ["knha", "hts", "nagashima"], null);
        var seed = new Option<ulong?>("--seed") { Description = "The seed of nagashima's random draws; the same seed gives the same result.", HelpName = "NUMBER" };
        var subgroup = new Option<string?>("--subgroup") { Description = "A column whose values make subgroups, each with a tau squared of its own, and the test between them.", HelpName = "COLUMN" };
        var commonTau = new Option<bool>("--common-tau") { Description = "One tau squared for all subgroups." };
        var henmiCopas = new Option<bool>("--henmi-copas") { Description = "The interval of Henmi and Copas beside, which small studies move less." };
        var beyond = new Option<double?>("--beyond")
        {
            Description = "How likely a true effect lies above a cut-off, on the scale a reader knows (0.1 for r = .10).",
            HelpName = "CUTOFF",
            CustomParser = result =>
            {
                if (double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var given) && double.IsFinite(given)) return given;
                result.AddError($"--beyond {result.Tokens[0].Value}: give a number such as 0.1.");
                return null;
            },
        };
        var cumulative = new Option<string?>("--cumulative") { Description = "The fit of the first study, the first two and so on, in the order of a column, or of the file without one.", HelpName = "COLUMN", Arity = ArgumentArity.ZeroOrOne };
        var collapse = new Option<bool>("--collapse") { Description = "With --cumulative COLUMN: studies of one value are added together." };
        var blups = new Option<bool>("--blups") { Description = "The predicted true effect of each study." };
        var texts = new Option<string[]>("--text-column") { Description = "A column that holds texts even where they look like numbers (2009, 2009a).", HelpName = "COLUMN" };
        var missing = new Option<string[]>("--missing") { Description = "A text that means that a value is not known, beside an empty cell and NA.", HelpName = "TEXT" };
        var delimiter = Choice("--delimiter", "What separates cells: comma, semicolon, tab. Found from the file if not said.", ["comma", "semicolon", "tab"], null);
        var mark = Choice("--decimal", "The decimal mark: point, comma. Found from the file if not said.", ["point", "comma"], null);
        var influence = new Option<bool>("--influence")
        {
            Description = $"With --json: what each study does to the fit, also for more than {Analysis.InfluenceLimit} studies ({Analysis.DependentInfluenceLimit} with --cluster), where it takes minutes and is null without this.",
        };
        var independent = new Option<bool>("--independent") { Description = "Rows that share a study are of different people, and their effects independent." };
        var pooledScale = new Option<bool>("--pooled-scale") { Description = "With --lower and --upper: estimates and limits are on the scale that is pooled (log odds ratios), not on the one shown (odds ratios)." };
        var intervalLevel = new Option<double>("--interval-level")
        {
            Description = "With --lower and --upper: the level of these intervals, in percent or as a fraction.",
            HelpName = "LEVEL",
            DefaultValueFactory = _ => 0.95,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (double.TryParse(text, CultureInfo.InvariantCulture, out var given) && given is > 0 and < 100 && given != 1) return given > 1 ? given / 100 : given;
                result.AddError($"--interval-level {text}: give a percentage such as 95, or a fraction such as 0.95.");
                return 0;
            },
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on standard output and nothing else." };
        var columns = EffectColumns.Ingredients.Select(i => Column(i.Name, i.Meaning)).ToList();

        var command = new Command("analyze",
            """
            Pools the studies of a table: effects as they are, or computed from correlations, means, tables and counts.

            Examples:
              empathy analyze studies.csv --ri r --ni n --label study
              empathy analyze trials.csv --measure OR --ai ev_t --bi no_t --ci ev_c --di no_c --moderator year --json

            Columns that are not named are taken when the header leaves no doubt, and that is said. Exit codes: 0 good, 2 the input is at fault.
            """)
        {
            file, measure, label, effect, moderators, references, sums, noIntercept, scale, weights, method, test, level, clusters, model, rho, robust, zeros, add, variance, correction,
            tauInterval, prediction, seed, subgroup, commonTau, henmiCopas, beyond, cumulative, collapse, blups, texts, missing, delimiter, mark, independent, pooledScale, intervalLevel, influence, json,
        };
        foreach (var column in columns) command.Add(column);
        command.SetAction(parsed =>
        {
            StudyTable? read = null;
            try
            {
                RemedyWords.OfTheCommandLine(() => Analyze(parsed, out read));
            }
            catch (Exception) when (read is not null)
            {
                // What was passed over or named is part of the reason why something is not found.
                foreach (var note in AnalysisNotes.Of(read, null, [], [])) error.WriteLine(note);
                throw;
            }
        });
        return command;

        void Analyze(ParseResult parsed, out StudyTable? read)
        {
            read = null;
            var said = columns.Select(c => (c.Name, Value: parsed.GetValue(c))).Where(c => c.Value is not null).ToDictionary(c => c.Name[2..], c => c.Value!);
            var computed = new EffectSizeOptions
            {
                ZeroCells = Zeros(parsed.GetValue(zeros)!, parsed.GetValue(add)),
                Variance = EffectSizeOptions.VarianceFromCode(parsed.GetValue(variance)!),
                BiasCorrection = Enum.Parse<BiasCorrection>(parsed.GetValue(correction)!, ignoreCase: true),
            };
            var isCumulative = parsed.GetResult(cumulative) is not null;
            var extras = new ExtraChoices
            {
                TauInterval = parsed.GetValue(tauInterval),
                Prediction = parsed.GetValue(prediction),
                Seed = parsed.GetValue(seed),
                Subgroup = parsed.GetValue(subgroup),
                CommonTau = parsed.GetValue(commonTau),
                HenmiCopas = parsed.GetValue(henmiCopas),
                Beyond = parsed.GetValue(beyond),
                Cumulative = isCumulative ? parsed.GetValue(cumulative) ?? "" : null,
                Collapse = parsed.GetValue(collapse),
                Blups = parsed.GetValue(blups),
                Influence = parsed.GetValue(influence),
            };
            var dependence = Dependence(parsed.GetValue(clusters) ?? [], parsed.GetValue(model)!,
                parsed.GetResult(rho) is { Implicit: false } || parsed.GetValue(model) != "corr" ? parsed.GetValue(rho) : new RobustVarianceOptions().SamplingCorrelation, parsed.GetValue(robust)!);
            var table = Read(parsed.GetValue(file)!, new StudyTableOptions
            {
                TextColumns = parsed.GetValue(texts) ?? [],
                MissingTexts = ["NA", .. parsed.GetValue(missing) ?? []],
                Delimiter = Enum.Parse<CsvDelimiter>(parsed.GetValue(delimiter) ?? nameof(CsvDelimiter.Detect), ignoreCase: true),
                DecimalMark = Enum.Parse<DecimalMark>(parsed.GetValue(mark) ?? nameof(DecimalMark.Detect), ignoreCase: true),
            });
            read = table;
            var text = new ModeratorText(table, new CategoryCoding(References(parsed.GetValue(references) ?? []), parsed.GetValue(sums)));
            var (terms, scaleTerms) = (parsed.GetValue(moderators) ?? [], parsed.GetValue(scale) ?? []);
            Needs(noIntercept, terms.Length > 0, "--moderator");
            Needs(sums, terms.Length + scaleTerms.Length > 0, "--moderator");
            Needs(references, terms.Length + scaleTerms.Length > 0, "--moderator");
            Needs(commonTau, extras.Subgroup is not null, "--subgroup");
            Needs(collapse, !string.IsNullOrEmpty(extras.Cumulative), "--cumulative COLUMN");
            Needs(seed, extras.Prediction == "nagashima", "--prediction nagashima");
            Needs(model, dependence is not null, "--cluster");
            Needs(rho, dependence is not null, "--cluster");
            Needs(rho, dependence is not { Model: "hier" }, "--model che, corr or aggregate");
            Needs(robust, dependence is not null, "--cluster");
            Needs(add, computed.ZeroCells != ZeroCells.Keep, "--zero-cells");
            Needs(influence, parsed.GetValue(json), "--json");
            foreach (var option in (Option[])[zeros, variance, correction, effect])
            {
                Needs(option, parsed.GetValue(method) is not ("MH" or "PETO"), "another --method than MH and PETO, which pool counts as they are");
            }
            var choices = new AnalysisChoices
            {
                Method = parsed.GetValue(method)!,
                Test = parsed.GetValue(test),
                Level = parsed.GetValue(level),
                Moderators = terms.Length == 0 ? null : text.Read(terms, !parsed.GetValue(noIntercept)),
                Scale = scaleTerms.Length == 0 ? null : text.Read(scaleTerms),
                Weights = parsed.GetValue(weights),
                Dependence = dependence,
                Extras = extras,
            };
            Needs(pooledScale, said.ContainsKey("lower"), "--lower and --upper");
            if (dependence is not null && parsed.GetValue(independent)) throw new BadInputException("--independent and --cluster contradict each other: give one.");
            var line = new CommandLine([.. parsed.Tokens.Select(t => t.Value).SkipWhile(t => t == "analyze")]);
            var columnsOf = new EffectColumns(table, said, line) { IsPooledScale = parsed.GetValue(pooledScale), IntervalLevel = parsed.GetValue(intervalLevel) };
            List<string> shared = [];
            var wanted = columnsOf.Measure(choices.Method == "PETO" ? parsed.GetValue(measure) ?? "PETO" : parsed.GetValue(measure));
            var named = parsed.GetValue(label) is { } pattern ? (StudyLabel)pattern : null;
            if (dependence is null && !parsed.GetValue(independent))
            {
                var asked = !choices.IsTables && choices.Weights is null && choices.Scale is null && !(extras with { Influence = false }).Any;
                var stands = asked && choices.Method is "REML" or "ML" && choices.Test is null or "t" or "z";
                dependence = new SharedRows(table, line).Deal(stands, !choices.IsTables && choices.Weights is null, shared);
                choices = choices with { Dependence = dependence };
            }
            StudyEffects? pooled = null;
            var analysis = Fit();
            string?[] used = [.. text.Columns, .. dependence?.Clusters ?? [], extras.Subgroup, .. named?.Columns ?? []];
            var notes = AnalysisNotes.Of(table, pooled, [.. columnsOf.Guesses, .. shared], used);
            Print(analysis with { Notes = notes }, parsed.GetValue(json), output, error);

            // An option that would change nothing is a misunderstanding, and better said than swallowed.
            void Needs(Option option, bool isThere, string other)
            {
                if (!isThere && parsed.GetResult(option) is { Implicit: false }) throw new BadInputException($"{option.Name} needs {other}.");
            }

            Analysis Fit()
            {
                if (choices.IsTables && (wanted == EffectMeasure.RateRatio || wanted == EffectMeasure.RateDifference))
                {
                    var rates = columnsOf.Rates(named);
                    columnsOf.RequireAllUsed();
                    return choices.Fit(rates, wanted);
                }
                if (choices.IsTables)
                {
                    columnsOf.RequireAllUsed();
                    var tables = columnsOf.Tables(wanted, named);
                    return choices.Fit(tables, wanted);
                }
                string?[] further = [.. text.Columns, .. dependence?.Clusters ?? [], choices.Weights, extras.Subgroup, extras.Cumulative];
                columnsOf.RequireAllUsed();
                var effects = columnsOf.Effects(named, parsed.GetValue(effect), computed).AsIndependent();
                pooled = effects;
                try
                {
                    return choices.Fit(columnsOf.With(effects, further.Where(c => !string.IsNullOrEmpty(c))!));
                }
                catch (StudyDataException fault) when (fault.File is null)
                {
                    // The engine knows no file; labels lead from its rows to the lines.
                    var row = fault.Study is null ? -1 : effects.Labels.IndexOf(fault.Study);
                    throw fault.At(row < 0 ? null : table.LineOf(row), fault.Study, fault.Column, Path.GetFileName(parsed.GetValue(file)));
                }
                catch (InsufficientStudiesException fault)
                {
                    throw new BadInputException($"{Path.GetFileName(parsed.GetValue(file))}: {RemedyWords.Of(fault)}");
                }
            }
        }
    }

    private static Dictionary<string, string> References(string[] texts)
    {
        var references = new Dictionary<string, string>();
        foreach (var text in texts)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || at == text.Length - 1) throw new BadInputException($"--reference {text}: write COLUMN=CATEGORY, for example rater=client.");
            references[text[..at].Trim()] = text[(at + 1)..].Trim();
        }
        return references;
    }

    private static DependenceChoices? Dependence(string[] clusters, string model, double rho, string robust) => clusters.Length switch
    {
        0 => null,
        > 2 => throw new BadInputException("--cluster: at most two columns, the outer and the inner one."),
        2 when model == "aggregate" => throw new BadInputException("--model aggregate: give one --cluster, the one to average within."),
        2 when model is "corr" or "hier" => throw new BadInputException($"--model {model}: give one --cluster, whose values are independent of one another."),
        _ => new DependenceChoices(clusters, model, rho, robust == "none" ? null : Enum.Parse<SmallSampleCorrection>(robust)),
    };

    private static StudyTable Read(string file, StudyTableOptions options)
    {
        if (!File.Exists(file)) throw new BadInputException(Directory.Exists(file) ? $"{file}: is a folder; name a file." : $"{file}: there is no such file.");
        return StudyTable.Read(file, options);
    }

    private static ZeroCells Zeros(string rule, double amount) => rule switch
    {
        "where-zero" => ZeroCells.AddWhereZero(amount),
        "all" => ZeroCells.AddToAll(amount),
        "all-if-any" => ZeroCells.AddToAllIfAnyZero(amount),
        _ => ZeroCells.Keep,
    };

    private static void Print(Analysis analysis, bool json, TextWriter output, TextWriter error)
    {
        foreach (var note in analysis.Notes) error.WriteLine(note);
        if (json)
        {
            AnalysisJson.Write(analysis, output);
            if (analysis.LeavesOutInfluence)
            {
                error.WriteLine($"What each study does to the fit is null: it takes a fit for each, and there are more than {analysis.LimitOfInfluence} studies. Ask for it with --influence.");
            }
            return;
        }
        Notebook.Start();
        List<object?> parts = [analysis.Fit, analysis.Heterogeneity.Measures, analysis.Fit is RobustVarianceFit ? null : analysis.Robust, .. AnalysisText.Extras(analysis)];
        output.WriteLine(string.Join("\n\n", parts.OfType<object>().Select(p => p as string ?? p.ToDisplayString("text/plain"))));
    }

    private static Option<string?> Choice(string name, string description, IReadOnlyList<string> values, string? usual)
    {
        var option = new Option<string?>(name)
        {
            Description = description,
            HelpName = name[2..].Replace("-", "", StringComparison.Ordinal).ToUpperInvariant(),
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                // HSk and HS differ in case only by accident of spelling; nobody means another one by writing reml.
                var value = values.FirstOrDefault(v => v == text) ?? values.FirstOrDefault(v => v.Equals(text, StringComparison.OrdinalIgnoreCase));
                if (value is null) result.AddError($"{name} {text}: there is no such value. There are: {string.Join(", ", values)}.");
                return value;
            },
        };
        if (usual is not null) option.DefaultValueFactory = _ => usual;
        return option;
    }

    private static Option<string?> Column(string ingredient, string meaning)
    {
        var option = new Option<string?>("--" + ingredient) { Description = $"Column: {meaning}.", HelpName = "COLUMN" };
        foreach (var name in EffectColumns.Short(ingredient)) option.Aliases.Add("--" + name);
        return option;
    }
}
