using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Simulate;

/// <summary>The names of methods in design files. Every estimator of a list meets every interval; where an interval is defined for some estimators only, it meets those.</summary>
internal static class MethodNames
{
    private static readonly (string, TauSquaredEstimator)[] Estimators =
    [
        ("REML", TauSquaredEstimator.RestrictedMaximumLikelihood), ("ML", TauSquaredEstimator.MaximumLikelihood), ("DL", TauSquaredEstimator.DerSimonianLaird), ("PM", TauSquaredEstimator.PauleMandel),
        ("HE", TauSquaredEstimator.Hedges), ("SJ", TauSquaredEstimator.SidikJonkman), ("HS", TauSquaredEstimator.HunterSchmidt), ("HSk", TauSquaredEstimator.HunterSchmidtSmallSample),
        ("DL2", TauSquaredEstimator.TwoStepDerSimonianLaird), ("PMM", TauSquaredEstimator.PauleMandelMedian), ("EB", TauSquaredEstimator.EmpiricalBayes),
        ("DLIT", TauSquaredEstimator.IteratedDerSimonianLaird), ("SJIT", TauSquaredEstimator.IteratedSidikJonkman),
    ];

    private static readonly (string, Inference)[] Inferences =
        [("z", Inference.Normal), ("t", Inference.StudentT), ("HK", Inference.HartungKnapp), ("HK-adhoc", Inference.HartungKnappAdHoc), ("KR", Inference.KenwardRoger)];

    private static readonly (string, TauSquaredIntervalMethod)[] TauSquaredIntervals =
        [("QP", TauSquaredIntervalMethod.QProfile), ("PL", TauSquaredIntervalMethod.ProfileLikelihood), ("Wald", TauSquaredIntervalMethod.Wald)];

    private static readonly (string, PredictionIntervalMethod)[] Predictions =
        [("HK", PredictionIntervalMethod.HartungKnapp), ("HTS", PredictionIntervalMethod.HigginsThompsonSpiegelhalter)];

    private static readonly (string, MeanCorrection)[] Corrections =
        [("PET-PEESE", MeanCorrection.PetPeese), ("TrimFill", MeanCorrection.TrimAndFill), ("UWLS", MeanCorrection.Uwls), ("WAAP", MeanCorrection.Waap)];

    private static readonly (string, WorkingModel)[] Models = [("CORR", WorkingModel.Correlated), ("HIER", WorkingModel.Hierarchical)];

    private static readonly (string, SmallSampleCorrection)[] SmallSamples = [.. Enum.GetValues<SmallSampleCorrection>().Select(c => (c.ToString(), c)).Order()];

    /// <summary>The methods that an object of the design names.</summary>
    public static ImmutableArray<SimulationMethod> Read(DesignNode node)
    {
        node.Object("mean", "robust", "tau2", "prediction", "bias");
        List<SimulationMethod> methods =
        [
            .. Crossed(node.Find("mean"), Inferences, SimulationMethod.Mean),
            .. node.Find("robust") is { } robust ? Robust(robust) : [],
            .. Crossed(node.Find("tau2"), TauSquaredIntervals, SimulationMethod.TauSquared),
            .. Crossed(node.Find("prediction"), Predictions, SimulationMethod.NewStudy),
            .. node.Find("bias") is { } bias ? Distinct(bias, Corrections).Select(SimulationMethod.Corrected) : [],
        ];
        return methods.Count > 0 ? [.. methods] : throw node.Fault("names no method; give \"mean\", \"robust\", \"tau2\", \"prediction\" or \"bias\"");
    }

    /// <summary>What a target is called in design files and results.</summary>
    public static string Of(SimulationTarget target) => target switch
    {
        SimulationTarget.Mean => "mean",
        SimulationTarget.TauSquared => "tau2",
        SimulationTarget.NewStudy => "prediction",
        _ => "bias",
    };

    /// <summary>metafor's name of an estimator.</summary>
    public static string Of(TauSquaredEstimator estimator) => Estimators.First(e => e.Item2 == estimator).Item1;

    /// <summary>robumeta's name of a working model.</summary>
    public static string Of(WorkingModel model) => Models.First(m => m.Item2 == model).Item1;

