using System.Globalization;
using ClosedLoop.Diagnostics;

namespace ClosedLoop.AspNetCore.Dashboard.Text;

/// <summary>Instants and spans in the words of the record: <c>3 h 12 min</c>, <c>2026-11-22 14:02 UTC</c>. Pure.</summary>
internal static class Ages
{
    public static string Since(DateTimeOffset at, DateTimeOffset now) => Explanation.Span(now > at ? now - at : TimeSpan.Zero);

    public static string Span(TimeSpan span) => Explanation.Span(span);

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>For the attribute of a <c>time</c> element.</summary>
    public static string Machine(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
