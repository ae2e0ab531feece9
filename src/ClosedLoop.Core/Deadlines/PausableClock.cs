namespace ClosedLoop.Deadlines;

/// <summary>
/// Arithmetic of clocks that stand still at times. Pauses come in sequences, each in the order of its beginnings; where several overlap,
/// the time counts once. Pure.
/// </summary>
internal static class PausableClock
{
    /// <summary>The end of a clock that stands still for ever, as far as can be said.</summary>
    public static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;

    // A sequence without end must be left somewhere; a limit that is further away than this is not a limit.
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(3653);

    /// <summary>When a span of time in which the clock runs is over; <see cref="Never"/> when it is not within ten years.</summary>
    public static DateTimeOffset RunsOut(DateTimeOffset from, TimeSpan span, params IEnumerable<IEnumerable<ClockPause>> pauses)
    {
        if (span <= TimeSpan.Zero) return from + span;
        var (cursor, left) = (from, span);
        foreach (var pause in InOrder(pauses))
        {
            if (pause.To <= cursor) continue;
            if (pause.From > cursor)
            {
                var ran = pause.From - cursor;
                if (ran >= left) break;
                left -= ran;
            }
            cursor = pause.To;
            if (cursor - from > Horizon) return Never;
        }
        return left <= Never - cursor ? cursor + left : Never;
    }

    /// <summary>For how long a clock ran between two instants.</summary>
    public static TimeSpan Ran(DateTimeOffset from, DateTimeOffset to, params IEnumerable<IEnumerable<ClockPause>> pauses)
    {
        if (to <= from) return TimeSpan.Zero;
        var (cursor, ran) = (from, TimeSpan.Zero);
        foreach (var pause in InOrder(pauses))
        {
            if (pause.From >= to) break;
            if (pause.To <= cursor) continue;
            if (pause.From > cursor) ran += pause.From - cursor;
            cursor = pause.To;
            if (cursor >= to) return ran;
        }
        return ran + (to - cursor);
    }

    /// <summary>The pause that a clock is in at an instant, or null. Of several, the one that began first.</summary>
    public static ClockPause? At(DateTimeOffset instant, params IEnumerable<IEnumerable<ClockPause>> pauses)
    {
        foreach (var pause in InOrder(pauses))
        {
            if (pause.From > instant) return null;
            if (pause.To > instant) return pause;
        }
        return null;
    }

    /// <summary>Several sequences as one, still in order.</summary>
    public static IEnumerable<ClockPause> InOrder(IEnumerable<IEnumerable<ClockPause>> sequences)
    {
        var open = new List<IEnumerator<ClockPause>>();
        try
        {
            foreach (var sequence in sequences)
            {
                var pauses = sequence.GetEnumerator();
                open.Add(pauses);
                if (pauses.MoveNext()) continue;
                open.RemoveAt(open.Count - 1);
                pauses.Dispose();
            }
            while (open.Count > 0)
            {
                var first = open[0];
                foreach (var pauses in open)
                    if (pauses.Current.From < first.Current.From)
                        first = pauses;
                yield return first.Current;
                if (first.MoveNext()) continue;
                open.Remove(first);
                first.Dispose();
            }
        }
        finally
        {
            foreach (var pauses in open) pauses.Dispose();
        }
    }
}
