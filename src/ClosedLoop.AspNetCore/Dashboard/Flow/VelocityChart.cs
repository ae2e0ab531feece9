using ClosedLoop.Insights.Flow;

namespace ClosedLoop.AspNetCore.Dashboard.Flow;

/// <summary>
/// Where everything stands in the chart of weeks: what was declared, merged and honestly done, the target, and the marks between weeks that are
/// not comparable. In units of the drawing. Pure.
/// </summary>
internal sealed class VelocityChart
{
    public const double Width = 960;
    public const double Height = 280;

    public const double PlotLeft = 52;
    public const double PlotRight = Width - 12;
    public const double PlotTop = 34;
    public const double PlotBottom = Height - 30;

    // A target far above what happens would press everything flat.
    private const double MostHeadroom = 3;

    private readonly IReadOnlyList<FlowWeek> _weeks;
    private readonly double _step;

    public VelocityChart(PipelineFlow flow)
    {
        _weeks = flow.Weeks;
        Target = flow.Throughput.Target;
        int most = flow.Weeks.Count == 0 ? 0 : flow.Weeks.Max(static w => Math.Max(w.Declared, Math.Max(w.Merged, w.Done)));
        ShowsTarget = Target <= Math.Max(1, most) * MostHeadroom;
        Maximum = Ceiling(ShowsTarget ? Math.Max(most, Target) : most);
        _step = (PlotRight - PlotLeft) / Math.Max(1, flow.Weeks.Count);
        Marks = [.. flow.Marks.Select(m => (Mark: m, X: PlaceOf(m.At))).Where(static m => m.X is not null).Select(static m => (m.Mark, m.X!.Value))];
    }

    public int Target { get; }

    /// <summary>Whether the target's line lies within the drawing.</summary>
    public bool ShowsTarget { get; }

    public int Maximum { get; }

    public IReadOnlyList<FlowWeek> Weeks => _weeks;

    public double TargetY => Y(Target);

    /// <summary>Marks within the weeks shown, and where.</summary>
    public IReadOnlyList<(FlowMark Mark, double X)> Marks { get; }

    /// <summary>The lines of the scale.</summary>
    public IEnumerable<(int Value, double Y)> Ticks => Enumerable.Range(0, 5).Select(i => Maximum * i / 4).Distinct().Select(v => (v, Y(v)));

    public double SlotX(int week) => PlotLeft + (week * _step);

    public double SlotWidth => _step;

    /// <summary>The bar of a week: declared, merged and done stand beside each other.</summary>
    public (double X, double Y, double Width, double Height) Bar(int week, int series, int value)
    {
        double gap = Math.Min(6, _step * 0.18);
        double width = Math.Max(1, (_step - gap) / 3);
        double y = Y(value);
        return (SlotX(week) + (gap / 2) + (series * width), y, Math.Max(0.5, width - 1), PlotBottom - y);
    }

    /// <summary>Every how many weeks a name stands below the drawing, so that names do not touch.</summary>
    public int LabelEvery => Math.Max(1, (int)Math.Ceiling(64 / _step));

    private double Y(int value) => PlotBottom - (value * (PlotBottom - PlotTop) / Maximum);

    private double? PlaceOf(DateTimeOffset at)
    {
        if (_weeks.Count == 0 || at < _weeks[0].Week.Start || at >= _weeks[^1].Week.End) return null;
        return PlotLeft + ((at - _weeks[0].Week.Start) / (_weeks[^1].Week.End - _weeks[0].Week.Start) * (PlotRight - PlotLeft));
    }

    // The next of 1, 2, 4 or 5 times a power of ten, so that a quarter of it reads well.
    private static int Ceiling(int value)
    {
        if (value <= 4) return 4;
        int power = (int)Math.Pow(10, (int)Math.Log10(value));
        foreach (double factor in (ReadOnlySpan<double>)[1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8])
            if (factor * power >= value && factor * power % 4 == 0)
                return (int)(factor * power);
        return power * 10 >= value && power * 10 % 4 == 0 ? power * 10 : (value + 3) / 4 * 4;
    }
}
