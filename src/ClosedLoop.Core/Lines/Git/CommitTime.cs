using System.Globalization;

namespace ClosedLoop.Lines.Git;

/// <summary>Commit times as git prints them, in Unix seconds.</summary>
internal static class CommitTime
{
    // The last second of year 9999; some old commits carry times beyond it, or none.
    private const long MaxUnixSeconds = 253_402_300_799;

    /// <summary>A time that cannot be read is the epoch, which any reader sees is no real time.</summary>
    public static DateTimeOffset Parse(ReadOnlySpan<char> seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? Math.Clamp(value, 0, MaxUnixSeconds) : 0);
}
