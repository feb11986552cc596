namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What a combination of options comes to, or why it comes to nothing.</summary>
internal struct Outcome
{
    public SpecificationEstimate Value;

    /// <summary>Null where there is an estimate.</summary>
    public string? Reason;

    public ImpossibilityKind Kind;

    /// <summary>The same number for combinations that are one specification: that with the first option of every choice that makes no difference.</summary>
    public int Canonical;

    /// <summary>True where it is the same specification as another because choices other than that of studies make no difference.</summary>
    public bool IsUnused;
}

/// <summary>Computes combinations cell by cell: the data of a cell are selected once, and tau² is estimated once for all tests.</summary>
internal sealed class MultiverseEngine
{
    private static readonly SpecificationModel Independent = new PooledSpecification(null, null);

    private readonly MultiverseGrid _grid;
    private readonly StudyEffects?[] _sets;
    private readonly (string Reason, ImpossibilityKind Kind)?[] _faults;
    private readonly int[]?[]? _rows;
    private readonly Lazy<Selection>?[]? _selections;
    private readonly int[]?[]? _left;
    private readonly double _level;

    /// <param name="grid">The combinations.</param>
    /// <param name="sets">The effects of each option of the measure.</param>
    /// <param name="faults">Why an option of the measure has none.</param>
    /// <param name="rows">Keeps which rows the rules select that do not look at effects, for engines of other signs; null to keep none.</param>
    /// <param name="left">Takes which rows are left of each selection of studies; null where nobody asks.</param>
    public MultiverseEngine(MultiverseGrid grid, StudyEffects?[] sets, (string Reason, ImpossibilityKind Kind)?[] faults, int[]?[]? rows = null, int[]?[]? left = null)
    {
        _left = left;
        (_grid, _sets, _faults, _rows, _level) = (grid, sets, faults, rows, grid.Multiverse.Options.ConfidenceLevel);
        // Several models of the same studies share what was selected; of one, keeping it would take room alone.
        if (grid.Cells > grid.Selections) _selections = new Lazy<Selection>?[grid.Selections];
    }

    /// <summary>Computes the combinations of one cell.</summary>
    /// <param name="cell">The number of the cell.</param>
    /// <param name="outcomes">Takes them by their numbers.</param>
    /// <param name="include">Those that are wanted; null for all.</param>
    public void Compute(int cell, Outcome[] outcomes, bool[]? include)
    {
        var first = _grid.FirstOf(cell);
        if (include is not null && !IsWanted(first, include)) return;
        var cellModel = _grid.OptionOf(first, _grid.Model)?.Model ?? Independent;
        Cell work;
        try
        {
            var selection = Select(first);
            if (selection.Count == 0) throw new UndeterminedException("A mean", "no study is left");
            if (_left is not null && !selection.IsChanged) _left[_grid.SelectionOf(first)] = selection.Rows ?? [.. Enumerable.Range(0, selection.Count)];
            work = new Cell(this, first, cellModel, selection, outcomes, include);
            _ = work.Prepared;
        }
        catch (Exception fault) when (ReasonOf(fault) is { } reason)
        {
            foreach (var number in Inner(first)) outcomes[number] = new Outcome { Reason = reason.Reason, Kind = reason.Kind, Canonical = number };
            return;
        }
        work.Compute();
    }

    /// <summary>Why a specification has no estimate; null for a fault of whoever asked, such as a column that is not there.</summary>
    public static (string Reason, ImpossibilityKind Kind)? ReasonOf(Exception fault) => fault switch
    {
        ImpossibleChoiceException { Kind: not ChoiceFault.Incomplete } choice => (choice.Problem.EndsWith('.') ? choice.Problem : choice.Problem + ".", ImpossibilityKind.Contradiction),
        StudyDataException { Kind: StudyDataFault.NoSuchColumn or StudyDataFault.AveragedAway } => null,
        InsufficientStudiesException or UndeterminedException or ConvergenceException or StudyDataException => (fault.Message, ImpossibilityKind.Data),
        _ => null,
    };

    private bool IsWanted(int first, bool[] include)
    {
        foreach (var number in Inner(first))
        {
            if (include[number]) return true;
        }
        return false;
    }

    private IEnumerable<int> Inner(int first)
    {
        for (var e = 0; e < _grid.Estimators.Count; e++)
        {
            for (var t = 0; t < _grid.Tests.Count; t++)
            {
                for (var a = 0; a < _grid.Adjustments.Count; a++) yield return first + e * _grid.Stride(_grid.Estimator) + t * _grid.Stride(_grid.Test) + a * _grid.Stride(_grid.Adjustment);
            }
        }
    }

    private Selection Select(int first)
    {
        var place = _grid.SelectionOf(first);
        if (_selections is null) return NewSelection(first, place);
        var kept = Volatile.Read(ref _selections[place]) ?? Interlocked.CompareExchange(ref _selections[place], new Lazy<Selection>(() => NewSelection(first, place)), null) ?? _selections[place]!;
        return kept.Value;
    }

