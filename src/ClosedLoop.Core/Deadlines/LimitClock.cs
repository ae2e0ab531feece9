using ClosedLoop.Items;
using ClosedLoop.Reconciliation;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Deadlines;

/// <summary>
/// Says when a limit really runs out: its clock stands still while its gate is blind and while a calendar says so, and time that is both
/// counts once. The board and the alerts both ask here, so that they agree. Safe from several threads.
/// </summary>
internal sealed class LimitClock(IEnumerable<ILimitCalendar> calendars, SourceHealth health, Expectations expectations, IOptionsMonitor<LimitOptions> options)
{
    private readonly ILimitCalendar[] _calendars = [.. calendars];

    /// <summary>When a limit runs out, by what is known now; not before <see cref="ItemLimit.At"/>.</summary>
    public DateTimeOffset RunsOutAt(ItemState item, in ItemLimit limit, DateTimeOffset now) => PausableClock.RunsOut(limit.From, SpanOf(item, limit, now), Pauses(item, limit, now));

    /// <summary>For how long a gate's clock ran between two instants, as calendars say.</summary>
    public TimeSpan Ran(ItemState item, string gate, DateTimeOffset from, DateTimeOffset to) =>
        PausableClock.Ran(from, to, Calendars(item, new ItemLimit(gate, ItemLimit.Finish, null, from, to)));

    /// <summary>Why a limit's clock stands still at an instant, as calendars say; null while it runs.</summary>
    public ClockPause? PauseAt(ItemState item, in ItemLimit limit, DateTimeOffset now) =>
        limit.At > limit.From ? PausableClock.At(now, Calendars(item, limit)) : null;

    private TimeSpan SpanOf(ItemState item, in ItemLimit limit, DateTimeOffset now)
    {
        var declared = limit.At - limit.From;
        if (limit.Clock != ItemLimit.Finish || limit.IsOfItem || limit.Gate is not { } gate || declared <= TimeSpan.Zero) return declared;
        foreach (var adaptive in options.CurrentValue.Adaptive)
        {
            if (adaptive.Gate != gate.Gate || adaptive.Mistake() is not null || expectations.Usual(item.Pipeline, gate.Gate, item.Repository, now) is not { } usual) continue;
            var late = usual * adaptive.Factor;
            if (late > adaptive.AtMost) late = adaptive.AtMost;
            return late > declared ? late : declared;
        }
        return declared;
    }

    private IEnumerable<IEnumerable<ClockPause>> Pauses(ItemState item, in ItemLimit limit, DateTimeOffset now)
    {
        var pauses = Calendars(item, limit);
        return limit.Gate is { } gate ? pauses.Append(health.BlindSpans(gate.Gate, limit.From, now)) : pauses;
    }

    private IEnumerable<IEnumerable<ClockPause>> Calendars(ItemState item, in ItemLimit limit)
    {
        if (_calendars.Length == 0) return [];
        var running = new RunningLimit { Pipeline = item.Pipeline, Gate = limit.Name, Repository = item.Repository, Priority = item.Priority, From = limit.From, RunsOutAt = limit.At };
        return _calendars.Select(c => c.PausesOf(running));
    }
}
