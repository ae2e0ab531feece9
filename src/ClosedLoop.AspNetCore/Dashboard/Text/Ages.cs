using System.Globalization;
using ClosedLoop.Diagnostics;

namespace ClosedLoop.AspNetCore.Dashboard.Text;

/// <summary>Instants and spans in the words of the record: <c>3 h 12 min</c>, <c>2026-11-22 14:02 UTC</c>. Pure.</summary>
internal static class Ages
{
    public static string Since(DateTimeOffset at, DateTimeOffset now) => Span(now > at ? now - at : TimeSpan.Zero);

    /// <summary>A span, without a second part that is nothing: 2 h, 3 h 12 min.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: >= 90, TotalHours: < 36, Minutes: 0 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h"),
        { TotalHours: >= 36, Hours: 0 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} d"),
        _ => Explanation.Span(span),
    };

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>For the attribute of a <c>time</c> element.</summary>
    public static string Machine(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
