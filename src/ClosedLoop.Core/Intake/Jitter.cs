namespace ClosedLoop.Intake;

/// <summary>Spreads repeated work over time, the same way in every run: by a stable hash, not by a random number.</summary>
internal static class Jitter
{
    /// <summary>Between 75 % and 100 % of an interval, so that a poll interval stays an upper bound.</summary>
    public static TimeSpan Spread(TimeSpan interval, string seed) => interval * (0.75 + (0.25 * (Hash(seed) / (double)uint.MaxValue)));

    // FNV-1a: string.GetHashCode differs from process to process.
    private static uint Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text) hash = (hash ^ c) * 16777619;
        return hash;
    }
}
