namespace EmpathyNotebooks.Plotting;

/// <summary>Puts names beside points: right, left, above or below, where neither a mark nor another name is; else not at all.</summary>
internal static class PlaneLabels
{
    private const double Gap = 3;

    public static IEnumerable<FigureNote> Place(PlaneChart chart, double width, double height, double fontSize)
    {
        var taken = chart.Traces.Where(t => t is { Hover: not null, MarkerSizes: not null }).SelectMany(Marks).ToList();
        foreach (var label in chart.Labels)
        {
            var text = PlotText.Cut(label.Text, fontSize, Math.Min(150, width / 2.6));
            var (x, y) = At(label.X, label.Y);
            var (w, h) = (PlotText.Width(text, fontSize) + 2, fontSize * 1.35);
            var away = label.Radius + Gap;
            (Box Box, string XAnchor, string YAnchor, double XShift, double YShift)[] places =
            [
                (new(x + away, y - h / 2, x + away + w, y + h / 2), "left", "middle", away, 0),
                (new(x - away - w, y - h / 2, x - away, y + h / 2), "right", "middle", -away, 0),
                (new(x - w / 2, y - away - h, x + w / 2, y - away), "center", "bottom", 0, away),
                (new(x - w / 2, y + away, x + w / 2, y + away + h), "center", "top", 0, -away),
            ];
            foreach (var place in places)
            {
                if (place.Box.Left < 0 || place.Box.Right > width || place.Box.Top < 0 || place.Box.Bottom > height) continue;
                if (taken.Any(b => b.Overlaps(place.Box))) continue;
                taken.Add(place.Box);
                yield return new FigureNote(PlotText.Escape(text), "x", label.X, place.XAnchor, "y", label.Y, place.YAnchor)
                {
                    XShift = place.XShift, YShift = place.YShift, FontSize = fontSize,
                };
                break;
            }
        }

        (double X, double Y) At(double dataX, double dataY)
        {
            var up = (dataY - chart.YAxis.Minimum) / (chart.YAxis.Maximum - chart.YAxis.Minimum);
            return ((dataX - chart.XAxis.Minimum) / (chart.XAxis.Maximum - chart.XAxis.Minimum) * width,
                (chart.YIsInverted ? up : 1 - up) * height);
        }

        IEnumerable<Box> Marks(Scatter trace)
        {
            for (var i = 0; i < trace.X.Count; i++)
            {
                if (trace.X[i] is not { } dataX || trace.Y[i] is not { } dataY) continue;
                var (x, y) = At(dataX, dataY);
                var radius = trace.MarkerSizes![i] / 2;
                yield return new Box(x - radius, y - radius, x + radius, y + radius);
            }
        }
    }

    private readonly record struct Box(double Left, double Top, double Right, double Bottom)
    {
        public bool Overlaps(Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;
    }
}
