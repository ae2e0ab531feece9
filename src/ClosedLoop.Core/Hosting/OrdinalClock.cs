using ClosedLoop.Facts;

namespace ClosedLoop.Hosting;

/// <summary>Ordinals for what callers record: the time, and strictly greater for each call. Safe from several threads.</summary>
internal sealed class OrdinalClock(TimeProvider time)
{
    private long _last;

    public Ordinal Next()
    {
        while (true)
        {
            long last = Interlocked.Read(ref _last);
            long next = Math.Max(last + 1, time.GetUtcNow().UtcTicks);
            if (Interlocked.CompareExchange(ref _last, next, last) == last) return new Ordinal(next);
        }
    }
}