    private Selection NewSelection(int first, int place)
    {
        var source = _grid.Source < 0 ? 0 : _grid.Digit(first, _grid.Source);
        if (_faults[source] is { } fault) throw fault.Kind == ImpossibilityKind.Contradiction ? new ImpossibleChoiceException(fault.Reason.TrimEnd('.'), ChoiceFault.NoSuchMeasure) : new UndeterminedException("The measure", fault.Reason.TrimEnd('.'));
        var all = _sets[source]!;
        var known = _rows is null ? null : Volatile.Read(ref _rows[place]);
        var rows = known;
        foreach (var choice in _grid.Studies)
        {
            var option = _grid.OptionOf(first, choice)!;
            if (option.ReadsEffects || option.KeepsAll || known is not null) continue;
            rows = Within(rows, option.Keep!(rows is null ? all : all.Select(rows)));
        }
        if (_rows is not null && rows is not null) Volatile.Write(ref _rows[place], rows);
        var selection = new Selection(all, rows, false);
        foreach (var choice in _grid.Studies)
        {
            var option = _grid.OptionOf(first, choice)!;
            if (!option.ReadsEffects || selection.Count == 0) continue;
            if (option.Change is { } change)
            {
                selection = new Selection(change(selection.Effects) ?? throw new InvalidOperationException($"The option \"{option}\" gave no effects."), null, true);
                continue;
            }
            selection = selection.Keep(option.Keep!(selection.Effects));
        }
        return selection;
    }

    private static int[] Within(int[]? rows, IReadOnlyList<int> kept)
    {
        var within = new int[kept.Count];
        for (var i = 0; i < within.Length; i++) within[i] = rows is null ? kept[i] : rows[kept[i]];
        return within;
    }

    /// <summary>Some rows of effects; copied when a model asks for more than effects and variances.</summary>
    private sealed record Selection(StudyEffects All, int[]? Rows, bool IsChanged)
    {
        private StudyEffects? _effects;

        public int Count => Rows?.Length ?? All.Count;

        public StudyEffects Effects => _effects ??= Rows is null ? All : All.Select(Rows);

        public Selection Keep(IReadOnlyList<int> kept) => new(All, Within(Rows, kept), IsChanged);
    }

    /// <summary>The specifications of the same data by the same model.</summary>
    private sealed class Cell(MultiverseEngine engine, int first, SpecificationModel model, Selection selection, Outcome[] outcomes, bool[]? include)
    {
        private readonly MultiverseGrid _grid = engine._grid;
        private readonly Dictionary<int, int> _done = [];
        private StudyEffects? _prepared;
        private double[]? _y;
        private double[]? _v;
        private (int Estimator, Inference? Inference, SmallSampleCorrection? Correction)? _fitOf;
        private IModelFit? _fit;
        private int _estimatorOf = -1;
        private double _tau2, _mean, _variance, _q;

        private double? Correlation => _grid.OptionOf(first, _grid.Correlation)?.Correlation;

        /// <summary>Averages, where the model averages; null where plain numbers are enough.</summary>
        public StudyEffects? Prepared => _prepared ??= model is PooledSpecification { UsesCorrelation: false } ? null : model.Prepare(selection.Effects, Correlation);

        public void Compute()
        {
            for (var e = 0; e < _grid.Estimators.Count; e++)
            {
                for (var t = 0; t < _grid.Tests.Count; t++)
                {
                    for (var a = 0; a < _grid.Adjustments.Count; a++)
                    {
                        var number = first + e * _grid.Stride(_grid.Estimator) + t * _grid.Stride(_grid.Test) + a * _grid.Stride(_grid.Adjustment);
                        if (include is null || include[number]) Compute(number, e, t, a);
                    }
                }
            }
        }

        private void Compute(int number, int e, int t, int a)
        {
            ref var outcome = ref outcomes[number];
            outcome = default;
            var adjustment = _grid.Adjustments[a].Adjustment;
            var canonical = Canonical(number, e, adjustment);
            outcome.Canonical = canonical;
            if (_done.TryGetValue(canonical, out var same))
            {
                outcome.Value = outcomes[same].Value;
                return;
            }
            try
            {
                outcome.Value = IsPlain(e, t, adjustment) ? Plain(e, t) : ByFit(number, e, t, adjustment);
                _done[canonical] = number;
            }
            catch (Exception fault) when (ReasonOf(fault) is { } reason)
            {
                (outcome.Reason, outcome.Kind) = (reason.Reason, reason.Kind);
            }
        }

