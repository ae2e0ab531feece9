namespace ClosedLoop.Reconciliation;

/// <summary>
/// The instants at which a source is looked at. Looks fall on few common instants instead of one of its own for each item, so that one
/// call answers for many items, those of one repository together. Pure, the same in every run and on every node.
/// </summary>
internal static class LookSlots
{
    /// <summary>Repositories are spread over so many instants of an interval; a round of looks costs at most so many calls that are not full.</summary>
    public const int Phases = 4;

    /// <summary>Each instant is moved forward by less than this share of the interval, so that sources are not asked in lockstep.</summary>
    public const double JitterShare = 0.1;

    /// <summary>
    /// The last instant within an interval: later than now, and never further away than the interval, so that it stays an upper bound.
    /// Two successive instants of one repository are at least 0.8 of the source's interval apart.
    /// </summary>
    /// <param name="now">After this instant.</param>
    /// <param name="poll">The source's own interval, which sets the instants.</param>
    /// <param name="interval">How far away at most; not shorter than <paramref name="poll"/>.</param>
    /// <param name="source">The source's name.</param>
    /// <param name="group">What is to be read together: the repository.</param>
    public static DateTimeOffset Next(DateTimeOffset now, TimeSpan poll, TimeSpan interval, string source, string group)
    {
        // Shorter by the jitter, so that with it two instants are no further apart than the interval.
        long period = Math.Max(1, (long)(poll.Ticks * (1 - JitterShare)));
        long phase = Hash(group, 0) % Phases;
        long offset = period / Phases * phase;
        long latest = now.UtcTicks + Math.Max(interval.Ticks, poll.Ticks);
        for (long slot = (latest - offset) / period; ; slot--)
        {
            double share = Hash(source, (ulong)((slot * Phases) + phase)) / (double)(1L << 32);
            long at = (slot * period) + offset + (long)(poll.Ticks * JitterShare * share);
            if (at <= latest) return new DateTimeOffset(at, TimeSpan.Zero);
        }
    }

    // FNV-1a, since string.GetHashCode differs from process to process; then mixed, since its low bits follow the last characters.
    private static uint Hash(string text, ulong number)
    {
        ulong hash = 14695981039346656037 ^ (number * 0x9E3779B97F4A7C15);
        foreach (char c in text) hash = (hash ^ c) * 1099511628211;
        hash ^= hash >> 33;
        hash *= 0xFF51AFD7ED558CCD;
        hash ^= hash >> 33;
        return (uint)hash;
    }
}
