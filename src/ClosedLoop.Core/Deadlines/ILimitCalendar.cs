namespace ClosedLoop.Deadlines;

/// <summary>
/// Says when the clock of a limit stands still, so that the limit runs out later: a deployment freeze, nights, holidays. A pure function of the
/// limit, safe to call from several threads; it must not throw. Added with <c>loop.AddLimitCalendar(…)</c>; a clock stands still while any
/// calendar says so, and time that several name counts once.
/// </summary>
public interface ILimitCalendar
{
    /// <summary>The pauses of a limit's clock that end after it began, in the order of their beginnings. They may overlap and may be without end: only what is needed is read.</summary>
    IEnumerable<ClockPause> PausesOf(RunningLimit limit);
}
