using System.Globalization;
using System.Text.Json;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>
/// Reads the times that source hosts write: ISO 8601, <c>2022-01-17 15:47:39 UTC</c> and <c>2021-04-28 21:50:00 +0200</c> (wire.md 4), always
/// cut to whole seconds, since one and the same time has milliseconds in the API and none in a webhook.
/// </summary>
internal static class HostTime
{
    private static readonly string[] Forms = ["yyyy-MM-dd HH:mm:ss 'UTC'", "yyyy-MM-dd HH:mm:ss 'Z'", "yyyy-MM-dd HH:mm:ss zzz", "yyyy-MM-dd HH:mm:ss.FFFFFFF 'UTC'", "yyyy-MM-dd HH:mm:ss"];

    /// <summary>A time, or null when there is none; Go's zero time is none.</summary>
    public static DateTimeOffset? Moment(this JsonElement element, string name)
    {
        if (element.Text(name) is not { Length: >= 10 and <= 64 } text) return null;
        return Parse(text) is { } time && time.Year > 1970 ? DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds()) : null;

        DateTimeOffset? Parse(string shown)
        {
            if (element.Time(name) is { } iso) return iso;
            // +0200 has no colon, which the format has.
            if (shown.Length > 6 && shown[^5] is '+' or '-' && !shown[^4..].Contains(':', StringComparison.Ordinal)) shown = $"{shown[..^2]}:{shown[^2..]}";
            return DateTimeOffset.TryParseExact(shown, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var odd) ? odd : null;
        }
    }

    public static DateTimeOffset? Latest(params ReadOnlySpan<DateTimeOffset?> times)
    {
        DateTimeOffset? latest = null;
        foreach (var time in times)
            if (time is not null && (latest is null || time > latest))
                latest = time;
        return latest;
    }
}
