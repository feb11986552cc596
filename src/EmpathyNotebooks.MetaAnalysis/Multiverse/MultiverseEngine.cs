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
    private readonly double _level;

    /// <param name="grid">The combinations.</param>
    /// <param name="sets">The effects of each option of the measure.</param>
    /// <param name="faults">Why an option of the measure has none.</param>
    /// <param name="rows">Keeps which rows the rules select that do not look at effects, for engines of other signs; null to keep none.</param>
    public MultiverseEngine(MultiverseGrid grid, StudyEffects?[] sets, (string Reason, ImpossibilityKind Kind)?[] faults, int[]?[]? rows = null)
    {
        (_grid, _sets, _faults, _rows, _level) = (grid, sets, faults, rows, grid.Multiverse.Options.ConfidenceLevel);
        // Several models of the same studies share what was selected; of one, keeping it would take room alone.
        if (grid.Cells > DataCount(grid)) _selections = new Lazy<Selection>?[DataCount(grid)];
    }

    /// <summary>How many selections of effects and studies there are.</summary>
    public static int DataCount(MultiverseGrid grid) => grid.Studies.Aggregate(grid.Source < 0 ? 1 : grid.Sizes[grid.Source], (product, c) => product * grid.Sizes[c]);

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
        InsufficientStudiesException or UndeterminedException or NonConvergenceException or StudyDataException => (fault.Message, ImpossibilityKind.Data),
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
        var place = PlaceOfData(first);
        if (_selections is null) return NewSelection(first, place);
        var kept = Volatile.Read(ref _selections[place]) ?? Interlocked.CompareExchange(ref _selections[place], new Lazy<Selection>(() => NewSelection(first, place)), null) ?? _selections[place]!;
        return kept.Value;
    }

    private int PlaceOfData(int first)
    {
        var place = _grid.Source < 0 ? 0 : _grid.Digit(first, _grid.Source);
        foreach (var choice in _grid.Studies) place = place * _grid.Sizes[choice] + _grid.Digit(first, choice);
        return place;
    }

    private Selection NewSelection(int first, int place)
    {
        var source = _grid.Source < 0 ? 0 : _grid.Digit(first, _grid.Source);
        if (_faults[source] is { } fault) throw fault.Kind == ImpossibilityKind.Contradiction ? new ImpossibleChoiceException(fault.Reason.TrimEnd('.'), ChoiceFault.NoSuchMeasure) : new UndeterminedException("The measure", fault.Reason.TrimEnd('.'));
        var all = _sets[source]!;
        var known = _rows is null ? null : Volatile.Read(ref _rows[place]);
        var (rows, canonical) = (known, first);
        foreach (var choice in _grid.Studies)
        {
            var option = _grid.OptionOf(first, choice)!;
            if (option.ReadsEffects || option.KeepsAll || known is not null) continue;
            var before = rows?.Length ?? all.Count;
            rows = Within(rows, option.Keep!(rows is null ? all : all.Select(rows)));
            if (rows.Length == before) canonical = AsAll(canonical, choice);
        }
        if (_rows is not null && rows is not null) Volatile.Write(ref _rows[place], rows);
        var selection = new Selection(all, rows, canonical);
        foreach (var choice in _grid.Studies)
        {
            var option = _grid.OptionOf(first, choice)!;
            if (!option.ReadsEffects || selection.Count == 0) continue;
            if (option.Change is { } change)
            {
                selection = new Selection(change(selection.Effects) ?? throw new InvalidOperationException($"The option \"{option}\" gave no effects."), null, selection.Canonical);
                continue;
            }
            var before = selection.Count;
            selection = selection.Keep(option.Keep!(selection.Effects));
            if (selection.Count == before) selection = selection with { Canonical = AsAll(selection.Canonical, choice) };
        }
        return selection;
    }

    /// <summary>What leaves no study out is the option that says so, where the choice has it.</summary>
    private int AsAll(int number, int choice)
    {
        var options = _grid.Multiverse.Choices[choice].Options;
        for (var all = 0; all < options.Length; all++)
        {
            if (options[all].KeepsAll) return _grid.With(number, choice, all);
        }
        return number;
    }

    private static int[] Within(int[]? rows, IReadOnlyList<int> kept)
    {
        var within = new int[kept.Count];
        for (var i = 0; i < within.Length; i++) within[i] = rows is null ? kept[i] : rows[kept[i]];
        return within;
    }

    /// <summary>Some rows of effects; copied when a model asks for more than effects and variances.</summary>
    private sealed record Selection(StudyEffects All, int[]? Rows, int Canonical)
    {
        private StudyEffects? _effects;

        public int Count => Rows?.Length ?? All.Count;

        public StudyEffects Effects => _effects ??= Rows is null ? All : All.Select(Rows);

        public Selection Keep(IReadOnlyList<int> kept) => new(All, Within(Rows, kept), Canonical);
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
            foreach (var choice in _grid.Studies) canonical = _grid.With(canonical, choice, _grid.Digit(selection.Canonical, choice));
            if (!model.UsesCorrelation) canonical = _grid.With(canonical, _grid.Correlation, 0);
            var use = !model.UsesEstimator ? EstimatorUse.None : adjustment?.Estimator(model) ?? EstimatorUse.Each;
            if (use == EstimatorUse.None) canonical = _grid.With(canonical, _grid.Estimator, 0);
            if (use == EstimatorUse.EqualOrRandom) canonical = _grid.With(canonical, _grid.Estimator, _grid.Estimators.ToList().FindIndex(o => o.Estimator is null == _grid.Estimators[e].Estimator is null));
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
                throw new NonConvergenceException("The pooled estimate", "the effects or variances are too large or too small for double precision", 0, NonConvergence.Precision);
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
            : throw new NonConvergenceException("The estimate", "it is not a finite number", 0, NonConvergence.Precision);
    }
}
