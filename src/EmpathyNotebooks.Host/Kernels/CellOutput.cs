using System.Globalization;
using System.Text;
using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>Collects, in order and from any thread, what a cell writes and displays.</summary>
internal sealed class CellOutput
{
    // A cell that prints without end must not fill the memory or the executed copy.
    internal const int MostCharacters = 1_000_000;

    private readonly Lock _lock = new();
    private readonly List<Item> _items = [];
    private int _written;
    private bool _isFull;

    private sealed class Item
    {
        public string? Stream;
        public StringBuilder? Text;
        public IReadOnlyDictionary<string, string>? Bundle;
        public bool IsResult;
    }

    public void Write(string stream, ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            if (_isFull)
            {
                return;
            }

            var room = Math.Min(MostCharacters - _written, text.Length);
            Append(stream, text[..room]);
            _written += room;
            if (room < text.Length)
            {
                _isFull = true;
                Append("stderr", string.Create(CultureInfo.InvariantCulture,
                    $"\n[The cell wrote more than {MostCharacters:N0} characters; the rest is left out.]\n"));
            }
        }
    }

    /// <summary>Adds a value shown; the slot returned can be given another bundle later.</summary>
    public Action<IReadOnlyDictionary<string, string>> Show(IReadOnlyDictionary<string, string> bundle, bool isResult = false)
    {
        var item = new Item { Bundle = bundle, IsResult = isResult };
        lock (_lock)
        {
            _items.Add(item);
        }

        return other =>
        {
            lock (_lock)
            {
                item.Bundle = other;
            }
        };
    }

    public IReadOnlyList<NotebookOutput> ToOutputs(int executionCount)
    {
        lock (_lock)
        {
            return [.. _items.Select<Item, NotebookOutput>(item => item.Bundle is null
                ? new StreamOutput(item.Stream!, item.Text!.ToString())
                : new DisplayOutput(item.Bundle, item.IsResult ? executionCount : null))];
        }
    }

    private void Append(string stream, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        if (_items.Count == 0 || _items[^1].Stream != stream)
        {
            _items.Add(new Item { Stream = stream, Text = new StringBuilder() });
        }

        _items[^1].Text!.Append(text);
    }
}
