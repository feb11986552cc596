using System.Collections.Immutable;
using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How a column's cells stand.</summary>
public enum Align
{
    /// <summary>Texts.</summary>
    Left,

    /// <summary>Numbers.</summary>
    Right,
}

/// <summary>A column of a table.</summary>
/// <param name="Name">Its head; empty where the cells need none.</param>
/// <param name="Align">How its cells stand.</param>
public readonly record struct TableColumn(string Name, Align Align);

/// <summary>
/// A small table with a title, notes and a label of its data. Every result builds one, so that all results look alike in every form and a text from data is escaped in one place, by the writer.
/// </summary>
/// <example><code>
/// var table = new Table("Groups", ("", Align.Left), ("k", Align.Right)).Row("client", "12").Row("observer", "7").Note("Raters of empathy.");
/// Console.WriteLine(PlainTextWriter.Write(table));
/// </code></example>
public sealed class Table : Block
{
    private readonly List<ImmutableArray<string>> _rows = [];
    private readonly List<string> _notes = [];
    private ImmutableArray<int> _names = [];

    /// <summary>A table without rows.</summary>
    /// <param name="title">The title; empty for none.</param>
    /// <param name="columns">Name and alignment of each column.</param>
    public Table(string title, params (string Name, Align Align)[] columns)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(columns);
        Title = title;
        Columns = [.. columns.Select(c => new TableColumn(c.Name, c.Align))];
    }

    /// <summary>The title; empty for none.</summary>
    public string Title { get; }

    /// <summary>The columns.</summary>
    public ImmutableArray<TableColumn> Columns { get; }

    /// <summary>True where a column has a head.</summary>
    public bool HasHead => Columns.Any(c => c.Name.Length > 0);

    /// <summary>The rows, a cell each column.</summary>
    public IReadOnlyList<ImmutableArray<string>> Rows => _rows;

    /// <summary>The lines below.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The line that says published, simulated or own, above everything so that nobody misses it; empty where there is nothing to say.</summary>
    public string Label { get; private set; } = "";

    /// <summary>Where the data come from; null where that was not said.</summary>
    internal DataOrigin? Origin { get; private set; }

    /// <summary>True where the cells of a column are names from data, which no writer takes for statistical symbols: a study called B is not a coefficient.</summary>
    /// <param name="column">The column, from 0.</param>
    internal bool IsName(int column) => _names.Contains(column);

    /// <summary>Says which columns hold names from data.</summary>
    /// <param name="columns">The columns, from 0.</param>
    internal Table Names(params ImmutableArray<int> columns)
    {
        _names = columns;
        return this;
    }

    /// <summary>Adds a row.</summary>
    /// <param name="cells">A cell each column.</param>
    /// <exception cref="ArgumentException">There is not one cell a column.</exception>
    public Table Row(params IReadOnlyList<string> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (cells.Count != Columns.Length)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{cells.Count} cells for {Columns.Length} columns."), nameof(cells));
        }
        _rows.Add([.. cells]);
        return this;
    }

    /// <summary>Adds a line below the table.</summary>
    /// <param name="note">The line; nothing is added for an empty one.</param>
    public Table Note(string note)
    {
        ArgumentNullException.ThrowIfNull(note);
        if (note.Length > 0) _notes.Add(note);
        return this;
    }

    /// <summary>Says where the data come from.</summary>
    /// <param name="origin">Their origin.</param>
    public Table DataLabel(DataOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        (Label, Origin) = (origin.Label, origin);
        return this;
    }

    /// <summary>Says where the data come from, unless that was said.</summary>
    internal Table OrLabel(DataOrigin origin) => Origin is null ? DataLabel(origin) : this;
}
