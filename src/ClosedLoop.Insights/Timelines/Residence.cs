namespace ClosedLoop.Insights.Timelines;

/// <summary>
/// The identity behind work in progress and times in gates, exact for any history and any window: the area under the work in progress equals the sum of the times that items
/// spent at gates within the window. No steady state is assumed, as Little's law would need.
/// </summary>
public static class Residence
{
    /// <summary>How many visits cover an instant: those that began at or before it and had not ended.</summary>
    public static int At(IEnumerable<Visit> visits, DateTimeOffset instant)
    {
        ArgumentNullException.ThrowIfNull(visits);
        return visits.Count(v => v.From <= instant && !(v.To <= instant));
    }

    /// <summary>The area under the number of visits between two instants: counted instant by instant, as the work in progress changes.</summary>
    public static TimeSpan Area(IEnumerable<Visit> visits, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(visits);
        if (to <= from) return TimeSpan.Zero;
        var steps = new List<(DateTimeOffset At, int By)>();
        foreach (var visit in visits)
        {
            if (visit.From >= to || visit.To <= from) continue;
            steps.Add((visit.From > from ? visit.From : from, 1));
            if (visit.To is { } end && end < to) steps.Add((end, -1));
        }
        steps.Sort(static (a, b) => a.At.CompareTo(b.At));
        long area = 0, inProgress = 0;
        var last = from;
        foreach (var (at, by) in steps)
        {
            area += inProgress * (at - last).Ticks;
            (inProgress, last) = (inProgress + by, at);
        }
        return TimeSpan.FromTicks(area + (inProgress * (to - last).Ticks));
    }

    /// <summary>The sum of what each visit spent between the two instants.</summary>
    public static TimeSpan Sum(IEnumerable<Visit> visits, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(visits);
        return visits.Aggregate(TimeSpan.Zero, (sum, v) => sum + v.Within(from, to));
    }
}