    /// <summary>Writes the object that is read back as these methods.</summary>
    public static void Write(Utf8JsonWriter json, ImmutableArray<SimulationMethod> methods)
    {
        json.WriteStartObject();
        foreach (var target in methods.GroupBy(m => (m.Target, IsRobust: m.Model is not null)))
        {
            if (target.Key.Target == SimulationTarget.CorrectedMean)
            {
                List(Of(target.Key.Target), target.Select(m => m.Interval));
                continue;
            }
            json.WriteStartObject(target.Key.IsRobust ? "robust" : Of(target.Key.Target));
            if (target.Key.IsRobust) List("model", target.Select(m => Of(m.Model!.Value)).Distinct());
            else List("tau2", target.Select(m => Of(m.Estimator!.Value)).Distinct());
            List("interval", target.Select(m => m.Interval).Distinct());
            json.WriteEndObject();
        }
        json.WriteEndObject();

        void List(string name, IEnumerable<string> words)
        {
            json.WriteStartArray(name);
            foreach (var word in words) json.WriteStringValue(word);
            json.WriteEndArray();
        }
    }

    private static IEnumerable<SimulationMethod> Robust(DesignNode node)
    {
        node.Object("model", "interval");
        var models = Distinct(node.Member("model", "working models: \"CORR\", \"HIER\""), Models);
        var asked = Distinct(node.Member("interval", $"small-sample corrections: {string.Join(", ", SmallSamples.Select(s => $"\"{s.Item1}\""))}"), SmallSamples);
        return models.SelectMany(m => SmallSamples.Select(s => s.Item2).Where(asked.Contains).Select(s => SimulationMethod.Robust(m, s)));
    }

    private static IEnumerable<SimulationMethod> Crossed<T>(DesignNode? found, (string, T)[] intervals, Func<TauSquaredEstimator, T, SimulationMethod> make)
        where T : struct
    {
        if (found is not { } node) yield break;
        node.Object("tau2", "interval");
        var estimators = Distinct(node.Member("tau2", "estimators of tau squared, for example [\"REML\", \"DL\"]"), Estimators);
        var asked = node.Member("interval", $"intervals: {string.Join(", ", intervals.Select(i => $"\"{i.Item1}\""))}");
        // In the order of the names above, so that what is written of a design reads back as the same list of methods.
        var given = Distinct(asked, intervals);
        List<T> chosen = [.. intervals.Select(i => i.Item2).Where(given.Contains)];
        var used = new HashSet<T>();
        var made = estimators.SelectMany(e => chosen.Select(i => (Interval: i, Method: Try(e, i)))).ToList();
        foreach (var (interval, method) in made)
        {
            if (method is not null) used.Add(interval);
        }
        foreach (var interval in chosen.Where(i => !used.Contains(i)))
        {
            // An interval that no estimator of the list is for.
            throw asked.Fault($"has \"{intervals.First(i => i.Item2.Equals(interval)).Item1}\", which {(interval is Inference.KenwardRoger ? "needs \"REML\"" : "needs \"ML\" or \"REML\"")} among the estimators of \"tau2\"");
        }
        foreach (var (_, method) in made)
        {
            if (method is not null) yield return method;
        }

        SimulationMethod? Try(TauSquaredEstimator estimator, T interval) => interval switch
        {
            Inference.KenwardRoger when estimator != TauSquaredEstimator.RestrictedMaximumLikelihood => null,
            TauSquaredIntervalMethod.ProfileLikelihood when estimator is not (TauSquaredEstimator.RestrictedMaximumLikelihood or TauSquaredEstimator.MaximumLikelihood) => null,
            _ => make(estimator, interval),
        };
    }

    private static List<T> Distinct<T>(DesignNode list, (string, T)[] choices)
    {
        List<T> values = [];
        foreach (var node in list.List(string.Join(", ", choices.Select(c => $"\"{c.Item1}\""))))
        {
            var value = node.Choice(choices);
            if (values.Contains(value)) throw node.Fault("stands there twice; once is enough");
            values.Add(value);
        }
        return values;
    }
}
