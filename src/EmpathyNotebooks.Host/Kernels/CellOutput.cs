using System.Globalization;
using System.Text;
using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>Collects, in order and from any thread, what a cell writes and displays, and passes it on as it comes.</summary>
/// <param name="listener">Is told of everything that is kept; null when nobody listens.</param>
/// <param name="isSilent">True to drop everything.</param>
internal sealed class CellOutput(ICellListener? listener = null, bool isSilent = false)
{
    // A cell that prints or displays without end must not fill the memory, the page or the executed copy.
    internal const int MostCharacters = 1_000_000;
    internal const int MostDisplays = 2_000;
    internal const int MostDisplayedCharacters = 100_000_000;

    private readonly Lock _lock = new();
    private readonly List<Item> _items = [];
    private readonly Dictionary<string, Item> _displays = new(StringComparer.Ordinal);
    private long _written;
    private long _displayed;
    private long _charactersLeftOut;
    private long _displaysLeftOut;

    private sealed class Item
    {
        public string? Stream;
        public StringBuilder? Text;
        public string? DisplayId;
        public IReadOnlyDictionary<string, string>? Bundle;
        public int? ExecutionCount;
    }

    public void Write(string stream, ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            var room = (int)Math.Min(MostCharacters - _written, text.Length);
            Append(stream, text[..room]);
            _written += room;
            if (room < text.Length && _charactersLeftOut == 0)
            {
                Append("stderr", string.Create(CultureInfo.InvariantCulture,
                    $"\n[The cell has written {MostCharacters:N0} characters; what follows is left out.]\n"));
            }

            _charactersLeftOut += text.Length - room;
        }
    }

    /// <summary>Adds a value shown; with an execution count when it is the value of the cell itself.</summary>
    public void Show(string displayId, IReadOnlyDictionary<string, string> bundle, int? executionCount = null)
    {
        if (isSilent) return;
        lock (_lock)
        {
            var size = bundle.Sum(form => (long)form.Value.Length);
            if (_displays.Count >= MostDisplays || _displayed + size > MostDisplayedCharacters)
            {
                if (_displaysLeftOut++ == 0)
                {
                    Append("stderr", string.Create(CultureInfo.InvariantCulture,
                        $"\n[The cell has displayed {_displays.Count:N0} values; what follows is left out.]\n"));
                }

                return;
            }

            _displayed += size;
            var item = new Item { DisplayId = displayId, Bundle = bundle, ExecutionCount = executionCount };
            _items.Add(item);
            _displays.Add(displayId, item);
            listener?.Showed(displayId, bundle, executionCount);
        }
    }

    /// <summary>Gives a value that was displayed, here or by an earlier cell, another form.</summary>
    public void Replace(string displayId, IReadOnlyDictionary<string, string> bundle)
    {
        if (isSilent) return;
        lock (_lock)
        {
            if (_displays.TryGetValue(displayId, out var item)) item.Bundle = bundle;
            listener?.Replaced(displayId, bundle);
        }
    }

    /// <summary>Ends the output of the cell: says how much was left out.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_charactersLeftOut > 0)
            {
                Append("stderr", string.Create(CultureInfo.InvariantCulture, $"[Left out: {_charactersLeftOut:N0} characters.]\n"));
            }

            if (_displaysLeftOut > 0)
            {
                Append("stderr", string.Create(CultureInfo.InvariantCulture, $"[Left out: {_displaysLeftOut:N0} displayed values.]\n"));
            }
        }
    }

    public IReadOnlyList<NotebookOutput> ToOutputs()
    {
        lock (_lock)
        {
            return [.. _items.Select<Item, NotebookOutput>(item => item.Bundle is null
                ? new StreamOutput(item.Stream!, item.Text!.ToString())
                : new DisplayOutput(item.Bundle, item.ExecutionCount) { DisplayId = item.DisplayId })];
        }
    }

    private void Append(string stream, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || isSilent)
        {
            return;
        }

        if (_items.Count == 0 || _items[^1].Stream != stream)
        {
            _items.Add(new Item { Stream = stream, Text = new StringBuilder() });
        }

        _items[^1].Text!.Append(text);
        listener?.Wrote(stream, text.ToString());
    }
}