        /// <summary>The number with the first option of every choice that makes no difference here.</summary>
        private int Canonical(int number, int e, SpecificationAdjustment? adjustment)
        {
            var canonical = number;
            if (!model.UsesCorrelation || adjustment is { UsesCorrelation: false } && !model.IsPooled) canonical = _grid.With(canonical, _grid.Correlation, 0);
            if (adjustment is { TellsDependentModelsApart: false } && !model.IsPooled)
            {
                var models = _grid.Multiverse.Choices[_grid.Model].Options;
                for (var m = models.Length - 1; m >= 0; m--)
                {
                    if (models[m].Model is { IsPooled: false } other && other.Cluster == model.Cluster && (other.UsesCorrelation == model.UsesCorrelation || !adjustment.UsesCorrelation)) canonical = _grid.With(canonical, _grid.Model, m);
                }
            }
            var use = !model.UsesEstimator ? EstimatorUse.None : adjustment?.Estimator(model) ?? EstimatorUse.Each;
            if (use == EstimatorUse.Each) canonical = _grid.With(canonical, _grid.Estimator, _grid.FirstNamed[e]);
            if (use == EstimatorUse.None) canonical = _grid.With(canonical, _grid.Estimator, 0);
            if (use == EstimatorUse.EqualOrRandom) canonical = _grid.With(canonical, _grid.Estimator, _grid.FirstOfKind[e]);
            return adjustment is { UsesTest: false } ? _grid.With(canonical, _grid.Test, 0) : canonical;
        }

        private bool IsPlain(int e, int t, SpecificationAdjustment? adjustment) => adjustment is null && model.IsPooled && _grid.Tests[t] is { Robust: null, Inference: not Inference.KenwardRoger }
            && _grid.Estimators[e].Estimator != TauSquaredEstimator.GeneralizedQ;

        /// <summary>A pooled mean from sums alone; tests of one estimator share them.</summary>
        private SpecificationEstimate Plain(int e, int t)
        {
            var estimator = _grid.Estimators[e].Estimator;
            var inference = _grid.Tests[t].Inference ?? (estimator is null ? Inference.Normal : Inference.HartungKnapp);
            if (_y is null) Load();
            var k = _y!.Length;
            var pooled = new PooledModel(estimator, inference, engine._level);
            var required = estimator is null && inference == Inference.Normal ? 1 : 2;
            if (k < required) throw new InsufficientStudiesException(pooled.Name, required, k);
            if (_estimatorOf != e)
            {
                var sums = new InterceptSums(_y, _v);
                _tau2 = estimator is { } chosen ? TauSquaredEstimate.Of(chosen, ref sums).Value : 0;
                sums.MoveTo(_tau2);
                (_mean, _variance, _q) = (sums.Sums.Mean, 1 / sums.SumOfWeights, sums.Q);
                _estimatorOf = e;
            }
            double? df = inference == Inference.Normal ? null : k - 1;
            var error = Math.Sqrt(_variance * Inferences.Scale(inference, k > 1 ? _q / (k - 1) : 1));
            if (!double.IsFinite(_mean) || !double.IsFinite(error) || !double.IsFinite(_tau2))
            {
                throw new ConvergenceException("The pooled estimate", "the effects or variances are too large or too small for double precision", 0, NonConvergence.Precision);
            }
            return new(_mean, error, Distributions.Interval(_mean, error, df, engine._level), Distributions.TwoSided(_mean == 0 ? 0 : _mean / error, df), estimator is null ? null : _tau2, k);
        }

        private void Load()
        {
            var effects = Prepared ?? selection.All;
            var rows = Prepared is null ? selection.Rows : null;
            if (rows is null)
            {
                (_y, _v) = ([.. effects.Effects], [.. effects.Variances]);
                return;
            }
            (_y, _v) = (new double[rows.Length], new double[rows.Length]);
            var (y, v) = (effects.Effects, effects.Variances);
            for (var i = 0; i < rows.Length; i++) (_y[i], _v[i]) = (y[rows[i]], v[rows[i]]);
        }

        private SpecificationEstimate ByFit(int number, int e, int t, SpecificationAdjustment? adjustment)
        {
            var settings = Settings(e, t);
            var place = (e, model.FitInference(settings.Inference), model.FitsByCorrection ? settings.Robust : null);
            if (_fitOf != place) (_fit, _fitOf) = (model.Fit(Prepared ?? selection.Effects, settings), place);
            if (adjustment is null) return Checked(model.Estimate(_fit!, settings));
            if (settings.Robust is not null && model.IsPooled && adjustment.UsesTest)
            {
                throw new ImpossibleChoiceException("Adjusted means of independent effects have no cluster-robust test here", ChoiceFault.UndefinedInference);
            }
            return Checked(adjustment.Adjust(_fit!) ?? throw new UndeterminedException(_grid.OptionOf(number, _grid.Adjustment)!.Name, "it gives no estimate for these data"));
        }

        private SpecificationSettings Settings(int e, int t) => new()
        {
            TakesEffectsAsEqual = _grid.Estimator >= 0 && _grid.Estimators[e].Estimator is null,
            Estimator = _grid.Estimator >= 0 ? _grid.Estimators[e].Estimator : null,
            Inference = _grid.Tests[t].Inference,
            Robust = _grid.Tests[t].Robust,
            Correlation = Correlation,
            ConfidenceLevel = engine._level,
        };

        private static SpecificationEstimate Checked(SpecificationEstimate value) => double.IsFinite(value.Estimate) ? value
            : throw new ConvergenceException("The estimate", "it is not a finite number", 0, NonConvergence.Precision);
    }
}
