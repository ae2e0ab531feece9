using System.Globalization;

namespace ClosedLoop.Insights.Export;

/// <summary>Instants as ISO 8601 writes them, in UTC.</summary>
internal static class Iso8601
{
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);
}
