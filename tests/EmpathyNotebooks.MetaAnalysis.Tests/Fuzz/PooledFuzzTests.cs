using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

/// <summary>Every estimator of tau² with every kind of inference on sets drawn at random: consistent numbers, the same in any order and any unit, or an exception that says in its type what is wrong.</summary>
public sealed class PooledFuzzTests
{
    private static readonly TauSquaredEstimator[] Estimators = Enum.GetValues<TauSquaredEstimator>();
    private static readonly Inference[] Inferences = Enum.GetValues<Inference>();

    /// <summary>Powers of two, which round nothing, and a number that does.</summary>
    private static readonly double[] Units = [Math.Pow(2, -20), Math.Pow(2, 13), 100 / 7.0];

    [Fact]
    public void Every_estimator_with_every_inference() => FuzzRun.Of(600, 1, (seed, findings) =>
    {
        var data = FuzzData.Draw(seed);
        var effects = data.Effects;
        foreach (var estimator in Estimators)
        {
            PooledFit? first = null;
            foreach (var inference in Inferences)
            {
                if (Fit(data, effects, estimator, inference, findings) is not { } fit) continue;
                var checks = new PooledChecks(data, fit, findings);
                checks.Numbers();
                if (first is not null) checks.Same(first);
                first ??= fit;
            }
            if (first is null) continue;
            var all = new PooledChecks(data, first, findings);
            all.Heterogeneity();
            all.Reordered(RandomEffects.Fit(data.Shuffled().Effects, new() { TauSquared = estimator }));
            var unit = Units[seed % (ulong)Units.Length];
            all.InAnotherUnit(RandomEffects.Fit(data.Scaled(unit), new() { TauSquared = estimator }), unit);
        }
        foreach (var inference in Inferences) if (Fit(data, effects, null, inference, findings) is { } fit) new PooledChecks(data, fit, findings).Numbers();
    });

    [Fact]
    public void Every_interval_and_every_study_left_out() => FuzzRun.Of(60, 10, (seed, findings) =>
    {
        var data = FuzzData.Draw(seed, fewest: 2, most: 40);
        var random = new Philox(seed, 3);
        var (estimator, inference) = (Estimators[random.Next(Estimators.Length)], Inferences[random.Next(4)]);
        if (Fit(data, data.Effects, estimator, inference, findings) is not { } fit) return;
        var checks = new PooledChecks(data, fit, findings);
        checks.Intervals(withBootstrap: seed % 20 == 0);
        if (data.Count > 12) return;
        void Named(string kind, string what) => findings.Wrong($"{kind} ({estimator}, {inference})", $"{data}: {what}");
        Walk.Over(fit, Named);
        Answer("leave one out", () => fit.LeaveOneOut());
        Answer("cumulative", () => fit.Cumulative());
        Answer("influence", () => fit.Influence());
        Answer("influence of a fit", () => ((IModelFit)fit).InfluenceOf());
        Answer("Baujat", () => fit.Baujat());
        Answer("BLUPs", () => fit.Blups());
        Answer("residuals", () => fit.EffectResiduals());
        Answer("Henmi-Copas", () => HenmiCopas.Fit(fit.Effects));
        Answer("share", () => fit.ProbabilityAbove(0.1));

        void Answer(string question, Func<object?> ask)
        {
            try
            {
                Walk.Over(ask(), (kind, what) => Named($"{question}: {kind}", what));
            }
            catch (Exception fault) when (FuzzRun.IsDocumented(fault))
            {
                if (fault is ConvergenceException) Named($"{question} does not converge", fault.Message);
            }
        }
    });

    private static PooledFit? Fit(FuzzData data, StudyEffects effects, TauSquaredEstimator? estimator, Inference inference, Findings findings)
    {
        try
        {
            return estimator is { } one ? RandomEffects.Fit(effects, new() { TauSquared = one, Inference = inference }) : EqualEffects.Fit(effects, new() { Inference = inference });
        }
        catch (InsufficientStudiesException) when (data.Count < 2)
        {
        }
        catch (ImpossibleChoiceException) when (inference == Inference.KenwardRoger && estimator != TauSquaredEstimator.RestrictedMaximumLikelihood)
        {
        }
        catch (Exception fault)
        {
            findings.Wrong(string.Create(CultureInfo.InvariantCulture, $"{estimator}, {inference}: {fault.GetType().Name}"), $"{data}: {fault.Message}");
        }
        return null;
    }
}
