using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Deadlines;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Core.Tests.Deadlines;

public sealed class PausableClockTests
{
    // Minutes, so that a plain count minute by minute can be held against the arithmetic.
    private static readonly Arbitrary<(int Span, (int From, int Length)[][] Pauses)> Values = Arb.From(
        from span in Gen.Choose(1, 200)
        from sequences in Gen.Choose(0, 4)
        from pauses in Gen.ArrayOf(Gen.ArrayOf(Gen.Choose(-50, 250).SelectMany(static f => Gen.Choose(0, 60).Select(l => (f, l)))), sequences)
        select (span, pauses));

    [Fact]
    public void The_time_in_which_the_clock_runs_until_a_limit_runs_out_is_the_limit() => PropertyCheck.Holds(Values, static v =>
    {
        var end = PausableClock.RunsOut(Given.Start, TimeSpan.FromMinutes(v.Span), Sequences(v.Pauses));
        Assert.Equal(TimeSpan.FromMinutes(v.Span), PausableClock.Ran(Given.Start, end, Sequences(v.Pauses)));
        Assert.Equal(Given.At(Counted(v.Span, v.Pauses)), end);
    }, tests: 1000);

    [Fact]
    public void A_longer_limit_never_runs_out_earlier_and_never_by_less_than_it_is_longer() => PropertyCheck.Holds(Values, static v =>
    {
        var (end, later) = (PausableClock.RunsOut(Given.Start, TimeSpan.FromMinutes(v.Span), Sequences(v.Pauses)), PausableClock.RunsOut(Given.Start, TimeSpan.FromMinutes(v.Span + 7), Sequences(v.Pauses)));
        Assert.True(later - end >= TimeSpan.FromMinutes(7));
        Assert.True(end >= Given.At(v.Span));
    }, tests: 1000, part: 1);

    [Fact]
    public void What_pauses_twice_counts_once() => PropertyCheck.Holds(Values, static v =>
    {
        var once = PausableClock.RunsOut(Given.Start, TimeSpan.FromMinutes(v.Span), Sequences(v.Pauses));
        Assert.Equal(once, PausableClock.RunsOut(Given.Start, TimeSpan.FromMinutes(v.Span), [.. Sequences(v.Pauses), .. Sequences(v.Pauses)]));
        Assert.Equal(once, PausableClock.RunsOut(Given.Start, TimeSpan.FromMinutes(v.Span), PausableClock.InOrder(Sequences(v.Pauses))));
    }, tests: 1000, part: 2);

    [Fact]
    public void A_pause_without_end_never_ends_and_endless_pauses_are_left_after_ten_years()
    {
        Assert.Equal(PausableClock.Never, PausableClock.RunsOut(Given.Start, TimeSpan.FromHours(1), [new ClockPause(Given.At(59), DateTimeOffset.MaxValue)]));
        Assert.Equal(Given.At(60), PausableClock.RunsOut(Given.Start, TimeSpan.FromHours(1), [new ClockPause(Given.At(60), DateTimeOffset.MaxValue)]));
        Assert.Equal(PausableClock.Never, PausableClock.RunsOut(Given.Start, TimeSpan.FromHours(1), Always()));
        Assert.Equal(PausableClock.Never, PausableClock.RunsOut(Given.Start, TimeSpan.MaxValue));

        static IEnumerable<ClockPause> Always()
        {
            for (var day = Given.Start; ; day = day.AddDays(1)) yield return new ClockPause(day, day.AddDays(1));
        }
    }

    [Fact]
    public void The_pause_that_a_clock_is_in_is_the_one_that_began_first()
    {
        ClockPause[] one = [new(Given.At(0), Given.At(10), "one")], two = [new(Given.At(5), Given.At(20), "two")];
        Assert.Equal("one", PausableClock.At(Given.At(7), two, one)?.Reason);
        Assert.Equal("two", PausableClock.At(Given.At(10), two, one)?.Reason);
        Assert.Null(PausableClock.At(Given.At(20), two, one));
        Assert.Null(PausableClock.At(Given.At(-1), two, one));
    }

    private static int Counted(int span, (int From, int Length)[][] pauses)
    {
        int minute = 0;
        for (int left = span; left > 0; minute++)
            if (!pauses.Any(s => s.Any(p => p.From <= minute && minute < p.From + p.Length)))
                left--;
        return minute;
    }

    private static IEnumerable<ClockPause>[] Sequences((int From, int Length)[][] pauses) =>
        [.. pauses.Select(static s => s.OrderBy(static p => p.From).Select(static p => new ClockPause(Given.At(p.From), Given.At(p.From + p.Length))))];
}
