using System.Globalization;

namespace ClosedLoop.Insights.Tests.Support;

internal static class Utc
{
    /// <summary>An instant as tables write it, in UTC.</summary>
    public static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
